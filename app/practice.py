"""The practice board: a throw-away board beside the workshop's own, with a simulated crowd if one is
alone. Nothing of it is kept."""

from __future__ import annotations

import csv
import logging
import secrets
import threading
import time
from collections.abc import Callable
from random import SystemRandom

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from app import seats
from app.boards import boards
from app.crowd import Crowd, Line
from app.domain.errors import Rejected
from app.domain.operations import Actor, Operation
from app.moments import NoSuchBoard
from app.store import doors
from app.store import people as people_rows
from app.store import workshops as workshop_rows
from app.store.people import Person
from app.store.workshops import Workshop
from app.workshops import NIAMEY, have_done, plan_of, setup_board

logger = logging.getLogger("palabre.practice")

CROWD = 12
STEP_S = 1.5

_running: set[str] = set()
_lock = threading.Lock()


def start(workshop: Workshop, actor: Actor) -> str:
    """Open the practice board with the same factors, tables and agenda; returns its id. Opening it twice is opening it once.

    Raises: Rejected when the workshop's own board takes nothing; then none is open that was not.
    """
    main, before = _main(workshop), _open_one(workshop)
    board = before or _made(workshop, main)
    try:
        _point(main, actor, board)  # of one that was open told again: a crash may have come between
    except Rejected:
        if not before:
            _forget(workshop, board)
        raise
    return board


def _open_one(workshop: Workshop) -> str | None:
    return seats.read(lambda c: workshop_rows.board_of(c, workshop.id, practice=True))


def _made(workshop: Workshop, main: str) -> str:
    """A new practice board; or the one that somebody else opened while it was set up."""
    state = boards.moment(main).state
    board = secrets.token_hex(16)
    setup_board(board, state["board"]["board"]["title"], plan_of(state), practice=True)
    kept = boards.write(lambda c: give(c, workshop.id, board))
    if kept != board:
        boards.delete(board)
    return kept


def give(connection: Connection, workshop_id: str, board: str) -> str:
    """Give the workshop this practice board, unless it has one; returns the one it has now."""
    doors.hold(connection, workshop_id)
    there = workshop_rows.board_of(connection, workshop_id, practice=True)
    if there is None:
        workshop_rows.add_board(connection, board, workshop_id, practice=True)
    return there or board


def _main(workshop: Workshop) -> str:
    main = seats.main_board(workshop)
    if main is None:
        raise NoSuchBoard(workshop.id)
    return main


def _point(main: str, actor: Actor, board: str | None) -> None:
    """Tell everybody where one practises. Raises: Rejected."""
    have_done(main, actor, Operation(secrets.token_hex(16), "board.practice", {"board": board}))


def end(workshop: Workshop, actor: Actor) -> None:
    """Close the practice: board, urns and simulated people are deleted, down to the bytes.

    Raises: Rejected when the workshop's own board takes nothing; then the practice goes on.
    """
    board = _open_one(workshop)
    if board is None:
        return
    _point(_main(workshop), actor, None)
    _forget(workshop, board)


def _forget(workshop: Workshop, board: str) -> None:
    def forget(connection: Connection) -> bool:
        doors.hold(connection, workshop.id)
        if workshop_rows.board_of(connection, workshop.id, practice=True) != board:
            return False  # somebody else closed it
        workshop_rows.remove_board(connection, board)
        people_rows.delete_simulated(connection, workshop.id)
        return True

    if boards.write(forget):
        boards.delete(board)


def sweep(settle: Callable[[], object] = lambda: None) -> None:
    """At start: finish the deletion of boards that no workshop has, which a crash interrupted.

    `settle` waits between two looks: a board that another worker is about to give to a workshop must not look left over.
    """
    left_over = set(boards.boards()) - seats.read(workshop_rows.boards_of_workshops)
    settle()
    for board in left_over - seats.read(workshop_rows.boards_of_workshops):
        try:
            boards.delete(board)
        except OperationalError:
            logger.error("storage: a practice board is left for the next start")


def crowd_of(workshop: Workshop, board: str) -> int:
    """How many simulated people act on the practice board; none after a restart, until they are brought in again."""
    return sum(person.simulated for person in seats.members_of(workshop)) if board in _running else 0


def crowd_on(board: str) -> int:
    """How many of a board's seats are of a crowd that acts: they are on no device, and none is missing."""
    return CROWD if board in _running else 0


def crowd(workshop: Workshop) -> int:
    """Seat the simulated crowd on the practice board and let it act; returns how many they are."""
    board = _open_one(workshop)
    if board is None:
        return 0
    planned = _simulated(workshop, board)

    def seat(connection: Connection) -> list[Person]:
        doors.hold(connection, workshop.id)
        there = [person for person in people_rows.people_of(connection, workshop.id) if person.simulated]
        if not there:
            people_rows.add_people(connection, planned)
        return there or planned

    members = boards.write(seat)
    with _lock:
        if board not in _running:
            _running.add(board)
            acting = Crowd([seats.actor_of(member) for member in members], _lines(), SystemRandom())
            boards.spawn(lambda: _act(board, acting))
    return len(members)


def _simulated(workshop: Workshop, board: str) -> list[Person]:
    tables: list[str | None] = [*sorted(boards.moment(board).state["tables"])] or [None]
    return [
        Person(
            id=secrets.token_hex(16),
            workshop=workshop.id,
            number=9000 + number,
            name={"fr": f"Siège simulé {number}", "en": f"Simulated seat {number}"},
            role="participant",
            side="internal" if number % 2 else "external",
            place="room",
            table=tables[number % len(tables)],
            joined=True,
            simulated=True,
        )
        for number in range(1, CROWD + 1)
    ]


def _lines() -> list[Line]:
    with (NIAMEY / "cards.csv").open(encoding="utf-8", newline="") as file:
        return [Line(row["factor_id"], row["text_fr"], row["cluster_id"]) for row in csv.DictReader(file)]


def _act(board: str, acting: Crowd) -> None:
    """A few of the crowd act every now and then, until the board is gone."""
    try:
        while True:
            time.sleep(STEP_S)
            for actor, operation in acting.step(boards.moment(board).state):
                boards.submit_now(board, actor, [operation])
    except NoSuchBoard:
        pass
    finally:
        with _lock:
            _running.discard(board)
