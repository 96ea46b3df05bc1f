"""Every kind of operation x every role, at one moment of a board: what is granted, and what is refused with which code.

Who may do what is read from the one table (`app/domain/policy.py`). What a rule asks beyond it is foretold here, beside a
payload that is otherwise right, so that each refusal has its one reason.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.domain import policy, rounds
from app.domain.kinds.agenda import PLAN
from app.domain.kinds.boardfile import kept
from app.domain.kinds.versions import next_number
from app.domain.operations import Actor
from app.domain.records import Record, State

MINUTE_MS = 60_000
NOTHING = "nothing"
UNCOUNTED = ("running", "paused", "closed")


@dataclass(frozen=True)
class Moment:
    """A board now, the round in question, and the first things of one table that an operation could be about."""

    state: State
    round: Record
    now_ms: int
    table: str

    @cached_property
    def live(self) -> Record | None:
        return policy.live_round(self.state["rounds"].values())

    @cached_property
    def factors(self) -> list[str]:
        """What the table works on: in this round, else when it groups."""
        scope = self.state["rounds"]["C1"]["scope"]
        return rounds.factors_for(self.round, self.table) or list(scope[self.table])

    @cached_property
    def home(self) -> list[str]:
        return list(self.state["rounds"]["C1"]["scope"][self.table])

    @property
    def epoch(self) -> int:
        """The round's epoch; of one that never began, what its first would be."""
        return self.round["epoch"] or 1

    def _first(self, table: str, **wanted: Any) -> Iterator[Record]:
        at_home = sorted(
            (r for r in self.state[table].values() if r.get("factor", self.home[0]) in self.home),
            key=lambda record: (record.get("number", 0), record["id"]),
        )
        return (r for r in at_home if all(r[name] == value for name, value in wanted.items()))

    @cached_property
    def cards(self) -> list[Record]:
        return list(self._first("cards", state="published", kind="action"))

    @cached_property
    def held(self) -> Record | None:
        return next((c for c in self.state["cards"].values() if c["state"] == "held"), None)

    @cached_property
    def clusters(self) -> list[Record]:
        """Two of one factor where there are."""
        return list(self._first("clusters", merged_into=None, factor=self.home[0]))

    @cached_property
    def merged(self) -> Record | None:
        return next((c for c in self._first("clusters") if c["merged_into"]), None)

    @cached_property
    def sheet(self) -> Record | None:
        return next((s for s in self.state["sheets"].values() if s["table"] == self.table), None)

    @cached_property
    def report(self) -> Record | None:
        """The newest report on a sheet."""
        return max(self.state["progress"].values(), key=lambda step: step["number"], default=None)

    @cached_property
    def note(self) -> Record | None:
        return next(iter(self.state["notes"].values()), None)

    @cached_property
    def comment(self) -> Record | None:
        return next((c for c in self.state["comments"].values() if c["by"] == "expert"), None)

    @cached_property
    def suggestion(self) -> Record | None:
        return next(iter(self.state["suggestions"].values()), None)

    @cached_property
    def payloads(self) -> dict[str, dict[str, Any]]:
        """kind -> a payload that is right as far as it can be, the same for every role."""
        return {kind: probe.payload(self) for kind, probe in PROBES.items()}

    @cached_property
    def is_counting(self) -> bool:
        """Whether a vote is not counted yet: its targets stand still."""
        return any(rounds.is_ballot(r) and r["state"] in UNCOUNTED for r in self.state["rounds"].values())


def expected(kind: str, m: Moment, actor: Actor) -> str | None:
    """The code of the refusal, or None: the table first, then the end of the round, then the rule."""
    names_round = "round" in m.payloads[kind]
    if actor.role not in policy.GRANTS[kind]:
        return "not_allowed"
    if not policy.may(kind, actor.role, m.live["kind"] if m.live else None):
        return "round_not_open" if names_round and m.round["state"] == "planned" else "round_over"
    bound = actor.table and policy.GRANTS[kind][actor.role] != policy.ANY_TIME
    if bound and m.live and rounds.has_ended(m.live, m.now_ms, actor.table):
        return "round_over"
    return PROBES[kind].beyond(m, actor)


# --- beyond the table ---

Beyond = Callable[[Moment, Actor], str | None]


def nothing_more(m: Moment, actor: Actor) -> str | None:
    return None


