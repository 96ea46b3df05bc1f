"""The fields that payload schemas are made of: strict types, bounds, no coercion. Unknown fields are refused by
marshmallow's default."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
HEX64 = re.compile(r"[0-9a-f]{64}")
# Longer than any limit of `wording`: what is a little too long gets its own sentence, what is absurd is malformed.
RAW_TEXT_CHARS = 4000


class StrictString(fields.String):
    """Text and nothing else: marshmallow's own String accepts bytes."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        return value


def record_id(**kwargs: Any) -> fields.Field[Any]:
    return StrictString(required=True, validate=validate.Regexp(re.compile(ID.pattern + r"\Z")), **kwargs)


def optional_id(**kwargs: Any) -> fields.Field[Any]:
    """An id or null: where a card is, or that it is nowhere."""
    kwargs.setdefault("required", True)
    return StrictString(allow_none=True, validate=validate.Regexp(re.compile(ID.pattern + r"\Z")), **kwargs)


def choice(*choices: str) -> fields.Field[Any]:
    """One of these words, or nothing: the sender leaves it as it is."""
    return StrictString(required=False, load_default=None, allow_none=True, validate=validate.OneOf(choices))


def hex64(**kwargs: Any) -> fields.Field[Any]:
    """32 bytes in lower-case hexadecimal: an edit secret or its SHA-256."""
    kwargs.setdefault("required", True)
    return StrictString(validate=validate.Regexp(re.compile(HEX64.pattern + r"\Z")), **kwargs)


def raw_text(**kwargs: Any) -> fields.Field[Any]:
    kwargs.setdefault("required", True)
    return StrictString(validate=validate.Length(max=RAW_TEXT_CHARS), **kwargs)


def whole(low: int, high: int, **kwargs: Any) -> fields.Field[Any]:
    kwargs.setdefault("required", True)
    return fields.Integer(strict=True, validate=_whole(low, high), **kwargs)


def _whole(low: int, high: int) -> Any:
    bounds = validate.Range(low, high)

    def check(value: Any) -> Any:
        # True is an int in Python; in JSON it is a mistake.
        if isinstance(value, bool):
            raise ValidationError("Not a number.")
        return bounds(value)

    return check


def words(**kwargs: Any) -> fields.Field[Any]:
    """Text that is data, by language: {"fr": ..., "en": ...}."""
    return fields.Dict(
        keys=StrictString(validate=validate.Length(equal=2)),
        values=StrictString(validate=validate.Length(max=600)),
        required=True,
        **kwargs,
    )


def schema(**described: fields.Field[Any]) -> Schema:
    """A schema of exactly these fields."""
    return Schema.from_dict(dict(described))()


NOW_MS = (0, 2**53 - 1)
EPOCH = (1, 10_000)
REVISION = (1, 1_000_000)
