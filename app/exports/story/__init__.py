"""The story of a workshop, told from what everybody may see: what was assessed, written, grouped, chosen and planned. PURE.

Each chapter is a function: a board and a way of speaking in, blocks of a document out. Whoever prints it adds nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.domain.records import State, board_of
from app.exports.document import Block, Document, Figure, Heading, Table
from app.exports.speech import Speech
from app.exports.story import (
    agenda,
    closing,
    factors,
    hands,
    opening,
    plan,
    priorities,
    scores,
    turnout,
)
from app.exports.text import masked

CHAPTERS = (
    opening.tell,
    turnout.tell,
    scores.assessment,
    factors.tell,
    priorities.tell,
    hands.tell,
    plan.tell,
    scores.evaluation,
    agenda.tell,
    closing.tell,
)


# What is about the votes of the chapter before it stays on its page, if it is short.
GOES_ON = (hands.tell,)
# Chapters up to a third of a page share one.
SHORT_LINES, FIGURE_LINES = 15, 20


@dataclass(frozen=True, slots=True)
class About:
    """What a board does not know of itself: on which days it was worked on, and when this is told."""

    days: Sequence[datetime.date]
    made: datetime.date


def story(state: State, say: Speech, about: About) -> Document:
    """The whole story. Shape: `state` is the view of everybody, with every urn opened (`app.exports.open_urns`)."""
    return Document(
        language=say.language,
        title=masked(say.of(board_of(state)["title"])),
        subtitle=_days(say, about.days),
        made=say.gettext("Made by Palabre on %(day)s", day=say.day(about.made)),
        words={
            "report": say.gettext("Report of the workshop"),
            "contents": say.gettext("Contents"),
            # In a sentence, because the word alone is also a table that people sit at.
            "figure": say.gettext("Figure %(n)s", n="").strip(),
            "table": say.gettext("Table %(n)s", n="").strip(),
        },
        blocks=tuple(_told(state, say)),
    )


def _told(state: State, say: Speech) -> Iterator[Block]:
    """Chapter after chapter. A long one begins on a page of its own, and so does what follows it; thin ones share a page."""
    was_long = True
    for tell in CHAPTERS:
        blocks = list(tell(state, say))
        is_long = sum(map(_lines, blocks)) > SHORT_LINES
        goes_on = tell in GOES_ON and not is_long
        for block in blocks:
            if isinstance(block, Heading) and block.level == 1:
                yield replace(block, new_page=is_long or (was_long and not goes_on))
            else:
                yield block
        was_long = is_long if blocks and not goes_on else was_long


def _lines(block: Block) -> int:
    """About how many lines it takes."""
    if isinstance(block, Table):
        return 2 + sum(max((len(cell) for cell in row), default=1) for row in block.rows)
    return FIGURE_LINES if isinstance(block, Figure) else 2


def _days(say: Speech, days: Sequence[datetime.date]) -> str:
    if not days:
        return ""
    first, last = days[0], days[-1]
    if first == last:
        return say.day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{say.day(last)}"
    return say.gettext("%(first)s to %(last)s", first=say.day(first), last=say.day(last))
