"""A worker's database and Redis: what a start refuses, and that nobody waits while they keep somebody waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config import ENGINES
from tests import services
from tests.client import Client
from tests.server import Server


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


@pytest.mark.parametrize("setting", [("save", "60 1"), ("appendonly", "yes")])
def test_d06_a_redis_that_writes_to_its_disk_is_refused(
    postgres: services.Postgres, tmp_path: Path, setting: tuple[str, str]
) -> None:
    url, redis = postgres.new_database(), services.Redis(tmp_path / "redis")
    try:
        redis.client.config_set(*setting)
        server = Server(tmp_path, environment={"PALABRE_DATABASE": url, "PALABRE_REDIS": redis.url})
        server.begin()
        assert server._process
        assert server._process.wait(30) == 1
        assert f"{setting[0]} = {setting[1]}" in server.log.read_text()
    finally:
        redis.stop()
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
