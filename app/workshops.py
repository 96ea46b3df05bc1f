"""Making a workshop: from the Niamey template or from CSV files, with its board, people and codes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection

from app import banner, seats
from app.boards import boards
from app.domain.operations import Actor
from app.domain.wording import clean
from app.imports.workshop import Seminar, read_seminar
from app.store import accounts
from app.store.accounts import Person, Workshop

NIAMEY = Path(__file__).parent / "data" / "niamey"
TITLE = {
    "fr": "Niamey : séminaire sur l’intégrité en douane",
    "en": "Niamey: seminar on integrity in Customs",
}
TIME_ZONE = "Africa/Niamey"
SETTER_UP = Actor(person=None, role="administrator")
TITLE_CHARS = 120


@dataclass(frozen=True, slots=True)
class Made:
    """A workshop that was just made. `left_to_practice` names rounds that belong on the practice board."""

    workshop: Workshop
    board: str
    left_to_practice: list[str]


def niamey_files(*parts: str) -> dict[str, tuple[str, bytes]]:
    """The project's own copy of the seminar's files."""
    return {part: (f"{part}.csv", (NIAMEY / f"{part}.csv").read_bytes()) for part in parts}


def read_files(uploaded: dict[str, tuple[str, bytes]]) -> Seminar:
    """What the files say; the template's factors and agenda where none were given.

    Raises: imports.table.ImportFailed.
    """
    return read_seminar({**niamey_files("factors", "agenda"), **uploaded})


def create(title: dict[str, str], seminar: Seminar, *, language: str = "fr", demo: bool = False) -> Made:
    """Make the workshop, its board in one operation, and its people."""
    title = {key: clean(text, TITLE_CHARS) for key, text in title.items()}
    workshop = Workshop(secrets.token_hex(16), title, seats.new_workshop_code(), language, demo)
    board = secrets.token_hex(16)
    setup_board(board, title, seminar)

    def work(connection: Connection) -> None:
        accounts.add_workshop(connection, workshop)
        accounts.add_board(connection, board, workshop.id, practice=False)
        accounts.add_people(connection, [_person(workshop, n, p) for n, p in enumerate(seminar.people, 1)])

    boards.write(work)
    return Made(workshop, board, seminar.left_to_practice)


def setup_board(board: str, title: dict[str, str], seminar: Seminar, *, practice: bool = False) -> None:
    """Create a board and set it up in one operation."""
    payload = {
        "title": title,
        "time_zone": TIME_ZONE,
        "factors": seminar.factors,
        "tables": seminar.tables,
        "rounds": seminar.rounds,
        "practice": practice,
    }
    boards.create(board)
    operation = {"id": secrets.token_hex(16), "kind": "board.setup", "payload": payload}
    (answer,) = boards.submit_now(board, SETTER_UP, [operation])
    if "code" in answer:
        boards.delete(board)
        raise ValueError(f"the board was refused: {answer['code']} {answer['data']}")


def _person(workshop: Workshop, number: int, described: dict[str, Any]) -> Person:
    fields = ("name", "role", "side", "category", "place", "table")
    return Person(
        id=secrets.token_hex(16),
        workshop=workshop.id,
        number=number,
        **{name: described[name] for name in fields},
    )


def add_staff(workshop: Workshop, role: str, name: str) -> Person:
    """One more member of the staff, with a personal link."""

    def work(connection: Connection) -> Person:
        number = 1 + max((p.number for p in accounts.people_of(connection, workshop.id)), default=0)
        label = clean(name, TITLE_CHARS)
        described = {"name": {"fr": label, "en": label}, "role": role}
        person = Person(secrets.token_hex(16), workshop.id, number, described["name"], role)  # type: ignore[arg-type]
        accounts.add_people(connection, [person])
        return person

    return boards.write(work)


def ensure_demo(app: Flask) -> dict[str, Any]:
    """The Niamey demo workshop, made once, and one entry link for each role.

    Shape: {url, code, links: {role: link, participants: [links]}}.
    """
    with app.app_context():
        workshop = seats.read(accounts.demo_workshop)
        if workshop is None:
            files = niamey_files("factors", "agenda", "participants", "staff")
            workshop = create(TITLE, read_seminar(files), demo=True).workshop
        url = banner.address(app.config["SETTINGS"])
        return {"url": url, "code": workshop.code, "links": links_of(workshop, url)}


def links_of(workshop: Workshop, url: str) -> dict[str, Any]:
    """The personal links of a workshop's staff, the wall, and its participants."""
    people = seats.read(lambda c: accounts.people_of(c, workshop.id))
    links: dict[str, Any] = {}
    for person in people:
        link = f"{url}/l/{seats.link_token(person)}"
        if person.role == "facilitator" and "facilitator" in links:
            links.setdefault("co_facilitator", link)
        elif person.role == "observer":
            links.setdefault("wall", f"{link}?to=wall")
            links.setdefault("observer", link)
        elif person.role != "participant":
            links.setdefault(person.role, link)
    members = [p for p in people if p.role == "participant" and not p.simulated]
    return links | {"participants": [f"{url}/l/{seats.link_token(person)}" for person in members]}
