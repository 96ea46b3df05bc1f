"""When a round ends: for the room, for one table alone, and what happens at zero."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain import rounds
from app.domain.errors import Rejected
from app.domain.kinds.boardfile import kept
from app.domain.operations import CLOCK, Actor, Contents, Drop, Text
from app.domain.shapes import BOARD_FILE
from tests.domain.board import MINUTE_MS, NOW_MS, Board
from tests.seminar import POST, VOTE, Secret, round_plan, seat


def writes(board: Board, actor: Actor, round_id: str = "post") -> str:
    """What becomes of a card sent now: its factor is the first of the table's."""
    table = rounds.factors_for(board.round(round_id), actor.table)
    payload = {"factor": table[0], "text": "Publier les tarifs", "secret_hash": Secret().hash}
    try:
        sent = board.do("card.post", actor, round=round_id, epoch=1, **payload)
    except Rejected as rejected:
        return rejected.code
    return "sealed" if isinstance(sent, Drop) else "shown"


def five_minutes_more(board: Board, table: str) -> None:
    end = board.round("post")["ends_at_ms"] + 5 * MINUTE_MS
    board.command("extend", "post", ends_at_ms=end, table=table)


@pytest.fixture
def board() -> Board:
    board = Board()
    board.command("start", "post")
    return board


def test_one_table_goes_on_while_the_others_are_closed(board: Board) -> None:
    five_minutes_more(board, "T1")
    board.now_ms += 11 * MINUTE_MS
    assert writes(board, seat(1)) == "sealed"
    assert writes(board, seat(2)) == "round_over"
    assert rounds.deadline_ms(board.round("post")) == NOW_MS + 15 * MINUTE_MS + 2000
    board.now_ms += 4 * MINUTE_MS + 2001
    assert writes(board, seat(1)) == "round_over"


def test_the_clock_closes_when_the_last_table_has_ended_and_not_before(board: Board) -> None:
    five_minutes_more(board, "T1")
    early = NOW_MS + 10 * MINUTE_MS + 2000
    board.now_ms = early + 1
    with pytest.raises(Rejected, match="round_over"):
        board.do("round.close", CLOCK, round="post", epoch=1, deadline_ms=early)
    board.zero("post")
    assert board.round("post")["state"] == "closed"
    assert board.round("post")["extra"] == {}


def test_a_pause_keeps_every_tables_time_and_a_table_that_had_ended_stays_ended(board: Board) -> None:
    five_minutes_more(board, "T1")
    board.now_ms += 12 * MINUTE_MS
    board.command("pause", "post")
    assert board.round("post")["left_ms"] == -2 * MINUTE_MS
    assert writes(board, seat(1)) == "sealed"
    assert writes(board, seat(2)) == "round_over"
    board.now_ms += 60 * MINUTE_MS
    board.command("resume", "post")
    assert rounds.end_ms(board.round("post"), "T1") == board.now_ms + 3 * MINUTE_MS
    assert writes(board, seat(2)) == "round_over"


def test_an_extension_for_all_moves_the_tables_that_have_longer_too(board: Board) -> None:
    five_minutes_more(board, "T1")
    board.command("extend", "post", ends_at_ms=NOW_MS + 13 * MINUTE_MS)
    assert rounds.end_ms(board.round("post"), "T1") == NOW_MS + 18 * MINUTE_MS


def test_a_tables_end_back_at_the_rooms_is_no_end_of_its_own(board: Board) -> None:
    five_minutes_more(board, "T1")
    board.command("extend", "post", ends_at_ms=board.round("post")["ends_at_ms"], table="T1")
    assert board.round("post")["extra"] == {}


def test_a_table_never_ends_before_the_room(board: Board) -> None:
    with pytest.raises(Rejected, match="bad_payload"):
        board.command("extend", "post", ends_at_ms=NOW_MS + 9 * MINUTE_MS, table="T1")


def test_groups_stand_still_for_a_table_that_has_ended() -> None:
    board = Board([round_plan("cluster", "cluster", at_zero="close", grace_s=2)])
    board.command("start", "cluster")
    board.now_ms += 10 * MINUTE_MS + 2001
    with pytest.raises(Rejected, match="round_over"):
        board.do("cluster.make", seat(1), factor="F01", cards=[{"card": "c", "seen": None}], name="")


