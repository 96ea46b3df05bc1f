"""Stock clients against a real server: JavaScript and Python, by websocket, by polling, and moving from one to the other."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.client import Client, enter
from tests.replica import Replica
from tests.server import ROOT, Server
from tools import node_packages

SCRIPT = Path(__file__).with_name("stock_client.mjs")
ROADS = ("websocket", "polling", "polling,websocket")
WAIT_S = 30


class Follower:
    """The stock JavaScript client in a process of its own, and the board as its frames made it."""

    def __init__(self, link: str, transports: str) -> None:
        session, page, base = enter(link)
        cookie = "; ".join(f"{name}={value}" for name, value in session.cookies.items())
        command = ["node", str(SCRIPT), base, cookie, page["handle"], page["board"], transports]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.replica, self.seen, self.gaps = Replica(), set(), 0
        self._news = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            event, data = json.loads(line)
            with self._news:
                self.seen.add((event, data) if event == "upgrade" else event)
                if event == "changes" and not self.replica.receive(data):
                    self.gaps += 1
                self._news.notify_all()

    def wait(self, true: Any) -> None:
        with self._news:
            assert self._news.wait_for(true, WAIT_S), (self.seen, self.replica.head)


@contextmanager
def following(link: str, transports: str) -> Iterator[Follower]:
    follower = Follower(link, transports)
    try:
        yield follower
    finally:
        follower.process.kill()
        follower.process.wait()


@pytest.fixture(params=["direct", "stock"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Server]:
    monkeypatch.setenv("PALABRE_FANOUT", request.param)
    running = Server(tmp_path_factory.mktemp("data"))
    running.start()
    yield running
    running.stop()


def comment(text: str) -> dict[str, Any]:
    operation = {"target": {"table": "factors", "id": "F01"}, "text": text}
    return {"id": os.urandom(16).hex(), "kind": "comment.post", "payload": operation}


@pytest.mark.skipif(not node_packages.has_node(), reason="needs Node.js")
def test_stock_clients_follow_a_board_on_every_road(server: Server) -> None:
    node_packages.install()
    links = server.links["participants"]
    with (
        following(links[0], ROADS[0]) as first,
        following(links[1], ROADS[1]) as second,
        following(links[2], ROADS[2]) as third,
    ):
        followers = [first, second, third]
        expert = Client(server.links["expert"]).connect()
        polling = Client(links[3], transports=["polling"]).connect()
        for follower in followers:
            follower.wait(lambda follower=follower: {"welcome", "changes"} <= follower.seen)
        third.wait(lambda: ("upgrade", "websocket") in third.seen)
        for number in range(60):
            # Long and short, so that some frames are packed and some are not; several at once merge.
            (answer,) = expert.send(comment(f"Remarque {number} " + "délai au guichet " * (number % 4 * 5)))
            assert "code" not in answer
        for follower in followers:
            follower.wait(lambda follower=follower: follower.replica.head >= answer["seq"])
            follower.wait(lambda follower=follower: {"presence", "heartbeat", "clock"} <= follower.seen)
        for client in (expert, polling):
            client.wait(lambda client=client: client.replica.head >= answer["seq"])
        boards = [one.replica.content() for one in (*followers, expert, polling)]
        assert len(boards[0]["comments"]) == 60
        assert all(board == boards[0] for board in boards)
        assert not any(follower.gaps for follower in followers)
        polling.close()
        expert.close()
