"""Shows of hands at the tables. In a chapter of their own: they are not secret, and in no figure of any vote (decision 27)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from app.domain.records import State
from app.exports.document import Blocks, Cell, Column, Heading, Paragraph, Table, plain, said, soft
from app.exports.handcounts import rows
from app.exports.speech import Speech
from app.exports.story.votes import round_name


def tell(state: State, say: Speech) -> Blocks:
    raised = [row for row in rows(state, say.language) if row["hands"]]
    if not raised:
        return
    yield Heading(1, plain(say.gettext("Shows of hands")), "hands")
    yield Paragraph(
        plain(
            say.gettext(
                "Some tables also raised their hands, once the vote was closed. That was not secret, and it is in no figure of a "
                "vote: no total, no rank and no turnout of this report counts it."
            )
        )
    )
    for (round_id, epoch), some in groupby(raised, key=lambda row: (row["round"], row["epoch"])):
        round_ = state["rounds"].get(round_id)
        name = round_name(round_, epoch, say) if round_ else round_id
        yield Table(
            say.gettext("Show of hands, not secret · %(round)s", round=name),
            (
                Column(say.gettext("At the table"), 4),
                Column(say.gettext("What hands rose for"), 11),
                Column(say.gettext("Hands"), 2, is_number=True),
            ),
            tuple(_lines(some, say)),
        )


def _lines(raised: Iterator[dict[str, Any]], say: Speech) -> Iterator[tuple[Cell, ...]]:
    """The table is named beside the first of its lines."""
    for _, some in groupby(raised, key=lambda row: row["table"]):
        for number, row in enumerate(some):
            people = say.ngettext("%(num)s person", "%(num)s people", row["people"])
            where: Cell = (plain(row[f"table_{say.language}"] or row["table"]), soft(people))
            yield (
                () if number else where,
                (said(row["target_label"]),),
                (plain(say.number(row["hands"])),),
            )
