"""Seeded workshops over the real door, clock and fan-out, with everything that a director with admin rights gets to see of them.

What is seen: exact send times and sizes of every frame (from the room's network), every frame to staff, the database's bytes
before, during and after, the log and the exports. What is not: memory, the volatile folder, and whose frame holds what.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import orjson
import socketio

from app.domain.records import EVERYONE, STAFF_VIEW
from app.exports import EXPORTS
from app.messages import PAD_BYTES
from realtime.floor import Floors
from realtime.presence import Presence
from realtime.publisher import Publisher
from realtime.timekeeper import Timekeeper
from realtime.viewers import Viewer, Viewers
from tests.seminar import BOARD, FACTORS, Door, Secret, seat

MINUTES = 4
TICK_MS = 500
CARDS_EACH = 3
# Of very different lengths, as people write: what a frame's size could tell.
LENGTHS = (17, 280)


@dataclass(frozen=True, slots=True)
class Sent:
    """One frame as the room's network shows it."""

    at_ms: int
    person: str
    bytes: int


@dataclass(slots=True)
class Seen:
    """What the director has afterwards, for one round."""

    sent: list[Sent] = field(default_factory=list)
    frames: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    during: list[tuple[Any, ...]] = field(
        default_factory=list
    )  # rows of the urn, in the order in which they lie
    operations: list[bytes] = field(default_factory=list)  # hashed ids, in the order in which they lie
    cards: list[dict[str, Any]] = field(default_factory=list)
    exported: str = ""
    tally: dict[str, Any] = field(default_factory=dict)
    able: dict[str, frozenset[str]] = field(default_factory=dict)  # text -> who could have written it

    def showings(self) -> list[tuple[int, list[str]]]:
        """When texts came to staff's screens, and which."""
        put = (
            (at_ms, [change[2]["text"] for change in data["changes"] if change[:2] == ["put", "cards"]])
            for at_ms, event, data in self.frames
            if event == "changes"
        )
        return [(at_ms, texts) for at_ms, texts in put if texts]


@dataclass(slots=True)
class Workshop:
    """What was seen, and what is true: the author of each text, and how long it waited; what each person voted."""

    seen: Seen
    authors: dict[str, str] = field(default_factory=dict)
    sent_ms: dict[str, int] = field(default_factory=dict)
    votes: dict[str, dict[str, int]] = field(default_factory=dict)

    def waits_s(self) -> list[float]:
        """How long each text waited to be shown; shown first to staff, where there is a tray."""
        shown = ((at_ms, text) for at_ms, texts in self.seen.showings() for text in texts)
        return [(at_ms - self.sent_ms[text]) / 1000 for at_ms, text in shown]


class _Recorder(socketio.Server):
    """A server without sockets: what it would send to staff is written down with its time."""

    def __init__(self, seen: Seen, door: Door) -> None:
        super().__init__(async_mode="threading")
        self._seen, self._door = seen, door

    def emit(self, event: str, data: Any = None, to: Any = None, **_: Any) -> None:  # type: ignore[override]
        if any("staff" in room for room in ([to] if isinstance(to, str) else to or [])):
            self._seen.frames.append((self._door.clock.ms, event, data))


