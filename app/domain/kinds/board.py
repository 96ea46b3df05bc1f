"""The board itself: setting it up in one operation, how it is worked with, its practice board, and what the facilitator puts
before everybody: one thing in the spotlight, a factor to gather at, a message."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from app.domain import wording
from app.domain.changes import Change, patch, put
from app.domain.errors import Rejected
from app.domain.kinds import earlier
from app.domain.operations import Actor, Context, Rule, need
from app.domain.payloads import NOW_MS, StrictString, optional_id, record_id, schema, whole, words
from app.domain.records import ALL, Record, State, audience_of, board_of
from app.domain.rounds import AT_ZERO, RELEASES

ROUND_KINDS = ("setup", "brief", "assess", "post", "cluster", "vote", "discuss", "prioritise", "break")
MOST_QUESTIONS = 30
TARGETS = ("factors", "clusters", "cards", "chosen", "sheets", "questions")


def _one_of(*choices: str) -> fields.Field[Any]:
    return StrictString(required=True, allow_none=True, validate=validate.OneOf(choices))


class FactorSchema(Schema):
    id = record_id()
    number = whole(1, 99)
    title = words()
    help = words()


class TableSchema(Schema):
    id = record_id()
    name = words()


class RoundSchema(Schema):
    """The plan of a round: what the agenda's columns say. Its state is added by the rule."""

    id = record_id()
    order = whole(0, 100_000)
    day = whole(1, 99)
    starts = StrictString(required=True, validate=validate.Regexp(r"\d\d:\d\d\Z"))
    kind = StrictString(required=True, validate=validate.OneOf(ROUND_KINDS))
    name = words()
    instruction = words()
    minutes = whole(1, 24 * 60)
    scope = fields.Dict(keys=record_id(), values=fields.List(record_id()), required=True, allow_none=True)
    factors = fields.List(record_id(), required=True)
    release = _one_of(*RELEASES)
    cards_per_person = whole(0, 100)
    per_factor = fields.Boolean(required=True)
    method = StrictString(required=True, allow_none=True, validate=validate.Length(max=80))
    targets = _one_of(*TARGETS)
    questions = fields.List(words(), load_default=list, validate=validate.Length(max=MOST_QUESTIONS))
    points = whole(0, 1000)
    cap = whole(0, 1000)
    at_zero = StrictString(required=True, validate=validate.OneOf(AT_ZERO))
    grace_s = whole(0, 60)
    review = fields.Boolean(required=True)


SETUP = schema(
    title=words(),
    time_zone=StrictString(required=True, validate=validate.Length(max=64)),
    factors=fields.List(fields.Nested(FactorSchema()), required=True, validate=validate.Length(1, 30)),
    tables=fields.List(fields.Nested(TableSchema()), required=True, validate=validate.Length(max=50)),
    rounds=fields.List(fields.Nested(RoundSchema()), required=True, validate=validate.Length(max=500)),
    practice=fields.Boolean(load_default=False),
    earlier=fields.Nested(earlier.EARLIER, load_default=None, allow_none=True),
)

# Off unless the workshop decides otherwise: names wait until a sorting round is over; experts' comments wait for the facilitator.
SETTINGS = ("names_wait", "experts_wait")

NOT_BEGUN: dict[str, Any] = {
    "state": "planned",
    "epoch": 0,
    "key": 1,
    "reopened": 0,
    "released": 0,
    "ends_at_ms": None,
    "left_ms": None,
    "pause_reason": None,
    "roster": None,
    "ballot": None,
    "unshown": 0,
    # the close record of each epoch that was published
    "closings": [],
    # table -> milliseconds it has beyond the round's end
    "extra": {},
    # the targets it was planned for, when it repeats a vote on some of them
    "chosen": None,
    # the round whose latecomers this one is for
    "late_of": None,
    # why it did not begin when the one before it ended, as {code, data} of a refusal
    "held_up": None,
}


