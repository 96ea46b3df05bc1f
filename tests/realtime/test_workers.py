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


# --- the floor, the wheel and who takes part, which no database holds ---


def ask_to_speak(client: Client, *, up: bool = True) -> None:
    assert client.socket
    client.socket.emit("hand", {"up": up})


def call(client: Client, act: str, person: Client) -> None:
    """The facilitator gives the floor to somebody, or ends the turn."""
    assert client.socket
    client.socket.emit("floor", {"act": act, "hand": row_of(client, person)["id"]})


def row_of(client: Client, person: Client) -> dict:
    assert person.welcome
    rows = client.last("floor").get("hands", ())
    return next((row for row in rows if row["name"] == person.welcome["you"]["name"]), {})


@pytest.fixture
def quiet(pair: Cluster) -> Iterator[Client]:
    """The facilitator on the first worker; no round is live, so hands may go up."""
    facilitator = Client(pair.link("facilitator", 0)).connect()
    for round_ in facilitator.replica.all("rounds"):
        if round_["state"] in ("running", "paused"):
            facilitator.command("close", round_["id"])
    yield facilitator
    facilitator.close()


def test_a_hand_raised_through_one_worker_is_given_the_floor_through_the_other(
    pair: Cluster, quiet: Client
) -> None:
    first = Client(pair.participants(1)[26]).connect()
    second = Client(pair.participants(0)[27]).connect()
    ask_to_speak(first)
    quiet.wait(lambda: row_of(quiet, first), WITHIN_S)
    assert row_of(quiet, first)["here"]
    ask_to_speak(second)
    second.wait(lambda: second.last("floor").get("hand"), WITHIN_S)
    call(quiet, "give", first)
    first.wait(lambda: (first.last("floor").get("hand") or {}).get("speaking"), WITHIN_S)
    other = Client(pair.link("co_facilitator", 1)).connect()
    other.wait(lambda: row_of(other, first).get("speaking") and row_of(other, second), WITHIN_S)
    call(other, "done", first)
    first.wait(lambda: first.last("floor")["hand"] is None, WITHIN_S)
    quiet.wait(lambda: not row_of(quiet, first), WITHIN_S)
    # Whoever leaves the other worker is seen to have left.
    ask_to_speak(first)
    quiet.wait(lambda: row_of(quiet, first), WITHIN_S)
    first.close()
    quiet.wait(lambda: row_of(quiet, first).get("here") is False, WITHIN_S)
    call(quiet, "done", first)
    ask_to_speak(second, up=False)
    other.wait(lambda: not other.last("floor")["hands"], WITHIN_S)
    for client in (second, other):
        client.close()


def test_the_wheel_is_handed_from_one_worker_to_the_other_and_stays_while_its_holder_is_there(
    pair: Cluster, quiet: Client
) -> None:
    assert quiet.socket
    other = Client(pair.link("co_facilitator", 1)).connect()
    quiet.socket.emit("wheel", {"to": None})
    other.wait(lambda: other.last("floor").get("wheel", {}).get("mine") is False, WITHIN_S)
    quiet.wait(lambda: quiet.last("floor")["wheel"]["others"], WITHIN_S)
    (offered,) = quiet.last("floor")["wheel"]["others"]
    quiet.socket.emit("wheel", {"to": offered["id"]})
    other.wait(lambda: other.last("floor")["wheel"]["mine"], WITHIN_S)
    quiet.wait(lambda: not quiet.last("floor")["wheel"]["mine"], WITHIN_S)
    # Acting takes no wheel, on whichever worker.
    quiet.do("comment.post", target={"table": "factors", "id": "F05"}, text="je continue")
    late = Client(first_page(quiet, pair, 1), session=quiet.session).connect()
    late.wait(lambda: late.last("floor").get("wheel", {}).get("mine") is False, WITHIN_S)
    assert other.last("floor")["wheel"]["mine"]
    for client in (other, late):
        client.close()


