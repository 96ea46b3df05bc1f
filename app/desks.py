"""The room desk: who is here without a device, and which paper ballots wait for a second person.

Whose seats are at a desk, and what is sent for them. About seats and sheets of paper, never about what is on one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from app.boards import Boards, boards
from app.domain.kinds.papers import round_for_paper
from app.domain.operations import Actor, Operation
from app.domain.records import Record
from app.moments import key_name
from app.seats import actor_of, read
from app.store import people as people_rows
from app.store import sessions as session_rows
from app.store.people import Person
from app.urn import Urn

# Who enters for others, and what such an operation is.
DESKS = ("scribe", "facilitator")
FOR_OTHERS = frozenset({"card.enter", "card.claim", "ballot.paper"})
# What is about the desk's seats together and names none.
OF_THE_DESK = frozenset({"handcount.enter"})
# Where somebody is: here without a device, on a device, or not here yet.
HERE, DEVICE, AWAY = "here", "device", "away"


def sender(person: Person, operations: Sequence[Operation]) -> Actor:
    """Who sends these operations, with the desk's seats when one of them is for somebody else.

    Whom something is entered for has joined with it, as by a code of their own: from then on the seat counts in every round.
    """
    actor = actor_of(person)
    named = [str(op.payload["seat"]) for op in operations if op.kind in FOR_OTHERS and op.payload.get("seat")]
    if person.role not in DESKS or not (named or any(op.kind in OF_THE_DESK for op in operations)):
        return actor
    at_desk = {seat_mark(other): other for other in seats_at_desk(person)}
    opened = [at_desk[mark] for mark in dict.fromkeys(named) if mark in at_desk and not at_desk[mark].joined]
    if opened:

        def join(connection: Connection) -> None:
            for other in opened:
                people_rows.change_person(connection, other.id, joined=True)

        boards.write(join)
    return replace(actor, desk={mark: actor_of(other) for mark, other in at_desk.items()})


def seats_at_desk(person: Person) -> list[Person]:
    """Those for whom this person may enter cards and ballots: a scribe for the own table, a facilitator for all."""
    if person.role not in DESKS:
        return []
    everyone = read(lambda c: people_rows.people_of(c, person.workshop))
    return [
        other
        for other in everyone
        if other.role == "participant"
        and not other.simulated
        and (person.role == "facilitator" or (other.table is not None and other.table == person.table))
    ]


def seat_mark(person: Person) -> str:
    """What a seat is called at the desk and on its sheet: short to type, and of no use without a desk."""
    return str(person.number)


def places_of(people: list[Person]) -> dict[str, str]:
    """Person -> where they are."""
    seated = boards.glance(lambda c: session_rows.seated(c, [person.id for person in people]))
    return {
        person.id: DEVICE if person.id in seated else HERE if person.joined else AWAY for person in people
    }


def count_in(person: Person) -> None:
    """Somebody is here without a device: from the next round on the seat counts, as if it had been opened with its code."""
    boards.write(lambda c: people_rows.change_person(c, person.id, joined=True))


def count_out(person: Person) -> bool:
    """Ticked by mistake, or gone; False where the seat is open on a device, which nobody's tick takes away."""

    def work(connection: Connection) -> bool:
        if session_rows.seated(connection, [person.id]):
            return False
        people_rows.change_person(connection, person.id, joined=False)
        return True

    return boards.write(work)


def box_of(door: Boards, board: str) -> tuple[Record, Urn] | None:
    """The vote whose paper is being entered, and its urn; None while there is none, or while its key is not to be found."""
    round_ = round_for_paper(door.moment(board).state["rounds"].values())
    if round_ is None:
        return None
    urn = door.custody.urn(key_name(board, round_))
    return (round_, urn) if urn else None
