"""What was blanked in a log is in no byte of the file, also when rows of others lie between: a row that moves leaves a copy."""

from __future__ import annotations

from pathlib import Path
from random import Random

from sqlalchemy import Connection

from app.domain.changes import put
from app.domain.erasure import FORGOTTEN, nameless
from app.domain.operations import Erasure
from app.extensions import db
from app.store import log
from app.store.database import Database

BOARDS = ("a" * 32, "b" * 32)


def filled(folder: Path) -> tuple[Database, list[str]]:
    """Two boards that are written in turn, entries of every length; and who did what on the first one."""
    database, chance, people = Database(f"sqlite:///{folder / 'test.db'}"), Random(1), list[str]()
    database.write(db.metadata.create_all)
    heads = dict.fromkeys(BOARDS, 0)
    database.write(lambda c: [log.create(c, board) for board in BOARDS])
    database.write(lambda c: write_in_turn(c, chance, heads, people))
    return database, people


def write_in_turn(connection: Connection, chance: Random, heads: dict[str, int], people: list[str]) -> None:
    for number in range(900):
        board, person = chance.choice(BOARDS), f"{chance.getrandbits(128):032x}"
        people += [person] if board == BOARDS[0] else []
        comment = {"id": str(number), "text": "x" * chance.randint(1, 400)}
        entry = log.Entry(
            heads[board] + 1,
            chance.randbytes(32),
            chance.randbytes(16),
            "comment.post",
            [put("comments", comment)],
            person,
        )
        log.append(connection, board, heads[board], [entry])
        heads[board] += 1


def left_after(folder: Path, tables: list[str]) -> int:
    folder.mkdir()
    database, people = filled(folder)
    database.write(lambda c: log.rewrite(c, BOARDS[0], Erasure([], nameless, FORGOTTEN)))
    assert database.truncate_wal(tables)
    stored = b"".join(path.read_bytes() for path in folder.glob("test.db*"))
    database.close()
    return sum(person.encode() in stored for person in people)


def test_an_erasure_leaves_no_copy_of_a_row_that_moved(tmp_path: Path) -> None:
    # Zeroing what is deleted (`secure_delete`) and truncating the write-ahead log is not enough ...
    assert left_after(tmp_path / "zeroed", []) > 0
    # ... so the file is written anew when rows of others are left in the table.
    assert left_after(tmp_path / "anew", [log.TABLE]) == 0
