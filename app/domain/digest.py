"""The digest by which a browser learns that its board differs from the server's: the same arithmetic as `core/digest.js`.

XOR over the records of a 32-bit FNV-1a hash of "table/id:rev". XOR lets a change be taken out and put in without reading
the board; FNV multiplies, so that two equal steps of two revisions do not cancel out as they would with a CRC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.domain.changes import Change
from app.domain.records import TABLES, Record, State, View, audience_of

_BASIS, _PRIME, _MASK = 0x811C9DC5, 0x01000193, 0xFFFFFFFF


def fnv1a(text: str) -> int:
    """32-bit FNV-1a of the UTF-8 bytes. Source: Fowler, Noll, Vo; test vectors in the tests."""
    value = _BASIS
    for byte in text.encode():
        value = ((value ^ byte) * _PRIME) & _MASK
    return value


def mark(table: str, record: Record) -> int:
    return fnv1a(f"{table}/{record['id']}:{record['rev']}")


class Digest:
    """One number per audience. Never altered: `moved` returns the next one."""

    def __init__(self, by_audience: Mapping[str, int]) -> None:
        self._by_audience = by_audience

    @classmethod
    def of_state(cls, state: State) -> Digest:
        by_audience: dict[str, int] = {}
        for table in TABLES:
            for record in state[table].values():
                _toggle(by_audience, table, record)
        return cls(by_audience)

    def moved(self, before: State, after: State, changes: Iterable[Change]) -> Digest:
        """The digest of `after`, reading only the records that the changes touched."""
        by_audience = dict(self._by_audience)
        for table, record_id in {(change.table, change.id) for change in changes}:
            for state in (before, after):
                if record := state[table].get(record_id):
                    _toggle(by_audience, table, record)
        return Digest(by_audience)

    def of(self, view: View) -> int:
        value = 0
        for audience in view:
            value ^= self._by_audience.get(audience, 0)
        return value


def _toggle(by_audience: dict[str, int], table: str, record: Record) -> None:
    audience = audience_of(record)
    by_audience[audience] = by_audience.get(audience, 0) ^ mark(table, record)
