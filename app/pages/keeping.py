"""The administrator's pages about whole workshops: which there are, how long their people are kept, sealing, copying, removing."""

from __future__ import annotations

import datetime
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from app import archives, backups, codes, old_backups, retention, sealed, seats, sessions, wiping, workshops
from app.boards import boards
from app.domain.errors import Rejected
from app.domain.records import State, board_of
from app.domain.retention import CHOICES, DEFAULT_DAYS, NOTICE_DAYS
from app.domain.rounds import unfinished
from app.pages.member import current_member, main_board, needs_role, workshop
from app.pages.words import in_language, takes_nothing
from app.store import workshops as workshop_rows
from app.store.people import WALL
from app.store.workshops import Workshop

pages = Blueprint("keeping", __name__, url_prefix="/b/<handle>")

KEEPER = "administrator"


def say_day(day: datetime.date) -> str:
    return str(format_date(day, "d MMMM y"))


def made_on(of: Workshop) -> str:
    """The day a workshop was made, as people write it; empty where it is not known."""
    return say_day(datetime.date.fromisoformat(of.created)) if of.created else ""


def coming() -> dict[str, Any]:
    """What every page of a seat tells beforehand. Shape: {day, archived}; the day on which the people will be erased."""
    day = retention.announced(workshop())
    state = boards.moment(main_board()).state
    return {"day": say_day(day) if day else None, "archived": board_of(state).get("archived", False)}


def terms() -> dict[str, Any]:
    """What a form about the term offers."""
    return {
        "choices": CHOICES,
        "default_days": DEFAULT_DAYS,
        "notice_days": NOTICE_DAYS,
        "earliest": retention.date_of(retention.today() + NOTICE_DAYS).isoformat(),
    }


# --- the list ---


@pages.get("/workshops")
@needs_role(KEEPER)
def listing(handle: str) -> Any:
    return _listing(handle)


def _listing(handle: str, status: int = 200, **more: Any) -> Any:
    """The workshops in which this browser holds an administrator's seat."""
    held = [
        (seat, person) for seat, person in sessions.held_seats() if person.role == KEEPER and not seat.locked
    ]
    handles = {person.workshop: seat.handle for seat, person in held}
    known = seats.read(lambda c: [workshop_rows.workshop(c, workshop_id) for workshop_id in handles])
    rows = [_row(of, handles[of.id]) for of in known if of]
    return render_template(
        "pages/workshops.html", handle=handle, workshop=workshop(), rows=rows, **more
    ), status


def _row(of: Workshop, held_as: str) -> dict[str, Any]:
    due = retention.due(of)
    return {
        "workshop": of,
        "handle": held_as,
        "made": made_on(of),
        "state": _state_words(boards.moment(seats.main_board(of) or "").state),
        "people": _people_in(of),
        "due": say_day(retention.date_of(due)) if due is not None else None,
        "wiped": retention.of(of).wiped_at_ms is not None,
    }


def _people_in(of: Workshop) -> int:
    return sum(not person.simulated and person.device != WALL for person in seats.members_of(of))


def _state_words(state: State) -> str:
    rounds = state["rounds"].values()
    states = {round_["state"] for round_ in rounds}
    if board_of(state).get("archived"):
        return _("put away: reading only")
    if unfinished(rounds):
        return _("a round is under way")
    if not states & {"published", "closed", "void"}:
        return _("not begun")
    return _("under way") if "planned" in states else _("all rounds are over")


@pages.post("/workshops/open")
@needs_role(KEEPER)
def open_archive(handle: str) -> Any:
    """Make a workshop again from its sealed file; with any problem nothing is made."""
    sessions.find_room()
    file, passphrase = request.files.get("file"), request.form.get("passphrase", "")
    if not file or not file.filename:
        return _listing(handle, 422, error=_("Choose the sealed file first."), passphrase=passphrase)
    try:
        made = archives.open_again(file.read(), passphrase)
    except (sealed.NotSealed, sealed.DoesNotOpen, archives.Damaged, archives.AlreadyHere) as refused:
        said = _not_opened(refused)
        return _listing(handle, 422, error=said, chosen=file.filename, passphrase=passphrase)
    host = workshops.host_of(made, current_member())
    flash(
        _("The workshop is open again. Codes and links are new, unless it was sealed on this server."), "good"
    )
    return redirect(url_for("keeping.page", handle=sessions.open_for(host)), 303)


