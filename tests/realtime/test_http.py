"""A request's time, on a clock that moves when told to."""

from __future__ import annotations

import pytest

from realtime import http
from realtime.http import LEAST_BYTES_PER_S, REQUEST_S, PatientReader


class Trickle:
    """A socket from which so many bytes come every so many seconds, for ever."""

    def __init__(self, count: int, every_s: float) -> None:
        self.count, self.every_s, self.now_s = count, every_s, 0.0
        self.timeout_s: float | None = None

    def settimeout(self, seconds: float) -> None:
        self.timeout_s = seconds

    def recv_into(self, buffer: memoryview) -> int:
        assert self.timeout_s is not None
        if self.every_s > self.timeout_s:
            self.now_s += self.timeout_s
            raise TimeoutError
        self.now_s += self.every_s
        return min(self.count, len(buffer))


@pytest.fixture
def trickle(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Trickle:
    made = Trickle(*request.param)
    monkeypatch.setattr(http.time, "monotonic", lambda: made.now_s)
    return made


@pytest.mark.parametrize("trickle", [(1, 1), (1, 0.01), (0, 60), (100, 1)], indirect=True)
def test_s18_what_trickles_is_over_in_its_time(trickle: Trickle) -> None:
    reader = PatientReader(trickle)
    with pytest.raises(TimeoutError):
        while True:
            reader.readinto(bytearray(8192))
    assert trickle.now_s <= REQUEST_S * 1.1
    reader.begin()  # the rest of it is never the next request
    with pytest.raises(TimeoutError):
        reader.readinto(bytearray(8192))


@pytest.mark.parametrize("trickle", [(LEAST_BYTES_PER_S, 1)], indirect=True)
def test_a_file_from_a_weak_link_takes_the_time_it_needs(trickle: Trickle) -> None:
    reader = PatientReader(trickle)
    for _ in range(100):
        assert reader.readinto(bytearray(8192)) == LEAST_BYTES_PER_S
    assert trickle.now_s > 5 * REQUEST_S


@pytest.mark.parametrize("trickle", [(10, 10)], indirect=True)
def test_each_request_has_a_time_of_its_own(trickle: Trickle) -> None:
    reader = PatientReader(trickle)
    for _ in range(5):
        reader.begin()
        reader.readinto(bytearray(100))
