"""What is done at the terminal: `python -m app.commands demo | workshop ... | backup | restore | translations | contract`.

Beside them are Flask's own commands (`db`, `routes`, `shell`). Works on the data folder of the settings, whether the server runs
or not: a workshop made here is there at once.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import FlaskGroup

import config
from app import backups, banner, catalogues, contract, seats, upgrades, workshops
from app.boards import boards
from app.domain.errors import Rejected
from app.domain.records import EVERYONE
from app.exports import EXPORTS, FLAVOURS, open_urns
from app.imports import FILES, ImportFailed, Upload
from app.languages import LANGUAGES
from app.store import accounts

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
    for command in (demo, workshop, translations, write_contract):
        app.cli.add_command(command)


@click.command("demo")
def demo() -> None:
    """Make the Niamey demo workshop if it is not there, and print its links as JSON."""
    links = workshops.ensure_demo(current_app._get_current_object())  # type: ignore[attr-defined]
    click.echo(json.dumps(links, ensure_ascii=False, indent=1))


@click.group("workshop")
def workshop() -> None:
    """Make workshops from CSV files, and write boards as CSV files."""


@workshop.command("list")
def list_workshops() -> None:
    """The workshops on this server: code, day, title."""
    for found in seats.read(accounts.all_workshops):
        click.echo(f"{found.code}  {found.created or '-':10}  {found.title['fr']}")


@workshop.command("import")
@click.option("--title", required=True, help="In French, or for both languages.")
@click.option("--title-en", default="", help="In English.")
@click.option("--language", type=click.Choice(LANGUAGES), default="fr", show_default=True)
@click.option("--time-zone", default=workshops.TIME_ZONE, show_default=True)
@click.option("--factors", type=_FILE)
@click.option("--agenda", type=_FILE)
@click.option("--participants", type=_FILE)
@click.option("--staff", type=_FILE)
def import_workshop(title: str, title_en: str, language: str, time_zone: str, **paths: Path | None) -> None:
    """Make a workshop from CSV files and print its links; what is not given comes from the template."""
    uploads = {name: Upload(path.name, path.read_bytes()) for name in FILES if (path := paths[name])}
    try:
        plan = workshops.plan_from(uploads)
        named = workshops.title_of(title, title_en)
        made = workshops.create(named, plan, language=language, time_zone=time_zone)
    except ImportFailed as failed:
        for problem in failed.problems:
            where = f"{problem.file}, line {problem.line}, column {problem.column or '-'}"
            click.echo(f"{where}: {problem.sentence}", err=True)
        raise click.ClickException("Nothing was imported.") from None
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
    """Write cards, votes and comments of the workshop with this CODE into FOLDER."""
    found = seats.workshop_by_code(code)
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


# These two touch nothing but the archive and what it is of: no application is built, no table is changed for them.


@click.command("backup")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path | None) -> None:
    """Write everything into one archive, while the server runs. Without FILE: into the data folder, named by the time."""
    settings = config.from_environment()
    made = file or settings.data / "backups" / f"{datetime.datetime.now():%Y-%m-%d-%H%M%S}.zip"
    try:
        click.echo(str(backups.backup(settings, made)))
    except backups.NotDone as not_done:
        raise click.ClickException(str(not_done)) from None


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
    for command in (backup, restore):
        group.add_command(command)
    group()
