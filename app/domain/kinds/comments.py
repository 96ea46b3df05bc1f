"""Comments on a card, a cluster, a factor or an action sheet. Staff speak at once under their names, experts when the
facilitator shows it if the workshop decided so; participants unnamed, through the urn, in batches.
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from app.domain import rounds, wording
from app.domain.changes import Change, patch, put, remove
from app.domain.errors import Rejected
from app.domain.kinds import translations
from app.domain.language import LANGUAGES, language_of
from app.domain.operations import Actor, Context, Drop, Rule, Text, need
from app.domain.payloads import (
    EPOCH,
    StrictString,
    choice,
    hex64,
    optional_id,
    raw_text,
    record_id,
    schema,
    whole,
)
from app.domain.records import ALL, DESK, Record, State, audience_of, board_of, view_of

COMMENTS_PER_ROUND = 10
# What somebody who speaks under a name says their comment is.
KINDS = ("question", "practice", "caution", "reference")

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
    waits = actor.role == "expert" and board_of(state).get("experts_wait")
    comment = {
        "id": op_id,
        "target": target,
        "text": text,
        "kind": payload["kind"],
        "language": language_of(text, payload["language"]),
        "translation": {},
        "by": actor.role,
        "name": actor.name,
        "round": payload["round"],
        "audience": DESK if waits else ALL,
    }
    return [put("comments", comment)]


def _readable(state: State, comment: str, actor: Actor) -> Record:
    """The comment, if this person can see it: an answer about a hidden one would tell that it exists."""
    found = need(state, "comments", comment)
    if audience_of(found) not in view_of(actor.role, actor.table):
        raise Rejected("gone")
    return found


def _unnamed(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, body: dict[str, Any]
) -> Drop:
    if not payload["round"] or not payload["epoch"] or not payload["secret_hash"]:
        raise Rejected("bad_payload", fields=["epoch", "round", "secret_hash"])
    if payload["kind"] or payload["language"]:
        raise Rejected("bad_payload", fields=["kind", "language"])
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
    comment = {
        **text.body,
        "id": text.id,
        "kind": None,
        "language": language_of(text.body["text"]),
        "translation": {},
        "by": "participant",
        "name": None,
        "round": round_["id"],
    }
    return put("comments", comment)


def show(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """Show the room what an expert wrote, or lay it back on the experts' desk."""
    comment = need(state, "comments", payload["comment"])
    if comment["by"] != "expert":
        raise Rejected("not_allowed")
    audience = ALL if payload["shown"] else DESK
    return [patch("comments", comment, audience=audience)] if audience_of(comment) != audience else []


def mark(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """Put right in which language a comment is."""
    comment = _readable(state, payload["comment"], actor)
    return translations.marked("comments", comment, language=payload["language"])


def translate(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str
) -> list[Change]:
    comment = _readable(state, payload["comment"], actor)
    return translations.translated(
        "comments", comment, payload["language"], payload["text"], wording.COMMENT_CHARS
    )


def take_back(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str
) -> list[Change]:
    """Staff may take back what is signed with their own name; the facilitator any comment."""
    comment = _readable(state, payload["comment"], actor)
    own = comment["name"] is not None and comment["name"] == actor.name and comment["by"] == actor.role
    if not own and actor.role != "facilitator":
        raise Rejected("not_allowed")
    return [remove("comments", comment)]


THE_COMMENT = {"comment": record_id()}

RULES = {
    "comment.post": Rule(
        schema(
            target=fields.Nested(TARGET, required=True),
            text=raw_text(),
            kind=choice(*KINDS),
            language=choice(*LANGUAGES),
            round=optional_id(required=False, load_default=None),
            epoch=whole(*EPOCH, required=False, load_default=None, allow_none=True),
            secret_hash=hex64(required=False, load_default=None, allow_none=True),
        ),
        post,
    ),
    "comment.remove": Rule(schema(**THE_COMMENT), take_back),
    "comment.show": Rule(schema(**THE_COMMENT, shown=fields.Boolean(required=True)), show),
    "comment.mark": Rule(schema(**THE_COMMENT, language=choice(*LANGUAGES)), mark),
    "comment.translate": Rule(
        schema(
            **THE_COMMENT,
            language=StrictString(required=True, validate=validate.OneOf(LANGUAGES)),
            text=raw_text(),
        ),
        translate,
    ),
}
