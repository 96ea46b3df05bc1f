"""A server that starts at once: all it imports has been imported, by a process that does nothing but fork.

    python -m tests.faults.ready  <  {"environment": {...}, "log": "..."}  >  the id of a process that runs `wsgi.main()`

Most of a start is imports, and a row that kills sixty servers would spend most of its time in them. Everything else is as in
`python wsgi.py`: a process and a session of its own, to be killed by its id.
"""

from __future__ import annotations

import atexit
import json
import os
import random
import select
import signal
import subprocess
import sys
import traceback
from functools import cache

from tests.server import ROOT, Server


class Child:
    """A process of which we are not the parent, as far as `Server` asks for a `Popen`."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._handle = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """None while it lives."""
        return 0 if self._has_ended(0) else None

    def wait(self, seconds: float) -> None:
        """Raises: TimeoutExpired."""
        if not self._has_ended(seconds):
            raise subprocess.TimeoutExpired("wsgi.py", seconds)

    def _has_ended(self, seconds: float) -> bool:
        return bool(select.select([self._handle], [], [], seconds)[0])

    def __del__(self) -> None:
        os.close(self._handle)


class Forker:
    """The process that has everything imported."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.ready"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        atexit.register(self._process.kill)

    def fork(self, environment: dict[str, str], log: str) -> Child:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"environment": environment, "log": log}) + "\n")
        self._process.stdin.flush()
        return Child(int(self._process.stdout.readline()))


@cache
def forker() -> Forker:
    return Forker()


class ReadyServer(Server):
    """A `Server` that is forked; unless it is another program, or one in another world."""

    def begin(self) -> None:
        if self.program != ("wsgi.py",) or "LD_PRELOAD" in self.environment:
            super().begin()
        else:
            self._process = forker().fork(self._surroundings(), str(self.log))  # type: ignore[assignment]


def main() -> None:
    import wsgi  # the engine is prepared on its first line

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody here waits for them
    for line in sys.stdin:
        order = json.loads(line)
        if os.fork() == 0:
            os.setsid()
            print(os.getpid(), flush=True)
            become(order["environment"], order["log"])
            try:
                wsgi.main()
            except SystemExit as end:
                print(end, flush=True)
            except BaseException:
                traceback.print_exc()
            os._exit(1)


def become(environment: dict[str, str], log: str) -> None:
    """What `Popen` would have made of it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(environment)
    nothing, words = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(nothing, 0)
    os.dup2(words, 1)
    os.dup2(words, 2)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    random.seed()


if __name__ == "__main__":
    main()
