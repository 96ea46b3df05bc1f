"""Making a workshop: from the Niamey template or from CSV files, with its board, people and codes; and writing its files again.

Knows the people's tables and the boards' door; parses nothing (that is `imports/`) and shows nothing (that is `pages/`).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection

from app import banner, codes, members, seats
from app.boards import boards
from app.domain.errors import Rejected
from app.domain.kinds.board import NOT_BEGUN, SETTINGS
from app.domain.operations import Actor, Operation
from app.domain.records import HOSTS, Record, State, board_of
from app.domain.wording import clean
from app.imports import (
    BOARD,
    PEOPLE,
    PersonPlan,
    Upload,
    WorkshopPlan,
    read_board,
    read_people,
    read_plan,
)
from app.store import doors, keeping
from app.store import people as people_rows
from app.store import workshops as workshop_rows
from app.store.people import WALL, Person
from app.store.workshops import Workshop

NIAMEY = Path(__file__).parent / "data" / "niamey"
TEMPLATE = ("factors", "agenda")
TITLE = {
    "fr": "Niamey\u00a0: séminaire sur l’intégrité en douane",
    "en": "Niamey: seminar on integrity in Customs",
}
TIME_ZONE = "Africa/Niamey"
SETTER_UP = Actor(person=None, role="administrator")
TITLE_CHARS = 120
WALL_NAME = {"fr": "Écran mural", "en": "Wall"}
FACILITATOR_NAME = {"fr": "Facilitateur", "en": "Facilitator"}
# Whoever has a task, by its name alone.
ROLE_NAMES = {
    "facilitator": FACILITATOR_NAME,
    "scribe": {"fr": "Scribe", "en": "Scribe"},
    "expert": {"fr": "Expert", "en": "Expert"},
    "observer": {"fr": "Observateur", "en": "Observer"},
    "rapporteur": {"fr": "Rapporteur", "en": "Rapporteur"},
    "administrator": {"fr": "Administrateur", "en": "Administrator"},
}


def niamey_files(*names: str) -> dict[str, Upload]:
    """The project's own copy of the seminar's files, by the names of `imports.FILES`."""
    return {name: Upload(f"{name}.csv", (NIAMEY / f"{name}.csv").read_bytes()) for name in names}


def plan_from(uploads: Mapping[str, Upload]) -> WorkshopPlan:
    """What the files say; factors and agenda of the template where none were given.

    Raises: ImportFailed; then nothing was kept.
    """
    return read_plan(uploads, niamey_files(*TEMPLATE))


def title_of(french: str, english: str) -> dict[str, str]:
    """A title in both languages; one stands in for the other. Raises: Rejected("empty_text" | "too_long")."""
    given = {"fr": french.strip() or english.strip(), "en": english.strip() or french.strip()}
    return {language: clean(text, TITLE_CHARS) for language, text in given.items()}


def create(
    title: dict[str, str],
    plan: WorkshopPlan,
    *,
    language: str = "fr",
    time_zone: str = TIME_ZONE,
    demo: bool = False,
    earlier: dict[str, Any] | None = None,
) -> Workshop:
    """Make the workshop, its board in one operation, its people, and a seat for the wall.

    Shape: `earlier` is what it takes from the workshop that it follows (`followups.py`).
    """
    board = seats.new_id()
    setup_board(board, title, plan, time_zone=time_zone, earlier=earlier)
    return _opened(board, title, plan.people, language, demo)


class NotBoth(ValueError):
    """A board of a file has its factors and its agenda already."""


def made_from(
    uploads: Mapping[str, Upload], title: tuple[str, str], *, language: str, time_zone: str
) -> Workshop:
    """Make a workshop from the files that were chosen; what is not given comes from the template, or from the board's file.

    Raises: ImportFailed, NotBoth, Rejected; then nothing was made.
    """
    if BOARD not in uploads:
        return create(title_of(*title), plan_from(uploads), language=language, time_zone=time_zone)
    if set(uploads) - {BOARD, *PEOPLE}:
        raise NotBoth
    kept = read_board(uploads[BOARD])
    people = read_people(uploads, [table["id"] for table in kept["tables"]])
    return create_from(
        kept, people, title=title_of(*title) if "".join(title).strip() else None, language=language
    )


def create_from(
    kept: dict[str, Any],
    people: Sequence[PersonPlan] = (),
    *,
    title: dict[str, str] | None = None,
    language: str = "fr",
) -> Workshop:
    """Make a workshop around the board of a file (`imports.read_board`), under its own title or another one."""
    board = seats.new_id()
    (record,) = kept["board"]
    title = title or record["title"]
    _begin(board, "board.import", {**kept, "board": [{**record, "title": title}]})
    return _opened(board, title, people, language, demo=False)


def _opened(
    board: str, title: dict[str, str], planned_people: Sequence[PersonPlan], language: str, demo: bool
) -> Workshop:
    """The workshop around a board that has begun."""
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    workshop = Workshop(seats.new_id(), title, codes.new_workshop_code(), language, demo, created=today)
    people = [_person(workshop, number, planned) for number, planned in enumerate(planned_people, 1)]
    people.append(_wall(workshop, len(people) + 1))

    def work(connection: Connection) -> None:
        workshop_rows.add_workshop(connection, workshop)
        workshop_rows.add_board(connection, board, workshop.id, practice=False)
        people_rows.add_people(connection, people)

    boards.write(work)
    return workshop


def setup_board(
    board: str,
    title: dict[str, str],
    plan: WorkshopPlan,
    *,
    time_zone: str = TIME_ZONE,
    practice: bool = False,
    earlier: dict[str, Any] | None = None,
) -> None:
    """Create a board and set it up in one operation. Raises: Rejected when the plan is refused; no board is left then."""
    payload = {
        "title": title,
        "time_zone": time_zone,
        "factors": plan.factors,
        "tables": plan.tables,
        "rounds": plan.rounds,
        "practice": practice,
        "earlier": earlier,
    }
    _begin(board, "board.setup", payload)


def _begin(board: str, kind: str, payload: dict[str, Any]) -> None:
    """Create a board with its first operation. Raises: Rejected; no board is left then."""
    boards.create(board)
    try:
        have_done(board, SETTER_UP, Operation(seats.new_id(), kind, payload))
    except Rejected:
        boards.delete(board)
        raise


def have_done(board: str, actor: Actor, *operations: Operation) -> None:
    """Have a board take operations of the server's own. Raises: Rejected, as the first of them that was refused."""
    for answer in boards.submit_now(board, actor, operations):
        if "code" in answer:
            raise Rejected(answer["code"], **answer["data"])


