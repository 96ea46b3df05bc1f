"""Deleting a file so that its bytes do not stay behind: a key of an urn, a backup that holds people who were erased."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_PIECE_BYTES = 1 << 20


def shred(path: Path) -> None:
    """Zeroes, then nothing. Several workers of one host may do it at once."""
    with suppress(FileNotFoundError):
        with path.open("r+b") as file:
            left = path.stat().st_size
            while left > 0:
                left -= file.write(bytes(min(left, _PIECE_BYTES)))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
