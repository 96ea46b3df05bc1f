"""Raw sockets to a real server, for what no stock client would do: plain HTTP, plain websocket frames, plain packets."""

from __future__ import annotations

import base64
import json
import os
import re
import socket
import struct
import time
from pathlib import Path
from typing import Any

import requests

from tests.client import config_of
from tests.server import Server

WAIT_S = 20
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
OPEN_QUERY = "EIO=4&transport="


class Seat:
    """A seat entered by its personal link: cookie, handle, board."""

    def __init__(self, server: Server, link: str) -> None:
        self.server = server
        self.session = requests.Session()
        self.page, self.base = config_of(self.session.get(link, timeout=WAIT_S))
        self.handle, self.board = self.page["handle"], self.page["board"]

    @property
    def cookie(self) -> str:
        return "; ".join(f"{one.name}={one.value}" for one in self.session.cookies)

    def headers(self) -> dict[str, str]:
        """As a page of ours would send them."""
        return {"Origin": self.base, "Cookie": self.cookie}

    def post(self, what: str, **more: Any) -> requests.Response:
        headers = {"X-CSRFToken": self.page["csrf"]}
        return self.session.post(self.base + self.page["urls"][what], headers=headers, timeout=WAIT_S, **more)

    def hello(self, **other: Any) -> str:
        frame = {"board": self.board, "head": -1, "generation": 0, "protocol": 1, **other}
        return event("hello", frame)


def event(name: str, *data: Any, ack: str = "") -> str:
    """A Socket.IO event as the text of an Engine.IO message."""
    return f"42{ack}" + json.dumps([name, *data])


