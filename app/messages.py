"""Every frame between browser and server, in both directions, as marshmallow schemas; the protocol's number; why we say goodbye.

The payloads of operations are not here: they stand beside their rules in `domain/kinds/`.
"""

from __future__ import annotations

import re
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from app.domain.acceptance import loader
from app.domain.errors import CODES, Rejected
from app.domain.operations import Operation
from app.domain.payloads import StrictString, whole
from app.domain.records import ROLES

PROTOCOL = 1
MOST_OPERATIONS = 50
MOST_BYTES = 48 * 1024
# The rest is room for the envelope.
MOST_MESSAGE_BYTES = MOST_BYTES + 16 * 1024
UNANSWERED_FRAMES = 8
# A browser fills its frames up to whole steps, so that their size does not tell the length of a text.
PAD_BYTES = 1024
HEARTBEAT_S = 5

# What a browser may send, each with a schema below.
EVENTS = ("hello", "submit", "clock", "hand", "floor", "wheel")

GOODBYES = {
    "moved": "this seat was opened on another device",
    "locked": "the shared phone was passed on; this seat waits behind its PIN",
    "removed": "this seat was taken back by the administrator or facilitator",
    "reload": "this page is older than the server; load it again",
    "restart": "the server restarts, or the seat was given a new token in another tab; the page connects again by itself",
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


class ClockSchema(Schema):
    """Asks for the server's time; answered as the event's acknowledgement."""


class HandSchema(Schema):
    """Ask to speak, or no longer. Refused while a round is sealed."""

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
    """To operations; or one result without an id, when a frame was refused as a whole. Then `event` says which of the browser's
    it was, where that could be read: nothing of it was done, and nothing else is concerned."""

    results = fields.List(fields.Nested(AnswerSchema()), required=True)
    event = StrictString(validate=validate.OneOf(EVENTS))


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


class PaperSchema(Schema):
    """Paper ballots of the vote that takes them: how many are entered, and how many of those wait for a second person."""

    round = StrictString(required=True)
    epoch = whole(0, 10_000)
    entered = whole(0, 10**6)
    waiting = whole(0, 10**6)


class BackupSchema(Schema):
    """What became of the server's last backup at a break; `code` says what hindered it, `since_min` how long one has waited."""

    state = StrictString(required=True, validate=validate.OneOf(("waiting", "making", "made", "failed")))
    code = StrictString(
        required=True, validate=validate.OneOf(("", "gone", "full", "read_only", "slow", "failed"))
    )
    at_ms = whole(0, 2**53)
    since_min = whole(0, 10**6, required=False)


class PresenceSchema(Schema):
    """How many are connected and how many seats there are, standing still while a round is sealed; to staff only also turnout
    (from ten up), paper ballots, the parity meter, who was offline at the close, the queue at the door, for how many minutes the
    remote side has been cut, what became of the last backup at a break, and `incomplete` while this server cannot hear the
    others: then the numbers are of those connected to it alone."""

    online = whole(0, 10**6)
    seats = whole(0, 10**6, required=False)
    frozen = fields.Boolean(required=True)
    parity = fields.Nested(ParitySchema())
    offline = whole(0, 10**6, required=False)
    absent = fields.Nested(AbsentSchema())
    turnout = fields.Nested(TurnoutSchema())
    paper = fields.Nested(PaperSchema())
    door = whole(0, 10**6, required=False)
    remote_cut_min = whole(0, 10**6, required=False)
    backup = fields.Nested(BackupSchema())
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
_LOADERS = {event: loader(schema) for event, schema in FROM_BROWSER.items()}


def read(event: str, data: Any) -> dict[str, Any]:
    """A browser's frame, checked. Raises: Rejected("bad_payload", fields)."""
    try:
        loaded = _LOADERS[event](data)
    except ValidationError as error:
        raise Rejected("bad_payload", fields=sorted(map(str, error.normalized_messages()))) from None
    return loaded


def refused(event: str | None, result: dict[str, Any]) -> dict[str, Any]:
    """The `answers` frame for one of these events that was refused as a whole."""
    return {"results": [result], **({"event": event} if event in EVENTS else {})}


def operations(frame: dict[str, Any]) -> list[Operation]:
    return [Operation(op["id"], op["kind"], op["payload"]) for op in frame["ops"]]