def _not_opened(refused: Exception) -> str:
    match refused:
        case sealed.NotSealed():
            return _("This is no sealed workshop, or one of a later release of Palabre.")
        case sealed.DoesNotOpen():
            return _(
                "This passphrase does not open the file. Check it sign by sign; the file may also be damaged."
            )
        case archives.AlreadyHere():
            return _("This workshop is on this server already. Nothing was changed.")
    return _("The file opens, but what is in it does not fit together. Nothing was made; try another copy.")


# --- one workshop ---


@pages.get("/workshop")
@needs_role(KEEPER)
def page(handle: str) -> Any:
    return _page(handle)


def _page(handle: str, status: int = 200, **more: Any) -> Any:
    of, kept = workshop(), retention.of(workshop())
    state = boards.moment(seats.main_board(of) or "").state
    due = retention.due(of)
    values = {
        "kept": kept,
        **terms(),
        "until": retention.date_of(kept.until).isoformat() if kept.until is not None else "",
        "due": say_day(retention.date_of(due)) if due is not None else None,
        "held": retention.was_held(of),
        "wiped": _day_of_ms(kept.wiped_at_ms),
        "people": _people_in(of),
        "unfinished": unfinished(state["rounds"].values()),
        "archived": board_of(state).get("archived", False),
        "sealed_on": say_day(retention.date_of(kept.sealed)) if kept.sealed is not None else None,
        "sealed_is_current": archives.is_current(of),
        "old": len(old_backups.holding_people(_settings())),
        "known": len(old_backups.known(_settings())),
        "passphrase": sealed.new_passphrase(),
        "title_chars": workshops.TITLE_CHARS,
    }
    shown = render_template("pages/workshop.html", handle=handle, workshop=of, **{**values, **more})
    return shown, status


def _settings() -> Any:
    return current_app.config["SETTINGS"]


def _day_of_ms(ms: int | None) -> str | None:
    return None if ms is None else say_day(datetime.datetime.fromtimestamp(ms / 1000, datetime.UTC).date())


def _back(handle: str) -> Any:
    return redirect(url_for("keeping.page", handle=handle), 303)


def _under_way(handle: str) -> Any:
    text = _("A round is under way or not published yet. Publish it or cancel it first; nothing was changed.")
    return _page(handle, 409, error=text)


@pages.post("/workshop/retention")
@needs_role(KEEPER)
def set_retention(handle: str) -> Any:
    """How long people are kept: so many days after the last round, or until a day that can still be announced."""
    try:
        day = term_of(request.form)
    except NoSuchTerm as wrong:
        return _page(handle, 422, error=str(wrong))
    set_term(workshop(), day)
    flash(_("Saved. Everybody is told %(days)s days before.", days=NOTICE_DAYS), "good")
    return _back(handle)


class NoSuchTerm(ValueError):
    """The form asks for a term that cannot be kept; the text says why."""


def term_of(form: Any) -> tuple[int, int | None]:
    """The days after the last round and, if one is named, the day. Raises: NoSuchTerm."""
    days, day = form.get("days", str(DEFAULT_DAYS)), form.get("until", "").strip()
    if not days.isdigit() or int(days) not in (*CHOICES, DEFAULT_DAYS):
        raise NoSuchTerm(_("Choose one of the terms."))
    if not day:
        return int(days), None
    try:
        until = retention.day_from(datetime.date.fromisoformat(day))
    except ValueError:
        raise NoSuchTerm(_("Write the day as on a calendar: year, month, day.")) from None
    if until < retention.today() + NOTICE_DAYS:
        raise NoSuchTerm(
            _(
                "People are told %(days)s days before: choose a later day, or erase them now.",
                days=NOTICE_DAYS,
            )
        )
    return int(days), until


def set_term(of: Workshop, term: tuple[int, int | None]) -> None:
    days, until = term
    retention.keep_for(of, days) if until is None else retention.keep_until(of, until)


def _confirmed() -> bool:
    """Whether the code of the workshop was typed: no slip of a finger does that."""
    return codes.tidy_code(request.form.get("code", "")) == codes.tidy_code(workshop().code)


