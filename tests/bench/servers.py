"""What is measured: a process each, on a core of its own, killed by its own id. Ours is `python wsgi.py`, entered by its door."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from app.selftest.ports import free_port
from tests.bench import measure
from tests.bench.viewer import Board, Floor, Relay, Seat

ROOT = Path(__file__).resolve().parents[2]
START_S = 60


def cores() -> tuple[set[int], set[int]]:
    """The server's core and the load generator's: the same one where there is only one."""
    ours = sorted(os.sched_getaffinity(0))
    return {ours[0]}, {ours[-1]}


SERVER_CORE, OWN_CORE = cores()


class Server:
    """One process that listens on a free port. `folder` is its own, on a real disk."""

    name = ""
    dialect: Floor = Relay()
    likely_peak = 0  # operations a second for 200 clients: where the search begins

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def command(self) -> list[str]:
        raise NotImplementedError

    @property
    def environment(self) -> dict[str, str]:
        return {name: value for name, value in os.environ.items() if not name.startswith("PALABRE_")}

    def start(self) -> None:
        """Returns when the port is open. The child inherits the core on which we are while we start it."""
        os.sched_setaffinity(0, SERVER_CORE)
        try:
            with self._log() as log:
                self._process = subprocess.Popen(
                    self.command,
                    cwd=ROOT,
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        finally:
            os.sched_setaffinity(0, OWN_CORE)
        deadline = time.monotonic() + START_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                words = (self.folder / f"{self.name}.log").read_text()[-2000:]
                self.kill()
                raise RuntimeError(f"{self.name} did not start; its last words:\n{words}")
            time.sleep(0.02)

    def _log(self) -> IO[bytes]:
        return (self.folder / f"{self.name}.log").open("ab")

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def kill(self) -> None:
        """End it and whatever it started, without a word."""
        if self._process:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def cpu_s(self) -> float:
        return measure.cpu_s(self.pid)

    def rss_kb(self) -> float:
        return measure.rss_kb(self.pid)

    def seed(self, cards: int, history: int) -> None:
        """Fill the board before the start. A relay has none."""

    def seats(self, count: int) -> list[Seat | None]:
        """Whom to connect as."""
        return [None] * count

    def speakers(self, count: int) -> list[Seat | None]:
        """The same, where nobody only listens."""
        return self.seats(count)


class NodeRelay(Server):
    name = "node"
    likely_peak = 500

    @property
    def command(self) -> list[str]:
        return ["node", str(Path(__file__).with_name("relay.mjs")), str(self.port)]


class StockRelay(Server):
    name = "stock"
    likely_peak = 40

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-W", "ignore", "-m", "tests.bench.relays", "stock", str(self.port)]


class FloorRelay(Server):
    name = "floor"
    likely_peak = 640
    dialect = Floor()

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-W", "ignore", "-m", "tests.bench.relays", "floor", str(self.port)]


class Palabre(Server):
    """Ours, on SQLite. Experts, who may speak at any time; between them the demo's people at their tables."""

    name = "ours"
    likely_peak = 4200
    dialect = Board()

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._seats: list[Seat] = []
        self._board = ""

    @property
    def command(self) -> list[str]:
        return [sys.executable, "wsgi.py"]

    @property
    def environment(self) -> dict[str, str]:
        return {
            **super().environment,
            "PALABRE_HOST": "127.0.0.1",
            "PALABRE_PORT": str(self.port),
            "PALABRE_DATA": str(self.folder / "data"),
            "PALABRE_VOLATILE": str(self.folder / "volatile"),
        }

    def seed(self, cards: int, history: int) -> None:
        """Fill the board before the start: so many cards, and so many operations before now."""
        command = [sys.executable, "-W", "ignore", "-m", "tests.bench.seed", str(cards), str(history)]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True)

    def seats(self, count: int, speakers: str = "experts") -> list[Seat]:
        """The first `count` seats, in turn a speaker's and a participant's as long as there are participants."""
        known = json.loads((self.folder / "data" / "bench-links.json").read_text())
        participants = known["links"]["participants"]
        heard = known["experts"] if speakers == "experts" else [known["links"][speakers]]
        with _connection(self.port) as http_:
            while len(self._seats) < count:
                number = len(self._seats)
                listens = number % 2 and number // 2 < len(participants)
                link = participants[number // 2] if listens else heard[number % len(heard)]
                self._seats.append(self._enter(http_, link, speaks=not listens))
        return self._seats[:count]

    def speakers(self, count: int) -> list[Seat]:
        known = json.loads((self.folder / "data" / "bench-links.json").read_text())["experts"]
        with _connection(self.port) as http_:
            return [self._enter(http_, known[n % len(known)], speaks=True) for n in range(count)]

    def _enter(self, http_: http.client.HTTPConnection, link: str, *, speaks: bool) -> Seat:
        """Open a personal link in a browser of its own."""
        http_.request("GET", "/l/" + link.partition("/l/")[2])
        answer = http_.getresponse()
        answer.read()
        cookie = answer.getheader("Set-Cookie").partition(";")[0]
        where = answer.getheader("Location")
        handle = re.search(r"/b/([0-9a-f]+)", where)[1]
        self._board = self._board or _board_of(http_, where, cookie)
        return Seat(handle, cookie, self._board, speaks)


def _board_of(http_: http.client.HTTPConnection, where: str, cookie: str) -> str:
    """The board's id, from the page a link leads to."""
    for _ in range(4):
        http_.request("GET", where, headers={"Cookie": cookie})
        answer = http_.getresponse()
        page = answer.read().decode()
        if answer.status == 200:
            return json.loads(re.search(r'type="application/json" id="page">(.*?)</script>', page, re.S)[1])[
                "board"
            ]
        where = answer.getheader("Location")
    raise RuntimeError("the link leads to no page")


@contextmanager
def _connection(port: int) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        yield connection
    finally:
        connection.close()
