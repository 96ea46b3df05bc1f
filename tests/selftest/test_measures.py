"""What is measured on this machine: against real files, a real database, a real server's answer; and nothing is left behind."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

import config
from app.selftest import measures, record
from app.selftest.judgements import AMBER, GREEN, RED, Finding
from tests.faults.disks import SmallDisk
from tests.not_run import or_skip
from tests.seminar import Door
from tests.stores import database_url  # noqa: F401


@pytest.fixture
def settings(tmp_path: Path) -> config.Settings:
    environ = {"PALABRE_DATA": str(tmp_path / "data"), "PALABRE_VOLATILE": str(tmp_path / "volatile")}
    return config.from_environment(environ)


@pytest.fixture
def door(settings: config.Settings) -> Iterator[Door]:
    made = Door.with_board(settings.data, url=settings.database_url)
    yield made
    made.database.close()


def only(found: Iterator[Finding]) -> Finding:
    (one,) = found
    return one


def test_a_whole_database_is_good_and_a_damaged_one_is_not(settings: config.Settings, door: Door) -> None:
    assert only(measures.database(settings)).light in (GREEN, AMBER)  # a slow disk is no damage
    door.database.close()
    path = settings.data / "palabre.db"
    content = bytearray(path.read_bytes())
    content[4096:] = b"\x5a" * (len(content) - 4096)
    path.write_bytes(content)
    for beside in ("-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)
    assert only(measures.database(settings)).code == "database_damaged"


@pytest.mark.parametrize(
    "sync_ms, light, code",
    [
        ([4.0] * 19 + [900.0], GREEN, "database_well"),
        ([4.0] * 18 + [300.0, 900.0], AMBER, "database_slow"),
        ([4.0] * 18 + [1200.0, 1200.0], RED, "database_very_slow"),
        ([], RED, "database_unwritable"),
    ],
)
def test_a_disk_of_any_speed_has_its_colour(
    settings: config.Settings,
    door: Door,
    monkeypatch: pytest.MonkeyPatch,
    sync_ms: list[float],
    light: str,
    code: str,
) -> None:
    """What the disk of the machine took is given here, so that each colour comes up on every machine."""
    assert door.url
    monkeypatch.setattr(measures, "_sync_ms", lambda folder: sync_ms)
    found = only(measures.database(settings))
    assert (found.light, found.code) == (light, code)


def test_each_of_the_writes_is_waited_for(
    settings: config.Settings, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    assert len(measures._sync_ms(settings.data)) == len(synced) == measures.WRITES
    assert door.url


def test_a_backup_is_made_and_restored_and_nothing_is_left(settings: config.Settings, door: Door) -> None:
    before = sorted(path.name for path in settings.data.iterdir())
    folder, made = measures.backup(settings)
    assert folder.check == made.check == "backup"
    assert made.code == "backup_well"
    assert made.data["boards"] == 1
    after = sorted(path.name for path in settings.data.iterdir() if path.name != "backups")
    assert after == before


def test_on_either_database_a_backup_is_tried_and_the_database_looked_at(
    tmp_path: Path,
    database_url: str,  # noqa: F811
) -> None:
    environ = {
        "PALABRE_DATA": str(tmp_path / "data"),
        "PALABRE_VOLATILE": str(tmp_path / "volatile"),
        "PALABRE_DATABASE": database_url,
    }
    settings = config.from_environment(environ)
    door = Door.with_board(settings.data, url=database_url)
    try:
        made = list(measures.backup(settings))[1]
        assert made.code == ("backup_well" if settings.is_sqlite else "backup_read"), made
        assert made.data["boards"] == 1
        whole = only(measures.database(settings))
        assert whole.light != RED
        assert whole.data["kind"] == ("SQLite" if settings.is_sqlite else "PostgreSQL")
    finally:
        door.database.close()


def test_no_backup_is_tried_while_an_urn_is_unopened(settings: config.Settings, door: Door) -> None:
    door.command("start", "post")
    assert [found.code for found in measures.backup(settings)][1:] == ["backup_later"]


def test_a_backup_that_lacks_what_was_there_is_told(
    settings: config.Settings, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    restore = measures.backups.restore

    def forgetful(second: config.Settings, archive: Path) -> None:
        restore(second, archive)
        with closing(sqlite3.connect(second.data / "palabre.db")) as connection:
            connection.execute("UPDATE heads SET head = head - 1")
            connection.commit()

    monkeypatch.setattr(measures.backups, "restore", forgetful)
    assert [found.code for found in measures.backup(settings)][1:] == ["backup_differs"]


def test_a_clock_before_this_release_and_an_unknown_zone_are_told(settings: config.Settings) -> None:
    assert only(measures.clock(settings, "Africa/Niamey")).light == GREEN
    assert only(measures.clock(settings, "Africa/Atlantis")).code == "zone_unknown"


def test_keys_in_memory_are_good_and_on_a_disk_are_not(settings: config.Settings, tmp_path: Path) -> None:
    mounts, swaps = tmp_path / "mounts", tmp_path / "swaps"
    swaps.write_text("Filename Type Size Used Priority\n")
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\ntmpfs {tmp_path / 'volatile'} tmpfs rw 0 0\n")
    found = {one.check: one for one in measures.disk(settings, mounts, swaps)}
    assert (found["keys"].code, found["swap"].code) == ("keys_well", "swap_off")
    mounts.write_text("/dev/sda1 / ext4 rw 0 0\n")
    swaps.write_text(
        "Filename Type Size Used Priority\n/dev/zram0 partition 1 0 5\n/dev/sda2 partition 1 0 -2\n"
    )
    found = {one.check: one for one in measures.disk(settings, mounts, swaps)}
    assert (found["keys"].code, found["swap"].code) == ("keys_on_disk", "swap_on")


Supply = Callable[..., None]


@pytest.fixture
def supply(tmp_path: Path) -> Supply:
    def add(name: str, **files: str) -> None:
        folder = tmp_path / "power" / name
        folder.mkdir(parents=True)
        for file, content in files.items():
            (folder / file).write_text(f"{content}\n")

    return add


def test_the_plug_and_the_battery_are_read(settings: config.Settings, tmp_path: Path, supply: Supply) -> None:
    look = lambda: only(measures.power(settings, tmp_path / "power"))  # noqa: E731
    assert look().code == "power_no_battery"
    supply("BAT0", type="Battery", capacity="83")
    assert (look().code, look().data) == ("power_on_battery", {"percent": 83})
    supply("AC", type="Mains", online="1")
    assert look().code == "power_well"


def test_a_full_stick_and_a_pulled_one_are_told(settings: config.Settings, tmp_path: Path) -> None:
    with or_skip():
        stick = SmallDisk(tmp_path, 1024)
    chosen = measures.backup_folder
    chosen.choose(settings, chosen.BackupFolder(stick.path / "palabre", str(stick.path)))
    try:
        assert next(measures.backup(settings)).code == "folder_full"  # a megabyte is no stick
    finally:
        stick.close()
    found = next(measures.backup(settings))
    assert (found.light, found.code) == (RED, "folder_gone")
    assert not (stick.path / "palabre").exists()


def test_nobody_at_the_port_is_told_as_nobody(settings: config.Settings) -> None:
    assert only(measures.server(settings)).code == "server_silent"


def test_a_run_whose_process_is_gone_has_failed(tmp_path: Path) -> None:
    record.write_run(tmp_path, record.Run(2**22 + 1, 0))
    assert record.read_run(tmp_path).state == "failed"


def test_one_projector_and_many_phones_are_remembered(tmp_path: Path) -> None:
    for number in range(record.MOST_SEEN + 5):
        record.add_seen(tmp_path, Finding("wifi", GREEN, "wifi_well", {"n": number}))
    record.add_seen(tmp_path, Finding("projector", RED, "projector_small"))
    record.add_seen(tmp_path, Finding("projector", GREEN, "projector_well"))
    seen = record.read_seen(tmp_path)
    assert len(seen) == record.MOST_SEEN
    assert [one.code for one in seen if one.check == "projector"] == ["projector_well"]
    assert seen[0].data["n"] == 6
