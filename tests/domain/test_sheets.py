"""Action sheets: made from what was chosen, filled field by field, and nobody's words overwritten unseen."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.changes import applied, put
from app.domain.errors import Rejected
from app.domain.kinds.sheets import DISPOSITIONS, LIMITS, is_complete
from app.domain.operations import Actor, Context, Operation
from app.domain.records import State, empty_state
from app.domain.rules import decide

FACILITATOR = Actor(person="f", role="facilitator")
SCRIBE = Actor(person="s", role="scribe", table="T1")
OTHER_SCRIBE = Actor(person="s2", role="scribe", table="T2")


def a_round(kind: str, order: int, scope: Any = None, state: str = "published") -> dict[str, Any]:
    return {
        "id": f"{kind}{order}",
        "kind": kind,
        "order": order,
        "scope": scope,
        "state": state,
        "at_zero": "ring",
        "method": None,
    }


def a_card(number: int, cluster: str | None, **more: Any) -> dict[str, Any]:
    card = {"id": f"c{number}", "number": number, "factor": "F01", "text": f"Action {number}"}
    return {**card, "cluster": cluster, "state": "published", "audience": "all", **more}


@pytest.fixture
def board() -> State:
    """Two named factors, tables T1 for F01 and T2 for F02, a cluster of two cards, a lone card, sheets being filled."""
    records = [
        (
            "board",
            {"id": "board", "title": {}, "axes": [{"id": "A1", "name": {"fr": "Axe 1", "en": "Axis 1"}}]},
        ),
        *(("factors", {"id": f, "number": n}) for n, f in enumerate(("F01", "F02"), 1)),
        *(("tables", {"id": t}) for t in ("T1", "T2")),
        ("rounds", a_round("cluster", 1, {"T1": ["F01"], "T2": ["F02"]})),
        ("rounds", a_round("prioritise", 2, state="running")),
        ("clusters", {"id": "k", "factor": "F01", "name": "Publier les délais", "merged_into": None}),
        *(("cards", a_card(n, "k")) for n in (1, 2)),
        ("cards", a_card(3, None, factor="F02")),
        ("cards", a_card(4, None, state="held", audience="staff")),
    ]
    return applied(empty_state(), [put(table, record) for table, record in records])


def do(board: State, actor: Actor, kind: str, /, **payload: Any) -> State:
    changes = decide(board, Operation("op", kind, payload), actor, Context(0))
    assert isinstance(changes, list)
    return applied(board, changes)


def refusal(board: State, actor: Actor, kind: str, /, **payload: Any) -> Rejected:
    with pytest.raises(Rejected) as refused:
        do(board, actor, kind, **payload)
    return refused.value


def made(state: State, *ids: str) -> State:
    targets = [{"table": "clusters" if i in state["clusters"] else "cards", "id": i} for i in ids]
    return do(state, FACILITATOR, "sheet.make", targets=targets)


def sheet_of(state: State, source: str) -> dict[str, Any]:
    return next(s for s in state["sheets"].values() if s["source"]["id"] == source)


def test_a_sheet_begins_with_the_name_the_factor_and_the_table_of_its_source(board: State) -> None:
    after = made(board, "k", "c3")
    first, second = sheet_of(after, "k"), sheet_of(after, "c3")
    assert (first["number"], first["title"], first["factor"], first["table"]) == (
        1,
        "Publier les délais",
        "F01",
        "T1",
    )
    assert (second["number"], second["title"], second["table"]) == (2, "Action 3", "T2")


def test_what_has_a_sheet_gets_no_second_one_and_a_dropped_one_comes_back(board: State) -> None:
    after = made(made(board, "k"), "k", "k")
    assert len(after["sheets"]) == 1
    sheet = sheet_of(after, "k")["id"]
    filled = do(after, SCRIBE, "sheet.fill", sheet=sheet, field="lead", text="Direction", seen="")
    dropped = do(filled, FACILITATOR, "sheet.turn", sheet=sheet, state="dropped")
    again = made(dropped, "k")
    assert (sheet_of(again, "k")["state"], sheet_of(again, "k")["lead"]) == ("draft", "Direction")


def test_a_held_card_gets_no_sheet(board: State) -> None:
    target = [{"table": "cards", "id": "c4"}]
    assert refusal(board, FACILITATOR, "sheet.make", targets=target).code == "gone"


def test_a_scribe_fills_the_own_tables_sheets_and_no_other(board: State) -> None:
    after = made(board, "k")
    sheet = sheet_of(after, "k")["id"]
    filled = do(after, SCRIBE, "sheet.fill", sheet=sheet, field="lead", text="Direction des TI", seen="")
    assert sheet_of(filled, "k")["lead"] == "Direction des TI"
    assert (
        refusal(after, OTHER_SCRIBE, "sheet.fill", sheet=sheet, field="lead", text="Moi", seen="").code
        == "not_allowed"
    )


def test_words_that_came_meanwhile_are_told_and_not_overwritten(board: State) -> None:
    after = made(board, "k")
    sheet = sheet_of(after, "k")["id"]
    after = do(after, SCRIBE, "sheet.fill", sheet=sheet, field="risk", text="Le budget manque", seen="")
    refused = refusal(after, FACILITATOR, "sheet.fill", sheet=sheet, field="risk", text="Rien", seen="")
    assert (refused.code, refused.data["now"]) == ("changed_meanwhile", "Le budget manque")
    same = do(after, FACILITATOR, "sheet.fill", sheet=sheet, field="risk", text="Le budget manque", seen="")
    assert same == after, "the same words from two people are no conflict"


@pytest.mark.parametrize("day", ["2021-13-01", "2021-02-32", "mars 2021", "2021-3-1"])
def test_a_deadline_is_a_day(board: State, day: str) -> None:
    after = made(board, "k")
    sheet = sheet_of(after, "k")["id"]
    refused = refusal(after, SCRIBE, "sheet.fill", sheet=sheet, field="deadline", text=day, seen="")
    assert refused.code == "bad_payload"
    good = do(after, SCRIBE, "sheet.fill", sheet=sheet, field="deadline", text="2021-03-31", seen="")
    assert sheet_of(good, "k")["deadline"] == "2021-03-31"


def test_a_field_is_cleared_by_an_empty_text_but_a_title_stays(board: State) -> None:
    after = made(board, "k")
    sheet = sheet_of(after, "k")["id"]
    after = do(after, SCRIBE, "sheet.fill", sheet=sheet, field="lead", text="Direction", seen="")
    after = do(after, SCRIBE, "sheet.fill", sheet=sheet, field="lead", text="  ", seen="Direction")
    assert sheet_of(after, "k")["lead"] == ""
    title = sheet_of(after, "k")["title"]
    assert (
        refusal(after, SCRIBE, "sheet.fill", sheet=sheet, field="title", text=" ", seen=title).code
        == "bad_payload"
    )


def test_a_disposition_changed_meanwhile_is_told_and_what_was_written_stays(board: State) -> None:
    after = made(board, "k")
    sheet = sheet_of(after, "k")["id"]
    after = do(after, SCRIBE, "sheet.sort", sheet=sheet, disposition="implement", seen=None)
    after = do(after, SCRIBE, "sheet.fill", sheet=sheet, field="means", text="3 agents", seen="")
    assert (
        refusal(after, FACILITATOR, "sheet.sort", sheet=sheet, disposition="park", seen=None).code
        == "changed_meanwhile"
    )
    after = do(after, FACILITATOR, "sheet.sort", sheet=sheet, disposition="park", seen="implement")
    assert sheet_of(after, "k")["means"] == "3 agents"


def test_a_frozen_sheet_is_a_version_that_nobody_writes_on(board: State) -> None:
    after = made(board, "k")
    sheet = sheet_of(after, "k")["id"]
    frozen = do(after, FACILITATOR, "sheet.turn", sheet=sheet, state="frozen")
    assert sheet_of(frozen, "k")["version"] == 1
    assert (
        refusal(frozen, SCRIBE, "sheet.fill", sheet=sheet, field="lead", text="X", seen="").code
        == "not_in_this_state"
    )
    assert (
        refusal(frozen, FACILITATOR, "sheet.turn", sheet=sheet, state="dropped").code == "not_in_this_state"
    )
    again = do(
        do(frozen, FACILITATOR, "sheet.turn", sheet=sheet, state="draft"),
        FACILITATOR,
        "sheet.turn",
        sheet=sheet,
        state="frozen",
    )
    assert sheet_of(again, "k")["version"] == 2


def test_a_sheet_serves_several_factors_and_one_axis_that_exists(board: State) -> None:
    after = made(board, "k")
    where = {
        "sheet": sheet_of(after, "k")["id"],
        "factor": "F02",
        "others": ["F01", "F02", "F01"],
        "table": "T2",
    }
    placed = sheet_of(do(after, FACILITATOR, "sheet.place", axis="A1", **where), "k")
    assert (placed["factor"], placed["others"], placed["axis"], placed["table"]) == (
        "F02",
        ["F01"],
        "A1",
        "T2",
    )
    assert refusal(after, FACILITATOR, "sheet.place", axis="A9", **where).code == "gone"
    assert refusal(after, SCRIBE, "sheet.place", axis=None, **where).code == "not_allowed"


def test_an_axis_in_use_does_not_go(board: State) -> None:
    after = made(board, "k")
    where = {"sheet": sheet_of(after, "k")["id"], "factor": "F01", "others": [], "table": None}
    after = do(after, FACILITATOR, "sheet.place", axis="A1", **where)
    new = [{"id": "A2", "name": {"fr": "Axe 2", "en": "Axis 2"}}]
    assert refusal(after, FACILITATOR, "board.axes", axes=new).data == {"target": "A1"}
    both = [*after["board"]["board"]["axes"], *new]
    assert do(after, FACILITATOR, "board.axes", axes=both)["board"]["board"]["axes"] == both
    assert refusal(after, FACILITATOR, "board.axes", axes=new + new).code == "bad_payload"


def test_a_sheet_is_complete_when_it_says_what_its_disposition_asks_for() -> None:
    blank = {**dict.fromkeys(LIMITS, ""), "disposition": None}
    assert not is_complete(blank)
    for disposition, asked in DISPOSITIONS.items():
        filled = {**blank, **dict.fromkeys(asked, "x"), "disposition": disposition}
        assert is_complete(filled)
        assert not is_complete({**filled, asked[0]: ""})
