"""B01, B03: what a flood can cost: a budget for each seat, a bound for each board. A full disk: `tests/faults/test_r06_full.py`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.changes import Change, patch
from app.domain.quota import MOST_LOG_BYTES, MOST_TEXTS
from app.store import log
from app.store.log import Entry
from tests.seminar import BOARD, EXPERT, FACILITATOR, Door, Secret, operation, seat

MIB = 2**20


@pytest.fixture
def door(tmp_path: Path, database_url: str) -> Iterator[Door]:
    opened = Door.with_board(tmp_path, url=database_url)
    yield opened
    opened.database.close()


def three_cards(door: Door, number: int) -> list[dict[str, Any]]:
    """All that a seat may write under one factor."""
    at = {"round": "post", "epoch": 1, "factor": "F01", "text": "Publier les tarifs"}
    asked = [operation("card.post", **at, secret_hash=Secret().hash) for _ in range(3)]
    return door.boards.submit_now(BOARD, seat(number), asked)


def test_b01_a_board_takes_two_thousand_cards_and_loses_none_of_them(door: Door) -> None:
    """Seven hundred seats with three cards each; beside the own budget there is one for all."""
    most = MOST_TEXTS["card"]
    door.seats += [f"p{n}" for n in range(9, 701)]
    door.command("start", "post")
    answers = [answer for number in range(1, 701) for answer in three_cards(door, number)]
    taken = [answer for answer in answers if answer.get("sealed")]
    refused = [answer for answer in answers if "code" in answer]
    assert (len(taken), len(refused)) == (most, 3 * 700 - most)
    assert {answer["code"] for answer in refused} == {"board_full"}
    assert refused[0]["data"] == {"most": most}
    door.command("close", "post")
    door.command("publish", "post")
    assert len(door.cards()) == most
    # They count for the next round, too; other work goes on.
    door.command("start", "carousel")
    assert door.post(1, "encore", "carousel")["code"] == "board_full"
    said = {"target": {"table": "factors", "id": "F01"}, "text": "Oui", "round": "carousel", "epoch": 1}
    assert door.send(seat(1), "comment.post", **said, secret_hash=Secret().hash).get("sealed")


def test_b03_a_log_is_bounded_and_whoever_leads_can_still_end_and_publish(door: Door) -> None:
    door.command("start", "post")
    for number in range(1, 6):
        door.post(number, f"Idée {number}")
    flood(door, MOST_LOG_BYTES // MIB - 1)
    door.boards.follow_now(BOARD)
    assert door.post(6, "la dernière").get("sealed")
    flood(door, 1)
    door.boards.follow_now(BOARD)
    target = {"table": "factors", "id": "F01"}
    # The same for who followed, and for who has read the whole log since.
    for worker in (door, door.beside()):
        assert worker.post(7, "trop")["code"] == "board_full"
        spoken = worker.send(EXPERT, "comment.post", target=target, text="Oui", round=None)
        assert (spoken["code"], spoken["data"]) == ("board_full", {"most": MOST_LOG_BYTES})
    door.command("close", "post")
    door.command("publish", "post")
    assert len(door.cards()) == 6
    worker.database.close()


def flood(door: Door, mebibytes: int) -> None:
    """What a flood has left in the log by the time: entries of a mebibyte."""
    moment = door.boards.moment(BOARD)
    board = moment.state["board"]["board"]
    changes: list[Change] = []
    for _ in range(mebibytes):
        changes.append(patch("board", board, message={"text": "x" * MIB}))
        board = {**board, "rev": board["rev"] + 1}
    entries = [
        Entry(
            moment.head + n,
            (moment.head + n).to_bytes(32),
            b"f" * 16,
            "board.message",
            [change],
            FACILITATOR.person,
            0,
        )
        for n, change in enumerate(changes, 1)
    ]
    door.database.write(lambda connection: log.append(connection, BOARD, moment.head, entries))
