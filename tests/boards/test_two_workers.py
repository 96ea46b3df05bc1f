"""Two doors over one PostgreSQL, as two workers have it: what one decides on never rests on what the other has changed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.domain.records import EVERYONE
from app.moments import Committed
from tests.seminar import BOARD, EXPERT, FACILITATOR, Door, Secret, operation, seat
from tests.stores import postgres_url  # noqa: F401

RACES = 48


@pytest.fixture
def doors(tmp_path: Path, postgres_url: str) -> Iterator[tuple[Door, Door]]:  # noqa: F811
    first = Door.with_board(tmp_path, url=postgres_url)
    second = first.beside()
    second.boards.moment(BOARD)
    yield first, second
    for door in (first, second):
        door.database.close()


def test_whoever_comes_second_decides_on_what_the_first_left(doors: tuple[Door, Door]) -> None:
    first, second = doors
    first.command("start", "post")
    assert second.send(FACILITATOR, "round.start", round="carousel")["code"] == "another_round_runs"
    assert second.round("post")["state"] == "running"


def test_what_another_worker_wrote_is_told_here_once_and_in_order(doors: tuple[Door, Door]) -> None:
    first, second = doors
    told: list[Committed] = []
    second.boards.on_commit(told.append)
    on_factor = {"table": "factors", "id": "F01"}
    for number in range(3):
        first.do(EXPERT, "comment.post", target=on_factor, text=f"Remarque {number}")
    second.do(EXPERT, "comment.post", target=on_factor, text="Remarque 3")
    second.boards.follow_now(BOARD)
    assert [(c.before, c.moment.head, c.is_ours) for c in told] == [(1, 4, False), (4, 5, True)]
    first.boards.follow_all()
    assert first.boards.view(BOARD, EVERYONE) == second.boards.view(BOARD, EVERYONE)


def test_a_drop_is_known_to_the_other_worker(doors: tuple[Door, Door]) -> None:
    first, second = doors
    first.command("start", "post")
    payload = {"round": "post", "epoch": 1, "factor": "F01", "text": "Idée", "secret_hash": Secret().hash}
    made = operation("card.post", **payload)
    for door in (first, second):
        assert door.boards.submit_now(BOARD, seat(1), [made])[0].get("sealed"), "a retry on another worker"
    other = operation("card.post", made.id, **{**payload, "text": "Autre"})
    assert second.boards.submit_now(BOARD, seat(1), [other])[0]["code"] == "id_reused"
    assert first.boards.urn_count(BOARD, "post", 1) == (1, 0)


def test_p01_the_budget_is_kept_in_every_race(doors: tuple[Door, Door]) -> None:
    first, _ = doors
    spent = 0
    with ThreadPoolExecutor(2) as pool:
        for race in range(RACES):
            number, factor = 1 + race % 8, ("F01", "F02")[race // 8 % 2]
            if race % 16 == 0:
                if race:
                    first.command("void", "post")
                    first.command("plan", "post")
                first.command("start", "post")
                doors[1].boards.follow_now(BOARD)

            def post(door: Door, number: int = number, factor: str = factor) -> list[dict]:
                return [door.post(number, f"Idée {n}", factor=factor) for n in range(3)]

            answers = [answer for found in pool.map(post, doors) for answer in found]
            while retried := [a for a in answers if a.get("code") == "retry"]:
                answers = [a for a in answers if a not in retried] + post(first)[: len(retried)]
            spent += (kept := sum("sealed" in answer for answer in answers))
            assert kept == 3, answers
    assert spent == 3 * RACES


def test_a_screen_never_goes_back_when_it_comes_to_a_worker_that_knows_less(doors: tuple[Door, Door]) -> None:
    first, second = doors
    first.command("start", "brief")
    head = first.boards.moment(BOARD).head
    assert second.boards.moment(BOARD).head < head
    second.boards.follow_now(BOARD)
    assert second.boards.catch_up(BOARD, EVERYONE, head, 1) is None


def test_a_deleted_board_is_gone_from_the_other_worker(doors: tuple[Door, Door]) -> None:
    first, second = doors
    gone: list[str] = []
    second.boards.on_delete(gone.append)
    first.boards.delete(BOARD)
    second.boards.follow_all()
    assert gone == [BOARD]
    assert second.boards.loaded() == []
