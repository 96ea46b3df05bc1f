"""The server with a bug planted, to show that a row would catch it: `python -m tests.faults.mutant "early answers"`."""

from __future__ import annotations

import sys

import wsgi
from app.commits import Plan
from app.store import database
from app.store.database import Database

COMMITS_LATE = 25


def early_answers() -> None:
    """A board's operations are answered before their commit, which comes once in a while."""
    written = 0

    def write(self: Database, work: object) -> object:
        nonlocal written
        if self._writer is None:
            self._writer = self._engine.connect().execution_options(immediate=True)
        of_board = isinstance(getattr(work, "__self__", None), Plan)
        written += of_board
        done = work(self._writer)  # type: ignore[operator]
        if not of_board or written % COMMITS_LATE == 0:
            self._writer.commit()
        return done

    Database.write = write  # type: ignore[method-assign, assignment]


def synchronous(setting: str) -> None:
    pragmas = [p for p in database._PRAGMAS if not p.startswith("synchronous")]
    database._PRAGMAS = (*pragmas, f"synchronous={setting}")  # type: ignore[assignment]


PLANTED = {
    "early answers": early_answers,
    "synchronous NORMAL": lambda: synchronous("NORMAL"),
    "synchronous OFF": lambda: synchronous("OFF"),
}

if __name__ == "__main__":
    PLANTED[sys.argv[1]]()
    wsgi.main()
