"""Action sheets: what becomes of a chosen cluster or card. Deepened, implemented or parked; filled field by field.

A field is changed by whoever saw what stands there now, so that two people who fill one sheet never overwrite each other
unseen. Where the sheet comes from stays; votes and notes are read from the board, never copied.
"""

from __future__ import annotations

import re
from typing import Any

from marshmallow import fields, validate

from app.domain import wording
from app.domain.changes import Change, patch, put
from app.domain.errors import Rejected
from app.domain.operations import Actor, Context, Rule, need
from app.domain.payloads import StrictString, optional_id, raw_text, record_id, schema, words
from app.domain.records import ALL, Record, State, audience_of, board_of, cards_of

SOURCES = ("clusters", "cards")
# disposition -> the fields that it asks for, in the order of the form
DISPOSITIONS: dict[str, tuple[str, ...]] = {
    "deepen": ("question", "lead", "deadline"),
    "implement": (
        *("lead", "support", "first_step", "deadline"),
        *("indicator", "baseline", "target", "means", "risk"),
    ),
    "park": ("reason",),
}
# Units: code points after NFC; a deadline is a day, as 2021-03-31.
LIMITS = {
    **{"title": 120, "question": 400, "lead": 120, "support": 200, "first_step": 400, "deadline": 10},
    **{"indicator": 200, "baseline": 120, "target": 120, "means": 300, "risk": 300, "reason": 400},
}
STATES = ("draft", "frozen", "dropped")
MOST_AT_ONCE = 60
MOST_AXES = 20
_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\Z")


