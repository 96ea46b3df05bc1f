"""What this release serves to browsers, by its SHA-256: what was published with it, and what lies here to be served.

The list is written when the scripts are packed (`make js`) and committed with them, in the form that `sha256sum -c` reads. Whoever
compares it with the list of the repository knows that the scripts are those that were reviewed; a server whose own code was changed
can show any list, so the comparison that counts is made elsewhere, of bytes that a browser was sent (docs/security.md).
"""

from __future__ import annotations

import hashlib
from pathlib import Path

STATIC = Path(__file__).resolve().parent / "static"
FILE = "release.sha256"
FOLDERS = ("dist", "img")


def published() -> dict[str, str]:
    """Path below STATIC -> SHA-256, as the release was published; empty where the list is missing."""
    try:
        lines = (STATIC / FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.split("  ", 1) for line in lines if "  " in line)
    return {name: digest for digest, name in pairs}


def served() -> dict[str, str]:
    """The same of the files as they lie here now."""
    files = (path for folder in FOLDERS for path in (STATIC / folder).glob("*") if path.is_file())
    return {
        str(path.relative_to(STATIC)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(files)
    }


def listed(hashes: dict[str, str]) -> str:
    """As `sha256sum` writes it, and as the file has it."""
    return "".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes))


def mark_of(hashes: dict[str, str]) -> str:
    """One SHA-256 for all of them: that of the list itself."""
    return hashlib.sha256(listed(hashes).encode()).hexdigest()


def altered() -> list[str]:
    """The files that are not as they were published: other bytes, none, or one too many."""
    here, there = served(), published()
    return sorted(name for name in here.keys() | there.keys() if here.get(name) != there.get(name))
