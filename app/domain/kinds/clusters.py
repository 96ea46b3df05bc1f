"""Clusters: groups of cards under one home factor. Cards keep their own factor; a merge leaves a trace that is followed, that
anybody can call into question, and that can be undone.
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from app.domain import wording
from app.domain.changes import Change, patch, put
from app.domain.errors import Rejected
from app.domain.kinds.cards import MOST_MOVES, may_group, where_now
from app.domain.operations import Actor, Context, Rule, need
from app.domain.payloads import optional_id, raw_text, record_id, schema
from app.domain.policy import live_round
from app.domain.records import Record, State, board_of

MOST_PROPOSALS = 5
MOST_FORMER = 10


# What is kept of a merge on the cluster that went into another one; `contest` is None, "open" or "kept".
STANDING: dict[str, Any] = {"merge": None, "contest": None}


def may_name(state: State, factor: str) -> None:
    """Where names wait, sorting comes first, in silence: a name drawn early pulls the cards that come after it.

    Raises: Rejected("names_wait") until a grouping round on the factor is over.
    """
    if not board_of(state).get("names_wait"):
        return
    sorted_once = any(
        round_["kind"] == "cluster" and round_["state"] == "published" and factor in round_["factors"]
        for round_ in state["rounds"].values()
    )
    if not sorted_once:
        raise Rejected("names_wait")


def make(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """A new cluster from cards that are still where they were seen.

    Raises: Rejected("moved_meanwhile", card, to) when none is.
    """
    need(state, "factors", payload["factor"])
    cards = [need(state, "cards", asked["card"]) for asked in payload["cards"]]
    for card in cards:
        may_group(state, actor, card["factor"])
    may_group(state, actor, payload["factor"])
    still_there = [
        card for card, asked in zip(cards, payload["cards"], strict=True) if card["cluster"] == asked["seen"]
    ]
    if not still_there:
        raise Rejected("moved_meanwhile", card=cards[0]["id"], to=cards[0]["cluster"])
    name = wording.clean(payload["name"], wording.NAME_CHARS) if payload["name"].strip() else ""
    if name:
        may_name(state, payload["factor"])
    cluster = {
        "id": op_id,
        "factor": payload["factor"],
        "name": name,
        "former_names": [],
        "proposals": [],
        "merged_into": None,
        **STANDING,
    }
    # A card ticked twice is one card.
    unique = {card["id"]: card for card in still_there}.values()
    return [put("clusters", cluster), *(patch("cards", card, cluster=op_id) for card in unique)]


def name_it(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str
) -> list[Change]:
    """Raises: Rejected("name_taken_meanwhile", name) when somebody renamed it since it was seen."""
    cluster = where_now(state, payload["cluster"])
    may_group(state, actor, cluster["factor"])
    may_name(state, cluster["factor"])
    if cluster["name"] != payload["seen"]:
        raise Rejected("name_taken_meanwhile", name=cluster["name"])
    name = wording.clean(payload["name"], wording.NAME_CHARS) if payload["name"].strip() else ""
    if name == cluster["name"]:
        return []
    proposals = [text for text in cluster["proposals"] if text != name]
    former = [text for text in cluster.get("former_names", []) if text not in (name, cluster["name"])]
    if cluster["name"]:
        former = [*former, cluster["name"]][-MOST_FORMER:]
    return [patch("clusters", cluster, name=name, proposals=proposals, former_names=former)]


def propose(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str
) -> list[Change]:
    """A name to choose from; the newest five stay, and nobody learns whose it was."""
    cluster = where_now(state, payload["cluster"])
    if actor.role != "expert":
        may_group(state, actor, cluster["factor"])
    may_name(state, cluster["factor"])
    name = wording.clean(payload["name"], wording.NAME_CHARS)
    if name == cluster["name"] or name in cluster["proposals"]:
        return []
    return [patch("clusters", cluster, proposals=[*cluster["proposals"], name][-MOST_PROPOSALS:])]


def _inside(state: State, cluster_id: str) -> list[Record]:
    return [card for card in state["cards"].values() if card["cluster"] == cluster_id]


def merge(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """All cards of one cluster go into another; what was meant for the first follows. Which cards they were is kept."""
    source, target = need(state, "clusters", payload["from"]), where_now(state, payload["into"])
    if source["merged_into"]:
        raise Rejected("moved_meanwhile", card=source["id"], to=source["merged_into"])
    if source["id"] == target["id"]:
        raise Rejected("bad_target")
    may_group(state, actor, source["factor"])
    may_group(state, actor, target["factor"])
    inside = _inside(state, source["id"])
    live = live_round(state["rounds"].values())
    trace = {
        "cards": [card["id"] for card in inside],
        "by": actor.role,
        "round": live["id"] if live else None,
    }
    return [
        patch("clusters", source, merged_into=target["id"], merge=trace, contest=None),
        *(patch("cards", card, cluster=target["id"]) for card in inside),
    ]


def split(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """Undo a merge: the cluster stands on its own again, with those of its cards that nobody moved since."""
    cluster = need(state, "clusters", payload["cluster"])
    may_group(state, actor, cluster["factor"])
    if not cluster["merged_into"]:
        raise Rejected("not_in_this_state")
    now = where_now(state, cluster["merged_into"])
    came_with_it = set((cluster.get("merge") or {}).get("cards", ()))
    return [
        patch("clusters", cluster, merged_into=None, **STANDING),
        *(
            patch("cards", card, cluster=cluster["id"])
            for card in _inside(state, now["id"])
            if card["id"] in came_with_it
        ),
    ]


def contest(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str
) -> list[Change]:
    """Call a merge into question. A mark and no more: neither who nor how many. What was kept after that stays kept."""
    return _contested(state, payload, {None: "open"})


def keep(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """The facilitator's answer to a contested merge, beside undoing it."""
    return _contested(state, payload, {"open": "kept"})


def _contested(state: State, payload: dict[str, Any], steps: dict[str | None, str]) -> list[Change]:
    cluster = need(state, "clusters", payload["cluster"])
    now = cluster.get("contest")
    if not cluster["merged_into"]:
        raise Rejected("not_in_this_state")
    if now in steps.values():
        return []
    if now not in steps:
        raise Rejected("not_in_this_state", state=now)
    return [patch("clusters", cluster, contest=steps[now])]


def dissolve(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str
) -> list[Change]:
    cluster = need(state, "clusters", payload["cluster"])
    may_group(state, actor, cluster["factor"])
    return [patch("cards", card, cluster=None) for card in _inside(state, cluster["id"])]


TICKED = fields.List(
    fields.Nested(schema(card=record_id(), seen=optional_id())),
    required=True,
    validate=validate.Length(1, MOST_MOVES),
)

RULES = {
    "cluster.make": Rule(schema(factor=record_id(), cards=TICKED, name=raw_text()), make),
    "cluster.name": Rule(schema(cluster=record_id(), name=raw_text(), seen=raw_text()), name_it),
    "cluster.propose": Rule(schema(cluster=record_id(), name=raw_text()), propose),
    "cluster.merge": Rule(schema(**{"from": record_id()}, into=record_id()), merge),
    "cluster.split": Rule(schema(cluster=record_id()), split),
    "cluster.dissolve": Rule(schema(cluster=record_id()), dissolve),
    "cluster.contest": Rule(schema(cluster=record_id()), contest),
    "cluster.keep": Rule(schema(cluster=record_id()), keep),
}