def make(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """A sheet for each target that has none; a dropped one comes back instead of a second.

    Raises: Rejected("gone") for what is not to be seen by all.
    """
    changes: list[Change] = []
    number = max((sheet["number"] for sheet in state["sheets"].values()), default=0)
    known = {sheet["source"]["id"]: sheet for sheet in state["sheets"].values()}
    unique = {target["id"]: target for target in payload["targets"]}.values()
    for place, target in enumerate(unique):
        source = need(state, target["table"], target["id"])
        if audience_of(source) != ALL:
            raise Rejected("gone")
        if before := known.get(target["id"]):
            changes += [patch("sheets", before, state="draft")] if before["state"] == "dropped" else []
            continue
        number += 1
        changes.append(put("sheets", _blank(state, f"{op_id}:{place}", number, target, source)))
    return changes


def _blank(state: State, sheet_id: str, number: int, target: dict[str, str], source: Record) -> Record:
    inside = cards_of(state, source["id"]) if target["table"] == "clusters" else [source]
    name = source.get("name") or (inside[0]["text"] if inside else "")
    return {
        "id": sheet_id,
        "number": number,
        "source": dict(target),
        "factor": source["factor"],
        "others": [],
        "axis": None,
        "table": _table_of(state, source["factor"]),
        "disposition": None,
        "state": "draft",
        "version": 0,
        "title": name[: LIMITS["title"]],
        **{field: "" for field in LIMITS if field != "title"},
    }


def _table_of(state: State, factor: str) -> str | None:
    """The table that worked on a factor: the one whose scope names it in the last such round of the agenda."""
    for round_ in sorted(state["rounds"].values(), key=lambda r: r["order"], reverse=True):
        for table, factors in (round_["scope"] or {}).items():
            if round_["kind"] == "cluster" and factor in factors:
                return str(table)
    return None


def _open(state: State, payload: dict[str, Any], actor: Actor) -> Record:
    """A sheet that may be written on. Raises: Rejected("not_allowed") at another table, Rejected("not_in_this_state")."""
    sheet = need(state, "sheets", payload["sheet"])
    if actor.role == "scribe" and sheet["table"] != actor.table:
        raise Rejected("not_allowed")
    if sheet["state"] != "draft":
        raise Rejected("not_in_this_state", state=sheet["state"])
    return sheet


def fill(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """One field, by somebody who saw what stood there; an empty text clears it.

    Raises: Rejected("changed_meanwhile", now), Rejected("too_long", limit), Rejected("bad_payload") for no day.
    """
    sheet, field = _open(state, payload, actor), payload["field"]
    text = wording.clean(payload["text"], LIMITS[field]) if payload["text"].strip() else ""
    if text == sheet[field]:
        return []
    if sheet[field] != payload["seen"]:
        raise Rejected("changed_meanwhile", now=sheet[field])
    if (field == "title" and not text) or (field == "deadline" and text and not _DAY.match(text)):
        raise Rejected("bad_payload", fields=[field])
    return [patch("sheets", sheet, **{field: text})]


def sort(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """Deepen, implement or park. What was written under another disposition stays, in case it comes back."""
    sheet = _open(state, payload, actor)
    if sheet["disposition"] == payload["disposition"]:
        return []
    if sheet["disposition"] != payload["seen"]:
        raise Rejected("changed_meanwhile", now=sheet["disposition"])
    return [patch("sheets", sheet, disposition=payload["disposition"])]


def place(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """Where a sheet belongs: its main factor and the others it serves, an axis of the strategy, the table that fills it.

    Raises: Rejected("gone") for an unknown factor, axis or table.
    """
    sheet = _open(state, payload, actor)
    others = [factor for factor in dict.fromkeys(payload["others"]) if factor != payload["factor"]]
    for factor in (payload["factor"], *others):
        need(state, "factors", factor)
    if payload["table"]:
        need(state, "tables", payload["table"])
    if payload["axis"] and payload["axis"] not in {axis["id"] for axis in board_of(state).get("axes", [])}:
        raise Rejected("gone")
    wanted = {
        "factor": payload["factor"],
        "others": others,
        "axis": payload["axis"],
        "table": payload["table"],
    }
    return [patch("sheets", sheet, **wanted)] if any(sheet[k] != v for k, v in wanted.items()) else []


def turn(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """Freeze a sheet as the next version, open it again, drop it or bring it back."""
    sheet = need(state, "sheets", payload["sheet"])
    if sheet["state"] == payload["state"]:
        return []
    if {sheet["state"], payload["state"]} == {"frozen", "dropped"}:
        raise Rejected("not_in_this_state", state=sheet["state"])
    version = sheet["version"] + (payload["state"] == "frozen")
    return [patch("sheets", sheet, state=payload["state"], version=version)]


def set_axes(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str
) -> list[Change]:
    """The axes of the administration's own strategy, to which sheets are tied. An axis in use cannot go.

    Raises: Rejected("bad_payload") for one id twice, Rejected("bad_target", target) for an axis that a sheet names.
    """
    board, axes = board_of(state), payload["axes"]
    ids = {axis["id"] for axis in axes}
    if not board or len(ids) != len(axes):
        raise Rejected("bad_payload", fields=["axes"])
    for sheet in state["sheets"].values():
        if sheet["axis"] and sheet["axis"] not in ids:
            raise Rejected("bad_target", target=sheet["axis"])
    return [patch("board", board, axes=axes)] if board.get("axes") != axes else []


def is_complete(sheet: Record) -> bool:
    """Whether a sheet says everything its disposition asks for: what the desk shows as done. Support and risk may stay empty."""
    asked = set(DISPOSITIONS.get(sheet["disposition"], ())) - {"support", "risk"}
    return bool(asked) and all(sheet[field] for field in asked)


_DISPOSITION = StrictString(required=True, allow_none=True, validate=validate.OneOf(tuple(DISPOSITIONS)))

RULES = {
    "sheet.make": Rule(
        schema(
            targets=fields.List(
                fields.Nested(
                    schema(
                        table=StrictString(required=True, validate=validate.OneOf(SOURCES)), id=record_id()
                    )
                ),
                required=True,
                validate=validate.Length(1, MOST_AT_ONCE),
            )
        ),
        make,
    ),
    "sheet.fill": Rule(
        schema(
            sheet=record_id(),
            field=StrictString(required=True, validate=validate.OneOf(tuple(LIMITS))),
            text=raw_text(),
            seen=raw_text(),
        ),
        fill,
    ),
    "sheet.sort": Rule(schema(sheet=record_id(), disposition=_DISPOSITION, seen=_DISPOSITION), sort),
    "sheet.place": Rule(
        schema(
            sheet=record_id(),
            factor=record_id(),
            others=fields.List(record_id(), required=True, validate=validate.Length(max=30)),
            axis=optional_id(),
            table=optional_id(),
        ),
        place,
    ),
    "sheet.turn": Rule(
        schema(sheet=record_id(), state=StrictString(required=True, validate=validate.OneOf(STATES))), turn
    ),
    "board.axes": Rule(
        schema(
            axes=fields.List(
                fields.Nested(schema(id=record_id(), name=words())),
                required=True,
                validate=validate.Length(max=MOST_AXES),
            )
        ),
        set_axes,
    ),
}
