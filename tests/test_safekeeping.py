"""Backups at the breaks: which folders are offered, what a name says, which ones go, what hinders one, and who hears of it."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

import config
from app import backup_folder, old_backups, safekeeping
from app.backup_folder import BackupFolder, file_name, surplus
from app.safekeeping import Safekeeping, cause_of
from tests.client import Client
from tests.faults.disks import SmallDisk
from tests.not_run import or_skip
from tests.seminar import Door, round_plan
from tests.server import Server

MARK = "0123456789abcdef"


@pytest.fixture
def settings(tmp_path: Path) -> config.Settings:
    return config.from_environment(
        {"PALABRE_DATA": str(tmp_path / "data"), "PALABRE_VOLATILE": str(tmp_path / "volatile")}
    )


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[SmallDisk]:
    with or_skip():
        made = SmallDisk(tmp_path, 4096)
    yield made
    made.close()


def test_a_name_says_time_and_round_and_never_leaves_the_folder() -> None:
    assert file_name(MARK, "2026-11-26-103000", "A7") == "palabre-01234567-2026-11-26-103000-A7.zip"
    assert (
        file_name(MARK, "2026-11-26-103000", "../../x y")
        == "palabre-01234567-2026-11-26-103000-..-..-x-y.zip"
    )


def test_only_the_oldest_of_our_own_beyond_the_last_few_go() -> None:
    ours = [file_name(MARK, f"2026-11-26-10{minute:02}00", "A7") for minute in range(5)]
    others = ["notes.txt", file_name("f" * 16, "2020-01-01-000000", "A7"), "palabre-01234567-x.zip"]
    assert surplus([*others, *reversed(ours)], MARK, 2) == ours[:3]
    assert surplus([*others, *ours], MARK, 5) == []


def test_sticks_are_offered_while_they_are_plugged_in(settings: config.Settings, stick: SmallDisk) -> None:
    here = (str(stick.path.parent),)
    on_stick = BackupFolder(stick.path / "palabre-backups", str(stick.path))
    assert on_stick in backup_folder.offered(settings, here)
    backup_folder.choose(settings, on_stick)
    assert backup_folder.chosen(settings).is_there
    stick.close()
    assert on_stick not in backup_folder.offered(settings, here)
    assert not backup_folder.chosen(settings).is_there


def test_a_stick_that_the_operator_named_is_known_as_one_after_it_was_pulled(
    tmp_path: Path, stick: SmallDisk
) -> None:
    environ = {"PALABRE_DATA": str(tmp_path / "data"), "PALABRE_VOLATILE": str(tmp_path / "volatile")}
    named = config.from_environment({**environ, "PALABRE_BACKUPS": str(stick.path / "palabre")})
    backup_folder.remember(named)
    stick.close()
    assert not backup_folder.chosen(named).is_there
    # Another setting ends what was remembered.
    other = config.from_environment({**environ, "PALABRE_BACKUPS": str(tmp_path / "elsewhere")})
    assert backup_folder.chosen(other) == BackupFolder(
        tmp_path / "elsewhere", backup_folder.chosen(other).mount
    )


def test_what_hinders_is_told_as_something_to_do_something_about() -> None:
    codes = {
        errno.ENOSPC: "full",
        errno.EROFS: "read_only",
        errno.EIO: "gone",
        errno.ENOENT: "gone",
        errno.E2BIG: "failed",
    }
    assert {number: cause_of(OSError(number, "")) for number in codes} == codes
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorname = "SQLITE_FULL"
    assert cause_of(full) == "full"


def wait_for(true: Callable[[], object], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not come true"
        threading.Event().wait(0.05)


class Room:
    """A server whose backups go to a stick, its facilitator, and a participant."""

    def __init__(self, tmp_path: Path, stick: SmallDisk) -> None:
        self.folder = stick.path / "palabre"
        self.server = Server(tmp_path / "data", environment={"PALABRE_BACKUPS": str(self.folder)})
        self.server.data.mkdir()
        self.server.start()
        self.facilitator = Client(self.server.links["facilitator"]).connect()
        self.people = [Client(link).connect() for link in self.server.links["participants"][:5]]

    def told(self) -> dict[str, object]:
        return self.facilitator.last("presence").get("backup", {})

    def archives(self) -> list[str]:
        return sorted(path.name for path in self.folder.glob("*.zip"))

    def break_(self, round_id: str) -> None:
        self.facilitator.command("start", round_id)

    def end(self) -> None:
        for one in (self.facilitator, *self.people):
            one.close()
        self.server.stop()


@pytest.fixture
def room(tmp_path: Path, stick: SmallDisk) -> Iterator[Room]:
    made = Room(tmp_path, stick)
    yield made
    made.end()


def test_each_break_makes_a_backup_by_itself_and_names_it(room: Room) -> None:
    room.break_("A7")
    wait_for(lambda: room.told().get("state") == "made")
    (archive,) = room.archives()
    assert archive.endswith("-A7.zip")
    assert (room.folder / archive).stat().st_mode & 0o077 == 0
    room.facilitator.command("close", "A7")
    room.break_("B7")
    wait_for(lambda: len(room.archives()) == 2)
    # Participants hear nothing of it.
    assert not any(
        "backup" in frame for one in room.people for event, frame in one.frames if event == "presence"
    )


def test_a_pulled_stick_is_told_stops_no_round_and_is_tried_again(room: Room, stick: SmallDisk) -> None:
    stick.close()
    room.break_("A7")
    wait_for(lambda: room.told().get("state") == "failed")
    assert room.told()["code"] == "gone"
    assert room.facilitator.round("A7")["state"] == "running"
    assert list(stick.path.iterdir()) == []  # not into the folder that a stick leaves behind
    stick.path.rmdir()
    again = SmallDisk(stick.path.parent, 4096)
    try:
        answer = room.facilitator.session.post(
            room.facilitator.base + room.facilitator.page["urls"]["backup"],
            json={},
            headers={"X-CSRFToken": room.facilitator.page["csrf"]},
        )
        assert answer.json() == {"wanted": True}
        wait_for(lambda: room.told().get("state") == "made")
        (archive,) = room.archives()
        assert archive.endswith("-hand.zip")
    finally:
        again.close()


def test_a_full_stick_is_told_as_full_and_leaves_nothing_in_part(room: Room, stick: SmallDisk) -> None:
    stick.fill(16)
    room.break_("A7")
    wait_for(lambda: room.told().get("state") == "failed")
    assert room.told()["code"] == "full"
    assert [path.name for path in room.folder.rglob("*")] == []


def test_while_a_sealed_urn_is_unopened_a_backup_waits(room: Room) -> None:
    room.facilitator.command("start", "B5")  # batched, so sealed
    room.facilitator.command("close", "B5")
    room.facilitator.command("start", "A5")
    room.facilitator.command("close", "A5")  # ballots wait for their publication
    room.break_("A7")
    wait_for(lambda: room.told().get("state") == "waiting")
    assert room.archives() == []
    room.facilitator.command("publish", "A5")
    wait_for(lambda: room.told().get("state") == "made")
    assert len(room.archives()) == 1


class Maker:
    """The other process, ended when the test says so."""

    def __init__(self) -> None:
        self.code: int | None = None
        self.asked = False

    def poll(self) -> int | None:
        return self.code

    def terminate(self) -> None:
        self.asked = True

    def kill(self) -> None:
        self.code = -9


def test_what_was_copied_while_a_sealed_round_began_is_thrown_away(
    settings: config.Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker, archive = Maker(), tmp_path / "copy.zip"
    keeping = Safekeeping(settings, None, lambda label: maker)  # type: ignore[arg-type, return-value]
    sealed = [False]
    keeping.is_sealed = lambda: sealed[0]  # type: ignore[method-assign]
    keeping.want("A7")
    keeping.tick()
    archive.write_bytes(b"texts")
    safekeeping.tell(settings, "made", path=archive)
    maker.code, sealed[0] = 0, True
    keeping.tick()
    assert not archive.exists()
    assert keeping.told()["state"] == "waiting"
    # How long it has waited is told, for a round may be forgotten.
    monkeypatch.setattr(
        safekeeping.time, "time_ns", lambda: (keeping.status()["at_ms"] + 7 * 60_000) * 1_000_000
    )
    assert keeping.told()["since_min"] == 7
    sealed[0], maker.code = False, None
    keeping.tick()
    assert keeping.told()["state"] == "making"


def test_a_stick_that_never_answers_is_given_up(
    settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker = Maker()
    keeping = Safekeeping(settings, None, lambda label: maker)  # type: ignore[arg-type, return-value]
    keeping.is_sealed = lambda: False  # type: ignore[method-assign]
    keeping.want("A7")
    keeping.tick()
    keeping.tick()
    assert keeping.told()["state"] == "making"
    at_s = [10.0**9]
    monkeypatch.setattr(safekeeping.time, "monotonic", lambda: at_s[0])
    keeping.tick()
    assert (keeping.told()["state"], keeping.told()["code"]) == ("failed", "slow")
    keeping.tick()
    assert maker.asked and maker.code is None, "it has a moment to clear away what it wrote"
    at_s[0] += safekeeping.GRACE_S + 1
    keeping.tick()
    assert maker.code == -9
    keeping.tick()
    assert keeping._given_up == [], "it was waited for"


def test_a_backup_that_is_asked_to_stop_leaves_nothing_of_anybody_on_the_stick(
    settings: config.Settings, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    with closing(sqlite3.connect(settings.data / "palabre.db")) as database, database:
        database.execute("CREATE TABLE texts (words BLOB)")
        database.executemany("INSERT INTO texts VALUES (randomblob(?))", [(100_000,)] * 300)
    environment = {"PALABRE_DATA": str(settings.data), "PALABRE_VOLATILE": str(settings.volatile)}
    process = subprocess.Popen(
        [sys.executable, "-m", "app.commands", "backup", "--at=A7"],
        env={**os.environ, **environment, "PALABRE_BACKUPS": str(stick)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_for(lambda: list(stick.glob(".backup-*/database")), 120)
    process.terminate()
    assert process.wait(120)
    assert list(stick.iterdir()) == []


def test_what_a_killed_backup_left_is_cleared_away_by_the_next_one(settings: config.Settings) -> None:
    folder = settings.data / "backups"
    mark = settings.mark[:8]
    left, wiped, under_way, other = (
        folder / f".backup-{name}" for name in (f"{mark}-a", f"{mark}-b", f"{mark}-c", "01234567-a")
    )
    with closing(sqlite3.connect(settings.data / "palabre.db")) as database:
        database.execute("CREATE TABLE texts (words BLOB)")
    for one in (left, wiped, under_way, other):
        one.mkdir(parents=True)
        (one / "database").write_bytes(b"everybody")
    for one in (left, wiped, other):
        for path in (one / "database", one):
            os.utime(path, (1_700_000_000, 1_700_000_000))
    assert old_backups.known(settings) == [left / "database", wiped / "database"], "a wipe knows them"
    old_backups._replace(settings, [wiped / "database"])
    made = safekeeping.keep(settings, "A7")
    assert not wiped.exists() and not left.exists()
    assert under_way.exists() and other.exists() and made.exists()


def test_what_is_asked_for_while_one_is_being_made_is_made_after_it(settings: config.Settings) -> None:
    started: list[str] = []
    maker = Maker()

    def start(label: str) -> Maker:
        started.append(label)
        maker.code = None
        return maker

    keeping = Safekeeping(settings, None, start)  # type: ignore[arg-type]
    keeping.is_sealed = lambda: False  # type: ignore[method-assign]
    keeping.want("A7")
    keeping.tick()
    safekeeping.tell(settings, "failed", "gone")
    keeping.want()
    maker.code = 1
    keeping.tick()
    keeping.tick()
    assert started == ["A7", "hand"]


@pytest.mark.parametrize("practice", [False, True])
def test_a_break_asks_for_a_backup_and_one_of_a_practice_board_does_not(
    settings: config.Settings, tmp_path: Path, practice: bool
) -> None:
    started: list[str] = []
    door = Door.with_board(tmp_path, practice=practice, rounds=[round_plan("pause", "break")])
    keeping = Safekeeping(settings, door.boards, lambda label: started.append(label) or Maker())  # type: ignore[arg-type, return-value, func-returns-value]
    door.boards.on_commit(keeping.noticed)
    door.command("start", "pause")
    door.command("pause", "pause")
    door.command("resume", "pause")  # it began once
    keeping.tick()
    keeping.tick()
    assert started == ([] if practice else ["pause"])
    assert keeping._wanted is None
    door.database.close()


@pytest.mark.parametrize(
    "name, begun_ms",
    [
        ("palabre.db.before-restore-2026-01-02-030405", 1_767_323_045_000),
        ("before-restore-2026-01-02-030405.dump", 1_767_323_045_000),
        ("damaged.zip", 0),
        ("database", 0),
    ],
)
def test_what_no_backup_tells_its_name_tells_or_nobody(tmp_path: Path, name: str, begun_ms: int) -> None:
    """Whatever nobody can date is older than any wipe: rather one backup too many is made anew."""
    (tmp_path / name).write_bytes(b"PK\x03\x04 half a zip")
    assert old_backups.begun_ms(tmp_path / name) == begun_ms
    assert old_backups.begun_ms(tmp_path / "gone.zip") == 0