def plan_of(state: State) -> WorkshopPlan:
    """What a board was planned as, without anything that happened on it."""

    def plain(record: Record, *dropped: str) -> Record:
        return {name: value for name, value in record.items() if name not in dropped}

    return WorkshopPlan(
        factors=[plain(factor, "rev") for factor in state["factors"].values()],
        tables=[plain(table, "rev") for table in state["tables"].values()],
        rounds=[plain(round_, "rev", *NOT_BEGUN) for round_ in state["rounds"].values()],
    )


def _person(workshop: Workshop, number: int, planned: PersonPlan) -> Person:
    known = {name: getattr(planned, name) for name in planned.__slots__}
    return Person(id=seats.new_id(), workshop=workshop.id, number=number, **known)


def _wall(workshop: Workshop, number: int) -> Person:
    return Person(seats.new_id(), workshop.id, number, WALL_NAME, "observer", place="room", device=WALL)


def duplicate(workshop: Workshop, title: dict[str, str]) -> Workshop:
    """A workshop of the same agenda, factors, tables, tasks and settings, in which nothing has happened and nobody is.

    Raises: Rejected; then nothing was made.
    """
    board = boards.moment(seats.main_board(workshop) or "").state
    # What came up on the day, for latecomers or as a second vote on some, is of that day.
    planned = [r for r in board["rounds"].values() if r["late_of"] is None and r["chosen"] is None]
    plan = plan_of({**board, "rounds": {round_["id"]: round_ for round_ in planned}})
    settings = board_of(board)
    copy = seats.new_id()
    setup_board(copy, title, plan, time_zone=settings["time_zone"])
    wanted = {name: settings[name] for name in SETTINGS if settings.get(name)}
    operations = [Operation(seats.new_id(), "board.set", wanted)]
    if axes := settings.get("axes"):
        operations.append(Operation(seats.new_id(), "board.axes", {"axes": axes}))
    try:
        have_done(copy, Actor(None, "facilitator"), *operations)
    except Rejected:
        boards.delete(copy)
        raise
    made = _opened(copy, title, _tasks(seats.members_of(workshop)), workshop.language, demo=False)
    kept = seats.read(lambda c: keeping.read(c, workshop.id))

    def work(connection: Connection) -> None:
        workshop_rows.change_workshop(connection, made.id, door=without_word(workshop.door))
        asked = doors.door(connection, workshop.id)
        doors.change(connection, made.id, places=asked.places, links_ask=asked.links_ask)
        keeping.change(connection, made.id, days=kept.days)

    boards.write(work)
    return replace(made, door=without_word(workshop.door))


