"""The essence of the live side on every engine: a seminar in small, stock clients on every transport, the same frames for all."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from realtime import engine
from tests.client import Client, card, op
from tests.realtime.wire import Seat, Wire, event
from tests.server import Server
from tools import node_packages

HERE = Path(__file__).parent
TRANSPORTS = (["websocket"], ["polling"], ["polling", "websocket"])
WRITERS = 6


@pytest.fixture
def room(on_engine: Server) -> Iterator[list[Client]]:
    """The facilitator first, then participants on every transport."""
    links = on_engine.links
    clients = [Client(links["facilitator"]).connect()]
    for number, link in enumerate(links["participants"][20 : 20 + WRITERS]):
        clients.append(Client(link, transports=TRANSPORTS[number % len(TRANSPORTS)]).connect())
    yield clients
    for client in clients:
        client.close()


def test_a_small_seminar_ends_alike_on_every_transport(room: list[Client]) -> None:
    facilitator, *writers = room
    facilitator.command("start", "B1")
    for number, writer in enumerate(writers):
        writer.wait(lambda writer=writer: writer.round("B1")["state"] == "running")
        round_ = writer.round("B1")
        factors = (round_["scope"] or {}).get(writer.welcome["you"]["table"]) or round_["factors"]
        (answer,) = writer.send(op("card.post", **card(round_, factors[0], f"Mesure {number}")))
        assert answer.get("sealed"), answer
    # One comes back meanwhile, and is told what it missed.
    writers[0].close()
    facilitator.command("close", "B1")
    facilitator.command("publish", "B1")
    writers[0].connect()
    for client in room:
        client.wait(lambda client=client: client.replica.head >= facilitator.replica.head)
    texts = sorted(shown["text"] for shown in facilitator.replica.all("cards"))
    assert texts == [f"Mesure {number}" for number in range(WRITERS)]
    assert len({json.dumps(writer.replica.content(), sort_keys=True) for writer in writers}) == 1
    for client in room:
        seen = client.replica.heads_seen
        assert seen == sorted(set(seen)), "a view went back, or saw something twice"


def test_answers_and_broadcasts_of_one_commit_come_in_order(
    on_engine: Server, new_seat: Callable[[], Seat]
) -> None:
    """A frame that goes past the queue must not overtake one that waits in it."""
    speaker = Wire.joined(Seat(on_engine, on_engine.links["co_facilitator"]))
    listeners = [Wire.joined(new_seat()) for _ in range(5)]
    said = [
        op("comment.post", target={"table": "factors", "id": "F03"}, text=f"n{n} " + "é" * 300)
        for n in range(25)
    ]
    for number, one in enumerate(said):
        speaker.send(event("submit", {"ops": [one]}))
        for listener in listeners:
            listener.send(event("clock", {}, ack=str(number)))
    seqs = {}
    while len(seqs) < len(said):
        seqs |= {result["id"]: result["seq"] for result in speaker.until("answers")["results"]}
    last = max(seqs.values())
    for listener in listeners:
        head = None
        while head != last:
            changes = listener.until("changes")
            assert head is None or changes["from"] == head
            head = changes["to"]


@pytest.mark.skipif(not node_packages.has_node(), reason="no Node.js on this machine")
@pytest.mark.parametrize("transports", TRANSPORTS, ids="-".join)
def test_the_stock_javascript_client_is_served(on_engine: Server, transports: list[str]) -> None:
    node_packages.install()
    seat = Seat(on_engine, on_engine.links["rapporteur"])
    ops = [
        op("comment.post", target={"table": "factors", "id": "F04"}, text=f"JS {number}")
        for number in range(3)
    ]
    how = {
        "base": seat.base,
        "cookie": seat.cookie,
        "seat": seat.handle,
        "board": seat.board,
        "transports": transports,
        "ops": ops,
    }
    run = subprocess.run(
        ["node", str(HERE / "javascript_client.mjs"), json.dumps(how)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    seqs = [told["answers"][one["id"]] for one in ops]
    assert seqs == sorted(seqs)
    assert all(isinstance(seq, int) for seq in seqs)
    assert told["transport"] == transports[-1]
    assert all(
        later[0] == earlier[1] for earlier, later in zip(told["heads"], told["heads"][1:], strict=False)
    )


def test_the_direct_way_is_taken_only_where_the_loop_calls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    direct = {}
    for name in ("eventlet", "gevent", "threading"):
        monkeypatch.setattr(engine, "_name", name)
        direct[name] = engine.has_direct_sockets()
    assert direct == {"eventlet": True, "gevent": False, "threading": False}
