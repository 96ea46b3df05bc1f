"""Two workers' lines over a real Redis: what one of them cannot read or make ends neither line."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from realtime.report import Report, report_of
from realtime.wakeups import UNREADABLE, Wakeups
from tests import cluster
from tests.not_run import or_skip

WITHIN_S = 20
REPORT = {"viewers": {}, "floors": {}, "attendance": {}, "spent": {"seat": 3}}


class Worker:
    """One end of the line, and what it heard."""

    def __init__(self, url: str, secret: bytes) -> None:
        self._news = threading.Condition()
        self.reports: dict[str, Report] = {}
        self.words: list[str] = []
        self.line = Wakeups(url, secret)
        self.line.report, self.line.read_report = lambda: REPORT, report_of
        self.line.on_reports = self._reported
        self.line.on("word", self._heard)
        self._tasks = [threading.Thread(target=task) for task in (self.line.send, self.line.listen)]
        for task in self._tasks:
            task.start()

    def _reported(self, reports: dict[str, Report]) -> None:
        with self._news:
            self.reports = reports
            self._news.notify_all()

    def _heard(self, word: str) -> None:
        with self._news:
            self.words.append(word)
            self._news.notify_all()

    def wait(self, true: Callable[[], object]) -> None:
        with self._news:
            assert self._news.wait_for(true, WITHIN_S), "it did not come true"

    def end(self) -> None:
        self.line.end()
        for task in self._tasks:
            task.join(WITHIN_S)


@pytest.fixture
def pair() -> Iterator[tuple[Worker, Worker]]:
    with or_skip():
        url = cluster.redis().url
    secret = secrets.token_bytes(32)
    both = Worker(url, secret), Worker(url, secret)
    try:
        for one in both:
            one.wait(lambda one=one: one.reports and one.line.is_hearing)
        yield both
    finally:
        for one in both:
            one.end()


OF_ANOTHER_RELEASE = [
    [],
    {name: told for name, told in REPORT.items() if name != "spent"},
    {**REPORT, "viewers": {"b": [["handle"]]}},
    {**REPORT, "floors": {"b": {"floor": {"hands": [{"later": 1}], "down": [], "turns": []}, "wheel": {}}}},
    {**REPORT, "attendance": {"b": {"sitting": ["post", 1]}}},
]


@pytest.mark.parametrize("told", OF_ANOTHER_RELEASE)
def test_a_report_of_another_release_is_none(told: Any) -> None:
    with pytest.raises(UNREADABLE):
        report_of(told)


def test_a_report_of_another_release_is_not_heard_and_said_to_be_missing_and_both_lines_go_on(
    pair: tuple[Worker, Worker],
) -> None:
    ours, other = pair
    other.line.report = lambda: OF_ANOTHER_RELEASE[1]
    other.line.report_soon()
    ours.wait(lambda: not ours.line.is_hearing)
    assert [report.spent for report in ours.reports.values()] == [{"seat": 3}], "the last that could be read"
    for one, listening in ((ours, other), (other, ours)):
        one.line.tell("word", "encore")
        listening.wait(lambda listening=listening: listening.words == ["encore"])
    ours.line.offer(file := secrets.token_hex(32), b"k" * 32)
    ours.line.tell("word", "offert")
    other.wait(lambda: "offert" in other.words)
    assert other.line.ask(file) == b"k" * 32


def test_a_report_that_cannot_be_made_keeps_nothing_else_from_being_told(pair: tuple[Worker, Worker]) -> None:
    ours, other = pair

    def broken() -> object:
        raise RuntimeError

    ours.line.report = broken
    ours.line.report_soon()
    ours.line.tell("word", "encore")
    other.wait(lambda: other.words == ["encore"])
    ours.line.report = lambda: {**REPORT, "spent": {"seat": 5}}
    ours.line.report_soon()
    other.wait(lambda: [report.spent for report in other.reports.values()] == [{"seat": 5}])


def test_whoever_stumbles_over_what_the_others_report_still_tells_and_asks(
    pair: tuple[Worker, Worker],
) -> None:
    ours, other = pair
    stumbled = threading.Event()

    def broken(_: object) -> None:
        stumbled.set()
        raise RuntimeError

    ours.line.on_reports = broken
    ours.line.report_soon()
    assert stumbled.wait(WITHIN_S)
    ours.line.tell("word", "encore")
    other.wait(lambda: other.words == ["encore"])
