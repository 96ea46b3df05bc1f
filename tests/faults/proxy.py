"""Bad roads to a server: a TCP proxy with several ports, each as slow, lossy or dark as it is told. A process of its own.

    python -m tests.faults.proxy PORT_OF_SERVER HOW_MANY SEED

prints its ports; a line of JSON on stdin changes a road: {"road": 0, "delay_ms": 150, "loss": 0.05, "kbit": 64, "dark": true,
"no_websocket": true, "again": 2, "cut": true}; a "target" leads it to another server, as a name does that moves. TCP hides a
lost packet behind a pause in which nothing behind it arrives: so does `loss`. `again`: behind each frame that goes up come so
many of those that ever went up this road.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from random import Random
from typing import Any

from tests.server import ROOT

RESEND_S = 0.3
SUBMITTED = b'42["submit"'
PIECE = 1400
MASK = 4


class Road:
    """One port. Units: delays are one way, in milliseconds; `kbit` a second, 0 for no limit."""

    def __init__(self, target: int, random: Random) -> None:
        self.target, self.random = target, random
        self.delay_ms, self.jitter_ms, self.loss, self.kbit = 0.0, 0.0, 0.0, 0.0
        self.no_websocket, self.again = False, 0
        self.recorded: list[bytes] = []
        self.light = asyncio.Event()
        self.light.set()
        self.writers: set[asyncio.StreamWriter] = set()

    def change(self, dark: bool = False, cut: bool = False, **settings: Any) -> None:
        self.light.clear() if dark else self.light.set()
        for name, value in settings.items():
            setattr(self, name, value)
        if cut:
            for writer in list(self.writers):
                writer.transport.abort()

    async def carry(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        try:
            far, out = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            # Nobody there: as when a port is closed.
            back.transport.abort()
            return
        self.writers |= {back, out}
        await asyncio.gather(self._one_way(near, out, True), self._one_way(far, back, False))
        self.writers -= {back, out}

    async def _one_way(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, is_up: bool) -> None:
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        arriving = asyncio.create_task(self._arrive(under_way, sink))
        framed: bytearray | None = None
        with suppress(OSError):
            while piece := await source.read(PIECE):
                if is_up and b"upgrade: websocket" in piece.lower():
                    if self.no_websocket:
                        break
                    framed = bytearray() if self.again else None
                elif framed is not None:
                    framed += piece
                    piece = b"".join(self._with_copies(framed))
                under_way.put_nowait((asyncio.get_running_loop().time() + self._delay_s(), piece))
        under_way.put_nowait((0, b""))
        await arriving

    def _with_copies(self, framed: bytearray) -> Iterator[bytes]:
        """The frames that are whole by now, taken out, and behind them older ones in any order."""
        while (frame := first_frame(framed)) is not None:
            del framed[: len(frame)]
            yield frame
            if unmasked(frame).startswith(SUBMITTED):
                self.recorded.append(frame)
                yield from self.random.choices(self.recorded, k=self.again)

    def _delay_s(self) -> float:
        lost = self.random.random() < self.loss
        return (self.delay_ms + self.random.uniform(0, self.jitter_ms)) / 1000 + (RESEND_S if lost else 0)

    async def _arrive(
        self, under_way: asyncio.Queue[tuple[float, bytes]], sink: asyncio.StreamWriter
    ) -> None:
        with suppress(OSError):
            while True:
                due, piece = await under_way.get()
                await asyncio.sleep(max(0, due - asyncio.get_running_loop().time()))
                await self.light.wait()
                if not piece:
                    break
                if self.kbit:
                    await asyncio.sleep(len(piece) * 8 / 1000 / self.kbit)
                sink.write(piece)
                await sink.drain()
        sink.close()


def first_frame(framed: bytearray) -> bytes | None:
    """The whole websocket frame of a browser at the beginning. Source: RFC 6455, 5.2."""
    if len(framed) < 2:
        return None
    length, head = framed[1] & 0x7F, 2
    if length > 125:
        size = 2 if length == 126 else 8
        length, head = int.from_bytes(framed[2 : 2 + size], "big"), 2 + size
    end = head + MASK + length
    return bytes(framed[:end]) if len(framed) >= end else None


def unmasked(frame: bytes) -> bytes:
    """How the frame's text begins."""
    head = {126: 4, 127: 10}.get(frame[1] & 0x7F, 2)
    mask, begin = frame[head : head + MASK], frame[head + MASK :][: len(SUBMITTED)]
    return bytes(byte ^ mask[number % MASK] for number, byte in enumerate(begin))


async def main(target: int, count: int, seed: int) -> None:
    roads = [Road(target, Random(seed + number)) for number in range(count)]
    servers = [await asyncio.start_server(road.carry, "127.0.0.1", 0) for road in roads]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(orders), sys.stdin
    )
    while line := await orders.readline():
        order = json.loads(line)
        roads[order.pop("road")].change(**order)


class Proxy:
    """The process, from a test."""

    def __init__(self, target: int, count: int, seed: int) -> None:
        command = [sys.executable, "-m", "tests.faults.proxy", str(target), str(count), str(seed)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout
        self.urls: Sequence[str] = [
            f"http://127.0.0.1:{port}" for port in self._process.stdout.readline().split()
        ]
        assert len(self.urls) == count

    def change(self, road: int, **settings: Any) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"road": road, **settings}) + "\n")
        self._process.stdin.flush()

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
