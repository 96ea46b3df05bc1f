"""A board's file: JSON, as `exports/boardfile.py` writes it. Every fault is told with its path, and then nothing comes in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from marshmallow import ValidationError

from app.domain import strict_json
from app.domain.kinds.boardfile import FORMAT, VERSION
from app.domain.shapes import BOARD_FILE
from app.domain.soundness import faults
from app.imports.problems import ImportFailed, Problem
from app.imports.sheet import Upload

MOST_PROBLEMS = 50
MOST_VALUE_CHARS = 60
Path = tuple[str | int, ...]
# What marshmallow says by itself, in the words of `problems.SENTENCES`; of anything else the value is told.
CODES = {"Missing data for required field.": "no_field", "Unknown field.": "unknown_field"}
OF_FAULTS = {"twice": "value_twice", "unknown": "leads_nowhere", "wrong": "wrong_value"}


def read_board(upload: Upload) -> dict[str, Any]:
    """The board as `board.import` takes it.

    Raises: ImportFailed with every problem; then nothing may be kept.
    """
    document = _document(upload)
    tables = {name: value for name, value in document.items() if name not in ("format", "version")}
    try:
        loaded: dict[str, Any] = BOARD_FILE.load(tables)
    except ValidationError as error:
        found = [
            _problem(upload.name, tables, path, said) for path, said in _leaves(error.normalized_messages())
        ]
        raise ImportFailed(found[:MOST_PROBLEMS]) from None
    if unsound := [
        Problem(upload.name, 0, fault.path, OF_FAULTS[fault.code], {"value": fault.value[:MOST_VALUE_CHARS]})
        for fault in faults(loaded)
    ]:
        raise ImportFailed(unsound[:MOST_PROBLEMS])
    return loaded


def _document(upload: Upload) -> dict[str, Any]:
    try:
        document = strict_json.parsed(upload.content.removeprefix(b"\xef\xbb\xbf"))
    except ValueError as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 0
        raise ImportFailed([Problem(upload.name, line, "", "not_json")]) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ImportFailed([Problem(upload.name, 0, "format", "not_a_board_file")])
    if document.get("version") != VERSION:
        told = {"version": str(document.get("version"))[:MOST_VALUE_CHARS], "known": VERSION}
        raise ImportFailed([Problem(upload.name, 0, "version", "other_version", told)])
    return document


def _leaves(messages: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Where something is wrong, and what marshmallow says of it."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            yield from _leaves(inner, path if name == "_schema" else (*path, name))
    else:
        yield path, str(messages[0])


def _problem(file: str, tables: Any, path: Path, said: str) -> Problem:
    path = _real(tables, path)
    code = CODES.get(said, "wrong_value")
    data = {} if code != "wrong_value" else {"value": _told(_at(tables, path))}
    return Problem(
        file,
        0,
        "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)[1:],
        code,
        data,
    )


def _real(tables: Any, path: Path) -> Path:
    """Without the step "key" or "value" that marshmallow puts between a name and what stands under it."""
    steps: Path = ()
    for step in path:
        here = _at(tables, steps)
        if step not in ("key", "value") or (isinstance(here, dict) and step in here):
            steps = (*steps, step)
    return steps


def _at(tables: Any, path: Path) -> Any:
    """What stands at a path; None where nothing does."""
    here = tables
    for step in path:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            return None
    return here


def _told(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)[:MOST_VALUE_CHARS]
