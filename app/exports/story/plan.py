"""The plan: what becomes of what was chosen, at a glance, by factor and axis, as the room voted on it; then sheet by sheet."""

from __future__ import annotations

from collections import Counter

from app.domain.records import Record, State, board_of
from app.exports.charts.coverage import coverage
from app.exports.document import Blocks, Column, Figure, Heading, Paragraph, Run, Table, Text, plain, said
from app.exports.order import factor_number
from app.exports.speech import Speech
from app.exports.story import sheets
from app.exports.story.results import result
from app.exports.story.votes import name_of, turnout_words, votes_on
from app.exports.text import masked


def kept(state: State) -> list[Record]:
    """The sheets that were not dropped, by number."""
    return sorted((s for s in state["sheets"].values() if s["state"] != "dropped"), key=lambda s: s["number"])


def disposition_counts(state: State, say: Speech) -> str:
    """How many sheets of each kind, in a sentence; empty without a sheet."""
    counts = Counter(sheet["disposition"] for sheet in kept(state))
    if not counts:
        return ""
    told = [
        say.gettext("%(words)s: %(n)s", words=words, n=counts[disposition])
        for disposition, words in sheets.disposition_words(say).items()
        if counts[disposition]
    ]
    many = say.ngettext(
        "%(num)s action became a sheet", "%(num)s actions became sheets", sum(counts.values())
    )
    return say.gettext("%(many)s (%(kinds)s).", many=many, kinds=" · ".join(told))


def lines_of(state: State, factor: str, say: Speech) -> list[Text]:
    """The sheets that a factor led to, a line each."""
    return [
        (
            Run(say.gettext("Sheet %(n)s", n=sheet["number"]) + " · ", soft=True),
            *said(masked(sheet["title"])),
            Run(f" · {sheets.disposition_words(say)[sheet['disposition']]}", soft=True),
        )
        for sheet in kept(state)
        if factor in (sheet["factor"], *sheet["others"])
    ]


def tell(state: State, say: Speech) -> Blocks:
    listed = kept(state)
    yield Heading(1, plain(say.gettext("The plan")), "plan")
    if not listed:
        yield Paragraph(plain(say.gettext("No action sheet was made.")))
        return
    yield Paragraph(plain(disposition_counts(state, say)))
    yield overview(state, listed, say, say.gettext("The sheets at a glance"))
    yield from _coverage(state, listed, say)
    for tally in votes_on(state, "sheets"):
        yield Heading(2, plain(name_of(state, tally, say)), f"vote-{tally['id']}")
        yield Paragraph(plain(turnout_words(tally, say)))
        yield from result(state, tally, say)
    yield Heading(2, plain(say.gettext("The sheets")), "sheets")
    for sheet in listed:
        yield from sheets.tell(state, sheet, say)


def overview(state: State, listed: list[Record], say: Speech, caption: str) -> Table:
    """A line for each of these sheets: what, who leads, by when."""
    dispositions = sheets.disposition_words(say)
    return Table(
        caption,
        (
            Column(say.gettext("No."), 1, is_number=True),
            Column(say.gettext("Action"), 9),
            Column(say.gettext("Factor"), 3, is_number=True),
            Column(say.gettext("What becomes of it"), 4),
            Column(say.gettext("Who leads"), 4),
            Column(say.gettext("By when"), 4),
        ),
        tuple(
            (
                (plain(str(sheet["number"])),),
                (said(masked(sheet["title"])),),
                (plain(str(factor_number(state, sheet["factor"]))),),
                (plain(dispositions[sheet["disposition"]]),),
                (said(masked(sheet["lead"])),),
                (plain(sheets.day_words(sheet["deadline"], say)),),
            )
            for sheet in listed
        ),
    )


def _coverage(state: State, listed: list[Record], say: Speech) -> Blocks:
    axes = board_of(state).get("axes") or []
    if not axes:
        return
    factors = sorted(state["factors"].values(), key=lambda factor: factor["number"])
    down = {factor["id"]: place for place, factor in enumerate(factors)}
    across = {axis["id"]: place for place, axis in enumerate(axes)}
    counts = Counter(
        (down[factor], across[sheet["axis"]])
        for sheet in listed
        if sheet["axis"] in across
        for factor in dict.fromkeys([sheet["factor"], *sheet["others"]])
        if factor in down
    )
    empty = [say.of(f["title"]) for f in factors if not any(key[0] == down[f["id"]] for key in counts)]
    alt = say.gettext("Factors without any sheet: %(list)s.", list="; ".join(empty) or "–")
    yield Figure(
        say.gettext("Factors and axes of the strategy: how many sheets"),
        coverage(
            [(f["number"], say.of(f["title"])) for f in factors],
            [say.of(axis["name"]) for axis in axes],
            counts,
            "–",
        ),
        alt,
    )
    if empty:
        yield Paragraph(plain(alt), "note")
