"""The history of the day: what staff and the clock decided, and when, read from the log. PURE.

A participant's operation has neither person nor time in the log, so none can be here. Words on a card are not repeated: a
number is enough to find it, and what was erased must not stay in a history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from app.domain.changes import Change, applied
from app.domain.records import Record, State, empty_state
from app.exports.order import in_language

COLUMNS = ("seq", "at", "by", "operation", "about", "detail")
# Words of their own, shown where they stand; not decisions about how the seminar runs.
# What is said or written, and what goes into an urn, where nobody's hand is kept.
NO_DECISIONS = frozenset(
    {
        *("comment.post", "card.translate", "sheet.fill", "comment.mark", "comment.translate"),
        *("card.enter", "card.claim", "ballot.paper", "note.write", "note.edit"),
    }
)


class Entry(Protocol):
    """An accepted operation as the log keeps it."""

    @property
    def seq(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def changes(self) -> Sequence[Change]: ...
    @property
    def person(self) -> str | None: ...
    @property
    def at_ms(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision. Shape: `by` is staff, clock or setup; `about` is by language; `detail` what was set, as codes and numbers."""

    seq: int
    at_ms: int
    person: str | None
    kind: str
    by: str
    about: dict[str, str]
    detail: dict[str, Any]


def decisions(entries: Iterable[Entry]) -> Iterator[Decided]:
    """The decisions in the log's order; the board is rebuilt on the way, so that what is gone still has its name."""
    state = empty_state()
    for entry in entries:
        after = applied(state, entry.changes)
        if entry.at_ms is not None and entry.changes and entry.kind not in NO_DECISIONS:
            main = entry.changes[0]
            record = after[main.table].get(main.id) or state[main.table].get(main.id) or {}
            yield Decided(
                entry.seq,
                entry.at_ms,
                entry.person,
                entry.kind,
                "staff" if entry.person else "clock" if entry.kind.startswith("round.") else "setup",
                _about(after, main.table, record, entry.kind),
                _detail(entry.kind, main, record, len(entry.changes)),
            )
        state = after


def about(state: State, entry: Entry) -> dict[str, str]:
    """What an operation was about, by language; `state` is the board after it."""
    main = entry.changes[0]
    return _about(state, main.table, state[main.table].get(main.id, {}), entry.kind)


def _about(state: State, table: str, record: Record, kind: str = "") -> dict[str, str]:
    if kind == "sheet.freeze":
        return {}
    if kind == "board.spotlight":
        target = record.get("spotlight")
        shown = state[target["table"]].get(target["id"]) if target else None
        return _about(state, target["table"], shown) if target and shown else {}
    if table in ("rounds", "factors", "tables"):
        words: dict[str, str] = record.get("name") or record.get("title") or {}
        return words
    if table == "cards":
        return {language: f"n° {record['number']}" for language in ("fr", "en")}
    if table == "clusters":
        return {language: record.get("name") or "" for language in ("fr", "en")}
    if table == "sheets":
        return {language: record.get("title") or "" for language in ("fr", "en")}
    if table == "notes":
        noted = record["target"]
        return _about(state, noted["table"], state[noted["table"]].get(noted["id"], {}))
    if table in ("tallies", "handcounts"):
        return _about(state, "rounds", state["rounds"].get(record["round"], {}))
    if kind == "board.gather":
        return _about(state, "factors", state["factors"].get(record["gathered"]["factor"], {}))
    if kind == "board.message" and record.get("message"):
        said: dict[str, str] = record["message"]["text"]
        return said
    return {}


def _detail(kind: str, main: Change, record: Record, count: int) -> dict[str, Any]:
    """What a reader wants to know beside the name: how long, which table, why; nothing that somebody wrote unseen."""
    if kind == "round.extend":
        return {"extra": main.fields["extra"]} if main.fields.get("extra") else {}
    if kind == "round.start":
        return {"roster": record.get("roster"), "targets": len(record.get("ballot") or ())}
    if kind == "round.pause":
        return {"reason": record.get("pause_reason")}
    if kind == "sheet.freeze":
        return {"version": record.get("version")}
    if kind == "sheet.progress":
        return {"status": record.get("status")}
    if kind == "text.release":
        return {"released": record.get("released")}
    if kind == "card.hold":
        return {"reason": record.get("reason")}
    if kind in ("card.move", "cluster.make"):
        return {"cards": count - (kind == "cluster.make")}
    return {}


def rows(
    entries: Iterable[Entry], name_of: Callable[[Decided], str], at: Callable[[int], str], language: str
) -> Iterator[dict[str, Any]]:
    """The decisions as rows of a file; who a person is, and what the clock on the wall said, are the caller's to know."""
    for one in decisions(entries):
        yield {
            "seq": one.seq,
            "at": at(one.at_ms),
            "by": name_of(one),
            "operation": one.kind,
            "about": in_language(one.about, language),
            "detail": " ".join(f"{name}={value}" for name, value in one.detail.items() if value),
        }
