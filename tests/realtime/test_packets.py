"""What a seat may say over its socket, and what happens to the rest: rows of the threat table about packets and events."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any
from unittest.mock import ANY

import pytest

from app.messages import EVENTS, MOST_OPERATIONS
from tests.client import op
from tests.realtime.wire import BINARY, Polling, Seat, Wire, event, memory_mb, processor_s
from tests.server import Server

ASKED = {"floor": {"act": "give", "hand": "x"}, "wheel": {"to": None}}
DEEP = 50
BAD = {"id": "", "code": "bad_payload", "data": {"fields": []}}


def comment(text: str) -> dict[str, Any]:
    return op("comment.post", target={"table": "factors", "id": "F01"}, text=text)


@pytest.fixture
def wire(seat: Seat) -> Wire:
    return Wire.joined(seat)


@pytest.fixture
def expert(on_engine: Server) -> Seat:
    """Somebody whose operations are taken at any time."""
    return Seat(on_engine, on_engine.links["expert"])


def head_of(seat: Seat) -> int:
    wire = Wire.seated(seat)
    wire.send(seat.hello())
    head: int = wire.until("welcome")["head"]
    wire.close()
    return head


@pytest.mark.parametrize("name", ["connect", "disconnect", "connect_error", "error"])
def test_s06_a_reserved_event_reaches_no_handler(wire: Wire, name: str) -> None:
    wire.send(event(name, {"seat": "someone else"}))
    assert wire.nack() == BAD
    assert wire.is_alive()


@pytest.mark.parametrize("depth", [13, 1000, 30_000])
def test_s12_deep_nesting_is_refused_and_the_connection_lives(wire: Wire, depth: int) -> None:
    deep = "[" * depth + "]" * depth
    wire.send(
        '42["submit",{"ops":[{"id":"' + "a" * 32 + '","kind":"card.post","payload":{"round":' + deep + "}}]}]"
    )
    assert wire.nack()["code"] == "bad_payload"
    assert wire.is_alive()


def test_s12_the_others_feel_nothing_of_deep_nesting(on_engine: Server, new_seat: Callable[[], Seat]) -> None:
    """What it costs is told by the server's own processor time, which no other process blurs: the answers of a calm seat come
    between the frames, each after at most one of them. Their 99th percentile is one frame's time later than without."""
    wire, calm = Wire.joined(new_seat()), Wire.joined(new_seat())
    deep = "[" * 30_000 + "]" * 30_000
    frames = [f'42["submit",{{"ops":[{{"payload":{deep},"n":{n}}}]}}]' for n in range(DEEP)]
    before_s = processor_s(on_engine)
    for frame in frames:
        wire.send(frame)
        assert calm.is_alive()
    each_ms = 1000 * (processor_s(on_engine) - before_s) / DEEP
    assert each_ms < 20, each_ms
    assert [wire.nack()["code"] for _ in frames] == ["bad_payload"] * DEEP


NOT_JSON = {
    "NaN": "NaN",
    "infinity": "-Infinity",
    "more than a double holds": "1e999",
    "endless": "1" * 5000,
    "a key twice": '1,"head":2',
    "a leading zero": "01",
    "half a character": '"\\ud800"',
}


def test_s13_what_is_not_json_for_everybody_is_refused(wire: Wire, seat: Seat) -> None:
    for what, written in NOT_JSON.items():
        wire.send(f'42["hello",{{"board":"{seat.board}","generation":0,"protocol":1,"head":{written}}}]')
        assert wire.nack()["code"] == "bad_payload", what
    assert wire.is_alive()


def test_s14_s15_binary_packets_are_refused_and_nothing_is_kept(on_engine: Server, seat: Seat) -> None:
    wire = Wire.joined(seat)
    before = memory_mb(on_engine)
    # One attachment promised, named many times over, and never sent.
    places = ",".join(['{"_placeholder":true,"num":0}'] * 1000)
    for _ in range(20):
        wire.send(f'451-["submit",{places}]')
        assert wire.nack() == BAD
    assert wire.is_alive()
    assert memory_mb(on_engine) - before < 5
    wire.frame(b"x" * 60_000, BINARY)
    assert wire.is_closed_within(5)


def test_s14_text_cannot_arrive_as_bytes_by_polling(seat: Seat) -> None:
    polling = Polling(seat)
    polling.connect()
    assert polling.post(b"bNDJbXQ==")[0] == 400


def test_s21_the_same_operation_again_has_one_effect(expert: Seat) -> None:
    wire = Wire.joined(expert)
    said = comment("Un seul effet")
    answers = []
    for _ in range(3):
        wire.send(event("submit", {"ops": [said]}))
        answers.append(wire.nack())
    assert "seq" in answers[0]
    assert answers == answers[:1] * 3
    head = head_of(expert)
    wire.send(event("submit", {"ops": [{**said, "payload": {**said["payload"], "text": "Autre chose"}}]}))
    assert wire.nack()["code"] == "id_reused"
    assert head_of(expert) == head


