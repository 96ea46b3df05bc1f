"""After a commit: one frame for each view of the board, handed to every viewer of it."""

from __future__ import annotations

import socketio

from app.domain.changes import audiences_of, projected
from app.domain.records import View
from app.moments import Committed, frame
from realtime.viewers import Viewers, room


class Publisher:
    """Bound to `boards.on_commit`."""

    def __init__(self, server: socketio.Server, viewers: Viewers) -> None:
        self._server, self._viewers = server, viewers

    def publish(self, committed: Committed) -> None:
        """Send each view what it may see of the changes. A frame moves the head even when it is empty for that view.

        Views that are told the same share one frame, and so its bytes.
        """
        board, state = committed.board, committed.moment.state
        concerned = audiences_of(committed.changes)
        alike: dict[View, list[str]] = {}
        for view in self._viewers.views(board):
            alike.setdefault(view & concerned, []).append(room(board, view))
        for seen, rooms in alike.items():
            wire = projected(committed.changes, seen, state)
            self._server.emit("changes", frame(committed.before, committed.moment, wire), to=rooms)
