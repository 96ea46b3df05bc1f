"""Factor by factor: what was written, how it was grouped, what was chosen and by whom, where voices differ, what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.records import Record, State, cards_of
from app.exports.document import (
    Blocks,
    Bullets,
    Cell,
    Column,
    Heading,
    Paragraph,
    Run,
    Table,
    Text,
    plain,
    said,
    soft,
)
from app.exports.order import bucket_of, label
from app.exports.speech import Speech
from app.exports.story import plan, remarks
from app.exports.story.pictures import picture
from app.exports.story.results import result
from app.exports.story.votes import (
    Row,
    figure_words,
    is_mean,
    label_of,
    marks_words,
    name_of,
    turnout_words,
    votes_on,
)
from app.exports.text import masked


@dataclass(frozen=True, slots=True)
class Pile:
    """What a factor's table has a row for: a group, or an action that stands alone. `row` is what the vote says of it."""

    name: str
    cards: Sequence[Record]
    cluster: Record | None = None
    row: Row | None = None


def tell(state: State, say: Speech) -> Blocks:
    yield Heading(1, plain(say.gettext("Factor by factor")), "factors")
    for factor in sorted(state["factors"].values(), key=lambda factor: factor["number"]):
        yield from _factor(state, factor, say)


def _factor(state: State, factor: Record, say: Speech) -> Blocks:
    yield Heading(2, plain(say.of(factor["title"])), f"factor-{factor['id']}", factor["number"])
    if help_ := say.of(factor.get("help", {})):
        yield Paragraph(plain(help_), "lead")
    cards = _shown(state, factor)
    yield Paragraph(plain(_written(cards, say)))
    votes = [
        (tally, rows)
        for tally in votes_on(state, "clusters", "cards", one_list=False)
        if (rows := _rows(tally, factor))
    ]
    # The vote on the longest list tells the groups; those on a part of them follow.
    widest = max(votes, key=lambda vote: len(vote[1]), default=None)
    title = say.of(factor["title"])
    if widest:
        tally, rows = widest
        yield Paragraph(plain(turnout_words(tally, say)))
        yield picture(state, tally, rows, say, f"{name_of(state, tally, say)} · {title}")
    if cards:
        yield _piles(state, factor, cards, widest, say)
    for tally, rows in votes:
        if not widest or tally is not widest[0]:
            yield from result(state, tally, say, rows, title)
    yield from _voices(state, factor, votes, say)
    yield from _said(state, factor, cards, say)
    if lines := plan.lines_of(state, factor["id"], say):
        yield Heading(3, plain(say.gettext("What becomes of it")))
        yield Bullets(tuple(lines))


def _shown(state: State, factor: Record) -> list[Record]:
    found = [c for c in state["cards"].values() if c["factor"] == factor["id"] and c["state"] == "published"]
    return sorted(found, key=lambda card: card["number"])


def _rows(tally: Record, factor: Record) -> list[Row]:
    return [row for row in tally["rows"] if bucket_of(row) == factor["id"]]


def _written(cards: Sequence[Record], say: Speech) -> str:
    if not cards:
        return say.gettext("Nobody wrote an action under this factor.")
    groups = {card["cluster"] for card in cards if card["cluster"]}
    alone = sum(not card["cluster"] for card in cards)
    told = [say.ngettext("%(num)s action was written.", "%(num)s actions were written.", len(cards))]
    if groups:
        told.append(
            say.ngettext("They stand in %(num)s group.", "They stand in %(num)s groups.", len(groups))
        )
    if alone and groups:
        told.append(say.ngettext("%(num)s stands alone.", "%(num)s stand alone.", alone))
    return " ".join(told)


def _piles(
    state: State, factor: Record, cards: Sequence[Record], vote: tuple[Record, list[Row]] | None, say: Speech
) -> Table:
    """Each group with its actions, the first place first; then what stands alone, and what was not voted on."""
    rows = {row["target"]: row for row in vote[1]} if vote else {}
    clusters = [
        c for c in state["clusters"].values() if c["factor"] == factor["id"] and cards_of(state, c["id"])
    ]
    piles = [
        Pile(label(state, "clusters", c, say.language), cards_of(state, c["id"]), c, rows.get(c["id"]))
        for c in clusters
    ]
    piles += [Pile("", [card], None, rows.get(card["id"])) for card in cards if not card["cluster"]]
    piles += _elsewhere(state, factor, cards, say)
    piles.sort(key=lambda pile: (pile.row["rank"] if pile.row else 10_000, pile.cluster is None))
    tally = vote[0] if vote else None
    columns = [Column(say.gettext("Group and its actions"), 13)]
    if tally:
        columns = [
            Column(say.gettext("Rank"), 2, is_number=True),
            *columns,
            Column(say.gettext("Result"), 3, is_number=True),
        ]
        split = any(row["internal"] is not None for row in vote[1]) if vote else False
        columns += (
            [Column(title, 3, is_number=True) for title in (say.gettext("Internal"), say.gettext("External"))]
            if split
            else []
        )
    return Table(
        say.gettext("Groups and actions · %(factor)s", factor=say.of(factor["title"])),
        tuple(columns),
        tuple(_line(state, pile, tally, len(columns), say) for pile in piles),
    )


