"""The history of the day: what staff and the clock decided, with the time; to read and to keep."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from itertools import groupby
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask_babel import format_date
from flask_babel import gettext as _

from app import seats
from app.boards import boards
from app.clock import zone
from app.domain.erasure import FORGOTTEN
from app.exports import FLAVOURS, history
from app.exports.history import Decided, decisions
from app.exports.text import masked, to_csv
from app.pages.files import attachment
from app.pages.member import board_id, main_board, needs_role, workshop
from app.pages.words import in_language, language

pages = Blueprint("history", __name__, url_prefix="/b/<handle>/history")

READERS = ("facilitator", "rapporteur")
MINUTE_MS = 60_000


def said() -> dict[str, str]:
    """A decision in words, by the kind of its operation."""
    return {
        "board.setup": _("The board was set up"),
        "board.import": _("The board came in from a file"),
        "board.forget": _("The people were forgotten; results stay"),
        "board.archive": _("The board was put away, or taken out again"),
        "board.practice": _("Practice opened or closed"),
        "board.spotlight": _("Spotlight"),
        "board.gather": _("Everybody was brought to a factor"),
        "board.message": _("Message to all"),
        "agenda.replace": _("The agenda was replaced"),
        "round.start": _("Started"),
        "round.pause": _("Paused"),
        "round.resume": _("Resumed"),
        "round.extend": _("Given more time"),
        "round.close": _("Closed"),
        "round.publish": _("Published"),
        "round.reopen": _("Opened again"),
        "round.void": _("Cancelled, unread"),
        "round.skip": _("Skipped"),
        "round.plan": _("Planned again"),
        "round.rekey": _("The urn’s key was lost: ballots are void"),
        "round.add": _("Added to the agenda"),
        "round.edit": _("Rules changed before the start"),
        "round.move": _("Moved in the agenda"),
        "round.remove": _("Taken out of the agenda"),
        "round.late": _("A round for latecomers"),
        "card.move": _("Actions moved"),
        "card.hold": _("Action held"),
        "card.erase": _("Action erased"),
        "card.release": _("Action given back"),
        "card.mark": _("Action marked"),
        "card.refile": _("Action put under another factor"),
        "cluster.make": _("Actions grouped"),
        "cluster.name": _("Group named"),
        "cluster.propose": _("Name proposed"),
        "cluster.merge": _("Groups merged"),
        "cluster.split": _("Merge undone"),
        "cluster.dissolve": _("Group dissolved"),
        "comment.remove": _("Comment removed"),
        "comment.show": _("Comment shown"),
        "cluster.contest": _("Merge contested"),
        "cluster.keep": _("Merge kept"),
        "suggestion.merge": _("Merge suggested"),
        "suggestion.accept": _("Suggestion accepted"),
        "suggestion.decline": _("Suggestion declined"),
        "pair.dismiss": _("Two actions found to be different"),
        "pair.recall": _("Two actions compared again"),
        "board.axes": _("Strategy axes set"),
        "board.set": _("A setting of the board changed"),
        "handcount.enter": _("Show of hands counted"),
        "sheet.make": _("Action sheet begun"),
        "sheet.sort": _("Action sheet: deepen, implement or park"),
        "sheet.place": _("Action sheet given to a table"),
        "sheet.turn": _("Action sheet frozen, opened or dropped"),
        "sheet.freeze": _("All action sheets frozen as a version"),
        "sheet.progress": _("Progress of an action reported"),
        "progress.remove": _("Report of progress taken back"),
        "note.remove": _("The rapporteur’s note removed"),
        "text.release": _("A text released, or kept back again"),
    }


def _clock() -> Callable[[int], datetime.datetime]:
    """Times as the clock on the room's wall has them."""
    here = zone(boards.moment(board_id()).state["board"]["board"]["time_zone"])
    return lambda ms: datetime.datetime.fromtimestamp(ms / 1000, here)


def _namer() -> Callable[[Decided], str]:
    names = {person.id: in_language(person.name) for person in seats.members_of(workshop())}
    names[FORGOTTEN] = _("name erased")
    return lambda one: _("the clock") if one.by == "clock" else names.get(one.person or "", "")


@pages.get("/")
@needs_role(*READERS)
def listing(handle: str) -> Any:
    clock, name_of, words = _clock(), _namer(), said()

    def row(one: Decided) -> dict[str, Any]:
        when = clock(one.at_ms)
        return {
            "day": when.date().isoformat(),
            "time": f"{when:%H:%M}",
            "by": name_of(one),
            "what": words.get(one.kind, one.kind),
            "about": masked(in_language(one.about)),
            "detail": _detail(one),
        }

    rows = [row(one) for one in decisions(boards.log_of(board_id()))]
    days = [(day, list(some)) for day, some in groupby(reversed(rows), key=lambda row: row["day"])]
    return render_template(
        "pages/history.html",
        day_words=lambda day: sentence_case(format_date(datetime.date.fromisoformat(day), "EEEE d MMMM y")),
        handle=handle,
        workshop=workshop(),
        board=None if board_id() == main_board() else board_id(),
        days=days,
        flavours=list(FLAVOURS),
    )


def sentence_case(words: str) -> str:
    """French writes its days small, a heading begins with a capital."""
    return words[:1].upper() + words[1:]


def _detail(one: Decided) -> str:
    extra = one.detail.get("extra") or {}
    if extra:
        return ", ".join(f"{table} +{round(ms / MINUTE_MS)} min" for table, ms in extra.items())
    if one.detail.get("reason") == "outage":
        return _("after an outage")
    if one.detail.get("roster"):
        return _("%(n)s seats in the round", n=one.detail["roster"])
    if one.detail.get("version"):
        return _("version %(n)s", n=one.detail["version"])
    reason = one.detail.get("reason")
    return "" if reason in (None, "hand") else masked(str(reason))


@pages.get("/history.csv")
@needs_role(*READERS)
def download(handle: str) -> Any:
    flavour = request.args.get("flavour", "excel")
    if flavour not in FLAVOURS:
        abort(404)
    return attachment(to_csv(history.COLUMNS, decided(), flavour), "history")


def decided() -> list[dict[str, Any]]:
    """The decisions on the page's board, as rows of a file."""
    clock = _clock()
    log = boards.log_of(board_id())
    return list(history.rows(log, _namer(), lambda ms: clock(ms).isoformat(timespec="minutes"), language()))
