"""Who is connected: each socket's seat, board and view; and whom other workers say they have. Memory, never in the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.domain.records import STAFF, View

# A frame costs so much for each viewer that it is sent; so far apart, a crowd's frames take a fiftieth of a core at most.
# Up to 20 viewers or so nobody waits at all; nobody ever waits longer than a glance takes.
PACE_S, MOST_PACE_S = 0.0009, 0.18


@dataclass(slots=True)
class Viewer:
    """One socket that said hello."""

    sid: str
    handle: str
    board: str
    view: View
    person: str = ""
    name: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Viewers:
    """All sockets of this worker, by id and by board and view; and, by board, other workers' viewers, without a socket.

    `is_incomplete`: other workers are not heard just now, so there may be more than we know of.
    """

    handles: dict[str, str] = field(default_factory=dict)
    elsewhere: dict[str, list[Viewer]] = field(default_factory=dict)
    is_incomplete: bool = False
    _by_sid: dict[str, Viewer] = field(default_factory=dict)
    _rooms: dict[str, dict[View, set[str]]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, viewer: Viewer) -> None:
        self.leave_board(viewer.sid)
        self._by_sid[viewer.sid] = viewer
        self._rooms[viewer.board].setdefault(viewer.view, set()).add(viewer.sid)

    def leave_board(self, sid: str) -> Viewer | None:
        viewer = self._by_sid.pop(sid, None)
        if viewer:
            views = self._rooms[viewer.board]
            views[viewer.view].discard(sid)
            if not views[viewer.view]:
                del views[viewer.view]
        return viewer

    def forget(self, sid: str) -> Viewer | None:
        """A socket closed."""
        self.handles.pop(sid, None)
        return self.leave_board(sid)

    def get(self, sid: str) -> Viewer | None:
        return self._by_sid.get(sid)

    def views(self, board: str) -> list[View]:
        return list(self._rooms[board]) if board in self._rooms else []

    def sids(self, board: str, view: View) -> list[str]:
        return list(self._rooms[board].get(view, ()))

    def boards(self) -> list[str]:
        return [board for board, views in self._rooms.items() if views]

    def on(self, board: str) -> list[Viewer]:
        """The sockets that look at a board."""
        rooms = self._rooms[board].values() if board in self._rooms else ()
        return [self._by_sid[sid] for sids in rooms for sid in sids]

    def everywhere(self, board: str) -> list[Viewer]:
        """Whoever looks at a board, on any worker."""
        return self.on(board) + self.elsewhere.get(board, [])

    def seats(self, board: str) -> set[str]:
        """The handles of the seats that look at a board."""
        return {viewer.handle for viewer in self.everywhere(board)}

    def people(self, board: str) -> set[str]:
        return {viewer.person for viewer in self.everywhere(board)}

    def staff(self, board: str) -> list[Viewer]:
        return [viewer for viewer in self.everywhere(board) if STAFF in viewer.view]

    def views_of(self, handle: str) -> list[View]:
        return [viewer.view for viewer in self._by_sid.values() if viewer.handle == handle]

    def pace_s(self, board: str) -> float:
        """How far apart two frames of a board should be, by how many they go to."""
        count = sum(map(len, self._rooms[board].values())) if board in self._rooms else 0
        return min(count * PACE_S, MOST_PACE_S)

    def of_handle(self, handle: str) -> Iterator[str]:
        """The sockets of a seat's session."""
        return iter([sid for sid, held in self.handles.items() if held == handle])


def room(board: str, view: View) -> str:
    """The name of a view's Socket.IO room."""
    return f"{board}|{'|'.join(sorted(view))}"
