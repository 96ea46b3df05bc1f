"""Programs that tests drive and pip cannot bring: on PATH, else Debian's package when we may install it."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

# What the fault rows need: program -> package.
FOR_FAULTS = {"fusermount3": "fuse3", "faketime": "faketime"}


def has(program: str, *packages: str) -> bool:
    """Whether a program is here; on Debian and as root its packages are installed when it is missing."""
    if shutil.which(program) is None and os.geteuid() == 0 and shutil.which("apt-get"):
        # One process at a time: apt turns the second away, and its test would be told that the program is not to be had.
        with (Path(tempfile.gettempdir()) / "palabre-apt.lock").open("a") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            if shutil.which(program) is None:
                _install(packages or (program,))
    return shutil.which(program) is not None


def _install(packages: tuple[str, ...]) -> None:
    print(f"Installing {', '.join(packages)} with apt-get.", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    for command in (["apt-get", "update"], install):
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            print(done.stderr, end="", flush=True)
