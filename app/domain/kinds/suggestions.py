"""What experts suggest and the facilitator decides: merging two clusters. Seen by the experts and the facilitators."""

from __future__ import annotations

from typing import Any

from app.domain.changes import Change, patch, put
from app.domain.errors import Rejected
from app.domain.kinds import clusters
from app.domain.kinds.cards import where_now
from app.domain.operations import Actor, Context, Rule, need
from app.domain.payloads import record_id, schema
from app.domain.records import DESK, Record, State


def suggest_merge(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str
) -> list[Change]:
    """Lay a merge before the facilitator. The same one twice is one.

    Raises: Rejected("bad_target") when the two are one already.
    """
    source, target = where_now(state, payload["from"]), where_now(state, payload["into"])
    if source["id"] == target["id"]:
        raise Rejected("bad_target")
    two = {source["id"], target["id"]}
    if any(s["state"] == "open" and {s["from"], s["into"]} == two for s in state["suggestions"].values()):
        return []
    suggestion = {
        "id": op_id,
        "from": source["id"],
        "into": target["id"],
        "by": actor.role,
        "name": actor.name,
        "state": "open",
        "audience": DESK,
    }
    return [put("suggestions", suggestion)]


def _open(state: State, payload: dict[str, Any]) -> Record:
    suggestion = need(state, "suggestions", payload["suggestion"])
    if suggestion["state"] != "open":
        raise Rejected("not_in_this_state", state=suggestion["state"])
    return suggestion


def accept(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """Merge what the expert suggested, wherever the two are by now; where they are one already, only say so."""
    suggestion = _open(state, payload)
    source, target = where_now(state, suggestion["from"]), where_now(state, suggestion["into"])
    two = {"from": source["id"], "into": target["id"]}
    merged = [] if source["id"] == target["id"] else clusters.merge(state, two, actor, context, op_id)
    return [*merged, patch("suggestions", suggestion, state="accepted")]


def decline(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str
) -> list[Change]:
    return [patch("suggestions", _open(state, payload), state="declined")]


ONE = schema(suggestion=record_id())

RULES = {
    "suggestion.merge": Rule(schema(**{"from": record_id()}, into=record_id()), suggest_merge),
    "suggestion.accept": Rule(ONE, accept),
    "suggestion.decline": Rule(ONE, decline),
}