def if_there(find: Callable[[Moment], Any], then: Beyond = nothing_more) -> Beyond:
    return lambda m, actor: then(m, actor) if find(m) else "gone"


def unless_counting(m: Moment, actor: Actor) -> str | None:
    return "not_in_this_state" if m.is_counting else None


def unless_asked_about(m: Moment, actor: Actor) -> str | None:
    """The card stays while its urn still has it, or while a vote that is not counted asks about it or its group."""
    card = m.cards[0]
    for round_ in m.state["rounds"].values():
        listed = {target["id"] for target in round_["ballot"] or ()} & {card["id"], card["cluster"]}
        own = (round_["id"], round_["epoch"]) == (card["round"], card["epoch"])
        if round_["state"] in UNCOUNTED and (listed or own):
            return "not_in_this_state"
    return None


def in_named_state(kind: str) -> Beyond:
    """By the table's second half: in which states of the round it names an operation may come."""

    def beyond(m: Moment, actor: Actor) -> str | None:
        if m.round["state"] in policy.NAMED_STATES[kind]:
            return None
        names_epoch = "epoch" in m.payloads[kind]
        unbegun = names_epoch and (m.round["state"] == "planned" or not m.round["epoch"])
        return "round_not_open" if unbegun else "not_in_this_state"

    return beyond


def and_then(first: Beyond, second: Beyond) -> Beyond:
    return lambda m, actor: first(m, actor) or second(m, actor)


def in_this_round(m: Moment, actor: Actor) -> str | None:
    """What a participant sends into a round that is not live, while another one is."""
    if actor.role != "participant" or m.round["state"] in policy.LIVE:
        return None
    return "round_not_open" if m.round["state"] == "planned" or not m.round["epoch"] else "round_over"


def nothing_else_runs(m: Moment, actor: Actor) -> str | None:
    return "another_round_runs" if m.live else None


def written(m: Moment, actor: Actor) -> str | None:
    return None if rounds.is_text(m.round) else "not_in_this_state"


def claimed(m: Moment, actor: Actor) -> str | None:
    if m.round["state"] == "planned" or not m.round["epoch"]:
        return "round_not_open"
    if m.round["state"] not in UNCOUNTED:
        return "round_over"
    return "not_in_this_state" if m.round["key"] == 1 else None


def cast(m: Moment, actor: Actor) -> str | None:
    return None if rounds.is_ballot(m.round) else "not_in_this_state"


def after_the_vote(m: Moment, actor: Actor) -> str | None:
    """Hands are counted at a table once its vote is closed."""
    if not rounds.is_ballot(m.round):
        return "not_in_this_state"
    if m.round["state"] == "planned" or not m.round["epoch"]:
        return "round_not_open"
    return None if m.round["state"] in ("closed", "published") else "not_in_this_state"


def by_the_clock(m: Moment, actor: Actor) -> str | None:
    """The facilitator closes when it is time; the clock not before the deadline it saw."""
    if actor.role == "facilitator":
        return None
    at_rest = m.round["state"] != "running"
    return "round_over" if at_rest or m.now_ms <= rounds.deadline_ms(m.round) else None


def at_rest(m: Moment, actor: Actor) -> str | None:
    """What ends a workshop waits until nothing is under way and every urn is opened."""
    return "not_in_this_state" if rounds.unfinished(m.state["rounds"].values()) else None


def never_ran(m: Moment, actor: Actor) -> str | None:
    return "not_in_this_state" if m.round["epoch"] else None


def merged_now(m: Moment, actor: Actor) -> str | None:
    return None if m.merged else "not_in_this_state"


def contested(m: Moment, actor: Actor) -> str | None:
    if not m.merged:
        return "not_in_this_state"
    return "not_in_this_state" if m.merged["contest"] == "kept" else None


def to_be_kept(m: Moment, actor: Actor) -> str | None:
    return "not_in_this_state" if not m.merged or m.merged["contest"] is None else None


def own_words(m: Moment, actor: Actor) -> str | None:
    own = m.comment and m.comment["name"] == actor.name
    return None if own or actor.role == "facilitator" else "not_allowed"


def on_a_draft(m: Moment, actor: Actor) -> str | None:
    return None if m.sheet and m.sheet["state"] == "draft" else "not_in_this_state"


