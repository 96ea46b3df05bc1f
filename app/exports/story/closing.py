"""What can be checked: the close record of every urn, how votes were counted, and what is kept back."""

from __future__ import annotations

from app.domain.counting import METHODS
from app.domain.records import State
from app.domain.rounds import tallies_in_order
from app.exports.closings import Closing, closings
from app.exports.document import Blocks, Bullets, Cell, Column, Heading, Paragraph, Table, plain, soft
from app.exports.speech import Speech
from app.exports.story.votes import method_of, name_of, round_name

# A mark in groups of eight, so that it can be read aloud and compared.
GROUP = 8


def tell(state: State, say: Speech) -> Blocks:
    yield Heading(1, plain(say.gettext("What can be checked")), "closings")
    yield from _records(state, say)
    yield from _methods(state, say)
    yield Heading(2, plain(say.gettext("What is kept back, and why")), "kept-back")
    yield Bullets(
        tuple(
            plain(words)
            for words in (
                say.gettext(
                    "Who wrote and who voted stands in no file of the workshop. Cards and ballots lay in a sealed urn, came "
                    "out shuffled, and the key was destroyed. Only what somebody signed has a name."
                ),
                say.gettext(
                    "The two sides stand apart only where at least five of each voted and no choice could be told from the "
                    "figures; both are shown or neither."
                ),
                say.gettext("Unnamed texts of fewer than five people are not shown, only counted."),
                say.gettext(
                    "Actions that the facilitator held back are counted in the close records, not printed. Telephone "
                    "numbers and e-mail addresses are masked."
                ),
            )
        )
    )


def _records(state: State, say: Speech) -> Blocks:
    found = list(closings(state))
    yield Heading(2, plain(say.gettext("Close records")), "close-records")
    if not found:
        yield Paragraph(plain(say.gettext("No urn has been opened yet.")))
        return
    yield Paragraph(
        plain(
            say.gettext(
                "When an urn is opened its key is destroyed, and a mark is made of the list that everybody is shown: the "
                "SHA-256 of the actions, or of the totals of a vote. Whoever noted it can tell later whether a word or a "
                "figure was changed."
            )
        )
    )
    yield Table(
        say.gettext("What came out of each urn"),
        (
            Column(say.gettext("Round"), 6),
            Column(say.gettext("Seats"), 2, is_number=True),
            Column(say.gettext("Came out"), 5),
            Column(say.gettext("Mark of the list"), 7),
        ),
        tuple(_line(one, say) for one in found),
    )


def _line(one: Closing, say: Speech) -> tuple[Cell, ...]:
    mark: Cell = (plain(grouped(one.record["mark"])),) if one.has_list else ()
    if one.has_list and not one.is_same:
        mark += (soft(changed_words(one, say)),)
    return (
        (plain(round_name(one.round, one.record["epoch"], say)),),
        (plain(say.number(one.record["seats"] or 0)),),
        tuple(plain(words) for words in came_out(one, say)),
        mark,
    )


def grouped(mark: str) -> str:
    return " ".join(mark[at : at + GROUP] for at in range(0, len(mark), GROUP))


def changed_words(one: Closing, say: Speech) -> str:
    if one.record["ballots"] is None:
        return say.gettext("Changed since: an action was held back, given back or erased.")
    return say.gettext("The figures on the board are not those that were published.")


def came_out(one: Closing, say: Speech) -> list[str]:
    """What the urn held, a line for each kind."""
    record, told = one.record, []
    if record["ballots"] is not None:
        told.append(say.ngettext("%(num)s ballot", "%(num)s ballots", record["ballots"]))
    elif record["cards"]:
        told.append(say.ngettext("%(num)s action", "%(num)s actions", record["cards"]))
    if record["held"]:
        told.append(say.ngettext("of which %(num)s held back", "of which %(num)s held back", record["held"]))
    if record["comments"]:
        told.append(say.ngettext("%(num)s comment", "%(num)s comments", record["comments"]))
    if record["unshown"]:
        told.append(say.ngettext("%(num)s text not shown", "%(num)s texts not shown", record["unshown"]))
    return told or [say.gettext("nothing")]


def _methods(state: State, say: Speech) -> Blocks:
    votes = tallies_in_order(state)
    if not votes:
        return
    yield Heading(2, plain(say.gettext("How votes were counted")), "methods")
    yield Bullets(
        tuple(
            plain(
                say.gettext(
                    "%(round)s: %(method)s.",
                    round=name_of(state, tally, say),
                    method=say.of(dict(METHODS[method_of(tally)].words)),
                )
            )
            for tally in votes
        )
    )
