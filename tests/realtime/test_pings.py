"""Pings from one clock: what fails for one client is that client's own affair."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from realtime import engine
from realtime.pings import Pings


class Socket:
    """An engine.io socket as the pings know it."""

    closing = closed = False

    def __init__(self, fails: bool = False) -> None:
        self.fails, self.pinged = fails, 0

    def send(self, packet: object) -> None:
        if self.fails:
            raise RuntimeError
        self.pinged += 1


def test_a_client_that_cannot_be_pinged_leaves_the_others_their_pings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    due: list[Callable[[], None]] = []
    monkeypatch.setattr(engine, "spawn_later", lambda seconds, work: due.append(work))
    pings, other = Pings(0), Socket()
    for socket in (Socket(fails=True), other):
        pings.schedule(socket)
    due.pop()()
    assert other.pinged == 1
    pings.schedule(other)
    due.pop()()
    assert other.pinged == 2
