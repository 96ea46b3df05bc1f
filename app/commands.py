"""What is done at the terminal: `python -m app.commands demo | workshop ... | account ... | certificate | selftest | backup | ...`.

Beside them are Flask's own commands (`db`, `routes`, `shell`). Works on the data folder of the settings, whether the server runs
or not: a workshop made here is there at once.
"""

from __future__ import annotations

import datetime
import json
import os
import signal
import sys
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import FlaskGroup

import config
from app import (
    accounts,
    backup_folder,
    backups,
    banner,
    catalogues,
    certificates,
    codes,
    contract,
    followups,
    members,
    release,
    safekeeping,
    seats,
    upgrades,
    workshop_commands,
    workshops,
)
from app.boards import boards
from app.domain.errors import Rejected
from app.domain.records import EVERYONE, STAFF_VIEW
from app.exports import EXPORTS, FLAVOURS, open_urns
from app.exports.boardfile import board_file
from app.imports import BOARD, FILES, ImportFailed, Upload
from app.languages import LANGUAGES
from app.selftest import judgements, record, sentences
from app.store import accounts as account_rows

COLOURS = {judgements.GREEN: "green", judgements.AMBER: "yellow", judgements.RED: "red"}
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def application() -> Flask:
    """The application over a migrated database, without its live side."""
    from app.factory import create_app  # it registers this module

    settings = config.from_environment()
    app = create_app(settings)
    with app.app_context(), boards.database.starting():
        upgrades.bring_up_to_date(settings)
    return app


def register(app: Flask) -> None:
    for command in (demo, workshop, account, translations, write_contract):
        app.cli.add_command(command)


@click.command("demo")
def demo() -> None:
    """Make the Niamey demo workshop if it is not there, and print its links as JSON."""
    links = workshops.ensure_demo(current_app._get_current_object())  # type: ignore[attr-defined]
    click.echo(json.dumps(links, ensure_ascii=False, indent=1))


@click.group("workshop")
def workshop() -> None:
    """Make workshops, write boards as CSV files, and keep, copy or remove whole workshops."""


for _command in workshop_commands.COMMANDS:
    workshop.add_command(_command)


@workshop.command("import")
@click.option("--title", default="", help="In French, or for both languages; a board has one of its own.")
@click.option("--title-en", default="", help="In English.")
@click.option("--language", type=click.Choice(LANGUAGES), default="fr", show_default=True)
@click.option("--time-zone", default=workshops.TIME_ZONE, show_default=True)
@click.option("--factors", type=_FILE)
@click.option("--agenda", type=_FILE)
@click.option("--participants", type=_FILE)
@click.option("--staff", type=_FILE)
@click.option("--board", type=_FILE, help="The file of a board (JSON), with everything on it.")
@click.option(
    "--follow", is_flag=True, help="Make the follow-up of the workshop in --board, not that board again."
)
def import_workshop(
    title: str, title_en: str, language: str, time_zone: str, follow: bool, **paths: Path | None
) -> None:
    """Make a workshop from files and print its links; what is not given comes from the template."""
    uploads = {
        name: Upload(path.name, path.read_bytes()) for name in (*FILES, BOARD) if (path := paths[name])
    }
    try:
        make = followups.made_from_file if follow else workshops.made_from
        made = make(uploads, (title, title_en), language=language, time_zone=time_zone)
    except ImportFailed as failed:
        for problem in failed.problems:
            line = f"line {problem.line}, column {problem.column or '-'}" if problem.line else problem.column
            click.echo(f"{problem.file}, {line}: {problem.sentence}", err=True)
        raise click.ClickException("Nothing was imported.") from None
    except followups.NoFile:
        raise click.ClickException("--follow needs --board, the file of the workshop to follow.") from None
    except followups.FactorsFixed:
        raise click.ClickException("A follow-up keeps the factors of the workshop it follows.") from None
    except followups.TooMuch as too_much:
        raise click.ClickException(f"Its sheets cannot be taken along: {too_much}.") from None
    except workshops.NotBoth:
        raise click.ClickException("A board has its factors and its agenda: leave out those files.") from None
    except Rejected as rejected:
        raise click.ClickException(f"Nothing was made: {rejected.code} {rejected.data}") from None
    workshops.host_of(made, None)
    links = workshops.links_of(made, banner.address(current_app.config["SETTINGS"]))
    click.echo(json.dumps({"code": made.code, "links": links}, ensure_ascii=False, indent=1))


