"""A real server in a process of its own: `python wsgi.py`, known by its address and data folder."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.selftest.ports import free_port

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60
STOP_SECONDS = 10


class Server:
    """One `python wsgi.py` on a free port of this machine, over a data folder; `settings` are further PALABRE_* variables."""

    def __init__(
        self,
        data: Path,
        *,
        beside: Path | None = None,
        program: Sequence[str] = ("wsgi.py",),
        environment: Mapping[str, str] | None = None,
        root: Path | None = None,
    ) -> None:
        """`beside`: where the log and the urns' keys go when the data folder is one that will fail; `root`: whom to trust
        when the server speaks TLS itself."""
        self.data = data
        self.port = free_port()
        self.url = f"{'https' if root else 'http'}://127.0.0.1:{self.port}"
        self._trust = ssl.create_default_context(cafile=root) if root else None
        self.log = (beside or data) / "server.log"
        self.volatile = (beside or data) / "volatile"  # not /dev/shm: nothing stays behind
        self.program, self.environment = program, environment or {}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def cpu_s(self) -> float:
        """The processor time it has used so far (Linux)."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mib(self) -> float:
        """The memory it holds (Linux)."""
        return (
            int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
        )

    @property
    def links(self) -> dict:
        """The demo's entry links by role, as the server wrote them at its start."""
        return json.loads((self.data / "entry-links.json").read_text())["links"]

    def start(self) -> None:
        """Returns when the server answers. Started again after stop or kill, it keeps its port and data."""
        self.begin()
        self.await_health()

    def begin(self) -> None:
        """Start it, and do not wait."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self.program],
                cwd=ROOT,
                env=self._surroundings(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a process group of its own: what it starts ends with it
            )

    def _surroundings(self) -> dict[str, str]:
        """Its environment."""
        # Of our own settings only these may come from outside: never the address of a real database.
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("PALABRE_") or name in ("PALABRE_ENGINE", "PALABRE_FANOUT")
        }
        return {
            **inherited,
            "PALABRE_HOST": "127.0.0.1",
            "PALABRE_PORT": str(self.port),
            "PALABRE_DATA": str(self.data),
            "PALABRE_VOLATILE": str(self.volatile),
            "PYTHONUNBUFFERED": "1",
            **self.environment,
        }

    def await_health(self) -> None:
        assert self._process
        deadline = time.monotonic() + START_SECONDS
        while not self.is_healthy():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise AssertionError(
                    f"wsgi.py did not answer /health; its last words:\n{self.log.read_text()[-3000:]}"
                )
            time.sleep(0.05)

    def is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=2, context=self._trust) as answer:
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

    def forget_keys(self) -> None:
        """What a power cut does to tmpfs, where the urns' keys are."""
        for file in self.volatile.iterdir():
            file.unlink()

    def stand_still(self, seconds: float) -> None:
        """What a machine does that has no time for us, or whose lid was closed."""
        os.killpg(self.pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.killpg(self.pid, signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        try:
            os.killpg(self._process.pid, number)
            self._process.wait(STOP_SECONDS)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass
