"""Clusters: groups of cards under one home factor. Cards keep their own factor; a merge leaves a trace that is followed."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from app.domain import wording
from app.domain.changes import Change, patch, put
from app.domain.errors import Rejected
from app.domain.kinds.cards import MOST_MOVES, may_group, where_now
from app.domain.operations import Actor, Context, Rule, need
from app.domain.payloads import optional_id, raw_text, record_id, schema
from app.domain.records import Record, State

MOST_PROPOSALS = 5


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
    cluster = {
        "id": op_id,
        "factor": payload["factor"],
        "name": name,
        "merged_into": None,
        "proposals": [],
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
    if cluster["name"] != payload["seen"]:
        raise Rejected("name_taken_meanwhile", name=cluster["name"])
    name = wording.clean(payload["name"], wording.NAME_CHARS) if payload["name"].strip() else ""
    proposals = [text for text in cluster["proposals"] if text != name]
    return [patch("clusters", cluster, name=name, proposals=proposals)]


def propose(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str
) -> list[Change]:
    """A name to choose from; the newest five stay, and nobody learns whose it was."""
    cluster = where_now(state, payload["cluster"])
    if actor.role != "expert":
        may_group(state, actor, cluster["factor"])
    name = wording.clean(payload["name"], wording.NAME_CHARS)
    if name == cluster["name"] or name in cluster["proposals"]:
        return []
    return [patch("clusters", cluster, proposals=[*cluster["proposals"], name][-MOST_PROPOSALS:])]


def _inside(state: State, cluster_id: str) -> list[Record]:
    return [card for card in state["cards"].values() if card["cluster"] == cluster_id]


def merge(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """All cards of one cluster go into another; what was meant for the first follows."""
    source, target = need(state, "clusters", payload["from"]), where_now(state, payload["into"])
    if source["merged_into"]:
        raise Rejected("moved_meanwhile", card=source["id"], to=source["merged_into"])
    if source["id"] == target["id"]:
        raise Rejected("bad_target")
    may_group(state, actor, source["factor"])
    may_group(state, actor, target["factor"])
    return [
        patch("clusters", source, merged_into=target["id"]),
        *(patch("cards", card, cluster=target["id"]) for card in _inside(state, source["id"])),
    ]


def split(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """Undo a merge: the cluster stands on its own again. Its cards are given back by `card.move`."""
    cluster = need(state, "clusters", payload["cluster"])
    may_group(state, actor, cluster["factor"])
    if not cluster["merged_into"]:
        raise Rejected("not_in_this_state")
    return [patch("clusters", cluster, merged_into=None)]


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
}
