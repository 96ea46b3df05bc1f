"""Whole workshops at the terminal: `python -m app.commands workshop list | links | duplicate | archive | open | keep | put-away |
wipe-people | remove`. Part of `commands.py`.

On SQLite what cuts people off is done by one process alone: while the server runs, its own page does it.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click
from flask import current_app

from app import archives, backups, banner, codes, old_backups, retention, sealed, seats, wiping, workshops
from app.domain.errors import Rejected
from app.domain.retention import CHOICES, NOTICE_DAYS
from app.store import people as people_rows
from app.store import workshops as workshop_rows
from app.store.database import InUse, claim
from app.store.workshops import Workshop

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_CODE = click.argument("code")
_PASSPHRASE = click.option(
    "--passphrase-file", type=_FILE, help="Its first line is the passphrase; without it you are asked."
)


def _found(code: str) -> Workshop:
    found = codes.workshop_by_code(code)
    if found is None:
        raise click.ClickException("No workshop has this code: see `workshop list`.")
    return found


def _settings() -> Any:
    return current_app.config["SETTINGS"]


@contextmanager
def alone() -> Iterator[None]:
    """Keep a server away from the SQLite file meanwhile; several workers on PostgreSQL hear of it by themselves."""
    if not _settings().is_sqlite:
        yield
        return
    try:
        claimed = claim(_settings().database_url)
    except InUse as in_use:
        raise click.ClickException(f"{in_use} Do it on its page, or stop it first.") from None
    with closing(claimed):
        yield


@contextmanager
def _told() -> Iterator[None]:
    """What went wrong, as a sentence; then nothing was changed."""
    try:
        yield
    except wiping.UnderWay as under_way:
        raise click.ClickException(
            f"Nothing was done while rounds are under way: {under_way}. Publish or cancel them first."
        ) from None
    except Rejected as rejected:
        raise click.ClickException(f"The board refused: {rejected.code} {rejected.data}") from None
    except sealed.TooShort:
        raise click.ClickException(f"The passphrase needs {sealed.LEAST_CHARS} characters.") from None
    except sealed.NotSealed:
        raise click.ClickException("This is no sealed workshop, or one of a later release.") from None
    except sealed.DoesNotOpen:
        raise click.ClickException(
            "This passphrase does not open the file, or the file is damaged."
        ) from None
    except archives.Damaged:
        raise click.ClickException("What is in the file does not fit together; nothing was made.") from None
    except archives.AlreadyHere:
        raise click.ClickException("This workshop is on this server already; nothing was changed.") from None


def _passphrase(file: Path | None, *, twice: bool) -> str:
    if file:
        return file.read_text(encoding="utf-8").partition("\n")[0].strip()
    typed: str = click.prompt("Passphrase", hide_input=True, confirmation_prompt=twice)
    return typed


def _confirm(workshop: Workshop, what: str, yes: bool) -> None:
    if not yes and click.prompt(f"{what} Type {workshop.code} to go on") != workshop.code:
        raise click.ClickException("Nothing was done.")


_YES = click.option("--yes", is_flag=True, help="Do not ask.")


@click.command("list")
def list_workshops() -> None:
    """The workshops on this server: code, day, people, until when they are kept, title."""
    for found in seats.read(workshop_rows.all_workshops):
        people = sum(not p.simulated and p.device != people_rows.WALL for p in seats.members_of(found))
        due = retention.due(found)
        until = retention.date_of(due).isoformat() if due is not None else "erased"
        click.echo(f"{found.code}  {found.created or '-':10}  {people:4}  {until:10}  {found.title['fr']}")


@click.command("links")
@_CODE
def links(code: str) -> None:
    """The personal links of a workshop, as JSON: the way back in when nobody has one."""
    found = workshops.links_of(_found(code), banner.address(_settings()))
    click.echo(json.dumps(found, ensure_ascii=False, indent=1))


@click.command("duplicate")
@_CODE
@click.option("--title", required=True, help="In French, or for both languages.")
@click.option("--title-en", default="", help="In English.")
def duplicate(code: str, title: str, title_en: str) -> None:
    """Make a workshop with the agenda, factors, tables, tasks and settings of this one, and nobody in it."""
    with _told():
        made = workshops.duplicate(_found(code), workshops.title_of(title, title_en))
    workshops.host_of(made, None)
    shown = {"code": made.code, "links": workshops.links_of(made, banner.address(_settings()))}
    click.echo(json.dumps(shown, ensure_ascii=False, indent=1))


@click.command("keep")
@_CODE
@click.option("--days", type=click.Choice([str(days) for days in CHOICES]), help="After the last round.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="A day, as 2027-03-31.")
def keep(code: str, days: str | None, until: datetime.datetime | None) -> None:
    """How long this workshop keeps its people; without an option, tell."""
    found = _found(code)
    if until is not None:
        day = retention.day_from(until.date())
        if day < retention.today() + NOTICE_DAYS:
            raise click.ClickException(f"People are told {NOTICE_DAYS} days before: choose a later day.")
        retention.keep_until(found, day)
    elif days is not None:
        retention.keep_for(found, int(days))
    due = retention.due(found)
    click.echo(f"until {retention.date_of(due)}" if due is not None else "The people are erased.")


@click.command("archive")
@_CODE
@click.argument("file", type=click.Path(exists=False, dir_okay=False, path_type=Path))
@_PASSPHRASE
def archive(code: str, file: Path, passphrase_file: Path | None) -> None:
    """Seal the whole workshop in FILE, under a passphrase; prints the file's SHA-256."""
    if file.exists():
        raise click.ClickException(f"{file} is there already.")
    with _told():
        content, known_by = archives.seal(_found(code), _passphrase(passphrase_file, twice=True))
    fresh = file.with_name(f"{file.name}.new")
    fresh.write_bytes(content)
    fresh.replace(file)
    click.echo(f"{known_by}  {file}")