def test_closing_is_what_people_see_between_the_end_and_the_grace(board: Board) -> None:
    round_ = board.round("post")
    end = round_["ends_at_ms"]
    assert rounds.phase(round_, end) == "running"
    assert rounds.phase(round_, end + 1) == "closing"
    board.command("close", "post")
    assert rounds.phase(board.round("post"), end) == "closed"
    board.command("reopen", "post", minutes=3)
    assert rounds.phase(board.round("post"), board.now_ms) == "reopened"
    assert {rounds.phase({**round_, "state": s}, end) for s in rounds.STATES} <= set(rounds.PHASES)


# --- at zero: the next one ---

ADVANCE = {"at_zero": "advance", "grace_s": 0}


def chain(*kinds: tuple[str, dict[str, Any]], seats: int = 8) -> Board:
    plans = [round_plan(f"r{n}", kind, order=n, **rules) for n, (kind, rules) in enumerate(kinds, 1)]
    board = Board(plans, seats)
    board.command("start", "r1")
    return board


def test_at_zero_the_next_round_starts_in_the_same_operation() -> None:
    board = chain(("brief", ADVANCE), ("discuss", {}))
    board.zero("r1")
    assert (board.round("r1")["state"], board.round("r2")["state"]) == ("published", "running")


def test_the_facilitators_own_close_does_not_advance() -> None:
    board = chain(("brief", ADVANCE), ("discuss", {}))
    board.command("close", "r1")
    assert board.round("r2")["state"] == "planned"


def test_a_skipped_round_is_passed_over_and_the_next_morning_waits() -> None:
    board = chain(("brief", ADVANCE), ("break", {}), ("discuss", {"day": 2}))
    board.command("skip", "r2")
    board.zero("r1")
    assert board.round("r3")["state"] == "planned"


def test_what_cannot_start_by_itself_waits_for_the_facilitator() -> None:
    board = chain(("brief", ADVANCE), ("post", POST), seats=4)
    board.zero("r1")
    assert (board.round("r1")["state"], board.round("r2")["state"]) == ("published", "planned")
    assert board.round("r2")["held_up"] == {"code": "too_few_seats", "data": {"seats": 4, "needed": 5}}
    assert BOARD_FILE.validate(kept(board.state)) == {}, "a file of the board comes in again"
    board.seats = 5
    board.command("start", "r2")
    assert (board.round("r2")["state"], board.round("r2")["held_up"]) == ("running", None)
    board = chain(("brief", ADVANCE), ("vote", {**VOTE, "targets": "chosen"}))
    board.zero("r1")
    assert board.round("r2")["state"] == "planned"
    assert board.round("r2")["held_up"] == {"code": "no_targets", "data": {}}


def test_a_vote_that_follows_by_itself_is_on_what_was_just_published() -> None:
    writing = {**POST, **ADVANCE, "review": False}
    board = chain(("post", writing), ("vote", {**VOTE, "targets": "cards"}))
    texts = [Text(f"c{n}", "card", {"factor": "F01", "text": f"Idée {n}"}) for n in range(5)]
    board.zero("r1", Contents(texts, authors=5))
    assert {target["id"] for target in board.round("r2")["ballot"]} == {"c0", "c1", "c2", "c3", "c4"}


# --- at once, and signed ---


def test_a_signed_round_wants_the_authors_own_tick_and_no_other_round_takes_a_name() -> None:
    board = Board([round_plan("r1", "post", **{**POST, "release": "signed", "review": False})], seats=3)
    board.command("start", "r1")
    card = {"round": "r1", "epoch": 1, "factor": "F01", "text": "Merci", "secret_hash": Secret().hash}
    with pytest.raises(Rejected, match="unsigned"):
        board.do("card.post", seat(1), **card)
    sealed = Board()
    sealed.command("start", "post")
    with pytest.raises(Rejected, match="bad_payload"):
        sealed.do("card.post", seat(1), **{**card, "round": "post"}, signed=True)


def test_an_unnamed_round_shown_at_once_still_needs_five_seats() -> None:
    board = Board([round_plan("r1", "post", **{**POST, "release": "at_once"})], seats=4)
    with pytest.raises(Rejected, match="too_few_seats"):
        board.command("start", "r1")
