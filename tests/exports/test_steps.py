"""The steps of the replay: what everybody saw, in their order, and of what is out of sight now nothing at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given, settings

from app.domain.changes import applied
from app.domain.operations import CLOCK, Contents, Text
from app.domain.records import EVERYONE, State, empty_state, visible_to
from app.exports.steps import SHOWN, as_told, in_sight, steps
from tests.domain.played import MOVES, RAPPORTEUR, Played, played
from tests.domain.test_boardfile import NO_SHRINK
from tests.seminar import FACILITATOR, FACTORS, round_plan, seat

WHOLE = ("factors", "clusters", "tallies")
BATCHED = {"release": "batched", "cards_per_person": 3, "per_factor": True}


def replayed(state: dict[str, Any], changes: list[Any]) -> None:
    """As a browser's replica does it."""
    for verb, table, *rest in changes:
        if verb == "put":
            state[table][rest[0]["id"]] = rest[0]
        elif verb == "patch":
            state[table][rest[0]] = {**state[table][rest[0]], **rest[1]}
        else:
            state[table].pop(rest[0], None)


def seen_then(state: State, sight: frozenset[tuple[str, str]]) -> dict[str, Any]:
    """What a participant's page showed of a state, without what nobody sees any more."""
    told = as_told(visible_to(state, EVERYONE))
    return {
        table: {id_: r for id_, r in rows.items() if (table, id_) in sight} for table, rows in told.items()
    }


@settings(max_examples=60, deadline=None, phases=NO_SHRINK)
@given(MOVES)
def test_each_step_is_the_board_that_everybody_had_then(moves: list[Any]) -> None:
    board = played(moves)
    # An erasure rewrote what came before it: the log alone says what was there.
    moments, state = [], empty_state()
    for entry in board.log:
        state = applied(state, entry.changes)
        moments.append(seen_then(state, in_sight(board.log)))
    shown: dict[str, Any] = {table: {} for table in SHOWN}
    at = 0
    for step in steps(board.log):
        replayed(shown, step.changes)
        assert shown in moments[at:], "no moment looked like this, or not in this order"
        at += moments[at:].index(shown)
    # What never makes a step by itself may still wait for one.
    assert {t: shown[t] for t in WHOLE} == {t: moments[-1][t] for t in WHOLE}


def test_a_round_is_opened_in_one_step_and_begins_in_another() -> None:
    board = played([("group", 0, 1, "Tarifs"), ("vote", 0, 0, "")])
    told = [(step.kind, step.round, step.counts.get("cards", 0)) for step in steps(board.log)]
    assert told == [
        ("board.setup", None, 0),
        ("round.start", "post", 0),
        ("round.publish", "post", 6),
        ("grouping", "post", 0),
        ("round.start", "V1", 0),
        ("round.publish", "V1", 0),
    ]
    assert [step.about for step in steps(board.log)][1] == {"fr": "post", "en": "post"}


def test_small_moves_in_a_row_are_one_step_and_many_are_several() -> None:
    board = played([])
    first, second = list(board.state["cards"])[:2]
    board.do("cluster.make", factor="F01", name="A", cards=[{"card": first, "seen": None}])
    group = board.last
    for turn in range(12):
        to, seen = (group, None) if turn % 2 == 0 else (None, group)
        board.do("card.move", moves=[{"card": second, "to": to, "seen": seen}])
    kinds = [step.kind for step in steps(board.log)]
    assert kinds[-2:] == ["grouping", "grouping"] and kinds.count("grouping") == 2


def batch(board: Played, n: int, texts: list[str]) -> None:
    contents = Contents(
        [Text(f"t{n}{i}", "card", {"factor": FACTORS[0], "text": t}) for i, t in enumerate(texts)], authors=6
    )
    board.do("round.release", CLOCK, contents, round="B", epoch=1, n=n)


def test_batches_that_nothing_parts_are_one_step() -> None:
    """When a batch went out says when people wrote."""
    board = Played([round_plan("B", "post", order=1, **BATCHED)])
    board.command("start", "B")
    batch(board, 0, ["un"])
    batch(board, 1, ["deux"])
    board.command(
        "close", "B", contents=Contents([Text("t9", "card", {"factor": "F01", "text": "trois"})], authors=6)
    )
    told = [(step.kind, step.counts.get("cards", 0)) for step in steps(board.log)]
    assert told == [("board.setup", 0), ("round.start", 0), ("texts", 2), ("round.close", 1)]


