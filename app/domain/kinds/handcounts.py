"""Shows of hands at a table: how many hands rose for each target. Not secret, and never added to the ballots.

A record of its own for each table, shown apart. Hands are counted once the urn is closed, and nobody outside the staff sees
them before the vote is published: what one table thinks must not lead the others.
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from app.domain import rounds
from app.domain.changes import Change, patch, put, remove
from app.domain.errors import Rejected
from app.domain.kinds import ballots
from app.domain.operations import Actor, Context, Rule, need
from app.domain.payloads import record_id, schema, whole
from app.domain.records import ALL, STAFF, Record, State

OPEN_TO_HANDS = ("closed", "published")
MOST_HANDS = 1000


def enter(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """One table's hands, counted anew each time: what stood there before is replaced whole.

    Raises: Rejected("not_allowed") for another table's scribe; Rejected("over_hands", most) for more hands than people.
    """
    table = need(state, "tables", payload["table"])["id"]
    if actor.role != "facilitator" and actor.table != table:
        raise Rejected("not_allowed")
    round_ = ballots.voting(state, payload)
    rounds.at_epoch(round_, payload["epoch"])
    if round_["state"] not in OPEN_TO_HANDS:
        raise Rejected("not_in_this_state", state=round_["state"])
    seats = sum(seat.table == table for seat in actor.desk.values())
    _within("present", payload["present"], seats)
    listed = {target["id"] for target in ballots.listed_for(round_, table)}
    for target, hands in payload["counts"].items():
        if target not in listed:
            raise Rejected("bad_target", target=target)
        _within(target, hands, payload["present"])
    known = state["handcounts"].get(_id(round_, table))
    counted = {"present": payload["present"], "counts": payload["counts"]}
    if known:
        return [patch("handcounts", known, **counted)]
    audience = ALL if round_["state"] == "published" else STAFF
    return [
        put(
            "handcounts",
            {
                "id": _id(round_, table),
                "round": round_["id"],
                "epoch": round_["epoch"],
                "table": table,
                **counted,
                "audience": audience,
            },
        )
    ]


def _within(what: str, hands: int, most: int) -> None:
    if hands > most:
        raise Rejected("over_hands", most=most, target=what)


def _id(round_: Record, table: str) -> str:
    return f"{round_['id']}:{round_['epoch']}:{table}"


def _waiting(state: State, round_: Record) -> list[Record]:
    """The hands of this round's epoch that only staff see."""
    counts = state["handcounts"].values()
    return [
        one
        for one in counts
        if (one["round"], one["epoch"]) == (round_["id"], round_["epoch"]) and one["audience"] == STAFF
    ]


def shown(state: State, round_: Record) -> list[Change]:
    """At the publication everybody sees them."""
    return [patch("handcounts", one, audience=ALL) for one in _waiting(state, round_)]


def taken_back(state: State, round_: Record) -> list[Change]:
    """A vote that goes on, or is thrown away: hands that rose before say nothing of it."""
    return [remove("handcounts", one) for one in _waiting(state, round_)]


RULES = {
    "handcount.enter": Rule(
        schema(
            **ballots.IN_ROUND,
            table=record_id(),
            present=whole(0, MOST_HANDS),
            counts=fields.Dict(
                keys=record_id(),
                values=whole(0, MOST_HANDS),
                required=True,
                validate=validate.Length(max=ballots.MOST_TARGETS),
            ),
        ),
        enter,
    ),
}
