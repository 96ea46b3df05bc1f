"""A browser's replica and outbox, written from docs/protocol.md alone: the stranger's client that tests play with."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from app.domain import digest


@lru_cache(maxsize=1 << 16)
def mark(table: str, record_id: str, rev: int) -> int:
    return digest.mark(table, {"id": record_id, "rev": rev})


class Replica:
    """What a viewer has of a board. `receive` says what to do next: nothing, or hello."""

    def __init__(self) -> None:
        self.head, self.generation = -1, 0
        self.tables: dict[str, dict[str, dict[str, Any]]] = {}
        self.heads_seen: list[int] = []

    def receive(self, frame: dict[str, Any]) -> bool:
        """Apply a `changes` frame. Returns False when there is a gap and hello is due."""
        if frame["reset"]:
            if frame["generation"] == self.generation and frame["to"] < self.head:
                return True  # overtaken on the way
            self.tables = {}
        elif frame["to"] <= self.head:
            return True
        elif frame["from"] != self.head or frame["generation"] != self.generation:
            return False
        for change in frame["changes"]:
            self._apply(change)
        self.head, self.generation = frame["to"], frame["generation"]
        self.heads_seen.append(self.head)
        return True

    def _apply(self, change: list[Any]) -> None:
        verb, table, *rest = change
        rows = self.tables.setdefault(table, {})
        if verb == "put":
            rows[rest[0]["id"]] = rest[0]
        elif verb == "patch":
            rows[rest[0]] = {**rows[rest[0]], **rest[1]}
        else:
            rows.pop(rest[0], None)

    def digest(self) -> int:
        value = 0
        for table, rows in self.tables.items():
            for record in rows.values():
                value ^= mark(table, record["id"], record["rev"])
        return value

    def beat(self, heartbeat: dict[str, Any]) -> tuple[int, int] | None:
        """What hello a heartbeat asks for: (head, generation), or None when all is well."""
        if heartbeat["head"] > self.head:
            return self.head, self.generation
        if heartbeat["head"] == self.head and heartbeat["digest"] != self.digest():
            return -1, 0
        return None

    def get(self, table: str, record_id: str) -> dict[str, Any] | None:
        return self.tables.get(table, {}).get(record_id)

    def all(self, table: str) -> list[dict[str, Any]]:
        return list(self.tables.get(table, {}).values())

    def content(self) -> dict[str, dict[str, Any]]:
        """What it shows, for comparison: empty tables do not count."""
        return {table: rows for table, rows in self.tables.items() if rows}
