"""What the HTTP servers of all engines do alike: read a request in time, refuse one that two readers could cut differently.

The engines' own limits are per read: a byte a second never ends. And each of them takes some request that a proxy in front
would cut elsewhere. Knows no engine and no application.
"""

from __future__ import annotations

import io
import select
import socket
import ssl
import time
from email import errors
from email.message import Message
from typing import Any

# From the first byte to the last; also how long an idle connection is kept for its next request. Rows S17 and S18 promise
# fifteen seconds: noticing takes its time, too.
REQUEST_S = 12
# What comes at this rate buys its own time: a file from a weak link is no attack.
LEAST_BYTES_PER_S = 4096
# The first byte of whoever begins to speak TLS. Source: RFC 8446, 5.1.
_HANDSHAKE = b"\x16"


class PatientReader(io.RawIOBase):
    """Reads requests from a socket; each must be here within `REQUEST_S`, or come at `LEAST_BYTES_PER_S`.

    Raises: TimeoutError, and from then on always: the rest of a request must never be read as the next one.
    """

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._out_of_patience = False
        # Of what is read, as WSGI has it.
        self.scheme = "http"
        self.begin()

    def over(self, tls: ssl.SSLContext | None) -> Any:
        """The socket as its client speaks: through TLS, if we do and its first byte begins a handshake; else as it is.

        So whoever types an address without https is understood, and can be sent to the right one.
        """
        if tls and self._first() == _HANDSHAKE:
            try:
                # The handshake belongs to the first read, whose time is limited.
                self._sock = tls.wrap_socket(self._sock, server_side=True, do_handshake_on_connect=False)
                self.scheme = "https"
            except OSError:
                # Gone in this moment.
                self._out_of_patience = True
        return self._sock

    def _first(self) -> bytes:
        """The first byte, which stays to be read; none from somebody who says nothing."""
        self._sock.settimeout(REQUEST_S)
        try:
            first: bytes = self._sock.recv(1, socket.MSG_PEEK)
        except OSError:
            self._out_of_patience = True
            return b""
        return first

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
            read: int = self._through_tls(buffer) if self.scheme == "https" else self._sock.recv_into(buffer)
        except (TimeoutError, ssl.SSLError) as error:
            # Whoever speaks no TLS to us, or breaks off in it, is closed as quietly as whoever is too slow.
            self._out_of_patience = True
            raise TimeoutError("nothing can be read any more") from error
        self._until_s += read / LEAST_BYTES_PER_S
        # The answer has its own time: a phone on a weak link takes a page slowly.
        self._sock.settimeout(REQUEST_S)
        return read

    def _through_tls(self, buffer: Any) -> int:
        """A handshake, or a record, is many reads of the socket: each would have the whole time anew."""
        waited_for: tuple[list[Any], list[Any]]
        self._sock.setblocking(False)
        try:
            while True:
                try:
                    read: int = self._sock.recv_into(buffer)
                    return read
                except ssl.SSLWantReadError:
                    waited_for = [self._sock], []
                except ssl.SSLWantWriteError:
                    waited_for = [], [self._sock]
                if not any(select.select(*waited_for, [], max(0.0, self._until_s - time.monotonic()))):
                    raise TimeoutError
        finally:
            self._sock.setblocking(True)

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
