"""How PostgreSQL forgets in which order an urn filled, while its round runs: every row is written anew, in an order drawn by lot.

Its heap lies in the order of writing, a dump follows the heap, and each row names its transaction. SQLite's urns have no row
numbers and lie in the order of their keys (`store/urn.py`): nothing here is for them.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store import urn

# The ids of what was dropped, too: beside them an urn's rows would find their order again.
TABLES = (*urn.TABLES, urn.dropped.name)
# Whoever drops something waits behind us: better to come again than to keep a room waiting.
PATIENCE = "500ms"
_ONE_AT_A_TIME = 0x6D697875


def ordered(connection: Connection) -> list[str]:
    """The tables whose rows came in more than one transaction: all that was dropped since they were last mixed tells its place."""
    asked = "SELECT count(*) > 1 FROM (SELECT DISTINCT xmin::text FROM {table} LIMIT 2) AS seen"
    return [table for table in TABLES if connection.exec_driver_sql(asked.format(table=table)).scalar_one()]


def uncleared(connection: Connection) -> list[str]:
    """The tables whose first place holds no row that lives: there lie the rows that were before a mixing, in their old order."""
    asked = "SELECT EXISTS (SELECT FROM {table}) AND NOT EXISTS (SELECT FROM {table} WHERE ctid = '(0,1)')"
    return [table for table in TABLES if connection.exec_driver_sql(asked.format(table=table)).scalar_one()]


def mix(connection: Connection, table: str) -> bool:
    """Write a table's rows anew, in one transaction and any order; False when another worker is at it.

    One table in a transaction: whoever holds two locks may wait for somebody who waits for him. Rows are deleted, not truncated:
    who reads on an older view of the database still finds them. The lock keeps writers out, so that none of theirs comes between.
    Raises: DBAPIError (lock_not_available) when others write for longer than PATIENCE; then nothing has changed.
    """
    if not connection.execute(sa.select(sa.func.pg_try_advisory_xact_lock(_ONE_AT_A_TIME))).scalar_one():
        return False
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}'")
    connection.exec_driver_sql(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
    connection.exec_driver_sql(
        f"WITH taken AS (DELETE FROM {table} RETURNING *) "
        f"INSERT INTO {table} SELECT * FROM taken ORDER BY gen_random_uuid()"
    )
    return True
