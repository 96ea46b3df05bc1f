"""The committer lives on: one bad operation, a failing database or a deleted board leaves nobody without an answer."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from app.moments import Board, NoSuchBoard
from app.store import log
from tests.seminar import ADMINISTRATOR, BOARD, EXPERT, FACILITATOR, SETUP, Door, Secret, operation, seat

ON_FACTOR = {"table": "factors", "id": "F01"}


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door.with_board(tmp_path)


def failing(*_: Any) -> Any:
    raise OperationalError("INSERT", {}, Exception("disk I/O error"))


def failing_disk(*_: Any) -> Any:
    raise OSError(5, "Input/output error")


def at_once(work: Any, *arguments: Any) -> Any:
    return work(*arguments)


def test_one_bad_operation_is_refused_alone(door: Door) -> None:
    nested: Any = "x"
    for _ in range(300):
        nested = [nested]
    good = [operation("comment.post", target=ON_FACTOR, text=f"Remarque {n}") for n in range(2)]
    bad = operation("comment.post", target=nested, text="x")
    first, refused, last = door.boards.submit_now(BOARD, EXPERT, [good[0], bad, good[1]])
    assert "seq" in first and "seq" in last
    assert refused["code"] in ("internal", "bad_payload")


def test_a_failing_write_is_told_and_the_next_one_works(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(door.database, "write", failing)
        comment = operation("comment.post", target=ON_FACTOR, text="Remarque")
        assert door.boards.submit_now(BOARD, EXPERT, [comment])[0]["code"] == "storage"
    assert "seq" in door.boards.submit_now(BOARD, EXPERT, [comment])[0]


def test_when_not_even_the_log_can_be_read_the_door_opens_again_afterwards(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(door.database, "write", failing)
        broken.setattr(door.database, "read", failing)
        comment = operation("comment.post", target=ON_FACTOR, text="Remarque")
        assert door.boards.submit_now(BOARD, EXPERT, [comment])[0]["code"] == "retry"
    assert "seq" in door.boards.submit_now(BOARD, EXPERT, [comment])[0]


def test_a_listener_that_fails_takes_no_answer_away(door: Door) -> None:
    def broken(_: object) -> None:
        raise RuntimeError

    door.boards.on_commit(broken)
    assert "seq" in door.send(EXPERT, "comment.post", target=ON_FACTOR, text="Remarque")


def test_a_sender_who_cannot_be_told_takes_no_answer_from_the_others(door: Door) -> None:
    queued: list[Any] = []
    door.boards.on_engine(queued.append, at_once)
    heard: list[Any] = []

    def gone(_: object) -> None:
        raise RuntimeError

    for reply in (gone, heard.extend):
        door.boards.submit(
            BOARD, EXPERT, [operation("comment.post", target=ON_FACTOR, text="Remarque")], reply
        )
    while queued:
        queued.pop()()
    assert "seq" in heard[0]
    assert len(door.state["comments"]) == 2


def test_a_key_that_cannot_be_destroyed_now_stops_nobody_and_goes_later(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    door.boards.on_commit(told.append)
    with monkeypatch.context() as broken:
        broken.setattr(door.boards.custody.keys, "destroy", failing_disk)
        door.publish_cards("un", "deux", "trois", "quatre", "cinq")
        assert told[-1].moment.state["rounds"]["post"]["state"] == "published"
        door.boards.custody.destroy_if_due()
        assert list(door.volatile.iterdir())
    door.boards.custody.destroy_if_due()
    assert not list(door.volatile.iterdir())


def test_after_a_board_that_another_worker_deleted_the_others_go_on_though_its_key_stays(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = "c" * 32
    door.boards.create(other)
    door.command("start", "post")
    door.database.write(lambda connection: log.delete(connection, BOARD))
    with monkeypatch.context() as broken:
        broken.setattr(door.boards.custody.keys, "destroy", failing_disk)
        door.boards.follow_now(BOARD)
    assert door.boards.loaded() == []
    assert "seq" in door.boards.submit_now(other, ADMINISTRATOR, [operation("board.setup", **SETUP)])[0]


def test_whoever_waits_for_news_of_a_board_hears_when_it_is_deleted(door: Door) -> None:
    door.boards.on_engine(lambda committer: None, at_once)
    told = threading.Event()
    door.boards.follow(BOARD, told.set)
    door.boards.delete(BOARD)
    assert told.is_set()


def test_nothing_is_queued_on_a_board_that_was_dropped_a_moment_ago(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = door.boards._shelf.board

    def and_then_dropped(board_id: str) -> Board:
        board = found(board_id)
        monkeypatch.undo()
        door.boards._committer.drop(board_id, "retry")
        return board

    monkeypatch.setattr(door.boards._shelf, "board", and_then_dropped)
    heard: list[Any] = []
    door.boards.submit(
        BOARD, EXPERT, [operation("comment.post", target=ON_FACTOR, text="Remarque")], heard.extend
    )
    assert heard and "seq" in heard[0]


def test_bytes_that_cannot_go_at_once_stop_nobody_and_go_later(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    door.boards.on_commit(told.append)
    wal = door.folder / "test.db-wal"
    with monkeypatch.context() as broken:
        broken.setattr(door.database, "truncate_wal", failing)
        door.publish_cards("un", "deux", "trois", "quatre", "cinq")
        assert told[-1].moment.state["rounds"]["post"]["state"] == "published"  # type: ignore[attr-defined]
        door.boards.truncate_if_due()
    assert wal.stat().st_size > 0
    door.boards.truncate_if_due()
    assert wal.stat().st_size == 0


def test_a_reader_in_the_way_puts_the_truncation_off(door: Door) -> None:
    door.publish_cards("un", "deux", "trois", "quatre", "cinq")
    door.send(EXPERT, "comment.post", target=ON_FACTOR, text="Remarque")
    wal = door.folder / "test.db-wal"
    with sqlite3.connect(door.folder / "test.db") as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM log").fetchone()
        door.boards.truncate_wal()
        assert wal.stat().st_size > 0
    reader.close()
    door.boards.truncate_if_due()
    assert wal.stat().st_size == 0


def test_a_deleted_board_is_gone_for_everybody(door: Door) -> None:
    door.boards.delete(BOARD)
    with pytest.raises(NoSuchBoard):
        door.send(EXPERT, "comment.post", target=ON_FACTOR, text="Remarque")


def test_a_claim_lifts_no_budget(door: Door) -> None:
    door.command("start", "post")
    secret = Secret()
    door.post(1, "une", secret=secret)
    claim = {"round": "post", "epoch": 1, "secret": secret.hex}
    assert door.send(seat(1), "card.claim", factor="F01", **claim)["code"] == "not_in_this_state"
    for file in door.volatile.iterdir():
        file.unlink()
    door = door.again()
    assert door.post(1, "pendant la perte")["code"] == "retry"
    assert door.send(seat(1), "card.claim", factor="F02", **claim)["code"] == "gone"
    assert door.send(seat(1), "card.claim", factor="F01", **claim)["sealed"]


def test_a_card_held_in_an_earlier_epoch_is_given_back_to_everyone(door: Door) -> None:
    (held, *_) = door.publish_cards("un", "deux", "trois", "quatre", "cinq")
    door.do(FACILITATOR, "card.hold", card=held, reason="hors sujet")
    door.command("reopen", "post", minutes=5)
    door.command("close", "post")
    door.do(FACILITATOR, "card.release", card=held)
    assert held in {card["id"] for card in door.cards()}


def test_nobody_regroups_what_a_vote_is_about_before_it_is_counted(door: Door) -> None:
    cards = door.publish_cards("un", "deux", "trois", "quatre", "cinq")
    ticked = [{"card": card, "seen": None} for card in cards[:2]]
    door.command("start", "vote")
    for _ in range(2):
        answer = door.send(FACILITATOR, "cluster.make", factor="F01", name="", cards=ticked)
        assert answer["code"] == "not_in_this_state"
        if door.round("vote")["state"] == "running":
            door.command("close", "vote")
    door.command("publish", "vote")
    door.do(FACILITATOR, "cluster.make", factor="F01", name="", cards=ticked)


def test_whoever_comes_while_the_server_leaves_is_asked_to_come_again(door: Door) -> None:
    taken: list[dict[str, Any]] = []
    waiting: list[Any] = []
    door.boards.on_engine(waiting.append, at_once)
    first, late = (
        operation("comment.post", target=ON_FACTOR, text=text) for text in ("Remarque", "Trop tard")
    )
    door.boards.submit(BOARD, EXPERT, [first], taken.extend)
    leaving = threading.Thread(target=door.boards.stop)
    leaving.start()
    while not door.boards.is_stopping:
        pass
    assert door.boards.submit_now(BOARD, EXPERT, [late])[0]["code"] == "retry"
    assert leaving.is_alive(), "it left before what it had taken was written"
    waiting.pop()()
    leaving.join(10)
    assert not leaving.is_alive()
    assert "seq" in taken[0]


def test_a_refused_operation_stays_refused_when_a_copy_of_it_comes_late(door: Door) -> None:
    start = operation("round.start", round="post")
    door.command("start", "brief")
    refused = door.boards.submit_now(BOARD, FACILITATOR, [start])
    assert refused[0]["code"] == "another_round_runs"
    door.command("close", "brief")
    assert door.boards.submit_now(BOARD, FACILITATOR, [start]) == refused
    assert door.round("post")["state"] == "planned"
    assert "seq" in door.send(FACILITATOR, "round.start", round="post")


def test_what_changed_nothing_changes_nothing_when_a_copy_of_it_comes_late(door: Door) -> None:
    (card,) = door.publish_cards("Publier les tarifs")
    refile = operation("card.refile", card=card, factor="F01")
    (answer,) = door.boards.submit_now(BOARD, FACILITATOR, [refile])
    door.do(FACILITATOR, "card.refile", card=card, factor="F02")
    assert door.boards.submit_now(BOARD, FACILITATOR, [refile]) == [answer]
    assert door.cards()[0]["factor"] == "F02"


def test_another_operation_under_the_id_of_a_refused_one_is_told_apart(door: Door) -> None:
    door.command("start", "brief")
    assert door.send(FACILITATOR, "round.start", "f" * 32, round="post")["code"] == "another_round_runs"
    assert door.send(FACILITATOR, "round.start", "f" * 32, round="cluster")["code"] == "id_reused"


def test_only_the_newest_refusals_are_remembered(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.commits.MOST_PASSED", 3)
    for _ in range(5):
        assert door.send(FACILITATOR, "card.hold", card="none", reason="x")["code"] == "gone"
    assert len(door.boards._shelf.board(BOARD).passed) == 3


def test_a_refusal_decided_on_what_was_never_written_is_not_final(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(door.database, "write", failing)
        skip = operation("round.skip", round="discuss")
        start = operation("round.start", round="discuss")
        answers = door.boards.submit_now(BOARD, FACILITATOR, [skip, start])
    assert [answer["code"] for answer in answers] == ["storage", "storage"]


def test_nobody_is_refused_because_another_worker_has_not_heard_yet(door: Door) -> None:
    other = Door(door.folder)
    assert other.round("post")["state"] == "planned"
    door.command("start", "post")
    card = operation("card.post", round="post", epoch=1, factor="F01", text="Oui", secret_hash=Secret().hash)
    assert other.boards.submit_now(BOARD, seat(1), [card])[0] == {"id": card.id, "sealed": True}


@pytest.mark.parametrize("is_over", [False, True])
def test_what_one_worker_took_the_other_does_not_refuse(door: Door, is_over: bool) -> None:
    door.command("start", "post")
    other = Door(door.folder)
    assert other.round("post")["state"] == "running"
    card = operation("card.post", round="post", epoch=1, factor="F01", text="Oui", secret_hash=Secret().hash)
    (taken,) = door.boards.submit_now(BOARD, seat(1), [card])
    assert taken["sealed"]
    if is_over:
        other.command("close", "post")
    assert other.boards.submit_now(BOARD, seat(1), [card]) == [taken]
