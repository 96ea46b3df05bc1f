"""What became of an action: its status, how far it is, and a remark, each time somebody reports. The last report stands on
the sheet, all of them are its history.
"""

from __future__ import annotations

from typing import Any

from marshmallow import validate

from app.domain import wording
from app.domain.changes import Change, patch, put, remove
from app.domain.days import is_day
from app.domain.errors import Rejected
from app.domain.operations import Actor, Context, Rule, need
from app.domain.payloads import StrictString, raw_text, record_id, schema, whole
from app.domain.records import Record, State

STATUSES = ("not_begun", "under_way", "done", "dropped")
PROGRESS_CHARS = 400


def report(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """Where an action stands on a day. A frozen sheet takes it too: the plan stays as it was agreed.

    Raises: Rejected("not_allowed") at another table, Rejected("not_in_this_state") on a dropped sheet,
            Rejected("bad_payload", fields) for no day, Rejected("empty_text") where an action is dropped without a reason.
    """
    sheet = need(state, "sheets", payload["sheet"])
    if actor.role == "scribe" and sheet["table"] != actor.table:
        raise Rejected("not_allowed")
    if sheet["state"] == "dropped":
        raise Rejected("not_in_this_state", state="dropped")
    if not is_day(payload["day"]):
        raise Rejected("bad_payload", fields=["day"])
    says = payload["text"].strip() or payload["status"] == "dropped"
    now = {"status": payload["status"], "percent": payload["percent"]}
    step = {
        "id": op_id,
        "sheet": sheet["id"],
        "number": 1 + max((step["number"] for step in steps_of(state, sheet["id"])), default=0),
        **now,
        "text": wording.clean(payload["text"], PROGRESS_CHARS) if says else "",
        "day": payload["day"],
        "by": actor.role,
        "name": actor.name,
        "was": {name: sheet.get(name) for name in now},
    }
    return [patch("sheets", sheet, **now), put("progress", step)]


def take_back(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str
) -> list[Change]:
    """The newest report of a sheet goes, and the sheet stands as before. By whom it is signed with, or the facilitator.

    Raises: Rejected("not_allowed"), Rejected("changed_meanwhile") when another one came after it.
    """
    step = need(state, "progress", payload["progress"])
    own = step["name"] is not None and (step["by"], step["name"]) == (actor.role, actor.name)
    if not own and actor.role != "facilitator":
        raise Rejected("not_allowed")
    if step is not steps_of(state, step["sheet"])[-1]:
        raise Rejected("changed_meanwhile")
    return [patch("sheets", need(state, "sheets", step["sheet"]), **step["was"]), remove("progress", step)]


def steps_of(state: State, sheet: str) -> list[Record]:
    """The reports on a sheet, oldest first."""
    return sorted(
        (step for step in state["progress"].values() if step["sheet"] == sheet), key=lambda s: s["number"]
    )


RULES = {
    "sheet.progress": Rule(
        schema(
            sheet=record_id(),
            status=StrictString(required=True, validate=validate.OneOf(STATUSES)),
            percent=whole(0, 100, allow_none=True),
            text=raw_text(),
            day=StrictString(required=True, validate=validate.Length(max=10)),
        ),
        report,
    ),
    "progress.remove": Rule(schema(progress=record_id()), take_back),
}
