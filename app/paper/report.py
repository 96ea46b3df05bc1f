"""A document as PDF, and its pictures as PNG for those who edit it."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from app import paper
from app.exports.document import Document, Run, figures

# Sharp on paper, and a picture of a page's width is some 30 KB.
DOTS_PER_INCH = 200


def pdf(document: Document) -> bytes:
    return paper.pdf("report", {"lang": document.language, **_as_data(document)})


def pictures(document: Document) -> list[bytes]:
    """A PNG for each figure, in their order."""
    drawn = [figure.svg for figure in figures(document)]
    if not drawn:
        return []
    return paper.pngs("figures", {"lang": document.language, "figures": drawn}, DOTS_PER_INCH)


def _as_data(value: Any) -> Any:
    """Dictionaries and lists, for the layout; a run also says in which direction it is read and in which language."""
    if is_dataclass(value):
        data = {field.name: _as_data(getattr(value, field.name)) for field in fields(value)}
        return {**data, "rtl": value.is_rtl, "lang": value.language} if isinstance(value, Run) else data
    if isinstance(value, tuple | list):
        return [_as_data(one) for one in value]
    return value
