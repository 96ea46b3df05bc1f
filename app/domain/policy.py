"""Who may do what, and when: one table, role x operation x phase. `docs/permissions.md` and the browser's buttons are made from it.

A phase is the kind of the round that is live. Staff grants hold at any time unless a row says otherwise; what belongs to
one table only (a factor, a cluster) is checked by the rule beside the payload, because only it knows the factor.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.errors import Rejected
from app.domain.records import Record, State

if TYPE_CHECKING:
    from app.domain.operations import Actor

ANY_TIME: frozenset[str] = frozenset({"any time"})
LIVE = ("running", "paused")


def _during(*kinds: str) -> frozenset[str]:
    return frozenset(kinds)


COMMENT_KINDS = _during("brief", "discuss", "cluster", "post", "break", "setup")
GROUPING = _during("cluster")
SHEETS = _during("prioritise", "discuss", "break")


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of operation: for each role that may send it, the kinds of round during which it may."""

    kind: str
    grants: dict[str, frozenset[str]]


ROWS: tuple[Row, ...] = (
    Row("card.post", {"participant": _during("post")}),
    Row("card.edit", {"participant": _during("post")}),
    Row("card.withdraw", {"participant": _during("post")}),
    Row("card.claim", {"participant": ANY_TIME}),
    Row("card.move", {"participant": GROUPING, "scribe": GROUPING, "facilitator": ANY_TIME}),
    Row("card.hold", {"facilitator": ANY_TIME}),
    Row("card.release", {"facilitator": ANY_TIME}),
    Row("card.erase", {"facilitator": ANY_TIME}),
    Row("card.mark", {"facilitator": ANY_TIME}),
    Row("card.refile", {"facilitator": ANY_TIME}),
    Row("card.translate", {"facilitator": ANY_TIME, "rapporteur": ANY_TIME}),
    Row("cluster.make", {"participant": GROUPING, "scribe": GROUPING, "facilitator": ANY_TIME}),
    Row("cluster.propose", {"participant": GROUPING, "scribe": GROUPING, "expert": ANY_TIME}),
    Row("cluster.name", {"scribe": GROUPING, "facilitator": ANY_TIME}),
    Row("cluster.merge", {"scribe": GROUPING, "facilitator": ANY_TIME}),
    Row("cluster.split", {"scribe": GROUPING, "facilitator": ANY_TIME}),
    Row("cluster.dissolve", {"scribe": GROUPING, "facilitator": ANY_TIME}),
    Row("ballot.cast", {"participant": _during("vote", "assess", "prioritise")}),
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
    Row("sheet.make", {"scribe": SHEETS, "facilitator": ANY_TIME, "rapporteur": ANY_TIME}),
    Row("sheet.fill", {"scribe": SHEETS, "facilitator": ANY_TIME, "rapporteur": ANY_TIME}),
    Row("sheet.sort", {"scribe": SHEETS, "facilitator": ANY_TIME, "rapporteur": ANY_TIME}),
    Row("sheet.place", {"facilitator": ANY_TIME, "rapporteur": ANY_TIME}),
    Row("sheet.turn", {"facilitator": ANY_TIME, "rapporteur": ANY_TIME}),
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
    Row("board.setup", {"administrator": ANY_TIME}),
    Row("board.axes", {"facilitator": ANY_TIME, "administrator": ANY_TIME}),
    Row("board.practice", {"facilitator": ANY_TIME}),
)

GRANTS: dict[str, dict[str, frozenset[str]]] = {row.kind: row.grants for row in ROWS}


def live_round(rounds: Iterable[Record]) -> Record | None:
    """The round that is running or paused; there is at most one."""
    return next((r for r in rounds if r["state"] in LIVE), None)


def may(kind: str, role: str, live_kind: str | None) -> bool:
    """Whether a role may send this kind while a round of `live_kind` (None: no round) is live."""
    during = GRANTS[kind].get(role, frozenset())
    return during == ANY_TIME or live_kind in during


def check(state: State, kind: str, payload: dict[str, Any], actor: Actor) -> None:
    """Refuse what the table does not grant.

    Raises: Rejected("round_over") when the role may do this, only not now (the text goes back as a draft);
            Rejected("not_allowed") when it never may.
    """
    live = live_round(state["rounds"].values())
    if may(kind, actor.role, live["kind"] if live else None):
        return
    if actor.role not in GRANTS[kind]:
        raise Rejected("not_allowed")
    named = state["rounds"].get(payload.get("round", ""))
    raise Rejected("round_not_open" if named and named["state"] == "planned" else "round_over")
