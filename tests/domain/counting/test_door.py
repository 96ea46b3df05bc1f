"""Votes through the one door: what a vote is about, what a ballot weighs, and what becomes of a reserve."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.domain.counting.tally import quadrant
from app.domain.kinds.ballots import targets_of
from app.domain.records import empty_state
from app.store import urn as rows
from app.urn import Epoch
from tests.seminar import FACILITATOR, ROUNDS, Door, round_plan, seat, words

QUESTIONS = [words("Utile ?"), words("Juste ?")]
SHEETS = {
    name: {"id": name, "factor": factor, "number": number, "state": state}
    for name, factor, number, state in (
        ("b", "F02", 2, "draft"),
        ("c", "F01", 3, "dropped"),
        ("a", "F01", 1, "frozen"),
    )
}


def door(folder: Path, seats: int = 8, **rules: Any) -> Door:
    """A board whose last round is a vote by these rules, with six published cards."""
    vote = round_plan("ours", "vote", order=9, **{"method": "approval", "targets": "cards", **rules})
    opened = Door.with_board(folder, seats, rounds=[*ROUNDS, vote])
    opened.publish_cards(*(f"Action {n}" for n in range(6)))
    return opened


def cast(opened: Door, number: int, choices: dict[str, Any]) -> dict[str, Any]:
    epoch = opened.round("ours")["epoch"]
    return opened.send(seat(number), "ballot.cast", round="ours", epoch=epoch, revision=1, choices=choices)


def published(opened: Door) -> dict[str, Any]:
    opened.command("close", "ours")
    opened.command("publish", "ours")
    return opened.state["tallies"]["ours:1"]


def test_questions_are_targets_of_their_own_and_everybody_answers_them(tmp_path: Path) -> None:
    """Also somebody whose table has no factor in the round."""
    opened = door(
        tmp_path, method="score_1_5", targets="questions", questions=QUESTIONS, scope={"T2": ["F02"]}
    )
    opened.command("start", "ours")
    frozen = opened.round("ours")["ballot"]
    assert [(t["id"], t["bucket"], t["words"]["fr"]) for t in frozen] == [
        ("ours.q1", "*", "Utile ?"),
        ("ours.q2", "*", "Juste ?"),
    ]
    assert cast(opened, 1, {"ours.q1": 5}).get("sealed")
    assert cast(opened, 2, {"ours.q1": 2, "ours.q2": 3}).get("sealed")
    assert cast(opened, 3, {"ours.q3": 1})["code"] == "bad_target"
    first, second = published(opened)["rows"]
    assert (first["value"], first["answers"], first["words"]) == (3.5, 2, QUESTIONS[0])
    assert (second["value"], second["answers"]) == (3, 1)


def test_a_vote_on_questions_without_any_does_not_start(tmp_path: Path) -> None:
    opened = door(tmp_path, method="score_1_5", targets="questions")
    assert opened.send(FACILITATOR, "round.start", round="ours")["code"] == "no_targets"


def test_the_action_sheets_that_are_kept_are_voted_on_by_their_numbers() -> None:
    plan = round_plan("ours", "vote", method="consent", targets="sheets")
    assert [t["id"] for t in targets_of({**empty_state(), "sheets": SHEETS}, plan, None)] == ["a", "b"]


def test_a_vote_that_could_not_be_counted_does_not_start(tmp_path: Path) -> None:
    opened = door(tmp_path, method="rank", points=0)
    refused = opened.send(FACILITATOR, "round.start", round="ours")
    assert (refused["code"], refused["data"]["field"]) == ("not_in_this_state", "points")


def test_one_budget_for_the_whole_list_is_refused_beyond_it(tmp_path: Path) -> None:
    opened = door(tmp_path, method="points:round", points=3)
    opened.command("start", "ours")
    a, b, *_ = [t["id"] for t in opened.round("ours")["ballot"]]
    refused = cast(opened, 1, {a: 2, b: 2})
    assert (refused["code"], refused["data"]) == ("over_points", {"factor": "*", "left": -1})
    assert cast(opened, 1, {a: 2, b: 1}).get("sealed")


@pytest.mark.parametrize(
    ("method", "small", "large"),
    [
        ("consent", {0: "agree"}, {n: {"reserve": "é" * 200} for n in range(6)}),
        ("criteria_1_5", {0: {"impact": 1}}, {n: {"impact": 5, "feasibility": 5} for n in range(6)}),
        ("hundred", {}, {0: 95, 1: 5}),
    ],
)
def test_every_ballot_of_a_round_has_one_size(
    tmp_path: Path, method: str, small: dict[int, Any], large: dict[int, Any]
) -> None:
    """A reserve, or a long list of scores, must not be seen from outside."""
    opened = door(tmp_path, method=method)
    opened.command("start", "ours")
    ids = [t["id"] for t in opened.round("ours")["ballot"]]
    for number, choices in ((1, small), (2, large)):
        assert cast(opened, number, {ids[n]: choice for n, choice in choices.items()}).get("sealed")
    kept = opened.database.read(lambda c: rows.all_ballots(c, Epoch("b" * 32, "ours", 1)))
    assert len({len(sealed) for _, sealed in kept}) == 1 < len(kept)


def reserves(opened: Door, authors: int) -> list[dict[str, Any]]:
    """Each writes on the first target "A<n>" and on the second "B<n>"; the others agree."""
    opened.command("start", "ours")
    first, second, *_ = [t["id"] for t in opened.round("ours")["ballot"]]
    for number in range(1, 9):
        said = {first: {"reserve": f"A{number}"}, second: {"reserve": f"B{9 - number}"}}
        assert cast(opened, number, said if number <= authors else {first: "agree"}).get("sealed")
    published(opened)
    return [c for c in opened.state["comments"].values() if c["round"] == "ours"]


def test_the_words_of_five_reserves_come_out_apart_from_everything_else(tmp_path: Path) -> None:
    opened = door(tmp_path, method="consent")
    said = reserves(opened, authors=5)
    # By their words alone: what stood on one ballot (A1 and B8) is nowhere side by side, and nothing names a side.
    assert [c["text"] for c in said] == [*(f"A{n}" for n in range(1, 6)), *(f"B{n}" for n in range(4, 9))]
    assert all(
        (c["by"], c["name"]) == ("participant", None) and not {"side", "seat"} & c.keys() for c in said
    )
    row = opened.state["tallies"]["ours:1"]["rows"][0]
    assert row["counts"] == {"agree": 3, "reserve": 5}
    assert "A1" not in str(opened.state["tallies"])


def test_the_words_of_four_are_not_shown_and_the_room_is_told_how_many(tmp_path: Path) -> None:
    opened = door(tmp_path, method="consent")
    assert reserves(opened, authors=4) == []
    assert opened.round("ours")["unshown"] == 8
    assert opened.state["tallies"]["ours:1"]["rows"][0]["counts"] == {"agree": 4, "reserve": 4}


def test_the_middle_of_the_scale_counts_as_high() -> None:
    def means(impact: tuple[int, int], feasibility: tuple[int, int]) -> dict[str, dict[str, int]]:
        pairs = {"impact": impact, "feasibility": feasibility}
        return {name: {"total": total, "answers": n} for name, (total, n) in pairs.items()}

    assert quadrant(means((6, 2), (6, 2))) == "quick_win"
    assert quadrant(means((12, 3), (8, 3))) == "major_work"
    assert quadrant(means((8, 3), (12, 3))) == "small_step"
    assert quadrant(means((1, 1), (1, 1))) == "not_now"
    assert quadrant(means((0, 0), (5, 1))) is None
