"""Whether the records of a board that comes from a file hold together: every id once, every reference to something that is there.

A reference may lead to nothing only where it may on a board in use: what a comment, a tally, a sheet or a merge is about can
have been taken out of sight since. Pure; the shapes of the records were checked before (`shapes.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.kinds.earlier import WORKSHOP
from app.domain.kinds.notes import AMENDMENT
from app.domain.kinds.pairs import pair_id
from app.domain.records import Record
from app.domain.shapes import OF_THE_WORKSHOP

Tables = Mapping[str, Sequence[Record]]
NUMBERED = ("factors", "cards", "sheets")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not hold. Shape: `path` as in "cards[3].cluster"; `code` is twice, unknown or wrong."""

    path: str
    code: str
    value: str


def faults(tables: Tables) -> Iterator[Fault]:
    """Everything that does not hold together, table by table."""
    if len(tables["board"]) != 1:
        yield Fault("board", "wrong", str(len(tables["board"])))
    for table, records in tables.items():
        yield from _twice(table, records, "id")
    for table in NUMBERED:
        yield from _twice(table, tables[table], "number")
    ids = {table: {record["id"] for record in records} for table, records in tables.items()}
    for path, table, value in _references(tables):
        if value is not None and value not in ids[table]:
            yield Fault(path, "unknown", value)
    yield from _circles(tables["clusters"])
    yield from _named(tables)
    yield from _followed_up(tables)


def _twice(table: str, records: Iterable[Record], field: str) -> Iterator[Fault]:
    seen = set()
    for place, record in enumerate(records):
        if record[field] in seen:
            yield Fault(f"{table}[{place}].{field}", "twice", str(record[field]))
        seen.add(record[field])


Reference = tuple[str, str, str | None]


def _references(tables: Tables) -> Iterator[Reference]:
    """Shape: (where it stands, the table it leads to, the id or None)."""
    for place, round_ in enumerate(tables["rounds"]):
        at = f"rounds[{place}]"
        yield from _each(f"{at}.factors", "factors", round_["factors"])
        for table, some in (round_["scope"] or {}).items():
            yield f"{at}.scope", "tables", table
            yield from _each(f"{at}.scope.{table}", "factors", some)
        yield f"{at}.late_of", "rounds", round_.get("late_of")
    for place, card in enumerate(tables["cards"]):
        at = f"cards[{place}]"
        yield f"{at}.factor", "factors", card["factor"]
        yield f"{at}.origin", "factors", card.get("origin")
        yield f"{at}.round", "rounds", card["round"]
        yield f"{at}.cluster", "clusters", card["cluster"]
    for place, cluster in enumerate(tables["clusters"]):
        at = f"clusters[{place}]"
        yield f"{at}.factor", "factors", cluster["factor"]
        yield f"{at}.merged_into", "clusters", cluster["merged_into"]
        yield f"{at}.merge.round", "rounds", (cluster.get("merge") or {}).get("round")
    for place, sheet in enumerate(tables["sheets"]):
        at = f"sheets[{place}]"
        yield from _each(f"{at}.others", "factors", sheet["others"])
        yield f"{at}.factor", "factors", sheet["factor"]
        yield f"{at}.table", "tables", sheet["table"]
        if sheet["source"]["table"] == "earlier":
            yield f"{at}.source.id", "earlier", sheet["source"]["id"]
        yield from _former(f"{at}.since", sheet.get("since") or {})
    for place, version in enumerate(tables["versions"]):
        at = f"versions[{place}]"
        yield from _each(f"{at}.sheets", "sheets", version["sheets"])
        yield from _each(f"{at}.before", "sheets", version["before"])
        for sheet_id, former in version["before"].items():
            yield from _former(f"{at}.before.{sheet_id}", former)
    for place, step in enumerate(tables["progress"]):
        yield f"progress[{place}].sheet", "sheets", step["sheet"]
    for place, chapter in enumerate(tables["earlier"]):
        scored = [score["factor"] for score in chapter.get("scores", ())]
        yield from _each(f"earlier[{place}].scores", "factors", scored)
    for place, hands in enumerate(tables["handcounts"]):
        yield f"handcounts[{place}].table", "tables", hands["table"]
    for table in ("comments", "tallies", "handcounts"):
        for place, record in enumerate(tables[table]):
            yield f"{table}[{place}].round", "rounds", record["round"]
    for place, pair in enumerate(tables["pairs"]):
        yield from _each(f"pairs[{place}].cards", "cards", pair["cards"])


