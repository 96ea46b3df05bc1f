"""Which scripts this server sends, by their hashes: for whoever wants to know that they are those that were published."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template

from app import release

pages = Blueprint("release", __name__)


@pages.get("/release")
def page() -> Any:
    """Everybody may read it: it tells of no workshop."""
    hashes = release.served()
    return render_template(
        "pages/release.html", hashes=hashes, mark=release.mark_of(hashes), altered=release.altered()
    )


@pages.get("/release.sha256")
def listing() -> Response:
    """The same for a program: `sha256sum -c` beside the files."""
    return Response(release.listed(release.served()), mimetype="text/plain")
