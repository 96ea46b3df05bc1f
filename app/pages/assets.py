"""The packed scripts, styles and pictures: under an address that changes with the content, in the best encoding a browser takes."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path

import brotli
from flask import Blueprint, Response, abort, request

pages = Blueprint("assets", __name__)

STATIC = Path(__file__).resolve().parent.parent / "static"
YEAR_S = 365 * 24 * 3600
KINDS = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".txt": "text/plain",
}


def asset(name: str) -> str:
    """The address of a file of dist, or of `img/...`; it changes with the content, so browsers keep it for a year."""
    path = _files().get(name)
    version = _version(path, path.stat().st_mtime_ns) if path else "missing"
    return f"/static/{version}/{name}"


@pages.get("/static/<version>/<path:name>")
def file(version: str, name: str) -> Response:
    path = _files().get(name)
    if path is None:
        abort(404)
    encoding = best_encoding()
    body = _encoded(path, path.stat().st_mtime_ns, encoding)
    answer = Response(body, mimetype=KINDS.get(path.suffix, "application/octet-stream"))
    answer.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"
    answer.headers["Vary"] = "Accept-Encoding"
    if encoding:
        answer.headers["Content-Encoding"] = encoding
    return answer


def best_encoding() -> str:
    """Brotli where it is offered (never on plain http), else gzip, else none."""
    accepted = {part.split(";")[0].strip() for part in request.headers.get("Accept-Encoding", "").split(",")}
    return next((known for known in ("br", "gzip") if known in accepted), "")


def _files() -> dict[str, Path]:
    """What may be asked for: files of two folders, by name. No path from outside ever reaches the disk."""
    found = {path.name: path for path in (STATIC / "dist").glob("*") if path.is_file()}
    return found | {f"img/{path.name}": path for path in (STATIC / "img").glob("*") if path.is_file()}


@cache
def _version(path: Path, changed_ns: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


@cache
def _encoded(path: Path, changed_ns: int, encoding: str) -> bytes:
    """Compressed as well as can be, once, and kept."""
    content = path.read_bytes()
    if encoding == "br":
        packed: bytes = brotli.compress(content, quality=11)
        return packed
    return gzip.compress(content, 9, mtime=0) if encoding == "gzip" else content
