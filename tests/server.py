"""A real server in a process of its own: `python wsgi.py`, known by its address and data folder."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60
STOP_SECONDS = 10


class Server:
    """One `python wsgi.py` on a free port of this machine, with a data folder of its own."""

    def __init__(self, data: Path, *, environment: Mapping[str, str] | None = None) -> None:
        self.data, self.environment = data, environment or {}
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    @property
    def links(self) -> dict:
        """The demo's entry links by role, as the server wrote them at its start."""
        return json.loads((self.data / "entry-links.json").read_text())["links"]

    def start(self) -> None:
        """Returns when the server answers. Started again after stop or kill, it keeps its port and data."""
        # Of our own settings only the engine may come from outside: never the address of a real database.
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("PALABRE_") or name == "PALABRE_ENGINE"
        }
        environment = {
            **inherited,
            "PALABRE_HOST": "127.0.0.1",
            "PALABRE_PORT": str(self.port),
            "PALABRE_DATA": str(self.data),
            "PALABRE_VOLATILE": str(self.data / "volatile"),  # not /dev/shm: nothing stays behind
            "PYTHONUNBUFFERED": "1",
            **self.environment,
        }
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "wsgi.py"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a process group of its own: what it starts ends with it
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.is_healthy():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                pytest.fail(
                    f"wsgi.py did not answer /health; its last words:\n{self.log.read_text()[-3000:]}"
                )
            time.sleep(0.05)

    def is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def stop(self) -> None:
        """Ask it to end, as a service manager does; insist when it does not."""
        self._signal(signal.SIGTERM)
        self.kill()

    def kill(self) -> None:
        """End it without a word, as a power cut does."""
        self._signal(signal.SIGKILL)
        self._process = None

    def _signal(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        try:
            os.killpg(self._process.pid, number)
            self._process.wait(STOP_SECONDS)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
