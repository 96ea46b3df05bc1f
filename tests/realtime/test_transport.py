"""Who may open a transport, what fits through it, and how requests end: rows of the threat table about HTTP and websockets."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable
from contextlib import suppress

import pytest

from app.tickets import LIFE_MS, Tickets
from realtime.gate import MOST_PACKETS
from tests.client import Client
from tests.realtime.wire import BINARY, TEXT, Connection, Polling, Seat, Wire, event, memory_mb
from tests.server import Server
from tests.services import wait_until

MB = 1_000_000


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "{base}.evil.example", "http://127.0.0.1", "*", ""]
)
def test_s02_a_foreign_page_opens_nothing(seat: Seat, origin: str) -> None:
    headers = {**seat.headers(), "Origin": origin.replace("{base}", seat.base)}
    assert Wire(seat.server, headers).status == 403
    polling = Polling(seat)
    assert polling.get(headers=headers)[0] == 403
    assert polling.post(b"40", headers=headers)[0] == 403


def test_s03_without_an_origin_a_ticket_is_needed_and_works_once(seat: Seat) -> None:
    headers = {"Cookie": seat.cookie}
    assert Wire(seat.server, headers).connect(seat.handle).startswith("44")
    assert Wire(seat.server, headers).connect(seat.handle, ticket="guessed").startswith("44")
    ticket = seat.post("ticket").json()["ticket"]
    assert Wire(seat.server, headers).connect(seat.handle, ticket=ticket).startswith("40")
    assert Wire(seat.server, headers).connect(seat.handle, ticket=ticket).startswith("44")


def test_s03_a_ticket_opens_only_its_own_seat(new_seat: Callable[[], Seat]) -> None:
    mine, other = new_seat(), new_seat()
    ticket = other.post("ticket").json()["ticket"]
    assert Wire(mine.server, {"Cookie": mine.cookie}).connect(mine.handle, ticket=ticket).startswith("44")


def test_s03_a_ticket_lives_ten_seconds() -> None:
    tickets = Tickets()
    first, second = (tickets.give(b"secret", "h", 1_000) for _ in range(2))
    assert tickets.take(b"secret", "h", first, 1_000 + LIFE_MS - 1)
    assert not tickets.take(b"secret", "h", second, 1_000 + LIFE_MS)


def test_s03_a_browser_that_polls_shows_its_origin_when_it_asks_for_its_seat(seat: Seat) -> None:
    # A browser sends no Origin with a GET to its own server, and always one with a POST.
    polling = Polling(seat, {"Cookie": seat.cookie})
    assert "44" in polling.connect()
    polling = Polling(seat, {"Cookie": seat.cookie})
    polling.headers = seat.headers()
    assert polling.connect().startswith("40")


def test_s07_an_engine_io_id_is_worth_nothing_without_its_cookie(new_seat: Callable[[], Seat]) -> None:
    owner, thief = new_seat(), new_seat()
    polling = Polling(owner)
    assert polling.connect().startswith("40")
    for headers in ({"Origin": owner.base}, thief.headers(), {**owner.headers(), "Cookie": "palabre=forged"}):
        assert polling.post(event("clock", {}, ack="1").encode(), headers=headers)[0] == 400
        assert polling.get(headers=headers)[0] == 400
        assert Wire(owner.server, headers, sid=polling.sid).status == 400
    assert polling.post(event("clock", {}, ack="1").encode())[0] == 200
    assert polling.get()[1].startswith("431")


def test_s09_a_packet_that_is_too_large_ends_the_connection(
    on_engine: Server, new_seat: Callable[[], Seat]
) -> None:
    seat = new_seat()
    polling = Polling(seat)

    def attack() -> None:
        wire = Wire.seated(seat)
        wire.frame(b"42" + b"x" * 70_000)
        assert wire.is_closed_within(5)
        assert polling.post(b"4" * 70_000)[0] == 413

    for _ in range(20):
        attack()
    before = memory_mb(on_engine)
    for _ in range(80):
        attack()
    assert memory_mb(on_engine) - before < 5


def test_s10_fragments_are_counted_together(on_engine: Server, seat: Seat) -> None:
    def attack() -> None:
        wires = [Wire.seated(seat) for _ in range(8)]
        for wire in wires:
            sent = 0
            wire.frame(b"4", TEXT, final=False)
            with suppress(OSError):
                while sent < 12 * MB:  # 96 MB in all
                    wire.frame(b"x" * 16_000, 0, final=False)
                    sent += 16_000
            assert sent < 6 * MB, "nobody stopped it"
        assert all(wire.is_closed_within(5) for wire in wires)

    attack()  # once, so that what each thread keeps for itself is there
    before = memory_mb(on_engine)
    attack()
    assert memory_mb(on_engine) - before < 5


def test_s10_a_message_of_a_hundred_megabytes_is_refused_by_its_header(on_engine: Server, seat: Seat) -> None:
    before = memory_mb(on_engine)
    wire = Wire.seated(seat)
    wire.sock.sendall(bytes([0x81, 0xFF]) + (100 * MB).to_bytes(8, "big") + b"mask")
    with suppress(OSError):
        for _ in range(10):
            wire.sock.sendall(b"x" * MB)
    assert wire.is_closed_within(5)
    assert memory_mb(on_engine) - before < 5


@pytest.mark.parametrize(
    "offer", ["permessage-deflate", "permessage-deflate; client_max_window_bits, x-webkit-deflate-frame"]
)
def test_s11_compression_keeps_nothing_of_a_client_and_a_bomb_is_refused(
    on_engine: Server, seat: Seat, offer: str
) -> None:
    wire = Wire(seat.server, seat.headers(), extensions=offer)
    assert wire.status == 101
    agreed = b"permessage-deflate" in wire.head
    # Where it is agreed on, without a context on either side: nothing is held for a client between two messages.
    assert agreed == (b"server_no_context_takeover; client_no_context_takeover" in wire.head)
    assert wire.connect(seat.handle).startswith("40")
    before = memory_mb(on_engine)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = (packer.compress(b"4" + b"0" * (40 * MB)) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]
    wire.sock.sendall(bytes([0xC1, 0xFE]) + len(bomb).to_bytes(2, "big") + b"\0\0\0\0" + bomb)
    assert wire.is_closed_within(5)
    assert memory_mb(on_engine) - before < 5


@pytest.mark.parametrize("count", [17, 50, MOST_PACKETS])
def test_s30_many_packets_in_one_post_all_arrive(seat: Seat, count: int) -> None:
    polling = Polling(seat)
    polling.connect()
    packets = [event("clock", {}, ack=str(number)) for number in range(count)]
    assert polling.post("\x1e".join(packets).encode())[0] == 200
    answered = ""
    while answered.count("\x1e") + 1 < count:
        answered = "\x1e".join(filter(None, (answered, polling.get()[1])))
    assert [part.partition("[")[0] for part in answered.split("\x1e")] == [f"43{n}" for n in range(count)]


@pytest.mark.parametrize(
    "body", ["\x1e".join(["43[]"] * (MOST_PACKETS + 1)), "", "x", "43[]\x1e", "9", "d=4"]
)
def test_s30_what_cannot_all_be_taken_is_an_error_and_never_a_200(seat: Seat, body: str) -> None:
    polling = Polling(seat)
    polling.connect()
    assert polling.post(body.encode())[0] == 400


def test_s32_a_second_upgrade_is_refused_and_the_first_goes_on(seat: Seat) -> None:
    polling = Polling(seat)
    assert polling.connect().startswith("40")
    first = Wire(seat.server, seat.headers(), sid=polling.sid)
    assert first.status == 101
    assert Wire(seat.server, seat.headers(), sid=polling.sid).status == 400
    first.send("2probe")
    assert first.text() == "3probe"
    first.send("5")
    assert first.is_alive()
    assert Wire(seat.server, seat.headers(), sid=polling.sid).status == 400
    assert polling.get()[0] == 400
    assert first.is_alive()


@pytest.mark.parametrize("first_word", ["x", "", "4hello", "5", "2"])
def test_s32_an_upgrade_that_proves_nothing_is_closed(seat: Seat, first_word: str) -> None:
    polling = Polling(seat)
    assert polling.connect().startswith("40")
    wire = Wire(seat.server, seat.headers(), sid=polling.sid)
    wire.send(first_word)
    assert wire.is_closed_within(5)
    polling.post(event("clock", {}, ack="1").encode())
    assert "431" in polling.get()[1]


def open_files(server: Server) -> int:
    """Sockets and all; a task or an entry that is left over holds one."""
    return len(os.listdir(f"/proc/{server.pid}/fd"))


def test_s32_of_upgrades_that_prove_nothing_and_of_second_ones_nothing_is_left(
    on_engine: Server, new_seat: Callable[[], Seat]
) -> None:
    """Neither a socket, nor a thread, nor an entry under its Engine.IO id."""

    def attack() -> list[Polling]:
        pollings = []
        for _ in range(10):
            polling = Polling(new_seat())
            assert polling.connect().startswith("40")
            wires = [Wire(on_engine, polling.headers, sid=polling.sid) for _ in range(2)]
            wires[0].send("nothing.such")
            assert wires[0].is_closed_within(10) and wires[1].status == 400
            wires[1].close()
            assert polling.post(b"1")[0] == 200  # goodbye
            pollings.append(polling)
        return pollings

    attack()  # once, so that what each thread keeps for itself is there
    files, threads = open_files(on_engine), tasks(on_engine)
    gone = attack()
    assert all(polling.get()[0] == 400 for polling in gone)
    wait_until(lambda: open_files(on_engine) <= files + 1, "the sockets' end")
    wait_until(lambda: tasks(on_engine) <= threads + 1, "the threads' end")


def tasks(server: Server) -> int:
    return len(os.listdir(f"/proc/{server.pid}/task"))


SMUGGLED = {
    "CL and TE": "Content-Length: 4\r\nTransfer-Encoding: chunked",
    "TE alone": "Transfer-Encoding: chunked",
    "TE in disguise": "Content-Length: 4\r\nTransfer-Encoding: xchunked",
    "trailers": "Transfer-Encoding: chunked\r\nTrailer: Content-Length",
    "two lengths": "Content-Length: 4\r\nContent-Length: 50",
    "two equal lengths": "Content-Length: 4\r\nContent-Length: 4",
    "a list of lengths": "Content-Length: 4, 50",
    "a negative length": "Content-Length: -4",
    "a signed length": "Content-Length: +4",
    "no number": "Content-Length: four",
    "a space before the colon": "Content-Length : 50",
    "a folded line": "X-First: one\r\n Content-Length: 50",
}


@pytest.mark.parametrize("headers", SMUGGLED.values(), ids=SMUGGLED)
@pytest.mark.parametrize("path", ["/health", "/socket.io/?EIO=4&transport=polling"])
def test_s35_a_request_with_two_ends_is_refused_and_the_connection_closed(
    on_engine: Server, headers: str, path: str
) -> None:
    connection = Connection(on_engine)
    hidden = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    connection.sock.sendall(
        f"POST {path} HTTP/1.1\r\nHost: {connection.host}\r\n{headers}\r\n\r\n0\r\n\r\n{hidden}{hidden}".encode()
    )
    assert connection.answer()[0] == 400
    said = connection.rest
    while connection.more():
        pass
    assert b"HTTP/1" not in said + connection.rest, "the hidden request was answered"


def test_a_stock_client_fetches_its_ticket_and_lives_on_every_transport(on_engine: Server) -> None:
    link = on_engine.links["participants"][-1]
    for transports in (["websocket"], ["polling"], ["polling", "websocket"]):
        client = Client(link, transports=transports).connect()
        assert client.welcome
        assert client.replica.all("factors")
        client.close()


def test_s14_a_binary_websocket_message_is_refused(seat: Seat) -> None:
    wire = Wire.joined(seat)
    wire.frame(json.dumps(["hello"]).encode() + os.urandom(10), BINARY)
    assert wire.is_closed_within(5)


def test_s08_no_log_names_a_session_a_seat_or_an_address(on_engine: Server, seat: Seat) -> None:
    polling = Polling(seat)
    polling.connect()
    polling.post(b"4nonsense")
    polling.post(b"nonsense")
    wire = Wire(seat.server, seat.headers(), sid=polling.sid)
    wire.send("nonsense")
    wire.close()
    Polling(seat).get(headers={"Cookie": "palabre=forged"})
    broken = Connection(on_engine)
    broken.sock.sendall(f"NONSENSE /b/{seat.handle}/ HTTP/9.9\r\n\r\n".encode())
    broken.is_closed_within(2)
    unknown = Connection(on_engine)
    unknown.request("GET", f"/socket.io/?EIO=4&transport=polling&sid={polling.sid}x", seat.headers())
    assert unknown.answer()[0] == 400
    logged = on_engine.log.read_text()
    told = logged.partition("Ctrl+C")[2]  # the entry links stand above it, for whoever started the server
    for secret in (
        seat.handle,
        polling.sid,
        seat.session.cookies["palabre"],
        "127.0.0.1",
        "nonsense",
        "NONSENSE",
    ):
        assert secret not in told, told
