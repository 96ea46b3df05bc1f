"""The HTTP surface as an OpenAPI description, made from the routes and from what their functions read of a request."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Flask

from app.domain.rules import RULES
from app.messages import MOST_OPERATIONS

# What a page reads of a request: `request.form.get("name")`, `request.files[...]`, and of a body that may be either.
READ = re.compile(r'request\.(form|args|files)(?:\.get|\.getlist)?[\[(]"(\w+)"')
ASKED = re.compile(r'asked\.get\("(\w+)"|request\.form\)\.get\("(\w+)"')

Known = Mapping[str, Sequence[str]]


def description(app: Flask, known_at: Callable[[str], Known], frames: Sequence[str]) -> dict[str, Any]:
    """Shape: `known_at` gives for an endpoint the names of parameters and fields -> values that lead somewhere; `frames` are the
    endpoints that take the same frame as a socket does."""
    paths: dict[str, dict[str, Any]] = {}
    for rule in app.url_map.iter_rules():
        known = known_at(rule.endpoint)
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        read = _read_by(app.view_functions[rule.endpoint])
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            paths.setdefault(path, {})[method.lower()] = {
                "operationId": f"{rule.endpoint} {method}",
                "parameters": [
                    *(_parameter("path", name, known, required=True) for name in sorted(rule.arguments)),
                    *(_parameter("query", name, known, required=False) for name in read["args"]),
                ],
                **({"requestBody": _body(rule.endpoint in frames, read, known)} if method == "POST" else {}),
                "responses": {"default": {"description": "a page, or a refusal"}},
            }
    return {"openapi": "3.0.3", "info": {"title": "Palabre", "version": "1"}, "paths": paths}


def _read_by(view: Any) -> dict[str, list[str]]:
    """The names that the module of a page reads of requests, by where."""
    source = inspect.getsource(sys.modules[inspect.unwrap(view).__module__])
    found: dict[str, set[str]] = {"form": set(), "args": {"board", "lang"}, "files": set()}
    for place, name in READ.findall(source):
        found[place].add(name)
    for names in ASKED.findall(source):
        found["form"].update(name for name in names if name)
    return {place: sorted(names) for place, names in found.items()}


def _text(name: str, known: Known) -> dict[str, Any]:
    """Something that is there, or anything; a seat and a board are always there: what others open is `test_routes.py`."""
    some = {"type": "string", "maxLength": 300}
    there = {"type": "string", "enum": list(known.get(name, ()))}
    if name in ("handle", "board"):
        return there
    return {"anyOf": [there, some]} if name in known else some


def _parameter(place: str, name: str, known: Known, *, required: bool) -> dict[str, Any]:
    return {"in": place, "name": name, "required": required, "schema": _text(name, known)}


def _body(is_frame: bool, read: Mapping[str, Sequence[str]], known: Known) -> dict[str, Any]:
    if is_frame:
        return {"content": {"application/json": {"schema": _frame()}}, "required": True}
    fields = {name: _text(name, known) for name in read["form"]}
    files = {name: {"type": "string", "format": "binary"} for name in read["files"]}
    kinds = {
        "application/x-www-form-urlencoded": {"type": "object", "properties": fields},
        "application/json": {"type": "object", "properties": {name: {} for name in fields}},
        **({"multipart/form-data": {"type": "object", "properties": {**fields, **files}}} if files else {}),
    }
    return {"content": {kind: {"schema": schema} for kind, schema in kinds.items()}, "required": True}


def _frame() -> dict[str, Any]:
    operation = {
        "type": "object",
        "required": ["id", "kind", "payload"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "kind": {"type": "string", "enum": sorted(RULES)},
            "payload": {"type": "object"},
        },
    }
    ops = {"type": "array", "items": operation, "minItems": 1, "maxItems": MOST_OPERATIONS}
    return {"type": "object", "required": ["ops"], "additionalProperties": False, "properties": {"ops": ops}}
