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
from app.domain.kinds.board import NOT_BEGUN
from app.domain.operations import Actor, Operation
from app.domain.records import Record, State
from app.imports import WorkshopPlan
from app.moments import NoSuchBoard
from app.store import accounts
from app.store.accounts import Person, Workshop
from app.workshops import NIAMEY, setup_board

logger = logging.getLogger("palabre.practice")

CROWD = 12
STEP_S = 1.5

_running: set[str] = set()
_lock = threading.Lock()


def start(workshop: Workshop, actor: Actor) -> str:
    """Open the practice board with the same factors, tables and agenda; returns its id. Opening it twice is opening it once."""
    open_one = seats.read(lambda c: accounts.board_of(c, workshop.id, practice=True))
    if open_one:
        _point(_main(workshop), actor, open_one)  # told again: a crash may have come between
        return open_one
    main = _main(workshop)
    state = boards.moment(main).state
    board = secrets.token_hex(16)
    setup_board(board, state["board"]["board"]["title"], _copy(state), practice=True)
    boards.write(lambda c: accounts.add_board(c, board, workshop.id, practice=True))
    _point(main, actor, board)
    return board


def _main(workshop: Workshop) -> str:
    main = seats.main_board(workshop)
    if main is None:
        raise NoSuchBoard(workshop.id)
    return main


def _copy(state: State) -> WorkshopPlan:
    def plain(record: Record, *dropped: str) -> Record:
        return {name: value for name, value in record.items() if name not in dropped}

    return WorkshopPlan(
        factors=[plain(factor, "rev") for factor in state["factors"].values()],
        tables=[plain(table, "rev") for table in state["tables"].values()],
        rounds=[plain(round_, "rev", *NOT_BEGUN) for round_ in state["rounds"].values()],
    )


def _point(main: str, actor: Actor, board: str | None) -> None:
    boards.submit_now(main, actor, [Operation(secrets.token_hex(16), "board.practice", {"board": board})])


def end(workshop: Workshop, actor: Actor) -> None:
    """Close the practice: board, urns and simulated people are deleted, down to the bytes."""
    board = seats.read(lambda c: accounts.board_of(c, workshop.id, practice=True))
    if board is None:
        return
    _point(_main(workshop), actor, None)

    def forget(connection: Connection) -> None:
        accounts.remove_board(connection, board)
        accounts.delete_simulated(connection, workshop.id)

    boards.write(forget)
    boards.delete(board)


def sweep(settle: Callable[[], object] = lambda: None) -> None:
    """At start: finish the deletion of boards that no workshop has, which a crash interrupted.

    `settle` waits between two looks: a board that another worker is about to give to a workshop must not look left over.
    """
    left_over = set(boards.boards()) - seats.read(accounts.boards_of_workshops)
    settle()
    for board in left_over - seats.read(accounts.boards_of_workshops):
        try:
            boards.delete(board)
        except NoSuchBoard:
            pass  # another worker was faster
        except OperationalError:
            logger.error("storage: a practice board is left for the next start")


def crowd_of(workshop: Workshop, board: str) -> int:
    """How many simulated people act on the practice board; none after a restart, until they are brought in again."""
    return sum(person.simulated for person in seats.members_of(workshop)) if board in _running else 0


def crowd(workshop: Workshop) -> int:
    """Seat the simulated crowd on the practice board and let it act; returns how many they are."""
    board = seats.read(lambda c: accounts.board_of(c, workshop.id, practice=True))
    if board is None:
        return 0
    members = [p for p in seats.members_of(workshop) if p.simulated]
    if not members:
        members = _simulated(workshop, board)
        boards.write(lambda c: accounts.add_people(c, members))
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
