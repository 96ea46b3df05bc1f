"""The edge of the scribe's desk: its seats are the own table's, and whom a card is entered for has joined."""

from __future__ import annotations

import json
import re
from typing import Any

from app import desks, seats
from app.domain.operations import Operation
from tests.pages.test_door import seat_of


def desk_of(browser: Any, link: str, page: str = "") -> list[dict[str, Any]]:
    visitor = browser()
    written = visitor.get(f"/b/{visitor.enter(link)}/{page}").text
    found = re.search(r'id="page">(.*?)</script>', written, re.DOTALL)
    assert found
    desk: list[dict[str, Any]] = json.loads(found[1])["desk"]
    return desk


def entering(mark: str) -> list[Operation]:
    return [Operation("0" * 32, "card.enter", {"seat": mark})]


def test_a_desk_knows_the_seats_of_its_own_table_and_a_participants_page_none(
    browser: Any, entry: Any, people: Any
) -> None:
    scribe = people("scribe")[0]
    own = [person for person in people("participant") if person.table == scribe.table]
    assert {seat["mark"] for seat in desk_of(browser, entry["links"]["scribe"])} == {
        desks.seat_mark(person) for person in own
    }
    assert len(desk_of(browser, entry["links"]["facilitator"])) == len(people("participant"))
    for link in (entry["links"]["participants"][0], entry["links"]["observer"], entry["links"]["expert"]):
        assert desk_of(browser, link) == []


def test_whom_a_card_is_entered_for_has_joined_and_a_seat_of_another_table_has_not(
    demo: Any, people: Any
) -> None:
    scribe = people("scribe")[0]
    own, other = (
        next(person for person in people("participant") if (person.table == scribe.table) is here)
        for here in (True, False)
    )
    actor = desks.sender(scribe, entering(desks.seat_mark(other)))
    assert desks.seat_mark(other) not in actor.desk
    assert actor.desk[desks.seat_mark(own)] == seats.actor_of(own)
    assert not any(person.joined for person in people("participant") if person.id in (own.id, other.id))
    desks.sender(scribe, entering(desks.seat_mark(own)))
    assert {p.id: p.joined for p in people("participant")}[own.id]
    assert not {p.id: p.joined for p in people("participant")}[other.id]


def test_nobody_else_has_a_desk(demo: Any, people: Any) -> None:
    number = desks.seat_mark(seat_of(demo))
    for role in ("participant", "expert", "observer", "rapporteur"):
        assert not desks.sender(people(role)[0], entering(number)).desk
