"""The agenda: rounds are added, altered before they begin, moved, removed, and replaced by an imported list. What has begun
stays as it was; its rules were shown to people before they wrote."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from marshmallow import fields, validate

from app.domain import plans, rounds
from app.domain.changes import Change, patch, put, remove
from app.domain.errors import Rejected
from app.domain.kinds.ballots import MOST_TARGETS
from app.domain.kinds.board import NOT_BEGUN, RoundSchema
from app.domain.operations import Actor, Context, Rule, need
from app.domain.payloads import optional_id, record_id, schema, whole
from app.domain.records import Record, State

MOST_ROUNDS = 500
# The server gives these: an id that no browser chose, a place among the others.
GIVEN = ("id", "order")
LATE_WORDS = {"fr": "Retardataires\u00a0: {name}", "en": "Latecomers: {name}"}


def add(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """A new round after another one; a repeated vote brings the list it is about."""
    _room_for(state, 1)
    plan = plans.fitted(state, {name: payload[name] for name in PLAN})
    chosen = list(dict.fromkeys(payload["chosen"] or ())) or None
    return _inserted(state, {**plan, **NOT_BEGUN, "id": op_id, "chosen": chosen}, payload["after"])


def edit(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """Other rules for a round that has not begun, by somebody who saw what it says now.

    Raises: Rejected("not_in_this_state") once it ran: the rule was shown before the first card.
    """
    round_ = _planned(state, payload["round"])
    if round_["rev"] != payload["seen"]:
        raise Rejected("changed_meanwhile")
    fitted = plans.fitted(state, {name: payload[name] for name in PLAN})
    if payload["chosen"] is not None:
        fitted["chosen"] = payload["chosen"] or None
    altered = {name: value for name, value in fitted.items() if value != round_.get(name)}
    return [patch("rounds", round_, **altered)] if altered else []


def move(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """Put a round after another one (null: first); it takes the day of the one it follows."""
    round_ = _planned(state, payload["round"])
    others = [r for r in rounds.in_order(state["rounds"].values()) if r is not round_]
    place = _place(state, others, payload["after"])
    neighbour = others[place - 1] if place else (others[0] if others else round_)
    moved = {**round_, "day": neighbour["day"]}
    return _renumbered(state, [*others[:place], moved, *others[place:]])


def take_out(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str
) -> list[Change]:
    """Remove a round that never ran; one that did is part of what happened."""
    round_ = need(state, "rounds", payload["round"])
    if round_["epoch"] or round_["state"] not in ("planned", "skipped"):
        raise Rejected("not_in_this_state", state=round_["state"])
    return [remove("rounds", round_)]


def late(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """A short round for those whose texts missed the close: an urn of its own, shown from five authors up."""
    _room_for(state, 1)
    missed = need(state, "rounds", payload["round"])
    if not rounds.is_text(missed) or missed["state"] not in ("closed", "published"):
        raise Rejected("not_in_this_state", state=missed["state"])
    plan = {name: missed.get(name, plans.NO_RULES.get(name)) for name in PLAN}
    # Sealed, whatever the first was: in batches or at once, latecomers would be told apart by when their texts come.
    plan |= {"minutes": payload["minutes"], "release": "sealed", "at_zero": "close", "grace_s": 2}
    plan["name"] = {
        language: LATE_WORDS[language].format(name=name)[: plans.NAME_CHARS]
        for language, name in missed["name"].items()
        if language in LATE_WORDS
    }
    last = [r for r in rounds.in_order(state["rounds"].values()) if r["epoch"]][-1]
    return _inserted(state, {**plan, **NOT_BEGUN, "id": op_id, "late_of": missed["id"]}, last["id"])


def replace(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str
) -> list[Change]:
    """Put an imported list in the place of everything that has not begun. Rounds that ran stay, as they ran.

    Raises: Rejected("bad_plan", field, round) when the list names factors or tables that this board has not.
    """
    begun = [r for r in rounds.in_order(state["rounds"].values()) if r["epoch"]]
    kept = {r["id"] for r in begun}
    listed = [r for r in rounds.in_order(payload["rounds"]) if r["id"] not in kept]
    _check_named(state, listed)
    imported = {r["id"] for r in listed}
    if len(imported) != len(listed):
        raise Rejected("bad_plan", field="id")
    gone = [r for r in state["rounds"].values() if not r["epoch"] and r["id"] not in imported]
    # Those that ran before, then the list in its own order: what has happened comes first in an agenda.
    return [*(remove("rounds", r) for r in gone), *_renumbered(state, [*begun, *map(_as_planned, listed)])]


def _as_planned(plan: Record) -> Record:
    return {**plan, **NOT_BEGUN}


def _check_named(state: State, listed: Iterable[Record]) -> None:
    for plan in listed:
        if not set(plan["factors"]) <= state["factors"].keys():
            raise Rejected("bad_plan", field="factors", round=plan["id"])
        if not (plan["scope"] or {}).keys() <= state["tables"].keys():
            raise Rejected("bad_plan", field="scope", round=plan["id"])


def _planned(state: State, round_id: str) -> Record:
    round_ = need(state, "rounds", round_id)
    if round_["state"] not in ("planned", "skipped", "void"):
        raise Rejected("not_in_this_state", state=round_["state"])
    return round_


def _room_for(state: State, more: int) -> None:
    if len(state["rounds"]) + more > MOST_ROUNDS:
        raise Rejected("bad_plan", field="rounds")


def _place(state: State, others: Sequence[Record], after: str | None) -> int:
    if after is None:
        return 0
    need(state, "rounds", after)
    return next((place for place, r in enumerate(others, 1) if r["id"] == after), 0)


def _inserted(state: State, round_: Record, after: str | None) -> list[Change]:
    others = rounds.in_order(state["rounds"].values())
    place = _place(state, others, after)
    return _renumbered(state, [*others[:place], round_, *others[place:]])


def _renumbered(state: State, agenda: Sequence[Record]) -> list[Change]:
    """The changes that make the board's agenda this list: numbered from one, each record touched only where it differs."""
    changes: list[Change] = []
    for order, wanted in enumerate(agenda, 1):
        wanted = {**wanted, "order": order}
        now = state["rounds"].get(wanted["id"])
        if now is None:
            changes.append(put("rounds", wanted))
            continue
        altered = {k: v for k, v in wanted.items() if k != "rev" and v != now.get(k)}
        if altered:
            changes.append(patch("rounds", now, **altered))
    return changes


# A round's plan as a payload: every field of the agenda but those that the server gives.
PLAN = {name: field for name, field in RoundSchema().fields.items() if name not in GIVEN}
CHOSEN = fields.List(
    record_id(),
    required=False,
    load_default=None,
    allow_none=True,
    validate=validate.Length(max=MOST_TARGETS),
)

RULES = {
    "round.add": Rule(schema(**PLAN, after=optional_id(), chosen=CHOSEN), add),
    "round.edit": Rule(schema(**PLAN, round=record_id(), seen=whole(1, 2**31), chosen=CHOSEN), edit),
    "round.move": Rule(schema(round=record_id(), after=optional_id()), move),
    "round.remove": Rule(schema(round=record_id()), take_out),
    "round.late": Rule(schema(round=record_id(), minutes=whole(1, 24 * 60)), late),
    "agenda.replace": Rule(
        schema(
            rounds=fields.List(
                fields.Nested(RoundSchema()), required=True, validate=validate.Length(1, MOST_ROUNDS)
            )
        ),
        replace,
    ),
}
