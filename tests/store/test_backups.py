"""A backup made while people write is one moment of the board; a restore puts it back and leaves what was there aside."""

from __future__ import annotations

import threading
import zipfile
from pathlib import Path

import pytest
from flask_migrate import upgrade

import config
from app import backups, upgrades
from app.domain.records import EVERYONE
from app.extensions import db
from app.factory import create_app
from app.store.database import claim
from tests.seminar import BOARD, EXPERT, Door
from tests.stores import database_url  # noqa: F401

ON_FACTOR = {"table": "factors", "id": "F01"}


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> config.Settings:  # noqa: F811
    environ = {
        "PALABRE_DATA": str(tmp_path),
        "PALABRE_VOLATILE": str(tmp_path / "volatile"),
        "PALABRE_DATABASE": database_url,
    }
    return config.from_environment(environ)


def comments(door: Door) -> list[str]:
    return [comment["text"] for comment in door.boards.view(BOARD, EVERYONE)["comments"].values()]


def test_what_was_written_before_the_backup_is_restored_and_nothing_in_part(
    tmp_path: Path, settings: config.Settings
) -> None:
    door = Door.with_board(tmp_path, url=settings.database_url)
    door.do(EXPERT, "comment.post", target=ON_FACTOR, text="avant")
    written, ended = ["avant"], threading.Event()

    def go_on() -> None:
        while not ended.is_set():
            written.append(f"pendant {len(written)}")
            door.do(EXPERT, "comment.post", target=ON_FACTOR, text=written[-1])

    thread = threading.Thread(target=go_on)
    thread.start()
    archive = backups.backup(settings, tmp_path / "backups" / "one.zip")
    ended.set()
    thread.join()
    door.do(EXPERT, "comment.post", target=ON_FACTOR, text="après")
    door.database.close()
    (tmp_path / "secret").write_bytes(b"x" * 32)
    backups.restore(settings, archive)
    assert (tmp_path / "secret").read_bytes() == settings.secret
    again = door.beside()
    kept = comments(again)
    assert kept == written[: len(kept)]
    assert kept
    # Every screen that saw more begins anew.
    assert again.boards.moment(BOARD).generation == 2
    again.database.close()
    assert list(tmp_path.glob("*before-restore*"))


def test_a_restore_is_refused_while_a_server_runs(tmp_path: Path, settings: config.Settings) -> None:
    door = Door.with_board(tmp_path, url=settings.database_url)
    archive = backups.backup(settings, tmp_path / "one.zip")
    claimed = claim(settings.database_url) if settings.is_sqlite else None
    with pytest.raises(backups.NotDone, match="Stop the"):
        backups.restore(settings, archive)
    if claimed:
        claimed.close()
    assert comments(door) == []
    door.database.close()


def test_what_is_no_backup_is_refused_and_changes_nothing(tmp_path: Path, settings: config.Settings) -> None:
    door = Door.with_board(tmp_path, url=settings.database_url)
    door.database.close()
    for content in (b"no archive", b""):
        (tmp_path / "x.zip").write_bytes(content)
        with pytest.raises(backups.NotDone, match="no backup"):
            backups.restore(settings, tmp_path / "x.zip")
    assert door.beside().boards.moment(BOARD).head == 1


def test_a_backup_of_the_other_kind_of_database_is_refused(tmp_path: Path, settings: config.Settings) -> None:
    archive = tmp_path / "x.zip"
    other = "postgresql" if settings.is_sqlite else "sqlite"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("about.json", f'{{"format": 1, "database": "{other}"}}')
    with pytest.raises(backups.NotDone, match=other):
        backups.restore(settings, archive)


def test_an_upgrade_makes_a_backup_first_and_only_when_something_changes(
    tmp_path: Path, settings: config.Settings
) -> None:
    made = tmp_path / "backups"
    app = create_app(settings)
    with app.app_context():
        upgrade(revision="0001")
        upgrades.bring_up_to_date(settings)
        (archive,) = made.iterdir()
        assert archive.stat().st_mode & 0o077 == 0
        upgrades.bring_up_to_date(settings)
        assert len(list(made.iterdir())) == 1
        db.engine.dispose()


def test_an_older_release_leaves_a_newer_database_as_it_is(tmp_path: Path, settings: config.Settings) -> None:
    app = create_app(settings)
    with app.app_context():
        upgrades.bring_up_to_date(settings)
        with db.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        upgrades.bring_up_to_date(settings)
        assert not (tmp_path / "backups").exists()
        db.engine.dispose()
