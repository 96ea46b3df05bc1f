"""The live side put together: Socket.IO over the Flask application, its handlers, publisher, presence and timekeeper."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_socketio import SocketIO

from app import seats
from app.boards import Boards
from app.messages import MOST_BYTES
from realtime import engine
from realtime.floor import Floors
from realtime.guard import StrictJson, StrictPacket
from realtime.handlers import Handlers, register
from realtime.presence import Presence
from realtime.publisher import Publisher
from realtime.timekeeper import Timekeeper
from realtime.transport import BoardManager, websocket_class
from realtime.viewers import Viewers

# A frame may be 48 KiB of operations; the rest is room for the envelope.
MOST_MESSAGE_BYTES = MOST_BYTES + 16 * 1024


def start(app: Flask, boards: Boards, engine_name: str, fanout: str = "direct") -> SocketIO:
    """Make the live side and start its clock; returns what wraps the application's WSGI callable."""
    direct = fanout == "direct" and engine.has_direct_sockets()
    options: dict[str, Any] = {"serializer": StrictPacket, "json": StrictJson}
    if direct:
        options["client_manager"] = BoardManager()
    socketio: Any = SocketIO(
        app,
        async_mode=engine_name,  # type: ignore[arg-type]
        # Handlers of one socket run in the order of their frames; each only queues, so none waits.
        async_handlers=False,
        max_http_buffer_size=MOST_MESSAGE_BYTES,
        manage_session=False,
        logger=False,
        engineio_logger=False,
        **options,
    )
    server = socketio.server
    if direct:
        # The one private name we touch: a contract test fails when python-engineio renames it.
        server.eio._async = {**server.eio._async, "websocket": websocket_class(MOST_MESSAGE_BYTES)}
    boards.on_engine(socketio.start_background_task, engine.in_thread)
    viewers = Viewers()

    def waiting_at_door(board: str) -> int:
        with app.app_context():
            return seats.waiting_at_door(board)

    def voters_of(board: str) -> dict[str, tuple[str | None, str | None]]:
        with app.app_context():
            return seats.groups_of(board)

    floors = Floors(server, boards, viewers)
    presence = Presence(server, boards, viewers, floors, waiting_at_door, voters_of)
    handlers = Handlers(app, server, boards, viewers, presence, floors)
    register(socketio, handlers)
    seats.on_cut.append(handlers.cut)
    boards.on_delete(handlers.board_gone)
    boards.on_commit(Publisher(server, viewers).publish)
    timekeeper = Timekeeper(boards, server, viewers, presence, floors, socketio.sleep)
    timekeeper.resume()
    socketio.start_background_task(timekeeper.run)
    return socketio