class Connection:
    """One TCP connection and what has been read of it."""

    def __init__(self, server: Server, receive_buffer: int = 0) -> None:
        self.sock = socket.socket()
        if receive_buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.sock.settimeout(WAIT_S)
        self.sock.connect(("127.0.0.1", server.port))
        self.host = f"127.0.0.1:{server.port}"
        self.rest = b""

    def request(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> None:
        lines = {"Host": self.host, **(headers or {})}
        if body:
            lines.setdefault("Content-Length", str(len(body)))
        head = f"{method} {path} HTTP/1.1\r\n" + "".join(
            f"{name}: {value}\r\n" for name, value in lines.items()
        )
        self.sock.sendall(head.encode() + b"\r\n" + body)

    def more(self) -> bool:
        """Read something; False when the server closed."""
        try:
            read = self.sock.recv(65536)
        except ConnectionError:
            return False
        self.rest += read
        return bool(read)

    def answer(self) -> tuple[int, str]:
        """Status and body of an answer; status 0 when the server closed without one."""
        while b"\r\n\r\n" not in self.rest:
            if not self.more():
                return 0, ""
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        status = int(head.split()[1])
        if b"chunked" in head.lower():
            while not self.rest.endswith(b"0\r\n\r\n"):
                if not self.more():
                    break
            body, self.rest = b"".join(self.rest.split(b"\r\n")[1::2]), b""
            return status, body.decode()
        found = re.search(rb"(?i)content-length: *(\d+)", head)
        length = int(found[1]) if found else 0
        while len(self.rest) < length and self.more():
            pass
        body, self.rest = self.rest[:length], self.rest[length:]
        return status, body.decode()

    def is_closed_within(self, seconds: float) -> bool:
        """Whether the server closes; what it says meanwhile is thrown away."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self.sock.settimeout(left)
            try:
                if not self.more():
                    return True
            except TimeoutError:
                return False
            self.rest = b""
        return False

    def close(self) -> None:
        self.sock.close()


class Wire(Connection):
    """A websocket, opened as a page of ours would unless told otherwise. `status` is how the upgrade was answered."""

    def __init__(
        self,
        server: Server,
        headers: dict[str, str],
        sid: str = "",
        receive_buffer: int = 0,
        extensions: str = "",
    ) -> None:
        super().__init__(server, receive_buffer)
        upgrade = {
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        }
        if extensions:
            upgrade["Sec-WebSocket-Extensions"] = extensions
        query = OPEN_QUERY + "websocket" + (f"&sid={sid}" if sid else "")
        self.request("GET", f"/socket.io/?{query}", {**upgrade, **headers})
        while b"\r\n\r\n" not in self.rest and self.more():
            pass
        self.head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        self.status = int(self.head.split()[1]) if self.head else 0

    @classmethod
    def seated(cls, seat: Seat, **how: Any) -> Wire:
        """A websocket with the seat's Socket.IO connection."""
        wire = cls(seat.server, seat.headers(), **how)
        assert wire.status == 101, wire.head
        assert wire.connect(seat.handle).startswith("40"), "the seat was refused"
        return wire

    @classmethod
    def joined(cls, seat: Seat, **how: Any) -> Wire:
        """And has said hello."""
        wire = cls.seated(seat, **how)
        wire.send(seat.hello())
        wire.until("changes")
        return wire

    def connect(self, handle: str, **auth: str) -> str:
        """Ask for the default namespace; returns the answer."""
        self.send("40" + json.dumps({"seat": handle, **auth}))
        while (text := self.text()) is not None:
            if text.startswith(("40", "44")):
                return text
        return ""

    def send(self, text: str) -> None:
        self.frame(text.encode())

    def frame(self, payload: bytes, opcode: int = TEXT, final: bool = True) -> None:
        self.sock.sendall(self.framed(payload, opcode, final))

    @staticmethod
    def framed(payload: bytes, opcode: int = TEXT, final: bool = True) -> bytes:
        mask = os.urandom(4)
        length = len(payload)
        head = bytes([(0x80 if final else 0) | opcode])
        if length < 126:
            head += bytes([0x80 | length])
        elif length < 65536:
            head += bytes([0x80 | 126]) + struct.pack("!H", length)
        else:
            head += bytes([0x80 | 127]) + struct.pack("!Q", length)
        repeated = (mask * (length // 4 + 1))[:length]
        masked = (int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")).to_bytes(length, "big")
        return head + mask + masked

    def text(self) -> str | None:
        """The next message of the server, its pings answered; None when it closed."""
        while (found := self._frame()) is not None:
            opcode, payload = found
            if opcode == CLOSE:
                return None
            if payload == b"2":
                self.send("3")
            elif opcode == TEXT:
                return payload.decode()
        return None

    def _frame(self) -> tuple[int, bytes] | None:
        head = self._take(2)
        if head is None:
            return None
        length = head[1] & 0x7F
        if length >= 126:
            size = self._take(2 if length == 126 else 8) or b"\0"
            length = int.from_bytes(size, "big")
        payload = self._take(length)
        return None if payload is None else (head[0] & 0x0F, payload)

    def _take(self, count: int) -> bytes | None:
        while len(self.rest) < count:
            if not self.more():
                return None
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def until(self, name: str) -> Any:
        """The data of the next event of that name. Raises: AssertionError when the server closes first."""
        while (text := self.text()) is not None:
            if text.startswith("42"):
                found, *data = json.loads(text[2:])
                if found == name:
                    return data[0]
        raise AssertionError(f"closed before {name!r}")

    def nack(self) -> dict[str, Any]:
        """The first result of the next answers."""
        result: dict[str, Any] = self.until("answers")["results"][0]
        return result

    def is_alive(self) -> bool:
        """Whether the server still answers on this very connection."""
        self.send(event("clock", {}, ack="7"))
        while (text := self.text()) is not None:
            if text.startswith("437"):
                return True
        return False


class Polling:
    """Engine.IO by plain requests."""

    def __init__(self, seat: Seat, headers: dict[str, str] | None = None) -> None:
        self.seat = seat
        self.headers = seat.headers() if headers is None else headers
        status, body = self.get()
        assert status == 200, (status, body)
        self.sid = json.loads(body[1:])["sid"]

    def get(self, **other: Any) -> tuple[int, str]:
        return self._do("GET", **other)

    def post(self, body: bytes, **other: Any) -> tuple[int, str]:
        return self._do("POST", body=body, **other)

    def _do(self, method: str, headers: dict[str, str] | None = None, body: bytes = b"") -> tuple[int, str]:
        connection = Connection(self.seat.server)
        sid = getattr(self, "sid", "")
        path = f"/socket.io/?{OPEN_QUERY}polling" + (f"&sid={sid}" if sid else "")
        connection.request(method, path, self.headers if headers is None else headers, body)
        found = connection.answer()
        connection.close()
        return found

    def connect(self, **auth: str) -> str:
        self.post(("40" + json.dumps({"seat": self.seat.handle, **auth})).encode())
        return self.get()[1]


def memory_mb(server: Server) -> float:
    """What the server process keeps in memory. Units: MB (10^6 bytes)."""
    status = Path(f"/proc/{server.pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found
    return int(found[1]) * 1024 / 1e6


def processor_s(server: Server) -> float:
    """The processor time that the server process has used. Units: seconds, user and system."""
    fields = Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
