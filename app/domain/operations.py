"""The shapes a rule reads and returns: an operation, who sent it, what was known; changes, a drop, an opening, an erasure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from marshmallow import Schema, ValidationError

from app.domain.acceptance import loader
from app.domain.changes import Change
from app.domain.errors import Rejected
from app.domain.records import Record, State


@dataclass(frozen=True, slots=True)
class Operation:
    """A validated request to change a board. `id` is minted by the sender before the first send."""

    id: str
    kind: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who sends an operation; looked up afresh for each, never taken from the frame.

    Shape: `seat` is the person's id when that person may post and vote, else None; `name` is {fr, en}; `desk` holds those for
           whom this person may enter cards and ballots, by the mark of their seats.
    """

    person: str | None
    role: str
    table: str | None = None
    side: str | None = None
    seat: str | None = None
    name: dict[str, str] | None = None
    desk: Mapping[str, Actor] = field(default_factory=dict)


CLOCK = Actor(person=None, role="clock")


@dataclass(frozen=True, slots=True)
class Context:
    """What is known at the moment of deciding. Units: `now_ms` is UTC milliseconds, `seats` counts the seats that have joined."""

    now_ms: int
    seats: int = 0


@dataclass(frozen=True, slots=True)
class Drop:
    """What goes into the urn instead of the log. `action` is one of put, edit, withdraw, claim, ballot,
    paper, take_back.

    Shape: `what` is card or comment; `bucket` and `budget` bound how many one seat may drop; `body` is what is opened later;
           `size_bytes` is the size to which every ballot of the round is padded; `seat` is whose it is when somebody else's hands
           enter it, and of a paper ballot `hands` are whose; `essence` is what two entries of one paper must agree in, and
           `instead` puts this one in the place of another that did not.
    """

    action: str
    round: str
    epoch: int
    what: str = ""
    bucket: str = ""
    budget: int = 0
    body: dict[str, Any] = field(default_factory=dict)
    secret_hash: str = ""
    secret: str = ""
    revision: int = 1
    side: str | None = None
    size_bytes: int = 0
    seat: str = ""
    hands: str = ""
    essence: str = ""
    instead: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A card or comment out of an urn: a fresh random id, and nothing of who, when or in which order."""

    id: str
    what: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ballot:
    choices: dict[str, Any]
    side: str | None
    on_paper: bool = False


@dataclass(frozen=True, slots=True)
class SetAside:
    """Paper ballots that do not count: nobody confirmed them, or their seat has cast a ballot from a device."""

    unconfirmed: int = 0
    overruled: int = 0


@dataclass(frozen=True, slots=True)
class Contents:
    """What an urn held: texts and ballots in shuffled order, of each seat one ballot.

    Units: `authors` counts the seats behind all that still waited there, of which `texts` may be a part.
    """

    texts: Sequence[Text] = ()
    ballots: Sequence[Ballot] = ()
    authors: int = 0
    set_aside: SetAside = SetAside()


@dataclass(frozen=True, slots=True)
class Slots:
    """How many texts of a kind one seat may have in one bucket of an urn."""

    what: str
    bucket: str
    budget: int


@dataclass(frozen=True, slots=True)
class Opening:
    """A decision that needs the urn. `then` turns what was in it into changes, inside the same transaction.

    Shape: `slots` are the places a seat's texts may lie in; `destroy` deletes rows and key for good; `release` takes the
           texts out and leaves their slots spent; `what` narrows both to cards or to comments; `drawn` says of how
           many of the authors a release takes one text each, both drawn by lot.
    """

    round: str
    epoch: int
    then: Callable[[Contents], list[Change]]
    slots: Sequence[Slots] = ()
    destroy: bool = False
    release: bool = False
    what: str = ""
    drawn: Callable[[int], int] | None = None


@dataclass(frozen=True, slots=True)
class Erasure:
    """A decision that takes words out of the past: `changes` go into the log, and `blanked` passes over all that is there.

    Shape: `person` takes the place of everybody who is named as having done something; None leaves them.
    """

    changes: list[Change]
    blanked: Callable[[Change], Change]
    person: str | None = None


Decision = list[Change] | Drop | Opening | Erasure
Decider = Callable[[State, dict[str, Any], Actor, Context, str], Decision]


@dataclass(frozen=True, slots=True)
class Rule:
    """A payload schema and the rule that reads it. The rule also gets the operation's id: new records are named by it."""

    schema: Schema
    decide: Decider


_loader = cache(loader)


def load(schema: Schema, payload: Any) -> dict[str, Any]:
    """The payload as the schema reads it. Raises: Rejected("bad_payload", fields)."""
    try:
        loaded = _loader(schema)(payload)
    except ValidationError as error:
        raise Rejected("bad_payload", fields=sorted(map(str, error.normalized_messages()))) from None
    return loaded


def at_desk(actor: Actor, mark: str) -> Actor:
    """Whom a mark names at this desk. A seat of another table and none at all have one answer. Raises: Rejected("no_such_seat")."""
    found = actor.desk.get(mark)
    if found is None:
        raise Rejected("no_such_seat")
    return found


def need(state: State, table: str, record_id: str) -> Record:
    """The record, or Rejected("gone")."""
    record = state[table].get(record_id)
    if record is None:
        raise Rejected("gone")
    return record
