"""Who took part: seats and what came in, round by round. Numbers alone; who came is nowhere on a board."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from app.domain import rounds
from app.domain.records import Record, State
from app.exports.document import Blocks, Cell, Column, Heading, Paragraph, Table, plain, soft
from app.exports.order import on_paper
from app.exports.speech import Speech
from app.exports.story.votes import round_name


def tell(state: State, say: Speech) -> Blocks:
    lines = list(_lines(state, say))
    yield Heading(1, plain(say.gettext("Who took part")), "turnout")
    if not lines:
        yield Paragraph(plain(say.gettext("No round with an urn was held.")))
        return
    paper = any(on_paper(tally) for tally in state["tallies"].values())
    columns = [
        Column(say.gettext("Round"), 11),
        Column(say.gettext("Seats"), 2, is_number=True),
        Column(say.gettext("What came in"), 5),
        Column(say.gettext("Turnout"), 3, is_number=True),
        Column(say.gettext("Internal"), 3, is_number=True),
        Column(say.gettext("External"), 3, is_number=True),
    ]
    if paper:
        columns.append(Column(say.gettext("On paper"), 3, is_number=True))
    yield Table(
        say.gettext("Taking part, round by round"),
        tuple(columns),
        tuple(line[: len(columns)] for line in lines),
    )
    yield Paragraph(
        plain(
            say.gettext(
                "Seats are those of the roster when the round began. How many of each side voted is told where five of "
                "each did. Who wrote or voted stands nowhere: the round’s key was destroyed when it was published."
            )
        ),
        "note",
    )


def _lines(state: State, say: Speech) -> Iterator[tuple[Cell, ...]]:
    tallies = {(tally["round"], tally["epoch"]): tally for tally in rounds.tallies_in_order(state)}
    written = Counter((card["round"], card.get("epoch", 1)) for card in state["cards"].values())
    for round_ in rounds.in_order(state["rounds"].values()):
        epochs = {epoch for held, epoch in tallies if held == round_["id"]}
        epochs |= {epoch for held, epoch in written if held == round_["id"]}
        records = {record["epoch"]: record for record in round_.get("closings", [])}
        epochs |= set(records)
        if rounds.is_sealed(round_) and round_["state"] == "published":
            epochs.add(round_.get("epoch", 1))
        for epoch in sorted(epochs):
            tally = tallies.get((round_["id"], epoch))
            if tally:
                yield _voted(round_, tally, say)
            elif rounds.is_text(round_):
                record = records.get(epoch) or _as_it_stands(round_, epoch)
                yield _wrote(round_, record, written[round_["id"], epoch], say)


def _voted(round_: Record, tally: Record, say: Speech) -> tuple[Cell, ...]:
    sides = tally.get("voters") or {}
    paper = on_paper(tally)
    return (
        (plain(round_name(round_, tally["epoch"], say)),),
        (plain(say.number(tally["seats"] or 0)),),
        (plain(say.ngettext("%(num)s ballot", "%(num)s ballots", tally["ballots"])),),
        (plain(say.percent(tally["ballots"], tally["seats"] or 0)),),
        (plain(say.number(sides["internal"]) if sides else ""),),
        (plain(say.number(sides["external"]) if sides else ""),),
        (plain(say.number(paper) if paper else ""),),
    )


def _as_it_stands(round_: Record, epoch: int) -> Record:
    """What a round of an older release says of its newest epoch; of those before it kept nothing."""
    if epoch != round_.get("epoch", 1):
        return {"epoch": epoch, "seats": None, "unshown": 0}
    return {"epoch": epoch, "seats": round_.get("roster"), "unshown": round_.get("unshown", 0)}


def _wrote(round_: Record, record: Record, many: int, say: Speech) -> tuple[Cell, ...]:
    told: Cell = (plain(say.ngettext("%(num)s action", "%(num)s actions", many)),)
    if record["unshown"]:
        told += (
            soft(
                say.ngettext(
                    "%(num)s text is not shown: fewer than five people wrote.",
                    "%(num)s texts are not shown: fewer than five people wrote.",
                    record["unshown"],
                )
            ),
        )
    seats = say.number(record["seats"]) if record["seats"] else ""
    return ((plain(round_name(round_, record["epoch"], say)),), (plain(seats),), told, (), (), (), ())