class Simulation:
    """One workshop of so many people. `padded` is what browsers do; without it, what they did before."""

    def __init__(
        self, folder: Path, seed: int, people: int, *, padded: bool = True, minutes: int = MINUTES
    ) -> None:
        self.chance = Random(seed)
        self.padded, self.minutes = padded, minutes
        self.door = Door.with_board(folder, seats=people)
        self.people = [seat(number) for number in range(1, people + 1)]
        self.seen = Seen()
        self.workshop = Workshop(self.seen)
        server, viewers = _Recorder(self.seen, self.door), Viewers()
        viewers.add(Viewer("staff", "staff", BOARD, STAFF_VIEW))
        for person in self.people:
            viewers.add(Viewer(str(person.person), str(person.person), BOARD, EVERYONE))
        floors = Floors(server, self.door.boards, viewers)
        groups = {str(p.person): (p.side, "room") for p in self.people}
        presence = Presence(server, self.door.boards, viewers, floors, lambda board: 0, lambda board: groups)
        self.door.boards.on_commit(Publisher(server, viewers).publish)
        self.timekeeper = Timekeeper(
            self.door.boards, server, viewers, presence, floors, lambda seconds: None
        )

    def write(self, round_id: str) -> Workshop:
        """A writing round: everybody sends at a time of their own."""
        self.door.command("start", round_id)
        start = self.door.clock.ms
        sends = []
        for person in self.people:
            round_ = self.door.round(round_id)
            factors = round_["scope"][person.table] if round_["scope"] else list(FACTORS)
            for _ in range(CARDS_EACH):
                at = start + self.chance.randrange(self.minutes * 60_000)
                sends.append((at, person, self.chance.choice(factors)))
        self._pass(sorted(sends, key=lambda send: send[0]), lambda *send: self._post(round_id, *send))
        self._look_inside()
        self.door.command("close", round_id)
        if self.door.round(round_id)["state"] == "closed":
            self.door.command("publish", round_id)
        return self._look_after()

    def _pass(self, sends: list[Any], act: Any) -> None:
        """Let the time go by in the timekeeper's steps, and everybody act at their moment."""
        end = self.door.clock.ms + self.minutes * 60_000 + 1000
        while self.door.clock.ms < end:
            until = self.door.clock.ms + TICK_MS
            while sends and sends[0][0] < until:
                self.door.clock.ms, person, what = sends.pop(0)
                act(person, what)
            self.door.clock.ms = until
            self.timekeeper.tick()

    def _post(self, round_id: str, person: Any, factor: str) -> None:
        length = self.chance.randint(*LENGTHS)
        text = f"{self.chance.getrandbits(64):016x}".ljust(length, "x")
        secret = Secret()
        answer = self.door.post(int(person.person[1:]), text, round_id, factor, secret)
        assert answer.get("sealed"), answer
        self.workshop.authors[text] = person.person
        self.workshop.sent_ms[text] = self.door.clock.ms
        payload = {"factor": factor, "text": text, "secret_hash": secret.hash, "round": round_id, "epoch": 1}
        self._heard(person.person, {"kind": "card.post", "payload": payload})

    def _heard(self, person: str, operation: dict[str, Any]) -> None:
        frame = json.dumps({"board": BOARD, "ops": [{"id": "0" * 32, **operation}]})
        size = -(-(len(frame) + 9) // PAD_BYTES) * PAD_BYTES if self.padded else len(frame)
        self.seen.sent.append(Sent(self.door.clock.ms, person, size))

    def vote(self, targets: int = 10) -> Workshop:
        """A vote on so many cards; some change their minds."""
        cards = self.door.publish_cards(*(f"Idée {n}" for n in range(targets)))
        self.door.command("start", "cards-vote")
        start = self.door.clock.ms
        sends = [
            (start + self.chance.randrange(self.minutes * 60_000), person, revision)
            for person in self.people
            for revision in range(1, 2 + (self.chance.random() < 0.3))
        ]
        in_order = sorted(sends, key=lambda send: send[0])
        revisions: dict[str, int] = {}

        def cast(person: Any, _: int) -> None:
            revision = revisions[person.person] = revisions.get(person.person, 0) + 1
            liked = self.chance.sample(cards, self.chance.randint(1, 3))
            choices = dict.fromkeys(liked, 1)
            at = {"round": "cards-vote", "epoch": 1, "revision": revision, "choices": choices}
            assert self.door.send(person, "ballot.cast", **at).get("sealed")
            self.workshop.votes[person.person] = choices
            self._heard(person.person, {"kind": "ballot.cast", "payload": at})

        self._pass(in_order, cast)
        self._look_inside()
        self.door.command("close", "cards-vote")
        self.door.command("publish", "cards-vote")
        return self._look_after()

    def _look_inside(self) -> None:
        """A copy of the database at the end of the round, as a backup makes it."""
        with sqlite3.connect(self.door.folder / "test.db") as database:
            self.seen.during = database.execute("SELECT key, body FROM urn_texts").fetchall()
            self.seen.during += database.execute("SELECT key, sealed FROM urn_ballots").fetchall()
            self.seen.operations = [row[0] for row in database.execute("SELECT op_hash FROM urn_ops")]

    def _look_after(self) -> Workshop:
        state = self.door.boards.view(BOARD, STAFF_VIEW)
        self.seen.cards = sorted(state["cards"].values(), key=lambda card: card["number"])
        self.seen.exported = EXPORTS["cards"].csv(state, "fr", "plain")
        everybody = frozenset(str(p.person) for p in self.people)
        at = {
            table: frozenset(str(p.person) for p in self.people if p.table == table) for table in ("T1", "T2")
        }
        for card in self.seen.cards:
            scope = self.door.round(card["round"])["scope"] or {}
            tables = [table for table, factors in scope.items() if card["factor"] in factors]
            self.seen.able[card["text"]] = at[tables[0]] if tables else everybody
        self.seen.tally = next(iter(state["tallies"].values()), {})
        self.door.database.close()
        return self.workshop


def words_of(body: bytes) -> str:
    return str(orjson.loads(body).get("text", ""))


@contextmanager
def folder() -> Iterator[Path]:
    """In shared memory where there is some: nothing here has to survive anything."""
    place = Path("/dev/shm")
    made = Path(tempfile.mkdtemp(prefix="palabre-attack-", dir=place if place.is_dir() else None))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def written(seed: int, people: int, round_id: str, **how: Any) -> Workshop:
    with folder() as place:
        return Simulation(place, seed, people, **how).write(round_id)


def voted(seed: int, people: int, targets: int = 10, **how: Any) -> Workshop:
    with folder() as place:
        return Simulation(place, seed, people, **how).vote(targets)
