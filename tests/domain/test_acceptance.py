"""The quick way into a schema and the schema's own: the same result, or the same refusal."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError, fields, post_load, validate

from app.domain.acceptance import _of_schema, _Unlike, loader
from app.domain.payloads import StrictString, raw_text, record_id, schema, whole, words
from app.domain.rules import RULES
from app.messages import FROM_BROWSER

SCHEMAS = {**{kind: rule.schema for kind, rule in RULES.items()}, **FROM_BROWSER}

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 10**7), st.floats(allow_nan=False), st.text(max_size=6)
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


def near(field: fields.Field[Any]) -> st.SearchStrategy[Any]:
    """What this field may hold, or nearly."""
    if isinstance(field, fields.Nested):
        return st.one_of(of(field.schema), ANYTHING)
    if isinstance(field, fields.List):
        return st.one_of(st.lists(near(field.inner), max_size=3), ANYTHING)
    if isinstance(field, fields.Dict):
        key = near(field.key_field) if field.key_field else st.text(max_size=3)
        keys = st.one_of(st.sampled_from(["fr", "en"]), key.filter(lambda one: isinstance(one, str)))
        return st.dictionaries(keys, near(field.value_field) if field.value_field else ANYTHING, max_size=3)
    chosen: list[Any] = [choice for check in field.validators for choice in getattr(check, "choices", ())]
    plausible = st.sampled_from(["F01", "a" * 32, "0" * 64, "", *chosen]) | st.integers(0, 5) | st.booleans()
    return st.one_of(plausible, ANYTHING)


def of(described: Schema) -> st.SearchStrategy[Any]:
    required = {n: near(f) for n, f in described.load_fields.items() if f.required}
    optional = {n: near(f) for n, f in described.load_fields.items() if not f.required}
    return st.fixed_dictionaries(required, optional=optional) | st.fixed_dictionaries({}, optional=required)


def outcome(load: Any, data: Any) -> Any:
    try:
        return load(copy.deepcopy(data))
    except ValidationError as error:
        return error.normalized_messages()


@pytest.mark.parametrize("name", SCHEMAS)
def test_both_ways_into_a_schema_lead_to_the_same(name: str) -> None:
    described = SCHEMAS[name]
    quick = loader(described)

    @settings(max_examples=40)
    @given(of(described) | ANYTHING)
    def alike(data: Any) -> None:
        ours, theirs = outcome(quick, data), outcome(described.load, data)
        assert ours == theirs
        assert list(ours) == list(theirs)
        assert repr(ours) == repr(theirs)  # 1 and True are equal, and not the same

    alike()


def test_only_what_is_rare_has_no_quick_way() -> None:
    def is_slow(described: Schema) -> bool:
        try:
            _of_schema(described)
        except _Unlike:
            return True
        return False

    slow = {name for name, described in SCHEMAS.items() if is_slow(described)}
    assert slow <= {
        "board.setup",
        "board.import",
        "round.add",
        "round.edit",
        "agenda.replace",
        "ballot.cast",
        "ballot.paper",
    }


class Derived(StrictString):
    def _deserialize(self, value: Any, *arguments: Any, **named: Any) -> str:
        return str(value).upper()


class Hooked(Schema):
    word = StrictString(required=True)

    @post_load
    def shout(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"word": data["word"] + "!"}


@pytest.mark.parametrize(
    ("described", "data"),
    [
        (schema(word=Derived(required=True)), {"word": "a"}),
        (Hooked(), {"word": "a"}),
        (schema(word=StrictString(data_key="other")), {"other": "a"}),
        (schema(count=fields.Integer()), {"count": "12"}),
        (schema(word=StrictString(load_default=lambda: "made")), {}),
    ],
)
def test_a_shape_it_does_not_know_is_left_to_the_schema(described: Schema, data: Any) -> None:
    assert loader(described)(data) == described.load(data)


def test_a_derived_field_inside_is_left_to_the_schema_too() -> None:
    inner = schema(list=fields.List(Derived()), id=record_id(), text=raw_text(), named=words(), n=whole(0, 3))
    data = {"list": ["a"], "id": "x", "text": "t", "named": {"fr": "f"}, "n": 1}
    assert loader(inner)(data) == inner.load(data)
    assert loader(inner)(data)["list"] == ["A"]


def test_a_bound_is_kept() -> None:
    bounded = schema(n=whole(0, 3), word=StrictString(required=True, validate=validate.Length(max=2)))
    for data in ({"n": 4, "word": "a"}, {"n": 1, "word": "abc"}, {"n": True, "word": "a"}):
        with pytest.raises(ValidationError):
            loader(bounded)(data)
