"""The room desk and the sheets it prints: who is here without a device, and a ballot for each way of voting."""

from __future__ import annotations

import io
import re
from typing import Any
from urllib.parse import parse_qsl

import pytest
from pypdf import PdfReader

from app import desks, seats
from app.boards import boards
from app.domain.kinds.agenda import PLAN
from app.domain.kinds.papers import list_mark
from app.store import people as people_rows
from tests.browser.test_votes import AGENDA, VOTES
from tests.pages.conftest import Browser
from tests.pages.conftest import printed as made
from tests.workshops import STAFF
from tests.workshops import people as listed

ACTIONS = ("Publier les délais", "Afficher les droits", "Ouvrir un guichet")


def desk_of(browser: Any, link: str) -> tuple[Browser, str]:
    visitor = browser()
    return visitor, f"/b/{visitor.enter(link)}/desk"


def marks_of(people: Any, table: str | None, *, same: bool = True) -> list[str]:
    return [desks.seat_mark(p) for p in people("participant") if (p.table == table) is same]


@pytest.fixture
def scribe(browser: Any, entry: Any, people: Any) -> tuple[Browser, str, str]:
    """The scribe of the demo's first table: browser, desk, and the table."""
    visitor, path = desk_of(browser, entry["links"]["scribe"])
    return visitor, path, people("scribe")[0].table


def joined(people: Any) -> set[str]:
    return {desks.seat_mark(p) for p in people("participant") if p.joined}


def test_a_tick_counts_somebody_in_and_taking_it_away_counts_them_out(
    scribe: Any, people: Any, demo: Any
) -> None:
    visitor, path, table = scribe
    mark = marks_of(people, table)[0]
    board = seats.main_board(demo)
    told = visitor.post_json(f"{path}/here", {"seat": mark, "here": True}).json
    assert told["people"][mark] == "here"
    assert joined(people) == {mark}
    assert len(boards.read(lambda c: people_rows.seats_of_board(c, board))) == 1, (
        "in the roster of the next round"
    )
    assert visitor.post_json(f"{path}/here", {"seat": mark, "here": False}).json["people"][mark] == "away"
    assert joined(people) == set()


def test_a_scribe_ticks_nobody_of_another_table_and_learns_nothing_of_it(scribe: Any, people: Any) -> None:
    visitor, path, table = scribe
    answers = [
        visitor.post_json(f"{path}/here", {"seat": mark, "here": True})
        for mark in (marks_of(people, table, same=False)[0], "999", "", 7)
    ]
    assert {answer.status_code for answer in answers} == {400}
    assert len({answer.text for answer in answers}) == 1
    assert joined(people) == set()
    assert set(visitor.get(f"{path}/state").json["people"]) == set(marks_of(people, table))


def test_nobodys_tick_takes_a_seat_from_its_own_device(
    facilitator: Any, browser: Any, entry: Any, people: Any
) -> None:
    browser().enter(entry["links"]["participants"][0])
    host, path = facilitator
    assert host.get(f"{path}/desk/state").json["people"]["1"] == "device"
    assert host.post_json(f"{path}/desk/here", {"seat": "1", "here": False}).json["people"]["1"] == "device"
    person = people("participant")[0]
    answer = host.post(f"{path}/people/{person.id}/here", {"here": "no"})
    assert answer.status_code == 303
    assert joined(people) == {"1"}


def test_the_people_page_ticks_too(facilitator: Any, people: Any) -> None:
    host, path = facilitator
    person = people("participant")[3]
    host.post(f"{path}/people/{person.id}/here", {"here": "yes"})
    assert "here, without a device" in host.get(f"{path}/people").text
    assert joined(people) == {"4"}
    scribe = people("scribe")[0]
    assert host.post(f"{path}/people/{scribe.id}/here", {"here": "yes"}).status_code == 404


