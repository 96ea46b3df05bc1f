"""The urn's paper ballots: one sealed row for each seat whose paper somebody has entered, under a tag of its own."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.database import Overtaken
from app.store.urn import Epoch, papers


@dataclass(frozen=True, slots=True)
class PaperRow:
    key: bytes
    revision: int
    sealed: bytes


def paper_at(connection: Connection, epoch: Epoch, key: bytes) -> PaperRow | None:
    row = connection.execute(sa.select(papers).where(epoch.of(papers), papers.c.key == key)).first()
    return PaperRow(row.key, row.revision, row.sealed) if row else None


def put_paper(connection: Connection, epoch: Epoch, key: bytes, was: PaperRow | None, sealed: bytes) -> None:
    """Keep a reading in the place of what was there. Raises: Overtaken or IntegrityError when another worker was faster."""
    if was is None:
        connection.execute(papers.insert().values(**epoch.values(), key=key, revision=1, sealed=sealed))
        return
    same = sa.and_(epoch.of(papers), papers.c.key == key, papers.c.revision == was.revision)
    changed = connection.execute(papers.update().where(same).values(revision=was.revision + 1, sealed=sealed))
    if changed.rowcount != 1:
        raise Overtaken


def take_out(connection: Connection, epoch: Epoch, row: PaperRow) -> None:
    """Raises: Overtaken when another worker has altered it since."""
    same = sa.and_(epoch.of(papers), papers.c.key == row.key, papers.c.revision == row.revision)
    if connection.execute(papers.delete().where(same)).rowcount != 1:
        raise Overtaken


def all_papers(connection: Connection, epoch: Epoch) -> list[PaperRow]:
    rows = connection.execute(sa.select(papers).where(epoch.of(papers)))
    return [PaperRow(row.key, row.revision, row.sealed) for row in rows]
