"""The agenda as a file, the history of the day, the checklist; and that practice leaves nothing in any of them."""

from __future__ import annotations

import csv
import datetime
import io
import zoneinfo
from typing import Any

import pytest

from app import seats
from app.boards import boards
from app.domain import policy
from app.domain.kinds.agenda import PLAN
from app.domain.kinds.board import ROUND_KINDS
from app.domain.operations import Actor, Operation
from app.domain.plans import DEFAULTS
from app.exports.history import NO_DECISIONS
from app.pages import history as history_page
from app.store import people as people_rows
from app.store.workshops import Workshop
from tests.seminar import Secret, words

Facilitator = tuple[Any, str]


@pytest.fixture
def board(demo: Workshop) -> str:
    found = seats.main_board(demo)
    assert found
    return found


def send(board: str, actor: Actor, kind: str, /, **payload: Any) -> dict[str, Any]:
    (answer,) = boards.submit_now(board, actor, [Operation(seats.new_id(), kind, payload)])
    return answer


@pytest.fixture
def chair(people: Any) -> Actor:
    return seats.actor_of(people("facilitator")[0])


def plans_of(board: str) -> list[dict[str, Any]]:
    rounds = sorted(boards.moment(board).state["rounds"].values(), key=lambda r: r["order"])
    return [{"id": r["id"], **{name: r.get(name) for name in PLAN}} for r in rounds]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def upload(content: str) -> dict[str, Any]:
    return {"agenda": (io.BytesIO(content.encode()), "mine.csv")}


def file_of(facilitator: Facilitator, flavour: str = "plain", **query: str) -> str:
    browser, seat = facilitator
    answer = browser.get(f"{seat}/agenda.csv", query_string={"flavour": flavour, **query})
    assert answer.status_code == 200
    return str(answer.data.decode("utf-8-sig"))


@pytest.mark.parametrize("flavour", ["plain", "excel"])
def test_an_agenda_comes_in_again_as_it_went_out(
    facilitator: Facilitator, board: str, chair: Actor, flavour: str
) -> None:
    factors = list(boards.moment(board).state["factors"])
    for kind in ROUND_KINDS:
        rules = {**DEFAULTS[kind], "name": words(f"=Un {kind}"), "instruction": words('- Écoutez; "bien"')}
        plan = {"day": 2, "starts": "16:00", "kind": kind, "scope": None, "factors": factors[:3], **rules}
        assert "seq" in send(board, chair, "round.add", **plan, after="A2"), kind
    scoped = {"T1": ["F01", "F10"], "T3": ["F03"]}
    extra = {**DEFAULTS["post"], "release": "at_once", "at_zero": "advance", "scope": scoped}
    asked = {
        **{**DEFAULTS["vote"], "method": "approval", "targets": "questions", "points": 0, "cap": 0},
        "questions": [words("Un ?"), {"fr": "Deux", "en": "Two"}],
    }
    for plan in ({"kind": "post", **extra}, {"kind": "vote", "scope": None, **asked}):
        whole = {
            "day": 1,
            "starts": "08:30",
            "name": words("x"),
            "instruction": words(""),
            "factors": factors,
        }
        assert "seq" in send(board, chair, "round.add", **{**whole, **plan}, after="A2"), plan["kind"]
    before = plans_of(board)
    browser, seat = facilitator
    answer = browser.post(f"{seat}/agenda", upload(file_of(facilitator, flavour)))
    assert answer.status_code == 303, answer.text
    assert plans_of(board) == before


def test_an_imported_agenda_leaves_what_has_begun_and_what_is_wrong_changes_nothing(
    facilitator: Facilitator, board: str, chair: Actor
) -> None:
    assert "seq" in send(board, chair, "round.start", round="A2")
    browser, seat = facilitator
    assert 'data-confirm="Every round that has not begun' in browser.get(f"{seat}/agenda").text
    text = file_of(facilitator)
    before = boards.moment(board).head
    answer = browser.post(f"{seat}/agenda", upload(text.replace('"T1:F01 T2:F02', '"T1:F77 T2:F02', 1)))
    assert answer.status_code == 422
    assert "mine.csv" in answer.text
    assert "F77" in answer.text
    assert boards.moment(board).head == before
    kept = [line for line in text.splitlines() if '"A3"' not in line]
    assert browser.post(f"{seat}/agenda", upload("\r\n".join(kept))).status_code == 303
    rounds = boards.moment(board).state["rounds"]
    assert rounds["A2"]["state"] == "running"
    assert "A3" not in rounds


