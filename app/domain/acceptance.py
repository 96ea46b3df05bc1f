"""A schema's quick way in: what is right is taken as `Schema.load` would take it, in a fifth of the time.

Most frames are right. What is not, or is of a shape that this file does not know, goes the schema's own way, which also says
what is wrong; so a schema stays the one place where a shape is declared. `tests/domain/test_acceptance.py` holds the two ways
to the same result.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, missing

from app.domain.payloads import StrictString

Load = Callable[[Any], Any]


class _Unlike(Exception):
    """Not taken here: the schema will say whether it is wrong."""


def loader(schema: Schema) -> Callable[[Any], dict[str, Any]]:
    """What loads as this schema does. Raises: ValidationError, as the schema does."""
    try:
        quick = _of_schema(schema)
    except _Unlike:
        return schema.load

    def load(data: Any) -> Any:
        try:
            return quick(data)
        except (_Unlike, ValidationError):
            return schema.load(data)

    return load


def _of_schema(schema: Schema) -> Load:
    if schema.unknown != RAISE or schema.many or any(schema._hooks.values()) or schema.partial:
        raise _Unlike
    described = [(name, _of_field(field), field) for name, field in schema.load_fields.items()]
    if any(field.attribute or field.data_key or callable(field.load_default) for _, _, field in described):
        raise _Unlike
    # In the schema's order, as it loads them: what is made of a payload, and hashed, is the same either way.
    ways = [(name, load, field.required, field.load_default) for name, load, field in described]
    names = frozenset(schema.load_fields)

    def load_all(data: Any) -> dict[str, Any]:
        if type(data) is not dict or not data.keys() <= names:
            raise _Unlike
        found = {}
        for name, load, required, default in ways:
            if name in data:
                found[name] = load(data[name])
            elif required:
                raise _Unlike
            elif default is not missing:
                found[name] = default
        return found

    return load_all


def _of_field(field: fields.Field[Any]) -> Load:
    load, checks, allows_none = _content(field), field.validators, field.allow_none

    def load_one(value: Any) -> Any:
        if value is None:
            if allows_none:
                return None
            raise _Unlike
        value = load(value)
        for check in checks:
            check(value)
        return value

    return load_one


def _content(field: fields.Field[Any]) -> Load:
    """How a kind of field reads a value. By their exact class: whatever is derived from them may read otherwise."""
    if type(field) is StrictString:
        return _exactly(str)
    if type(field) is fields.Integer and field.strict:
        return _exactly(int)
    if type(field) is fields.Boolean:
        return _exactly(bool)
    if type(field) is fields.Nested and not field.many and field.unknown is None:
        return _of_schema(field.schema)
    if type(field) is fields.List:
        each, listed = _of_field(field.inner), _exactly(list)
        return lambda value: [each(one) for one in listed(value)]
    if type(field) is fields.Dict:
        return _of_dict(field)
    raise _Unlike


def _of_dict(field: fields.Dict) -> Load:
    key = _of_field(field.key_field) if field.key_field else None
    each = _of_field(field.value_field) if field.value_field else None

    def load(value: Any) -> Any:
        if type(value) is not dict:
            raise _Unlike
        if key is None and each is None:
            return dict(value)
        return {key(name) if key else name: each(one) if each else one for name, one in value.items()}

    return load


def _exactly(kind: type) -> Load:
    def load(value: Any) -> Any:
        if type(value) is not kind:
            raise _Unlike
        return value

    return load
