"""The one file that names eventlet or gevent: prepare, serve, run in a real thread, lend the socket of an upgrade.

eventlet is the default as the project was asked to use it; its maintainers retire it. Everything else uses the standard
library and `socketio.start_background_task`, so that `PALABRE_ENGINE=gevent` or `threading` is all it takes to leave.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import ssl
import threading
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from realtime.http import REQUEST_S, PatientReader, is_ambiguous

BACKLOG = 2048
# A websocket holds its slot of the pool for life.
MOST_CONNECTIONS = 20_000
END_WITHIN_S = 9
# In a request's environ: gives the plain socket, and ends HTTP on it.
UPGRADE = "palabre.upgrade"

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
    """Whether this engine's loop calls back for a plain socket (`Line`); on the others a task waits for each client."""
    return _name == "eventlet"


def upgrade_socket(environ: dict[str, Any]) -> Any:
    """The plain socket of a request that becomes a websocket."""
    sock = environ[UPGRADE]()
    # Small frames must not wait for the peer's delayed acknowledgement: 40 ms each.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def upgraded(environ: dict[str, Any]) -> list[bytes]:
    """What a WSGI application returns when the websocket has ended and nothing more may be written."""
    if _name == "eventlet":
        from eventlet import wsgi

        wsgi.WSGI_LOCAL.already_handled = True
    elif _name == "threading":
        # Its server would write a status line; this it takes for a client that left.
        raise ConnectionAbortedError
    return []


def shut(sock: Any) -> None:
    """End both directions of a socket; whoever waits on it wakes."""
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


class Line:
    """A connection out of the web server's hands: it has no task of its own, the event loop calls back.

    A task that waits in `recv` for each client costs 15 KB and two trips through the loop for every message.
    """

    __slots__ = ("_hub", "_listeners", "_sock", "receive", "send")

    def __init__(self, environ: dict[str, Any]) -> None:
        from eventlet import hubs, patcher, wsgi

        # The server goes on with a socket that is closed, and writes no answer.
        wsgi.WSGI_LOCAL.already_handled = True
        lent = environ[UPGRADE]().fd
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


def give_way() -> None:
    """Let everybody else have a turn. Only where there are direct sockets."""
    import eventlet

    eventlet.sleep(0)


def spawn_later(seconds: float, work: Callable[[], None]) -> None:
    """Run something beside after a while. Only where there are direct sockets."""
    import eventlet

    eventlet.spawn_after(seconds, work)


def serve(
    app: Callable[..., Any],
    host: str,
    port: int,
    on_ready: Callable[[], None],
    on_stop: Callable[[], None],
    tls: ssl.SSLContext | None = None,
) -> None:
    """Serve a WSGI application until SIGTERM or SIGINT, then call `on_stop` and end the process.

    `on_ready` is called once the port is open; with `tls` this process ends TLS itself.
    """
    asked = threading.Event()

    def ask(*_: object) -> None:
        # Whatever hangs on the way out, the kernel ends us in time.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(END_WITHIN_S)
        asked.set()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    spawn(_leave, asked, on_stop)
    if _name == "eventlet":
        _serve_eventlet(app, host, port, on_ready, tls)
    elif _name == "gevent":
        _serve_gevent(app, host, port, on_ready, tls)
    else:
        _serve_threading(app, host, port, on_ready)


def _leave(asked: threading.Event, on_stop: Callable[[], None]) -> None:
    asked.wait()
    try:
        on_stop()
    finally:
        logging.shutdown()
        # No engine ends by itself while a socket is open, and none needs to: what counts is on the disk.
        os._exit(0)


