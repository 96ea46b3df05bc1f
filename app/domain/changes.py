"""Changes: put, patch, remove. The only thing that alters a board; and the one projection of a change for a view.

A patch carries the audience before and after, and the whole record when they differ, so that a change can be projected
for any view without looking at any board.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.records import TABLES, Record, State, View, audience_of, visible_to

Wire = list[Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One record put, patched or removed.

    Shape: `fields` is the whole record for a put, the altered fields for a patch, nothing for a remove; `was` and `now`
           are audiences (None: no record); `record` is the whole record after a patch that changed the audience.
    """

    op: str
    table: str
    id: str
    fields: Record = field(default_factory=dict)
    was: str | None = None
    now: str | None = None
    record: Record | None = None

    def to_json(self) -> Wire:
        """The form kept in the log."""
        return [self.op, self.table, self.id, self.fields, self.was, self.now, self.record]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Change:
        return cls(*stored)


def put(table: str, record: Record) -> Change:
    """A new record; its revision begins at 1."""
    record = {**record, "rev": 1}
    return Change("put", table, record["id"], record, None, audience_of(record))


def patch(table: str, record: Record, /, **fields: Any) -> Change:
    """The record with some fields altered and its revision raised by one."""
    fields["rev"] = record["rev"] + 1
    after = {**record, **fields}
    was, now = audience_of(record), audience_of(after)
    return Change("patch", table, record["id"], fields, was, now, after if was != now else None)


def remove(table: str, record: Record) -> Change:
    return Change("remove", table, record["id"], {}, audience_of(record), None)


def applied(state: State, changes: Iterable[Change], own: set[str] | None = None) -> State:
    """The state after the changes. The old one stays as it was: whoever reads it is never disturbed.

    Only the tables that change are copied, and of those only the references; not again those in `own`, which nobody but the
    caller has seen: a group of operations copies each table once.
    """
    after, copied = dict(state), set() if own is None else own
    for change in changes:
        if change.table not in copied:
            after[change.table] = dict(after[change.table])
            copied.add(change.table)
        rows = after[change.table]
        if change.op == "put":
            rows[change.id] = change.fields
        elif change.op == "patch":
            rows[change.id] = {**rows[change.id], **change.fields}
        else:
            rows.pop(change.id, None)
    return after


def project(change: Change, view: View) -> Wire | None:
    """What this view is told of a change, or None when it is told nothing.

    Shape: ["put", table, record] | ["patch", table, id, fields] | ["remove", table, id].
    """
    sees_now = change.now in view
    saw_before = change.was in view
    if sees_now and saw_before and change.op == "patch":
        return ["patch", change.table, change.id, change.fields]
    if sees_now:
        return ["put", change.table, change.record or change.fields]
    if saw_before:
        return ["remove", change.table, change.id]
    return None


def projected(changes: Iterable[Change], view: View, state: State) -> list[Wire]:
    """What a view is told of several changes at once; `state` is the board after them.

    A record that changed more than once is told as it is now: what was hidden again in between is never sent to somebody
    who had not seen it.
    """
    by_record: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        by_record.setdefault((change.table, change.id), []).append(change)
    told = (
        project(several[0], view) if len(several) == 1 else _as_it_is_now(several[0], view, state)
        for several in by_record.values()
    )
    return [wire for wire in told if wire]


def audiences_of(changes: Iterable[Change]) -> frozenset[str]:
    """The audiences that some of the changes concern: two views that hold the same of these are told the same."""
    return frozenset(audience for change in changes for audience in (change.was, change.now) if audience)


def _as_it_is_now(first: Change, view: View, state: State) -> Wire | None:
    record = state[first.table].get(first.id)
    if record and audience_of(record) in view:
        return ["put", first.table, record]
    return ["remove", first.table, first.id] if first.was in view else None


def visible(state: State, view: View) -> list[Wire]:
    """Every record of the view as `put`s, in the order of the tables: a reset for a newcomer."""
    seen = visible_to(state, view)
    return [["put", table, record] for table in TABLES for record in seen[table].values()]
