"""Which boards are in memory: those that somebody needs there; and one that cannot be read harms no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.domain.records import EVERYONE
from app.moments import key_name
from app.store.log import log
from tests.keeper import Keeper
from tests.seminar import ADMINISTRATOR, BOARD, EXPERT, FACILITATOR, SETUP, Door, operation

ON_FACTOR = {"table": "factors", "id": "F01"}
BROKEN = "a" * 32  # the database names it before the other


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door.with_board(tmp_path)


@pytest.fixture
def beside_broken(door: Door) -> Door:
    """Another worker's door, over a database with a board of whose log nothing can be made."""
    door.boards.create(BROKEN)
    door.boards.submit_now(BROKEN, ADMINISTRATOR, [operation("board.setup", **SETUP)])
    door.boards.submit_now(BROKEN, FACILITATOR, [operation("round.start", round="post")])
    door.database.write(lambda c: c.execute(sa.update(log).where(log.c.board == BROKEN).values(changes=b"x")))
    return door.beside()


def test_a_board_that_was_let_go_is_read_again_as_it_was(door: Door) -> None:
    cards = door.publish_cards("un", "deux", "trois", "quatre", "cinq")
    before = door.boards.moment(BOARD)
    assert door.boards.let_go(BOARD)
    assert door.boards.loaded() == []
    assert [card["id"] for card in door.cards()] == cards
    again = door.boards.moment(BOARD)
    assert (again.head, again.generation, again.state) == (before.head, before.generation, before.state)
    assert again.digest.of(EVERYONE) == before.digest.of(EVERYONE)
    assert door.do(EXPERT, "comment.post", target=ON_FACTOR, text="Remarque")["seq"] == before.head + 1


def test_a_board_stays_while_something_of_it_is_under_way(door: Door) -> None:
    queued: list[Any] = []
    door.boards.on_engine(queued.append, lambda work, *arguments: work(*arguments))
    said: list[Any] = []
    comment = operation("comment.post", target=ON_FACTOR, text="Remarque")
    door.boards.submit(BOARD, EXPERT, [comment], said.extend)
    assert not door.boards.let_go(BOARD)
    let_go: list[bool] = []
    door.boards.on_commit(lambda committed: let_go.append(door.boards.let_go(BOARD)))
    queued.pop()()
    assert let_go == [False] and "seq" in said[0]
    assert door.boards.let_go(BOARD)


def test_a_board_that_was_let_go_comes_back_once_another_worker_wrote_to_it(door: Door) -> None:
    other = door.beside()
    other.boards.moment(BOARD)
    other.boards.let_go(BOARD)
    other.boards.follow_all()
    assert other.boards.loaded() == []
    door.command("start", "brief")
    other.boards.follow_all()
    assert other.boards.loaded() == [BOARD], "its clock must run here too"
    assert other.round("brief")["state"] == "running"


def test_a_board_that_cannot_be_read_is_told_once_and_the_others_are_followed(
    door: Door, beside_broken: Door, caplog: pytest.LogCaptureFixture
) -> None:
    beside_broken.boards.moment(BOARD)
    door.command("start", "brief")
    for _ in range(3):
        beside_broken.boards.follow_all()
    assert beside_broken.round("brief")["state"] == "running"
    assert [r.getMessage() for r in caplog.records].count(f"board {BROKEN} cannot be read") == 1


def test_a_server_starts_beside_a_board_that_cannot_be_read(door: Door, beside_broken: Door) -> None:
    door.command("start", "post")
    Keeper(door).pass_time(60_000)
    door.clock.ms += 40 * 60_000
    Keeper(beside_broken).timekeeper.resume()
    assert beside_broken.round("post")["pause_reason"] == "outage"


def test_a_board_that_cannot_be_read_can_be_deleted_and_its_keys_with_it(
    door: Door, beside_broken: Door
) -> None:
    door.command("start", "post")
    assert len(list(door.volatile.iterdir())) == 2
    beside_broken.boards.delete(BROKEN)
    assert beside_broken.boards.boards() == [BOARD]
    (left,) = door.volatile.iterdir()
    assert left.name == key_name(BOARD, door.round("post")).file
