"""Who may do what, and when: one table, role x operation x phase. `docs/permissions.md` and the browser's buttons are made from it,
and so is the test matrix: `allowed` answers for every operation, role, kind of round and state.

A phase is the kind of the round that is live. Staff grants hold at any time unless a row says otherwise; what belongs to
one table only (a factor, a cluster) is checked by the rule beside the payload, because only it knows the factor.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain import rounds as machine
from app.domain.errors import Rejected
from app.domain.records import Record, State, board_of

if TYPE_CHECKING:
    from app.domain.operations import Actor

ANY_TIME: frozenset[str] = frozenset({"any time"})
LIVE = machine.LIVE


def _during(*kinds: str) -> frozenset[str]:
    return frozenset(kinds)


COMMENT_KINDS = _during("brief", "discuss", "cluster", "post", "break", "setup")
GROUPING = _during("cluster")
# When nothing is at stake but what is being read: a group may be called into question.
READING = _during("brief", "discuss", "cluster", "break")
SHEETS = _during("prioritise", "discuss", "break")


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of operation: for each role that may send it, the kinds of round during which it may."""

    kind: str
    grants: dict[str, frozenset[str]]


ROWS: tuple[Row, ...] = (
    Row("card.post", {"participant": _during("post")}),
    Row("card.enter", {"scribe": _during("post"), "facilitator": _during("post")}),
    Row("card.edit", {"participant": _during("post"), "scribe": _during("post")}),
    Row("card.withdraw", {"participant": _during("post"), "scribe": _during("post")}),
    Row("card.claim", {"participant": ANY_TIME, "scribe": ANY_TIME, "facilitator": ANY_TIME}),
    Row("card.move", {"participant": GROUPING, "scribe": GROUPING, "facilitator": ANY_TIME}),
    Row("card.hold", {"facilitator": ANY_TIME}),
    Row("card.release", {"facilitator": ANY_TIME}),
    Row("card.erase", {"facilitator": ANY_TIME}),
    Row("card.mark", {"facilitator": ANY_TIME, "rapporteur": ANY_TIME}),
    Row("card.refile", {"facilitator": ANY_TIME}),
    Row("card.translate", {"facilitator": ANY_TIME, "rapporteur": ANY_TIME}),
    Row("cluster.make", {"participant": GROUPING, "scribe": GROUPING, "facilitator": ANY_TIME}),
    Row("cluster.propose", {"participant": GROUPING, "scribe": GROUPING, "expert": ANY_TIME}),
    Row("cluster.name", {"scribe": GROUPING, "facilitator": ANY_TIME}),
    Row("cluster.merge", {"scribe": GROUPING, "facilitator": ANY_TIME}),
    Row("cluster.split", {"scribe": GROUPING, "facilitator": ANY_TIME}),
    Row("cluster.dissolve", {"scribe": GROUPING, "facilitator": ANY_TIME}),
    Row(
        "cluster.contest",
        {"participant": READING, "scribe": READING, "expert": ANY_TIME, "rapporteur": ANY_TIME},
    ),
    Row("cluster.keep", {"facilitator": ANY_TIME}),
    Row("suggestion.merge", {"expert": ANY_TIME}),
    Row("suggestion.accept", {"facilitator": ANY_TIME}),
    Row("suggestion.decline", {"facilitator": ANY_TIME}),
    Row("pair.dismiss", {"facilitator": ANY_TIME}),
    Row("pair.recall", {"facilitator": ANY_TIME}),
    Row("ballot.cast", {"participant": _during("vote", "assess", "prioritise")}),
    # As long as the urn is sealed, whatever else is live by then; the rule looks at the round it names.
    Row("ballot.paper", {"scribe": ANY_TIME, "facilitator": ANY_TIME}),
    Row("handcount.enter", {"scribe": ANY_TIME, "facilitator": ANY_TIME}),
    Row(
        "comment.post",
        {
            "participant": COMMENT_KINDS,
            "facilitator": ANY_TIME,
            "expert": ANY_TIME,
            "rapporteur": ANY_TIME,
        },
    ),
    Row("comment.remove", {"facilitator": ANY_TIME, "expert": ANY_TIME, "rapporteur": ANY_TIME}),
    Row("comment.show", {"facilitator": ANY_TIME}),
    Row("comment.mark", {"facilitator": ANY_TIME, "rapporteur": ANY_TIME}),
    Row("comment.translate", {"facilitator": ANY_TIME, "rapporteur": ANY_TIME}),
    Row("sheet.make", {"scribe": SHEETS, "facilitator": ANY_TIME, "rapporteur": ANY_TIME}),
    Row("sheet.fill", {"scribe": SHEETS, "facilitator": ANY_TIME, "rapporteur": ANY_TIME}),
    Row("sheet.sort", {"scribe": SHEETS, "facilitator": ANY_TIME, "rapporteur": ANY_TIME}),
    Row("sheet.place", {"facilitator": ANY_TIME, "rapporteur": ANY_TIME}),
    Row("sheet.turn", {"facilitator": ANY_TIME, "rapporteur": ANY_TIME}),
    Row("sheet.freeze", {"facilitator": ANY_TIME, "rapporteur": ANY_TIME}),
    Row("sheet.progress", {"scribe": SHEETS, "facilitator": ANY_TIME, "rapporteur": ANY_TIME}),
    Row("progress.remove", {"scribe": SHEETS, "facilitator": ANY_TIME, "rapporteur": ANY_TIME}),
    Row("note.write", {"facilitator": ANY_TIME, "rapporteur": ANY_TIME}),
    Row("note.edit", {"facilitator": ANY_TIME, "rapporteur": ANY_TIME}),
    Row("note.remove", {"facilitator": ANY_TIME, "rapporteur": ANY_TIME}),
    Row("text.release", {"facilitator": ANY_TIME, "rapporteur": ANY_TIME}),
    Row("round.start", {"facilitator": ANY_TIME}),
    Row("round.pause", {"facilitator": ANY_TIME, "clock": ANY_TIME}),
    Row("round.resume", {"facilitator": ANY_TIME}),
    Row("round.extend", {"facilitator": ANY_TIME}),
    Row("round.close", {"facilitator": ANY_TIME, "clock": ANY_TIME}),
    Row("round.release", {"clock": ANY_TIME}),
    Row("round.rekey", {"clock": ANY_TIME}),
    Row("round.publish", {"facilitator": ANY_TIME}),
    Row("round.reopen", {"facilitator": ANY_TIME}),
    Row("round.void", {"facilitator": ANY_TIME}),
    Row("round.skip", {"facilitator": ANY_TIME}),
    Row("round.plan", {"facilitator": ANY_TIME}),
    Row("round.add", {"facilitator": ANY_TIME}),
    Row("round.edit", {"facilitator": ANY_TIME}),
    Row("round.move", {"facilitator": ANY_TIME}),
    Row("round.remove", {"facilitator": ANY_TIME}),
    Row("round.late", {"facilitator": ANY_TIME}),
    Row("agenda.replace", {"facilitator": ANY_TIME, "administrator": ANY_TIME}),
    # The rapporteur reads the conclusions out, sheet by sheet.
    Row("board.spotlight", {"facilitator": ANY_TIME, "rapporteur": READING}),
    Row("board.gather", {"facilitator": ANY_TIME}),
    Row("board.message", {"facilitator": ANY_TIME}),
    Row("board.setup", {"administrator": ANY_TIME}),
    Row("board.import", {"administrator": ANY_TIME}),
    Row("board.axes", {"facilitator": ANY_TIME, "administrator": ANY_TIME}),
    Row("board.practice", {"facilitator": ANY_TIME}),
    Row("board.set", {"facilitator": ANY_TIME}),
    # The server's own, at an administrator's word or on the day that was announced.
    Row("board.forget", {"clock": ANY_TIME}),
    Row("board.archive", {"clock": ANY_TIME}),
)