def test_only_a_desks_own_sheets_are_listed_as_waiting(
    facilitator: Any, scribe: Any, people: Any, demo: Any
) -> None:
    """The numbers are of the whole room; which sheets wait, each desk sees of its own seats."""
    board = seats.main_board(demo)
    assert board
    host, path = facilitator
    chair = people("facilitator")[0]
    visitor, below, table = scribe

    def send(kind: str, **payload: Any) -> None:
        body = {"ops": [{"id": seats.new_id(), "kind": kind, "payload": payload}]}
        (answer,) = host.post_json(f"{path}/submit", body).json["results"]
        assert "code" not in answer, answer

    for mark in [str(n) for n in range(1, 6)]:
        host.post_json(f"{path}/desk/here", {"seat": mark, "here": True})
    send("round.start", round="A5")
    own, other = marks_of(people, table)[0], marks_of(people, table, same=False)[0]
    for mark in (own, other):
        send("ballot.paper", round="A5", epoch=1, seat=mark, choices={"F01": 3})
    assert visitor.get(f"{below}/state").json["paper"] == {
        "round": "A5",
        "epoch": 1,
        "list": list_mark(boards.moment(board).state["rounds"]["A5"]["ballot"]),
        "entered": 2,
        "unconfirmed": 2,
        "waiting": [own],
    }
    assert set(host.get(f"{path}/desk/state").json["paper"]["waiting"]) == {own, other}
    assert chair.role == "facilitator"


# --- what is printed ---


def text(document: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(document)).pages]


def printed(host: Any, path: str, round_id: str, query: str = "lang=en") -> list[str]:
    answer = made(host, f"{path}/paper/ballots/{round_id}/make", dict(parse_qsl(query)))
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), answer.text
    return text(answer.data)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_sheets_for_those_without_a_device_carry_the_seat_on_the_stub_and_no_name(
    facilitator: Any, people: Any, language: str
) -> None:
    host, path = facilitator
    without = sorted(
        (p for p in people("participant") if p.device == "none"), key=lambda p: (p.table or "", p.number)
    )
    pages = printed(host, path, "A5", f"lang={language}&blank=2")
    assert len(pages) == len(without) + 2 == 6
    seat = {"fr": "Siège", "en": "Seat"}[language]
    assert [re.match(rf"{seat} (\d+)", page) for page in pages][-1] is None, "blank ones have a line instead"
    assert [re.match(rf"{seat} (\d+)", page)[1] for page in pages[:4]] == [
        desks.seat_mark(p) for p in without
    ]  # type: ignore[index]
    for page in pages:
        assert not any(p.name[language] in page for p in people("participant"))
        assert {"fr": "Deux personnes", "en": "two people"}[language].lower() in page.lower()


@pytest.fixture
def votes(facilitator: Any, app: Any) -> tuple[Browser, str]:
    """A workshop with a vote of every kind, on published actions."""
    host, path = facilitator
    files = {"agenda": AGENDA, "participants": listed(8), "staff": STAFF}
    data = {part: (io.BytesIO(content.encode()), f"{part}.csv") for part, content in files.items()}
    made = host.post(f"{path}/workshops/new", {"title_fr": "Essai", "title_en": "Trial", **data})
    assert made.status_code == 303, made.text
    return host, made.location.partition("/people")[0]


def submit(host: Browser, path: str, kind: str, /, **payload: Any) -> dict[str, Any]:
    body = {"ops": [{"id": seats.new_id(), "kind": kind, "payload": payload}]}
    (answer,) = host.post_json(f"{path}/submit", body).json["results"]
    found: dict[str, Any] = answer
    return found


WORDS = {
    "points": "You have 3 points for each factor: write how many in the box. 2 points at most on one line.",
    "approval": "Tick every line that you support.",
    "choose": "Tick 2 lines at most.",
    "rank": "Write 1 beside the line that matters most to you, then 2, and so on, to 3 at most.",
    "scores": "Circle a score from 1, very weak, to 5, very strong.",
    "questions": "Circle a score from 1",
    "criteria": "Circle a score for each criterion",
    "consent": "2: I agree, with a reserve; write it below the line.",
    "hundred": "Share a hundred points over the lines",
    "quadratic": "You have 9 points. One vote for a line costs 1, two cost 4, three cost 9",
}


