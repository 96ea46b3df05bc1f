"""Who acts for a table."""

from __future__ import annotations

from tests.niamey import files
from tests.niamey.seminar import Seminar


def hands(s: Seminar, cluster: str) -> tuple[str, str]:
    table = files.TABLE_OF[files.factor_of(cluster)]
    first, second, *_ = (p for p in s.seats if s.actors[p].table == table)
    return first, second


def scribe_of(s: Seminar, table: str) -> str:
    return next(p for p, actor in s.actors.items() if actor.role == "scribe" and actor.table == table)
