"""A few hundred browsers in one process, as bare websockets: they come all at once, follow the board, or stop reading.

    python -m tests.faults.herd  <  one JSON order a line  >  one JSON report a line

It is driven by `Herd` from a test, whose process it must not slow down.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import socket
import subprocess
import sys
import time
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from tests.client import Client
from tests.server import ROOT, Server

if TYPE_CHECKING:
    from tests.cluster import Cluster

PATIENCE_S = 60
SMALL_BUFFER = 4096
# As a page that was cut: within two seconds, not all at once.
FIRST_TRY_S = 2.0
# A frame that was deflated, without any context from the frames before it. Source: RFC 7692, 7.2.2.
PACKED, END_OF_PACKED = 0x40, b"\x00\x00\xff\xff"
STAMP = re.compile(r'"@(\d+\.\d+) ')


class Browser:
    """One websocket of one seat."""

    def __init__(self, port: int, seat: dict[str, str]) -> None:
        self.port, self.seat = port, seat
        # When each stamped comment was sent, and how late it came.
        self.late_s: list[tuple[float, float]] = []
        self.away_s: list[float] = []
        self.has_board = asyncio.Event()
        self.reads = True
        self.task: asyncio.Task[None] | None = None

    async def enter(self) -> float:
        """Come in and wait for the board; returns how long that took. Raises: OSError, TimeoutError."""
        started = time.monotonic()
        self.has_board.clear()
        bare = socket.socket()
        bare.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        bare.setblocking(False)
        await asyncio.get_running_loop().sock_connect(bare, ("127.0.0.1", self.port))
        self.reader, self.writer = await asyncio.open_connection(sock=bare, limit=2**16)
        place = f"127.0.0.1:{self.port}"
        self.writer.write(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {place}\r\nOrigin: http://{place}\r\n"
            f"Cookie: {self.seat['cookie']}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n".encode()
        )
        answer = await self.reader.readuntil(b"\r\n\r\n")
        if b" 101 " not in answer:
            raise ConnectionError(answer.split(b"\r\n")[0].decode())
        self.task = asyncio.create_task(self._follow())
        await asyncio.wait(
            [self.task, waiter := asyncio.create_task(self.has_board.wait())], return_when="FIRST_COMPLETED"
        )
        waiter.cancel()
        if not self.has_board.is_set():
            raise ConnectionError("cut before the board came")
        return time.monotonic() - started

    async def come_back(self) -> None:
        """Whenever the connection falls, for ever."""
        while self.task:
            await self.task
            fell = time.monotonic()
            self.writer.transport.abort()
            self.has_board.clear()
            while not self.has_board.is_set():
                await asyncio.sleep(random.uniform(0, FIRST_TRY_S))
                with suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
                    await asyncio.wait_for(self.enter(), PATIENCE_S)
            self.away_s.append(time.monotonic() - fell)

    async def _follow(self) -> None:
        try:
            while self.reads:
                self._hear(await self._frame())
        except (OSError, asyncio.IncompleteReadError):
            pass

    async def _frame(self) -> str:
        first, length = await self.reader.readexactly(2)
        length &= 0x7F
        if length == 126:
            length = int.from_bytes(await self.reader.readexactly(2), "big")
        elif length == 127:
            length = int.from_bytes(await self.reader.readexactly(8), "big")
        payload = await self.reader.readexactly(length)
        if first & PACKED:
            payload = zlib.decompressobj(-zlib.MAX_WBITS).decompress(payload + END_OF_PACKED)
        return payload.decode(errors="replace")

    def _hear(self, text: str) -> None:
        if text.startswith("0"):
            self.say("40" + json.dumps({"seat": self.seat["handle"]}))
        elif text.startswith("40"):
            self.ask_for_all()
        elif text == "2":
            self.say("3")
        elif text.startswith('42["changes"'):
            self.has_board.set()
            now = time.monotonic()
            self.late_s += [(float(stamp), now - float(stamp)) for stamp in STAMP.findall(text)]

    def ask_for_all(self) -> None:
        asked = {"board": self.seat["board"], "head": -1, "generation": 0, "protocol": 1}
        self.say("42" + json.dumps(["hello", asked]))

    def say(self, text: str) -> None:
        """A masked frame, as a browser must send it; the mask is all zeroes."""
        data = text.encode()
        length = (
            bytes([0x80 | len(data)]) if len(data) < 126 else bytes([0xFE]) + len(data).to_bytes(2, "big")
        )
        self.writer.write(b"\x81" + length + bytes(4) + data)

    def leave(self) -> None:
        if self.task:
            self.task.cancel()
            self.writer.transport.abort()


class Room:
    """What the orders mean."""

    def __init__(self) -> None:
        self.browsers: list[Browser] = []
        self.keepers: list[asyncio.Task[None]] = []

    async def enter(self, port: int, seats: list[dict[str, str]], count: int) -> dict[str, Any]:
        """All at once, the first time or again."""
        for browser in self.browsers:
            browser.leave()
        self.browsers = [Browser(port, seats[number % len(seats)]) for number in range(count)]
        results = await asyncio.gather(
            *(asyncio.wait_for(browser.enter(), PATIENCE_S) for browser in self.browsers),
            return_exceptions=True,
        )
        return {
            "took_s": [took for took in results if isinstance(took, float)],
            "refused": [repr(error) for error in results if isinstance(error, BaseException)],
        }

    async def stay(self) -> dict[str, Any]:
        """From now on each comes back by itself when it is cut, as a page does."""
        self.keepers = [asyncio.create_task(browser.come_back()) for browser in self.browsers]
        return {}

    async def absent(self) -> dict[str, Any]:
        """How many are away."""
        return {"absent": sum(not browser.has_board.is_set() for browser in self.browsers)}

    async def away(self) -> dict[str, Any]:
        """How long each who was cut was away, each time."""
        return {"away_s": [away for browser in self.browsers for away in browser.away_s]}

    async def stop_reading(self, count: int, asking: int) -> dict[str, Any]:
        """So many of them read nothing more, and still ask for the whole board again and again."""
        for browser in self.browsers[:count]:
            browser.reads = False
            for _ in range(asking):
                browser.ask_for_all()
        return {}

    async def late(self) -> dict[str, Any]:
        """When the stamped comments were sent and how late they came to those who read, since the last such order."""
        await asyncio.sleep(1)
        readers = [browser for browser in self.browsers if browser.reads]
        found = [browser.late_s for browser in readers]
        for browser in readers:
            browser.late_s = []
        return {"late_s": [late for lates in found for late in lates], "fewest": min(map(len, found))}


async def main() -> None:
    room, orders = Room(), asyncio.StreamReader(limit=2**20)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(orders), sys.stdin
    )
    while line := await orders.readline():
        name, arguments = json.loads(line)
        print(json.dumps(await getattr(room, name)(**arguments)), flush=True)


class Herd:
    """The process, from a test."""

    def __init__(self, server: Server | Cluster, but: int = 0) -> None:
        """On the participants' seats, several windows each; but for the first few, who are somebody else's."""
        self._server = server
        self._seats = [self._seat(link) for link in server.links["participants"][but:]]
        command = [sys.executable, "-m", "tests.faults.herd"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def _seat(self, link: str) -> dict[str, str]:
        client = Client(link)
        cookie = "; ".join(f"{name}={value}" for name, value in client.session.cookies.items())
        return {"handle": client.page["handle"], "board": client.board, "cookie": cookie}

    @property
    def pid(self) -> int:
        return self._process.pid

    def enter(self, count: int) -> dict[str, Any]:
        return self.order("enter", port=self._server.port, seats=self._seats, count=count)

    def order(self, name: str, **arguments: Any) -> dict[str, Any]:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps([name, arguments]) + "\n")
        self._process.stdin.flush()
        report = self._process.stdout.readline()
        assert report, "the herd has died"
        return json.loads(report)

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


if __name__ == "__main__":
    asyncio.run(main())
