"""The press: what takes longer than a page may. Made in a real thread, one step after another, and kept for some minutes.

What is under way and what is done lies in a folder that a power cut empties and that all workers of the host share, so each of
them tells how far it is and gives the file. Knows nothing of what is made: the order brings its steps.
"""

from __future__ import annotations

import errno
import logging
import os
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import orjson
from flask import current_app

from app.boards import boards

logger = logging.getLogger("palabre.press")

KEPT_MS = 10 * 60_000
# Whoever makes it says so at each step; a step that takes longer than this has died with its process.
SILENT_MS = 3 * 60_000
SWEEP_S = 60
FOLDER = "press"
OVER = ("done", "failed", "cancelled")

# Given what the step before made, makes what the next one needs; the last one makes the file.
Step = Callable[[Any], Any]


class Cancelled(Exception):
    """Nobody waits for it any more."""


@dataclass(frozen=True, slots=True)
class Job:
    """How far an order is.

    Shape: `of` says what it is made from, as it was then: the same order again is the same job. `state` is working, done, failed
           or cancelled; `step` counts the steps that are done, `steps` names them all; `why` is "full" or "error" when it failed.
    """

    id: str
    of: str
    name: str
    steps: tuple[str, ...]
    step: int = 0
    state: str = "working"
    why: str = ""
    told_ms: int = 0

    @property
    def doing(self) -> str:
        return self.steps[min(self.step, len(self.steps) - 1)]


def ours() -> Press:
    """The press of this server."""
    folder = current_app.config["SETTINGS"].volatile
    return Press(folder, boards.clock.now_ms, boards.spawn, boards.in_thread)


class Press:
    """Shape: `spawn` starts a background task, `in_thread` leaves the event loop; both are the engine's."""

    def __init__(
        self,
        folder: Path,
        now_ms: Callable[[], int],
        spawn: Callable[[Callable[[], None]], object],
        in_thread: Callable[..., Any],
    ) -> None:
        self._folder = folder / FOLDER
        self._now_ms, self._spawn, self._in_thread = now_ms, spawn, in_thread

    def order(self, of: str, name: str, steps: Sequence[tuple[str, Step]]) -> Job:
        """Begin to make something, unless it is made or being made already."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self.sweep()
        for job in self.jobs():
            if (job.of, job.name) == (of, name) and job.state in ("working", "done"):
                return job
        job = Job(secrets.token_hex(16), of, name, tuple(word for word, _ in steps), told_ms=self._now_ms())
        self._tell(job)
        self._spawn(lambda: self._in_thread(self._make, job, [step for _, step in steps]))
        return self.job(job.id) or job

    def job(self, job_id: str) -> Job | None:
        """How far an order is; None when there is none, or no more."""
        try:
            found = orjson.loads(self._path(job_id, "json").read_bytes())
        except (OSError, ValueError):
            return None
        job = Job(**{**found, "steps": tuple(found["steps"])})
        if job.state == "working" and self._now_ms() - job.told_ms > SILENT_MS:
            return replace(job, state="failed", why="error")
        return job

    def cancel(self, job_id: str) -> None:
        """Ask whoever makes it to stop after the step that is under way; what was made is thrown away."""
        job = self.job(job_id)
        if job and job.state not in OVER:
            self._tell(replace(job, state="cancelled"))

    def content(self, job: Job) -> bytes | None:
        """What was made."""
        with suppress(OSError):
            return self._path(job.id, "made").read_bytes()
        return None

    def forget(self, job_id: str) -> None:
        for kind in ("json", "made"):
            with suppress(FileNotFoundError):
                self._path(job_id, kind).unlink()

    def _make(self, job: Job, steps: Sequence[Step]) -> None:
        try:
            made: Any = None
            for number, step in enumerate(steps):
                self._go_on(replace(job, step=number))
                made = step(made)
            self._go_on(replace(job, step=len(steps)))
            self._write(self._path(job.id, "made"), made)
            self._go_on(replace(job, step=len(steps)))
            self._tell(replace(job, step=len(steps), state="done", told_ms=self._now_ms()))
        except Cancelled:
            with suppress(FileNotFoundError):
                self._path(job.id, "made").unlink()
        except Exception as error:
            # Whatever it was: the page says that it failed, and it can be ordered again.
            logger.exception("the press failed at %s", job.name)
            is_full = isinstance(error, OSError) and error.errno == errno.ENOSPC
            with suppress(OSError):
                self._tell(replace(job, state="failed", why="full" if is_full else "error"))

    def _go_on(self, job: Job) -> None:
        """Raises: Cancelled."""
        now = self.job(job.id)
        if now is None or now.state == "cancelled":
            raise Cancelled
        self._tell(replace(job, told_ms=self._now_ms()))

    def jobs(self) -> Iterator[Job]:
        """Every order that is not forgotten."""
        for path in sorted(self._folder.glob("*.json")):
            if job := self.job(path.stem):
                yield job

    def forget_of(self, *begins: str) -> None:
        """Delete whatever was made from what is named so; what is under way goes no step further."""
        for job in list(self.jobs()):
            if job.of.startswith(begins):
                self.forget(job.id)

    def sweep(self) -> None:
        """What is over and old goes, as its page says, and what nobody can name."""
        named = set()
        for job in list(self.jobs()):
            named.add(job.id)
            if self._now_ms() - job.told_ms > KEPT_MS:
                self.forget(job.id)
        for path in self._folder.glob("*"):
            # One that is young is being written.
            with suppress(FileNotFoundError):
                if path.stem not in named and time.time() - path.stat().st_mtime > KEPT_MS / 1000:
                    path.unlink()

    def _tell(self, job: Job) -> None:
        self._write(self._path(job.id, "json"), orjson.dumps(asdict(job)))

    def _write(self, path: Path, content: bytes) -> None:
        """Whole or not at all: another worker may read at this moment."""
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_bytes(content)
        fresh.replace(path)

    def _path(self, job_id: str, kind: str) -> Path:
        if not job_id.isalnum():
            raise ValueError(job_id)
        return self._folder / f"{job_id}.{kind}"