def test_the_history_says_who_decided_what_and_nothing_of_what_people_wrote(
    facilitator: Facilitator, board: str, chair: Actor, people: Any
) -> None:
    writers = people("participant")[:6]
    for person in writers:
        boards.write(lambda c, p=person: people_rows.change_person(c, p.id, joined=True))
    assert "seq" in send(board, chair, "round.start", round="B1")
    round_ = boards.moment(board).state["rounds"]["B1"]
    for person in writers:
        actor = seats.actor_of(person)
        factor = round_["scope"][actor.table][0]
        card = {"factor": factor, "text": f"Secret de {person.number}", "secret_hash": Secret().hash}
        assert send(board, actor, "card.post", round="B1", epoch=1, **card).get("sealed")
    for verb in ("close", "publish"):
        assert "seq" in send(board, chair, f"round.{verb}", round="B1", epoch=1)
    browser, seat = facilitator
    page = browser.get(f"{seat}/history/").text
    told = rows(browser.get(f"{seat}/history/history.csv", query_string={"flavour": "plain"}).text)
    decided = [(row["operation"], row["by"]) for row in told]
    name = chair.name["en"] if chair.name else ""
    for verb in ("start", "close", "publish"):
        assert (f"round.{verb}", name) in decided
    for person in writers:
        for text in (page, str(told)):
            assert f"Secret de {person.number}" not in text
            assert person.name["en"] not in text
    assert not any(row["operation"].startswith("card.post") for row in told)
    assert "Silent writing" in page
    today = datetime.datetime.now(zoneinfo.ZoneInfo("Africa/Niamey")).date()
    assert f"{today:%A} {today.day} {today:%B %Y}" in page


def test_practice_leaves_nothing_in_agenda_history_or_exports(
    facilitator: Facilitator, board: str, chair: Actor
) -> None:
    browser, seat = facilitator
    plan = file_of(facilitator)
    opened = browser.post_json(f"{seat}/practice", {"action": "start"}).json
    practice = opened["url"].partition("board=")[2]
    added = {"day": 1, "starts": "09:00", "scope": None, "factors": [], "kind": "break", **DEFAULTS["break"]}
    trial = {**added, "name": words("Essai à blanc"), "instruction": words("")}
    assert "seq" in send(practice, chair, "round.add", **trial, after=None)
    assert "seq" in send(practice, chair, "round.start", round="A2")
    assert "Essai à blanc" in file_of(facilitator, board=practice)
    for _ in range(2):  # while it is open, and when it is gone
        assert file_of(facilitator) == plan
        listed = browser.get(f"{seat}/history/history.csv", query_string={"flavour": "plain"}).text
        assert {row["operation"] for row in rows(listed)} <= {"board.setup", "board.practice"}
        for name in ("cards", "votes", "comments"):
            assert rows(browser.get(f"{seat}/exports/{name}.csv?flavour=plain").text) == []
        browser.post_json(f"{seat}/practice", {"action": "end"})
    assert browser.get(f"{seat}/history/", query_string={"board": practice}).status_code == 404


def test_the_console_is_told_what_is_odd_about_the_next_round(facilitator: Facilitator) -> None:
    browser, seat = facilitator
    found = browser.get(f"{seat}/checklist/V1").json
    assert {finding["code"] for finding in found} == {"nothing_to_vote_on"}
    assert len(found) == 10
    assert browser.get(f"{seat}/checklist/A2").json == []
    assert browser.get(f"{seat}/checklist/nowhere").status_code == 404


def test_every_decision_of_staff_has_words_in_the_history(app: Any) -> None:
    with app.test_request_context():
        said = history_page.said()
    decided = {
        kind for kind, grants in policy.GRANTS.items() if set(grants) - {"participant", "scribe", "clock"}
    }
    assert decided - NO_DECISIONS <= set(said)
