"""How it went: the rounds as they were held, and what came of each."""

from __future__ import annotations

from itertools import groupby

from app.domain.records import Record, State
from app.domain.rounds import in_order
from app.exports.document import Blocks, Cell, Column, Heading, Table, plain, soft
from app.exports.speech import Speech


def tell(state: State, say: Speech) -> Blocks:
    yield Heading(1, plain(say.gettext("How it went")), "agenda")
    columns = (
        Column(say.gettext("Planned"), 2),
        Column(say.gettext("Round"), 9),
        Column(say.gettext("Minutes"), 3, is_number=True),
        Column(say.gettext("What became of it"), 5),
    )
    for day, rounds in groupby(in_order(state["rounds"].values()), key=lambda round_: round_["day"]):
        yield Table(
            say.gettext("Day %(n)s", n=day), columns, tuple(_line(state, round_, say) for round_ in rounds)
        )


def _line(state: State, round_: Record, say: Speech) -> tuple[Cell, ...]:
    name: Cell = (plain(say.of(round_["name"])),)
    if round_.get("late_of"):
        of = state["rounds"].get(round_["late_of"])
        name += (soft(say.gettext("for latecomers of “%(round)s”", round=say.of(of["name"]) if of else "")),)
    return (
        (plain(round_["starts"]),),
        name,
        (plain(str(round_["minutes"])),),
        (plain(_became(round_, say)),),
    )


def _became(round_: Record, say: Speech) -> str:
    words = {
        "planned": say.gettext("not held"),
        "skipped": say.gettext("skipped"),
        "void": say.gettext("cancelled, unread"),
        "published": say.gettext("held"),
    }
    told = [words.get(round_["state"], say.gettext("not finished"))]
    if round_["state"] == "void" and round_.get("closings"):
        told = [say.gettext("held; begun again and cancelled, unread")]
    if round_.get("reopened"):
        told.append(say.ngettext("opened again once", "opened again %(num)s times", round_["reopened"]))
    return " · ".join(told)
