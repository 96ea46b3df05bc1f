"""A document as data: what stands in it and in which order, not how it looks. Three printers share it: page, PDF and docx.

PURE. A text is a row of runs, so that somebody's own words keep their direction and a printer never guesses what is whose.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from app.domain.language import language_of

RIGHT_TO_LEFT = ("R", "AL")


@dataclass(frozen=True, slots=True)
class Run:
    """Some letters of one kind. Shape: `said` for what somebody wrote, whose direction is its own."""

    text: str
    strong: bool = False
    soft: bool = False
    said: bool = False

    @property
    def language(self) -> str | None:
        """The language of somebody's words, as far as they tell it themselves; ours is the document's."""
        return language_of(self.text) if self.said else None

    @property
    def is_rtl(self) -> bool:
        """Whether it is read from right to left: told by its first letter that has a direction."""
        for letter in self.text:
            direction = unicodedata.bidirectional(letter)
            if direction == "L":
                return False
            if direction in RIGHT_TO_LEFT:
                return True
        return False


Text = tuple[Run, ...]
# The lines of a cell.
Cell = tuple[Text, ...]


def plain(text: str) -> Text:
    return (Run(text),) if text else ()


def strong(text: str) -> Text:
    return (Run(text, strong=True),)


def soft(text: str) -> Text:
    return (Run(text, soft=True),)


def said(text: str, *, strong: bool = False) -> Text:
    """Somebody's words."""
    return (Run(text, strong=strong, said=True),)


def letters(text: Text) -> str:
    return "".join(run.text for run in text)


@dataclass(frozen=True, slots=True)
class Heading:
    """Shape: `level` from 1; `factor` is the number of the factor it opens; `key` names it within the document; `new_page`
    for what begins on a page of its own.
    """

    level: int
    text: Text
    key: str = ""
    factor: int | None = None
    new_page: bool = False
    kind: Literal["heading"] = field(default="heading", init=False)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Shape: `style` is "", "lead" for what opens a section, "note" for what explains a figure."""

    text: Text
    style: Literal["", "lead", "note"] = ""
    kind: Literal["paragraph"] = field(default="paragraph", init=False)


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[Text, ...]
    kind: Literal["bullets"] = field(default="bullets", init=False)


@dataclass(frozen=True, slots=True)
class Column:
    """Shape: `width` is its share of the page beside the other columns'."""

    title: str
    width: int = 1
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    kind: Literal["table"] = field(default="table", init=False)


@dataclass(frozen=True, slots=True)
class Fields:
    """A form that was filled: what each field is called, and what stands in it."""

    rows: tuple[tuple[str, Cell], ...]
    kind: Literal["fields"] = field(default="fields", init=False)


@dataclass(frozen=True, slots=True)
class Numbers:
    """A few figures large, each with what it counts."""

    items: tuple[tuple[str, str], ...]
    kind: Literal["numbers"] = field(default="numbers", init=False)


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture. Shape: `svg` is drawn by `app.exports.charts`; `alt` says in words what it shows."""

    caption: str
    svg: str
    alt: str
    kind: Literal["figure"] = field(default="figure", init=False)


Block = Heading | Paragraph | Bullets | Table | Fields | Numbers | Figure
Blocks = Iterator[Block]


@dataclass(frozen=True, slots=True)
class Document:
    """Shape: `words` are what a printer itself has to say: contents, page, figure, table."""

    language: str
    title: str
    subtitle: str
    made: str
    words: dict[str, str]
    blocks: tuple[Block, ...]


def figures(document: Document) -> Sequence[Figure]:
    return [block for block in document.blocks if isinstance(block, Figure)]
