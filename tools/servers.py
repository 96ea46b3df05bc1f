"""Where PostgreSQL, Redis and nginx are: on PATH, in Debian's place, else Debian's packages when we may install them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

PACKAGES = {"pg_ctl": "postgresql", "redis-server": "redis-server", "nginx": "nginx-light"}
# Debian keeps a server's tools away from PATH, one folder for each version.
POSTGRESQL = Path("/usr/lib/postgresql")


def find(tool: str) -> str | None:
    """The path of a tool that is already here; of several versions of PostgreSQL the newest."""
    versions = sorted(POSTGRESQL.glob(f"*/bin/{tool}"), key=lambda path: int(path.parts[-3]), reverse=True)
    return str(versions[0]) if versions else shutil.which(tool) or shutil.which(tool, path="/usr/sbin:/usr/local/sbin")


def find_or_install(tool: str) -> str | None:
    """The path of a tool; on Debian and as root its package is installed when missing. None: not on this machine."""
    found = find(tool)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        # No service is started for us: the tests start their own, in a folder of their own.
        policy = Path("/usr/sbin/policy-rc.d")
        ours = not policy.exists()
        if ours:
            policy.write_text("#!/bin/sh\nexit 101\n")
            policy.chmod(0o755)
        try:
            print(f"Installing {PACKAGES[tool]} with apt-get.", flush=True)
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            install = ["apt-get", "install", "-y", "--no-install-recommends", PACKAGES[tool]]
            for command in (["apt-get", "update"], install):
                done = subprocess.run(command, env=environment, capture_output=True, text=True)
                if done.returncode:
                    print(done.stderr, end="", flush=True)
        finally:
            if ours:
                policy.unlink()
        found = find(tool)
    return found
