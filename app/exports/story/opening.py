"""In short: a page for whoever reads only one. What was done in numbers, what comes first, what divides, what can begin."""

from __future__ import annotations

from app.domain.records import Record, State
from app.exports.document import (
    Blocks,
    Bullets,
    Column,
    Heading,
    Numbers,
    Paragraph,
    Table,
    Text,
    plain,
    said,
)
from app.exports.order import factor_number
from app.exports.speech import Speech
from app.exports.story import plan
from app.exports.story.votes import figure_words, label_of, ranked, value_of, votes_on

# No list is cut inside a tie, so there may be more.
FIRST_PLACES = 5


def tell(state: State, say: Speech) -> Blocks:
    yield Heading(1, plain(say.gettext("In short")), "short")
    yield Numbers(tuple(_numbers(state, say)))
    if said_ := tuple(_sentences(state, say)):
        yield Bullets(said_)
    if (chosen := last_choice(state)) is not None:
        yield from _first_places(state, chosen, say)
    else:
        yield Paragraph(plain(say.gettext("No list of priorities was voted on.")))
    begun = [sheet for sheet in plan.kept(state) if sheet["disposition"] == "implement"]
    if begun:
        yield plan.overview(state, begun, say, say.gettext("What can begin"))


def _numbers(state: State, say: Speech) -> list[tuple[str, str]]:
    shown = [card for card in state["cards"].values() if card["state"] == "published"]
    seats = max((tally["seats"] or 0 for tally in state["tallies"].values()), default=0)
    seats = max([seats, *(round_.get("roster") or 0 for round_ in state["rounds"].values())])
    groups = {card["cluster"] for card in shown if card["cluster"]}
    counted = [
        (seats, say.ngettext("seat", "seats", seats)),
        (len(shown), say.ngettext("action written", "actions written", len(shown))),
        (len(groups), say.ngettext("group", "groups", len(groups))),
        (len(state["tallies"]), say.ngettext("vote", "votes", len(state["tallies"]))),
        (len(plan.kept(state)), say.ngettext("action sheet", "action sheets", len(plan.kept(state)))),
    ]
    return [(say.number(count), words) for count, words in counted]


def last_choice(state: State) -> Record | None:
    """The last vote that put groups or actions of all factors on one list: what the room chose in the end."""
    votes = votes_on(state, "clusters", "cards", one_list=True)
    return votes[-1] if votes else None


def _sentences(state: State, say: Speech) -> list[Text]:
    found: list[Text] = []
    for tally in votes_on(state, "factors")[-1:]:
        scored = [row for row in tally["rows"] if row["total"]]
        if len(scored) > 1:
            best, worst = (pick(scored, key=lambda row: value_of(tally, row)) for pick in (max, min))
            found.append(
                plain(
                    say.gettext(
                        "Furthest along: %(best)s (%(high)s). Least: %(worst)s (%(low)s).",
                        best=label_of(state, best, say),
                        high=figure_words(tally, best, say),
                        worst=label_of(state, worst, say),
                        low=figure_words(tally, worst, say),
                    )
                )
            )
    apart = {
        row["target"]
        for tally in votes_on(state, "clusters", "cards")
        for row in tally["rows"]
        if "divergent" in row.get("marks", [])
    }
    if apart:
        found.append(
            plain(
                say.ngettext(
                    "Internal and external voices stand far apart on %(num)s group or action.",
                    "Internal and external voices stand far apart on %(num)s groups or actions.",
                    len(apart),
                )
            )
        )
    if words := plan.disposition_counts(state, say):
        found.append(plain(words))
    return found


def _first_places(state: State, tally: Record, say: Speech) -> Blocks:
    rows = [row for row in ranked(tally["rows"]) if row["rank"] <= FIRST_PLACES and row["total"]]
    if not rows:
        return
    yield Table(
        say.gettext("What the room put first"),
        (
            Column(say.gettext("Rank"), 2, is_number=True),
            Column(say.gettext("Action"), 9),
            Column(say.gettext("Factor"), 6),
            Column(say.gettext("Result"), 4, is_number=True),
        ),
        tuple(
            (
                (plain(f"{row['rank']}{' =' if row['tied'] else ''}"),),
                (said(label_of(state, row, say), strong=True),),
                (plain(factor_words(state, row["factor"], say)),),
                (plain(figure_words(tally, row, say)),),
            )
            for row in rows
        ),
    )


def factor_words(state: State, factor: str, say: Speech) -> str:
    record = state["factors"].get(factor)
    return f"{factor_number(state, factor)} {say.of(record['title'])}" if record else ""
