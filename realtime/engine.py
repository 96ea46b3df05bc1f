"""The one file that names eventlet or gevent: prepare, serve, run in a real thread.

eventlet is the default as the project was asked to use it; its maintainers retire it. Everything else uses the standard
library and `socketio.start_background_task`, so that `PALABRE_ENGINE=gevent` or `threading` is all it takes to leave.
"""

from __future__ import annotations

import logging
import os
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
END_WITHIN_S = 9

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
    """Whether this engine lends us the plain socket under a websocket (`transport.py`); the others use the stock driver."""
    return _name == "eventlet"


def upgrade_socket(environ: dict[str, Any]) -> Any:
    """The plain socket of a request that becomes a websocket."""
    environ["eventlet.set_idle"]()
    sock = environ["eventlet.input"].get_socket()
    # Small frames must not wait for the peer's delayed acknowledgement: 40 ms each.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def upgraded(environ: dict[str, Any]) -> list[bytes]:
    """What a WSGI application returns when the websocket has ended and nothing more may be written."""
    from eventlet import wsgi

    wsgi.WSGI_LOCAL.already_handled = True
    return []


def send_now(sock: Any, data: bytes) -> int:
    """Write what the kernel takes without waiting; 0 when it takes nothing. Raises: OSError when the peer has gone."""
    try:
        sent: int = sock.fd.send(data)
    except BlockingIOError:
        return 0
    return sent


def shut(sock: Any) -> None:
    """End both directions of a socket; whoever waits on it wakes."""
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def spawn(work: Callable[..., Any], *arguments: Any) -> None:
    """Run something beside, in the engine's own way."""
    if _name == "eventlet":
        import eventlet

        eventlet.spawn_n(work, *arguments)
    else:
        threading.Thread(target=work, args=arguments, daemon=True).start()


def serve(
    app: Callable[..., Any],
    host: str,
    port: int,
    on_ready: Callable[[], None],
    on_stop: Callable[[], None],
) -> None:
    """Serve a WSGI application until SIGTERM or SIGINT, then call `on_stop` and end the process.

    `on_ready` is called once the port is open.
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
        _serve_eventlet(app, host, port, on_ready)
    elif _name == "gevent":
        _serve_gevent(app, host, port, on_ready)
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
