"""After a commit: one frame for each view of the board, handed to every viewer of it."""

from __future__ import annotations

import socketio

from app.domain.changes import projected
from app.moments import Committed, frame
from realtime.viewers import Viewers, room


class Publisher:
    """Bound to `boards.on_commit`."""

    def __init__(self, server: socketio.Server, viewers: Viewers) -> None:
        self._server, self._viewers = server, viewers

    def publish(self, committed: Committed) -> None:
        """Send each view what it may see of the changes. A frame moves the head even when it is empty for that view."""
        for view in self._viewers.views(committed.board):
            wire = projected(committed.changes, view, committed.moment.state)
            self._server.emit(
                "changes", frame(committed.before, committed.moment, wire), to=room(committed.board, view)
            )
