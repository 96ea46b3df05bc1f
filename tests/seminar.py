"""A small seminar for the tests: two factors, two tables, eight seats, and rounds of every kind; and a
door over a fresh database."""

from __future__ import annotations

import hashlib
import itertools
import secrets
from pathlib import Path
from typing import Any

from app.boards import Boards
from app.domain.operations import Actor, Operation
from app.extensions import db
from app.store.database import Database
from app.urn.keys import Keys

BOARD = "b" * 32
FACTORS = ("F01", "F02")
ADMINISTRATOR = Actor(person="admin", role="administrator")
FACILITATOR = Actor(person="fac", role="facilitator", name={"fr": "Facilitateur", "en": "Facilitator"})
EXPERT = Actor(person="exp", role="expert", name={"fr": "Expert 01", "en": "Expert 01"})


def seat(number: int, table: str | None = None, side: str | None = None) -> Actor:
    """The n-th participant: odd ones at T1 and internal, even ones at T2 and external, unless said otherwise."""
    odd = number % 2 == 1
    return Actor(
        person=f"p{number}",
        role="participant",
        table=table or ("T1" if odd else "T2"),
        side=side or ("internal" if odd else "external"),
        seat=f"p{number}",
    )


def words(text: str) -> dict[str, str]:
    return {"fr": text, "en": text}


def round_plan(round_id: str, kind: str, **rules: Any) -> dict[str, Any]:
    plan = {
        "id": round_id,
        "order": 1,
        "day": 1,
        "starts": "09:00",
        "kind": kind,
        "name": words(round_id),
        "instruction": words(""),
        "minutes": 10,
        "scope": None,
        "factors": list(FACTORS),
        "release": None,
        "cards_per_person": 0,
        "per_factor": False,
        "method": None,
        "targets": None,
        "points": 0,
        "cap": 0,
        "at_zero": "ring",
        "grace_s": 0,
        "review": False,
    }
    return plan | rules


POST = {
    "release": "sealed",
    "cards_per_person": 3,
    "per_factor": True,
    "at_zero": "close",
    "grace_s": 2,
    "review": True,
}
VOTE = {
    "method": "points",
    "targets": "clusters",
    "points": 3,
    "cap": 2,
    "at_zero": "close",
    "grace_s": 2,
    "review": True,
}

ROUNDS = [
    round_plan("brief", "brief", order=1),
    round_plan("post", "post", order=2, **POST),
    round_plan("carousel", "post", order=3, **{**POST, "release": "batched", "review": False}),
    round_plan("tables", "post", order=4, **POST, scope={"T1": ["F01"], "T2": ["F02"]}),
    round_plan("cluster", "cluster", order=5),
    round_plan("vote", "vote", order=6, **VOTE),
    round_plan("discuss", "discuss", order=7),
    round_plan("cards-vote", "vote", order=8, **{**VOTE, "targets": "cards"}),
]

SETUP = {
    "title": words("Essai"),
    "time_zone": "Africa/Niamey",
    "factors": [
        {"id": factor, "number": number, "title": words(factor), "help": words("")}
        for number, factor in enumerate(FACTORS, 1)
    ],
    "tables": [{"id": "T1", "name": words("Table 1")}, {"id": "T2", "name": words("Table 2")}],
    "rounds": ROUNDS,
}


class StoppedClock:
    """A clock that moves when told to."""

    def __init__(self, now_ms: int = 1_800_000_000_000) -> None:
        self.ms = now_ms

    def now_ms(self) -> int:
        return self.ms


_ops = itertools.count(1)


def operation(kind: str, /, op_id: str | None = None, **payload: Any) -> Operation:
    """An operation with a fresh id."""
    return Operation(op_id or f"{next(_ops):032x}", kind, payload)


class Secret:
    """A browser's edit secret and its hash."""

    def __init__(self) -> None:
        self.hex = secrets.token_hex(32)
        self.hash = hashlib.sha256(bytes.fromhex(self.hex)).hexdigest()


class Door:
    """One door over one database, a file unless a `url` says otherwise; `again` is the same after a restart, `beside` is
    another worker's."""

    def __init__(
        self, folder: Path, seats: int = 8, clock: StoppedClock | None = None, url: str | None = None
    ) -> None:
        self.folder = folder
        self.clock = clock or StoppedClock()
        self.seats = [f"p{number}" for number in range(1, seats + 1)]
        self.volatile = folder / "volatile"
        self.volatile.mkdir(exist_ok=True)
        self.url = url or f"sqlite:///{folder / 'test.db'}"
        self.database = Database(self.url)
        self.boards = Boards()
        self.boards.start(
            database=self.database,
            keys=Keys(self.volatile),
            secret=b"s" * 32,
            clock=self.clock,  # type: ignore[arg-type]
            seats_of=lambda connection, board: self.seats,
        )

    @classmethod
    def with_board(cls, folder: Path, seats: int = 8, url: str | None = None, **setup: Any) -> Door:
        door = cls(folder, seats, url=url)
        door.database.write(db.metadata.create_all)
        door.boards.create(BOARD)
        answer = door.send(ADMINISTRATOR, "board.setup", **{**SETUP, **setup})
        assert answer["seq"] == 1, answer
        return door

    def again(self) -> Door:
        self.database.close()
        return self.beside()

    def beside(self) -> Door:
        return Door(self.folder, len(self.seats), self.clock, self.url)

    def send(self, actor: Actor, kind: str, /, op_id: str | None = None, **payload: Any) -> dict[str, Any]:
        return self.boards.submit_now(BOARD, actor, [operation(kind, op_id, **payload)])[0]

    def do(self, actor: Actor, kind: str, /, **payload: Any) -> dict[str, Any]:
        """Send what must be accepted."""
        answer = self.send(actor, kind, **payload)
        assert "code" not in answer, answer
        return answer

    def command(self, verb: str, round_id: str, **payload: Any) -> dict[str, Any]:
        """A facilitator's command on the round's newest epoch."""
        if verb not in ("start", "skip", "plan"):
            payload.setdefault("epoch", self.round(round_id)["epoch"])
        return self.do(FACILITATOR, f"round.{verb}", round=round_id, **payload)

    def post(
        self,
        number: int,
        text: str,
        round_id: str = "post",
        factor: str = "F01",
        secret: Secret | None = None,
    ) -> dict[str, Any]:
        return self.send(
            seat(number),
            "card.post",
            round=round_id,
            epoch=self.round(round_id)["epoch"],
            factor=factor,
            text=text,
            secret_hash=(secret or Secret()).hash,
        )

    @property
    def state(self) -> dict[str, Any]:
        return self.boards.moment(BOARD).state

    def round(self, round_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.state["rounds"][round_id]
        return found

    def cards(self, *audiences: str) -> list[dict[str, Any]]:
        view = self.boards.view(BOARD, frozenset(audiences or ("all",)))
        return sorted(view["cards"].values(), key=lambda card: card["number"])

    def publish_cards(self, *texts: str, factor: str = "F01") -> list[str]:
        """Cards of several people, written, closed and published in the round `post`. Returns their ids."""
        self.command("start", "post") if self.round("post")["state"] == "planned" else None
        for number, text in enumerate(texts, 1):
            answer = self.post(number, text, factor=factor)
            assert answer.get("sealed"), answer
        self.command("close", "post")
        self.command("publish", "post")
        return [card["id"] for card in self.cards()]
