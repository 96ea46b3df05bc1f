"""All that CI checks, cheapest first, stopping at the first failure: `make check [ONLY="stage ..."]`.

Runs in .venv, as `python -m tools.check [stage ...]`. Tests come last, and pytest's closing line is the last.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
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


def faults() -> None:
    """Real servers under faults, last: by then every cheaper test has passed."""
    os.environ["CHROMIUM"] = chromium.find_or_install()
    run(sys.executable, "-m", "pytest", "tests/faults")


STAGES: dict[str, Callable[[], None]] = {
    "lint": lint,
    "types": types,
    "javascript": javascript,
    "tests": tests,
    "browser": browser,
    "faults": faults,
}


def main(chosen: list[str]) -> None:
    if unknown := set(chosen) - set(STAGES):
        sys.exit(f"No such stage: {', '.join(sorted(unknown))}. There are {', '.join(STAGES)}.")
    start = time.monotonic()
    for name in chosen or STAGES:
        print(f"-- {name} ({time.monotonic() - start:.0f} s so far)", flush=True)
        STAGES[name]()


def run(*command: str) -> None:
    """Run one tool from the root of the clone; the check ends with it when it fails."""
    code = subprocess.run(command, cwd=ROOT).returncode
    if code:
        sys.exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
