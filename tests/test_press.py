"""The press: one step after another, told while it works; stopped, failed and found again by any worker of the host."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.press import KEPT_MS, SILENT_MS, Press


class Clock:
    ms = 1_000_000

    def now_ms(self) -> int:
        return self.ms


def press(folder: Path, clock: Clock, spawn: Callable[..., object] = lambda run: run()) -> Press:
    return Press(folder, clock.now_ms, spawn, lambda work, *arguments: work(*arguments))


@pytest.fixture
def clock() -> Clock:
    return Clock()


STEPS = (("tell", lambda _: 2), ("set", lambda told: b"made" * told))


def test_each_step_gets_what_the_step_before_made(tmp_path: Path, clock: Clock) -> None:
    ours = press(tmp_path, clock)
    job = ours.order("board:0:1", "pdf-fr", STEPS)
    assert (job.state, job.step) == ("done", 2)
    assert ours.content(job) == b"mademade"


def test_how_far_it_is_can_be_read_by_another_worker_while_it_works(tmp_path: Path, clock: Clock) -> None:
    other, seen, begun, go_on = press(tmp_path, clock), [], threading.Event(), threading.Event()

    def wait(_: Any) -> bytes:
        begun.set()
        assert go_on.wait(30)
        return b""

    threads: list[threading.Thread] = []

    def spawn(run: Callable[[], None]) -> None:
        threads.append(threading.Thread(target=run))
        threads[0].start()

    job = press(tmp_path, clock, spawn).order("board:0:1", "pdf-fr", (("tell", lambda _: 1), ("set", wait)))
    assert begun.wait(30)
    found = other.job(job.id)
    assert found
    seen.append((found.state, found.step, found.doing))
    assert other.order("board:0:1", "pdf-fr", STEPS).id == job.id, "the same order is the same job"
    go_on.set()
    threads[0].join(30)
    assert seen == [("working", 1, "set")]
    done = other.job(job.id)
    assert done and done.state == "done"


def test_what_is_stopped_goes_no_step_further(tmp_path: Path, clock: Clock) -> None:
    ours, done = press(tmp_path, clock), []

    def stop(_: Any) -> None:
        (path,) = (tmp_path / "press").glob("*.json")
        ours.cancel(path.stem)
        done.append("first")

    job = ours.order("board:0:1", "pdf-fr", (("tell", stop), ("set", lambda _: done.append("second"))))
    assert (job.state, done) == ("cancelled", ["first"])
    assert ours.content(job) is None
    assert ours.order("board:0:1", "pdf-fr", STEPS).id != job.id, "it can be ordered again"


@pytest.mark.parametrize(
    "error, why", [(RuntimeError("broken"), "error"), (OSError(errno.ENOSPC, "full"), "full")]
)
def test_a_failure_says_why_and_can_be_repeated(
    tmp_path: Path, clock: Clock, error: Exception, why: str
) -> None:
    def fail(_: Any) -> None:
        raise error

    ours = press(tmp_path, clock)
    job = ours.order("board:0:1", "pdf-fr", (("tell", fail), ("set", lambda _: b"")))
    assert (job.state, job.why) == ("failed", why)
    assert ours.order("board:0:1", "pdf-fr", STEPS).state == "done"


def test_a_worker_that_died_with_it_leaves_no_endless_wait(tmp_path: Path, clock: Clock) -> None:
    ours = press(tmp_path, clock, lambda run: None)
    job = ours.order("board:0:1", "pdf-fr", STEPS)
    assert job.state == "working"
    clock.ms += SILENT_MS + 1
    found = ours.job(job.id)
    assert found and found.state == "failed"


def test_nothing_is_kept_longer_than_it_says(tmp_path: Path, clock: Clock) -> None:
    ours = press(tmp_path, clock)
    job = ours.order("board:0:1", "pdf-fr", STEPS)
    clock.ms += KEPT_MS + 1
    ours.order("board:0:2", "pdf-fr", STEPS)
    assert ours.job(job.id) is None
    assert ours.content(job) is None


def test_what_is_old_goes_by_itself_and_what_is_about_somebody_when_it_must(
    tmp_path: Path, clock: Clock
) -> None:
    ours = press(tmp_path, clock)
    old = ours.order("board:0:1", "pdf-fr", STEPS)
    clock.ms += KEPT_MS + 1
    new, other = (ours.order(of, "seats-fr", STEPS) for of in ("workshop:1", "workshops:1"))
    clock.ms += 1
    ours.sweep()
    assert [ours.content(job) for job in (old, new, other)] == [None, b"mademade", b"mademade"]
    ours.forget_of("workshop:", "elsewhere:")
    assert ours.job(new.id) is None and ours.content(new) is None
    assert ours.content(other) == b"mademade"


def test_what_is_forgotten_while_it_is_made_is_not_made(tmp_path: Path, clock: Clock) -> None:
    ours = press(tmp_path, clock)

    def forget(_: Any) -> bytes:
        ours.forget_of("workshop:")
        return b"named"

    ours.order("workshop:1", "seats-fr", (("set", forget),))
    assert not list((tmp_path / "press").iterdir())


def test_what_is_old_goes_and_what_nobody_can_name_with_it(tmp_path: Path, clock: Clock) -> None:
    ours = press(tmp_path, clock)
    ours.order("board:0:1", "pdf-fr", STEPS)
    left, young = tmp_path / "press" / "0a.made", tmp_path / "press" / "0b.4711"
    left.write_bytes(b"a report whose order is gone")
    young.write_bytes(b"an order that is being written")
    os.utime(left, (1_700_000_000, 1_700_000_000))
    clock.ms += KEPT_MS + 1
    ours.sweep()
    assert list((tmp_path / "press").iterdir()) == [young]


def test_what_is_forgotten_while_it_is_written_is_not_there_afterwards(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = press(tmp_path, clock)
    write = ours._write

    def while_it_is_written(path: Path, content: bytes) -> None:
        write(path, content)
        if path.suffix == ".made":
            ours.forget_of("board:")

    monkeypatch.setattr(ours, "_write", while_it_is_written)
    ours.order("board:0:1", "pdf-fr", STEPS)
    assert list((tmp_path / "press").iterdir()) == []


@pytest.mark.parametrize("name", ["../secret", "a/b", "", "x.json"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, clock: Clock, name: str) -> None:
    assert press(tmp_path, clock).job(name) is None
