"""When the workshop is over: names leave the board and its past, and a board that was put away is only read."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.operations import CLOCK
from app.domain.records import EVERYONE
from app.store import log
from tests.seminar import ADMINISTRATOR, BOARD, EXPERT, FACILITATOR, Door, round_plan, seat

SIGNED = {"release": "signed", "cards_per_person": 3, "per_factor": True, "at_zero": "close"}


@pytest.fixture
def door(tmp_path: Path) -> Door:
    rounds = [round_plan("brief", "brief", order=1), round_plan("post", "post", order=2, **SIGNED)]
    return Door.with_board(tmp_path, rounds=rounds)


def speak(door: Door) -> None:
    """A comment that stays, one that was taken back, a suggestion's like, and a signed card."""
    on_factor = {"table": "factors", "id": "F01"}
    door.do(EXPERT, "comment.post", target=on_factor, text="Une remarque")
    door.do(EXPERT, "comment.post", op_id="f" * 32, target=on_factor, text="Reprise")
    door.do(EXPERT, "comment.remove", comment="f" * 32)
    door.command("start", "post")
    author = seat(1).__class__(
        **{**_fields(seat(1)), "name": {"fr": "Agent Signataire", "en": "Signing Agent"}}
    )
    answer = door.send(
        author,
        "card.post",
        round="post",
        epoch=1,
        factor="F01",
        text="Publier",
        secret_hash="a" * 64,
        signed=True,
    )
    assert answer.get("sealed"), answer
    door.do(CLOCK, "round.release", round="post", epoch=1, n=0)
    door.command("close", "post")


def _fields(actor: object) -> dict[str, object]:
    return {name: getattr(actor, name) for name in actor.__slots__}  # type: ignore[attr-defined]


def everything_in(door: Door) -> str:
    return str(door.boards.log_of(BOARD)) + str(door.state)


def test_forgetting_takes_every_name_and_leaves_every_word(door: Door) -> None:
    speak(door)
    assert "Signing Agent" in everything_in(door) and "Expert 01" in everything_in(door)
    before, seqs = door.boards.moment(BOARD), [entry.seq for entry in door.boards.log_of(BOARD)]
    door.do(CLOCK, "board.forget")

    told = everything_in(door)
    for name in ("Signing Agent", "Agent Signataire", "Expert 01"):
        assert name not in told
    entries = door.boards.log_of(BOARD)
    assert [entry.seq for entry in entries] == [*seqs, before.head + 1]
    assert {entry.person for entry in entries} == {None, "forgotten"}
    assert door.boards.moment(BOARD).generation == before.generation + 1
    (comment,) = door.state["comments"].values()
    assert (comment["text"], comment["by"], comment["name"]) == ("Une remarque", "expert", None)
    (card,) = door.state["cards"].values()
    assert (card["text"], card["name"]) == ("Publier", None)
    # A restart, and what the log comes to, are the same board.
    assert door.again().state == door.state


def test_the_server_alone_forgets_and_puts_away(door: Door) -> None:
    for actor in (FACILITATOR, ADMINISTRATOR, EXPERT, seat(1)):
        assert door.send(actor, "board.forget")["code"] == "not_allowed"
        assert door.send(actor, "board.archive", archived=True)["code"] == "not_allowed"


@pytest.mark.parametrize("kind", ["board.forget", "board.archive"])
def test_both_wait_while_a_round_is_under_way(door: Door, kind: str) -> None:
    payload = {"archived": True} if kind == "board.archive" else {}
    door.command("start", "post")
    assert door.send(CLOCK, kind, **payload)["code"] == "not_in_this_state"
    door.command("void", "post")
    door.do(CLOCK, kind, **payload)


def test_a_board_that_was_put_away_is_read_and_not_changed(door: Door) -> None:
    door.do(CLOCK, "board.archive", archived=True)
    head = door.boards.moment(BOARD).head
    for actor, kind, payload in (
        (FACILITATOR, "round.start", {"round": "brief"}),
        (EXPERT, "comment.post", {"target": {"table": "factors", "id": "F01"}, "text": "x"}),
        (ADMINISTRATOR, "board.axes", {"axes": []}),
        (FACILITATOR, "board.set", {"names_wait": True}),
    ):
        assert door.send(actor, kind, **payload)["code"] == "archived", kind
    assert door.boards.moment(BOARD).head == head
    assert door.boards.view(BOARD, EVERYONE)["board"]["board"]["archived"] is True
    # Its people can still be forgotten, and it can be taken out again.
    door.do(CLOCK, "board.forget")
    door.do(CLOCK, "board.archive", archived=False)
    door.do(FACILITATOR, "round.start", round="brief")


def test_another_worker_follows_a_wipe(door: Door) -> None:
    speak(door)
    other = door.beside()
    assert "Expert 01" in str(other.state)
    door.do(CLOCK, "board.forget")
    other.boards.follow_now(BOARD)
    assert other.state == door.state
    kept = list(other.boards._shelf.board(BOARD).recent)
    assert "Expert 01" not in str(kept) and all(isinstance(entry, log.Entry) for entry in kept)
    other.database.close()
