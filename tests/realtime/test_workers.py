"""Two real workers over PostgreSQL and Redis behind nginx: the same seminar, and what only several workers can get wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config import ENGINES
from tests import cluster, services
from tests.client import Client, card, op
from tests.cluster import Cluster
from tests.faults.test_r09_workers import remove
from tests.realtime import test_niamey as niamey
from tests.realtime.test_practice import practise
from tests.server import Server

WITHIN_S = 3  # "within a second", on a machine that other tests keep busy


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    try:
        made = Cluster(tmp_path_factory.mktemp("pair"))
    except services.Missing as missing:
        pytest.skip(f"not run: {missing}")
    with made:
        yield made.start()


@pytest.fixture
def postgres() -> services.Postgres:
    try:
        return cluster.postgres()
    except services.Missing as missing:
        pytest.skip(f"not run: {missing}")


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
    facilitator = Client(pair.link("facilitator", 0)).connect()
    if facilitator.round("B1")["state"] == "planned":
        facilitator.command("start", "B1")
    else:  # after the seminar above
        facilitator.command("reopen", "B1", minutes=10)
    round_ = facilitator.round("B1")
    links = pair.participants()[:12]
    budget = round_["cards_per_person"]

    def post(client: Client, answers: list[dict]) -> None:
        scope = round_["scope"][client.welcome["you"]["table"]] if round_["scope"] else round_["factors"]  # type: ignore[index]
        answers += client.send(
            *(op("card.post", **card(round_, scope[0], f"carte {n}")) for n in range(budget))
        )

    for link in links:
        # One seat in one browser, open twice: through each of the workers.
        first = Client(pair.at(link, 0)).connect()
        second = Client(first_page(first, pair, 1), session=first.session).connect()
        answers: list[dict] = []
        threads = [threading.Thread(target=post, args=(device, answers)) for device in (first, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len([a for a in answers if a.get("sealed")]) == budget, answers
        assert {a["code"] for a in answers if "code" in a} == {"budget_spent"}
        for device in (first, second):
            device.close()
    facilitator.command("close", "B1")
    facilitator.close()


def first_page(client: Client, pair: Cluster, worker: int) -> str:
    return f"{pair.workers[worker].url}{client.page['urls']['board']}"


def test_s24_a_removed_participant_is_cut_on_every_worker(pair: Cluster) -> None:
    link = pair.participants()[20]
    first = Client(pair.at(link, 0)).connect()
    second = Client(first_page(first, pair, 1), session=first.session).connect()
    remove(pair.link("facilitator", 0), link)
    for socket in (first, second):
        socket.wait(lambda socket=socket: socket.goodbye == "removed", seconds=WITHIN_S)
        assert socket.session.get(first_page(first, pair, 1), timeout=5).status_code == 404
        socket.close()


def test_a_moved_seat_is_told_so_on_the_other_worker(pair: Cluster) -> None:
    link = pair.participants()[21]
    old = Client(pair.at(link, 0)).connect()
    new = Client(pair.at(link, 1)).connect()
    old.wait(lambda: old.goodbye == "moved", seconds=WITHIN_S)
    for socket in (old, new):
        socket.close()


def test_who_is_connected_is_counted_over_both_workers(pair: Cluster) -> None:
    people = [Client(pair.participants(n % 2)[n]).connect() for n in range(30, 34)]
    here = Client(pair.link("facilitator", 0)).connect()
    here.wait(lambda: any(e == "presence" and d["online"] == 5 for e, d in here.frames))
    for person in (*people, here):
        person.close()


def test_a_seat_earns_no_second_allowance_on_another_worker(pair: Cluster) -> None:
    first = Client(pair.link("rapporteur", 0)).connect()
    second = Client(first_page(first, pair, 1), session=first.session).connect()
    allowed = 0
    deadline = time.monotonic() + 12
    while time.monotonic() < deadline:
        for device in (first, second):
            frame = op("comment.post", target={"table": "factors", "id": "F03"}, text="encore")
            answers = send_once(
                device, frame, op("comment.post", target={"table": "factors", "id": "F03"}, text="et")
            )
            allowed += sum("seq" in answer for answer in answers)
    for device in (first, second):
        device.close()
    # Alone each would give 60 and 2 a second: 168 in all. Together they give one burst more at the most, until they tell.
    assert allowed <= 60 + 60 + 2 * 14, allowed


def send_once(client: Client, *operations: dict) -> list[dict]:
    assert client.socket
    client.socket.emit("submit", {"ops": list(operations)})
    client.wait(lambda: all(made["id"] in client._answers for made in operations))
    return [client._answers[made["id"]] for made in operations]


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


def test_a_worker_that_is_asked_to_end_leaves_in_good_order(pair: Cluster) -> None:
    leaving = pair.workers[1]
    there = Client(pair.link("expert", 1)).connect()
    started = time.monotonic()
    leaving.stop()
    assert time.monotonic() - started < 10
    assert there.goodbye == "restart"
    assert there.fallen
    again = Client(
        pair.at(there.base + there.page["urls"]["board"], None).replace(there.base, pair.url),
        session=there.session,
    )
    again.connect().close()
    leaving.start()


# --- each engine ---


@pytest.fixture(params=ENGINES)
def alone(request: pytest.FixtureRequest, postgres: services.Postgres, tmp_path: Path) -> Iterator[Server]:
    """One worker on PostgreSQL, without Redis."""
    url = postgres.new_database()
    server = Server(tmp_path, environment={"PALABRE_DATABASE": url, "PALABRE_ENGINE": request.param})
    server.start()
    yield server
    server.stop()
    postgres.drop_database(url)


def test_the_event_loop_goes_on_while_the_database_keeps_somebody_waiting(
    alone: Server, postgres: services.Postgres
) -> None:
    """Pages, accounts and boards wait for a lock in PostgreSQL; whoever asks the time is answered meanwhile."""
    client = Client(alone.links["facilitator"]).connect()
    assert client.socket
    name = alone.environment["PALABRE_DATABASE"].rsplit("/", 1)[1]
    with psycopg.connect(f"{postgres.url}/{name}") as locking:
        locking.execute("LOCK TABLE people, sessions, heads IN ACCESS EXCLUSIVE MODE")
        waiting = [
            threading.Thread(target=lambda link=link: client.session.get(link, timeout=20), daemon=True)
            for link in alone.links["participants"][:3]
        ]
        for thread in waiting:
            thread.start()
        slowest, until = 0.0, time.monotonic() + 1.5
        while time.monotonic() < until:
            asked = time.monotonic()
            client.socket.call("clock", {}, timeout=10)
            slowest = max(slowest, time.monotonic() - asked)
        assert all(thread.is_alive() for thread in waiting), "nobody waited: the lock proves nothing"
    for thread in waiting:
        thread.join()
    # A loop that stalls stalls for as long as the lock lasts: 1.5 s.
    assert slowest < 1, f"the loop stood still for {slowest:.2f} s"
    started = time.monotonic()
    alone.stop()
    assert time.monotonic() - started < 10, "it had to be killed"
    assert client.goodbye == "restart"


def test_a06_a_postgresql_that_logs_what_people_write_is_refused(
    postgres: services.Postgres, tmp_path: Path
) -> None:
    url = postgres.new_database()
    postgres.execute(f"ALTER DATABASE {url.rsplit('/', 1)[1]} SET log_min_duration_statement = 0")
    server = Server(tmp_path, environment={"PALABRE_DATABASE": url})
    server.begin()
    assert server._process
    assert server._process.wait(30) == 1
    assert "log_min_duration_statement = 0" in server.log.read_text()
    postgres.drop_database(url)


def test_a_second_server_on_one_sqlite_file_is_refused(server: Server) -> None:
    second = Server(server.data, beside=server.data / "second")
    (server.data / "second").mkdir()
    second.begin()
    assert second._process
    assert second._process.wait(30) != 0
    said = second.log.read_text()
    assert "Another Palabre server uses" in said and "PALABRE_DATABASE" in said, said
    assert server.is_healthy()