class _Careful:
    """What we ask of a handler made from the standard library's, as those of eventlet and Werkzeug are."""

    tls: ssl.SSLContext | None = None

    def setup(self: Any) -> None:
        self.patience = PatientReader(self.request)
        self.request = self.patience.over(self.tls)
        super().setup()  # type: ignore[misc]
        self.rfile.close()
        self.rfile = self.patience.buffered()

    def handle_one_request(self: Any) -> None:
        super().handle_one_request()  # type: ignore[misc]
        self.patience.begin()

    def parse_request(self: Any) -> bool:
        if not super().parse_request():  # type: ignore[misc]
            return False
        if not is_ambiguous(self.headers):
            return True
        self.send_error(400)
        self.close_connection = True
        return False

    def log(self, *_: object) -> None:
        """No log of requests: addresses, links and query strings are nobody's business."""

    log_message = log


def _tell_road(environ: dict[str, Any], scheme: str) -> None:
    """Where this process ends TLS itself, no proxy stands before it: nobody's word about the road but its own."""
    environ["wsgi.url_scheme"] = scheme
    environ.pop("HTTP_X_FORWARDED_PROTO", None)


def _serve_eventlet(
    app: Callable[..., Any],
    host: str,
    port: int,
    on_ready: Callable[[], None],
    tls: ssl.SSLContext | None,
) -> None:
    import eventlet
    import eventlet.wsgi

    class Protocol(_Careful, eventlet.wsgi.HttpProtocol):
        def setup(self) -> None:
            # Here, in the client's own task: one that says nothing must not keep the others out.
            self.tls = tls
            super().setup()
            self.conn_state[1] = self.request  # what the server closes at the end

        def get_environ(self) -> dict[str, Any]:
            environ = super().get_environ()
            environ[UPGRADE] = lambda: environ["eventlet.set_idle"]() or self.connection
            if tls:
                _tell_road(environ, self.patience.scheme)
            return environ

    listening = eventlet.listen((host, port), backlog=BACKLOG, reuse_port=False)
    on_ready()
    eventlet.wsgi.server(
        listening,
        app,
        protocol=Protocol,
        max_size=MOST_CONNECTIONS,
        log_output=False,
        debug=False,
        socket_timeout=REQUEST_S,
    )


def _serve_gevent(
    app: Callable[..., Any],
    host: str,
    port: int,
    on_ready: Callable[[], None],
    tls: ssl.SSLContext | None,
) -> None:
    from gevent import pywsgi

    class Handler(pywsgi.WSGIHandler):
        def __init__(self, sock: Any, address: Any, server: Any) -> None:
            self.patience = PatientReader(sock)
            super().__init__(self.patience.over(tls), address, server, self.patience.buffered())

        def handle_one_request(self) -> Any:
            result = super().handle_one_request()
            self.patience.begin()
            return result

        def MessageClass(self, *arguments: Any) -> Any:
            """The headers as they came: afterwards a length beside chunks is gone."""
            headers = super().MessageClass(*arguments)
            if is_ambiguous(headers):
                raise ValueError("its end could be seen in two places")
            return headers

        def _handle_client_error(self, error: Exception) -> Any:
            # Too slow: closed without a word, and without a stack in the log.
            return None if isinstance(error, OSError) else super()._handle_client_error(error)

        def get_environ(self) -> dict[str, Any]:
            environ = super().get_environ()
            environ[UPGRADE] = self._leave_http
            if tls:
                _tell_road(environ, self.patience.scheme)
            return environ

        def _leave_http(self) -> Any:
            self.close_connection = True
            return self.socket

    server = pywsgi.WSGIServer(
        (host, port),
        app,
        log=None,
        error_log=None,
        backlog=BACKLOG,
        handler_class=Handler,
    )
    server.init_socket()
    on_ready()
    server.serve_forever()


def _serve_threading(app: Callable[..., Any], host: str, port: int, on_ready: Callable[[], None]) -> None:
    from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

    class Handler(_Careful, WSGIRequestHandler):
        def make_environ(self) -> dict[str, Any]:
            environ = super().make_environ()
            environ[UPGRADE] = lambda: self.connection
            return environ

    class Server(ThreadedWSGIServer):
        request_queue_size = BACKLOG

    server = Server(host, port, app, Handler)
    threading.Thread(target=on_ready, daemon=True).start()
    server.serve_forever()