def _each(path: str, table: str, ids: Iterable[str]) -> Iterator[Reference]:
    for place, value in enumerate(ids):
        yield f"{path}[{place}]", table, value


def _former(path: str, former: Record) -> Iterator[Reference]:
    """Where a sheet stood in a version. An axis can have been given up since."""
    yield f"{path}.factor", "factors", former.get("factor")
    yield f"{path}.table", "tables", former.get("table")
    yield from _each(f"{path}.others", "factors", former.get("others", ()))


def _circles(clusters: Sequence[Record]) -> Iterator[Fault]:
    """A merge is followed to its end, so it must have one."""
    into = {cluster["id"]: cluster["merged_into"] for cluster in clusters}
    for place, cluster in enumerate(clusters):
        seen, at = set(), cluster["id"]
        while at and at not in seen:
            seen.add(at)
            at = into.get(at)
        if at:
            yield Fault(f"clusters[{place}].merged_into", "wrong", str(cluster["merged_into"]))


def _named(tables: Tables) -> Iterator[Fault]:
    """What follows from something else in the same record, or from its round."""
    epochs = {round_["id"]: round_["epoch"] for round_ in tables["rounds"]}
    for place, round_ in enumerate(tables["rounds"]):
        for nth, record in enumerate(round_.get("closings", ())):
            if record["epoch"] > round_["epoch"]:
                yield Fault(f"rounds[{place}].closings[{nth}].epoch", "wrong", str(record["epoch"]))
    axes = {axis["id"] for board in tables["board"] for axis in board.get("axes", [])}
    for place, card in enumerate(tables["cards"]):
        if not card["text"] and card["state"] != "erased":
            yield Fault(f"cards[{place}].text", "wrong", "")
        yield from _epoch(f"cards[{place}]", card, epochs)
    for place, tally in enumerate(tables["tallies"]):
        if tally["id"] != f"{tally['round']}:{tally['epoch']}":
            yield Fault(f"tallies[{place}].id", "wrong", tally["id"])
        yield from _epoch(f"tallies[{place}]", tally, epochs)
    for place, hands in enumerate(tables["handcounts"]):
        if hands["id"] != f"{hands['round']}:{hands['epoch']}:{hands['table']}":
            yield Fault(f"handcounts[{place}].id", "wrong", hands["id"])
        yield from _epoch(f"handcounts[{place}]", hands, epochs)
    for place, comment in enumerate(tables["comments"]):
        if not comment["text"]:
            yield Fault(f"comments[{place}].text", "wrong", "")
    for place, sheet in enumerate(tables["sheets"]):
        if sheet["axis"] and sheet["axis"] not in axes:
            yield Fault(f"sheets[{place}].axis", "unknown", sheet["axis"])
    for place, pair in enumerate(tables["pairs"]):
        if pair["cards"][0] == pair["cards"][1] or pair["id"] != pair_id(*pair["cards"]):
            yield Fault(f"pairs[{place}].id", "wrong", pair["id"])


def _followed_up(tables: Tables) -> Iterator[Fault]:
    """What became of the sheets, and what was said of them."""
    seen = set()
    for place, step in enumerate(tables["progress"]):
        nth = (step["sheet"], step["number"])
        if nth in seen:
            yield Fault(f"progress[{place}].number", "twice", str(step["number"]))
        seen.add(nth)
    for place, record in enumerate(tables["earlier"]):
        wanted = set(OF_THE_WORKSHOP) if record["id"] == WORKSHOP else {"chapters"}
        for field in sorted(wanted ^ (record.keys() - {"id", "rev"})):
            yield Fault(f"earlier[{place}].{field}", "wrong", record["id"])
    for place, note in enumerate(tables["notes"]):
        if not note["text"]:
            yield Fault(f"notes[{place}].text", "wrong", "")
        if not note["released"] and note["kind"] != AMENDMENT:
            yield Fault(f"notes[{place}].released", "wrong", "false")


def _epoch(path: str, record: Record, epochs: Mapping[str, Any]) -> Iterator[Fault]:
    """Nothing comes out of a round that was never begun."""
    if record["round"] in epochs and record["epoch"] > epochs[record["round"]]:
        yield Fault(f"{path}.epoch", "wrong", str(record["epoch"]))