def set_up(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """Everything a board begins with, in one operation; of a workshop that follows another, its sheets and what speaks for them.

    Raises: Rejected("not_in_this_state") on a board that has begun, Rejected("bad_plan", field) for sheets that do not fit.
    """
    if board_of(state):
        raise Rejected("not_in_this_state")
    before = payload["earlier"]
    board = {
        "id": "board",
        "title": payload["title"],
        "time_zone": payload["time_zone"],
        "card_chars": wording.CARD_CHARS,
        "practice": payload["practice"],
        "practice_board": None,
        "spotlight": None,
        "gathered": None,
        "message": None,
        **{name: False for name in SETTINGS},
        **({"axes": before["axes"]} if before else {}),
    }
    return [
        put("board", board),
        *(put("factors", factor) for factor in payload["factors"]),
        *(put("tables", table) for table in payload["tables"]),
        *(put("rounds", {**round_, **NOT_BEGUN}) for round_ in payload["rounds"]),
        *(earlier.opened(before, payload["factors"], payload["tables"], op_id) if before else ()),
    ]


def set_practice(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str
) -> list[Change]:
    """Tell everyone that a practice board is open beside this one, or that it is gone."""
    board = board_of(state)
    if not board or board["practice"]:
        raise Rejected("not_in_this_state")
    if board["practice_board"] == payload["board"]:
        return []
    return [patch("board", board, practice_board=payload["board"])]


def _begun(state: State) -> Record:
    board = board_of(state)
    if not board:
        raise Rejected("not_in_this_state")
    return board


def spotlight(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str
) -> list[Change]:
    """One card, group or factor large on every screen; null gives everybody back what they were doing."""
    board, target = _begun(state), payload["target"]
    # What only staff can see would be announced by an empty spotlight.
    if target and audience_of(need(state, target["table"], target["id"])) != ALL:
        raise Rejected("gone")
    return [] if board.get("spotlight") == target else [patch("board", board, spotlight=target)]


def gather(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """Bring everybody to a factor: once each time it is asked, and only those who are not writing (the page knows)."""
    board = _begun(state)
    need(state, "factors", payload["factor"])
    times = (board.get("gathered") or {"times": 0})["times"] + 1
    return [patch("board", board, gathered={"factor": payload["factor"], "times": times})]


def say(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """A sentence across every screen until a moment; the next one takes its place, no text ends it.

    The end is a moment and not a length, so that a retry never makes it longer.
    """
    board = _begun(state)
    if payload["text"] is None:
        return [patch("board", board, message=None)] if board.get("message") else []
    text = {
        language: wording.clean(some, wording.CARD_CHARS)
        for language, some in payload["text"].items()
        if some.strip()
    }
    if not text:
        raise Rejected("empty_text")
    ends = payload["ends_at_ms"]
    if ends is None or not context.now_ms < ends <= context.now_ms + LONGEST_MESSAGE_MS:
        raise Rejected("bad_payload", fields=["ends_at_ms"])
    return [patch("board", board, message={"id": op_id, "text": text, "ends_at_ms": ends})]


LONGEST_MESSAGE_MS = 24 * 60 * 60_000
TARGET = schema(
    table=StrictString(required=True, validate=validate.OneOf(("cards", "clusters", "factors", "sheets"))),
    id=record_id(),
)


def settle(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """Decide how this board is worked with; what is not named stays as it is."""
    board = board_of(state)
    if not board:
        raise Rejected("not_in_this_state")
    changed = {name: wish for name, wish in payload.items() if wish is not board.get(name, False)}
    return [patch("board", board, **changed)] if changed else []


RULES = {
    "board.setup": Rule(SETUP, set_up),
    "board.practice": Rule(schema(board=optional_id()), set_practice),
    "board.spotlight": Rule(schema(target=fields.Nested(TARGET, required=True, allow_none=True)), spotlight),
    "board.gather": Rule(schema(factor=record_id()), gather),
    "board.message": Rule(
        schema(
            text=words(allow_none=True),
            ends_at_ms=whole(*NOW_MS, required=False, load_default=None, allow_none=True),
        ),
        say,
    ),
    "board.set": Rule(
        schema(**{name: fields.Boolean(truthy={True}, falsy={False}) for name in SETTINGS}), settle
    ),
}
