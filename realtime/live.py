"""The live side put together: Socket.IO over the Flask application, its handlers, publisher, presence and timekeeper."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask
from flask_socketio import SocketIO

from app import admission, practice, retention, seats, sessions, tries
from app.boards import Boards
from app.messages import MOST_MESSAGE_BYTES
from app.prepared import Overtaken
from app.press import Press
from config import Settings
from realtime import engine
from realtime.fanout import BoardManager
from realtime.floor import Floors
from realtime.gate import Gate
from realtime.guard import StrictJson, StrictPacket
from realtime.handlers import Handlers, register
from realtime.neighbours import Neighbours
from realtime.presence import Presence
from realtime.publisher import Publisher
from realtime.timekeeper import Timekeeper
from realtime.transport import take_over
from realtime.tunnel import Tunnel
from realtime.viewers import Viewers


def _library_log() -> logging.Logger:
    """What the libraries log, without what they say of clients, for that names their ids; their and our mistakes remain."""
    log = logging.getLogger("palabre.socketio")
    log.setLevel(logging.ERROR)
    log.addFilter(_is_a_mistake)
    return log


def _is_a_mistake(record: logging.LogRecord) -> bool:
    return record.exc_info is not None


def start(app: Flask, boards: Boards, settings: Settings) -> SocketIO:
    """Make the live side and start its clock; returns what wraps the application's WSGI callable."""
    # What TLS makes of a frame, a plain socket cannot carry.
    direct = settings.fanout == "direct" and engine.has_direct_sockets() and not settings.certificate
    options: dict[str, Any] = {"serializer": StrictPacket, "json": StrictJson}
    if direct:
        options["client_manager"] = BoardManager()
    socketio: Any = SocketIO(
        app,
        async_mode=settings.engine,  # type: ignore[arg-type]
        # Handlers of one socket run in the order of their frames; each only queues, so none waits.
        async_handlers=False,
        max_http_buffer_size=MOST_MESSAGE_BYTES,
        # Origins are the gate's affair: it knows who has one to show.
        cors_allowed_origins=[],
        manage_session=False,
        logger=_library_log(),
        engineio_logger=_library_log(),
        **options,
    )
    server = socketio.server
    take_over(server.eio, MOST_MESSAGE_BYTES, direct=direct)
    gate = Gate(app, server, app.wsgi_app, MOST_MESSAGE_BYTES)
    app.wsgi_app = gate  # type: ignore[method-assign]
    boards.on_engine(socketio.start_background_task, engine.in_thread)
    viewers = Viewers()

    floors = Floors(server, boards, viewers)
    presence = Presence(server, boards, viewers, floors, admission.waiting_at_door, seats.groups_of)
    handlers = Handlers(server, boards, viewers, presence, floors, takes_turns=direct)
    register(socketio, handlers)
    sessions.on_cut.append(handlers.cut)
    boards.on_delete(handlers.board_gone)
    press = Press(settings.volatile, boards.clock.now_ms, boards.spawn, boards.in_thread)
    boards.on_delete(lambda board: press.forget_of(f"{board}:"))
    overtaken = Overtaken(press, boards)
    overtaken.look()
    boards.on_commit(overtaken.noticed)
    boards.on_commit(Publisher(server, viewers).publish)
    boards.on_pace(viewers.pace_s)
    safekeeping = app.extensions["safekeeping"]
    boards.on_commit(safekeeping.noticed)
    presence.backup = safekeeping.told
    presence.simulated = practice.crowd_on
    socketio.start_background_task(safekeeping.run, socketio.sleep)
    timekeeper = Timekeeper(boards, server, viewers, presence, floors, socketio.sleep)
    if not settings.is_sqlite:
        _meet(
            Neighbours(boards, viewers, handlers, presence, floors, socketio.sleep, overtaken),
            socketio,
            settings,
        )
    if settings.remote_url:
        tunnel = Tunnel(settings.remote_url, settings.mark, boards.clock.now_ms, socketio.sleep)
        presence.remote_cut_min = tunnel.cut_min
        socketio.start_background_task(tunnel.run)
    timekeeper.resume()
    socketio.start_background_task(timekeeper.run)
    socketio.start_background_task(gate.run, socketio.sleep)
    socketio.start_background_task(_keep_no_longer, app, socketio)
    return socketio


def _keep_no_longer(app: Flask, socketio: Any) -> None:
    with app.app_context():
        retention.run(socketio.sleep)


def kept_by_redis(url: str) -> list[str]:
    """The settings by which a Redis writes what it holds to its disk: name = value."""
    from realtime.wakeups import kept_on_disk

    return kept_on_disk(url)


def _meet(neighbours: Neighbours, socketio: Any, settings: Settings) -> None:
    socketio.start_background_task(neighbours.run)
    if settings.redis_url:
        # Here and not above: whoever runs alone needs no Redis, nor its library.
        from realtime.wakeups import Wakeups

        wakeups = Wakeups(settings.redis_url, settings.secret)
        neighbours.connect(wakeups)
        sessions.on_cut.append(lambda handle, reason: wakeups.tell("cut", handle, reason))
        # Whoever guesses has no more tries for there being more workers.
        tries.on_count.append(lambda limit, *whose: wakeups.tell("tried", limit, *whose))
        wakeups.on("tried", tries.heard)
        socketio.start_background_task(wakeups.send)
        socketio.start_background_task(wakeups.listen)
