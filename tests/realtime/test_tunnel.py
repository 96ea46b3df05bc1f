"""A laptop in the room with a tunnel outward: staff see that the remote side is cut; a second laptop takes over under its name."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.selftest.ports import free_port
from realtime.tunnel import FAILURES, Tunnel, is_answered
from tests.client import Client
from tests.server import ROOT, Server


class Outside:
    """A TCP tunnel's far end, as `ssh -R` makes one: whoever comes to its port comes to a laptop, while it is open."""

    def __init__(self) -> None:
        self.port, self.to = free_port(), 0
        self.url = f"http://127.0.0.1:{self.port}"
        self._listening: socket.socket | None = None
        self._open: list[socket.socket] = []

    def lay(self, to: int) -> None:
        self.to = to
        self._listening = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def cut(self) -> None:
        if self._listening:
            self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
            self._listening = None
        for one in self._open:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        self._open.clear()

    def _accept(self, listening: socket.socket) -> None:
        try:
            while True:
                near, _ = listening.accept()
                far = socket.create_connection(("127.0.0.1", self.to))
                self._open += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()
        except OSError:
            pass

    @staticmethod
    def _carry(one: socket.socket, other: socket.socket) -> None:
        try:
            while more := one.recv(65536):
                other.sendall(more)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            pass


@pytest.fixture
def outside() -> Iterator[Outside]:
    made = Outside()
    yield made
    made.cut()


def laptop(data: Path, outside: Outside) -> Server:
    data.mkdir()
    # One name for all devices, in the room and far away.
    return Server(data, environment={"PALABRE_REMOTE": outside.url, "PALABRE_URL": outside.url})


def command(server: Server, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {"PALABRE_DATA": str(server.data), "PALABRE_VOLATILE": str(server.data / "volatile")}
    return subprocess.run(
        [sys.executable, "-m", "app.commands", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_a_second_laptop_takes_over_under_the_same_name(tmp_path: Path, outside: Outside) -> None:
    first, second = laptop(tmp_path / "first", outside), laptop(tmp_path / "second", outside)
    first.start()
    outside.lay(first.port)
    try:
        assert is_answered(outside.url + "/health", first_mark := mark(first))
        far = Client(first.links["expert"]).connect()
        on_factor = {"table": "factors", "id": "F01"}
        far.do("comment.post", target=on_factor, text="avant la sauvegarde")
        archive = tmp_path / "backup.zip"
        done = command(first, "backup", str(archive))
        assert done.returncode == 0, done.stderr
        lost = far.do("comment.post", target=on_factor, text="après la sauvegarde")
        # The first laptop falls into the river.
        first.kill()
        outside.cut()
        done = command(second, "restore", str(archive))
        assert done.returncode == 0, done.stderr
        second.start()
        outside.lay(second.port)
        assert mark(second) == first_mark
        # The same page, cookie and replica; what the backup did not hold is gone from every screen.
        far.connect()
        far.wait(lambda: far.replica.generation == 2)
        assert [c["text"] for c in far.replica.all("comments")] == ["avant la sauvegarde"]
        assert far.replica.head < lost["seq"]
        far.do("comment.post", target=on_factor, text="la suite")
        far.close()
        newcomer = Client(first.links["rapporteur"]).connect()
        assert sorted(c["text"] for c in newcomer.replica.all("comments")) == [
            "avant la sauvegarde",
            "la suite",
        ]
        newcomer.close()
        refused = command(second, "restore", str(archive))
        assert refused.returncode == 1
        assert "Stop the server" in refused.stderr
    finally:
        first.kill()
        second.kill()


def mark(server: Server) -> str:
    with urllib.request.urlopen(f"{server.url}/health") as answer:
        return json.load(answer)["server"]


class Road:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_ms, self.stands = 0, True
        monkeypatch.setattr("realtime.tunnel.is_answered", lambda address, mark: self.stands)
        self.tunnel = Tunnel("https://palabre.example", "m", lambda: self.now_ms, lambda seconds: None)

    def pass_time(self, seconds: int, stands: bool) -> int | None:
        self.stands = stands
        for _ in range(seconds // 10):
            self.now_ms += 10_000
            self.tunnel.look()
        return self.tunnel.cut_min()


def test_the_remote_side_is_cut_since_it_last_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    road = Road(monkeypatch)
    assert road.pass_time(60, stands=True) is None
    assert road.pass_time(10 * (FAILURES - 1), stands=False) is None
    assert road.pass_time(10, stands=False) == 0
    assert road.pass_time(220, stands=False) == 4
    assert road.pass_time(10, stands=True) is None


def test_only_our_own_answer_counts(outside: Outside) -> None:
    with socket.create_server(("127.0.0.1", 0)) as portal:
        outside.lay(portal.getsockname()[1])

        def answer() -> None:
            other, _ = portal.accept()
            other.recv(4096)
            other.sendall(b'HTTP/1.0 200 OK\r\n\r\n{"status": "ok", "server": "somebody else"}')
            other.close()

        threading.Thread(target=answer, daemon=True).start()
        assert not is_answered(outside.url + "/health", "ours")
    outside.cut()
    assert not is_answered(outside.url + "/health", "ours")
