"""A workshop that follows another one, of this server or in a board's file: which ones somebody may follow, and what the new one
takes from there.

Its people and codes stay where they are; so does everything that was not shown to all.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app import seats, sessions, workshops
from app.boards import boards
from app.clock import zone
from app.domain.errors import Rejected
from app.domain.followup import carried
from app.domain.records import EVERYONE, HOSTS, State, board_of, empty_state, visible_to
from app.imports import BOARD, Upload, WorkshopPlan, read_board, read_plan
from app.store import workshops as workshop_rows
from app.store.workshops import Workshop

AGENDA = Path(__file__).parent / "data" / "followup" / "agenda.csv"


class NoFile(ValueError):
    """The workshop of a file is to be followed, and no file was chosen."""


class FactorsFixed(ValueError):
    """Factors were uploaded for a workshop that takes over those of another one."""


class TooMuch(ValueError):
    """There is more on the board of a file than a workshop can take along, or it does not fit together."""


def followable() -> list[Workshop]:
    """The workshops that this browser's seats run, the newest first. Needs a request."""
    run = dict.fromkeys(
        person.workshop
        for seat, person in reversed(sessions.held_seats())
        if person.role in HOSTS and not seat.locked
    )
    found = seats.read(lambda c: [workshop_rows.workshop(c, workshop_id) for workshop_id in run])
    return [workshop for workshop in found if workshop]


def state_of(workshop: Workshop) -> State:
    """What everybody may see of a workshop's board."""
    return boards.view(seats.main_board(workshop) or "", EVERYONE)


def earlier_of(workshop: Workshop) -> dict[str, Any]:
    """What a new workshop takes from this one, as `board.setup` wants it."""
    return carried(state_of(workshop), _last_day(workshop))


def state_in(upload: Upload) -> State:
    """What everybody may see of the board in a file. Raises: ImportFailed."""
    tables = read_board(upload)
    state = empty_state()
    for table, records in tables.items():
        state[table] = {record["id"]: record for record in records}
    return visible_to(state, EVERYONE)


def made_from_file(
    uploads: Mapping[str, Upload], title: tuple[str, str], *, language: str, time_zone: str
) -> Workshop:
    """Make the workshop that follows the one whose board is in the file; the other files are as for any follow-up.

    Raises: NoFile, FactorsFixed, TooMuch, ImportFailed, Rejected; then nothing was made.
    """
    if BOARD not in uploads:
        raise NoFile
    state = state_in(uploads[BOARD])
    plan = plan_from({name: file for name, file in uploads.items() if name != BOARD}, state)
    wanted = workshops.title_of(*title)
    try:
        return workshops.create(
            wanted, plan, language=language, time_zone=time_zone, earlier=carried(state, day_in(state))
        )
    except Rejected as rejected:
        raise TooMuch(rejected.code) from rejected


def day_in(state: State) -> str:
    """The day on which the sheets of a file's board were frozen last, where the workshop was: a file knows no other. Else empty."""
    frozen = [version["at_ms"] for version in state["versions"].values()]
    try:
        return _day(max(frozen), state)
    except (ValueError, OverflowError, OSError):
        # None, or a moment that no calendar has: the file may have been written by anybody.
        return ""


def _last_day(workshop: Workshop) -> str:
    """The day of the last decision on the workshop's board, where the workshop was; else the day it was made."""
    board = seats.main_board(workshop) or ""
    decided = [entry.at_ms for entry in boards.log_of(board) if entry.at_ms and entry.person]
    if not decided:
        return workshop.created
    return _day(max(decided), boards.moment(board).state)


def _day(ms: int, state: State) -> str:
    """By the clock on the room's wall."""
    here = zone(board_of(state)["time_zone"])
    return datetime.datetime.fromtimestamp(ms / 1000, here).date().isoformat()


def plan_from(uploads: Mapping[str, Upload], state: State) -> WorkshopPlan:
    """What the files say, on the factors and at the tables of the workshop before; its agenda is one day, unless a file says
    otherwise.

    Raises: ImportFailed, FactorsFixed; then nothing was kept.
    """
    if "factors" in uploads:
        raise FactorsFixed
    template = {"factors": _factors(state), "agenda": Upload("agenda.csv", AGENDA.read_bytes())}
    plan = read_plan(uploads, template)
    known = {table["id"] for table in plan.tables}
    tables = sorted(state["tables"].values(), key=lambda table: table["id"])
    also = [{"id": t["id"], "name": t["name"]} for t in tables if t["id"] not in known]
    return WorkshopPlan(plan.factors, plan.tables + also, plan.rounds, plan.people)


def _factors(state: State) -> Upload:
    """The board's factors as the file they could have come from."""
    factors = sorted(state["factors"].values(), key=lambda factor: factor["number"])
    used = {(part, language) for factor in factors for part in ("title", "help") for language in factor[part]}
    words = sorted(used | {("title", "fr"), ("title", "en")})
    columns = ["factor_id", "number", *(f"{part}_{language}" for part, language in words)]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    for factor in factors:
        said = [factor[part].get(language, "") for part, language in words]
        writer.writerow([factor["id"], factor["number"], *said])
    return Upload("factors.csv", text.getvalue().encode())