def some_sheet(m: Moment, actor: Actor) -> str | None:
    kept = any(sheet["state"] != "dropped" for sheet in m.state["sheets"].values())
    return None if kept else "not_in_this_state"


def not_dropped(m: Moment, actor: Actor) -> str | None:
    return "not_in_this_state" if m.sheet and m.sheet["state"] == "dropped" else None


def signed_by(record: Record | None, actor: Actor) -> str | None:
    own = record and (record["by"], record["name"]) == (actor.role, actor.name)
    return None if own or actor.role == "facilitator" else "not_allowed"


def own_report(m: Moment, actor: Actor) -> str | None:
    return signed_by(m.report, actor)


def own_note(m: Moment, actor: Actor) -> str | None:
    return signed_by(m.note, actor)


def still_open(then: Beyond) -> Beyond:
    def beyond(m: Moment, actor: Actor) -> str | None:
        return then(m, actor) if m.suggestion and m.suggestion["state"] == "open" else "not_in_this_state"

    return beyond


def two_apart(m: Moment) -> bool:
    return len(m.clusters) > 1


# --- payloads ---


@dataclass(frozen=True)
class Probe:
    payload: Callable[[Moment], dict[str, Any]]
    beyond: Beyond = nothing_more


def _id(record: Record | None) -> str:
    return record["id"] if record else NOTHING


def _card(m: Moment, **more: Any) -> dict[str, Any]:
    return {"card": _id(m.cards[0] if m.cards else None), **more}


def _cluster(m: Moment, **more: Any) -> dict[str, Any]:
    return {"cluster": _id(m.merged or (m.clusters[0] if m.clusters else None)), **more}


def _standing(m: Moment, **more: Any) -> dict[str, Any]:
    return {"cluster": _id(m.clusters[0] if m.clusters else None), **more}


def _two(m: Moment) -> dict[str, Any]:
    one, other = m.clusters[:2] if two_apart(m) else (None, None)
    return {"from": _id(one), "into": _id(other)}


def _pair(m: Moment) -> dict[str, Any]:
    return {"cards": [c["id"] for c in m.cards[:2]] if len(m.cards) > 1 else [NOTHING, "nothing-more"]}


def _sheet(m: Moment, **more: Any) -> dict[str, Any]:
    return {"sheet": _id(m.sheet), **more}


def _comment(m: Moment, **more: Any) -> dict[str, Any]:
    return {"comment": _id(m.comment), **more}


def _suggestion(m: Moment) -> dict[str, Any]:
    return {"suggestion": _id(m.suggestion)}


def _round(m: Moment, **more: Any) -> dict[str, Any]:
    return {"round": m.round["id"], **more}


def _epoch(m: Moment, **more: Any) -> dict[str, Any]:
    return {"round": m.round["id"], "epoch": m.epoch, **more}


def _hex() -> str:
    return secrets.token_hex(32)


def _move(m: Moment) -> dict[str, Any]:
    seen = m.cards[0]["cluster"] if m.cards else None
    return {"moves": [_card(m, to=None, seen=seen)]}


def _ticked(m: Moment) -> dict[str, Any]:
    seen = m.cards[0]["cluster"] if m.cards else None
    return {"factor": m.home[0], "cards": [_card(m, seen=seen)], "name": ""}


def _closing(m: Moment) -> dict[str, Any]:
    runs = m.round["state"] == "running"
    return _epoch(m, deadline_ms=rounds.deadline_ms(m.round) if runs else 1)


def _later(m: Moment) -> dict[str, Any]:
    end = max(m.now_ms, m.round["ends_at_ms"] or 0) + MINUTE_MS
    return _epoch(m, ends_at_ms=end, left_ms=MINUTE_MS)


def _plan(m: Moment) -> dict[str, Any]:
    return {name: m.round.get(name) for name in PLAN}


def _replaced(m: Moment) -> dict[str, Any]:
    return {"rounds": [{"id": "other", "order": 1, **_plan(m)}]}


def _setup(m: Moment) -> dict[str, Any]:
    title = {"fr": "Encore", "en": "Again"}
    factor = {"id": "F99", "number": 99, "title": title, "help": title}
    return {"title": title, "time_zone": "UTC", "factors": [factor], "tables": [], "rounds": []}


def _said(m: Moment) -> dict[str, Any]:
    target = {"table": "factors", "id": m.home[0]}
    return _epoch(m, target=target, text="Une remarque.", secret_hash=_hex())


