"""Ballots on paper for one vote: a sheet for each seat that is wanted, and blank ones; in either language.

The seat's number stands on a stub that is torn off once two people have entered the sheet: what is kept of the paper names
nobody. While it hangs on, whoever reads the sheet reads both, and the sheet says so.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from app import desks, prepared, printing, seats
from app.boards import boards
from app.domain import rounds
from app.domain.counting import method_of
from app.domain.counting.method import WHOLE, vote_of
from app.domain.counting.scores import CRITERIA_WORDS, SCALE, criteria_of
from app.domain.errors import Rejected
from app.domain.kinds.ballots import listed_for, targets_of
from app.domain.kinds.papers import list_mark
from app.domain.records import EVERYONE, HOSTS, Record, State
from app.exports.order import label, target_of
from app.languages import LANGUAGES
from app.pages.member import main_board, needs_role, workshop
from app.pages.words import in_language, language
from app.store.people import Person

pages = Blueprint("paper_ballots", __name__, url_prefix="/b/<handle>/paper/ballots")

BEFORE_THE_COUNT = ("planned", *rounds.UNOPENED)
WITHOUT_DEVICE, EVERYBODY, NOBODY = "without", "all", "none"
MOST_BLANK = 60
NO_DEVICE = "none"


def votes() -> list[Record]:
    """The votes of the agenda that are not counted yet."""
    state = boards.view(main_board(), EVERYONE)
    return [
        round_
        for round_ in rounds.in_order(state["rounds"].values())
        if rounds.is_ballot(round_) and round_["state"] in BEFORE_THE_COUNT
    ]


@pages.post("/<round_id>/make")
@needs_role(*HOSTS)
def make(handle: str, round_id: str) -> Any:
    """Have the set of one vote made; how far it is says `paper.job`."""
    wanted, blank = request.form.get("lang", language()), request.form.get("blank", "0")
    round_ = next((one for one in votes() if one["id"] == round_id), None)
    if round_ is None or wanted not in LANGUAGES or not blank.isdigit():
        abort(404)
    made_from, state = prepared.of_workshop(workshop().id), boards.view(main_board(), EVERYONE)
    try:
        listed = {**round_, "ballot": _list_of(state, round_)}
    except Rejected:
        flash(
            _("This vote has no list yet. Publish or group some actions, or choose its list, then print."),
            "warning",
        )
        return redirect(url_for("paper.listing", handle=handle), 303)
    for_whom = _people(
        request.form.get("for", WITHOUT_DEVICE), re.findall(r"\d+", request.form.get("seats", ""))
    )
    with force_locale(wanted):
        data = {
            "lang": wanted,
            "title": in_language(workshop().title),
            **_set(state, listed, for_whom, min(int(blank), MOST_BLANK)),
        }
    job = printing.order(made_from, f"ballots-{round_['order']}-{wanted}", "ballots", data)
    return redirect(url_for("paper.job", handle=handle, job_id=job.id), 303)


def _list_of(state: State, round_: Record) -> list[dict[str, Any]]:
    """The frozen list; before the start, the one that would be frozen now. Raises: Rejected where there is none yet."""
    if round_["ballot"]:
        return list(round_["ballot"])
    method_of(round_)
    if round_["targets"] == "chosen" and not round_.get("chosen"):
        raise Rejected("no_targets")
    return targets_of(state, round_, round_.get("chosen"))


def _people(asked: str, marks: list[str]) -> list[Person]:
    """Participants in the order of their tables: the seats that are named; else those without a device, everybody, or nobody."""
    real = [p for p in seats.members_of(workshop()) if p.role == "participant" and not p.simulated]
    if marks:
        asked, real = EVERYBODY, [p for p in real if desks.seat_mark(p) in marks]
    if asked == WITHOUT_DEVICE:
        places = desks.places_of(real)
        real = [p for p in real if p.device == NO_DEVICE or places[p.id] == desks.HERE]
    return [] if asked == NOBODY else sorted(real, key=lambda p: (p.table or "\uffff", p.number))


def _set(state: State, round_: Record, people: list[Person], blank: int) -> dict[str, Any]:
    tables = {table["id"]: in_language(table["name"]) for table in seats.tables_of(workshop())}
    sheets = [{"table": p.table, "seat": desks.seat_mark(p)} for p in people]
    # Without a scope every table has the same list; with one, blank sheets belong to a table.
    of_tables = [t for t in tables if listed_for(round_, t)] if round_["scope"] else [None]
    sheets += [{"table": table, "seat": ""} for table in of_tables for _n in range(blank)]
    return {
        "words": _words(),
        "round": in_language(round_["name"]),
        "how": _how(round_),
        "form": _form(round_),
        "list": list_mark(round_["ballot"]),
        "sheets": [
            {
                "seat": sheet["seat"],
                "table": tables.get(sheet["table"] or "", ""),
                "sections": _sections(state, round_, sheet["table"]),
            }
            for sheet in sheets
            if listed_for(round_, sheet["table"]) or not round_["scope"]
        ],
    }


def _sections(state: State, round_: Record, table: str | None) -> list[dict[str, Any]]:
    """The lines under their factors; a line's code is its place on the whole list, the same on every sheet."""
    codes = {target["id"]: number for number, target in enumerate(round_["ballot"], 1)}
    listed = listed_for(round_, table) if round_["scope"] else round_["ballot"]
    by_factor = all(target["table"] in ("clusters", "cards", "sheets") for target in listed)
    return [
        {
            "factor": _factor(state, factor) if by_factor else None,
            "lines": [{"code": codes[one["id"]], "label": _label(state, one)} for one in some],
        }
        for factor, some in groupby(listed, key=lambda target: target["factor"] if by_factor else "")
    ]


