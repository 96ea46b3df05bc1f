"""R04: the server is killed at random moments under load; nothing acknowledged is lost, nothing comes twice."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from random import Random

import requests
import socketio

from tests.client import Client, op
from tests.server import Server

KILLS = int(os.environ.get("PALABRE_KILLS", "20"))
SEED = int(os.environ.get("PALABRE_FIRST_SEED", "1"))


class Speaker(threading.Thread):
    """Somebody of the staff who keeps commenting, sends again what was not answered, and comes back after each fall."""

    def __init__(self, link: str, name: str, running: threading.Event) -> None:
        super().__init__(daemon=True)
        self.link, self.label, self.running = link, name, running
        self.sent, self.acknowledged = 0, []  # type: ignore[var-annotated]
        self.client: Client | None = None

    def run(self) -> None:
        while self.running.is_set():
            text = f"{self.label} {self.sent}"
            self.sent += 1
            comment = op("comment.post", target={"table": "factors", "id": "F01"}, text=text)
            while self.running.is_set() and not self._say(comment, text):
                time.sleep(0.05)

    def _say(self, comment: dict[str, object], text: str) -> bool:
        try:
            self.client = self.client or Client(self.link)
            if self.client.socket is None or self.client.fallen:
                self.client.connect()
            (answer,) = self.client.send(comment)
        except (AssertionError, OSError, requests.RequestException, socketio.exceptions.SocketIOError):
            return False
        assert "seq" in answer, answer
        self.acknowledged.append(text)
        return True


def await_more(speakers: list[Speaker]) -> None:
    """Until something more was acknowledged than when we were asked."""
    before = sum(len(speaker.acknowledged) for speaker in speakers)
    deadline = time.monotonic() + 60
    while sum(len(speaker.acknowledged) for speaker in speakers) == before:
        assert time.monotonic() < deadline, "nobody was answered for a minute"
        time.sleep(0.02)


def test_r04_no_acknowledged_operation_is_lost_when_the_server_is_killed(
    server: Server, monkeypatch: object
) -> None:
    random, running = Random(SEED), threading.Event()
    running.set()
    # A dead server never answers: do not wait long for it.
    monkeypatch.setattr("tests.client.WAIT_S", 2)  # type: ignore[attr-defined]
    speakers = [
        Speaker(server.links[role], role, running) for role in ("facilitator", "expert", "rapporteur")
    ]
    for speaker in speakers:
        speaker.start()
    for _ in range(KILLS):
        # Never between two lulls: on a busy machine the speakers take a while to come back.
        await_more(speakers)
        time.sleep(random.uniform(0, 0.6))
        server.kill()
        server.start()
    time.sleep(1)
    running.clear()
    for speaker in speakers:
        speaker.join(10)
    acknowledged = [text for speaker in speakers for text in speaker.acknowledged]
    assert len(acknowledged) >= KILLS
    monkeypatch.setattr("tests.client.WAIT_S", 20)  # type: ignore[attr-defined]
    reader = Client(server.links["facilitator"]).connect()
    shown = [comment["text"] for comment in reader.replica.all("comments")]
    reader.close()
    assert set(acknowledged) <= set(shown)
    assert len(shown) == len(set(shown))
    server.stop()
    with sqlite3.connect(server.data / "palabre.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for board, head in database.execute("SELECT board, head FROM heads"):
            seqs = [
                row[0]
                for row in database.execute("SELECT seq FROM log WHERE board = ? ORDER BY seq", (board,))
            ]
            assert seqs == list(range(1, head + 1))
    print(f"{KILLS} kills, {len(acknowledged)} acknowledged, 0 lost")