def _elsewhere(state: State, factor: Record, cards: Sequence[Record], say: Speech) -> list[Pile]:
    """Actions of this factor in groups whose home is another one."""
    away: dict[str, list[Record]] = {}
    for card in cards:
        cluster = state["clusters"].get(card["cluster"] or "")
        if cluster and cluster["factor"] != factor["id"]:
            away.setdefault(cluster["id"], []).append(card)
    piles = []
    for cluster_id, some in away.items():
        cluster = state["clusters"][cluster_id]
        name = say.gettext(
            "In “%(group)s”, under factor %(n)s",
            group=label(state, "clusters", cluster, say.language),
            n=state["factors"][cluster["factor"]]["number"],
        )
        piles.append(Pile(name, some))
    return piles


def _line(state: State, pile: Pile, tally: Record | None, columns: int, say: Speech) -> tuple[Cell, ...]:
    words = _pile_words(state, pile, say)
    if tally is None:
        return (words,)
    row = pile.row
    if row is None:
        return ((), words, *[()] * (columns - 2))
    sides = (row["internal"], row["external"])
    figure = say.decimal if is_mean(tally) else say.number
    told = [say.gettext("withheld") if side is None else figure(side) for side in sides]
    return (
        (plain(f"{row['rank']}{' =' if row['tied'] else ''}"),),
        words,
        (plain(figure_words(tally, row, say)),),
        *[(plain(one) if row["total"] else (),) for one in told][: columns - 3],
    )


def _pile_words(state: State, pile: Pile, say: Speech) -> Cell:
    head: Cell = (said(pile.name, strong=True),) if pile.name else ()
    if pile.cluster:
        head += tuple(soft(words) for words in _history(state, pile.cluster, say))
    return head + tuple(_card(card, say) for card in pile.cards)


def _card(card: Record, say: Speech) -> Text:
    kinds = {"question": say.gettext("question"), "comment": say.gettext("remark")}
    number = say.gettext("no. %(n)s", n=card["number"])
    kind = kinds.get(card.get("kind", "action"))
    name = masked(say.of(card["name"])) if card.get("name") else ""
    before = " · ".join(filter(None, [number, kind, name]))
    other = masked(card.get("translation", {}).get(say.language, ""))
    text: Text = (Run(f"{before} ", soft=True), *said(masked(card["text"])))
    return (*text, Run(f" ({other})", soft=True, said=True)) if other else text


def _history(state: State, cluster: Record, say: Speech) -> list[str]:
    """What was merged into the group, and whether somebody called that into question."""
    told = []
    for source in state["clusters"].values():
        if source["merged_into"] != cluster["id"]:
            continue
        name = label(state, "clusters", source, say.language) or say.gettext("a group without a name")
        told.append(say.gettext("with the former group “%(group)s”", group=name))
        if source.get("contest") == "kept":
            told[-1] += say.gettext(" (merge called into question, and kept)")
        elif source.get("contest") == "open":
            told[-1] += say.gettext(" (merge called into question)")
    return told


def _voices(state: State, factor: Record, votes: Sequence[tuple[Record, list[Row]]], say: Speech) -> Blocks:
    """Where people disagree: marks of the factor's own votes, and of those on one list."""
    whole = [
        (tally, [row for row in tally["rows"] if row["factor"] == factor["id"]])
        for tally in votes_on(state, "clusters", "cards", one_list=True)
    ]
    lines = []
    for tally, rows in [*votes, *whole]:
        for row in rows:
            notes = [mark for mark in row.get("marks", []) if mark in ("divergent", "low_agreement")]
            if notes:
                words = " · ".join(marks_words({**row, "marks": notes}, say))
                about = Run(f" ({name_of(state, tally, say)}) — ", soft=True)
                lines.append((*said(label_of(state, row, say)), about, *plain(words)))
    if lines:
        yield Heading(3, plain(say.gettext("Where voices differ")))
        yield Bullets(tuple(lines))


def _said(state: State, factor: Record, cards: Sequence[Record], say: Speech) -> Blocks:
    clusters = [c["id"] for c in state["clusters"].values() if c["factor"] == factor["id"]]
    found = remarks.on(state, factor["id"], *clusters, *(card["id"] for card in cards))
    named, unnamed = remarks.by_name(found), remarks.unnamed(found)
    if named:
        yield Heading(3, plain(say.gettext("What experts and staff noted")))
        yield Bullets(tuple(remarks.line(one, say, _about(state, one, say)) for one in named))
    if notes := remarks.noted(state, say, factor["id"], *clusters):
        yield Heading(3, plain(say.gettext("What was said in the room")))
        yield Bullets(tuple(notes))
    if unnamed:
        yield Heading(3, plain(say.gettext("What participants remarked, without a name")))
        yield Bullets(tuple(remarks.line(one, say, _about(state, one, say)) for one in unnamed))


def _about(state: State, comment: Record, say: Speech) -> str:
    table, target = comment["target"]["table"], comment["target"]["id"]
    record = state[table].get(target)
    if table == "factors" or record is None:
        return ""
    if table == "cards":
        return say.gettext("on action no. %(n)s", n=record["number"])
    return say.gettext("on “%(group)s”", group=label(state, table, record, say.language))