def _factor(state: State, factor_id: str) -> dict[str, Any] | None:
    factor = state["factors"].get(factor_id)
    return {"number": factor["number"], "title": in_language(factor["title"])} if factor else None


def _label(state: State, target: dict[str, Any]) -> str:
    if "words" in target:
        return in_language(target["words"])
    table, record = target_of(state, target["id"])
    return label(state, table, record, language())


def _form(round_: Record) -> dict[str, Any]:
    """What stands beside a line: a box to write in, a box to tick, or scales to circle on."""
    vote = vote_of(round_)
    if vote.method in ("points", "hundred", "quadratic", "rank"):
        return {"kind": "number"}
    if vote.method in ("approval", "choose"):
        return {"kind": "tick"}
    steps = list(map(str, SCALE))
    if vote.method == "criteria_1_5":
        names = [in_language(CRITERIA_WORDS.get(name, {"fr": name})) for name in criteria_of(vote)]
        return {"kind": "scales", "scales": [{"name": name, "steps": steps} for name in names]}
    if vote.method == "consent":
        return {"kind": "scales", "scales": [{"name": "", "steps": ["1", "2", "3"]}], "words": True}
    return {"kind": "scales", "scales": [{"name": "", "steps": steps}]}


def _how(round_: Record) -> str:
    """How the sheet is filled in, in one or two sentences."""
    vote, in_all = vote_of(round_), _is_one_list(round_)
    match vote.method:
        case "points":
            most = ngettext(
                "%(num)s point at most on one line.",
                "%(num)s points at most on one line.",
                vote.cap or vote.points,
            )
            given = (
                ngettext("You have %(num)s point in all:", "You have %(num)s points in all:", vote.points)
                if in_all
                else ngettext(
                    "You have %(num)s point for each factor:",
                    "You have %(num)s points for each factor:",
                    vote.points,
                )
            )
            where = _("write how many in the box.")
            return f"{given} {where} {most}"
        case "hundred":
            return _("Share a hundred points over the lines: write how many in the box.")
        case "quadratic":
            return _(
                "You have %(n)s points. One vote for a line costs 1, two cost 4, three cost 9: write how many votes in the box.",
                n=vote.points,
            )
        case "approval":
            return _("Tick every line that you support.")
        case "choose":
            return (
                ngettext("Tick %(num)s line at most.", "Tick %(num)s lines at most.", vote.points)
                if in_all
                else ngettext(
                    "Tick %(num)s line at most for each factor.",
                    "Tick %(num)s lines at most for each factor.",
                    vote.points,
                )
            )
        case "rank":
            return _(
                "Write 1 beside the line that matters most to you, then 2, and so on, to %(n)s at most.",
                n=vote.points,
            )
        case "consent":
            return _(
                "Circle 1: I agree. 2: I agree, with a reserve; write it below the line. 3: I am opposed. No circle is no answer."
            )
        case "criteria_1_5":
            return _(
                "Circle a score for each criterion, from 1, very weak, to 5, very strong. No circle is no answer."
            )
        case _:
            return _("Circle a score from 1, very weak, to 5, very strong. No circle is no answer.")


def _is_one_list(round_: Record) -> bool:
    return all(target["bucket"] == WHOLE for target in round_["ballot"])


def _words() -> dict[str, str]:
    return {
        "ballot": _("Ballot on paper"),
        "seat": _("Seat"),
        "stub": _(
            "Stub. Tear it off when two people at the desk have entered the sheet, and destroy it: sheet and stub are never "
            "kept together."
        ),
        "name": _("Write no name on this sheet; keep its pages together."),
        "once": _(
            "One seat, one ballot: if you also vote on a device, that ballot counts and this sheet does not. It counts once "
            "two people have entered the same."
        ),
        "limit": _(
            "The two people who enter this sheet see your choices and, on the stub, your seat. If nobody is to see them, vote "
            "on a device, also a borrowed one, with your own code."
        ),
        "list": _("List"),
        "reserve": _("Reserve:"),
        "page": _("page"),
    }
