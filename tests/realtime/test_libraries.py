"""What our transport takes for granted of python-engineio and python-socketio: each name, and what it does. Breaks before we do."""

from __future__ import annotations

from typing import Any

import engineio
import pytest
import socketio
from engineio import packet as eio_packet
from engineio.socket import Socket

from realtime.fanout import BoardManager, _text
from realtime.pings import Pings, task_class

EVENT = 2


class Recorder:
    """Stands in a driver table or for a queue, and remembers what it was given."""

    def __init__(self, *given: Any, **named: Any) -> None:
        self.given, self.named = given, named
        self.put_in: list[Any] = []
        self.joined = self.started = False
        Recorder.last = self

    last: Recorder

    def __call__(self, *_: Any) -> list[bytes]:
        return []

    def start(self) -> None:
        self.started = True

    def put(self, packet: Any) -> None:
        self.put_in.append(packet)

    def join(self) -> None:
        self.joined = True


def eio_socket(**drivers: Any) -> Socket:
    server = engineio.Server(async_mode="threading")
    server._async = {**server._async, **drivers}
    return Socket(server, "sid")


def test_the_driver_table_has_the_two_entries_we_replace() -> None:
    assert {"websocket", "thread"} <= set(engineio.Server(async_mode="threading")._async)


def test_an_upgrade_makes_the_drivers_websocket_of_a_method_that_knows_its_socket() -> None:
    socket = eio_socket(websocket=Recorder)
    socket._upgrade_websocket({}, None)
    assert Recorder.last.given[0].__self__ is socket


def test_a_socket_has_what_a_peer_sets_and_reads() -> None:
    socket = eio_socket()
    for name in ("connected", "upgraded", "upgrading", "closing", "closed"):
        assert getattr(socket, name) is False
    assert socket.last_ping and socket.queue.empty()


def test_all_that_is_sent_goes_through_the_queue_and_none_ends_it() -> None:
    socket = eio_socket()
    queue = socket.queue = Recorder()
    socket.send(eio_packet.Packet(eio_packet.MESSAGE, "x"))
    socket.close(wait=True)
    assert [packet and packet.encode() for packet in queue.put_in] == ["4x", "1", None]
    assert queue.joined


def test_the_wait_for_a_ping_is_a_task_of_its_own_and_ours_does_without() -> None:
    pings = Pings(25)
    pings.schedule = lambda socket: scheduled.append(socket)  # type: ignore[method-assign]
    scheduled: list[Any] = []

    class Stock(Recorder):
        @property
        def target(self) -> Any:
            return self.named["target"]

    socket = eio_socket(thread=task_class(Stock, pings))
    socket.schedule_ping()
    assert scheduled == [socket] and not Recorder.last.started
    assert socket.last_ping is None, "or the service task takes it for one that does not answer"
    socket.server.start_background_task(print)
    assert Recorder.last.started


@pytest.mark.parametrize("data", [{"a": "é", "b": [1, None, True]}, {}, {"text": '"\\\n'}])
def test_a_frame_reads_as_the_library_would_have_written_it(data: dict[str, Any]) -> None:
    ours = _text("changes", data).text.decode()
    theirs = "4" + socketio.packet.Packet(EVENT, data=["changes", data]).encode()
    assert ours[:2] == theirs[:2]
    assert socketio.packet.Packet(encoded_packet=ours[1:]).data == ["changes", data]


def test_our_manager_keeps_the_rooms_as_the_stock_one_does() -> None:
    def lead(manager: socketio.Manager) -> Any:
        server = socketio.Server(client_manager=manager, async_mode="threading")
        manager.set_server(server)
        first, second = (manager.connect(eio_sid, "/") for eio_sid in ("e1", "e2"))
        for sid in (first, second):
            manager.enter_room(sid, "/", "board")
        manager.leave_room(first, "/", "board")
        manager.enter_room(first, "/", "board")
        manager.enter_room(first, "/", "other")
        manager.pre_disconnect(first, "/")
        manager.disconnect(first, "/")
        named = {first: "first", second: "second"}
        return {
            named.get(room, room): {named[sid]: eio_sid for sid, eio_sid in members.items()}
            for room, members in manager.rooms["/"].items()
        }

    manager = BoardManager()
    assert lead(manager) == lead(socketio.Manager())
    assert sorted(map(str, manager._members)) == sorted(map(str, manager.rooms["/"]))
    assert not manager.pending_disconnect and not manager.pending_connect
