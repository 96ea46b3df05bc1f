"""What people read when something is not there, not theirs, too much, or our fault."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, jsonify, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

logger = logging.getLogger("palabre.pages")


def register(app: Flask) -> None:
    app.register_error_handler(CSRFError, _show)
    app.register_error_handler(HTTPException, _show)
    app.register_error_handler(OperationalError, _storage)
    app.register_error_handler(Exception, _ours)


def _show(error: HTTPException) -> Any:
    if error.code is not None and 300 <= error.code < 400:
        return error
    return answer(error.code or 500)


def _ours(error: Exception) -> Any:
    # The route, never the address: an address may hold a ticket or a token.
    logger.exception("a page failed: %s", request.endpoint)
    return answer(500)


def _storage(error: OperationalError) -> Any:
    logger.error("storage: %s on a page: %s", type(error.orig).__name__, request.endpoint)
    return answer(503)


def answer(code: int, sentences: tuple[str, str] | None = None) -> Any:
    """What happened, that nothing is lost and what to do next, as a page or as JSON; `sentences` where a page knows better."""
    title, text = sentences or _sentences(code)
    if (
        request.is_json
        or request.path.endswith(".json")
        or request.accept_mimetypes.best == "application/json"
    ):
        return jsonify(error=title, text=text), code
    return render_template("pages/error.html", code=code, title=title, text=text), code


def _sentences(code: int) -> tuple[str, str]:
    sentences = {
        400: (
            _("This form is too old"),
            _(
                "Nothing was changed. Go back, load the page again and repeat what you did: what you "
                "typed may still be there."
            ),
        ),
        404: (
            _("Nothing here"),
            _(
                "The address is wrong, this page is not for your role, or your seat was closed or opened "
                "on another device. Nothing is lost: the entrance shows the seats of this browser, and "
                "your code brings you back."
            ),
        ),
        405: (
            _("Nothing here"),
            _(
                "This address only takes a form that was filled in. Nothing was changed: begin at the "
                "entrance."
            ),
        ),
        413: (
            _("This is too large"),
            _(
                "Files of up to 4 MB are taken here. Nothing was changed: go back and choose a smaller "
                "one, or ask the administrator to bring it in at the terminal."
            ),
        ),
        429: (
            _("Too many tries"),
            _(
                "Many wrong codes were tried on this server just now. Wait a minute, then enter yours "
                "again. Seats that are open go on, and nothing is lost."
            ),
        ),
        503: (
            _("The server cannot write"),
            _(
                "Nothing was changed. Go back and try again in a minute; if it stays, tell the "
                "administrator that the disk may be full."
            ),
        ),
    }
    ours = (
        _("Our mistake"),
        _(
            "Something failed on the server, not with you. What was confirmed is kept. Load the page "
            "again; if it stays, tell the administrator what you did and when."
        ),
    )
    return sentences.get(code) or (ours if code >= 500 else sentences[400])
