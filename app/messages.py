"""Every frame between browser and server, in both directions, as marshmallow schemas; the protocol's number; why we say goodbye.

The payloads of operations are not here: they stand beside their rules in `domain/kinds/`.
"""

from __future__ import annotations

import json
import re
from typing import Any

import orjson
from marshmallow import Schema, ValidationError, fields, validate

from app.domain.errors import CODES, Rejected
from app.domain.operations import Operation
from app.domain.payloads import StrictString, whole
from app.domain.records import ROLES, TABLES

PROTOCOL = 1
MOST_OPERATIONS = 50
MOST_BYTES = 48 * 1024
# The rest is room for the envelope.
MOST_MESSAGE_BYTES = MOST_BYTES + 16 * 1024
UNANSWERED_FRAMES = 8
# A browser fills its frames up to whole steps, so that their size does not tell the length of a text.
PAD_BYTES = 1024
HEARTBEAT_S = 5

GOODBYES = {
    "moved": "this seat was opened on another device",
    "locked": "the shared phone was passed on; this seat waits behind its PIN",
    "removed": "this seat was taken back by the administrator or facilitator",
    "reload": "this page is older than the server; load it again",
    "restart": "the server restarts; the page connects again by itself",
    "gone": "this board was a practice and is over; the page goes to the workshop's own board",
    "role": "what this person may do has changed; the page loads again",
}

_OP_ID = re.compile(r"[0-9a-f]{32}\Z")
_SEQ = {"low": -1, "high": 2**53 - 1}


class OperationSchema(Schema):
    id = StrictString(required=True, validate=validate.Regexp(_OP_ID))
    kind = StrictString(required=True, validate=validate.Length(max=40))
    payload = fields.Dict(keys=StrictString(), required=True)


class HelloSchema(Schema):
    """Sent after each connection: what the viewer has. `head` -1 asks for everything."""

    board = StrictString(required=True, validate=validate.Length(max=64))
    head = whole(**_SEQ)
    generation = whole(0, 2**31)
    protocol = whole(0, 10_000)


class SubmitSchema(Schema):
    """At most 50 operations and 48 KiB; at most 8 frames unanswered. `pad` is read by nobody: it hides how long the texts are."""

    board = StrictString(validate=validate.Length(max=64))
    pad = StrictString(validate=validate.Length(max=PAD_BYTES))
    ops = fields.List(
        fields.Nested(OperationSchema()), required=True, validate=validate.Length(1, MOST_OPERATIONS)
    )


class WhereSchema(Schema):
    """Which factor the viewer looks at; empty during a sealed round."""

    at = StrictString(required=True, validate=validate.Length(max=64))


class ClockSchema(Schema):
    """Asks for the server's time; answered as the event's acknowledgement."""


class HandSchema(Schema):
    """Ask to speak, or no longer. Ignored while a round is sealed."""

    up = fields.Boolean(required=True, truthy={True}, falsy={False})


class FloorActSchema(Schema):
    """Facilitators only: give the floor to a raised hand, or take it off the queue. `hand` is an id of the `floor` frame."""

    act = StrictString(required=True, validate=validate.OneOf(("give", "done")))
    hand = StrictString(required=True, validate=validate.Length(max=64))


class WheelSchema(Schema):
    """Facilitators only: take the wheel (`to` null) or hand it to another. Advice for people; every command works without it."""

    to = StrictString(required=True, allow_none=True, validate=validate.Length(max=64))


class YouSchema(Schema):
    handle = StrictString(required=True)
    role = StrictString(required=True, validate=validate.OneOf(ROLES))
    table = StrictString(required=True, allow_none=True)
    side = StrictString(required=True, allow_none=True)
    name = fields.Dict(required=True)


class WelcomeSchema(Schema):
    you = fields.Nested(YouSchema(), required=True)
    now = whole(0, 2**53)
    protocol = whole(0, 10_000)
    head = whole(**_SEQ)
    generation = whole(0, 2**31)


class ChangesSchema(Schema):
    """Apply when `from` is the viewer's head, or `reset`; ignore what is not newer; otherwise say hello."""

    from_ = whole(**_SEQ, data_key="from")
    to = whole(**_SEQ)
    reset = fields.Boolean(required=True)
    generation = whole(0, 2**31)
    changes = fields.List(fields.List(fields.Raw(allow_none=True)), required=True)


class AnswerSchema(Schema):
    """Exactly one of `seq`, `sealed` and `code`."""

    id = StrictString(required=True)
    seq = whole(**_SEQ, required=False)
    sealed = fields.Boolean()
    code = StrictString(validate=validate.OneOf(list(CODES)))
    data = fields.Dict()


