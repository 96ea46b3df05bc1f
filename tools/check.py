"""All that CI checks, cheapest first, stopping at the first failure: `make check [ONLY="stage ..."]`.

Runs in .venv, as `python -m tools.check [stage ...]`. Stages that do not disturb each other run side by side, as processes of
their own whose output is shown when they end; the fault rows come last and alone, and pytest's closing line is the last.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tools import chromium, debian, libreoffice, node_packages, servers

ROOT = Path(__file__).resolve().parent.parent
TYPED = ("app", "realtime", "tools", "config.py", "wsgi.py")
# Whole servers and what they wait for; the other tests compute.
LIVE = ("tests/realtime", "tests/threats")
LOOK_S, TELL_S, ENDING_S = 0.2, 60, 60


def programs() -> None:
    """What tests drive and pip cannot bring, before several stages ask Debian for it at once."""
    chromium.find_or_install()
    for tool in servers.PACKAGES:
        servers.find_or_install(tool)
    for program, package in debian.FOR_FAULTS.items():
        debian.has(program, package)
    libreoffice.find_or_install()


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
        # Rows of the abuse table rest on these tests.
        if os.environ.get("CI") == "true":
            sys.exit("JavaScript types, pack and tests: not run (no node), so CI fails")
        print("JavaScript types, pack and tests: not run (no node)")
        return
    node_packages.install()
    if any((ROOT / "app/static/js").rglob("*.js")):
        run("node_modules/.bin/tsc", "-p", "tsconfig.json")
    run("node", "tools/build_js.mjs", "--check")
    run("node", "--test", *sorted(map(str, Path("tests/js").glob("*.test.mjs"))))


def tests() -> None:
    """Everything but what has a stage of its own: this process may be patched by eventlet."""
    others = ("tests/browser", "tests/faults", "tests/selftest", *LIVE)
    run(sys.executable, "-m", "pytest", "tests", *(f"--ignore={folder}" for folder in others))


def selftest() -> None:
    run(sys.executable, "-m", "pytest", "tests/selftest")


def live() -> None:
    run(sys.executable, "-m", "pytest", *LIVE)


def browser() -> None:
    """A process of its own: Playwright's synchronous API hangs in one that eventlet patched."""
    if not any((ROOT / "tests/browser").rglob("test_*.py")):
        return
    os.environ["CHROMIUM"] = chromium.find_or_install()
    run(sys.executable, "-m", "pytest", "tests/browser")


def faults() -> None:
    """Real servers under faults, last: by then every cheaper test has passed."""
    os.environ["CHROMIUM"] = chromium.find_or_install()
    run(sys.executable, "-m", "pytest", "tests/faults")


STAGES: dict[str, Callable[[], None]] = {
    "programs": programs,
    "lint": lint,
    "types": types,
    "javascript": javascript,
    "live": live,
    "browser": browser,
    "selftest": selftest,
    "tests": tests,
    "faults": faults,
}
# Steps in turn; the lanes of a step side by side, on two cores; the stages of a lane one after the other.
STEPS = (
    (("lint", "types"), ("programs", "javascript")),
    (("live",), ("browser", "selftest", "tests")),
    (("faults",),),
)


def main(chosen: list[str]) -> None:
    if unknown := set(chosen) - set(STAGES):
        sys.exit(f"No such stage: {', '.join(sorted(unknown))}. There are {', '.join(STAGES)}.")
    if chosen:
        in_turn(chosen)
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    start = time.monotonic()
    for lanes in STEPS:
        said = " | ".join(", ".join(lane) for lane in lanes)
        print(f"== {said} ({time.monotonic() - start:.0f} s so far)", flush=True)
        in_turn(lanes[0]) if len(lanes) == 1 else side_by_side(lanes)


def in_turn(stages: Sequence[str]) -> None:
    start = time.monotonic()
    for name in stages:
        print(f"-- {name} ({time.monotonic() - start:.0f} s so far)", flush=True)
        STAGES[name]()


def side_by_side(lanes: Sequence[Sequence[str]]) -> None:
    """Each lane as a process of its own; the first that fails ends the others, and the check."""
    start, told_s = time.monotonic(), 0.0
    with tempfile.TemporaryDirectory() as folder:
        running = [Lane(stages, Path(folder) / "-".join(stages)) for stages in lanes]
        try:
            while running:
                time.sleep(LOOK_S)
                ended = [lane for lane in running if lane.process.poll() is not None]
                for lane in ended:
                    running.remove(lane)
                    print(lane.said(), end="", flush=True)
                    if lane.process.returncode:
                        sys.exit(lane.process.returncode)
                if running and time.monotonic() - start - told_s > TELL_S:
                    told_s = time.monotonic() - start
                    far = ", ".join(f"{'+'.join(lane.stages)} {lane.progress()}" for lane in running)
                    print(f"   {told_s:.0f} s: {far}", flush=True)
        finally:
            for lane in running:
                end(lane.process)


class Lane:
    """Stages that run in a process of their own, in turn, and what they print, kept in a file until they end."""

    def __init__(self, stages: Sequence[str], output: Path) -> None:
        self.stages, self._output = stages, output
        command = [sys.executable, "-m", "tools.check", *stages]
        with output.open("wb") as printed:
            # A group of its own: what it started is ended with it.
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdout=printed, stderr=subprocess.STDOUT, start_new_session=True
            )

    def said(self) -> str:
        return self._output.read_text(errors="replace")

    def progress(self) -> str:
        """How far pytest says that it is."""
        return (re.findall(r"\[ *(\d+%)\]", self.said()) or ["begun"])[-1]


def end(process: subprocess.Popen[bytes]) -> None:
    """As Ctrl-C does, so that pytest takes down the servers it started; then without asking."""
    for sent in (signal.SIGINT, signal.SIGKILL):
        try:
            os.killpg(process.pid, sent)
            process.wait(ENDING_S)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def run(*command: str) -> None:
    """Run one tool from the root of the clone; the check ends with it when it fails."""
    code = subprocess.run(command, cwd=ROOT).returncode
    if code:
        sys.exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
