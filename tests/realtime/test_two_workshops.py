"""Two workshops live at once, on one server and on two workers: no frame, count or wake-up of one reaches the other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests import workshops
from tests.client import Client, op
from tests.cluster import Cluster
from tests.not_run import or_skip
from tests.realtime.wire import Seat, Wire
from tests.server import Server
from tests.threats.workshop import canary

AGENDA = f"""{workshops.AGENDA_HEADER}
1,1,09:00,09:10,10,P1,Écrire,Write,post,all,sealed,3,yes,,,,,ring,2
2,1,09:10,09:20,10,D1,Discuter,Discuss,discuss,all,,,,,,,,ring,
"""
MANY = 12


@dataclass
class Place:
    """Where both are served, and the way in by each worker."""

    server: Any
    workers: list[Server]


@pytest.fixture(scope="module", params=["one server", "two workers"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("place")
    if request.param == "one server":
        server = Server(folder)
        server.start()
        yield Place(server, [server])
        server.stop()
        return
    with or_skip():
        cluster = Cluster(folder)
    with cluster:
        cluster.start()
        yield Place(cluster.workers[0], cluster.workers)


def at(place: Place, link: str, number: int) -> str:
    """A link straight to one of the workers, in turn."""
    worker = place.workers[number % len(place.workers)]
    return worker.url + "/" + link.split("/", 3)[3]


def heard(client: Client) -> str:
    return json.dumps(client.frames, ensure_ascii=False)


def test_s04_nothing_of_one_live_workshop_reaches_the_other(place: Place) -> None:
    links = place.workers[0].links
    here = [Client(at(place, link, n)).connect() for n, link in enumerate(links["participants"][:3])]
    here += [
        Client(at(place, links[role], n)).connect()
        for n, role in enumerate(("facilitator", "expert", "rapporteur"))
    ]
    there, codes = workshops.workshop(place.workers[0], AGENDA, MANY)
    join = there.page["join"]["url"]
    guests = [Client.with_code(at(place, join, n), code).connect() for n, code in enumerate(codes)]
    try:
        secrets = live_a_round(there, guests)
        for client in here:
            # Long enough for heartbeats, counts and reports to come by.
            client.wait(lambda c=client: sum(name == "heartbeat" for name, _ in c.frames) >= 3, seconds=60)
        hands = [data for client in here for name, data in client.frames if name == "floor"]
        assert not any(data.get("hands") for data in hands)
        for client in here:
            told = heard(client)
            assert [secret for secret in secrets if secret in told] == [], client.page["role"]
            assert all(online <= len(here) for online in counts(client))
        assert max(counts(guests[0])) >= MANY  # the count counts
        # And the other way: the guests were told of their own twelve and their chair, never of those here.
        ours = [client.page["handle"] for client in here] + [here[0].board]
        for guest in guests:
            assert [secret for secret in ours if secret in heard(guest)] == []
    finally:
        for client in (*here, there, *guests):
            client.close()


def counts(client: Client) -> list[int]:
    """How many people the page was told are there, each time."""
    return [data["online"] for name, data in client.frames if name == "presence"]


def live_a_round(chair: Client, guests: list[Client]) -> list[str]:
    """Cards, a comment, a message, a hand, each of a word that nobody else says: what may not be heard elsewhere."""
    words = [canary("carte") for _ in guests]
    chair.command("start", "P1")
    for guest, word in zip(guests, words, strict=True):
        guest.wait(lambda guest=guest: guest.round("P1")["epoch"] == 1)
        factor = chair.replica.all("factors")[0]["id"]
        guest.post("P1", factor, word)
    chair.command("close", "P1")
    if chair.round("P1")["state"] == "closed":
        chair.command("publish", "P1")
    chair.command("start", "D1")
    words.append(canary("message"))
    chair.do(
        "board.message", text={"fr": words[-1]}, ends_at_ms=chair.socket.call("clock", {})["now"] + 60_000
    )
    words.append(canary("remarque"))
    chair.do("comment.post", target={"table": "factors", "id": "F01"}, text=words[-1])
    guests[0].socket.emit("hand", {"up": True})
    guests[-1].wait(lambda: words[-1] in heard(guests[-1]))
    cards = [card["id"] for card in guests[0].replica.all("cards")]
    assert len(cards) == len(guests)
    return [*words, *cards, chair.board, *(client.page["handle"] for client in (chair, *guests))]


def test_s04_a_socket_of_one_workshop_opens_no_board_of_another(place: Place) -> None:
    there, _ = workshops.workshop(place.workers[0], AGENDA, 1)
    seat = Seat(place.workers[0], place.workers[0].links["participants"][9])
    for board in (there.board, "0" * 32):
        wire = Wire.seated(seat)
        wire.send(seat.hello(board=board))
        assert wire.until("goodbye") == {"reason": "removed"}
        wire.close()
    # A handle of the other workshop needs its cookie, and an operation goes where its sender said hello.
    wire = Wire(place.workers[0], seat.headers())
    assert wire.connect(there.page["handle"]).startswith("44")
    wire.close()
    client = Client(place.workers[0].links["facilitator"]).connect()
    before = there.replica.head
    client.socket.emit("submit", {"board": there.board, "ops": [op("board.message", text=None)]})
    client.socket.emit("hello", {"board": there.board, "head": 0, "generation": 0, "protocol": 1})
    client.wait(lambda: client.goodbye == "removed")
    there.do("board.set")
    assert there.replica.head in (before, before + 1)
    assert not any(there.board in json.dumps(frame) for frame in client.frames)
    client.close()
    there.close()
