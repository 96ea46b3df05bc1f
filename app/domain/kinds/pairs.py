"""Pairs of cards that staff looked at and found to be two things: no longer suggested as the same. Seen by staff alone."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from app.domain.changes import Change, put, remove
from app.domain.errors import Rejected
from app.domain.operations import Actor, Context, Rule, need
from app.domain.payloads import record_id, schema
from app.domain.records import STAFF, State


def pair_id(a: str, b: str) -> str:
    """The one name of two cards, whichever is named first."""
    return ":".join(sorted((a, b)))


def dismiss(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str
) -> list[Change]:
    """Remember that two cards are not the same. Raises: Rejected("bad_target") for a card and itself."""
    a, b = sorted(need(state, "cards", card)["id"] for card in payload["cards"])
    if a == b:
        raise Rejected("bad_target")
    if pair_id(a, b) in state["pairs"]:
        return []
    return [put("pairs", {"id": pair_id(a, b), "cards": [a, b], "audience": STAFF})]


def recall(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """Take that back: the two may be suggested again."""
    found = state["pairs"].get(pair_id(*payload["cards"]))
    return [remove("pairs", found)] if found else []


TWO_CARDS = schema(cards=fields.List(record_id(), required=True, validate=validate.Length(equal=2)))

RULES = {
    "pair.dismiss": Rule(TWO_CARDS, dismiss),
    "pair.recall": Rule(TWO_CARDS, recall),
}
