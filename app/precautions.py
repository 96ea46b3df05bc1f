"""What would carry a key or a deleted text of a sealed round to a disk behind our back: looked at once, at the start.

Core dumps are forbidden here, whatever the service file says. Swap and PostgreSQL's old log files are the operator's to change:
of those a sentence is told. What breaks the promise outright refuses the start, and stands where it is found (`wsgi.py`).
"""

from __future__ import annotations

import resource
from pathlib import Path

from app.store.database import Database

SWAPS = Path("/proc/swaps")
SWAP = (
    "This machine swaps, so a key of a sealed round could come to its disk: switch it off (swapoff -a) or encrypt it; "
    "see docs/operations.md."
)
RECYCLED = (
    "PostgreSQL keeps old WAL files under new names, and texts of opened rounds in them, until they are written over: "
    "ALTER SYSTEM SET wal_recycle = off; see docs/operations.md."
)


def forbid_core_dumps() -> None:
    """For this process and all that it starts, for good: nobody but root can raise it again."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def swaps(table: Path = SWAPS) -> bool:
    """Whether memory may be written to a disk; compressed memory (zram) is none. Unknown where there is no such table."""
    try:
        lines = table.read_text().splitlines()[1:]
    except OSError:
        return False
    return any(not line.startswith("/dev/zram") for line in lines)


def weaknesses(database: Database) -> list[str]:
    """What an operator should mend, in sentences."""
    found = [(swaps(), SWAP), (database.recycles_wal(), RECYCLED)]
    return [sentence for is_so, sentence in found if is_so]
