"""Likely duplicates that nobody has settled: neither together in a group nor found to be two things. What a vote would split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from app.domain.kinds.pairs import pair_id
from app.domain.likeness import LIKELY, Likeness
from app.domain.records import Record, State


def unsettled(state: State, factors: Sequence[str]) -> dict[str, int]:
    """How many likely pairs of actions are still apart, by factor; factors without any are left out.

    Shape: a pair counts under the factor of both its cards; across factors it is for the eye, not for a count.
    """
    actions = {id_: card for id_, card in state["cards"].items() if _is_votable(card)}
    likeness = Likeness()
    likeness.follow({id_: card["text"] for id_, card in actions.items()})
    found: Counter[str] = Counter()
    for pair in likeness.pairs():
        if pair.score < LIKELY:
            break
        one, other = (actions[id_] for id_ in pair.cards)
        if one["factor"] == other["factor"] and not _is_settled(state, one, other):
            found[one["factor"]] += 1
    return {factor: found[factor] for factor in factors if found[factor]}


def _is_votable(card: Record) -> bool:
    is_votable: bool = card["state"] == "published" and card["kind"] == "action"
    return is_votable


def _is_settled(state: State, one: Record, other: Record) -> bool:
    together = one["cluster"] is not None and one["cluster"] == other["cluster"]
    return together or pair_id(one["id"], other["id"]) in state["pairs"]
