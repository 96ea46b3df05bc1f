"""The instruments of `make bench`, on a relay so small that every figure is known beforehand."""

from __future__ import annotations

import math
import os

import pytest

from app.domain.operations import Context, Operation
from app.domain.records import empty_state
from app.domain.rules import decide
from app.workshops import SETTER_UP
from tests.bench import measure
from tests.bench.room import Spans, room_of, running
from tests.bench.servers import FloorRelay
from tests.bench.speech import CHARACTERS, Comments, stamps_in
from tests.bench.table import Goal, Results, goals
from tests.bench.whole_board import board

CLIENTS, RATE, SECONDS = 4, 40, 0.5
SPANS = Spans(warm_up=0, idle=0, load=SECONDS, quiet=0, peak=0, calm=0)


def test_the_generator_counts_what_a_relay_sends() -> None:
    with running(FloorRelay) as server, room_of(server, server.seats(CLIENTS), SPANS) as room:
        speech = Comments()
        length = len(server.dialect.operation(speech.next()))
        offered = room.generator.offer(RATE, SECONDS, speech)
        assert offered.sent == RATE * SECONDS and offered.refused == 0
        assert offered.delivered == offered.expected == offered.sent * CLIENTS
        # Each operation is a frame with four bytes of header; a letter with an accent is two bytes.
        assert offered.frames == offered.delivered
        assert 0.8 * length < offered.bytes / offered.delivered < 1.2 * length
        delays = offered.delays()
        assert len(delays) == offered.delivered and 0 < delays[0] <= delays[-1] < 1
        assert 0 < offered.own_share < 1
        load = room.load(RATE, SECONDS, speech)
        assert load.rate == pytest.approx(RATE, rel=0.3)
        assert load.us_per_operation == pytest.approx(load.us_per_delivery * CLIENTS, rel=0.01)
        assert 0 < load.us_per_delivery < 5_000


def test_what_never_arrives_makes_a_percentile_endless() -> None:
    assert measure.percentile([1, 2, 3, 4], 0.5) == 2
    assert measure.percentile([1, 2, 3, 4], 0.99, of=5) == math.inf


def test_the_exponent_of_a_power_is_its_power() -> None:
    assert measure.exponent([(n, 3 * n**1.5) for n in (10, 100, 1000)]) == pytest.approx(1.5)


def test_the_clock_of_a_process_counts_its_own_work_alone() -> None:
    before = measure.cpu_s(os.getpid())
    sum(range(300_000))
    assert 0 < measure.cpu_s(os.getpid()) - before < 5
    assert measure.rss_kb(os.getpid()) > 1000


def test_an_operation_has_eighty_characters_and_knows_when_it_was_said() -> None:
    text = Comments().next()["payload"]["text"]
    assert len(text) == CHARACTERS
    assert len(stamps_in(text.encode())) == 1


def test_a_goal_that_was_not_measured_does_not_count_as_reached() -> None:
    assert all(goal.verdict == "not run" for goal in goals(Results()))
    assert Goal("x", 1.2, 1.0).verdict == "missed by 20 %"
    assert Goal("x", 0.5, 1.0, at_least=True).verdict == "missed by 50 %"
    assert Goal("x", 1.0, 1.0).verdict == "reached"


def test_the_board_whose_files_are_measured_comes_in_as_any_file_does() -> None:
    imported = Operation("0" * 32, "board.import", board(20))
    decided = decide(empty_state(), imported, SETTER_UP, Context(now_ms=0))
    assert isinstance(decided, list) and len([c for c in decided if c.table == "cards"]) == 20
