"""What is let go from memory, and when."""

from __future__ import annotations

from realtime.idle import FLOOR_MS, REST_MS
from tests.keeper import Keeper
from tests.realtime.ears import joined
from tests.seminar import BOARD, seat

MINUTE_MS = 60_000


def test_a_board_is_let_go_when_nobody_looks_at_it_and_nothing_is_under_way(keeper: Keeper) -> None:
    door = keeper.door
    joined(keeper)
    keeper.pass_time(2 * REST_MS)
    assert door.boards.loaded() == [BOARD], "somebody looks at it"
    keeper.viewers.forget("console")
    door.command("start", "brief")
    keeper.pass_time(2 * REST_MS)
    assert door.boards.loaded() == [BOARD], "its clock runs"
    door.command("close", "brief")
    keeper.pass_time(REST_MS - MINUTE_MS)
    assert door.boards.loaded() == [BOARD]
    keeper.pass_time(2 * MINUTE_MS)
    assert door.boards.loaded() == []
    assert door.round("brief")["state"] == "published"


def test_who_has_spoken_is_known_over_a_weekend_and_then_let_go_with_the_board(keeper: Keeper) -> None:
    keeper.floors.hand(BOARD, seat(1), "room", up=True)
    keeper.pass_time(2 * REST_MS)
    assert keeper.floors.said()[BOARD].floor.hands
    keeper.door.clock.ms += FLOOR_MS
    keeper.pass_time(MINUTE_MS)
    assert keeper.door.boards.loaded() == [] == keeper.floors.boards()
