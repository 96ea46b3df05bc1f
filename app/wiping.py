"""Forgetting a workshop's people while its results stay, putting it away, removing it whole: to the bytes, on every worker.

A wipe takes two transactions: the people go, then their names in the board's past. A crash between them is found by
`retention.carry_out`, which finishes what was begun.
"""

from __future__ import annotations

from flask import current_app
from sqlalchemy import Connection

from app import practice, press, seats, sessions
from app.boards import boards
from app.domain.operations import CLOCK, Actor, Operation
from app.domain.records import Record
from app.domain.rounds import unfinished
from app.store import forgetting, keeping
from app.store import people as people_rows
from app.store import workshops as workshop_rows
from app.store.people import Person
from app.store.workshops import SEATS_ONLY, Workshop
from app.workshops import ROLE_NAMES, have_done

# Who is left to read the results and to hand out further seats: nobody in particular.
LEFT = ("administrator", "rapporteur")
CHAIR = Actor(person=None, role="facilitator")


class UnderWay(Exception):
    """Rounds are running, or their urns are not opened: first they are closed and published, or cancelled."""

    def __init__(self, rounds: list[Record]) -> None:
        super().__init__(", ".join(round_["id"] for round_ in rounds))
        self.rounds = rounds


def at_rest(workshop: Workshop) -> str:
    """The workshop's board, if nothing is under way there. Raises: UnderWay."""
    board = seats.main_board(workshop)
    if board is None:
        raise LookupError(workshop.id)
    rounds = boards.moment(board).state["rounds"].values()
    if found := unfinished(rounds):
        raise UnderWay(found)
    return board


def wipe_people(workshop: Workshop) -> None:
    """Erase names, codes, sides, sessions and requests, and the names in the log; leave nameless seats for administrator and
    rapporteur. Everybody is cut. Wiping what another worker is wiping does nothing.

    Raises: UnderWay; Rejected when the board takes nothing, which leaves a wipe that has begun to `finish`.
    """
    at_rest(workshop)
    practice.end(workshop, CHAIR)

    def begin(connection: Connection) -> list[str]:
        if not keeping.begin_wipe(connection, workshop.id):
            return []
        ended = forgetting.forget_people(connection, workshop.id)
        people_rows.add_people(connection, _left(workshop))
        workshop_rows.change_workshop(connection, workshop.id, door=SEATS_ONLY, demo=False)
        return ended

    for handle in boards.write(begin):
        sessions.cut(handle, "removed")
    if workshop.demo:
        # Its links open nothing more; the next start makes another demo.
        (current_app.config["SETTINGS"].data / "entry-links.json").unlink(missing_ok=True)
    finish(workshop)


def _left(workshop: Workshop) -> list[Person]:
    return [
        Person(seats.new_id(), workshop.id, number, ROLE_NAMES[role], role)
        for number, role in enumerate(LEFT, 1)
    ]


def finish(workshop: Workshop) -> None:
    """The second half of a wipe. Raises: Rejected when the board cannot take it now."""
    board = at_rest(workshop)
    times = boards.moment(board).state["board"]["board"].get("forgotten", 0)
    have_done(board, CLOCK, Operation(f"forget:{workshop.id}:{times}", "board.forget", {}))
    done = {"wiping": False, "announced": None, "until": None, "wiped_at_ms": boards.clock.now_ms()}
    boards.write(lambda c: keeping.change(c, workshop.id, **done))
    boards.truncate_wal(*forgetting.tables_of_people())
    # Seat sheets and reports name people, too.
    press.ours().forget_of(f"{workshop.id}:", f"{board}:")


def put_away(workshop: Workshop, archived: bool) -> None:
    """Let the board be read and no longer changed, or changed again. Raises: UnderWay, Rejected."""
    board = at_rest(workshop)
    practice.end(workshop, CHAIR)
    have_done(board, CLOCK, Operation(seats.new_id(), "board.archive", {"archived": archived}))


def remove(workshop: Workshop) -> None:
    """Delete everything there is of a workshop. Raises: UnderWay."""
    at_rest(workshop)
    there = seats.read(lambda c: forgetting.boards_of(c, workshop.id))
    for handle in boards.write(lambda c: forgetting.forget_workshop(c, workshop.id)):
        sessions.cut(handle, "removed")
    # A crash here leaves boards that belong to nobody: the next start sweeps them.
    for board in there:
        boards.delete(board)
    press.ours().forget_of(*(f"{one}:" for one in (workshop.id, *there)))
    boards.truncate_wal(*forgetting.all_tables())
