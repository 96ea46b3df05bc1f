"""Whether an urn is gone, looked up and not assumed: no row in it, no key in force, none in this worker's memory."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from app.boards import boards
from app.store import urn as urn_rows
from app.store.urn import Epoch


def destroyed(board_id: str, epochs: Iterable[tuple[str, int]]) -> set[tuple[str, int]]:
    """Those of a board's epochs, as (round, epoch), of which nothing is left."""
    wanted = [Epoch(board_id, *one) for one in epochs]
    held = {name.epoch for name in boards.custody.keys.held()}

    def work(connection: Connection) -> set[tuple[str, int]]:
        return {
            (epoch.round, epoch.epoch)
            for epoch in wanted
            if epoch not in held
            and urn_rows.key_in_force(connection, epoch) is None
            and urn_rows.count(connection, epoch) == (0, 0)
        }

    return boards.read(work)
