"""The server's timekeeper over a door, without sockets: what it says goes to nobody."""

from __future__ import annotations

import socketio

from realtime.floor import Floors
from realtime.presence import Presence
from realtime.timekeeper import Timekeeper
from realtime.viewers import Viewers
from tests.seminar import Door


class Keeper:
    """Shape: `groups` is seat -> (side, place), as the parity meter asks for them."""

    def __init__(self, door: Door) -> None:
        self.door, self.viewers = door, Viewers()
        server = socketio.Server(async_mode="threading")
        self.groups: dict[str, tuple[str | None, str | None]] = {}
        self.floors = Floors(server, door.boards, self.viewers)
        self.presence = Presence(
            server, door.boards, self.viewers, self.floors, lambda board: 0, lambda board: self.groups
        )
        self.timekeeper = Timekeeper(
            door.boards, server, self.viewers, self.presence, self.floors, lambda seconds: None
        )

    def pass_time(self, ms: int) -> None:
        """Time goes by in half seconds, as the loop has it."""
        for _ in range(0, ms, 500):
            self.door.clock.ms += 500
            self.timekeeper.tick()
