"""Programs that tests drive and pip cannot bring: on PATH, else Debian's package when we may install it."""

from __future__ import annotations

import os
import shutil
import subprocess


def has(program: str, *packages: str) -> bool:
    """Whether a program is here; on Debian and as root its packages are installed when it is missing."""
    if shutil.which(program) is None and os.geteuid() == 0 and shutil.which("apt-get"):
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
