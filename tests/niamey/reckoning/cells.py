"""What goes into a cell of an export, whatever the table."""

from __future__ import annotations

from typing import Any

Row = dict[str, str]


MASK = "[…]"


# What the files hold of telephone numbers, as it goes out.
TELEPHONES = ("+227 00 00 00 00", "+227 20 30 40 50")


def out(text: str) -> str:
    """A text in a cell: no telephone number, and nothing that a spreadsheet would run."""
    for number in TELEPHONES:
        text = text.replace(number, MASK)
    return "'" + text if text[:1] in tuple("=+-@") else text


def number(value: Any) -> str:
    return "" if value is None else str(value)
