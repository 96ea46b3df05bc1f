"""A workshop that follows another one: its sheets go on, what spoke for them is read, and nothing else comes along."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.domain.changes import Change, applied, put
from app.domain.errors import Rejected
from app.domain.followup import carried
from app.domain.kinds.earlier import EARLIER
from app.domain.operations import Actor, Ballot, Contents, Context, Opening, Operation
from app.domain.records import EVERYONE, State, empty_state, view_of
from app.domain.rules import decide
from tests.domain.test_sheets import FACILITATOR, board, do, made, sheet_of
from tests.seminar import ADMINISTRATOR, SETUP, round_plan, words

__all__ = ["board"]

NAMED = {"fr": "Aïssa Moussa", "en": "Aïssa Moussa"}
RAPPORTEUR = Actor(person="r", role="rapporteur", name=NAMED)
KEPT_BACK = "Ceci reste dans la salle."


def seen_by_all(state: State) -> State:
    view = view_of("participant", None) & EVERYONE
    return {
        table: {id_: r for id_, r in rows.items() if r.get("audience", "all") in view}
        for table, rows in state.items()
    }


def comment(id_: str, target: tuple[str, str], by: str, text: str, **more: Any) -> tuple[str, dict[str, Any]]:
    table, record = target
    said = {"id": id_, "target": {"table": table, "id": record}, "by": by, "text": text, "kind": None}
    name = NAMED if by != "participant" else None
    return "comments", {**said, "name": name, "round": None, "audience": "all", **more}


def score(factor: str, value: float) -> dict[str, Any]:
    return {
        **{
            "target": factor,
            "table": "factors",
            "factor": factor,
            "value": value,
            "answers": 10,
            "total": 30,
        },
        **{"counts": {"2": 3, "3": 4, "4": 3}, "rank": 1, "tied": False, "internal": 3.5, "external": 2.5},
    }


@pytest.fixture
def before(board: State) -> State:
    """A workshop that is over: two sheets, one of them reported on, with votes, remarks, a reserve and notes."""
    state = made(board, "k", "c3")
    sheet = sheet_of(state, "k")["id"]
    state = do(state, FACILITATOR, "sheet.sort", sheet=sheet, disposition="implement", seen=None)
    state = do(state, FACILITATOR, "sheet.fill", sheet=sheet, field="lead", text="Direction", seen="")
    report = {"status": "under_way", "percent": 30, "text": "Commencé", "day": "2020-12-01"}
    state = do(state, RAPPORTEUR, "sheet.progress", sheet=sheet, **report)
    row = {"target": "k", "table": "clusters", "factor": "F01", "total": 12, "value": 12, "answers": 8}
    figures = {"counts": {}, "rank": 1, "tied": False, "internal": None, "external": None}
    vote = {"id": "v:1", "round": "prioritise2", "epoch": 1, "method": "points", "seats": 12, "ballots": 10}
    assessed = {"id": "a:1", "round": "cluster1", "epoch": 1, "method": "score_1_5", "seats": 12}
    at_sheet = ("sheets", sheet)
    records = [
        (
            "rounds",
            {"id": "consent", "kind": "vote", "method": "consent", "order": 3, "name": words("Adhésion")},
        ),
        ("tallies", {**vote, "rows": [{**row, **figures}]}),
        ("tallies", {**assessed, "ballots": 10, "rows": [score("F01", 3.0), score("F02", 2.5)]}),
        comment("e", ("clusters", "k"), "expert", "Norme 7.3 de Kyoto"),
        comment("p", ("clusters", "k"), "participant", "Une remarque de passage"),
        comment("r", at_sheet, "participant", "Pas avant la formation", round="consent"),
        comment("d", ("clusters", "k"), "expert", KEPT_BACK, audience="desk"),
    ]
    state = applied(state, [put(table, record) for table, record in records])
    state["board"]["board"] |= {"title": words("Niamey 2020")}
    for kind, text in (("amendment", "Seuls les bureaux raccordés"), ("said", KEPT_BACK)):
        target = {"table": "sheets", "id": sheet}
        asked = Operation(kind, "note.write", {"target": target, "kind": kind, "text": text})
        changes = decide(state, asked, RAPPORTEUR, Context(0))
        assert isinstance(changes, list)
        state = applied(state, changes)
    return state


def opened(earlier: dict[str, Any], **setup: Any) -> State:
    payload = {**SETUP, "earlier": earlier, **setup}
    changes = decide(empty_state(), Operation("new", "board.setup", payload), ADMINISTRATOR, Context(0))
    assert isinstance(changes, list)
    return applied(empty_state(), changes)


@pytest.fixture
def earlier(before: State) -> dict[str, Any]:
    return carried(seen_by_all(before), "2020-09-23")


def test_its_sheets_open_as_they_were_left_and_may_be_written_on(earlier: dict[str, Any]) -> None:
    state = opened(earlier)
    first, second = sorted(state["sheets"].values(), key=lambda sheet: sheet["number"])
    assert (first["title"], first["disposition"], first["lead"]) == (
        "Publier les délais",
        "implement",
        "Direction",
    )
    assert (first["status"], first["percent"], first["table"]) == ("under_way", 30, "T1")
    assert (second["number"], second["title"], second["state"]) == (2, "Action 3", "draft")
    do(state, FACILITATOR, "sheet.fill", sheet=first["id"], field="lead", text="DG", seen="Direction")


def test_a_chapter_holds_what_spoke_for_a_sheet_then(earlier: dict[str, Any]) -> None:
    state = opened(earlier)
    sheet = min(state["sheets"].values(), key=lambda sheet: sheet["number"])
    (chapter,) = state["earlier"][sheet["source"]["id"]]["chapters"]
    assert (chapter["title"], chapter["day"]) == (words("Niamey 2020"), "2020-09-23")
    assert [card["text"] for card in chapter["cards"]] == ["Action 1", "Action 2"]
    (vote,) = chapter["votes"]
    assert (vote["value"], vote["rank"], vote["ballots"], vote["seats"]) == (12, 1, 10, 12)
    said = {(note["by"], note["kind"], note["text"]) for note in chapter["notes"]}
    assert said == {
        ("expert", "", "Norme 7.3 de Kyoto"),
        ("participant", "reserve", "Pas avant la formation"),
        ("rapporteur", "amendment", "Seuls les bureaux raccordés"),
    }
    assert chapter["progress"] == [
        {"status": "under_way", "percent": 30, "text": "Commencé", "day": "2020-12-01"}
    ]


def test_no_name_and_nothing_that_was_kept_back_comes_along(earlier: dict[str, Any]) -> None:
    text = json.dumps([earlier, opened(earlier)], ensure_ascii=False)
    assert "Norme 7.3" in text
    for canary in (NAMED["fr"], KEPT_BACK, "Une remarque de passage", "Action 4"):
        assert canary not in text, canary


def test_what_was_kept_back_is_not_read_even_by_who_sees_it(before: State) -> None:
    """The view decides, so the caller must give everybody's: with the facilitator's own, the note would be there."""
    assert KEPT_BACK in json.dumps(carried(before, ""), ensure_ascii=False)
    assert KEPT_BACK not in json.dumps(carried(seen_by_all(before), ""), ensure_ascii=False)


def test_the_next_workshop_but_one_reads_both_chapters(earlier: dict[str, Any]) -> None:
    state = opened(earlier, title=words("Niamey 2021"))
    sheet = min(state["sheets"].values(), key=lambda sheet: sheet["number"])
    state = do(
        state, RAPPORTEUR, "sheet.progress", sheet=sheet["id"], status="done", percent=100, text="", day="2021-10-01"
    )  # fmt: skip
    again = carried(seen_by_all(state), "2021-10-01")
    chapters = again["sheets"][0]["chapters"]
    assert [chapter["title"]["fr"] for chapter in chapters] == ["Niamey 2020", "Niamey 2021"]
    assert [[step["status"] for step in chapter["progress"]] for chapter in chapters] == [
        ["under_way"],
        ["done"],
    ]
    assert opened(again)["sheets"]


def test_a_dropped_sheet_stays_where_it_is(before: State) -> None:
    state = do(before, FACILITATOR, "sheet.turn", sheet=sheet_of(before, "c3")["id"], state="dropped")
    assert [sheet["number"] for sheet in carried(seen_by_all(state), "")["sheets"]] == [1]


def test_a_table_that_is_not_there_any_more_fills_no_sheet(earlier: dict[str, Any]) -> None:
    state = opened(earlier, tables=[])
    assert {sheet["table"] for sheet in state["sheets"].values()} == {None}


@pytest.mark.parametrize(
    ("field", "value"),
    [("factor", "F99"), ("others", ["F99"]), ("axis", "A9")],
    ids=["factor", "others", "axis"],
)
def test_sheets_that_do_not_fit_the_board_are_refused(
    earlier: dict[str, Any], field: str, value: Any
) -> None:
    earlier["sheets"][0][field] = value
    with pytest.raises(Rejected) as refused:
        opened(earlier)
    assert refused.value.code == "bad_plan"


def test_what_it_takes_along_is_what_the_schema_knows(earlier: dict[str, Any]) -> None:
    assert EARLIER.load(earlier) == earlier
    earlier["people"] = ["somebody"]
    with pytest.raises(Rejected):
        opened(earlier)


def test_the_assessment_of_today_stands_beside_that_of_then(earlier: dict[str, Any]) -> None:
    scores = {"method": "score_1_5", "targets": "factors", "review": True, "at_zero": "close"}
    state = opened(earlier, rounds=[round_plan("assess", "assess", **scores)])
    ballots = [
        Ballot({"F01": 2 + number % 3, "F02": 3}, side)
        for side in ("internal", "external")
        for number in range(6)
    ]
    row = published(state, ballots)["F01"]
    assert (row["value"], row["then"]["value"]) == (3.0, 3.0)
    assert row["then"]["gap"] == [1.0, 0.0], "both workshops told their sides apart"
    assert row["interval"]
    assert published(state, ballots)["F02"]["then"]["gap"] == [1.0, None], "of one mind today: withheld"


def published(state: State, ballots: list[Ballot]) -> dict[str, dict[str, Any]]:
    """factor -> its row, of the one round run to its end."""

    def run(state: State, kind: str, **payload: Any) -> State:
        decision = decide(state, Operation(kind, kind, payload), FACILITATOR, Context(1_800_000_000_000, 12))
        if isinstance(decision, Opening):
            decision = decision.then(Contents(ballots=ballots))
        assert isinstance(decision, list)
        assert all(isinstance(change, Change) for change in decision)
        return applied(state, decision)

    state = run(state, "round.start", round="assess")
    state = run(state, "round.close", round="assess", epoch=1)
    state = run(state, "round.publish", round="assess", epoch=1)
    (tally,) = state["tallies"].values()
    return {row["target"]: row for row in tally["rows"]}
