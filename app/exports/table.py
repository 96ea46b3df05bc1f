"""Rows as CSV, in two flavours, safe to open in a spreadsheet.

A cell that a spreadsheet would run as a formula is prefixed with an apostrophe (OWASP ASVS 5.0, 1.2.10), full-width signs included.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

FLAVOURS = ("excel", "plain")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")


def safe(value: Any) -> Any:
    """A cell that stays text. Numbers stay numbers."""
    if isinstance(value, str) and value.lstrip(" \n\u00a0\u202f").startswith(_FORMULA):
        return "'" + value
    return value


def as_csv(columns: Sequence[str], rows: Iterable[dict[str, Any]], flavour: str) -> bytes:
    """`excel`: UTF-8 with BOM, `;`, CRLF, for a French Excel. `plain`: RFC 4180 in UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if flavour == "excel" else ",", lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([safe(row[column]) for column in columns])
    return out.getvalue().encode("utf-8-sig" if flavour == "excel" else "utf-8")
