"""Ballots: what one seat decided in one voting round, sent and replaced whole until the close."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from marshmallow import fields, validate

from app.domain import rounds
from app.domain.counting import bucket_of, method_of
from app.domain.counting.method import vote_of
from app.domain.errors import Rejected
from app.domain.operations import Actor, Context, Drop, Rule, need
from app.domain.payloads import EPOCH, REVISION, record_id, schema, whole
from app.domain.records import Record, State

MOST_TARGETS = 400
# What stands around the choices, and around one of them: an id of at most 64 characters.
_BYTES_A_BALLOT, _BYTES_A_TARGET = 128, 72


def targets_of(state: State, round_: Record, chosen: list[str] | None) -> list[dict[str, Any]]:
    """The list a vote is about, frozen when it starts; unless it says otherwise, clusters with cards and cards in none.

    Shape:  `bucket` is the list a target stands in, for its budget and its rank; a question brings its `words` along.
    Raises: Rejected("no_targets"), Rejected("bad_target", target).
    """
    factors = set(round_["factors"])
    if round_["scope"]:
        factors = {factor for some in round_["scope"].values() for factor in some}
    listed = (
        _questions(round_)
        if round_["targets"] == "questions"
        else _all_targets(state, round_["targets"], factors)
    )
    if chosen:
        by_id = {target["id"]: target for target in listed}
        for wanted in chosen:
            if wanted not in by_id:
                raise Rejected("bad_target", target=wanted)
        listed = [by_id[wanted] for wanted in dict.fromkeys(chosen)]
    if not listed:
        raise Rejected("no_targets")
    return [{**target, "bucket": bucket_of(round_, target["factor"])} for target in listed]


def _questions(round_: Record) -> list[dict[str, Any]]:
    """Questions belong to no factor: everybody answers them."""
    return [
        {**_target("questions", f"{round_['id']}.q{number}", ""), "words": question}
        for number, question in enumerate(round_.get("questions", []), 1)
    ]


def _all_targets(state: State, kind: str | None, factors: set[str]) -> list[dict[str, Any]]:
    if kind == "factors":
        in_order = sorted(state["factors"].values(), key=lambda factor: factor["number"])
        return [_target("factors", f["id"], f["id"]) for f in in_order if f["id"] in factors]
    if kind == "sheets":
        kept = (sheet for sheet in state["sheets"].values() if sheet["state"] != "dropped")
        sheets = sorted(kept, key=lambda sheet: sheet["number"])
        return [_target("sheets", s["id"], s["factor"]) for s in sheets if s["factor"] in factors]
    shown = sorted(
        (c for c in state["cards"].values() if c["state"] == "published" and c["kind"] == "action"),
        key=lambda card: card["number"],
    )
    if kind == "cards":
        return [_target("cards", c["id"], c["factor"]) for c in shown if c["factor"] in factors]
    filled = dict.fromkeys(card["cluster"] for card in shown if card["cluster"])
    clusters = [state["clusters"][cluster_id] for cluster_id in filled]
    return [_target("clusters", c["id"], c["factor"]) for c in clusters if c["factor"] in factors] + [
        _target("cards", c["id"], c["factor"]) for c in shown if not c["cluster"] and c["factor"] in factors
    ]


def _target(table: str, record_id: str, factor: str) -> dict[str, Any]:
    return {"table": table, "id": record_id, "factor": factor}


def listed_for(round_: Record, table: str | None) -> list[dict[str, Any]]:
    """What a person at this table has on the ballot: of the frozen list, what belongs to the table's factors or to none."""
    mine = rounds.factors_for(round_, table)
    return [t for t in round_["ballot"] or () if t["factor"] in mine or not t["factor"]]


def cast(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> Drop:
    round_ = voting(state, payload)
    rounds.takes_input(round_, payload["epoch"], context.now_ms, actor.table)
    return replace(filled_in(round_, payload["choices"], actor), revision=payload["revision"])


def voting(state: State, payload: dict[str, Any]) -> Record:
    """The round a ballot names. Raises: Rejected("gone"), Rejected("not_in_this_state") where nobody votes."""
    round_ = need(state, "rounds", payload["round"])
    if not rounds.is_ballot(round_):
        raise Rejected("not_in_this_state", state=round_["state"])
    return round_


def filled_in(round_: Record, answers: dict[str, Any], voter: Actor) -> Drop:
    """A whole ballot of this voter's, as it is kept. Raises: Rejected("bad_target"), or what the method refuses."""
    targets = {t["id"]: bucket_of(round_, t["factor"]) for t in listed_for(round_, voter.table)}
    # Zero points is no choice: what is kept does not tell who weighed a target and left it.
    choices = {target: choice for target, choice in answers.items() if choice != 0}
    for target in choices:
        if target not in targets:
            raise Rejected("bad_target", target=target)
    method, vote = method_of(round_), vote_of(round_)
    kept = method.check(choices, vote, targets)
    return Drop(
        "ballot",
        round_["id"],
        round_["epoch"],
        body=dict(kept),
        size_bytes=_BYTES_A_BALLOT
        + len(round_["ballot"]) * (_BYTES_A_TARGET + method.bytes_of(vote))
        + method.text_bytes,
        side=voter.side,
    )


def choices(**more: Any) -> fields.Field[Any]:
    """Target -> answer; what an answer may be is the method's to say."""
    at_most = validate.Length(max=MOST_TARGETS)
    return fields.Dict(keys=record_id(), values=fields.Raw(), required=True, validate=at_most, **more)


IN_ROUND = {"round": record_id(), "epoch": whole(*EPOCH)}

RULES = {
    "ballot.cast": Rule(schema(**IN_ROUND, revision=whole(*REVISION), choices=choices()), cast),
}
