"""Whether a request came over TLS: to this process itself, or to the proxy before it. With PALABRE_HTTPS=1 no other is served.

The proxy's word is taken only then; it must say `X-Forwarded-Proto` of every request (docs/operations.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.wsgi import get_current_url

from config import Settings

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

# Asked for by whoever watches the server from the machine itself; it sets no cookie.
WATCHED = "/health"
THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")


def is_secure(environ: dict[str, Any]) -> bool:
    forwarded = environ.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip()
    return environ["wsgi.url_scheme"] == "https" or forwarded == "https"


class OnlySecure:
    """WSGI middleware: a plain request is sent to the same address behind TLS, before a cookie is read or set."""

    def __init__(self, inner: Wsgi, settings: Settings) -> None:
        self._inner, self._place = inner, urlsplit(settings.public_url).netloc

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if is_secure(environ):
            environ["wsgi.url_scheme"] = "https"  # what Flask and its form tokens go by
        elif environ.get("PATH_INFO") != WATCHED:
            asked = urlsplit(get_current_url(environ))
            there = asked._replace(scheme="https", netloc=self._place or asked.netloc).geturl()
            # 308: a form is sent again as a form.
            start_response("308 Permanent Redirect", [("Location", there), ("Content-Length", "0")])
            return [b""]
        return self._inner(environ, start_response)


def is_plain() -> bool:
    """Whether this page travels so that somebody on the way could read and change it. Needs a request."""
    settings: Settings = current_app.config["SETTINGS"]
    host = request.host if request.host.startswith("[") else request.host.partition(":")[0]
    return not settings.https and not request.is_secure and host not in THIS_MACHINE
