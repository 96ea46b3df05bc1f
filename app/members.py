"""Who is a member of a workshop, and as what: changed by the facilitator and the administrator."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from app.boards import boards
from app.codes import new_workshop_code
from app.seats import new_id
from app.sessions import cut
from app.store import accounts as account_rows
from app.store import doors
from app.store import people as people_rows
from app.store import sessions as session_rows
from app.store import workshops as workshop_rows
from app.store.people import Person
from app.store.workshops import Workshop


def make_facilitator(person: Person) -> None:
    """Let a person facilitate too. A participant's seat rests meanwhile: nobody both votes and runs the vote."""
    if person.role != "facilitator":
        change_details(person, role="facilitator", usual_role=person.role)


def make_usual_again(person: Person) -> None:
    """Give a person made facilitator their own role back."""
    if person.usual_role:
        change_details(person, role=person.usual_role, usual_role=None)


def change_details(person: Person, **values: Any) -> None:
    """Change what is known of a person; their pages load again, because role, table and side decide what they work on."""

    def work(connection: Connection) -> list[str]:
        people_rows.change_person(connection, person.id, **values)
        session_rows.renew_all(connection, person.id)
        return session_rows.handles_of(connection, person.id)

    for handle in boards.write(work):
        cut(handle, "role")


def revoke(person: Person) -> Person:
    """New code and link for a person; every device is cut, and a passphrase opens the seat no more."""
    _close_all(person, version=person.version + 1)
    return replace(person, version=person.version + 1)


def remove(person: Person) -> None:
    """Take a person's access; codes and links open nothing any more."""
    _close_all(person, removed=True, version=person.version + 1)


def _close_all(person: Person, **values: Any) -> None:
    def work(connection: Connection) -> list[str]:
        people_rows.change_person(connection, person.id, **values)
        account_rows.take_seat(connection, person.id)
        return session_rows.close_sessions(connection, person.id)

    for handle in boards.write(work):
        cut(handle, "removed")


def add_person(workshop: Workshop, person: Person) -> Person:
    """One more member, at the end of the list; id, workshop and number are given here."""

    def work(connection: Connection) -> Person:
        doors.hold(connection, workshop.id)
        number = people_rows.last_number(connection, workshop.id) + 1
        added = replace(person, id=new_id(), workshop=workshop.id, number=number)
        people_rows.add_people(connection, [added])
        return added

    return boards.write(work)


def change_code(workshop: Workshop) -> None:
    boards.write(lambda c: workshop_rows.change_workshop(c, workshop.id, code=new_workshop_code()))
