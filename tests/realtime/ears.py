"""What a keeper's server says, heard without sockets, and people who are there to hear it."""

from __future__ import annotations

from typing import Any

from app import messages
from app.domain.records import EVERYONE, STAFF_VIEW, View
from realtime.viewers import Viewer, room
from tests.keeper import Keeper
from tests.seminar import BOARD, seat

STAFF_ROOM = room(BOARD, STAFF_VIEW)


class Ears:
    """Stands where the server's `emit` is, and keeps what was said last, by event and listener."""

    def __init__(self, keeper: Keeper) -> None:
        self.said: dict[tuple[str, str], Any] = {}
        for speaker in (keeper.presence, keeper.floors):
            speaker._server.emit = self.hear

    def hear(self, event: str, data: Any, to: str) -> None:
        messages.FROM_SERVER[event].load(data)  # raises when the frame is not what the protocol says
        self.said[(event, to)] = data

    def to(self, event: str, listener: str) -> Any:
        return self.said.get((event, listener))


def told(keeper: Keeper, view: View) -> Any:
    """What the viewers of a board were last told, after a tick."""
    ears = Ears(keeper)
    keeper.presence.changed(BOARD)
    keeper.presence.tick(BOARD)
    return ears.to("presence", room(BOARD, view))


def joined(keeper: Keeper, *numbers: int) -> None:
    """Seats of both sides and places that have joined and are connected."""
    for number in numbers:
        actor = seat(number)
        place = "remote" if number % 2 == 0 else "room"
        keeper.groups[actor.person or ""] = (actor.side, place)
        keeper.viewers.add(Viewer(f"s{number}", f"h{number}", BOARD, EVERYONE, actor.person or ""))
    keeper.viewers.add(Viewer("console", "hf", BOARD, STAFF_VIEW, "fac", {"en": "Facilitator"}))