# What may be done to a board that was put away.
ON_ARCHIVED = frozenset({"board.forget", "board.archive"})

# Who may ask to speak, and while which rounds: openly, so never while people write or vote unseen.
HANDS = frozenset({"participant", "scribe", "expert", "observer", "rapporteur"})
SPOKEN = _during("setup", "brief", "cluster", "discuss", "break", "prioritise")

# In which states of the round it names an operation may come; what is not here names none, or minds no state.
_INPUT = frozenset(LIVE)
_ENDED = frozenset({"closed", "published"})
_UNBEGUN = frozenset({"planned", "skipped", "void"})
NAMED_STATES: dict[str, frozenset[str]] = {
    **{f"round.{command}": frozenset(steps) for command, steps in machine.TRANSITIONS.items()},
    **dict.fromkeys(("card.post", "card.enter", "card.edit", "card.withdraw", "ballot.cast"), _INPUT),
    "card.claim": _INPUT | _ENDED,
    "ballot.paper": _INPUT | {"closed"},
    "handcount.enter": _ENDED,
    "round.edit": _UNBEGUN,
    "round.move": _UNBEGUN,
    "round.remove": frozenset({"planned", "skipped"}),
    "round.late": _ENDED,
}

# Only from within: no frame is large enough for it.
BY_SERVER = frozenset({"board.import"})

