"""What the room chose from all factors: the votes on one list of groups and actions."""

from __future__ import annotations

from app.domain.records import State
from app.exports.document import Blocks, Heading, Paragraph, plain
from app.exports.speech import Speech
from app.exports.story.results import result
from app.exports.story.votes import name_of, turnout_words, votes_on


def tell(state: State, say: Speech) -> Blocks:
    votes = votes_on(state, "clusters", "cards", one_list=True)
    if not votes:
        return
    yield Heading(1, plain(say.gettext("What the room chose")), "priorities")
    for tally in votes:
        yield Heading(2, plain(name_of(state, tally, say)), f"vote-{tally['id']}")
        yield Paragraph(plain(turnout_words(tally, say)))
        yield from result(state, tally, say)
