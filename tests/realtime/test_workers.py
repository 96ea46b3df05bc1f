"""Two real workers over PostgreSQL and Redis behind nginx: the same seminar, and what only several workers can get wrong."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from app.domain.kinds.agenda import PLAN
from tests import services
from tests.client import Client, card, op
from tests.cluster import Cluster
from tests.faults.proxy import Proxy
from tests.realtime import test_niamey as niamey
from tests.realtime.test_practice import practise
from tests.realtime.writing import write_a_round
from tests.server import Server

WITHIN_S = 3  # "within a second", on a machine that other tests keep busy


def test_the_seminar_ends_as_the_csv_files_say_on_two_workers(pair: Cluster) -> None:
    room = niamey.Room(pair)
    try:
        niamey.write(room)
        niamey.group(room)
        niamey.vote(room)
        niamey.check(room)
    finally:
        room.close()


def test_what_one_worker_commits_the_other_shows_in_the_same_order(pair: Cluster) -> None:
    speakers = [Client(pair.link("facilitator", 0)).connect(), Client(pair.link("expert", 1)).connect()]

    def speak(place: int) -> None:
        for number in range(20):
            speakers[place].do(
                "comment.post", target={"table": "factors", "id": "F02"}, text=f"{place} {number}"
            )

    threads = [threading.Thread(target=speak, args=(place,)) for place in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    head = max(speaker.replica.head for speaker in speakers)
    for speaker in speakers:
        speaker.wait(lambda speaker=speaker: speaker.replica.head >= head)
    texts = [[c["text"] for c in speaker.replica.all("comments")] for speaker in speakers]
    assert sorted(texts[0]) == sorted(texts[1])
    assert speakers[0].replica.digest() == speakers[1].replica.digest()
    for speaker in speakers:
        speaker.close()


def test_p01_a_budget_is_kept_when_two_devices_race_on_two_workers(pair: Cluster) -> None:
    """A thousand pairs: each seat's two devices send all that it may write, factor by factor, to two workers at one time."""
    facilitator = Client(pair.link("facilitator", 0)).connect()
    round_id = add_round(facilitator)
    # One seat in one browser, open twice: through each of the workers.
    firsts = [Client(pair.at(link, 0)).connect() for link in pair.participants()[:34]]
    devices = [(one, one.at(pair.workers[1].url).connect()) for one in firsts]
    facilitator.command("start", round_id)
    round_, pairs = facilitator.round(round_id), 0
    for both in devices:
        answers: list[dict] = []
        threads = [threading.Thread(target=post_all, args=(one, round_, answers)) for one in both]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len([a for a in answers if a.get("sealed")]) == 3 * len(round_["factors"]), answers
        assert {a["code"] for a in answers if "code" in a} == {"budget_spent"}
        pairs += len(answers) // 2
        for one in both:
            one.close()
    assert pairs >= 1000
    facilitator.command("void", round_id)
    facilitator.close()


def post_all(client: Client, round_: dict, answers: list[dict]) -> None:
    """Everything a seat may write, in one frame; the other device of the seat does the same."""
    client.wait(lambda: client.round(round_["id"])["state"] == "running")
    factors = [factor for factor in round_["factors"] for _ in range(3)]
    answers += client.send(*(op("card.post", **card(round_, factor, "carte")) for factor in factors))


def test_a_moved_seat_is_told_so_on_the_other_worker(pair: Cluster) -> None:
    link = pair.participants()[21]
    old = Client(pair.at(link, 0)).connect()
    new = Client(pair.at(link, 1)).connect()
    old.wait(lambda: old.goodbye == "moved", seconds=WITHIN_S)
    for socket in (old, new):
        socket.close()