def test_what_was_noted_is_in_no_step_released_or_not_and_people_who_were_forgotten_are_in_none() -> None:
    """A step tells of no note, and a wipe is none: what it took away was taken out of all steps before it."""
    board = played([("sheet", 0, 0, ""), ("version", 0, 0, "Autre titre"), ("report", 0, 1, "Commencé")])
    sheet = next(iter(board.state["sheets"]))
    for kind in ("said", "amendment"):
        target = {"table": "sheets", "id": sheet}
        board.do("note.write", RAPPORTEUR, target=target, kind=kind, text="Ceci reste dans la salle")
    board.do("text.release", RAPPORTEUR, target={"table": "sheets", "id": sheet}, released=True)
    before = len(steps(board.log))
    board.do("board.forget", CLOCK)
    told = steps(board.log)
    assert len(told) == before and "sheet.freeze" in [step.kind for step in told]
    text = orjson.dumps([(s.kind, s.about, s.changes) for s in told]).decode()
    for word in ("Ceci reste", "Rapporteur 01", "Commencé", "note.", "released"):
        assert word not in text, word


@pytest.mark.parametrize("hide", ["hold", "erase"])
def test_what_is_held_or_erased_now_was_never_to_be_read(hide: str) -> None:
    board = played([("group", 0, 2, "Un groupe"), ("comment", 2, 0, "Une remarque")])
    card = board.state["cards"]["c0-2"]
    board.do("sheet.make", targets=[{"table": "cards", "id": card["id"]}])
    board.do(f"card.{hide}", card=card["id"], **({"reason": "accuse quelqu’un"} if hide == "hold" else {}))
    told = orjson.dumps([(s.kind, s.about, s.changes) for s in steps(board.log)]).decode()
    assert "accuse" not in told
    if hide == "hold":
        assert f'"{card["id"]}"' not in told and "card.hold" not in told
    assert told.count(card["text"]) == 0 or hide == "hold"


def test_a_step_knows_neither_person_nor_time_nor_what_lies_on_the_stage() -> None:
    board = played(
        [("group", 0, 1, "x"), ("spotlight", 0, 0, ""), ("vote", 0, 0, ""), ("comment", 0, 0, "dit")]
    )
    told = orjson.dumps([(s.kind, s.about, s.changes) for s in steps(board.log)]).decode()
    assert str(board.now_ms)[:6] not in told
    for word in ("person", "at_ms", "ends_at_ms", "spotlight", "audience", "comments", "Expert 01"):
        assert word not in told, word


def test_hands_come_after_the_result_they_stand_beside_and_several_tables_in_one_step() -> None:
    """Counted while only staff see them, they are in no step of their own; counted anew, they are one again."""
    chair = replace(FACILITATOR, desk={f"m{n}": seat(n) for n in range(1, 9)})
    board = played([("group", 0, 1, "Tarifs"), ("vote", 0, 0, "")])
    target = board.round("V1")["ballot"][0]["id"]

    def count(table: str, hands: int) -> None:
        at = {"round": "V1", "epoch": 1, "table": table, "present": 3}
        board.do("handcount.enter", chair, **at, counts={target: hands})

    count("T1", 2)
    count("T2", 3)
    count("T1", 1)
    told = steps(board.log)
    assert [(s.kind, s.counts.get("handcounts")) for s in told[-2:]] == [
        ("round.publish", None),
        ("hands", 2),
    ]
    shown: dict[str, Any] = {table: {} for table in SHOWN}
    for step in told:
        replayed(shown, step.changes)
    assert {one["table"]: one["counts"] for one in shown["handcounts"].values()} == {
        "T1": {target: 1},
        "T2": {target: 3},
    }
    board.command("reopen", "V1", minutes=1)
    board.command("close", "V1", contents=Contents([], authors=0))
    before = steps(board.log)
    board.do("handcount.enter", chair, round="V1", epoch=2, table="T1", present=3, counts={target: 2})
    assert board.state["handcounts"]["V1:2:T1"]["audience"] == "staff"
    assert steps(board.log) == before
