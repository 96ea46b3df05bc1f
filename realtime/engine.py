"""The one file that names eventlet or gevent: prepare, serve, run in a real thread.

eventlet is the default as the project was asked to use it; its maintainers retire it. Everything else uses the standard
library and `socketio.start_background_task`, so that `PALABRE_ENGINE=gevent` or `threading` is all it takes to leave.
"""

from __future__ import annotations

import signal
import socket
import threading
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Any

BACKLOG = 2048
# A websocket holds its slot of the pool for life.
MOST_CONNECTIONS = 20_000
# A request line or body that does not come within this time is dropped; websockets are not touched by it.
SLOW_REQUEST_S = 15

_name = "threading"


def prepare(name: str) -> None:
    """Patch the standard library for the engine. Must be the first statement of the process, before other imports."""
    global _name
    _name = name
    if name == "eventlet":
        warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated")
        import eventlet

        eventlet.monkey_patch()
    elif name == "gevent":
        from gevent import monkey

        monkey.patch_all()


def in_thread(work: Callable[..., Any], *arguments: Any) -> Any:
    """Run blocking work in a real thread and wait for it without stalling the event loop."""
    if _name == "eventlet":
        from eventlet import tpool

        return tpool.execute(work, *arguments)
    if _name == "gevent":
        import gevent

        return gevent.get_hub().threadpool.apply(work, arguments)
    return work(*arguments)


def has_direct_sockets() -> bool:
    """Whether this engine lends us the plain socket under a websocket (`Line`); the others use the stock driver."""
    return _name == "eventlet"


class Line:
    """A connection out of the web server's hands: it has no task of its own, the event loop calls back.

    A task that waits in `recv` for each client costs 15 KB and two trips through the loop for every message.
    """

    __slots__ = ("_hub", "_listeners", "_sock", "receive", "send")

    def __init__(self, environ: dict[str, Any]) -> None:
        from eventlet import hubs, patcher, wsgi

        # The server goes on with a socket that is closed, and writes no answer.
        wsgi.WSGI_LOCAL.already_handled = True
        lent = environ["eventlet.input"].get_socket().fd
        family = lent.family
        self._sock = patcher.original("socket").socket(family, socket.SOCK_STREAM, fileno=lent.detach())
        self._sock.setblocking(False)
        # Small frames must not wait for the peer's delayed acknowledgement: 40 ms each.
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.send, self.receive = self._sock.send, self._sock.recv
        self._hub = hubs.get_hub()
        self._listeners: dict[str, Any] = {}

    def on_readable(self, act: Callable[[], None] | None) -> None:
        """Call `act` whenever something has come; None: not any more."""
        self._listen(self._hub.READ, act)

    def on_writable(self, act: Callable[[], None] | None) -> None:
        """Call `act` whenever the kernel takes more; None: not any more."""
        self._listen(self._hub.WRITE, act)

    def _listen(self, kind: str, act: Callable[[], None] | None) -> None:
        if listener := self._listeners.pop(kind, None):
            self._hub.remove(listener)
        if act and self._sock.fileno() >= 0:
            self._listeners[kind] = self._hub.add(
                kind, self._sock.fileno(), lambda _: act(), _nobody_waits, None
            )

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        self._hub.schedule_call_global(seconds, act)

    def finish(self) -> None:
        """Nothing more will be written: the peer reads to the end and hangs up."""
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        for kind in list(self._listeners):
            self._listen(kind, None)
        self._sock.close()


def _nobody_waits(_error: object) -> None:
    """What eventlet calls in place of a task that waited on a socket that was closed under it."""


def spawn(work: Callable[..., Any], *arguments: Any) -> None:
    """Run something beside, in the engine's own way."""
    if _name == "eventlet":
        import eventlet

        eventlet.spawn_n(work, *arguments)
    else:
        threading.Thread(target=work, args=arguments, daemon=True).start()


def spawn_later(seconds: float, work: Callable[[], None]) -> None:
    """Run something beside after a while. Only where there are direct sockets."""
    import eventlet

    eventlet.spawn_after(seconds, work)


def serve(app: Callable[..., Any], host: str, port: int, on_ready: Callable[[], None]) -> None:
    """Serve a WSGI application until SIGTERM or SIGINT. `on_ready` is called once the port is open."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        if _name == "eventlet":
            _serve_eventlet(app, host, port, on_ready)
        elif _name == "gevent":
            _serve_gevent(app, host, port, on_ready)
        else:
            _serve_threading(app, host, port, on_ready)
    except KeyboardInterrupt:
        pass


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _serve_eventlet(app: Callable[..., Any], host: str, port: int, on_ready: Callable[[], None]) -> None:
    import eventlet
    import eventlet.wsgi

    listening = eventlet.listen((host, port), backlog=BACKLOG, reuse_port=False)
    on_ready()
    eventlet.wsgi.server(
        listening,
        app,
        max_size=MOST_CONNECTIONS,
        log_output=False,
        debug=False,
        socket_timeout=SLOW_REQUEST_S,
    )


def _serve_gevent(app: Callable[..., Any], host: str, port: int, on_ready: Callable[[], None]) -> None:
    from gevent.pywsgi import WSGIServer

    server = WSGIServer((host, port), app, log=None, error_log=None, backlog=BACKLOG)
    server.init_socket()
    on_ready()
    server.serve_forever()


def _serve_threading(app: Callable[..., Any], host: str, port: int, on_ready: Callable[[], None]) -> None:
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        """No access log: addresses and query strings are nobody's business."""

        def log_request(self, *_: object) -> None: ...

    server = make_server(host, port, app, threaded=True, request_handler=Quiet)
    threading.Thread(target=on_ready, daemon=True).start()
    server.serve_forever()