def _not_confirmed(handle: str, where: str) -> Any:
    text = _("Nothing was done. To go on, type the code of the workshop: %(code)s.", code=workshop().code)
    return _page(handle, 422, **{where: text})


@pages.post("/workshop/wipe")
@needs_role(KEEPER)
def wipe(handle: str) -> Any:
    """Erase the people, keep the results, and go on in the nameless administrator's seat that is left."""
    if not _confirmed():
        return _not_confirmed(handle, "wipe_error")
    of = workshop()
    try:
        wiping.wipe_people(of)
    except wiping.UnderWay:
        return _under_way(handle)
    except Rejected:
        if not retention.of(of).wiping:
            return _page(handle, 409, wipe_error=takes_nothing())
        flash(
            _("The people are erased; their names in the log follow as soon as no round is under way."),
            "danger",
        )
    else:
        flash(
            _("The people are erased, the results are kept. You hold the nameless administrator’s seat."),
            "good",
        )
    if request.form.get("backups"):
        _replace_backups()
    host = next(person for person in seats.members_of(of) if person.role == KEEPER)
    return _back(sessions.open_for(host))


@pages.post("/workshop/backups")
@needs_role(KEEPER)
def replace_backups(handle: str) -> Any:
    _replace_backups()
    return _back(handle)


def _replace_backups() -> None:
    try:
        gone = old_backups.replace(_settings())
    except (backups.NotDone, OSError) as error:
        flash(_("The old backups are still there: %(why)s", why=str(error)), "danger")
        return
    flash(
        ngettext(
            "A new backup is made, and %(num)s old one is removed.",
            "A new backup is made, and %(num)s old ones are removed.",
            gone,
        ),
        "good",
    )


@pages.post("/workshop/archive")
@needs_role(KEEPER)
def archive(handle: str) -> Any:
    """The whole workshop as one sealed file to download."""
    typed = request.form.get("passphrase", "")
    try:
        file, _known_by = archives.seal(workshop(), typed)
    except sealed.TooShort:
        text = _("The passphrase is too short: at least %(least)s characters.", least=sealed.LEAST_CHARS)
        return _page(handle, 422, seal_error=text, passphrase=typed)
    except wiping.UnderWay:
        return _under_way(handle)
    answer = Response(file, mimetype="application/octet-stream")
    name = f"palabre-{workshop().code}-{retention.date_of(retention.today()).isoformat()}.sealed"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@pages.post("/workshop/away")
@needs_role(KEEPER)
def put_away(handle: str) -> Any:
    """Reading only, or work again."""
    away = request.form.get("away") == "1"
    try:
        wiping.put_away(workshop(), away)
    except (wiping.UnderWay, Rejected):
        return _under_way(handle)
    flash(_("The workshop can be read and no longer changed.") if away else _("Work can go on."), "good")
    return _back(handle)


@pages.post("/workshop/copy")
@needs_role(KEEPER)
def duplicate(handle: str) -> Any:
    """A new workshop with the same agenda, factors, tables, tasks and settings, and nobody in it."""
    sessions.find_room()
    try:
        title = workshops.title_of(request.form.get("title_fr", ""), request.form.get("title_en", ""))
    except Rejected:
        limit = workshops.TITLE_CHARS
        text = _("Give the workshop a title, of at most %(limit)s characters.", limit=limit)
        return _page(handle, 422, copy_error=text)
    try:
        made = workshops.duplicate(workshop(), title)
    except Rejected:
        return _page(handle, 409, copy_error=takes_nothing())
    host = workshops.host_of(made, current_member())
    flash(_("The copy is made: agenda, factors, tables and tasks, and nobody in it yet."), "good")
    return redirect(url_for("keeping.page", handle=sessions.open_for(host)), 303)


@pages.post("/workshop/remove")
@needs_role(KEEPER)
def remove(handle: str) -> Any:
    """Delete everything of the workshop."""
    if not _confirmed():
        return _not_confirmed(handle, "remove_error")
    title = in_language(workshop().title)
    try:
        wiping.remove(workshop())
    except wiping.UnderWay:
        return _under_way(handle)
    flash(_("“%(title)s” is removed from this server.", title=title), "good")
    return redirect(url_for("door.landing"), 303)
