"""Backups of the breaks: what became of the last one, what lies in the folder, and, for the administrator, which folder."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _

from app import backup_folder
from app.boards import boards
from app.clock import zone
from app.domain.records import HOSTS
from app.pages.member import current_member, main_board, needs_role, workshop
from app.pages.words import say_moment
from app.safekeeping import Safekeeping

pages = Blueprint("backups", __name__, url_prefix="/b/<handle>/backups")

MIB = 2**20


def _safekeeping() -> Safekeeping:
    found: Safekeeping = current_app.extensions["safekeeping"]
    return found


@pages.get("/")
@needs_role(*HOSTS)
def page(handle: str) -> Any:
    settings = current_app.config["SETTINGS"]
    status = _safekeeping().status()
    folder = backup_folder.chosen(settings)
    # The disk of a stick may be slow or gone: it is asked in a thread.
    made, is_there = boards.in_thread(_made, folder, settings.mark)
    return render_template(
        "pages/backups.html",
        handle=handle,
        workshop=workshop(),
        folder=folder,
        is_there=is_there,
        made=made,
        said_of_last=_said(status),
        when=_when,
        decimal=lambda value: format_decimal(value, format="#,##0.0"),
        is_good=status.get("state") != "failed",
        offered=[_offer(one, settings.data) for one in boards.in_thread(backup_folder.offered, settings)],
        keeps=(4, 8, 16, backup_folder.MOST_KEPT),
        may_choose=current_member().role == "administrator",
    )


def _made(folder: backup_folder.BackupFolder, mark: str) -> tuple[list[dict[str, Any]], bool]:
    """This server's backups in the folder, the newest first; and whether the folder is there."""
    if not folder.is_there:
        return [], False
    try:
        names = sorted(backup_folder.surplus([path.name for path in folder.path.iterdir()], mark, 0))
        found = [(name, (folder.path / name).stat()) for name in reversed(names)]
    except FileNotFoundError:
        return [], True  # made with the first backup
    except OSError:
        return [], False
    return [{"name": name, "mib": stat.st_size / MIB, "at": stat.st_mtime} for name, stat in found], True


def _offer(folder: backup_folder.BackupFolder, data: Path) -> tuple[str, str]:
    """A folder to choose: its path, and what a person calls it."""
    if folder.mount:
        return str(folder.path), _("Stick or disk “%(name)s”", name=Path(folder.mount).name)
    if folder.path == data / "backups":
        return str(folder.path), _("This computer’s own disk: it does not help when the computer is lost")
    return str(folder.path), str(folder.path)


def _zone() -> datetime.tzinfo:
    """The clock on the room's wall."""
    return zone(boards.moment(main_board()).state["board"]["board"]["time_zone"])


def _when(at_s: float) -> str:
    return say_moment(datetime.datetime.fromtimestamp(at_s, _zone()))


def _said(status: dict[str, Any]) -> str:
    """What became of the last backup, in a sentence."""
    if not status:
        return _("None has been made yet: the first comes with the first break.")
    at = _when(status["at_ms"] / 1000)
    return {
        "made": _("The last one was made on %(time)s.", time=at),
        "making": _("One is being made. Load the page again in a moment."),
        "waiting": _("One waits until the sealed round is published or cancelled."),
        "failed": _("The one of %(time)s was not made.", time=at) + " " + _remedy(status["code"]),
    }[status["state"]]


def _remedy(code: str) -> str:
    return {
        "gone": _("The stick is not there, or was pulled out. Plug it in again, then try again."),
        "full": _("The stick is full. Make room on it or plug in another one, then try again."),
        "read_only": _(
            "Nothing can be written there. Look at the switch on the stick, or choose another folder."
        ),
        "slow": _("The stick does not answer. Pull it out, plug it in again, then try again."),
    }.get(code, _("Try again; if it fails again, choose another folder."))


@pages.post("/now")
@needs_role(*HOSTS)
def now(handle: str) -> Any:
    """Make one as soon as no sealed round is unopened."""
    _safekeeping().want()
    if request.is_json:
        return jsonify(wanted=True)
    if _safekeeping().is_sealed():
        flash(_("The backup waits until the sealed round is published or cancelled."), "note")
    else:
        flash(_("The backup is being made; load the page again in a moment."), "good")
    return redirect(url_for("backups.page", handle=handle), 303)


@pages.post("/folder")
@needs_role("administrator")
def choose(handle: str) -> Any:
    """One of the folders that are offered, and how many backups stay in it."""
    settings = current_app.config["SETTINGS"]
    asked, keep = request.form.get("folder", ""), request.form.get("keep", type=int)
    folder = next((one for one in backup_folder.offered(settings) if str(one.path) == asked), None)
    if keep is None or not 1 <= keep <= backup_folder.MOST_KEPT:
        abort(400)
    if folder is None:
        flash(_("That folder is no longer there. Plug the stick in again and choose anew."), "danger")
    else:
        backup_folder.choose(settings, replace(folder, keep=keep))
        flash(_("Backups go there from now on."), "good")
    return redirect(url_for("backups.page", handle=handle), 303)
