"""What every answer says to the browser: run nothing foreign, keep no page, and take it small."""

from __future__ import annotations

import gzip
import re

import brotli
from flask import Flask, Response, current_app, request

from app.pages.assets import best_encoding

_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}\Z")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
YEAR_S = 365 * 24 * 3600
SMALL_BYTES = 512


def register(app: Flask) -> None:
    app.after_request(_protect)


def _protect(answer: Response) -> Response:
    if request.is_secure or request.host.partition(":")[0] in ("localhost", "127.0.0.1"):
        # On a plain address of the room browsers ignore it, and say so on every page.
        answer.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    answer.headers.setdefault("Content-Security-Policy", policy(request.host))
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        answer.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR_S}")
    if "Cache-Control" not in answer.headers:
        # A shared phone must not show the last person's page.
        answer.headers["Cache-Control"] = "no-store"
    if answer.mimetype in ("text/html", "application/json"):
        _pack(answer)
    return answer


def policy(host: str) -> str:
    """Everything from here, nothing inline. Older Safari needs the socket's address spelt out."""
    sockets = f" ws://{host} wss://{host}" if _HOST.match(host) else ""
    return "; ".join(
        (
            "default-src 'self'",
            "img-src 'self' data:",
            f"connect-src 'self'{sockets}",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "object-src 'none'",
            # No text becomes markup or code by assignment; lit-html alone may, with its templates, which are ours.
            "require-trusted-types-for 'script'",
            "trusted-types lit-html",
        )
    )


def _pack(answer: Response) -> None:
    """Pages are small, but a room's link is smaller."""
    encoding = best_encoding()
    answer.headers["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
    if not encoding or answer.direct_passthrough or "Content-Encoding" in answer.headers:
        return
    content = answer.get_data()
    if len(content) < SMALL_BYTES:
        return
    packed = brotli.compress(content, quality=5) if encoding == "br" else gzip.compress(content, 9, mtime=0)
    answer.set_data(packed)
    answer.headers["Content-Encoding"] = encoding
