"""The self-test from beginning to end, in a process of its own (`python -m app.commands selftest`): one step after the other,
with its progress in the record, ended by a signal at any moment, and over within five minutes."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

from app.selftest import measures, phones, record
from app.selftest.endings import ENDINGS
from app.selftest.judgements import Finding
from app.selftest.phone import Patience
from app.selftest.process import STEPS
from app.selftest.record import MOST_S, Run
from config import Settings

Step = Callable[[Settings], Iterator[Finding]]


def steps(zone: str) -> dict[str, Step]:
    """What does each of `process.STEPS`."""
    return {
        "server": measures.server,
        "database": measures.database,
        "clock": lambda settings: measures.clock(settings, zone),
        "disk": measures.disk,
        "power": measures.power,
        "backup": measures.backup,
        "phones": phones.phones,
    }


class Ended(Exception):
    """Somebody ended the test, or its time is over."""


def run(settings: Settings, zone: str, on_step: Callable[[Run], None] = lambda run: None) -> Run:
    """Do every step; `on_step` is called before each and at the end. What was made for it is gone when it returns."""
    todo = steps(zone)
    now = Run(os.getpid(), _now_ms(), steps=len(STEPS))
    try:
        with _ended_by_signals():
            phones.sweep(settings.data)
            for name in STEPS:
                now.now = name
                _tell(settings, now, on_step)
                now.findings += todo[name](settings)
                now.done += 1
        now.state = "done"
    except Ended:
        now.state = "cancelled"
    except Exception:
        now.state = "failed"
        raise
    finally:
        phones.sweep(settings.data)  # what an ending found half made, or half removed
        now.ended_ms, now.now = _now_ms(), ""
        _tell(settings, now, on_step)
    return now


def _tell(settings: Settings, now: Run, on_step: Callable[[Run], None]) -> None:
    record.write_run(settings.data, now)
    on_step(now)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """A signal, or the alarm after five minutes, ends the step that runs; whatever it made is cleaned up on the way out."""

    def end(signum: int, frame: FrameType | None) -> NoReturn:
        Patience.end()
        raise Ended

    before: dict[Any, Any] = {one: signal.signal(one, end) for one in ENDINGS}
    signal.alarm(MOST_S)
    try:
        yield
    finally:
        signal.alarm(0)
        for one, handler in before.items():
            signal.signal(one, handler)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