class AnswersSchema(Schema):
    results = fields.List(fields.Nested(AnswerSchema()), required=True)


class TurnoutSchema(Schema):
    round = StrictString(required=True)
    epoch = whole(0, 10_000)
    kind = StrictString(required=True, validate=validate.OneOf(("texts", "ballots")))
    count = whole(0, 10**6, allow_none=True)
    seats = whole(0, 10**6, allow_none=True)


class ParitySchema(Schema):
    """Ballots cast and turns to speak by side and by place; null where fewer than five stand behind one of them."""

    ballots = fields.Dict(required=True)
    turns = fields.Dict(required=True)
    seats = fields.Dict(required=True)


class AbsentSchema(Schema):
    """How many seats that took part in a sealed round were not connected when it closed."""

    round = StrictString(required=True)
    epoch = whole(0, 10_000)
    count = whole(0, 10**6)


class PresenceSchema(Schema):
    """How many are connected, standing still while a round is sealed; to staff only also turnout (from ten up), the parity
    meter, who was offline at the close, the queue at the door, for how many minutes the remote side has been cut, and
    `incomplete` while this server cannot hear the others: then the numbers are of those connected to it alone."""

    online = whole(0, 10**6)
    frozen = fields.Boolean(required=True)
    parity = fields.Nested(ParitySchema())
    offline = whole(0, 10**6, required=False)
    absent = fields.Nested(AbsentSchema())
    turnout = fields.Nested(TurnoutSchema())
    door = whole(0, 10**6, required=False)
    remote_cut_min = whole(0, 10**6, required=False)
    incomplete = fields.Boolean()


class OwnHandSchema(Schema):
    speaking = fields.Boolean(required=True)
    before = whole(0, 10**6)


class RaisedHandSchema(Schema):
    id = StrictString(required=True)
    name = fields.Dict(required=True)
    place = StrictString(required=True, allow_none=True)
    table = StrictString(required=True, allow_none=True)
    speaking = fields.Boolean(required=True)
    here = fields.Boolean(required=True)


class OtherSchema(Schema):
    id = StrictString(required=True)
    name = fields.Dict(required=True)


class WheelStateSchema(Schema):
    mine = fields.Boolean(required=True)
    name = fields.Dict(required=True, allow_none=True)
    silent = fields.Boolean(required=True)
    others = fields.List(fields.Nested(OtherSchema()), required=True)


class FloorSchema(Schema):
    """To each socket about its own hand; to facilitators also the queue, in turn, and who has the wheel."""

    hand = fields.Nested(OwnHandSchema(), required=True, allow_none=True)
    hands = fields.List(fields.Nested(RaisedHandSchema()))
    wheel = fields.Nested(WheelStateSchema())


class HeartbeatSchema(Schema):
    """Every 5 s. `digest`: XOR over the viewer's records of FNV-1a 32 of "table/id:rev"."""

    head = whole(**_SEQ)
    digest = whole(0, 2**32 - 1)


class GoodbyeSchema(Schema):
    reason = StrictString(required=True, validate=validate.OneOf(list(GOODBYES)))


FROM_BROWSER: dict[str, Schema] = {
    "hello": HelloSchema(),
    "submit": SubmitSchema(),
    "presence": WhereSchema(),
    "clock": ClockSchema(),
    "hand": HandSchema(),
    "floor": FloorActSchema(),
    "wheel": WheelSchema(),
}
FROM_SERVER: dict[str, Schema] = {
    "welcome": WelcomeSchema(),
    "answers": AnswersSchema(),
    "changes": ChangesSchema(),
    "presence": PresenceSchema(),
    "floor": FloorSchema(),
    "heartbeat": HeartbeatSchema(),
    "goodbye": GoodbyeSchema(),
}
WIRE_TABLES = TABLES


def parsed(text: str | bytes) -> Any:
    """JSON as the standard has it and as every reader reads it. Raises: ValueError.

    No NaN, no infinity, no endless integer, no endless nesting (orjson); and no key twice, of which one reader would take the
    first and another the last.
    """
    value = orjson.loads(text)
    try:
        json.loads(text, object_pairs_hook=_without_repeats)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def _without_repeats(pairs: list[tuple[str, Any]]) -> None:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key comes twice")


def read(event: str, data: Any) -> dict[str, Any]:
    """A browser's frame, checked. Raises: Rejected("bad_payload", fields)."""
    try:
        loaded: dict[str, Any] = FROM_BROWSER[event].load(data)
    except ValidationError as error:
        raise Rejected("bad_payload", fields=sorted(map(str, error.normalized_messages()))) from None
    return loaded


def operations(frame: dict[str, Any]) -> list[Operation]:
    return [Operation(op["id"], op["kind"], op["payload"]) for op in frame["ops"]]
