"""Paper ballots: what a desk may enter, until when, and what two readings must agree in; and shows of hands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.domain.counting.tally import tally
from app.domain.errors import Rejected
from app.domain.kinds.papers import list_mark, round_for_paper
from app.domain.operations import Actor, Ballot, Drop, SetAside
from tests.domain.board import Board
from tests.seminar import FACILITATOR, ROUNDS, round_plan, seat, words

QUESTIONS = [words("Utile ?"), words("Juste ?")]
VOTE = {"targets": "questions", "questions": QUESTIONS, "at_zero": "close", "grace_s": 2}


def board_with(method: str = "score_1_5", **rules: Any) -> Board:
    board = Board([*ROUNDS, round_plan("ours", "vote", order=9, method=method, **{**VOTE, **rules})])
    board.command("start", "ours")
    return board


def desk(*numbers: int, role: str = "scribe") -> Actor:
    return Actor("desk-person", role, "T1", desk={str(n): seat(n, "T1") for n in numbers})


def read(board: Board, choices: dict[str, Any] | None, actor: Actor | None = None, **more: Any) -> Drop:
    sheet = {"round": "ours", "epoch": 1, "seat": "1", "choices": choices, **more}
    dropped = board.do("ballot.paper", actor or desk(1, 3), **sheet)
    assert isinstance(dropped, Drop)
    return dropped


def test_a_paper_holds_what_a_ballot_of_that_seat_would_hold_and_whose_hands() -> None:
    board = board_with()
    own = board.do("ballot.cast", seat(1, "T1"), round="ours", epoch=1, revision=1, choices={"ours.q1": 4})
    paper = read(board, {"ours.q1": 4})
    assert isinstance(own, Drop)
    assert (paper.body, paper.side, paper.round, paper.epoch) == (own.body, own.side, own.round, own.epoch)
    assert (paper.seat, paper.hands) == ("p1", "desk-person")
    assert paper.size_bytes > own.size_bytes


def test_the_method_reads_a_paper_as_it_reads_a_ballot() -> None:
    with pytest.raises(Rejected, match="bad_payload"):
        read(board_with(), {"ours.q1": 6})
    with pytest.raises(Rejected, match="over_choices"):
        read(board_with("choose:round", points=1), {"ours.q1": True, "ours.q2": True})
    with pytest.raises(Rejected, match="bad_target"):
        read(board_with(), {"ours.q9": 1})


def test_a_seat_of_another_table_and_no_seat_have_one_answer_and_a_participant_none() -> None:
    board = board_with()
    for mark in ("2", "99"):
        with pytest.raises(Rejected, match="no_such_seat"):
            read(board, {}, seat=mark)
    for nobody in (
        seat(1),
        Actor("exp", "expert"),
        Actor("rap", "rapporteur"),
        Actor("adm", "administrator"),
    ):
        with pytest.raises(Rejected, match="not_allowed"):
            read(board, {}, nobody)


def test_sheets_are_entered_after_the_bell_until_the_count() -> None:
    board = board_with()
    board.zero("ours")
    assert board.round("ours")["state"] == "closed"
    with pytest.raises(Rejected, match="round_over"):
        board.do("ballot.cast", seat(1), round="ours", epoch=1, revision=1, choices={})
    assert read(board, {"ours.q1": 4}).action == "paper"
    board.command("publish", "ours")
    with pytest.raises(Rejected, match="round_over"):
        read(board, {"ours.q1": 4})


def test_no_sheet_before_the_start_nor_for_another_epoch() -> None:
    board = Board([*ROUNDS, round_plan("ours", "vote", order=9, method="score_1_5", **VOTE)])
    with pytest.raises(Rejected, match="round_not_open"):
        read(board, {})
    board.command("start", "ours")
    with pytest.raises(Rejected, match="round_over"):
        read(board, {}, epoch=2)


def test_two_readings_agree_when_they_say_the_same_not_when_they_are_typed_the_same() -> None:
    board = board_with("consent")

    def essence(choices: dict[str, Any]) -> str:
        return read(board, choices).essence

    one = {"ours.q1": {"reserve": "À condition d'un délai."}, "ours.q2": "agree"}
    assert essence(one) == essence({"ours.q2": "agree", "ours.q1": {"reserve": "a condition d’un delai"}}), (
        "two people copy one handwriting"
    )
    assert essence(one) != essence({**one, "ours.q2": "opposed"})
    assert essence(one) != essence({**one, "ours.q1": {"reserve": "À condition d'un budget."}})
    assert essence(one) != essence({**one, "ours.q1": "reserve"})


def test_a_zero_is_no_choice_on_paper_either() -> None:
    board = board_with("points:round", points=3, cap=2)
    assert read(board, {"ours.q1": 2, "ours.q2": 0}).essence == read(board, {"ours.q1": 2}).essence


def test_the_vote_for_which_paper_is_entered_is_the_live_one_else_the_last_that_is_closed() -> None:
    votes = [round_plan(f"v{n}", "vote", order=8 + n, method="score_1_5", **VOTE) for n in (1, 2)]
    board = Board([*ROUNDS, *votes])

    def named() -> str | None:
        found = round_for_paper(board.state["rounds"].values())
        return found["id"] if found else None

    seen = [named()]
    for round_id in ("v1", "v2"):
        board.command("start", round_id)
        seen.append(named())
        board.zero(round_id)
        seen.append(named())
    board.command("publish", "v2")
    seen.append(named())
    assert seen == [None, "v1", "v1", "v2", "v2", "v1"]


def test_another_list_has_another_mark() -> None:
    board = board_with()
    listed = board.round("ours")["ballot"]
    marks = {list_mark(listed), list_mark(listed[::-1]), list_mark(listed[:1])}
    assert len(marks) == 3
    assert all(len(mark) == 4 for mark in marks)


def test_a_tally_tells_of_paper_from_five_sheets_up_and_what_was_set_aside() -> None:
    round_ = board_with().round("ours")

    def told(on_paper: int) -> dict[str, Any]:
        ballots = [Ballot({"ours.q1": 3}, "internal", on_paper=n < on_paper) for n in range(9)]
        return tally(round_, ballots, SetAside(unconfirmed=2, overruled=1))["paper"]

    assert told(4) == {"counted": None, "unconfirmed": 2, "overruled": 1}
    assert told(5)["counted"] == 5
    assert tally(round_, [])["paper"] == {"counted": None, "unconfirmed": 0, "overruled": 0}


# --- a show of hands ---


def hands(board: Board, counts: dict[str, int], actor: Actor | None = None, **more: Any) -> Any:
    entry = {"round": "ours", "epoch": 1, "table": "T1", "present": 4, "counts": counts, **more}
    return board.do("handcount.enter", actor or desk(1, 3, 5, 7), **entry)


@pytest.fixture
def closed() -> Board:
    board = board_with()
    board.zero("ours")
    return board


def test_hands_are_counted_once_the_vote_is_closed_and_shown_when_it_is_published(closed: Board) -> None:
    with pytest.raises(Rejected, match="not_in_this_state"):
        hands(board_with(), {"ours.q1": 1})
    hands(closed, {"ours.q1": 3})
    (one,) = closed.state["handcounts"].values()
    assert (one["audience"], one["present"], one["counts"]) == ("staff", 4, {"ours.q1": 3})
    hands(closed, {"ours.q1": 2})
    closed.command("publish", "ours")
    (one,) = closed.state["handcounts"].values()
    assert (one["audience"], one["counts"]) == ("all", {"ours.q1": 2})
    assert all(row["total"] == 0 for row in closed.state["tallies"]["ours:1"]["rows"]), "in no sum"
    hands(closed, {"ours.q2": 4})
    assert closed.state["handcounts"]["ours:1:T1"]["counts"] == {"ours.q2": 4}


def test_there_are_never_more_hands_than_people_nor_people_than_seats(closed: Board) -> None:
    with pytest.raises(Rejected) as refused:
        hands(closed, {}, present=5)
    assert (refused.value.code, refused.value.data["most"]) == ("over_hands", 4)
    with pytest.raises(Rejected) as refused:
        hands(closed, {"ours.q1": 3}, present=2)
    assert (refused.value.code, refused.value.data["most"]) == ("over_hands", 2)
    with pytest.raises(Rejected, match="bad_target"):
        hands(closed, {"ours.q9": 1})


def test_a_scribe_counts_the_own_table_and_the_facilitator_any(closed: Board) -> None:
    with pytest.raises(Rejected, match="not_allowed"):
        hands(closed, {}, table="T2")
    chair = replace(FACILITATOR, desk={"2": seat(2), "4": seat(4)})
    hands(closed, {"ours.q1": 2}, chair, table="T2", present=2)
    with pytest.raises(Rejected, match="gone"):
        hands(closed, {}, chair, table="T9")
    assert set(closed.state["handcounts"]) == {"ours:1:T2"}


def test_hands_that_rose_before_a_vote_went_on_or_was_thrown_away_are_gone(closed: Board) -> None:
    hands(closed, {"ours.q1": 3})
    closed.command("reopen", "ours", minutes=1)
    assert not closed.state["handcounts"]
    closed.zero("ours")
    hands(closed, {"ours.q1": 3})
    closed.command("void", "ours")
    assert not closed.state["handcounts"]


def test_a_new_epoch_leaves_the_hands_of_the_old_one_where_they_are(closed: Board) -> None:
    hands(closed, {"ours.q1": 3})
    closed.command("publish", "ours")
    closed.command("reopen", "ours", minutes=1)
    assert set(closed.state["handcounts"]) == {"ours:1:T1"}
    with pytest.raises(Rejected, match="round_over"):
        hands(closed, {"ours.q1": 1})
