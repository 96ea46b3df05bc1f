"""R09, R10, R11 and R22: two workers behind nginx, while PostgreSQL, Redis and the workers themselves fall and come back."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from tests.client import Client
from tests.cluster import Cluster
from tests.faults.herd import Herd
from tests.faults.load import Load, check_board, check_logs
from tests.faults.ready import ReadyServer
from tests.faults.rows import Row, sample
from tests.not_run import NotRun

BACK_S = 10
EQUAL_S = 6
CUT_S = 2
REDIS_FAULTS, WORKER_KILLS = 5, 5  # of one cluster
# Two hundred clients while workers are restarted one after the other, twelve of whom write; so often all of them.
ROOM, CROWD, PASSES = 9, 188, 2


def with_load(
    folder: Path,
    act: Callable[[Cluster, Load], int],
    roads: Callable[[Cluster], Sequence[str]] = lambda cluster: (),
    **size: float,
) -> int:
    """Two workers with people at work; after the act, all that was acknowledged is there, once, and every log is gapless."""
    cluster = Cluster(folder, kind=ReadyServer)
    with cluster:
        cluster.start()
        load = Load(cluster, roads=roads(cluster), **size)  # type: ignore[arg-type]
        try:
            load.await_more(len(load.people))
            done = act(cluster, load)
        finally:
            load.leave()
        check_board(cluster.link("facilitator"), load)
        check_logs(cluster.postgres, cluster.database)
    return done


def await_equal(load: Load, within_s: float = EQUAL_S) -> None:
    """Until everybody who is connected has seen what anybody has seen now."""
    clients = [person.client for person in load.people if person.client and not person.client.fallen]
    head, deadline = max(client.replica.head for client in clients), time.monotonic() + within_s
    while behind := [client for client in clients if client.replica.head < head and not client.fallen]:
        assert time.monotonic() < deadline, (
            f"{len(behind)} of {len(clients)} did not see {head} in {within_s} s"
        )
        time.sleep(0.05)


# --- PostgreSQL ---


def postgres(seed: int, folder: Path) -> int:
    random = Random(seed)

    def act(cluster: Cluster, load: Load) -> int:
        if cluster.postgres.given:
            raise NotRun("the PostgreSQL we are pointed at is not ours to restart")
        for number in range(5):
            time.sleep(random.uniform(0, 0.5))
            if (number + seed) % 2:
                cluster.postgres.restart()
            else:
                cluster.postgres.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                )
            load.await_more(len(load.people), within_s=BACK_S)
        return 5

    return with_load(folder, act)


R09 = Row("R09", pr=5, rel=50, unit="restarts", trial=postgres)


def test_r09_nothing_is_lost_when_postgresql_restarts(tmp_path: Path) -> None:
    sample(R09, tmp_path)


# --- Redis ---


def redis(seed: int, folder: Path) -> int:
    random = Random(seed)

    def kill(cluster: Cluster, load: Load) -> None:
        cluster.redis.kill()
        load.await_more(len(load.people), within_s=BACK_S)
        await_equal(load)
        cluster.redis.start()

    def flush(cluster: Cluster, load: Load) -> None:
        cluster.redis.client.flushall()

    def pause(cluster: Cluster, load: Load) -> None:
        cluster.redis.pause()
        try:
            time.sleep(random.uniform(1, 5))
            load.await_more(len(load.people), within_s=BACK_S)
            await_equal(load)
        finally:
            cluster.redis.go_on()

    def act(cluster: Cluster, load: Load) -> int:
        if cluster.redis.given:
            raise NotRun("the Redis we are pointed at is not ours to kill")
        faults = random.sample([kill, flush, pause, pause, random.choice((kill, flush))], REDIS_FAULTS)
        for fault in faults:
            fault(cluster, load)
            load.await_more(len(load.people), within_s=BACK_S)
            await_equal(load)
        return len(faults)

    return with_load(folder, act)


R10 = Row("R10", pr=10, rel=100, unit="faults", trial=redis, batch=REDIS_FAULTS, lanes=2)


def test_r10_everybody_sees_everything_whatever_redis_does(tmp_path: Path) -> None:
    sample(R10, tmp_path)


# --- a worker ---


def worker(seed: int, folder: Path) -> int:
    random = Random(seed)

    def act(cluster: Cluster, load: Load) -> int:
        for number in range(WORKER_KILLS):
            time.sleep(random.uniform(0, 0.5))
            fallen = cluster.workers[(seed + number) % 2]
            fallen.kill()
            everybody_is_back(load, BACK_S)
            if number == 0:
                a_removed_participant_is_cut(cluster, 1 - seed % 2)
            fallen.start()
        return WORKER_KILLS

    return with_load(folder, act)


def everybody_is_back(load: Load, within_s: float) -> None:
    """Each of them was answered again."""
    before = [len(person.acknowledged) for person in load.people]
    deadline = time.monotonic() + within_s
    while any(len(p.acknowledged) == n for p, n in zip(load.people, before, strict=True)):
        assert time.monotonic() < deadline, f"not everybody was answered within {within_s} s"
        time.sleep(0.02)


def a_removed_participant_is_cut(cluster: Cluster, alive: int) -> None:
    """S24, on the worker that lives: taken off by one request, its socket is cut and its cookie opens nothing."""
    link = cluster.participants(alive)[-1]
    person = Client(link).connect()
    remove(cluster.link("facilitator", alive), link)
    person.wait(lambda: person.goodbye == "removed", seconds=CUT_S)
    assert person.session.get(f"{person.base}{person.page['urls']['board']}", timeout=5).status_code == 404
    person.close()


def remove(by: str, link: str) -> None:
    """Whoever has the one link takes away the seat behind the other."""
    staff = Client(by)
    person_id = link.rpartition("/")[2].partition(".")[0]
    address = f"{staff.base}{staff.page['urls']['people']}/{person_id}/remove"
    answer = staff.session.post(address, data={"csrf_token": staff.page["csrf"]}, timeout=10)
    assert answer.ok, answer.status_code


R11 = Row("R11", pr=10, rel=100, unit="kills", trial=worker, batch=WORKER_KILLS, lanes=2)


def test_r11_the_clients_of_a_killed_worker_go_on_with_the_other(tmp_path: Path) -> None:
    sample(R11, tmp_path)


# --- rolling restart ---


def rolling(seed: int, folder: Path) -> int:
    def act(cluster: Cluster, load: Load) -> int:
        herd = Herd(cluster, but=ROOM)
        try:
            refused = herd.enter(CROWD)["refused"]
            assert not refused, refused[:5]
            herd.order("stay")
            for restarted in cluster.workers * PASSES:
                started = time.monotonic()
                restarted.stop()
                assert time.monotonic() - started < BACK_S, "it took too long to leave"
                everybody_is_back(load, BACK_S)
                restarted.start()
                everybody_is_in(herd)
            away_s = herd.order("away")["away_s"]
        finally:
            herd.close()
        assert len(away_s) >= CROWD, "they were hardly sent away"
        assert max(away_s) < BACK_S, f"somebody was away for {max(away_s):.1f} s"
        print(f"R22: sent away {len(away_s)} times, the longest for {max(away_s):.1f} s")
        return PASSES

    return with_load(folder, act, writers=ROOM, pause_s=0.1)


def everybody_is_in(herd: Herd) -> None:
    deadline = time.monotonic() + BACK_S
    while absent := herd.order("absent")["absent"]:
        assert time.monotonic() < deadline, f"{absent} did not come back within {BACK_S} s"
        time.sleep(0.2)


R22 = Row("R22", pr=PASSES, rel=20, unit="passes", trial=rolling, batch=PASSES)


def test_r22_workers_are_restarted_one_after_the_other_and_nobody_is_left_out(tmp_path: Path) -> None:
    sample(R22, tmp_path)
