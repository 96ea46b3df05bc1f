"""Comments on a card, a cluster, a factor or an action sheet. Staff speak at once under their names; participants unnamed, through
the urn, in batches."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from app.domain import rounds, wording
from app.domain.changes import Change, put, remove
from app.domain.errors import Rejected
from app.domain.operations import Actor, Context, Drop, Rule, Text, need
from app.domain.payloads import EPOCH, StrictString, hex64, optional_id, raw_text, record_id, schema, whole
from app.domain.records import ALL, Record, State, audience_of

COMMENTS_PER_ROUND = 10

TARGET = schema(
    table=StrictString(required=True, validate=validate.OneOf(("cards", "clusters", "factors", "sheets"))),
    id=record_id(),
)


def _target(state: State, payload: dict[str, Any]) -> dict[str, str]:
    """The target, if everyone can see it; a hidden one is as good as none."""
    target: dict[str, str] = payload["target"]
    if audience_of(need(state, target["table"], target["id"])) != ALL:
        raise Rejected("gone")
    return target


def post(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str
) -> Drop | list[Change]:
    target = _target(state, payload)
    text = wording.clean(payload["text"], wording.COMMENT_CHARS)
    if actor.role == "participant":
        return _unnamed(state, payload, actor, context, {"target": target, "text": text})
    comment = {
        "id": op_id,
        "target": target,
        "text": text,
        "by": actor.role,
        "name": actor.name,
        "round": payload["round"],
    }
    return [put("comments", comment)]


def _unnamed(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, body: dict[str, Any]
) -> Drop:
    if not payload["round"] or not payload["epoch"] or not payload["secret_hash"]:
        raise Rejected("bad_payload", fields=["epoch", "round", "secret_hash"])
    round_ = need(state, "rounds", payload["round"])
    rounds.takes_input(round_, payload["epoch"], context.now_ms, actor.table)
    return Drop(
        "put",
        round_["id"],
        round_["epoch"],
        "comment",
        "*",
        COMMENTS_PER_ROUND,
        body,
        payload["secret_hash"],
    )


def opened(text: Text, round_: Record) -> Change:
    """An unnamed comment out of the urn."""
    comment = {**text.body, "id": text.id, "by": "participant", "name": None, "round": round_["id"]}
    return put("comments", comment)


def take_back(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str
) -> list[Change]:
    """Staff may take back what is signed with their own name; the facilitator any comment."""
    comment = need(state, "comments", payload["comment"])
    own = comment["name"] is not None and comment["name"] == actor.name and comment["by"] == actor.role
    if not own and actor.role != "facilitator":
        raise Rejected("not_allowed")
    return [remove("comments", comment)]


RULES = {
    "comment.post": Rule(
        schema(
            target=fields.Nested(TARGET, required=True),
            text=raw_text(),
            round=optional_id(required=False, load_default=None),
            epoch=whole(*EPOCH, required=False, load_default=None, allow_none=True),
            secret_hash=hex64(required=False, load_default=None, allow_none=True),
        ),
        post,
    ),
    "comment.remove": Rule(schema(comment=record_id()), take_back),
}
