"""The process in which a self-test runs, as the server sees it: begun, ended, collected. What it does is in `run`, which the server
never loads: it asks addresses for answers, and nothing that serves people may."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from app.selftest import record
from app.selftest.record import Run
from config import ROOT, Settings

# By the name of what they look at; the longest last.
STEPS = ("server", "database", "clock", "disk", "power", "backup", "phones")


def start(settings: Settings, zone: str) -> None:
    """Begin a run in another process; one at a time."""
    if (last := record.read_run(settings.data)) and last.state == "running":
        return
    process = subprocess.Popen(
        [sys.executable, "-m", "app.commands", "selftest", "--zone", zone, "--quiet"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    # Until it speaks for itself: a page that loads now must see that one runs.
    record.write_run(settings.data, Run(process.pid, time.time_ns() // 1_000_000, steps=len(STEPS)))
    _children.append(process)


# Ended ones are collected at the next look, so that none stays as a zombie that looks alive.
_children: list[subprocess.Popen[bytes]] = []


def collect() -> None:
    _children[:] = [child for child in _children if child.poll() is None]


def cancel(settings: Settings) -> None:
    """End the run that is under way; it cleans up after itself."""
    run = record.read_run(settings.data)
    if run and run.state == "running":
        os.kill(run.pid, signal.SIGTERM)
