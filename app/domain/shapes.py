"""What every record of a board holds once everybody may see it: one schema a table, for a board that comes from a file.

A rule makes a record field by field and needs none of this. What stands in a file may have been written by anybody, so here
every field has its type and its bounds, and one that is not named is refused. A field that older releases did not write is
not required, and is not made up.
"""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from app.domain import wording
from app.domain.counting.sides import SIDES
from app.domain.days import is_day
from app.domain.errors import Rejected
from app.domain.kinds import cards, comments, earlier, notes, progress, sheets
from app.domain.kinds.agenda import MOST_ROUNDS
from app.domain.kinds.ballots import MOST_TARGETS
from app.domain.kinds.board import SETTINGS, FactorSchema, RoundSchema, TableSchema
from app.domain.kinds.clusters import MOST_FORMER, MOST_PROPOSALS
from app.domain.kinds.handcounts import MOST_HANDS
from app.domain.language import LANGUAGES
from app.domain.payloads import ID, StrictString, hex64, optional_id, record_id, schema, whole, words
from app.domain.records import ALL, ROLES, STAFF

MOST = {
    **{"rounds": MOST_ROUNDS, "cards": 5000, "clusters": 2000, "sheets": 1000},
    **{"versions": 10_000, "progress": 20_000, "notes": 20_000},
    **{"comments": 20_000, "tallies": 500, "pairs": 20_000, "handcounts": 5000},
}
# A round that runs has an urn or a clock, and neither can be in a file.
AT_REST = ("planned", "published", "skipped", "void")
# What a sheet got since the first release.
LATER_FIELDS = frozenset({"partner", "start"})
# What `earlier` holds of the workshop itself; of each of its sheets it holds the chapters.
OF_THE_WORKSHOP = ("title", "day", "scores")
SPEAKERS = ("participant", "expert", "facilitator", "rapporteur")
NAME_CHARS = 160
_LONG_ID = re.compile(rf"{ID.pattern}(?::{ID.pattern}){{0,2}}\Z")


class KeptText(StrictString):
    """A text as a board keeps it: cleaned, bounded; empty where something was taken away or never written."""

    def __init__(self, limit: int, **kwargs: Any) -> None:
        super().__init__(**{"required": True, **kwargs})
        self._limit = limit

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not text:
            return text
        try:
            return wording.clean(text, self._limit)
        except Rejected as rejected:
            raise ValidationError(rejected.code) from None


class KeptDay(StrictString):
    """A day of the calendar, or nothing: months are counted from it."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text and not is_day(text):
            raise ValidationError("No day.")
        return text


class Figure(fields.Field[Any]):
    """A number as it was reckoned: a whole one stays whole."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> int | float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ValidationError("Not a number.")
        return value


# A field that may be null, and one that older releases did not write.
NULL: dict[str, Any] = {"allow_none": True}
NEWER: dict[str, Any] = {"required": False}
EITHER: dict[str, Any] = {**NULL, **NEWER}


def _one_of(*known: str, **how: Any) -> fields.Field[Any]:
    return StrictString(validate=validate.OneOf(known), **{"required": True, **how})


def _flag(**how: Any) -> fields.Field[Any]:
    return fields.Boolean(truthy={True}, falsy={False}, **{"required": True, **how})


def _count(low: int = 0, high: int = 1_000_000, **how: Any) -> fields.Field[Any]:
    return whole(low, high, **how)


def _list(of: fields.Field[Any] | Schema, most: int, **how: Any) -> fields.Field[Any]:
    inner = fields.Nested(of) if isinstance(of, Schema) else of
    return fields.List(inner, validate=validate.Length(max=most), **{"required": True, **how})


def _by_name(values: fields.Field[Any], **how: Any) -> fields.Field[Any]:
    """Shape: a short name -> a value."""
    keys = StrictString(validate=validate.Length(1, 64))
    return fields.Dict(
        keys=keys, values=values, validate=validate.Length(max=2000), **{"required": True, **how}
    )


def _may_lack(field: fields.Field[Any]) -> fields.Field[Any]:
    """The same field where it need not be."""
    one = copy.copy(field)
    one.required = False
    return one


def _target(*tables: str) -> fields.Field[Any]:
    return fields.Nested(schema(table=_one_of(*tables), id=record_id()), required=True)


def _rests() -> fields.Field[Any]:
    """What a round has while it runs, and nothing in one that does not."""
    return fields.Raw(required=True, allow_none=True, validate=validate.Equal(None))


def _long_id() -> fields.Field[Any]:
    """One id, or up to three with a colon between them."""
    return StrictString(required=True, validate=validate.Regexp(_LONG_ID))


REV = whole(1, 2**31)
AUDIENCE = StrictString(required=False, validate=validate.Equal(ALL))
NAME = _by_name(KeptText(NAME_CHARS), **EITHER)
LANGUAGE = _one_of(*LANGUAGES, **EITHER)
SIDED = {side: Figure(required=True, **NULL) for side in SIDES}
COUNTS = _by_name(_count())

