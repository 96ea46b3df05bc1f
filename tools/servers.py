"""Where PostgreSQL, Redis and nginx are: on PATH, in Debian's place, else Debian's packages when we may install them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import debian

PACKAGES = {"pg_ctl": "postgresql", "redis-server": "redis-server", "nginx": "nginx-light"}
# Debian keeps a server's tools away from PATH, one folder for each version.
POSTGRESQL = Path("/usr/lib/postgresql")
POLICY = Path("/usr/sbin/policy-rc.d")


def find(tool: str) -> str | None:
    """The path of a tool that is already here; of several versions of PostgreSQL the newest."""
    versions = sorted(POSTGRESQL.glob(f"*/bin/{tool}"), key=lambda path: int(path.parts[-3]), reverse=True)
    return (
        str(versions[0])
        if versions
        else shutil.which(tool) or shutil.which(tool, path="/usr/sbin:/usr/local/sbin")
    )


def find_or_install(tool: str) -> str | None:
    """The path of a tool; on Debian and as root its package is installed when missing. None: not on this machine."""
    if find(tool) is None:
        with _no_service_started():
            debian.has(tool, PACKAGES[tool])
    return find(tool)


@contextmanager
def _no_service_started() -> Iterator[None]:
    """Debian starts what it installs; the tests start their own, in a folder of their own."""
    if os.geteuid() != 0 or POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()
