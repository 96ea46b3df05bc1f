"""Real servers for tests over real sockets; this process stays unpatched, the server's engine is chosen by PALABRE_ENGINE."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config import ENGINES
from tests.cluster import Cluster
from tests.keeper import Keeper
from tests.not_run import or_skip
from tests.realtime.wire import Seat
from tests.seminar import Door
from tests.server import Server
from tests.stores import postgres

__all__ = ["postgres"]


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    return Keeper(Door.with_board(tmp_path))


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the test's own, which it may kill."""
    running = Server(tmp_path_factory.mktemp("data"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="package")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two workers behind nginx, for all tests that leave them running."""
    with or_skip():
        made = Cluster(tmp_path_factory.mktemp("pair"))
    with made:
        yield made.start()


@pytest.fixture(scope="session")
def every_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Server]]:
    """One server on each engine, for all tests that do not kill it: attacks are held on each of the three."""
    running = {
        engine: Server(tmp_path_factory.mktemp(engine), environment={"PALABRE_ENGINE": engine})
        for engine in ENGINES
    }
    with ThreadPoolExecutor() as pool:
        list(pool.map(Server.start, running.values()))
    yield running
    for one in running.values():
        one.stop()


@pytest.fixture(params=ENGINES)
def on_engine(request: pytest.FixtureRequest, every_engine: dict[str, Server]) -> Server:
    return every_engine[request.param]


@pytest.fixture(scope="session")
def _places(every_engine: dict[str, Server]) -> dict[int, Iterator[int]]:
    return {one.port: itertools.count() for one in every_engine.values()}


@pytest.fixture
def new_seat(on_engine: Server, _places: dict[int, Iterator[int]]) -> Callable[[], Seat]:
    """A participant's seat that no other test uses, so that no limit is shared."""

    def enter() -> Seat:
        links = on_engine.links["participants"]
        return Seat(on_engine, links[next(_places[on_engine.port]) % len(links)])

    return enter


@pytest.fixture
def seat(new_seat: Callable[[], Seat]) -> Seat:
    return new_seat()
