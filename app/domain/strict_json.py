"""JSON as the standard has it and as every reader reads it. Pure."""

from __future__ import annotations

import json
from typing import Any

import orjson


def _without_repeats(pairs: list[tuple[str, Any]]) -> None:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key comes twice")


_STRICTLY = json.JSONDecoder(object_pairs_hook=_without_repeats)


def parsed(text: str | bytes) -> Any:
    """The value that a text holds. Raises: ValueError.

    No NaN, no infinity, no endless integer, no endless nesting, no half of a character (orjson); and no key twice, of which
    one reader would take the first and another the last.
    """
    value = orjson.loads(text)
    try:
        _STRICTLY.decode(text if isinstance(text, str) else text.decode())
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value
