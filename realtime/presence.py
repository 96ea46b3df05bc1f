"""Who is connected, as a number; turnout, parity and the queue at the door for staff. Coalesced, frozen while a round is sealed.

A count that moves with each card or arrival would tell who wrote: so it stands still during a sealed round, and turnout is
shown from ten up only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import socketio

from app.boards import Boards
from app.desks import box_of
from app.domain import floor, rounds
from app.domain.policy import live_round
from app.domain.records import STAFF, Record, View
from app.moments import key_name
from app.seats import Groups
from app.urn import Urn
from realtime.attendance import Attendance
from realtime.floor import Floors
from realtime.viewers import Viewers, room

T = TypeVar("T")

SHOWN_FROM = 10
STEADY_MS = 15_000
DIMENSIONS = {"sides": floor.SIDES, "places": floor.PLACES}


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
        groups_of: Callable[[str], Groups],
    ) -> None:
        self._server, self._boards, self._viewers, self._door_of = server, boards, viewers, door_of
        self._floors, self._groups_of = floors, groups_of
        self.attendance = Attendance()
        self.on_change: Callable[[], None] = lambda: None
        self.remote_cut_min: Callable[[], int | None] = lambda: None
        # How many seats of a board need no device.
        self.simulated: Callable[[str], int] = lambda board: 0
        self.backup: Callable[[], dict[str, Any] | None] = lambda: None
        self._changed: set[str] = set()
        self._sent: dict[str, dict[View, dict[str, Any]]] = {}
        # By figure and board: of which epoch, counted when, and what.
        self._counted: dict[tuple[str, str], tuple[tuple[str, int], int, Any]] = {}

    def changed(self, board: str) -> None:
        """Somebody came or went."""
        self._changed.add(board)
        self.on_change()

    def forget(self, board: str) -> None:
        self.attendance.forget(board)
        self._sent.pop(board, None)
        self._counted = {key: known for key, known in self._counted.items() if key[1] != board}

    def welcome(self, sid: str, board: str, view: View) -> None:
        """A newcomer gets what the others were last told."""
        if known := self._sent.get(board, {}).get(view):
            self._server.emit("presence", known, to=sid)
        else:
            self._changed.add(board)

    def tick(self, board: str) -> None:
        """Tell each view of a board what changed since it was last told."""
        live, groups = self._live(board), self._groups_of(board)
        online, offline = self._counts(board, live, groups)
        is_frozen = self.attendance.frozen(board) is not None
        # Seats that are added while a round is sealed are told when it has closed, like everything else about who is here.
        seats = live["roster"] if live and is_frozen else len(groups)
        numbers = {"online": online, "frozen": is_frozen, "seats": seats}
        views = self._viewers.views(board)
        if any(STAFF in view for view in views):
            staff = {**numbers, **self._for_staff(board, live, groups), "offline": offline}
        for view in views:
            told = staff if STAFF in view else numbers
            before = self._sent.setdefault(board, {}).get(view)
            if told != before or board in self._changed:
                self._sent[board][view] = told
                self._server.emit("presence", told, to=room(board, view))
        self._changed.discard(board)

    def note(self, board: str) -> None:
        """What attendance must know of a board, whether or not somebody here looks at it."""
        self._counts(board, self._live(board), self._groups_of(board))

    def _live(self, board: str) -> dict[str, Any] | None:
        return live_round(self._boards.moment(board).state["rounds"].values())

    def _counts(self, board: str, live: dict[str, Any] | None, groups: Groups) -> tuple[int, int]:
        """Seats that are connected, and seats in the roster that are not; as they were at the start of a sealed round."""
        here = self._viewers.seats(board)
        away = len(groups.keys() - self._viewers.people(board)) - self.simulated(board)
        counts = (len(here), max(0, away))
        self.attendance.note(board, live, here, self._boards.clock.now_ms(), counts)
        return self.attendance.frozen(board) or counts

    def _for_staff(self, board: str, live: dict[str, Any] | None, groups: Groups) -> dict[str, Any]:
        told: dict[str, Any] = {"door": self._door_of(board)}
        if (minutes := self.remote_cut_min()) is not None:
            told["remote_cut_min"] = minutes
        if backup := self.backup():
            told["backup"] = backup
        if self._viewers.is_incomplete:
            told["incomplete"] = True
        told["parity"] = self._parity(board, live, _by_group(groups))
        if away := self.attendance.away(board):
            told["absent"] = away
        confirmed = 0
        if box := box_of(self._boards, board):
            papers, confirmed = self._papers(*box)
            told["paper"] = papers
        if live and rounds.is_sealed(live):
            count = self._steady("inside", board, live, lambda: self._inside(board, live, confirmed))
            told["turnout"] = {
                "round": live["id"],
                "epoch": live["epoch"],
                "kind": "ballots" if rounds.is_ballot(live) else "texts",
                "count": count if count >= SHOWN_FROM else None,
                "seats": live["roster"],
            }
        return told

    def _parity(
        self, board: str, live: dict[str, Any] | None, groups: dict[str, list[str]]
    ) -> dict[str, Any]:
        """Ballots and turns by side and by place, each dimension whole or not at all."""
        seats = {group: len(members) for group, members in groups.items()}
        cast = None
        if live and rounds.is_ballot(live):
            cast = self._steady("ballots", board, live, lambda: self._cast(board, live, groups))
        told: dict[str, Any] = {"ballots": {}, "turns": {}, "seats": seats}
        for dimension, names in DIMENSIONS.items():
            turns = self._floors.turns(board, names)
            told["turns"][dimension] = floor.parity(turns, seats)
            votes = {name: cast[name] for name in names} if cast else None
            told["ballots"][dimension] = floor.parity(votes, votes) if votes else None
        return told

    def _cast(self, board: str, live: dict[str, Any], groups: dict[str, list[str]]) -> dict[str, int] | None:
        """Ballots by group; None while the urn's key is nowhere to be found."""
        urn = self._boards.custody.urn(key_name(board, live))
        return self._boards.read(lambda c: urn.cast_by(c, groups)) if urn else None

    def _inside(self, board: str, live: dict[str, Any], confirmed: int) -> int:
        """How much lies in the urn; a confirmed paper is a ballot, whether or not its seat has cast one too."""
        texts, ballots = self._boards.urn_count(board, live["id"], live["epoch"])
        if not rounds.is_ballot(live):
            return texts
        return max(ballots, min(live["roster"], ballots + confirmed))

    def _papers(self, round_: Record, urn: Urn) -> tuple[dict[str, Any], int]:
        """How far the paper ballots have come of the vote that takes them, and how many of them are confirmed."""
        # As they are: the desks move them, and no voter.
        found = self._boards.read(urn.papers.standing)
        told = {"entered": found.entered, "waiting": found.waiting}
        return {"round": round_["id"], "epoch": round_["epoch"], **told}, found.confirmed

    def _steady(self, what: str, board: str, live: dict[str, Any], count: Callable[[], T]) -> T:
        """A count as of at most 15 s ago: a number that moves with each tap would name who tapped."""
        now_ms, epoch = self._boards.clock.now_ms(), (live["id"], live["epoch"])
        known = self._counted.get((what, board))
        if known is None or known[0] != epoch or now_ms - known[1] >= STEADY_MS or known[2] is None:
            known = self._counted[what, board] = (epoch, now_ms, count())
        found: T = known[2]
        return found


def _by_group(seats: Groups) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {name: [] for names in DIMENSIONS.values() for name in names}
    for seat, named in seats.items():
        for name in named:
            if name in groups:
                groups[name].append(seat)
    return groups
