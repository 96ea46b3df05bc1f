"""Mixes the urns' rows on a PostgreSQL every few seconds while something is dropped into them (`store/mixing.py`)."""

from __future__ import annotations

from functools import partial

from sqlalchemy.exc import DBAPIError

from app.boards import Boards
from app.store import mixing
from app.store.database import Overtaken

_LOCK_NOT_AVAILABLE = "55P03"


def mix_urns(boards: Boards) -> None:
    """Of several workers one does it; what is not done now is done the next time. Raises: SQLAlchemyError, OSError.

    What is to be cleared is asked of the database: whoever mixed may have died before the clearing.
    """
    if boards.database.is_file:
        return
    for table in boards.read(mixing.ordered):
        try:
            boards.commit(partial(mixing.mix, table=table))
        except Overtaken:
            continue
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
                raise
    if left := boards.read(mixing.uncleared):
        boards.in_thread(boards.database.clear_dead_rows, left)
