"""A real Chromium that can be hurt: its processes by their ids. Used by trials that run in a process of their own (`alone`).

Playwright's synchronous API needs a process that nobody patched, and a killed browser must not take a test run with it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Playwright

from tests.browser.conftest import FLAGS, VIEWPORTS
from tests.client import Client
from tests.faults.load import ROUND
from tests.not_run import NotRun
from tests.server import ROOT, Server
from tools import chromium

LONGEST_S = 600


def alone(module: str, seed: int, folder: Path) -> None:
    """Run a module's scene (`python -m module SEED FOLDER`) in a process of its own. Raises: AssertionError with its last words."""
    try:
        executable = chromium.find_or_install()
    except SystemExit as missing:
        raise NotRun(str(missing)) from None
    command = [sys.executable, "-m", module, str(seed), str(folder), executable]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST_S)
    print(done.stdout, end="")
    assert done.returncode == 0, done.stderr[-3000:]


@contextmanager
def writing_round(server: Server) -> Iterator[Client]:
    """The facilitator, when five others have come in and the first sealed round is open."""
    people = [Client(link).connect() for link in server.links["participants"][1:6]]
    facilitator = Client(server.links["facilitator"]).connect()
    facilitator.command("start", ROUND)
    try:
        yield facilitator
    finally:
        for client in (*people, facilitator):
            client.close()


def launch(playwright: Playwright, executable: str, profile: Path) -> BrowserContext:
    """A phone whose storage is in the profile folder, and stays there when its browser is killed."""
    width, height = VIEWPORTS["phone"]
    return playwright.chromium.launch_persistent_context(
        profile,
        executable_path=executable,
        args=FLAGS,
        locale="en-GB",
        viewport={"width": width, "height": height},
        has_touch=True,
    )


def browser_of(profile: Path) -> int:
    """The id of the browser's first process."""
    (found,) = (
        pid
        for pid, words in _processes()
        if f"--user-data-dir={profile}" in words and not any(w.startswith("--type=") for w in words)
    )
    return found


def renderers_of(profile: Path) -> list[int]:
    """The ids of the processes that run its pages."""
    first = browser_of(profile)
    return [pid for pid, words in _processes() if "--type=renderer" in words and first in _ancestors(pid)]


def _processes() -> list[tuple[int, list[str]]]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            # A renderer writes its words into one, with blanks.
            found.append((int(path.parent.name), path.read_text(errors="replace").replace("\0", " ").split()))
        except OSError:
            continue
    return found


def _ancestors(pid: int) -> set[int]:
    found: set[int] = set()
    while pid > 1:
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            break
        found.add(pid)
    return found
