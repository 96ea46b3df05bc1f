"""Where LibreOffice is: on PATH, else Debian's packages when we may install them. With its bridge to Python, in Debian's own."""

from __future__ import annotations

import shutil
import subprocess

from tools import debian

PACKAGES = ("libreoffice-calc", "python3-uno")
# The bridge is built for Debian's Python, and no wheel of it exists.
PYTHON = "/usr/bin/python3"


def find() -> tuple[str, str] | None:
    """(soffice, the Python that can talk to it), when both are here."""
    office = shutil.which("soffice")
    return (office, PYTHON) if office and _has_bridge() else None


def find_or_install() -> tuple[str, str] | None:
    """The same; on Debian and as root they are installed when missing. None: not on this machine."""
    if find() is None:
        # The bridge alone may be missing, and that is no program to look for.
        debian.has("soffice-and-uno", *PACKAGES)
    return find()


def _has_bridge() -> bool:
    if shutil.which(PYTHON) is None:
        return False
    return subprocess.run([PYTHON, "-c", "import uno"], capture_output=True).returncode == 0
