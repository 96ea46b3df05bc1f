"""What became of an action: each report is kept, the last one stands on the sheet."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.changes import applied
from app.domain.kinds.progress import STATUSES, steps_of
from app.domain.operations import Actor, Context, Operation
from app.domain.records import State
from app.domain.rules import decide
from tests.domain.test_sheets import FACILITATOR, OTHER_SCRIBE, SCRIBE, board, made, refusal, sheet_of

__all__ = ["board"]

RAPPORTEUR = Actor(person="r", role="rapporteur", name={"fr": "Rapporteur", "en": "Rapporteur"})


@pytest.fixture
def sheets(board: State) -> State:
    return made(board, "k")


def reported(state: State, op_id: str, actor: Actor = RAPPORTEUR, **said: Any) -> State:
    payload = {**said_of(state), **said}
    changes = decide(state, Operation(op_id, "sheet.progress", payload), actor, Context(0))
    assert isinstance(changes, list)
    return applied(state, changes)


def said_of(state: State) -> dict[str, Any]:
    said = {"status": "under_way", "percent": 40, "text": "Deux bureaux équipés", "day": "2021-03-31"}
    return {"sheet": sheet_of(state, "k")["id"], **said}


def taken_back(state: State, report: str, actor: Actor = RAPPORTEUR) -> State:
    changes = decide(state, Operation("b", "progress.remove", {"progress": report}), actor, Context(0))
    assert isinstance(changes, list)
    return applied(state, changes)


def test_the_last_report_stands_on_the_sheet_and_all_of_them_in_its_history(sheets: State) -> None:
    state = reported(reported(sheets, "a"), "b", status="done", percent=100, text="", day="2021-06-30")
    sheet = sheet_of(state, "k")
    assert (sheet["status"], sheet["percent"]) == ("done", 100)
    told = [(s["number"], s["status"], s["text"], s["name"]) for s in steps_of(state, sheet["id"])]
    name = RAPPORTEUR.name
    assert told == [(1, "under_way", "Deux bureaux équipés", name), (2, "done", "", name)]


def test_an_action_is_not_given_up_without_a_reason(sheets: State) -> None:
    payload = {**said_of(sheets), "status": "dropped", "text": " "}
    assert refusal(sheets, RAPPORTEUR, "sheet.progress", **payload).code == "empty_text"
    assert reported(sheets, "a", status="dropped", text="Le partenaire s’est retiré")


def test_a_frozen_plan_still_takes_reports_and_a_dropped_sheet_takes_none(sheets: State) -> None:
    sheet = sheet_of(sheets, "k")["id"]
    for state, taken in (("frozen", True), ("dropped", False)):
        turned = applied(
            sheets,
            decide(  # type: ignore[arg-type]
                sheets,
                Operation("t", "sheet.turn", {"sheet": sheet, "state": state}),
                FACILITATOR,
                Context(0),
            ),
        )
        if taken:
            assert sheet_of(reported(turned, "a"), "k")["status"] == "under_way"
        else:
            refused = refusal(turned, RAPPORTEUR, "sheet.progress", **said_of(turned))
            assert refused.code == "not_in_this_state"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"day": "2021-02-29"}, "bad_payload"),
        ({"day": "hier"}, "bad_payload"),
        ({"percent": 101}, "bad_payload"),
        ({"status": "soon"}, "bad_payload"),
        ({"text": "x" * 401}, "too_long"),
        ({"sheet": "nothing"}, "gone"),
    ],
    ids=["no such day", "no day", "percent", "status", "long", "sheet"],
)
def test_what_cannot_be_is_refused(sheets: State, wrong: dict[str, Any], code: str) -> None:
    assert refusal(sheets, RAPPORTEUR, "sheet.progress", **{**said_of(sheets), **wrong}).code == code


def test_a_scribe_reports_on_the_own_tables_sheets_and_no_other(sheets: State) -> None:
    assert sheet_of(reported(sheets, "a", SCRIBE), "k")["status"] == "under_way"
    refused = refusal(sheets, OTHER_SCRIBE, "sheet.progress", **said_of(sheets))
    assert refused.code == "not_allowed"


def test_the_newest_report_is_taken_back_by_who_signed_it_and_the_sheet_stands_as_before(
    sheets: State,
) -> None:
    state = reported(reported(sheets, "a"), "b", status="done", percent=None)
    assert refusal(state, RAPPORTEUR, "progress.remove", progress="a").code == "changed_meanwhile"
    assert refusal(state, SCRIBE, "progress.remove", progress="b").code == "not_allowed"
    back = taken_back(state, "b")
    assert (sheet_of(back, "k")["status"], sheet_of(back, "k")["percent"]) == ("under_way", 40)
    back = taken_back(back, "a", FACILITATOR)
    assert (sheet_of(back, "k")["status"], sheet_of(back, "k")["percent"]) == (None, None)


def test_every_status_can_be_reported(sheets: State) -> None:
    for status in STATUSES:
        assert sheet_of(reported(sheets, status, status=status), "k")["status"] == status