@workshop.command("export")
@click.argument("code")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--flavour", type=click.Choice(list(FLAVOURS)), default="excel", show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES), default="fr", show_default=True)
def export_workshop(code: str, folder: Path, flavour: str, language: str) -> None:
    """Write everything on the board of the workshop with this CODE into FOLDER: every CSV, and board.json, which comes in again."""
    found = codes.workshop_by_code(code)
    board = seats.main_board(found) if found else None
    if board is None:
        raise click.ClickException("No workshop has this code: see `workshop list`.")
    state = boards.view(board, EVERYONE)
    if unopened := open_urns(state):
        names = ", ".join(f"{round_['id']} ({round_['state']})" for round_ in unopened)
        raise click.ClickException(f"Nothing is exported while an urn is unopened: {names}.")
    folder.mkdir(parents=True, exist_ok=True)
    for name, export in EXPORTS.items():
        path = folder / f"{name}.csv"
        path.write_text(export.csv(state, language, flavour), encoding="utf-8", newline="")
        click.echo(str(path))
    whole = folder / "board.json"
    whole.write_bytes(board_file(boards.view(board, STAFF_VIEW)))
    click.echo(str(whole))


@click.group("account")
def account() -> None:
    """Accounts of staff: who signs in with a passphrase."""


@account.command("list")
def list_accounts() -> None:
    """Every sign-in name, and the seats it opens."""
    for found in seats.read(account_rows.all_accounts):
        names = (
            f"{person.name['fr']} ({workshop_.code})"
            for person, workshop_ in accounts.seats_in_workshops(found)
        )
        click.echo(f"{found.name}  {', '.join(names)}")


@account.command("forget")
@click.argument("name")
def forget_account(name: str) -> None:
    """Delete the account of this NAME, whose passphrase is lost, and print new links to its seats: they let one choose anew."""
    with workshop_commands.alone():
        freed = accounts.forget(name)
        if freed is None:
            raise click.ClickException("No account has this name: see `account list`.")
        revoked = [members.revoke(person) for person in freed]
    url = banner.address(current_app.config["SETTINGS"])
    for person in revoked:
        click.echo(f"{person.name['fr']}  {url}/l/{codes.link_token(person)}")


@click.command("certificate")
@click.option("--name", "names", multiple=True, help="A name or address of this server; may be repeated.")
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
def certificate(names: tuple[str, ...], folder: Path | None) -> None:
    """Make a local certificate for this server in the room, and say how devices learn to trust it."""
    settings = config.from_environment({**os.environ, "PALABRE_CERTIFICATE": ""})
    wanted = [*names, banner.lan_address(), "localhost", "127.0.0.1"]
    try:
        made = certificates.make(folder or settings.data / "tls", wanted, datetime.datetime.now(datetime.UTC))
    except ValueError as error:
        raise click.ClickException(f"No certificate can hold one of these names: {error}") from None
    click.echo(certificates.how_to_trust(made, wanted))


@click.command("translations")
def translations() -> None:
    """Bring the French catalogues up to date with the sources, and compile them; tells what is left to translate."""
    for path, missing in catalogues.update().items():
        click.echo(f"{path.name}: " + ("complete" if not missing else f"{len(missing)} to translate"))
        for sentence in missing:
            click.echo(f"  {sentence}")


