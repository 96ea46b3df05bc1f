"""Who is connected, as a number; turnout, parity and the queue at the door for staff. Coalesced, frozen while a round is sealed.

A count that moves with each card or arrival would tell who wrote: so it stands still during a sealed round, and turnout is
shown from ten up only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import socketio

from app.boards import Boards
from app.domain import floor, rounds
from app.domain.policy import live_round
from app.domain.records import STAFF, View
from app.moments import key_name
from app.urn import KeyLost, Urn
from realtime.floor import Floors
from realtime.viewers import Viewers, room

SHOWN_FROM = 10
STEADY_MS = 15_000
DIMENSIONS = {"sides": floor.SIDES, "places": floor.PLACES}
# A board's seats, with side and place.
GroupsOf = Callable[[str], dict[str, tuple[str | None, str | None]]]


class Presence:
    """Numbers about a board's viewers.

    Shape: `door_of` counts who waits at the door of a board's workshop; `groups_of` gives side and place of its seats.
    """

    def __init__(
        self,
        server: socketio.Server,
        boards: Boards,
        viewers: Viewers,
        floors: Floors,
        door_of: Callable[[str], int],
        groups_of: GroupsOf,
    ) -> None:
        self._server, self._boards, self._viewers, self._door_of = server, boards, viewers, door_of
        self._floors, self._groups_of = floors, groups_of
        # Of this worker; `live.py` puts all workers' in its place.
        self.online_of: Callable[[str], int] = viewers.online
        self.remote_cut_min: Callable[[], int | None] = lambda: None
        # By board: the sealed epoch that is live and who took part; and how many were away when the last one closed.
        self._took_part: dict[str, tuple[tuple[str, int], set[str]]] = {}
        self._absent: dict[str, dict[str, Any]] = {}
        self._cast: dict[str, tuple[tuple[str, int], int, dict[str, int]]] = {}
        self._changed: set[str] = set()
        self._frozen: dict[str, tuple[int, int]] = {}
        self._sent: dict[str, dict[View, dict[str, Any]]] = {}
        self._counted: dict[str, tuple[tuple[str, int], int, int]] = {}

    def changed(self, board: str) -> None:
        self._changed.add(board)

    def welcome(self, sid: str, board: str, view: View) -> None:
        """A newcomer gets what the others were last told."""
        if known := self._sent.get(board, {}).get(view):
            self._server.emit("presence", known, to=sid)
        else:
            self._changed.add(board)

    def tick(self, board: str) -> None:
        """Tell each view of a board what changed since it was last told."""
        self._note_absent(board)
        online, offline = self._counts(board)
        numbers = {"online": online, "frozen": board in self._frozen}
        for view in self._viewers.views(board):
            told = {**numbers, **self._for_staff(board), "offline": offline} if STAFF in view else numbers
            before = self._sent.setdefault(board, {}).get(view)
            if told != before or board in self._changed:
                self._sent[board][view] = told
                self._server.emit("presence", told, to=room(board, view))
        self._changed.discard(board)

    def _live(self, board: str) -> dict[str, Any] | None:
        return live_round(self._boards.moment(board).state["rounds"].values())

    def _counts(self, board: str) -> tuple[int, int]:
        """Seats that are connected, and seats in the roster that are not; as they were at the start of a sealed round."""
        live = self._live(board)
        if not live or not rounds.is_sealed(live):
            self._frozen.pop(board, None)
        if board in self._frozen:
            return self._frozen[board]
        here = {viewer.person for viewer in self._viewers.on(board)}
        counts = (self.online_of(board), len(self._groups_of(board).keys() - here))
        if live and rounds.is_sealed(live):
            self._frozen[board] = counts
        return counts

    def _note_absent(self, board: str) -> None:
        """At the close of a sealed round, how many of those who took part are not there: their texts may be under way."""
        live, here = self._live(board), self._viewers.seats(board)
        if live and rounds.is_sealed(live):
            epoch = (live["id"], live["epoch"])
            known = self._took_part.get(board)
            self._took_part[board] = (epoch, here | known[1] if known and known[0] == epoch else here)
            self._absent.pop(board, None)
        elif board in self._took_part:
            (round_id, number), seen = self._took_part.pop(board)
            self._absent[board] = {"round": round_id, "epoch": number, "count": len(seen - here)}

    def _for_staff(self, board: str) -> dict[str, Any]:
        told: dict[str, Any] = {"door": self._door_of(board)}
        if (minutes := self.remote_cut_min()) is not None:
            told["remote_cut_min"] = minutes
        live = self._live(board)
        told["parity"] = self._parity(board, live)
        if board in self._absent:
            told["absent"] = self._absent[board]
        if live and rounds.is_sealed(live):
            count = self._steady_count(board, live)
            told["turnout"] = {
                "round": live["id"],
                "epoch": live["epoch"],
                "kind": "ballots" if rounds.is_ballot(live) else "texts",
                "count": count if count >= SHOWN_FROM else None,
                "seats": live["roster"],
            }
        return told

    def _parity(self, board: str, live: dict[str, Any] | None) -> dict[str, Any]:
        """Ballots and turns by side and by place, each dimension whole or not at all."""
        groups = _by_group(self._groups_of(board))
        seats = {group: len(members) for group, members in groups.items()}
        cast = self._steady_cast(board, live, groups) if live and rounds.is_ballot(live) else None
        told: dict[str, Any] = {"ballots": {}, "turns": {}, "seats": seats}
        for dimension, names in DIMENSIONS.items():
            turns = self._floors.turns(board, names)
            told["turns"][dimension] = floor.parity(turns, seats)
            votes = {name: cast[name] for name in names} if cast else None
            told["ballots"][dimension] = floor.parity(votes, votes) if votes else None
        return told

    def _steady_cast(
        self, board: str, live: dict[str, Any], groups: dict[str, list[str]]
    ) -> dict[str, int] | None:
        """Ballots by group, as of at most 15 s ago like the turnout; None while the urn has no key here."""
        now_ms, epoch = self._boards.clock.now_ms(), (live["id"], live["epoch"])
        counted = self._cast.get(board)
        if counted is None or counted[0] != epoch or now_ms - counted[1] >= STEADY_MS:
            name = key_name(board, live)
            try:
                urn = Urn(name.epoch, self._boards.keys.get(name))
            except KeyLost:
                return None
            counted = (epoch, now_ms, self._boards.read(lambda c: urn.cast_by(c, groups)))
            self._cast[board] = counted
        return counted[2]

    def _steady_count(self, board: str, live: dict[str, Any]) -> int:
        """How much lies in the urn, as of at most 15 s ago: a number that moves with each tap would name who tapped."""
        now_ms, epoch = self._boards.clock.now_ms(), (live["id"], live["epoch"])
        counted = self._counted.get(board)
        if counted is None or counted[0] != epoch or now_ms - counted[1] >= STEADY_MS:
            texts, ballots = self._boards.urn_count(board, *epoch)
            counted = (epoch, now_ms, ballots if rounds.is_ballot(live) else texts)
            self._counted[board] = counted
        return counted[2]


def _by_group(seats: dict[str, tuple[str | None, str | None]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {name: [] for names in DIMENSIONS.values() for name in names}
    for seat, named in seats.items():
        for name in named:
            if name in groups:
                groups[name].append(seat)
    return groups