def test_who_took_part_on_either_worker_and_is_gone_at_the_close_is_counted_on_both(
    pair: Cluster, quiet: Client
) -> None:
    other = Client(pair.link("co_facilitator", 1)).connect()
    stays = Client(pair.participants(1)[28]).connect()
    leaves = [Client(pair.participants(worker)[29 + worker]).connect() for worker in (0, 1)]
    for console in (quiet, other):
        console.wait(lambda console=console: console.last("presence").get("online") == 5, WITHIN_S)
    begin = "start" if quiet.round("B1")["state"] == "planned" else "reopen"
    quiet.command(begin, "B1", **({"minutes": 10} if begin == "reopen" else {}))
    for console in (quiet, other):
        console.wait(lambda console=console: console.last("presence")["frozen"], WITHIN_S)
    for client in leaves:
        client.close()
    pause = time.monotonic() + 1  # its last report may be so old
    quiet.wait(lambda: time.monotonic() > pause or quiet.last("presence")["online"] != 5, WITHIN_S)
    assert quiet.last("presence")["online"] == other.last("presence")["online"] == 5
    quiet.command("close", "B1")
    epoch = quiet.round("B1")["epoch"]
    for console in (quiet, other):
        console.wait(lambda console=console: "absent" in console.last("presence"), WITHIN_S)
        assert console.last("presence")["absent"] == {"round": "B1", "epoch": epoch, "count": 2}
    for client in (other, stays):
        client.close()


def test_without_redis_each_worker_goes_on_with_its_own_and_says_so_and_they_agree_again(
    pair: Cluster, quiet: Client
) -> None:
    if pair.redis.given:
        pytest.skip("not run: the Redis we are pointed at is not ours to kill")
    other = Client(pair.link("co_facilitator", 1)).connect()
    here, there = (Client(pair.participants(worker)[32 + worker]).connect() for worker in (0, 1))
    for console in (quiet, other):
        console.wait(lambda console=console: console.last("presence").get("online") == 4, WITHIN_S)
    ask_to_speak(here)
    other.wait(lambda: row_of(other, here), WITHIN_S)
    pair.redis.kill()
    try:
        for console in (quiet, other):
            console.wait(lambda console=console: console.last("presence").get("incomplete"))
            console.wait(lambda console=console: console.last("presence")["online"] == 2)
        assert row_of(other, here)["here"], "whom we do not hear of may well be there"
        ask_to_speak(there)
        other.wait(lambda: row_of(other, there), WITHIN_S)
        call(quiet, "give", here)
        here.wait(lambda: here.last("floor")["hand"]["speaking"], WITHIN_S)
        assert not row_of(quiet, there)
    finally:
        pair.redis.start()
    for console in (quiet, other):
        console.wait(lambda console=console: "incomplete" not in console.last("presence"))
        console.wait(lambda console=console: console.last("presence")["online"] == 4)
        console.wait(lambda console=console: row_of(console, here).get("speaking") and row_of(console, there))
    for client in (here, there):
        ask_to_speak(client, up=False)
        quiet.wait(lambda client=client: not row_of(quiet, client), WITHIN_S)
        client.close()
    other.close()


def test_whoever_reads_redis_learns_of_no_person(pair: Cluster, quiet: Client) -> None:
    speaker = Client(pair.participants(1)[26]).connect()
    heard: list[bytes] = []
    client = pair.redis.client
    (channel,) = client.pubsub_channels("palabre:*")
    with client.pubsub(ignore_subscribe_messages=True) as line:
        line.subscribe(channel)
        ask_to_speak(speaker)
        quiet.wait(lambda: row_of(quiet, speaker), WITHIN_S)
        while len(heard) < 4:
            if message := line.get_message(timeout=WITHIN_S):
                heard.append(message["data"])
    kept = [key + repr(client.dump(key)).encode() for key in client.keys(f"{channel.decode()}*")]
    assert speaker.welcome
    for secret in (
        speaker.page["handle"],
        speaker.welcome["you"]["name"]["fr"],
        "facilitator",
        speaker.board,
    ):
        assert not [text for text in heard + kept if secret.encode() in text], secret
    ask_to_speak(speaker, up=False)
    speaker.close()


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