def without_word(door: str) -> str:
    """A door that asked for a word said in a room, where nobody has said one yet."""
    return workshop_rows.ASK if door == workshop_rows.WORD else door


def _tasks(members: Sequence[Person]) -> list[PersonPlan]:
    """The staff of a workshop as nameless seats: role, number within the role, table."""
    planned: list[PersonPlan] = []
    for person in members:
        role = person.usual_role or person.role
        if role in ROLE_NAMES and person.device != WALL:
            number = 1 + sum(one.role == role for one in planned)
            name = {language: f"{word} {number:02d}" for language, word in ROLE_NAMES[role].items()}
            planned.append(PersonPlan(name, role, place=person.place, table=person.table))
    return planned


def host_of(workshop: Workshop, maker: Person | None) -> Person:
    """Whose seat the maker of a workshop takes: the one of their name on the staff list, else a new one of their role."""
    name, role = (maker.name, maker.role) if maker else (FACILITATOR_NAME, "facilitator")
    same = (p for p in seats.members_of(workshop) if p.name == name and p.role in HOSTS)
    found = next(same, None)
    return found or members.add_person(workshop, Person("", workshop.id, 0, name, role))


def ensure_demo(app: Flask) -> dict[str, Any]:
    """The Niamey demo workshop, made once, and one entry link for each role.

    Shape: {url, code, links: {role: link, participants: [links]}}.
    """
    with app.app_context():
        workshop = seats.read(workshop_rows.demo_workshop)
        if workshop is None:
            plan = plan_from(niamey_files("factors", "agenda", "participants", "staff"))
            workshop = create(TITLE, plan, demo=True)
        url = banner.address(app.config["SETTINGS"])
        return {"url": url, "code": workshop.code, "links": links_of(workshop, url)}


def links_of(workshop: Workshop, url: str) -> dict[str, Any]:
    """The personal links of a workshop: the first of each role in list order, and every participant's."""
    links: dict[str, Any] = {}
    participants: list[str] = []
    for person in seats.members_of(workshop):
        link = f"{url}/l/{codes.link_token(person)}"
        if person.simulated:
            continue
        if person.role == "participant":
            participants.append(link)
        elif person.device == WALL:
            links["wall"] = link
        elif person.role == "facilitator" and "facilitator" in links:
            links.setdefault("co_facilitator", link)
        else:
            links.setdefault(person.role, link)
    return {**links, "participants": participants}
