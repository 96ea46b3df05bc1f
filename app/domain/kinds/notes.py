"""The rapporteur's notes, under the own name: what was said of a group or a sheet, and what was decided on a reserve. And what
of all texts is released: for the observer's page, the report and a workshop that follows.
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from app.domain import wording
from app.domain.changes import Change, patch, put, remove
from app.domain.errors import Rejected
from app.domain.operations import Actor, Context, Rule, need
from app.domain.payloads import StrictString, raw_text, record_id, schema
from app.domain.records import ALL, NOTES, Record, State, audience_of

NOTE_CHARS = 1000
# What was said is the rapporteurs' and the facilitators' until it is released; what was decided, all have heard.
SAID, AMENDMENT = "said", "amendment"
KINDS = (SAID, AMENDMENT)
ABOUT = ("clusters", "sheets", "factors")
RELEASABLE = ("clusters", "sheets", "notes")


def write(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """Raises: Rejected("gone") for what is not to be seen by all, Rejected("bad_target") for an amendment of no sheet."""
    target = payload["target"]
    if audience_of(need(state, target["table"], target["id"])) != ALL:
        raise Rejected("gone")
    if payload["kind"] == AMENDMENT and target["table"] != "sheets":
        raise Rejected("bad_target", target=target["id"])
    note = {
        "id": op_id,
        "target": dict(target),
        "kind": payload["kind"],
        "text": wording.clean(payload["text"], NOTE_CHARS),
        "by": actor.role,
        "name": actor.name,
        "released": False,
    }
    return [put("notes", {**note, "audience": _audience(note)})]


def _audience(note: Record) -> str:
    return ALL if note["released"] or note["kind"] == AMENDMENT else NOTES


def _own(state: State, payload: dict[str, Any], actor: Actor) -> Record:
    """A note that this person may alter. Raises: Rejected("not_allowed")."""
    note = need(state, "notes", payload["note"])
    if (note["by"], note["name"]) != (actor.role, actor.name) and actor.role != "facilitator":
        raise Rejected("not_allowed")
    return note


def edit(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """Other words, by somebody who saw what stood there. Raises: Rejected("changed_meanwhile", now)."""
    note, text = _own(state, payload, actor), wording.clean(payload["text"], NOTE_CHARS)
    if text == note["text"]:
        return []
    if note["text"] != payload["seen"]:
        raise Rejected("changed_meanwhile", now=note["text"])
    return [patch("notes", note, text=text)]


def take_back(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str
) -> list[Change]:
    return [remove("notes", _own(state, payload, actor))]


def release(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str
) -> list[Change]:
    """Let a text leave the room, or keep it back again: a group with its actions, a sheet, a note. What has been printed or
    exported in between stays so.
    """
    target, released = payload["target"], payload["released"]
    record = need(state, target["table"], target["id"])
    if record.get("released", False) is released:
        return []
    after: dict[str, Any] = {"released": released}
    if target["table"] == "notes":
        after["audience"] = _audience({**record, **after})
    return [patch(target["table"], record, **after)]


def _target(*tables: str) -> fields.Field[Any]:
    return fields.Nested(
        schema(table=StrictString(required=True, validate=validate.OneOf(tables)), id=record_id()),
        required=True,
    )


RULES = {
    "note.write": Rule(
        schema(
            target=_target(*ABOUT),
            kind=StrictString(required=True, validate=validate.OneOf(KINDS)),
            text=raw_text(),
        ),
        write,
    ),
    "note.edit": Rule(schema(note=record_id(), text=raw_text(), seen=raw_text()), edit),
    "note.remove": Rule(schema(note=record_id()), take_back),
    "text.release": Rule(
        schema(
            target=_target(*RELEASABLE),
            released=fields.Boolean(required=True, truthy={True}, falsy={False}),
        ),
        release,
    ),
}
