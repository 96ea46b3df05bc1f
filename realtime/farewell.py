"""Leaving in good order: nothing more is taken, what was taken is committed and answered, and every page is told to come back."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from app.boards import Boards

# The last frames leave before the process does.
LAST_FRAMES_S = 0.5


def say(socketio: Any, boards: Boards) -> None:
    """Say goodbye to all sockets of this process. Pages come back by themselves, within five seconds, not all at once."""
    boards.stop()
    server = socketio.server
    server.emit("goodbye", {"reason": "restart"})
    for sid, _ in list(server.manager.get_participants("/", None)):
        with suppress(KeyError):
            server.disconnect(sid)
    socketio.sleep(LAST_FRAMES_S)