def test_s22_a_forged_sequence_is_believed_by_nobody(seat: Seat) -> None:
    before = head_of(seat)
    wire = Wire.seated(seat)
    for head in (-2, "7", None, 1.5, True):
        wire.send(seat.hello(head=head, generation=1))
        assert wire.nack() == {**BAD, "data": {"fields": ["head"]}}, head
    # Well formed, and none of ours: everything comes anew.
    wire.send(seat.hello(head=10**9, generation=1))
    assert wire.until("changes")["reset"]
    assert head_of(seat) == before


def test_s23_an_operation_before_hello_is_refused(expert: Seat) -> None:
    before = head_of(expert)
    wire = Wire.seated(expert)
    wire.send(event("submit", {"ops": [comment("Trop tôt")]}))
    assert wire.nack()["code"] == "not_joined"
    assert head_of(expert) == before


def test_s28_unknown_events_and_namespaces_are_refused_and_fill_no_log(on_engine: Server, seat: Seat) -> None:
    wire = Wire.joined(seat)
    before = on_engine.log.stat().st_size
    for number in range(20):
        wire.send(event(f"nothing-{number}", {"canary": "x" * 1000}))
        assert wire.nack() == BAD
    wire.send('42/elsewhere,["submit",{}]')
    assert wire.nack() == BAD
    wire.send("40/elsewhere,{}")
    while not (text := wire.text() or "").startswith("44/elsewhere"):
        assert text, "closed"
    with suppress(BrokenPipeError, ConnectionResetError):  # closed while we still talk
        for _ in range(100):
            wire.send("4{not a packet")
    assert wire.is_closed_within(10), "nonsense went on for ever"
    assert on_engine.log.stat().st_size - before < 1000
    assert "canary" not in on_engine.log.read_text()


def test_a_refusal_says_which_frame_it_is_about_and_its_code(wire: Wire, seat: Seat) -> None:
    """Else a page takes it for the answer to what it wrote."""
    for name in EVENTS:
        wire.send(event(name, {"nothing": "known"}))
        if name != "clock":  # it takes anything
            assert wire.until("answers") == {"results": [{**BAD, "data": ANY}], "event": name}
    wire.send('42["submit",{"ops":NaN}]')
    assert wire.until("answers") == {"results": [BAD], "event": "submit"}
    for nameless in ('42["nothing",{}]', "42{", "42[7]"):
        wire.send(nameless)
        assert wire.until("answers") == {"results": [BAD]}, nameless
    for name, asked in ASKED.items():
        wire.send(event(name, asked))
        (refused,) = wire.until("answers")["results"]
        assert refused["code"] == "not_allowed", "a participant has no floor to give"
    newcomer = Wire.seated(seat)
    for name, asked in {**ASKED, "hand": {"up": True}}.items():
        newcomer.send(event(name, asked))
        assert newcomer.until("answers") == {
            "results": [{"id": "", "code": "not_joined", "data": {}}],
            "event": name,
        }


def test_a_seat_that_was_closed_behind_the_server_s_back_is_cut_at_its_next_word(
    on_engine: Server, new_seat: Callable[[], Seat]
) -> None:
    seats = [new_seat() for _ in range(2)]
    for seat, said in zip(seats, (event("hand", {"up": False}), seats[1].hello()), strict=True):
        wire = Wire.joined(seat)
        with closing(sqlite3.connect(on_engine.data / "palabre.db")) as database, database:
            database.execute("DELETE FROM sessions WHERE handle = ?", [seat.handle])
        new_seat()  # the server writes to the accounts, so that it looks them up again
        wire.send(said)
        assert wire.until("goodbye") == {"reason": "removed"}
        assert wire.is_closed_within(5), "it would go on hearing what its seat could see"


@pytest.mark.parametrize("name", ["hello", "submit", "hand"])
def test_s29_missing_or_extra_arguments_are_answered(wire: Wire, name: str) -> None:
    for arguments in ([], [{}, {}], [None], ["text"], [[]], [{"ops": []}]):
        wire.send(event(name, *arguments))
        assert wire.nack()["code"] == "bad_payload", arguments


def test_s29_too_many_operations_in_a_frame_are_answered(wire: Wire) -> None:
    wire.send(event("submit", {"ops": [op("card.hold")] * (MOST_OPERATIONS + 1)}))
    assert wire.nack()["code"] == "bad_payload"


def test_s31_the_order_of_one_clients_events_is_kept(expert: Seat, on_engine: Server) -> None:
    wire = Wire.joined(expert)
    said = [comment(f"numéro {number}") for number in range(20)]
    for one in said:
        wire.send(event("submit", {"ops": [one]}))
    seqs = {}
    while len(seqs) < len(said):
        seqs |= {result["id"]: result["seq"] for result in wire.until("answers")["results"]}
    in_order = [seqs[one["id"]] for one in said]
    assert in_order == sorted(in_order)
    assert len(set(in_order)) == len(said)


def test_x02_an_older_page_is_asked_to_load_again(new_seat: Callable[[], Seat]) -> None:
    seat = new_seat()
    wire = Wire.seated(seat)
    wire.send(seat.hello(protocol=0))
    assert wire.until("goodbye") == {"reason": "reload"}
    wire.send(event("submit", {"ops": [op("card.post")]}))
    assert wire.nack()["code"] == "not_joined"