@click.command("open")
@click.argument("file", type=_FILE)
@_PASSPHRASE
def open_archive(file: Path, passphrase_file: Path | None) -> None:
    """Make the workshop that was sealed in FILE again on this server, and print its links."""
    with _told():
        made = archives.open_again(file.read_bytes(), _passphrase(passphrase_file, twice=False))
    shown = {"code": made.code, "links": workshops.links_of(made, banner.address(_settings()))}
    click.echo(json.dumps(shown, ensure_ascii=False, indent=1))


@click.command("put-away")
@_CODE
@click.option("--again", is_flag=True, help="Let work go on again.")
def put_away(code: str, again: bool) -> None:
    """Let the workshop be read and no longer changed."""
    with alone(), _told():
        wiping.put_away(_found(code), not again)
    click.echo("Work can go on." if again else "It can be read and no longer changed.")


@click.command("wipe-people")
@_CODE
@click.option(
    "--replace-backups", is_flag=True, help="Make a new backup and remove the older ones in the data folder."
)
@_YES
def wipe_people(code: str, replace_backups: bool, yes: bool) -> None:
    """Erase names, codes, sides and sessions of a workshop, down to the bytes; its results stay."""
    found = _found(code)
    _confirm(found, "People are erased, results are kept.", yes)
    with alone(), _told():
        wiping.wipe_people(found)
    click.echo("The people are erased. Nameless seats are left: see `workshop links`.")
    if replace_backups:
        _replace_backups()
    for path in old_backups.holding_people(_settings()):
        click.echo(f"This backup still holds people who were erased: {path}")
    click.echo("Copies elsewhere (sticks, exports, paper) are yours to find.")


def _replace_backups() -> None:
    try:
        gone = old_backups.replace(_settings())
    except (backups.NotDone, OSError) as error:
        raise click.ClickException(f"The old backups are still there: {error}") from None
    click.echo(f"A new backup is made, and {gone} old removed." if gone else "No old backup is known.")


@click.command("remove")
@_CODE
@_YES
def remove(code: str, yes: bool) -> None:
    """Delete everything of a workshop from this server, down to the bytes."""
    found = _found(code)
    _confirm(found, f"“{found.title['fr']}” is deleted.", yes)
    with alone(), _told():
        wiping.remove(found)
    click.echo("Removed. Backups made before still hold it.")


COMMANDS = (
    list_workshops,
    links,
    duplicate,
    keep,
    archive,
    open_archive,
    put_away,
    wipe_people,
    remove,
)
