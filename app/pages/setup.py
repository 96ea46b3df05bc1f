"""What every page shares: assets under a hash, the language switch, headers, health, and making a new workshop."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import login_required

from app import banner, seats, workshops
from app.boards import boards
from app.domain.errors import Rejected
from app.imports.table import Fault, ImportFailed
from app.languages import COOKIE, LANGUAGES
from app.pages.member import current_member, needs_role

pages = Blueprint("setup", __name__)

STATIC = Path(__file__).resolve().parent.parent / "static"
YEAR_S = 365 * 24 * 3600
POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "style-src 'self'",
        "script-src 'self'",
        "connect-src 'self' ws: wss:",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
PARTS = ("factors", "agenda", "participants", "staff")


def prepare(app: Flask) -> None:
    """The helpers of templates, and the headers of every answer."""
    app.jinja_env.globals.update(asset=asset, get_locale=get_locale)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.after_request(_headers)


@cache
def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """The address of a packed file; it changes with the content, so browsers keep it for a year."""
    folder = STATIC / "dist" if not name.startswith("img/") else STATIC
    path = folder / name
    version = _hash(path) if path.exists() else "missing"
    return f"/static/{version}/{name}"


@pages.get("/static/<version>/<path:name>")
def static_file(version: str, name: str) -> Response:
    folder = STATIC / "img" if name.startswith("img/") else STATIC / "dist"
    return _packed(folder, name.removeprefix("img/"))


def _packed(folder: Path, name: str) -> Response:
    """A file in the best encoding the browser takes; compressed once and kept."""
    allowed = {path.name: path for path in folder.iterdir() if path.is_file()}
    if name not in allowed:
        return current_app.make_response((_("Not found."), 404))
    accepted = {part.strip().split(";")[0] for part in request.headers.get("Accept-Encoding", "").split(",")}
    encoding = next((known for known in ("br", "gzip") if known in accepted), "")
    body, kind = _encoded(allowed[name], encoding)
    answer = Response(body, mimetype=kind)
    answer.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"
    answer.headers["Vary"] = "Accept-Encoding"
    if encoding:
        answer.headers["Content-Encoding"] = encoding
    return answer


KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".txt": "text/plain"}


@cache
def _encoded(path: Path, encoding: str) -> tuple[bytes, str]:
    import gzip

    import brotli

    content = path.read_bytes()
    if encoding == "br":
        content = brotli.compress(content, quality=11)
    elif encoding == "gzip":
        content = gzip.compress(content, 9, mtime=0)
    return content, KINDS.get(path.suffix, "application/octet-stream")


def _headers(answer: Response) -> Response:
    answer.headers.setdefault("Content-Security-Policy", POLICY)
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    answer.headers.setdefault("Referrer-Policy", "same-origin")
    answer.headers.setdefault("X-Frame-Options", "DENY")
    answer.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if answer.mimetype == "text/html":
        answer.headers.setdefault("Cache-Control", "no-store")
        _gzip(answer)
    return answer


def _gzip(answer: Response) -> None:
    """Pages are small, but a room's link is smaller."""
    import gzip

    if "gzip" in request.headers.get("Accept-Encoding", "") and not answer.direct_passthrough:
        answer.set_data(gzip.compress(answer.get_data(), 6, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Vary"] = "Accept-Encoding, Cookie"


@pages.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


@pages.post("/language")
def language() -> Any:
    """Remember the language and go back to the page the person was on; never to another site."""
    back = request.form.get("next", "/")
    if not back.startswith("/") or back.startswith(("//", "/\\")):
        back = "/"
    answer = redirect(back.rstrip("?") or "/", 303)
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        answer.set_cookie(
            COOKIE,
            chosen,
            max_age=YEAR_S,
            samesite="Lax",
            httponly=True,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )
    return answer


@pages.route("/b/<handle>/workshops/new", methods=["GET", "POST"])
@login_required
@needs_role("facilitator", "administrator")
def new_workshop(handle: str) -> Any:
    """From the template or from CSV files; with any fault nothing is made and nothing typed is lost."""
    faults: list[Fault] = []
    title = {lang: request.form.get(f"title_{lang}", "").strip() for lang in LANGUAGES}
    uploaded = {
        part: (file.filename or f"{part}.csv", file.read())
        for part in PARTS
        if (file := request.files.get(part)) and file.filename
    }
    if request.method == "POST":
        try:
            seminar = workshops.read_files(uploaded)
            named = {lang: text or title["fr"] or title["en"] for lang, text in title.items()}
            made = workshops.create(named, seminar, language=request.form.get("language", "fr"))
        except ImportFailed as failed:
            faults = failed.faults
        except Rejected:
            flash(_("Give the workshop a title of at most 120 characters."), "danger")
        else:
            return _made(made, uploaded)
    page = render_template(
        "pages/new_workshop.html", handle=handle, title=title, faults=faults, uploaded=uploaded, parts=PARTS
    )
    return page, 422 if request.method == "POST" else 200


def _made(made: workshops.Made, uploaded: dict[str, Any]) -> Any:
    """Open the new workshop as its facilitator; without a staff list the maker becomes one."""
    people = seats.members_of(made.workshop)
    facilitator = next((p for p in people if p.role == "facilitator"), None)
    if facilitator is None:
        maker = current_member()
        facilitator = workshops.add_staff(made.workshop, "facilitator", maker.name["fr"])
    if made.left_to_practice:
        left = ", ".join(made.left_to_practice)
        flash(_("Left for the practice board, not imported: %(rounds)s", rounds=left), "info")
    return redirect(url_for("people.people", handle=seats.open_for(facilitator)), 303)


def base_url() -> str:
    return banner.address(current_app.config["SETTINGS"])


def board_title(board: str) -> dict[str, str]:
    title: dict[str, str] = boards.moment(board).state["board"]["board"]["title"]
    return title
