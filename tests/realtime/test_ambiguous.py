"""A request whose end could be seen in two places is refused; the upload of a file is not one."""

from __future__ import annotations

import http.client
import io

import pytest

from realtime.http import is_ambiguous

UPLOAD = "Content-Type: multipart/form-data; boundary=abc\r\nContent-Length: 3"


@pytest.mark.parametrize(
    ("lines", "refused"),
    [
        (UPLOAD, False),
        ("Content-Length: 3", False),
        (f"{UPLOAD}\r\nno header", True),
        (f"{UPLOAD}\r\nContent-Length: 4", True),
        ("Transfer-Encoding: chunked", True),
        ("Content-Length: -1", True),
    ],
)
def test_only_what_could_be_cut_twice_is_refused(lines: str, refused: bool) -> None:
    headers = http.client.parse_headers(io.BytesIO(f"{lines}\r\n\r\n".encode()))
    assert is_ambiguous(headers) is refused
