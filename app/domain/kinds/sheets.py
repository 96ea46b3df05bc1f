"""Action sheets: what becomes of a chosen cluster or card. Deepened, implemented or parked; filled field by field.

A field is changed by whoever saw what stands there now, so that two people who fill one sheet never overwrite each other
unseen. Where the sheet comes from stays; votes and notes are read from the board, never copied.
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from app.domain import wording
from app.domain.changes import Change, patch, put
from app.domain.days import day_of, is_day, months_between
from app.domain.errors import Rejected
from app.domain.kinds import versions
from app.domain.operations import Actor, Context, Rule, need
from app.domain.payloads import StrictString, optional_id, raw_text, record_id, schema, words
from app.domain.records import ALL, Record, State, audience_of, board_of, cards_of

SOURCES = ("clusters", "cards")
# disposition -> the fields that it asks for, in the order of the form
DISPOSITIONS: dict[str, tuple[str, ...]] = {
    "deepen": ("question", "lead", "deadline"),
    "implement": (
        *("lead", "support", "partner", "first_step", "start", "deadline"),
        *("indicator", "baseline", "target", "means", "risk"),
    ),
    "park": ("reason",),
}
# What a sheet may do without and still say all that is needed.
SPARE = frozenset({"support", "partner", "start", "risk"})
DAYS = ("start", "deadline")
# Units: code points after NFC; a start and a deadline are days, as 2021-03-31.
LIMITS = {
    **{"title": 120, "question": 400, "lead": 120, "support": 200, "partner": 200, "first_step": 400},
    **dict.fromkeys(DAYS, 10),
    **{"indicator": 200, "baseline": 120, "target": 120, "means": 300, "risk": 300, "reason": 400},
}
STATES = ("draft", "frozen", "dropped")
# What becomes of the action afterwards (`progress.py`), and what has changed since the last version (`versions.py`).
NOT_BEGUN: dict[str, Any] = {"horizon": None, "status": None, "percent": None, "since": {}}
HORIZONS = ("short", "medium", "long")
SHORT_MONTHS, LONG_MONTHS = 6, 18
MOST_AT_ONCE = 60
MOST_AXES = 20


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
        **NOT_BEGUN,
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
    # Sheets of older versions of Palabre have fewer fields.
    now = sheet.get(field, "")
    if text == now:
        return []
    if now != payload["seen"]:
        raise Rejected("changed_meanwhile", now=now)
    if (field == "title" and not text) or (field in DAYS and text and not is_day(text)):
        raise Rejected("bad_payload", fields=[field])
    derived: dict[str, Any] = {}
    if field in DAYS:
        derived["horizon"] = horizon({**sheet, field: text}, day_of(context.now_ms))
    return [altered(sheet, {field: text}, **derived)]


def horizon(sheet: Record, today: str) -> str | None:
    """How far off the end is, from the start or else from today: short under six months, long beyond eighteen.

    Source: short, medium and long term as the WCO's self-assessments of 2009 plan them.
    """
    if not sheet["deadline"]:
        return None
    months = months_between(sheet.get("start") or today, sheet["deadline"])
    if months < SHORT_MONTHS:
        return "short"
    return "medium" if months <= LONG_MONTHS else "long"


def altered(sheet: Record, said: dict[str, Any], **derived: Any) -> Change:
    """The sheet with other words; of those that a version holds, `since` keeps what stood there."""
    if not sheet["version"]:
        return patch("sheets", sheet, **said, **derived)
    since = dict(sheet.get("since", {}))
    for name, value in said.items():
        frozen = since.pop(name, sheet.get(name, ""))
        if frozen != value:
            since[name] = frozen
    return patch("sheets", sheet, **said, **derived, since=since)


def sort(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """Deepen, implement or park. What was written under another disposition stays, in case it comes back."""
    sheet = _open(state, payload, actor)
    if sheet["disposition"] == payload["disposition"]:
        return []
    if sheet["disposition"] != payload["seen"]:
        raise Rejected("changed_meanwhile", now=sheet["disposition"])
    return [altered(sheet, {"disposition": payload["disposition"]})]


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
    changed = {name: value for name, value in wanted.items() if sheet[name] != value}
    return [altered(sheet, changed)] if changed else []


def turn(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """Freeze a sheet as the next version, open it again, drop it or bring it back."""
    sheet = need(state, "sheets", payload["sheet"])
    if sheet["state"] == payload["state"]:
        return []
    if {sheet["state"], payload["state"]} == {"frozen", "dropped"}:
        raise Rejected("not_in_this_state", state=sheet["state"])
    if payload["state"] == "frozen":
        return versions.frozen([sheet], sheet["version"] + 1, actor, context, op_id)
    return [patch("sheets", sheet, state=payload["state"])]


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
    """Whether a sheet says everything its disposition asks for: what the desk shows as done."""
    asked = set(DISPOSITIONS.get(sheet["disposition"], ())) - SPARE
    return bool(asked) and all(sheet[field] for field in asked)


AXIS = schema(id=record_id(), name=words())
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
                fields.Nested(AXIS),
                required=True,
                validate=validate.Length(max=MOST_AXES),
            )
        ),
        set_axes,
    ),
}