@click.command("contract")
def write_contract() -> None:
    """Write the generated JavaScript, docs/protocol.md and docs/permissions.md."""
    contract.write()


# These touch nothing but the archive and what it is of, or look only: no application is built, no table is changed for them.


@click.command("backup")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--at", "label", metavar="ROUND", help="Into the folder chosen for the breaks, named by this.")
def backup(file: Path | None, label: str | None) -> None:
    """Write everything into one archive, while the server runs. Without FILE: into the data folder, named by the time.

    With --at: as at a break, where the administrator's page says; the oldest beyond the last few go.
    """
    if label:
        # The server gives up on a slow stick and asks us to stop: nothing half done stays there.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    settings = config.from_environment()
    made = file or settings.data / "backups" / f"{datetime.datetime.now():%Y-%m-%d-%H%M%S}.zip"
    try:
        click.echo(str(safekeeping.keep(settings, label) if label else backups.backup(settings, made)))
    except safekeeping.NotKept as not_kept:
        folder = backup_folder.chosen(settings).path
        raise click.ClickException(f"No backup in {folder} ({not_kept.code}): {not_kept.__cause__}") from None
    except backups.NotDone as not_done:
        raise click.ClickException(str(not_done)) from None
    except OSError as error:
        raise click.ClickException(f"No backup: {error.filename or made}: {error.strerror}") from None


@click.command("release")
def show_release() -> None:
    """Print the SHA-256 of every file that browsers are sent; ends with 1 when one is not as it was published."""
    hashes = release.served()
    click.echo(release.listed(hashes), nl=False)
    click.echo(f"{release.mark_of(hashes)}  all of them", err=True)
    if altered := release.altered():
        raise click.ClickException(f"Not as in {release.FILE}: {', '.join(altered)}")


@click.command("selftest")
@click.option(
    "--language", type=click.Choice(LANGUAGES), help="Of what is printed; the server's own unless said."
)
@click.option("--zone", default=workshops.TIME_ZONE, show_default=True, help="The workshop's time zone.")
@click.option("--quiet", is_flag=True, help="Print nothing; the page “Check the kit” shows what was found.")
def selftest(language: str | None, zone: str, quiet: bool) -> None:
    """Check this computer before the seminar: within five minutes, ended by Ctrl+C, and nothing is left behind.

    Ends with 1 when something would fail in the room.
    """
    # Here and not above: it asks addresses for answers, which no process that serves people may.
    from app.selftest import run

    settings = config.from_environment()
    in_words = catalogues.translator(language or settings.language)
    shown = 0

    def show(now: record.Run) -> None:
        nonlocal shown
        for finding in now.findings[shown:]:
            told = sentences.said(finding, in_words)
            light = in_words(sentences.LIGHTS[finding.light])
            click.secho(f"  {light:8}", fg=COLOURS[finding.light], bold=True, nl=False)
            click.echo(f"{told['title']}: {told['text']}")
            if told["todo"]:
                click.echo(f"  {'':8}-> {told['todo']}")
        shown = len(now.findings)

    done = run.run(settings, zone, (lambda now: None) if quiet else show)
    if done.state == "cancelled" and not quiet:
        click.echo(in_words(sentences.CANCELLED))
    if judgements.worst(done.findings) == judgements.RED or done.state != "done":
        raise click.exceptions.Exit(1)


@click.command("restore")
@click.argument("file", type=_FILE)
def restore(file: Path) -> None:
    """Put a backup in the place of what is here; the server must be stopped. What was here is kept aside."""
    try:
        backups.restore(config.from_environment(), file)
    except backups.NotDone as not_done:
        raise click.ClickException(str(not_done)) from None
    click.echo("Restored. Start the server: everybody's page goes on with what the backup held.")


if __name__ == "__main__":
    group = FlaskGroup(create_app=application)
    for command in (backup, restore, certificate, selftest, show_release):
        group.add_command(command)
    group()
