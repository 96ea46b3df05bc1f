"""Before a round: what is odd about it."""

from __future__ import annotations

from typing import Any

from app.domain.checklist import findings
from app.domain.operations import Contents, Text
from tests.domain.board import Board
from tests.seminar import VOTE, round_plan

TEXTS = ("Publier les tarifs", "Former les jeunes agents", "Suivre les camions par balise")


def with_cards(*factors: str, texts: tuple[str, ...] = TEXTS) -> Board:
    board = Board()
    board.command("start", "post")
    said = [Text(f"c{n}", "card", {"factor": f, "text": texts[n]}) for n, f in enumerate(factors)]
    board.do("round.close", contents=Contents(said, authors=5), round="post", epoch=1)
    board.command("publish", "post")
    return board


def found(board: Board, round_: dict[str, Any]) -> list[tuple[str, int, str | None]]:
    return [(f.code, f.count, f.factor or f.round) for f in findings(board.state, round_)]


def test_a_vote_on_groups_says_how_many_actions_of_a_factor_are_still_ungrouped() -> None:
    board = with_cards("F01", "F01", "F01")
    ticked = [{"card": "c0", "seen": None}]
    board.do("cluster.make", factor="F01", cards=ticked, name="")
    assert found(board, board.round("vote")) == [
        ("ungrouped", 2, "F01"),
        ("unnamed_groups", 1, "F01"),
        ("nothing_to_vote_on", 1, "F02"),
    ]


def test_likely_duplicates_that_lie_apart_are_told_before_a_vote() -> None:
    board = with_cards("F01", "F01", texts=("Publier les tarifs en ligne", "Publier en ligne les tarifs"))
    assert ("likely_duplicates", 1, "F01") in found(board, board.round("vote"))


def test_a_discussion_has_nothing_odd_about_it() -> None:
    board = with_cards("F01")
    assert found(board, board.round("discuss")) == []


def test_what_waits_to_be_published_is_named_before_anything_else_starts() -> None:
    board = Board()
    board.command("start", "post")
    board.command("close", "post")
    assert ("unpublished", 1, "post") in found(board, board.round("discuss"))
    board.do("round.late", round="post", minutes=3)
    assert found(board, board.round(board.last)) == []


def test_a_planned_list_whose_actions_went_into_a_group_is_told() -> None:
    board = with_cards("F01", "F01")
    again = {**board.round("vote"), **VOTE, "targets": "cards", "chosen": ["c0", "gone"]}
    assert ("planned_list_is_gone", 1, None) in found(board, again)


def test_a_table_without_a_factor_is_counted() -> None:
    board = Board([round_plan("r", "post", release="sealed", scope={"T1": ["F01"]})])
    assert ("tables_without_factors", 1, None) in found(board, board.round("r"))