def _placed(m: Moment) -> dict[str, Any]:
    return _sheet(m, factor=m.home[0], others=[], axis=None, table=m.table)


def _note(m: Moment, **more: Any) -> dict[str, Any]:
    return {"note": _id(m.note), **more}


def _noted(m: Moment) -> dict[str, Any]:
    return {"target": {"table": "factors", "id": m.home[0]}, "kind": "said", "text": "Dit en séance."}


INTO_A_ROUND = and_then(written, in_this_round)
A_CARD = if_there(lambda m: m.cards)
A_SHEET = if_there(lambda m: m.sheet, on_a_draft)
A_NOTE = if_there(lambda m: m.note, own_note)
A_COMMENT = if_there(lambda m: m.comment)
ANY_CLUSTER = if_there(lambda m: m.clusters or m.merged)


def _command(
    verb: str, payload: Callable[[Moment], dict[str, Any]] = _epoch, then: Beyond = nothing_more
) -> dict[str, Probe]:
    return {f"round.{verb}": Probe(payload, and_then(in_named_state(f"round.{verb}"), then))}


def _whole(m: Moment) -> dict[str, Any]:
    """The least that a board's file may hold."""
    return {
        table: records if table in ("board", "factors") else [] for table, records in kept(m.state).items()
    }


PROBES: dict[str, Probe] = {
    "card.post": Probe(
        lambda m: _epoch(m, factor=m.factors[0], text="Une action", secret_hash=_hex()), INTO_A_ROUND
    ),
    # Nobody of the matrix has a seat at their desk: what a desk may do is tests/boards/test_desk.py's affair.
    "card.enter": Probe(
        lambda m: _epoch(m, factor=m.factors[0], text="Une action", secret_hash=_hex(), seat="1"),
        lambda m, actor: "no_such_seat",
    ),
    "card.edit": Probe(lambda m: _epoch(m, secret=_hex(), revision=2, text="Une autre action"), INTO_A_ROUND),
    "card.withdraw": Probe(lambda m: _epoch(m, secret=_hex(), revision=2), INTO_A_ROUND),
    "card.claim": Probe(lambda m: _epoch(m, factor=m.factors[0], secret=_hex()), claimed),
    "card.move": Probe(_move, if_there(lambda m: m.cards, unless_counting)),
    "card.erase": Probe(lambda m: _card(m), if_there(lambda m: m.cards, unless_asked_about)),
    "card.hold": Probe(lambda m: _card(m, reason="à revoir"), A_CARD),
    "card.release": Probe(
        lambda m: {"card": _id(m.held)} if m.held else _card(m),
        lambda m, actor: None if m.held else "not_in_this_state" if m.cards else "gone",
    ),
    "card.mark": Probe(lambda m: _card(m, language="fr"), A_CARD),
    "card.refile": Probe(lambda m: _card(m, factor="F02"), if_there(lambda m: m.cards, unless_counting)),
    "card.translate": Probe(lambda m: _card(m, language="en", text="An action"), A_CARD),
    "cluster.make": Probe(_ticked, if_there(lambda m: m.cards, unless_counting)),
    "cluster.propose": Probe(
        lambda m: _standing(m, name="Un nom"),
        if_there(lambda m: m.clusters, lambda m, a: None if a.role == "expert" else unless_counting(m, a)),
    ),
    "cluster.name": Probe(
        lambda m: _standing(m, name="Un nom", seen=m.clusters[0]["name"] if m.clusters else ""),
        if_there(lambda m: m.clusters, unless_counting),
    ),
    "cluster.merge": Probe(_two, if_there(two_apart, unless_counting)),
    "cluster.split": Probe(_cluster, and_then(and_then(ANY_CLUSTER, unless_counting), merged_now)),
    "cluster.dissolve": Probe(_standing, if_there(lambda m: m.clusters, unless_counting)),
    "cluster.contest": Probe(_cluster, and_then(ANY_CLUSTER, contested)),
    "cluster.keep": Probe(_cluster, and_then(ANY_CLUSTER, to_be_kept)),
    "suggestion.merge": Probe(_two, if_there(two_apart)),
    "suggestion.accept": Probe(_suggestion, if_there(lambda m: m.suggestion, still_open(unless_counting))),
    "suggestion.decline": Probe(_suggestion, if_there(lambda m: m.suggestion, still_open(nothing_more))),
    "pair.dismiss": Probe(_pair, if_there(lambda m: len(m.cards) > 1)),
    "pair.recall": Probe(_pair),
    "ballot.cast": Probe(lambda m: _epoch(m, revision=1, choices={}), and_then(cast, in_this_round)),
    # As with "card.enter": what a desk may enter is tests/boards/test_papers.py's affair.
    "ballot.paper": Probe(lambda m: _epoch(m, seat="1", choices={}), lambda m, actor: "no_such_seat"),
    "handcount.enter": Probe(lambda m: _epoch(m, table=m.table, present=0, counts={}), after_the_vote),
    "comment.post": Probe(_said, in_this_round),
    "comment.remove": Probe(_comment, and_then(A_COMMENT, own_words)),
    "comment.show": Probe(lambda m: _comment(m, shown=True), A_COMMENT),
    "comment.mark": Probe(lambda m: _comment(m, language="fr"), A_COMMENT),
    "comment.translate": Probe(lambda m: _comment(m, language="en", text="A remark"), A_COMMENT),
    "sheet.make": Probe(
        lambda m: {"targets": [{"table": "clusters", "id": _standing(m)["cluster"]}]},
        if_there(lambda m: m.clusters),
    ),
    "sheet.fill": Probe(
        lambda m: _sheet(m, field="lead", text="La direction", seen=m.sheet["lead"] if m.sheet else ""),
        A_SHEET,
    ),
    "sheet.sort": Probe(
        lambda m: _sheet(m, disposition="park", seen=m.sheet["disposition"] if m.sheet else None), A_SHEET
    ),
    "sheet.place": Probe(_placed, A_SHEET),
    "sheet.turn": Probe(lambda m: _sheet(m, state="draft"), if_there(lambda m: m.sheet)),
    "sheet.freeze": Probe(lambda m: {"number": next_number(m.state)}, some_sheet),
    "sheet.progress": Probe(
        lambda m: _sheet(m, status="under_way", percent=30, text="", day="2021-03-31"),
        if_there(lambda m: m.sheet, not_dropped),
    ),
    "progress.remove": Probe(lambda m: {"progress": _id(m.report)}, if_there(lambda m: m.report, own_report)),
    "note.write": Probe(_noted),
    "note.edit": Probe(
        lambda m: _note(m, text="Autrement dit", seen=m.note["text"] if m.note else ""), A_NOTE
    ),
    "note.remove": Probe(_note, A_NOTE),
    "text.release": Probe(
        lambda m: {"target": {"table": "notes", "id": _id(m.note)}, "released": True},
        if_there(lambda m: m.note),
    ),
    **_command("start", _round, nothing_else_runs),
    **_command("pause"),
    **_command("resume"),
    **_command("extend", _later),
    **_command("close", _closing, by_the_clock),
    **_command("release", lambda m: _epoch(m, n=m.round["released"])),
    **_command("rekey", lambda m: _epoch(m, key=m.round["key"])),
    **_command("publish"),
    **_command("reopen", lambda m: _epoch(m, minutes=3), nothing_else_runs),
    **_command("void"),
    **_command("skip", _round),
    **_command("plan", _round),
    **_command("edit", lambda m: _round(m, seen=m.round["rev"], **_plan(m))),
    **_command("move", lambda m: _round(m, after=None)),
    **_command("remove", _round, never_ran),
    **_command("late", lambda m: _round(m, minutes=3), written),
    "round.add": Probe(lambda m: {**_plan(m), "after": m.round["id"]}),
    "agenda.replace": Probe(_replaced),
    "board.spotlight": Probe(lambda m: {"target": None}),
    "board.gather": Probe(lambda m: {"factor": m.home[0]}),
    "board.message": Probe(lambda m: {"text": None}),
    "board.setup": Probe(_setup, lambda m, actor: "not_in_this_state"),
    "board.import": Probe(_whole, lambda m, actor: "not_in_this_state"),
    "board.axes": Probe(lambda m: {"axes": m.state["board"]["board"].get("axes", [])}),
    "board.practice": Probe(lambda m: {"board": m.state["board"]["board"]["practice_board"]}),
    "board.set": Probe(lambda m: {}),
    "board.forget": Probe(lambda m: {}, at_rest),
    "board.archive": Probe(lambda m: {"archived": True}, at_rest),
}
