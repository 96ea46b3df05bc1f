"""People who keep working whatever happens to the server, and the account of what it confirmed to them.

Staff comment, which goes into the log; participants write one card each and keep rewording it, which goes into the urn. Each
sends an operation again, with the same id, until it is answered, as the browser's outbox does.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests
import socketio

from tests.client import Client, op
from tests.server import Server

if TYPE_CHECKING:
    from tests.cluster import Cluster
    from tests.services import Postgres

STAFF = ("facilitator", "expert", "rapporteur")
ROUND = "B1"
MOST_STRETCH = 2.0
# A dead server never answers: do not wait long for it.
PATIENCE_S = 2.0
BROKEN = (AssertionError, OSError, requests.RequestException, socketio.exceptions.SocketIOError)


_told: set[str] = set()


def within(seconds: float) -> float:
    """A bound for an idle machine; for one whose processors others wait for it is longer, at most twice, and told."""
    stretch = min(MOST_STRETCH, max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)))
    if stretch > 1 and (told := f"(a busy machine: {seconds * stretch:.1f} s for {seconds} s)") not in _told:
        _told.add(told)
        print(told)
    return seconds * stretch


class Person(threading.Thread):
    """Somebody with an intention after the other. `refused` counts the codes heard on the way."""

    def __init__(self, link: str, label: str, pause_s: float = 0.0, patience_s: float = PATIENCE_S) -> None:
        super().__init__(daemon=True)
        self.link, self.label, self.pause_s, self.patience_s = link, label, pause_s, patience_s
        self.transports = ["websocket"]
        self.sent = 0
        self.acknowledged: list[int] = []
        self.answered_at: list[float] = []
        self.took_s: list[float] = []
        self.refused: Counter[str] = Counter()
        self.failure: AssertionError | None = None
        self.client: Client | None = None
        self._leaving = threading.Event()

    def run(self) -> None:
        while not self._leaving.wait(self.pause_s):
            try:
                self._one_more()
            except AssertionError as error:
                self.failure = error
                return

    def _one_more(self) -> None:
        self.sent += 1
        operation, started = self.intend(self.sent), time.monotonic()
        while not (answer := self._send(operation)):
            if self._leaving.wait(0.05):
                return
        assert "code" not in answer, f"{self.label}: {answer}"
        self.acknowledged.append(self.sent)
        self.answered_at.append(time.monotonic())
        self.took_s.append(time.monotonic() - started)

    def intend(self, number: int) -> dict[str, Any]:
        raise NotImplementedError

    def _send(self, operation: dict[str, Any]) -> dict[str, Any] | None:
        """The answer that settles it, or None: try again."""
        try:
            client = self.entered()
            if client.socket is None or client.fallen:
                client.connect()
            (answer,) = client.send(operation)
        except BROKEN:
            return None
        if answer.get("code") == "storage":
            self.refused["storage"] += 1
            return None
        return answer

    def entered(self) -> Client:
        self.client = self.client or Client(self.link, self.transports, patience_s=self.patience_s)
        return self.client

    def rest(self) -> None:
        """Say nothing more, but stay."""
        self._leaving.set()
        self.join(60)

    def leave(self) -> None:
        self.rest()
        if self.client:
            self.client.close()


class Commenter(Person):
    """Somebody of the staff."""

    def text(self, number: int) -> str:
        return f"{self.label} {number}"

    def intend(self, number: int) -> dict[str, Any]:
        return op("comment.post", target={"table": "factors", "id": "F01"}, text=self.text(number))


class Writer(Person):
    """A participant with one sealed card, reworded again and again: its n-th wording is its n-th revision."""

    def __init__(self, link: str, label: str, *more: Any) -> None:
        super().__init__(link, label, *more)
        self.secret = secrets.token_hex(32)
        self.factor = ""

    @property
    def table(self) -> str:
        welcome = self.entered().welcome
        assert welcome
        return welcome["you"]["table"]

    def intend(self, number: int) -> dict[str, Any]:
        at = {"round": ROUND, "epoch": 1, "text": f"{self.label} {number}"}
        if number > 1:
            return op("card.edit", secret=self.secret, revision=number, **at)
        secret_hash = hashlib.sha256(bytes.fromhex(self.secret)).hexdigest()
        return op("card.post", factor=self.factor, secret_hash=secret_hash, **at)


class Load:
    """A few of the staff and a few participants at work on one server. Leave it before you ask for the account."""

    def __init__(
        self, server: Server | Cluster, writers: int = 5, pause_s: float = 0.0, roads: Sequence[str] = ()
    ) -> None:
        """The server has just begun: nobody is there yet, and no round runs. The n-th participant takes the n-th road, the
        staff those after."""
        links = server.links
        self.commenters = [Commenter(links[role], role, pause_s) for role in STAFF]
        self.writers = [Writer(links["participants"][n], f"participant{n}", pause_s) for n in range(writers)]
        self.people: list[Person] = [*self.commenters, *self.writers]
        for person, road in zip([*self.writers, *self.commenters], roads, strict=False):
            person.link = person.link.replace(server.url, road)
        # Nothing has fallen yet: whoever comes in waits as long as it takes.
        for person in self.people:
            person.client = Client(person.link, person.transports).connect()
        facilitator = self.commenters[0].entered()
        facilitator.command("start", ROUND)
        for writer in self.writers:
            writer.factor = facilitator.round(ROUND)["scope"][writer.table][0]
        for person in self.people:
            person.entered().patience_s = person.patience_s
            person.start()

    @property
    def acknowledged(self) -> int:
        return sum(len(person.acknowledged) for person in self.people)

    @property
    def refused(self) -> Counter[str]:
        return sum((person.refused for person in self.people), Counter())

    def await_more(self, count: int = 1, within_s: float = 60) -> float:
        """Until so many more have been acknowledged; returns how long that took."""
        started, wanted = time.monotonic(), self.acknowledged + count
        while self.acknowledged < wanted:
            assert time.monotonic() < started + within_s, f"nobody was answered for {within_s} s"
            assert not (failed := next((p.failure for p in self.people if p.failure), None)), failed
            time.sleep(0.02)
        return time.monotonic() - started

    def rest(self) -> None:
        for person in self.people:
            person._leaving.set()
        for person in self.people:
            person.rest()

    def leave(self) -> None:
        self.rest()
        for person in self.people:
            person.leave()


@contextmanager
def at_work(server: Server, **size: Any) -> Iterator[Load]:
    """The server started, with people at work (`size` as for `Load`); whatever comes, they leave and it ends."""
    load = None
    try:
        server.start()
        load = Load(server, **size)
        yield load
    finally:
        if load:
            load.leave()
        server.kill()


def check(server: Server, load: Load) -> None:
    """All that was acknowledged is there, once; and the file is whole. Ends the server."""
    check_board(server.links["facilitator"], load)
    server.stop()
    check_file(server.data / "palabre.db")


def check_board(link: str, load: Load) -> None:
    """All that was acknowledged is on the board, once."""
    for person in load.people:
        assert person.failure is None, person.failure
    try:
        reader = Client(link).connect()
    except (requests.RequestException, socketio.exceptions.ConnectionError) as error:
        raise AssertionError(f"the board is gone: {error!r}") from error
    try:
        if reader.round(ROUND)["state"] in ("running", "paused"):
            reader.command("close", ROUND)
        comments = Counter(record["text"] for record in reader.replica.all("comments"))
        cards = Counter(record["text"] for record in reader.replica.all("cards"))
    finally:
        reader.close()
    for commenter in load.commenters:
        lost = [n for n in commenter.acknowledged if not comments[commenter.text(n)]]
        assert not lost, f"lost comments of {commenter.label}: {lost}"
    assert not (twice := [text for text, times in comments.items() if times > 1]), f"came twice: {twice}"
    for writer in load.writers:
        _check_card(writer, cards)


def _check_card(writer: Writer, cards: Counter[str]) -> None:
    """One card, in its last acknowledged wording or one sent after it."""
    last = max(writer.acknowledged, default=0)
    found = {n: times for n in range(1, writer.sent + 1) if (times := cards[f"{writer.label} {n}"])}
    assert sum(found.values()) <= 1, f"{writer.label} has several cards: {found}"
    assert not last or max(found, default=0) >= last, f"{writer.label} was told {last}, kept is {found}"


def check_logs(postgres: Postgres, database: str) -> None:
    """Every board's log in a database of PostgreSQL is without a gap."""
    gaps = (
        "SELECT heads.board FROM heads LEFT JOIN log ON log.board = heads.board GROUP BY heads.board, heads.head"
        " HAVING count(log.seq) <> heads.head OR coalesce(max(log.seq), 0) <> heads.head"
    )
    assert postgres.execute(gaps, database=database.rsplit("/", 1)[1]) == []


def check_file(path: Path) -> None:
    """The database is sound, and every board's log without a gap."""
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for board, head in database.execute("SELECT board, head FROM heads"):
            seqs = database.execute("SELECT seq FROM log WHERE board = ? ORDER BY seq", (board,))
            assert [seq for (seq,) in seqs] == list(range(1, head + 1))
    database.close()
