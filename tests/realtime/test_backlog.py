"""What our transport takes for granted of python-socketio and python-engineio: the day they change it, this fails first."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest
import socketio
from engineio import packet, payload
from engineio.socket import Socket

from realtime import gate
from realtime.backlog import MOST_BYTES, MOST_PACKETS, backlog_class
from realtime.http import REQUEST_S
from realtime.transport import FIRST_WORD_S


@pytest.fixture
def server() -> socketio.Server:
    return socketio.Server(async_mode="threading")


class Transport:
    """Stands for our websocket: remembers that it was cut."""

    cut = False

    def abort(self) -> None:
        self.cut = True


def a_client(server: socketio.Server) -> Socket:
    server.eio._async = {**server.eio._async, "queue": backlog_class(server.eio._async["queue"])}
    client = Socket(server.eio, "sid")
    client.queue.owner, client.direct = client, Transport()
    return client


def message(text: str) -> packet.Packet:
    return packet.Packet(packet.MESSAGE, text)


def test_the_driver_table_is_where_we_replace_it(server: socketio.Server) -> None:
    assert {"websocket", "queue", "thread", "sleep"} <= set(server.eio._async)
    assert {"connect", "message", "disconnect"} <= set(server.eio.handlers)
    assert payload.Payload.max_decode_packets
    made: Any = a_client(server)
    assert made.queue.owner is made
    assert not made.upgraded
    assert not made.upgrading
    assert inspect.ismethod(made._websocket_handler)


def test_an_encoded_packet_is_not_encoded_again() -> None:
    one = message("[1]")
    one.encode_cache = "kept"
    assert one.encode() == "kept"


def test_s20_a_backlog_of_many_packets_is_cut_at_its_bound(server: socketio.Server) -> None:
    client = a_client(server)
    for _ in range(MOST_PACKETS):
        client.send(message("x"))
    assert not client.closed
    client.send(message("one too many"))
    assert client.closed
    assert client.direct.cut


def test_s20_a_backlog_of_many_bytes_is_cut_and_one_large_frame_is_not(server: socketio.Server) -> None:
    client = a_client(server)
    client.send(message("x" * (MOST_BYTES + 1)))
    assert not client.closed
    client.send(message("one too many"))
    assert client.closed


def test_s20_a_backlog_is_counted_as_it_lies_in_memory(server: socketio.Server) -> None:
    client = a_client(server)
    for expected in (False, True):
        client.send(message("’" * (MOST_BYTES // 4)))  # two bytes for each
        assert client.closed is expected


def test_s20_what_was_read_no_longer_counts(server: socketio.Server) -> None:
    client = a_client(server)
    for _ in range(10):
        client.send(message("x" * (MOST_BYTES // 3)))
        client.send(message("y" * (MOST_BYTES // 3)))
        assert len(client.poll()) == 2
    assert not client.closed


def test_the_protocol_page_states_the_limits_of_the_transport() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/protocol.md").read_text(encoding="utf-8")
    for stated in (
        f"| packets in one polling request | {gate.MOST_PACKETS}, text |",
        f"| malformed packets | {gate.MOST_FAULTS} on one connection |",
        f"| what waits to be sent to you | {MOST_PACKETS} packets or {MOST_BYTES // 2**20} MiB |",
        f"| a transport without a seat | {gate.UNSEATED_S} s; {gate.REFUSED_S} s after a refusal |",
        f"| an upgrade without its probe; a request that is not whole | {FIRST_WORD_S} s |",
    ):
        assert stated in page
    assert FIRST_WORD_S == REQUEST_S
