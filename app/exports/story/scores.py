"""What the room scored: where the factors stand, and at the end what people thought of the workshop itself."""

from __future__ import annotations

from app.domain.kinds.earlier import WORKSHOP
from app.domain.records import State
from app.exports.document import Blocks, Heading, Paragraph, plain
from app.exports.speech import Speech
from app.exports.story.results import result
from app.exports.story.sheets import day_words
from app.exports.story.votes import turnout_words, votes_on
from app.exports.text import masked


def assessment(state: State, say: Speech) -> Blocks:
    agreement = say.gettext(
        "Agreement is 1 where everybody gave the same answer, and 0 where half stood at each end of the scale."
    )
    yield from _chapter(
        state, "factors", say.gettext("Where the factors stand"), "assessment", agreement, say
    )


def evaluation(state: State, say: Speech) -> Blocks:
    yield from _chapter(
        state, "questions", say.gettext("What people thought of the workshop"), "evaluation", "", say
    )


def _chapter(state: State, about: str, title: str, key: str, note: str, say: Speech) -> Blocks:
    """The votes on such things, each whole; no chapter without one."""
    votes = votes_on(state, about)
    if votes:
        yield Heading(1, plain(title), key)
    for tally in votes:
        yield Paragraph(plain(turnout_words(tally, say)))
        yield from result(state, tally, say)
        if any(row.get("then") for row in tally["rows"]):
            yield Paragraph(plain(_then_words(state, say)), "note")
        if note:
            yield Paragraph(plain(note), "note")


def _then_words(state: State, say: Speech) -> str:
    """What the column of then is about, and how much of a step may be chance."""
    workshop = state["earlier"][WORKSHOP]
    return say.gettext(
        "“Then” are the means of %(workshop)s. A step of a few tenths may be chance: other people answered.",
        workshop=", ".join(
            filter(None, [masked(say.of(workshop["title"])), day_words(workshop["day"], say)])
        ),
    )