GRANTS: dict[str, dict[str, frozenset[str]]] = {row.kind: row.grants for row in ROWS}


def live_round(rounds: Iterable[Record]) -> Record | None:
    """The round that is running or paused; there is at most one."""
    return next((r for r in rounds if r["state"] in LIVE), None)


def may(kind: str, role: str, live_kind: str | None) -> bool:
    """Whether a role may send this kind while a round of `live_kind` (None: no round) is live."""
    during = GRANTS[kind].get(role, frozenset())
    return during == ANY_TIME or live_kind in during


def allowed(kind: str, role: str, round_kind: str, state: str) -> bool:
    """Whether the table lets a role do this to, or during, a round of this kind in this state: one cell of the matrix.

    What a rule asks beyond it (a factor of the own table, points that are left, a method that exists) is not here.
    """
    live_kind = round_kind if state in LIVE else None
    return may(kind, role, live_kind) and state in NAMED_STATES.get(kind, machine.STATES)


def check_hand(role: str, live: Record | None) -> None:
    """Refuse a raised hand, which is open to all eyes, while a round is sealed: who stirs would tell who writes.

    Raises: Rejected("not_allowed"), or Rejected("not_in_this_state") when this role may at another time.
    """
    if role not in HANDS:
        raise Rejected("not_allowed")
    if live and (live["kind"] not in SPOKEN or machine.is_sealed(live)):
        raise Rejected("not_in_this_state", state=live["state"])


def on_time(live: Record | None, kind: str, actor: Actor, now_ms: int) -> None:
    """Refuse what a round lets people do, once it has ended for their table; the facilitator has no such end.

    Raises: Rejected("round_over").
    """
    bound = actor.table and GRANTS[kind].get(actor.role, ANY_TIME) != ANY_TIME
    if live and bound and machine.has_ended(live, now_ms, actor.table):
        raise Rejected("round_over")


def check(state: State, live: Record | None, kind: str, payload: dict[str, Any], actor: Actor) -> None:
    """Refuse what the table does not grant.

    Raises: Rejected("round_over") when the role may do this, only not now (the text goes back as a draft);
            Rejected("not_allowed") when it never may; Rejected("archived") on a board that was put away.
    """
    if board_of(state).get("archived") and kind not in ON_ARCHIVED:
        raise Rejected("archived")
    if may(kind, actor.role, live["kind"] if live else None):
        return
    if actor.role not in GRANTS[kind]:
        raise Rejected("not_allowed")
    named = state["rounds"].get(payload.get("round", ""))
    raise Rejected("round_not_open" if named and named["state"] == "planned" else "round_over")
