"""Where Chromium is: $CHROMIUM, else on PATH, else Debian's package when we may install it.

Never a browser download: Playwright drives the system's Chromium, on a developer's machine and in CI alike.
"""

from __future__ import annotations

import os
import shutil
import sys

from tools import debian

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Noto has Arabic, accents and symbols, and people put emoji on cards: without these a screenshot shows boxes.
# libatomic1 is what Playwright's own Node lacks on a bare Debian.
PACKAGES = ("chromium", "fonts-noto-core", "fonts-noto-color-emoji", "libatomic1")


def find() -> str | None:
    """The path of a Chromium that is already here."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return shutil.which(chosen)
    return next((path for path in map(shutil.which, NAMES) if path), None)


def find_or_install() -> str:
    """The path of a Chromium; on Debian and as root it is installed when missing.

    Raises: SystemExit with the sentence that says what to install.
    """
    if not os.environ.get("CHROMIUM") and find() is None:
        debian.has(NAMES[0], *PACKAGES)
    found = find()
    if found is None:
        sys.exit(
            "The browser tests need Chromium: `apt install chromium fonts-noto-core` as root, "
            "or set CHROMIUM to the path of one."
        )
    return found
