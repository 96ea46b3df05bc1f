"""Versions of the action sheets: what is frozen keeps its number, and what is changed afterwards is shown beside what was."""

from __future__ import annotations

import pytest

from app.domain.changes import applied
from app.domain.operations import Context, Erasure, Operation
from app.domain.records import State
from app.domain.rules import decide
from tests.domain.test_sheets import FACILITATOR, SCRIBE, board, do, made, refusal, sheet_of

__all__ = ["board"]


def filled(state: State, field: str, text: str, seen: str = "", source: str = "k") -> State:
    sheet = sheet_of(state, source)["id"]
    return do(state, FACILITATOR, "sheet.fill", sheet=sheet, field=field, text=text, seen=seen)


@pytest.fixture
def frozen(board: State) -> State:
    """Two sheets, one of them led by the direction, frozen as version 1."""
    return do(filled(made(board, "k", "c3"), "lead", "Direction"), FACILITATOR, "sheet.freeze", number=1)


def opened(state: State, source: str = "k") -> State:
    return do(state, FACILITATOR, "sheet.turn", sheet=sheet_of(state, source)["id"], state="draft")


def test_all_kept_sheets_get_one_number_and_nobody_writes_on_them(frozen: State) -> None:
    assert {(s["version"], s["state"]) for s in frozen["sheets"].values()} == {(1, "frozen")}
    sheet = sheet_of(frozen, "k")["id"]
    refused = refusal(frozen, SCRIBE, "sheet.fill", sheet=sheet, field="risk", text="Retard", seen="")
    assert refused.code == "not_in_this_state"


def test_a_dropped_sheet_is_in_no_version(board: State) -> None:
    state = made(board, "k", "c3")
    state = do(state, FACILITATOR, "sheet.turn", sheet=sheet_of(state, "c3")["id"], state="dropped")
    state = do(state, FACILITATOR, "sheet.freeze", number=1)
    assert sheet_of(state, "c3")["version"] == 0
    (version,) = state["versions"].values()
    assert version["sheets"] == [sheet_of(state, "k")["id"]]


def test_two_who_freeze_at_once_make_one_version(frozen: State) -> None:
    assert refusal(frozen, FACILITATOR, "sheet.freeze", number=1).code == "changed_meanwhile"


def test_nothing_is_frozen_where_there_is_no_sheet(board: State) -> None:
    assert refusal(board, FACILITATOR, "sheet.freeze", number=1).code == "not_in_this_state"


def test_what_is_changed_later_stands_beside_what_the_version_says(frozen: State) -> None:
    state = filled(opened(frozen), "lead", "Direction des TI", "Direction")
    assert sheet_of(state, "k")["since"] == {"lead": "Direction"}
    state = filled(state, "lead", "Direction générale", "Direction des TI")
    assert sheet_of(state, "k")["since"] == {"lead": "Direction"}, "what the version says, not the last words"
    state = filled(state, "lead", "Direction", "Direction générale")
    assert sheet_of(state, "k")["since"] == {}, "nothing is different any more"


def test_a_disposition_and_a_place_are_part_of_a_version_too(frozen: State) -> None:
    state = opened(frozen)
    sheet = sheet_of(state, "k")["id"]
    state = do(state, FACILITATOR, "sheet.sort", sheet=sheet, disposition="park", seen=None)
    where = {"factor": "F02", "others": ["F01"], "axis": None, "table": "T1"}
    state = do(state, FACILITATOR, "sheet.place", sheet=sheet, **where)
    assert sheet_of(state, "k")["since"] == {"disposition": None, "factor": "F01", "others": []}


def test_before_the_first_version_nothing_is_kept(board: State) -> None:
    state = filled(filled(made(board, "k"), "lead", "Direction"), "lead", "DG", "Direction")
    assert sheet_of(state, "k")["since"] == {}


def test_every_version_can_be_read_from_the_changes_between_them(frozen: State) -> None:
    state = filled(opened(frozen), "lead", "Direction des TI", "Direction")
    sheet = sheet_of(state, "k")["id"]
    state = do(state, FACILITATOR, "sheet.freeze", number=2)
    # The test's operations share one id: the second version stands in the place of the first.
    (second,) = state["versions"].values()
    assert (second["number"], second["before"]) == (2, {sheet: {"lead": "Direction"}})
    assert sheet_of(state, "k")["since"] == {}


def test_a_sheet_frozen_alone_is_a_version_of_its_own_and_the_next_common_number_is_above_it(
    frozen: State,
) -> None:
    state = opened(frozen)
    state = do(state, FACILITATOR, "sheet.turn", sheet=sheet_of(state, "k")["id"], state="frozen")
    assert sheet_of(state, "k")["version"] == 2
    assert refusal(state, FACILITATOR, "sheet.freeze", number=2).code == "changed_meanwhile"
    state = do(state, FACILITATOR, "sheet.freeze", number=3)
    assert {sheet["version"] for sheet in state["sheets"].values()} == {3}


def test_an_erased_card_leaves_no_title_behind_in_any_version(board: State) -> None:
    state = do(made(board, "c3"), FACILITATOR, "sheet.freeze", number=1)
    state = filled(opened(state, "c3"), "title", "Un autre titre", "Action 3", "c3")
    assert sheet_of(state, "c3")["since"] == {"title": "Action 3"}
    state["cards"]["c3"] |= {"translation": {}, "round": "gone", "epoch": 1}
    erased = erasing(state, "c3")
    assert sheet_of(erased, "c3")["since"] == {"title": ""}
    again = do(state, FACILITATOR, "sheet.freeze", number=2)
    erased = erasing(again, "c3")
    (version,) = erased["versions"].values()
    assert version["before"] == {sheet_of(erased, "c3")["id"]: {"title": ""}}


def erasing(state: State, card: str) -> State:
    decision = decide(state, Operation("erase", "card.erase", {"card": card}), FACILITATOR, Context(0))
    assert isinstance(decision, Erasure)
    return applied(state, decision.changes)
