"""Floods, clients that do not read, and everybody at once: what one seat does, the others do not feel."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from app.rates import BURST
from tests.client import op
from tests.realtime.wire import Seat, Wire, event, memory_mb
from tests.server import Server

FLOODERS = 5
FLOOD_S = 6
RATE_PER_S = 1000 / FLOODERS
PEOPLE = 400


def comment(text: str) -> dict[str, Any]:
    return op("comment.post", target={"table": "factors", "id": "F02"}, text=text)


def flood(wire: Wire, until_s: float) -> None:
    """Operations at a thousand a second in all, whatever the server says to it."""
    threading.Thread(target=drain, args=(wire,), daemon=True).start()
    sent, start_s = 0, time.monotonic()
    wire.sock.settimeout(FLOOD_S)
    while (now_s := time.monotonic()) < until_s:
        if sent < (now_s - start_s) * RATE_PER_S:
            wire.send(event("submit", {"ops": [op("nothing.such")]}))
            sent += 1
        else:
            time.sleep(0.002)


def drain(wire: Wire) -> None:
    try:
        while wire.text() is not None:
            pass
    except OSError:
        pass


def arrivals_ms(speaker: Wire, listener: Wire, seconds: float) -> list[float]:
    """From sending an operation until somebody else has it; one every quarter of a second."""
    measured, until_s = [], time.monotonic() + seconds
    while time.monotonic() < until_s:
        sent_s = time.monotonic()
        speaker.send(event("submit", {"ops": [comment("Est-ce que ça passe ?")]}))
        listener.until("changes")
        measured.append((time.monotonic() - sent_s) * 1000)
        time.sleep(0.25)
    return measured


def p95(measured: list[float]) -> float:
    return statistics.quantiles(measured, n=20)[-1]


def test_s16_a_flood_from_five_seats_is_refused_and_the_room_does_not_feel_it(
    on_engine: Server, new_seat: Callable[[], Seat]
) -> None:
    speaker = Wire.joined(Seat(on_engine, on_engine.links["rapporteur"]))
    listener = Wire.joined(new_seat())
    flooders = [Wire.joined(new_seat()) for _ in range(FLOODERS)]
    calm_ms = p95(arrivals_ms(speaker, listener, 2))
    with ThreadPoolExecutor(FLOODERS) as pool:
        for wire in flooders:
            pool.submit(flood, wire, time.monotonic() + FLOOD_S)
        flooded_ms = p95(arrivals_ms(speaker, listener, FLOOD_S))
    # The machine's own pace is taken out: tests share it with others.
    assert flooded_ms - calm_ms < 300, (flooded_ms, calm_ms)


def test_s16_a_seat_has_one_burst_however_often_it_comes_back_and_by_whatever_road(seat: Seat) -> None:
    codes = []
    for _ in range(3):
        wire = Wire.joined(seat)
        wire.send(event("submit", {"ops": [op("nothing.such") for _ in range(BURST // 3)]}))
        codes += [result["code"] for result in wire.until("answers")["results"]]
        wire.close()
    assert set(codes) == {"unknown_kind"}
    answer = seat.post(
        "submit", json={"board": seat.board, "ops": [op("nothing.such") for _ in range(BURST // 3)]}
    )
    assert {result["code"] for result in answer.json()["results"]} == {"slow_down"}


def test_s16_another_seat_behind_the_same_address_is_not_slowed(new_seat: Callable[[], Seat]) -> None:
    greedy, modest = Wire.joined(new_seat()), Wire.joined(new_seat())
    for _ in range(3):
        greedy.send(event("submit", {"ops": [op("nothing.such") for _ in range(50)]}))
        last = greedy.nack()
    assert last["code"] == "slow_down"
    modest.send(event("submit", {"ops": [op("nothing.such")]}))
    assert modest.nack()["code"] == "unknown_kind"


def test_s16_what_carries_no_operation_waits_its_turn_and_is_not_lost(new_seat: Callable[[], Seat]) -> None:
    busy, other = Wire.joined(new_seat()), Wire.joined(new_seat())
    for number in range(140):
        busy.send(event("clock", {}, ack=str(number)))
    start_s = time.monotonic()
    assert other.is_alive()
    assert time.monotonic() - start_s < 1
    acks = 0
    while acks < 140:
        text = busy.text()
        assert text
        acks += text.startswith("43")
    # Twenty above the burst, at ten a second.
    assert time.monotonic() - start_s > 1


def test_s20_whoever_does_not_read_is_cut_and_nobody_waits_for_it(
    on_engine: Server, new_seat: Callable[[], Seat]
) -> None:
    expert = Seat(on_engine, on_engine.links["expert"])
    speaker, listener = Wire.joined(expert), Wire.joined(new_seat())
    deaf = [Wire.joined(new_seat(), receive_buffer=4096) for _ in range(5)]
    for wire in deaf:
        # Each asks for the whole board again and again, and reads nothing of it.
        for _ in range(100):
            wire.send(expert.hello())
    before = memory_mb(on_engine)
    measured = arrivals_ms(speaker, listener, 6)
    assert p95(measured) < 2000
    grown = memory_mb(on_engine) - before
    assert grown < 50, grown
    cut = []
    for wire in deaf:
        cut.append(wire.is_closed_within(30))
    assert all(cut), cut


def test_s19_four_hundred_come_back_at_once_and_all_have_the_board(on_engine: Server) -> None:
    seats = [Seat(on_engine, link) for link in on_engine.links["participants"][:40]]
    start_s = time.monotonic()

    def come_back(number: int) -> bool:
        wire = Wire.joined(seats[number % len(seats)])
        wire.close()
        return True

    with ThreadPoolExecutor(50) as pool:
        came = list(pool.map(come_back, range(PEOPLE)))
    took_s = time.monotonic() - start_s
    assert came == [True] * PEOPLE
    print(f"{PEOPLE} came back in {took_s:.1f} s")