def test_r12_whose_road_lets_no_websocket_through_is_at_home_on_one_of_the_workers(pair: Cluster) -> None:
    """Six come by polling, try to go over to a websocket at their worker, are cut, and come again."""
    facilitator = Client(pair.link("facilitator", 0)).connect()
    road = Proxy(pair.nginx.port, 1, seed=12)
    try:
        road.change(0, no_websocket=True)
        links = [link.replace(pair.url, road.urls[0]) for link in pair.participants()[34:40]]
        people = [Client(link, ["polling", "websocket"]).connect() for link in links]
        write_a_round(facilitator, people, add_round(facilitator))
        assert {person.socket.eio.current_transport for person in people if person.socket} == {"polling"}
        for client in (facilitator, *people):
            client.close()
    finally:
        road.close()


def add_round(facilitator: Client) -> str:
    """One more sealed round, for everybody on every factor."""
    plan = {name: value for name, value in facilitator.round("B1").items() if name in PLAN}
    rules = {"release": "sealed", "cards_per_person": 3, "per_factor": True, "minutes": 60, "scope": None}
    plan |= {**rules, "factors": sorted(facilitator.replica.tables["factors"])}
    added = op("round.add", **plan, after=None, chosen=None)
    facilitator.send(added)
    round_id: str = added["id"]
    facilitator.wait(lambda: facilitator.replica.get("rounds", round_id) is not None)
    return round_id


def test_the_end_of_a_practice_reaches_the_other_worker(pair: Cluster) -> None:
    facilitator = Client(pair.link("facilitator", 0)).connect()
    url = practise(facilitator, "start")["url"]
    board = url.partition("board=")[2]
    there = Client(f"{pair.workers[1].url}{url}", session=facilitator.session, board=board).connect()
    practise(facilitator, "end")
    there.wait(lambda: there.goodbye == "gone", seconds=WITHIN_S)
    for client in (facilitator, there):
        client.close()


def test_s33_forged_messages_on_the_channel_are_nothing(pair: Cluster) -> None:
    watching = Client(pair.link("expert", 1)).connect()
    client = pair.redis.client
    (channel,) = client.pubsub_channels("palabre:*")
    handle = watching.page["handle"]
    for forged in (b"", b"x", b"\xff" * 2000, b"[" * 5000, f'["w","cut","{handle}","removed"]'.encode()):
        client.publish(channel, forged)
        client.publish(channel, b"0" * 16 + forged)
        client.set(f"{channel.decode()}:forged", forged)
    client.sadd(f"{channel.decode()}:workers", "forged", b"\xff")
    speaking = Client(pair.link("facilitator", 0)).connect()
    answer = speaking.do("comment.post", target={"table": "factors", "id": "F04"}, text="encore là")
    watching.wait(lambda: watching.replica.head >= answer["seq"])
    assert watching.goodbye is None
    assert all(worker.is_healthy() for worker in pair.workers)
    for one in (watching, speaking):
        one.close()


def test_s33_nobody_comes_to_redis_without_its_password(pair: Cluster) -> None:
    if pair.redis.given:
        pytest.skip("not run: the Redis we are pointed at is not ours to judge")
    address = pair.redis.url.partition("@")[2]
    without = services.redis.Redis.from_url(f"redis://{address}")
    with pytest.raises(services.redis.AuthenticationError):
        without.ping()


def test_d06_no_worker_leaves_a_core(pair: Cluster, server: Server) -> None:
    """Whatever the service file says: also on a laptop, started by hand."""
    for process in (*pair.workers, server):
        limits = Path(f"/proc/{process.pid}/limits").read_text()
        (line,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
        assert line.split()[4:6] == ["0", "0"], line


def test_a_worker_that_is_asked_to_end_leaves_in_good_order(pair: Cluster) -> None:
    leaving = pair.workers[1]
    there = Client(pair.link("expert", 1)).connect()
    started = time.monotonic()
    leaving.stop()
    assert time.monotonic() - started < 10
    assert there.goodbye == "restart"
    assert there.fallen
    there.at(pair.url).connect().close()
    leaving.start()
