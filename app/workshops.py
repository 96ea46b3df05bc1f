"""Making a workshop: from the Niamey template or from CSV files, with its board, people and codes; and writing its files again.

Knows accounts and the boards' door; parses nothing (that is `imports/`) and shows nothing (that is `pages/`).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection

from app import banner, seats
from app.boards import boards
from app.domain.errors import Rejected
from app.domain.operations import Actor
from app.domain.wording import clean
from app.imports import PersonPlan, Upload, WorkshopPlan, read_plan
from app.store import accounts
from app.store.accounts import WALL, Person, Workshop

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
) -> Workshop:
    """Make the workshop, its board in one operation, its people, and a seat for the wall."""
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    workshop = Workshop(seats.new_id(), title, seats.new_workshop_code(), language, demo, created=today)
    board = seats.new_id()
    setup_board(board, title, plan, time_zone=time_zone)
    people = [_person(workshop, number, planned) for number, planned in enumerate(plan.people, 1)]
    people.append(_wall(workshop, len(people) + 1))

    def work(connection: Connection) -> None:
        accounts.add_workshop(connection, workshop)
        accounts.add_board(connection, board, workshop.id, practice=False)
        accounts.add_people(connection, people)

    boards.write(work)
    return workshop


def setup_board(
    board: str,
    title: dict[str, str],
    plan: WorkshopPlan,
    *,
    time_zone: str = TIME_ZONE,
    practice: bool = False,
) -> None:
    """Create a board and set it up in one operation. Raises: Rejected when the plan is refused; no board is left then."""
    payload = {
        "title": title,
        "time_zone": time_zone,
        "factors": plan.factors,
        "tables": plan.tables,
        "rounds": plan.rounds,
        "practice": practice,
    }
    boards.create(board)
    operation = {"id": seats.new_id(), "kind": "board.setup", "payload": payload}
    (answer,) = boards.submit_now(board, SETTER_UP, [operation])
    if "code" in answer:
        boards.delete(board)
        raise Rejected(answer["code"], **answer["data"])


def _person(workshop: Workshop, number: int, planned: PersonPlan) -> Person:
    known = {name: getattr(planned, name) for name in planned.__slots__}
    return Person(id=seats.new_id(), workshop=workshop.id, number=number, **known)


def _wall(workshop: Workshop, number: int) -> Person:
    return Person(seats.new_id(), workshop.id, number, WALL_NAME, "observer", place="room", device=WALL)


def host_of(workshop: Workshop, maker: Person | None) -> Person:
    """Whose seat the maker of a workshop takes: the one of their name on the staff list, else a new one of their role."""
    name, role = (maker.name, maker.role) if maker else (FACILITATOR_NAME, "facilitator")
    same = (
        p for p in seats.members_of(workshop) if p.name == name and p.role in ("facilitator", "administrator")
    )
    found = next(same, None)
    return found or seats.add_person(workshop, Person("", workshop.id, 0, name, role))


def ensure_demo(app: Flask) -> dict[str, Any]:
    """The Niamey demo workshop, made once, and one entry link for each role.

    Shape: {url, code, links: {role: link, participants: [links]}}.
    """
    with app.app_context():
        workshop = seats.read(accounts.demo_workshop)
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
        link = f"{url}/l/{seats.link_token(person)}"
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
