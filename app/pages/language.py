"""The language switch of every page, and what its later scripts say in it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, redirect, request
from werkzeug.http import dump_cookie

from app import languages
from app.languages import COOKIE, LANGUAGES

pages = Blueprint("language", __name__)

YEAR_S = 365 * 24 * 3600


@pages.post("/language")
def language() -> Any:
    """Remember the language and go back to the page the person was on; never to another site."""
    answer = redirect(same_site(request.form.get("next", "/")), 303)
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        secure = current_app.config["SESSION_COOKIE_SECURE"]
        cookie = dump_cookie(COOKIE, chosen, max_age=YEAR_S, samesite="Lax", httponly=True, secure=secure)
        answer.headers.add("Set-Cookie", cookie)
    return answer


def same_site(path: str) -> str:
    """A path of this site, whatever was asked for. Browsers read a backslash as a slash and pass over control characters."""
    if not path.startswith("/") or path.startswith(("//", "/\\")) or any(ord(sign) < 32 for sign in path):
        return "/"
    return path.rstrip("?") or "/"


@pages.get("/strings/<language>/<page>.json")
def strings(language: str, page: str) -> Response:
    """What a page's later scripts say, under an address that changes with the translations."""
    if language not in LANGUAGES or page not in languages.FIRST:
        abort(404)
    answer = jsonify(languages.later_strings(language, page))
    answer.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"
    return answer