def test_there_is_a_sheet_for_every_way_of_voting(votes: Any) -> None:
    host, path = votes
    assert set(WORDS) == set(VOTES)
    for number in range(1, 6):
        host.post_json(f"{path}/desk/here", {"seat": str(number), "here": True})
    assert "code" not in submit(host, path, "round.start", round="post")
    for number, action in enumerate(ACTIONS, 1):
        card = {"factor": "F03", "text": action, "secret_hash": f"{number:064x}"}
        assert submit(host, path, "card.enter", round="post", epoch=1, **card, seat=str(number)).get("sealed")
    for verb in ("close", "publish"):
        assert "code" not in submit(host, path, f"round.{verb}", round="post", epoch=1)
    for name, (_, targets, _, _) in VOTES.items():
        if targets == "chosen":
            # A list that nobody has chosen is none; once chosen, it is frozen and printed.
            assert "/paper/made/" not in host.post(f"{path}/paper/ballots/{name}/make").location
            ids = [card["id"] for card in boards.moment(board_of(host, path)).state["cards"].values()]
            assert "code" not in submit(host, path, "round.start", round=name, targets=ids)
        (page,) = printed(host, path, name, "lang=en&for=none&blank=1")
        assert WORDS[name] in page, name
        on_it = {"factors": ["Transparency"], "questions": ["Was it useful?", "Was it fair?"]}
        for label in on_it.get(targets, ACTIONS):
            assert label in page, name
        if targets == "chosen":
            submit(host, path, "round.void", round=name, epoch=1)


def board_of(host: Browser, path: str) -> str:
    found = re.search(r'"board": ?"([0-9a-f]+)"', host.get(f"{path}/console").text)
    assert found
    return found[1]


def test_a_sheet_names_its_list_as_the_desk_does(facilitator: Any, demo: Any) -> None:
    host, path = facilitator
    board = seats.main_board(demo)
    assert board
    before = printed(host, path, "A5", "lang=en&for=none&blank=1")[0]
    for mark in [str(n) for n in range(1, 6)]:
        host.post_json(f"{path}/desk/here", {"seat": mark, "here": True})
    submit(host, path, "round.start", round="A5")
    told = host.get(f"{path}/desk/state").json["paper"]["list"]
    assert f"List {told} " in before
    assert f"List {told} " in printed(host, path, "A5", "lang=en&for=none&blank=1")[0]


def test_everybody_has_a_sheet_or_only_the_seats_that_are_named(facilitator: Any, people: Any) -> None:
    host, path = facilitator
    pages = printed(host, path, "A5", "lang=en&for=all")
    assert len(pages) == len(people("participant")) == 44
    wanted = printed(host, path, "A5", "lang=en&for=none&seats=31,%2012")
    assert sorted(re.match(r"Seat (\d+)", page)[1] for page in wanted) == ["12", "31"]  # type: ignore[index]
    assert host.post(f"{path}/paper/ballots/A5/make", {"blank": "x"}).status_code == 404
    assert host.post(f"{path}/paper/ballots/A5/make", {"lang": "xx"}).status_code == 404
    assert host.post(f"{path}/paper/ballots/B1/make").status_code == 404


def test_where_somebody_is(demo: Any, people: Any, browser: Any, entry: Any) -> None:
    first, second, third = people("participant")[:3]
    browser().enter(entry["links"]["participants"][0])
    desks.count_in(second)
    places = desks.places_of([first, *people("participant")[1:3]])
    assert [places[p.id] for p in (first, second, third)] == ["device", "here", "away"]


def test_with_factors_of_their_own_each_tables_sheet_has_its_own_lines_under_the_same_numbers(
    facilitator: Any, demo: Any, people: Any
) -> None:
    host, path = facilitator
    board = seats.main_board(demo)
    assert board
    round_ = boards.moment(board).state["rounds"]["A5"]
    plan = {name: round_.get(name) for name in PLAN} | {"scope": {"T1": ["F01"], "T2": ["F03", "F02"]}}
    assert "code" not in submit(host, path, "round.edit", round="A5", seen=round_["rev"], **plan)
    first, second, third = (next(p for p in people("participant") if p.table == f"T{n}") for n in (1, 2, 3))
    named = ",".join(desks.seat_mark(p) for p in (first, second, third))
    one, two, blank_one, blank_two = printed(host, path, "A5", f"lang=en&seats={named}&blank=1")
    for page, on_it, not_on_it in (
        (one, {"1 Leadership"}, {"2 Regulatory", "3 Transparency"}),
        (blank_one, {"1 Leadership"}, {"2 Regulatory", "3 Transparency"}),
        (two, {"2 Regulatory", "3 Transparency"}, {"1 Leadership"}),
        (blank_two, {"2 Regulatory", "3 Transparency"}, {"1 Leadership"}),
    ):
        assert all(words in page for words in on_it), page
        assert not any(words in page for words in not_on_it), page
