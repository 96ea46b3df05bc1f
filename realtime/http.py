"""What the HTTP servers of all engines do alike: read a request in time, refuse one that two readers could cut differently.

The engines' own limits are per read: a byte a second never ends. And each of them takes some request that a proxy in front
would cut elsewhere. Knows no engine and no application.
"""

from __future__ import annotations

import io
import time
from email import errors
from email.message import Message
from typing import Any

# From the first byte to the last; also how long an idle connection is kept for its next request.
REQUEST_S = 15
# What comes at this rate buys its own time: a file from a weak link is no attack.
LEAST_BYTES_PER_S = 4096


class PatientReader(io.RawIOBase):
    """Reads requests from a socket; each must be here within `REQUEST_S`, or come at `LEAST_BYTES_PER_S`.

    Raises: TimeoutError, and from then on always: the rest of a request must never be read as the next one.
    """

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._out_of_patience = False
        self.begin()

    def begin(self) -> None:
        """The next request may come."""
        self._until_s = time.monotonic() + REQUEST_S

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left_s = self._until_s - time.monotonic()
        if self._out_of_patience or left_s <= 0:
            self._out_of_patience = True
            raise TimeoutError("the request took too long")
        self._sock.settimeout(left_s)
        try:
            read: int = self._sock.recv_into(buffer)
        except TimeoutError:
            self._out_of_patience = True
            raise
        self._until_s += read / LEAST_BYTES_PER_S
        # The answer has its own time: a phone on a weak link takes a page slowly.
        self._sock.settimeout(REQUEST_S)
        return read

    def buffered(self) -> io.BufferedReader:
        return io.BufferedReader(self)


_OF_A_BODY = (
    errors.StartBoundaryNotFoundDefect,
    errors.MultipartInvariantViolationDefect,
    errors.NoBoundaryInMultipartDefect,
    errors.CloseBoundaryNotFoundDefect,
)


def is_ambiguous(headers: Message) -> bool:
    """Whether a request's end could be seen in two places: request smuggling.

    No browser sends a body in chunks, and a proxy sends none either unless it is told to, so none is taken: with them go
    trailers, and a length beside a transfer encoding. A line that is no header, or is folded, is read differently by
    different readers. Source: RFC 9112, 5.1, 5.2 and 6.3.
    """
    # The parser misses the parts of a form with files, which are in the body and not its affair.
    of_headers = [one for one in headers.defects if not isinstance(one, _OF_A_BODY)]
    if of_headers or "transfer-encoding" in headers:
        return True
    if any(end in value for _, value in headers.raw_items() for end in "\r\n\0"):
        return True
    lengths = headers.get_all("content-length", [])
    return len(lengths) > 1 or any(not (one.isascii() and one.strip().isdigit()) for one in lengths)