BOARD = schema(
    id=StrictString(required=True, validate=validate.Equal("board")),
    rev=REV,
    title=words(),
    time_zone=KeptText(64),
    card_chars=_count(1),
    # A practice board is thrown away, and nothing of it is kept.
    practice=fields.Boolean(required=True, truthy={True}, falsy={False}, validate=validate.Equal(False)),
    axes=_list(schema(id=record_id(), name=words()), sheets.MOST_AXES, **NEWER),
    **{setting: _flag(**NEWER) for setting in SETTINGS},
    # How often its people were forgotten.
    forgotten=_count(**NEWER),
)

CLOSING = schema(
    epoch=_count(1, 10_000),
    seats=_count(**NULL),
    cards=_count(),
    held=_count(),
    comments=_count(),
    unshown=_count(),
    ballots=_count(**NULL),
    mark=hex64(),
)

BALLOT_TARGET = schema(
    table=_one_of("factors", "clusters", "cards", "questions", "sheets"),
    id=record_id(),
    # Questions belong to no factor.
    factor=StrictString(required=True, validate=validate.Length(max=64)),
    bucket=StrictString(validate=validate.Length(max=64), **NEWER),
    words=_by_name(KeptText(600), **NEWER),
)

ROUND = schema(
    **RoundSchema().fields,
    rev=REV,
    state=_one_of(*AT_REST),
    epoch=_count(0, 10_000),
    key=_count(1),
    reopened=_count(),
    released=_count(),
    roster=_count(**NULL),
    ballot=_list(BALLOT_TARGET, MOST_TARGETS, **NULL),
    unshown=_count(**NEWER),
    closings=_list(CLOSING, 10_000, **NEWER),
    chosen=_list(record_id(), MOST_TARGETS, **EITHER),
    late_of=optional_id(required=False),
    extra=fields.Dict(validate=validate.Length(max=0), **NEWER),
    ends_at_ms=_rests(),
    left_ms=_rests(),
    pause_reason=_rests(),
    held_up=_may_lack(_rests()),
)

CARD = schema(
    id=record_id(),
    rev=REV,
    number=_count(1),
    factor=record_id(),
    origin=StrictString(validate=validate.Length(1, 64), **NEWER),
    text=KeptText(wording.CARD_CHARS),
    round=record_id(),
    epoch=_count(1, 10_000),
    cluster=optional_id(),
    state=_one_of("published", "erased"),
    reason=_rests(),
    kind=_one_of(*cards.KINDS),
    language=LANGUAGE,
    translation=_by_name(KeptText(wording.CARD_CHARS)),
    name=NAME,
    audience=AUDIENCE,
)

CLUSTER = schema(
    id=record_id(),
    rev=REV,
    factor=record_id(),
    name=KeptText(wording.NAME_CHARS),
    former_names=_list(KeptText(wording.NAME_CHARS), MOST_FORMER, **NEWER),
    proposals=_list(KeptText(wording.NAME_CHARS), MOST_PROPOSALS),
    merged_into=optional_id(),
    merge=fields.Nested(
        schema(
            cards=_list(record_id(), MOST["cards"]),
            by=StrictString(required=True, validate=validate.Length(max=32)),
            round=optional_id(),
        ),
        **EITHER,
    ),
    contest=_one_of("open", "kept", **EITHER),
    released=_flag(**NEWER),
)


def _written(field: str, **how: Any) -> fields.Field[Any]:
    return (
        KeptDay(**{"required": True, **how})
        if field in sheets.DAYS
        else KeptText(sheets.LIMITS[field], **how)
    )


# What stood on a sheet in a version, where it is something else now.
FORMER = schema(
    **{field: _written(field, **NEWER) for field in sheets.LIMITS},
    disposition=_one_of(*sheets.DISPOSITIONS, **EITHER),
    factor=_may_lack(record_id()),
    others=_list(record_id(), 30, **NEWER),
    axis=optional_id(required=False),
    table=optional_id(required=False),
)
STATUS = _one_of(*progress.STATUSES, **EITHER)
PERCENT = _count(0, 100, **EITHER)

SHEET = schema(
    id=record_id(),
    rev=REV,
    number=_count(1),
    source=_target(*sheets.SOURCES, "earlier"),
    factor=record_id(),
    others=_list(record_id(), 30),
    axis=optional_id(),
    table=optional_id(),
    disposition=_one_of(*sheets.DISPOSITIONS, **NULL),
    state=_one_of(*sheets.STATES),
    version=_count(),
    **{field: _written(field, **(NEWER if field in LATER_FIELDS else {})) for field in sheets.LIMITS},
    horizon=_one_of(*sheets.HORIZONS, **EITHER),
    status=STATUS,
    percent=PERCENT,
    since=fields.Nested(FORMER, **NEWER),
    released=_flag(**NEWER),
)

VERSION = schema(
    id=record_id(),
    rev=REV,
    number=_count(1, 10_000),
    sheets=_list(record_id(), MOST["sheets"]),
    before=fields.Dict(keys=record_id(), values=fields.Nested(FORMER), required=True),
    by=_one_of(*ROLES),
    name=NAME,
    at_ms=_count(0, 2**53 - 1),
)

