"""What a workshop holds of the one it follows: that one's action sheets to go on with, what spoke for them to be read, and the
scores of its factors to compare with. It comes with the board's first operation and is never altered.

A chapter is what one workshop knew of a sheet. Nobody's name is in it, and nothing that the workshop had not shown to all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import fields, validate

from app.domain.changes import Change, put
from app.domain.counting.change import KEPT
from app.domain.counting.scores import HIGHEST, LOWEST
from app.domain.errors import Rejected
from app.domain.kinds.progress import STATUSES
from app.domain.kinds.sheets import AXIS, DISPOSITIONS, HORIZONS, LIMITS, MOST_AXES, NOT_BEGUN
from app.domain.payloads import StrictString, optional_id, raw_text, record_id, schema, whole, words
from app.domain.records import Record, State

# The record of the workshop itself, among those of the sheets.
WORKSHOP = "workshop"
MOST_SHEETS, MOST_CHAPTERS, MOST_LINES = 200, 12, 400

_COUNT = (0, 1_000_000)
_STATUS = StrictString(required=True, allow_none=True, validate=validate.OneOf(STATUSES))
_PERCENT = whole(0, 100, allow_none=True)
_DISPOSITION = StrictString(required=True, allow_none=True, validate=validate.OneOf(tuple(DISPOSITIONS)))
_HORIZON = StrictString(required=True, allow_none=True, validate=validate.OneOf(HORIZONS))
_DAY = StrictString(required=True, validate=validate.Regexp(r"(\d{4}-\d\d-\d\d)?\Z"))
_WORD = StrictString(required=True, validate=validate.Length(max=40))


def _figure() -> fields.Field[Any]:
    return fields.Float(required=True, allow_none=True, allow_nan=False)


def _many(shape: Any, most: int = MOST_LINES) -> fields.Field[Any]:
    return fields.List(fields.Nested(shape), required=True, validate=validate.Length(max=most))


PLAN = {name: raw_text() for name in LIMITS}
STANDING = {"disposition": _DISPOSITION, "horizon": _HORIZON, "status": _STATUS, "percent": _PERCENT}

CHAPTER = schema(
    title=words(),
    day=_DAY,
    plan=fields.Nested(schema(**PLAN, **STANDING, version=whole(*_COUNT)), required=True),
    cards=_many(schema(number=whole(*_COUNT), text=raw_text())),
    votes=_many(
        schema(
            round=words(),
            method=_WORD,
            value=_figure(),
            rank=whole(*_COUNT),
            tied=fields.Boolean(required=True),
            ballots=whole(*_COUNT),
            seats=whole(*_COUNT),
            internal=_figure(),
            external=_figure(),
        )
    ),
    notes=_many(schema(by=_WORD, kind=_WORD, text=raw_text())),
    progress=_many(schema(status=_STATUS, percent=_PERCENT, text=raw_text(), day=_DAY)),
)

SHEET = schema(
    number=whole(1, 100_000),
    factor=record_id(),
    others=fields.List(record_id(), required=True, validate=validate.Length(max=30)),
    axis=optional_id(),
    table=optional_id(),
    plan=fields.Nested(schema(**PLAN, **STANDING), required=True),
    chapters=_many(CHAPTER, MOST_CHAPTERS),
)

SCORE = schema(
    factor=record_id(),
    value=_figure(),
    answers=whole(*_COUNT),
    counts=fields.Dict(
        keys=StrictString(validate=validate.OneOf([str(n) for n in range(LOWEST, HIGHEST + 1)])),
        values=whole(*_COUNT),
        required=True,
    ),
    internal=_figure(),
    external=_figure(),
)

EARLIER = schema(
    title=words(),
    day=_DAY,
    axes=_many(AXIS, MOST_AXES),
    sheets=_many(SHEET, MOST_SHEETS),
    scores=_many(SCORE, 99),
)


def opened(
    earlier: Mapping[str, Any], factors: Sequence[Record], tables: Sequence[Record], op_id: str
) -> list[Change]:
    """The sheets as they were left, open to be written on, each beside its chapters; and the scores of then.

    Raises: Rejected("bad_plan", field) for a sheet under a factor or an axis that is not there.
    """
    known = {factor["id"] for factor in factors}
    axes = {axis["id"] for axis in earlier["axes"]}
    at = {table["id"] for table in tables}
    workshop = {
        "id": WORKSHOP,
        "title": earlier["title"],
        "day": earlier["day"],
        "scores": [score for score in earlier["scores"] if score["factor"] in known],
    }
    changes = [put("earlier", workshop)]
    for place, sheet in enumerate(earlier["sheets"], 1):
        if not {sheet["factor"], *sheet["others"]} <= known:
            raise Rejected("bad_plan", field="factors")
        if sheet["axis"] is not None and sheet["axis"] not in axes:
            raise Rejected("bad_plan", field="axes")
        record_id_ = f"{op_id}:{place}"
        record = {
            "id": record_id_,
            "number": sheet["number"],
            "source": {"table": "earlier", "id": record_id_},
            **{name: sheet[name] for name in ("factor", "others", "axis")},
            "table": sheet["table"] if sheet["table"] in at else None,
            "state": "draft",
            "version": 0,
            **NOT_BEGUN,
            **sheet["plan"],
        }
        changes += [
            put("sheets", record),
            put("earlier", {"id": record_id_, "chapters": sheet["chapters"]}),
        ]
    return changes


def scores_then(state: State) -> dict[str, Record]:
    """factor -> the figures of the workshop before; empty when this one follows none."""
    workshop = state["earlier"].get(WORKSHOP, {})
    return {score["factor"]: {name: score[name] for name in KEPT} for score in workshop.get("scores", ())}
