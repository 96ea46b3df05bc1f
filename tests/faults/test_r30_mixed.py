"""R30: everything falls in turn while people work: a worker, PostgreSQL, Redis, the roads. Nobody waits long, nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from tests.cluster import Cluster
from tests.faults.load import Load, within
from tests.faults.proxy import Proxy
from tests.faults.rows import Row, sample
from tests.faults.test_r09_workers import with_load

FAULTS = 3  # of one room
WRITERS = 8
LONGEST_S, SHARE = 30, 0.999
AWAY_S = 5


def trial(seed: int, folder: Path) -> int:
    random, took_s, proxies = Random(seed), list[float](), list[Proxy]()

    def roads(cluster: Cluster) -> Sequence[str]:
        proxies.append(Proxy(int(cluster.url.rpartition(":")[2]), WRITERS, seed))
        return proxies[0].urls

    def act(cluster: Cluster, load: Load) -> int:
        for fault in random.sample(everything(cluster, proxies[0], random), FAULTS):
            fault()
            load.await_more(len(load.people))
            time.sleep(random.uniform(0, 2))
        load.rest()
        took_s.extend(took for person in load.people for took in person.took_s)
        return FAULTS

    try:
        done = with_load(folder, act, roads, writers=WRITERS, pause_s=0.2)
    finally:
        for proxy in proxies:
            proxy.close()
    quick = sum(took < within(LONGEST_S) for took in took_s) / len(took_s)
    assert quick >= SHARE, f"{quick:.2%} of {len(took_s)} within {LONGEST_S} s"
    print(f"R30: {done} faults, {len(took_s)} acknowledged, the slowest after {max(took_s):.1f} s")
    return done


def everything(cluster: Cluster, proxy: Proxy, random: Random) -> list[Callable[[], None]]:
    """One of each; each ends what it began."""

    def worker() -> None:
        fallen = random.choice(cluster.workers)
        fallen.kill()
        time.sleep(random.uniform(0, AWAY_S))
        fallen.start()

    def redis_pause() -> None:
        cluster.redis.pause()
        time.sleep(random.uniform(0, AWAY_S))
        cluster.redis.go_on()

    def redis_kill() -> None:
        cluster.redis.kill()
        time.sleep(random.uniform(0, AWAY_S))
        cluster.redis.start()

    def dark() -> None:
        for road in range(WRITERS):
            proxy.change(road, dark=True)
        time.sleep(random.uniform(1, AWAY_S))
        for road in range(WRITERS):
            proxy.change(road, dark=False, cut=random.random() < 0.5)

    def slow() -> None:
        for road in range(WRITERS):
            proxy.change(road, delay_ms=random.choice((75, 150, 400)), loss=random.choice((0.05, 0.2)))

    return [worker, redis_pause, redis_kill, dark, slow, cluster.postgres.restart]


R30 = Row("R30", pr=FAULTS, rel=3 * 120, unit="faults", trial=trial, batch=FAULTS)


def test_r30_people_go_on_whatever_falls(tmp_path: Path) -> None:
    sample(R30, tmp_path)
