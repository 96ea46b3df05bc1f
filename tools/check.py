"""All that CI checks, cheapest first, stopping at the first failure: `make check [ONLY="stage ..."]`.

Runs in .venv, as `python -m tools.check [stage ...]`. Tests come last, and pytest's closing line is the last. The fault rows
wait for disks, kills and clocks most of their time, so they run beside the other tests and are told at the end.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tools import chromium, node_packages

ROOT = Path(__file__).resolve().parent.parent
TYPED = ("app", "realtime", "tools", "config.py", "wsgi.py")


def lint() -> None:
    run(sys.executable, "-m", "ruff", "check", "--quiet", ".")
    run(sys.executable, "-m", "ruff", "format", "--check", "--quiet", ".")


def types() -> None:
    run(
        sys.executable,
        "-m",
        "mypy",
        "--no-error-summary",
        *(path for path in TYPED if (ROOT / path).exists()),
    )


def javascript() -> None:
    if not node_packages.has_node():
        print("JavaScript types and pack: not run (no node)")
        return
    node_packages.install()
    if any((ROOT / "app/static/js").rglob("*.js")):
        run("node_modules/.bin/tsc", "-p", "tsconfig.json")
    run("node", "tools/build_js.mjs", "--check")
    run("node", "--test", *sorted(map(str, Path("tests/js").glob("*.test.mjs"))))


def tests() -> None:
    """Everything but the browser and the fault rows: this process may be patched by eventlet."""
    run(sys.executable, "-m", "pytest", "tests", "--ignore=tests/browser", "--ignore=tests/faults")


def browser() -> None:
    """A process of its own: Playwright's synchronous API hangs in one that eventlet patched."""
    if not any((ROOT / "tests/browser").rglob("test_*.py")):
        return
    os.environ["CHROMIUM"] = chromium.find_or_install()
    run(sys.executable, "-m", "pytest", "tests/browser")


class Beside:
    """A tool that runs beside the others; what it says is kept for the end."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - open until it is told

    def start(self, *command: str) -> None:
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdout=self._said, stderr=subprocess.STDOUT, start_new_session=True
        )

    def finish(self) -> None:
        """Wait, tell what it said, and end with it when it failed."""
        if self._process is None:
            return
        code = self._process.wait()
        self._process = None
        self._said.seek(0)
        sys.stdout.flush()
        shutil.copyfileobj(self._said, sys.stdout.buffer)
        sys.stdout.flush()
        if code:
            sys.exit(code)

    def stop(self) -> None:
        """End it with everything it started, when another stage has failed."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait()


beside = Beside()


def faults() -> None:
    """Real servers under faults, beside the stages that follow."""
    os.environ["CHROMIUM"] = chromium.find_or_install()
    beside.start(sys.executable, "-m", "pytest", "tests/faults")


STAGES: dict[str, Callable[[], None]] = {
    "lint": lint,
    "types": types,
    "javascript": javascript,
    "faults": faults,
    "tests": tests,
    "browser": browser,
}


def main(chosen: list[str]) -> None:
    if unknown := set(chosen) - set(STAGES):
        sys.exit(f"No such stage: {', '.join(sorted(unknown))}. There are {', '.join(STAGES)}.")
    start = time.monotonic()
    try:
        for name in chosen or STAGES:
            print(f"-- {name} ({time.monotonic() - start:.0f} s so far)", flush=True)
            STAGES[name]()
        beside.finish()
    finally:
        beside.stop()


def run(*command: str) -> None:
    """Run one tool from the root of the clone; the check ends with it when it fails."""
    code = subprocess.run(command, cwd=ROOT).returncode
    if code:
        sys.exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
