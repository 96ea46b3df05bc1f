"""A client's websocket whose threads take turns at TLS.

python-socketio reads in one thread and writes in another. OpenSSL forbids both at once on one connection, and CPython holds them
apart only from 3.13 on: before, one connection in thirty hung or fell, though the server had lost nothing.
"""

from __future__ import annotations

import select
import ssl
import threading
from typing import Any

import websocket


class TurnByTurn(websocket.WebSocket):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._turn = threading.Lock()

    def _send(self, data: Any) -> int:
        with self._turn:
            return int(super()._send(data))

    def _recv(self, bufsize: int) -> bytes:
        while isinstance(sock := self.sock, ssl.SSLSocket):
            with self._turn:
                patience_s = sock.gettimeout()
                sock.settimeout(0)
                try:
                    if data := sock.recv(bufsize):
                        return data
                    raise websocket.WebSocketConnectionClosedException("the peer left")
                except ssl.SSLWantReadError:
                    pass
                finally:
                    sock.settimeout(patience_s)
            if not any(select.select([sock], [], [], patience_s)):
                raise websocket.WebSocketTimeoutException("nothing came")
        return bytes(super()._recv(bufsize))
