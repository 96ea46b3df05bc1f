"""The scribe's desk: whoever has no device counts as if the card had come from their own, and nobody can tell."""

from __future__ import annotations

import pytest

from app.domain.errors import Rejected
from app.domain.operations import Actor, Drop
from tests.domain.board import Board
from tests.seminar import seat


def scribe(table: str, *numbers: int) -> Actor:
    return Actor(
        person=f"scribe of {table}", role="scribe", table=table, desk={str(n): seat(n) for n in numbers}
    )


@pytest.fixture
def board() -> Board:
    board = Board()
    board.command("start", "tables")
    return board


def enter(board: Board, actor: Actor, mark: str, factor: str = "F01", **more: object) -> Drop:
    card = {"round": "tables", "epoch": 1, "factor": factor, "text": "Publier", "secret_hash": "0" * 64}
    dropped = board.do("card.enter", actor, seat=mark, **card, **more)
    assert isinstance(dropped, Drop)
    return dropped


def test_a_dictated_card_is_the_same_drop_as_the_persons_own_but_for_the_hands(board: Board) -> None:
    own = board.do(
        "card.post", seat(1), round="tables", epoch=1, factor="F01", text="Publier", secret_hash="0" * 64
    )
    dictated = enter(board, scribe("T1", 1, 3), "1")
    assert dictated.seat == "p1"
    told = {name: getattr(dictated, name) for name in Drop.__slots__ if name != "seat"}
    assert told == {name: getattr(own, name) for name in Drop.__slots__ if name != "seat"}


def test_another_tables_seat_and_no_seat_at_all_have_the_same_answer(board: Board) -> None:
    answers = []
    for mark in ("2", "99", seat(2).seat or ""):
        with pytest.raises(Rejected) as refused:
            enter(board, scribe("T1", 1, 3), mark)
        answers.append((refused.value.code, refused.value.data))
    assert answers == [("no_such_seat", {})] * 3


def test_the_persons_own_table_decides_what_may_be_written_on(board: Board) -> None:
    facilitator = Actor(person="fac", role="facilitator", desk={"1": seat(1), "2": seat(2)})
    assert enter(board, facilitator, "2", "F02").seat == "p2"
    with pytest.raises(Rejected, match="wrong_factor"):
        enter(board, facilitator, "1", "F02")


def test_a_participant_enters_for_nobody_and_a_scribe_posts_for_no_one_unnamed(board: Board) -> None:
    with pytest.raises(Rejected, match="not_allowed"):
        enter(board, seat(1), "1")
    card = {"round": "tables", "epoch": 1, "factor": "F01", "text": "Publier", "secret_hash": "0" * 64}
    with pytest.raises(Rejected, match="not_allowed"):
        board.do("card.post", scribe("T1", 1), **card)
