"""Writes the lock files anew from pyproject.toml and package.json: `make lock`, then read the diff.

uv resolves, in a throw-away environment: alone among the tools it locks for every platform and Python at
once, with hashes. Installing stays plain pip's work (tools/bootstrap.py), so nobody needs uv. No lock may
name a host: where packages come from is each machine's own affair.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = "uv==0.13.9"
RUN, DEV, NODE = "requirements.lock", "requirements-dev.lock", "package-lock.json"


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        venv.create(scratch, with_pip=True)
        run(f"{scratch}/bin/pip", "install", "-q", UV)
        lock = [
            f"{scratch}/bin/uv",
            "pip",
            "compile",
            "pyproject.toml",
            "--upgrade",
            "--quiet",
            "--universal",
        ]
        lock += ["--python-version", "3.11", "--generate-hashes", "--custom-compile-command", "make lock"]
        run(*lock, "-o", RUN)
        # The run lock is a constraint: what is tested is what runs.
        run(*lock, "--all-extras", "--group", "dev", "-c", RUN, "-o", DEV)
    if shutil.which("npm"):
        run("npm", "install", "--package-lock-only", "--omit-lockfile-registry-resolved", "--loglevel=error")
    named = [name for name in (RUN, DEV) if "://" in (ROOT / name).read_text()]
    named += [NODE] if '"resolved"' in (ROOT / NODE).read_text() else []
    if named:
        sys.exit(f"{', '.join(named)}: names the host that packages came from; take that out.")


def run(*command: str) -> None:
    if subprocess.run(command, cwd=ROOT).returncode != 0:
        sys.exit(f"This failed: {' '.join(command)}")


if __name__ == "__main__":
    main()