PROGRESS = schema(
    id=record_id(),
    rev=REV,
    sheet=record_id(),
    number=_count(1),
    status=_one_of(*progress.STATUSES),
    percent=_count(0, 100, **NULL),
    text=KeptText(progress.PROGRESS_CHARS),
    day=KeptDay(required=True, validate=validate.Length(min=1)),
    by=_one_of(*ROLES),
    name=NAME,
    was=fields.Nested(schema(status=STATUS, percent=PERCENT), required=True),
)

# Of the workshop that this one follows: itself, with the scores of its factors, and the chapters of each sheet.
EARLIER = schema(
    id=record_id(),
    rev=REV,
    **{name: _may_lack(earlier.EARLIER.fields[name]) for name in OF_THE_WORKSHOP},
    chapters=_may_lack(earlier.SHEET.fields["chapters"]),
)

NOTE = schema(
    id=record_id(),
    rev=REV,
    target=_target(*notes.ABOUT),
    kind=_one_of(*notes.KINDS),
    text=KeptText(notes.NOTE_CHARS),
    by=_one_of(*ROLES),
    name=NAME,
    released=_flag(),
    audience=AUDIENCE,
)

COMMENT = schema(
    id=record_id(),
    rev=REV,
    target=_target("cards", "clusters", "factors", "sheets"),
    text=KeptText(wording.COMMENT_CHARS),
    kind=_one_of(*comments.KINDS, **EITHER),
    language=LANGUAGE,
    translation=_by_name(KeptText(wording.COMMENT_CHARS), **NEWER),
    by=_one_of(*SPEAKERS),
    name=NAME,
    round=optional_id(),
    audience=AUDIENCE,
)

# What is known of one scale, as the counting has it.
_SCALE: dict[str, fields.Field[Any]] = {
    "total": Figure(required=True),
    "answers": _count(**NEWER),
    "value": Figure(**EITHER),
    "agreement": Figure(**EITHER),
    "counts": COUNTS,
    **SIDED,
}
TALLY_ROW = schema(
    **_SCALE,
    target=record_id(),
    table=_one_of("factors", "clusters", "cards", "questions", "sheets", **NEWER),
    factor=StrictString(required=True, validate=validate.Length(max=64)),
    bucket=StrictString(validate=validate.Length(max=64), **NEWER),
    words=_by_name(KeptText(600), **NEWER),
    rank=_count(1),
    tied=_flag(),
    low=_count(1, **EITHER),
    high=_count(1, **EITHER),
    marks=_list(StrictString(validate=validate.Length(max=32)), 8, **NEWER),
    divergence=Figure(**EITHER),
    across=Figure(**EITHER),
    first=_count(**EITHER),
    schulze=_count(1, **EITHER),
    quadrant=_one_of("quick_win", "major_work", "small_step", "not_now", **EITHER),
    criteria=_by_name(fields.Nested(schema(**_SCALE)), **NEWER),
)
TALLY = schema(
    id=_long_id(),
    rev=REV,
    round=record_id(),
    epoch=_count(1, 10_000),
    method=StrictString(required=True, validate=validate.Length(max=80)),
    seats=_count(**NULL),
    ballots=_count(),
    split=_flag(),
    voters=_by_name(_count(), **EITHER),
    paper=_by_name(_count(**NULL), **NEWER),
    rows=_list(TALLY_ROW, MOST_TARGETS),
)

HANDCOUNT = schema(
    id=_long_id(),
    rev=REV,
    round=record_id(),
    epoch=_count(1, 10_000),
    table=record_id(),
    present=_count(0, MOST_HANDS),
    counts=_by_name(_count(0, MOST_HANDS)),
    audience=AUDIENCE,
)

# Two cards that staff found to be different: ids and no word.
PAIR = schema(
    id=_long_id(),
    rev=REV,
    cards=fields.List(record_id(), required=True, validate=validate.Length(equal=2)),
    audience=StrictString(required=True, validate=validate.Equal(STAFF)),
)

# In the order in which they are laid down. Shape: table -> the shape of one record, and the most there may be.
SHAPES: dict[str, tuple[Schema, int]] = {
    "board": (BOARD, 1),
    "factors": (schema(**FactorSchema().fields, rev=REV), 30),
    "tables": (schema(**TableSchema().fields, rev=REV), 50),
    "rounds": (ROUND, MOST["rounds"]),
    "clusters": (CLUSTER, MOST["clusters"]),
    "cards": (CARD, MOST["cards"]),
    "sheets": (SHEET, MOST["sheets"]),
    "versions": (VERSION, MOST["versions"]),
    "progress": (PROGRESS, MOST["progress"]),
    "earlier": (EARLIER, 1 + earlier.MOST_SHEETS),
    "comments": (COMMENT, MOST["comments"]),
    "notes": (NOTE, MOST["notes"]),
    "tallies": (TALLY, MOST["tallies"]),
    "pairs": (PAIR, MOST["pairs"]),
    "handcounts": (HANDCOUNT, MOST["handcounts"]),
}
BOARD_FILE = schema(
    **{
        table: fields.List(fields.Nested(shape), required=True, validate=validate.Length(max=most))
        for table, (shape, most) in SHAPES.items()
    }
)
