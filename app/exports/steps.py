"""The published story of a board, step by step: what the replay shows. PURE: the log in, what everybody saw out.

A step is a decision that everybody saw, or a few moves in a row. It knows neither person nor time, and what left an urn in one
operation comes in one step. What is out of sight at the end (held, hidden, taken back, erased) is in no step, not even in
those of the time when it was to be seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.changes import Change, Wire, applied, projected
from app.domain.policy import live_round
from app.domain.records import EVERYONE, Record, State, audience_of, empty_state
from app.exports.history import Entry, about

# What a step tells of a record. Not: what lies on the stage for a moment, clocks, and comments.
SHOWN: dict[str, tuple[str, ...]] = {
    "board": ("title", "axes"),
    "factors": ("number", "title"),
    "tables": ("name",),
    "rounds": (
        *("order", "day", "starts", "kind", "name", "state", "epoch"),
        *("method", "targets", "factors", "scope"),
    ),
    "clusters": ("factor", "name", "merged_into"),
    "cards": ("number", "factor", "text", "kind", "language", "translation", "name", "state", "cluster"),
    "sheets": ("number", "title", "factor", "disposition", "state", "version", "axis", "lead", "deadline"),
    # Beside the result, and in none of its figures.
    "handcounts": ("round", "epoch", "table", "present", "counts"),
    "tallies": ("round", "epoch", "method", "seats", "ballots", "split", "voters", "paper", "rows"),
}
ALWAYS = ("id",)
# Small things, of which several in a row are one step.
RUNS = {
    **dict.fromkeys(("card.move", "cluster.make", "cluster.name", "cluster.dissolve"), "grouping"),
    **dict.fromkeys(("sheet.make", "sheet.sort", "sheet.place", "sheet.turn"), "sheets"),
    "round.release": "texts",
    "handcount.enter": "hands",
}
LONGEST_RUN = 8
# Worth a step even if nothing but the round itself has changed.
OF_A_ROUND = frozenset({"round.start", "round.publish", "round.void"})
# Never a step by themselves; what they change comes with the next one.
IN_PASSING = frozenset(
    {"sheet.fill", "card.translate", "card.mark", "cluster.propose", "board.axes", "board.forget"}
)


@dataclass(frozen=True, slots=True)
class Step:
    """Shape: `kind` is that of the operation, or of the run; `about` is by language; `counts` is of what is new or moved."""

    kind: str
    round: str | None
    about: dict[str, str]
    counts: dict[str, int]
    changes: list[Wire]


@dataclass(slots=True)
class _Run:
    """What has happened since the last step."""

    kind: str = ""
    changes: list[Change] = field(default_factory=list)
    moves: int = 0


class _Story:
    def __init__(self, in_sight: frozenset[tuple[str, str]]) -> None:
        self._in_sight = in_sight
        self._state: State = empty_state()
        self._run = _Run()
        self._round: str | None = None
        self._told_of: set[tuple[str, str]] = set()
        self.steps: list[Step] = []

    def take(self, entry: Entry) -> None:
        kind = RUNS.get(entry.kind, "")
        if self._run.moves and (kind != self._run.kind or self._run.moves == LONGEST_RUN):
            self._end(self._run.kind, self._round, {})
        self._run.changes.extend(entry.changes)
        self._state = applied(self._state, entry.changes)
        if live := live_round(self._state["rounds"].values()):
            self._round = live["id"]
        if kind:
            self._run.kind = kind
            # A batch says when people wrote: batches that nothing parts are one.
            self._run.moves += 1 if kind != "texts" or not self._run.moves else 0
        elif entry.kind in OF_A_ROUND or (entry.kind not in IN_PASSING and self._tells(entry.changes)):
            self._end(entry.kind, self._round_of(entry), about(self._state, entry))

    def finish(self) -> None:
        if self._run.moves:
            self._end(self._run.kind, self._round, {})

    def _tells(self, changes: Sequence[Change]) -> bool:
        """Whether anything but a round's own state is seen of it; a title must not name what is hidden."""
        return any(wire[1] != "rounds" for wire in self._told(changes))

    def _told(self, changes: Sequence[Change]) -> list[Wire]:
        return [
            slim
            for wire in projected(changes, EVERYONE, self._state)
            if (slim := slimmed(wire)) and (wire[1], _id(wire)) in self._in_sight
        ]

    def _round_of(self, entry: Entry) -> str | None:
        if entry.kind.startswith("round."):
            return next((change.id for change in entry.changes if change.table == "rounds"), self._round)
        return self._round

    def _end(self, kind: str, of_round: str | None, words: dict[str, str]) -> None:
        """Make a step of what has come together; a run of which nothing is seen goes on into the next one."""
        if kind in RUNS.values() and not self._tells(self._run.changes):
            self._run.moves = 0
            return
        told = self._told(self._run.changes)
        self.steps.append(Step(kind, of_round, words, counts(told, self._told_of), told))
        self._told_of |= {(wire[1], _id(wire)) for wire in told}
        self._run = _Run()


def steps(entries: Sequence[Entry]) -> list[Step]:
    """The whole story. Applied in their order, the changes of the first n steps give what everybody saw then, and still may."""
    story = _Story(in_sight(entries))
    for entry in entries:
        story.take(entry)
    story.finish()
    return story.steps


def in_sight(entries: Iterable[Entry]) -> frozenset[tuple[str, str]]:
    """(table, id) of what everybody sees in the end."""
    state = applied(empty_state(), (change for entry in entries for change in entry.changes))
    return frozenset(
        (table, record["id"])
        for table in SHOWN
        for record in state[table].values()
        if audience_of(record) in EVERYONE
    )


def slimmed(wire: Wire) -> Wire | None:
    """The change with no more than a step tells; None when that is nothing."""
    verb, table, *rest = wire
    if table not in SHOWN:
        return None
    if verb == "put":
        return ["put", table, _cut(table, rest[0])]
    if verb == "patch":
        fields = _cut(table, rest[1])
        return ["patch", table, rest[0], fields] if fields.keys() - set(ALWAYS) else None
    return wire


def _cut(table: str, record: Record) -> Record:
    return {name: record[name] for name in (*ALWAYS, *SHOWN[table]) if name in record}


def _id(wire: Wire) -> str:
    found: str = wire[2]["id"] if wire[0] == "put" else wire[2]
    return found


def counts(told: Iterable[Wire], before: Collection[tuple[str, str]]) -> dict[str, int]:
    """Table -> how many records are new to everybody; "moved": cards that changed their group; "touched": sheets."""
    found: Counter[str] = Counter()
    for wire in told:
        verb, table, *rest = wire
        found["touched"] += table == "sheets"
        found[table] += verb == "put" and (table, _id(wire)) not in before
        if table == "cards":
            found["moved"] += (
                "cluster" in rest[1] if verb == "patch" else bool(verb == "put" and rest[0]["cluster"])
            )
    return dict(+found)


def as_told(state: State) -> dict[str, Any]:
    """A state as steps tell it: for whoever compares."""
    return {table: {id_: _cut(table, record) for id_, record in state[table].items()} for table in SHOWN}
