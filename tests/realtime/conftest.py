"""Real servers for tests over real sockets; this process stays unpatched, the server's engine is chosen by PALABRE_ENGINE."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server import Server


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the test's own, which it may kill."""
    running = Server(tmp_path_factory.mktemp("data"))
    running.start()
    yield running
    running.stop()
