"""flask --app wsgi ...: demo, workshop import, contract."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask, current_app

from app import banner, contract, workshops
from app.imports.table import ImportFailed
from app.pages.setup import PARTS


def register(app: Flask) -> None:
    app.cli.add_command(demo)
    app.cli.add_command(import_workshop)
    app.cli.add_command(write_contract)


@click.command("demo")
def demo() -> None:
    """Make the Niamey demo workshop if it is not there, and print its links."""
    links = workshops.ensure_demo(current_app._get_current_object())  # type: ignore[attr-defined]
    banner.show(links, current_app.config["SETTINGS"])


@click.command("import")
@click.argument("title")
@click.option("--factors", type=click.Path(exists=True, path_type=Path))
@click.option("--agenda", type=click.Path(exists=True, path_type=Path))
@click.option("--participants", type=click.Path(exists=True, path_type=Path))
@click.option("--staff", type=click.Path(exists=True, path_type=Path))
def import_workshop(title: str, **paths: Path | None) -> None:
    """Make a workshop from CSV files; what is not given comes from the template."""
    files = {part: (path.name, path.read_bytes()) for part in PARTS if (path := paths[part])}
    try:
        seminar = workshops.read_files(files)
    except ImportFailed as failed:
        for fault in failed.faults:
            click.echo(f"{fault.file}, line {fault.line}, column {fault.column or '-'}: {fault.en}", err=True)
        raise SystemExit(1) from None
    made = workshops.create({"fr": title, "en": title}, seminar)
    links = workshops.links_of(made.workshop, banner.address(current_app.config["SETTINGS"]))
    click.echo(f"code {made.workshop.code}")
    for role, link in links.items():
        click.echo(f"{role}: {link}" if isinstance(link, str) else f"{role}: {len(link)} links")


@click.command("contract")
def write_contract() -> None:
    """Write the generated JavaScript, docs/protocol.md and docs/permissions.md."""
    contract.write()
