"""R20: backups are made while everybody writes; each is whole, holds what was acknowledged before it, and opens elsewhere."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from app.domain.changes import applied
from app.domain.records import empty_state
from app.store import log
from app.store.database import Database
from tests.client import Client
from tests.faults.load import STAFF, Commenter, Load, check, check_file, within
from tests.faults.pulse import Pulse
from tests.faults.rows import Row, sample
from tests.server import ROOT, Server

BACKUPS = 3  # of one server
LONGEST_WAIT_S = 0.3


def trial(seed: int, folder: Path) -> int:
    server = Server(folder / "live")
    server.data.mkdir()
    server.start()
    load = Load(server, pause_s=0.1)
    try:
        database = server.data / "palabre.db"
        before = []
        with Pulse(lambda: write_lock(database)) as pulse:
            for number in range(BACKUPS):
                load.await_more(5)
                before.append({person.label: list(person.acknowledged) for person in load.commenters})
                command(server.data, "backup", folder / f"{number}.zip")
        load.leave()
        assert pulse.longest_s < within(LONGEST_WAIT_S), f"a writer waited for {pulse.longest_s:.2f} s"
        check(server, load)
        for number in range(BACKUPS):
            restored = folder / f"restored-{number}"
            restored.mkdir()
            command(restored, "restore", folder / f"{number}.zip")
            check_file(restored / "palabre.db")
            compare(database, restored / "palabre.db")
        open_elsewhere(restored, server, load.commenters, before[-1])
    finally:
        load.leave()
        server.kill()
    wait_ms = pulse.longest_s * 1000
    print(
        f"R20: {BACKUPS} backups, {load.acknowledged} acknowledged, a writer waited {wait_ms:.0f} ms at most"
    )
    return BACKUPS


def write_lock(database: Path) -> None:
    """What any writer waits for."""
    with closing(sqlite3.connect(database, isolation_level=None, timeout=60)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")


def command(data: Path, name: str, archive: Path) -> None:
    """`python -m app.commands backup | restore`, as an administrator types it."""
    environment = {**os.environ, "PALABRE_DATA": str(data), "PALABRE_VOLATILE": str(data / "volatile")}
    done = subprocess.run(
        [sys.executable, "-m", "app.commands", name, str(archive)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def compare(live: Path, restored: Path) -> None:
    """The restored board is the live one as it was at that sequence number."""
    head, was = board_at(restored)
    assert 0 < head <= board_at(live)[0]
    assert was == board_at(live, head)[1]


def board_at(path: Path, head: int | None = None) -> tuple[int, Any]:
    database = Database(f"sqlite:///{path}")
    try:
        (board,) = database.read(log.boards)
        entries = database.read(lambda c: log.read(c, board))
        found = [entry for entry in entries if head is None or entry.seq <= head]
        return found[-1].seq, applied(empty_state(), log.all_changes(found))
    finally:
        database.close()


def open_elsewhere(
    restored: Path, live: Server, commenters: list[Commenter], before: dict[str, list[int]]
) -> None:
    """Another server on the restored folder knows everybody's links, and all that was acknowledged before the backup."""
    other = Server(restored)
    other.start()
    try:
        for role in STAFF:
            assert other.links[role].rsplit("/", 1)[1] == live_link(live, role)
        reader = Client(other.links["facilitator"]).connect()
        shown = {comment["text"] for comment in reader.replica.all("comments")}
        reader.close()
        for commenter in commenters:
            assert {commenter.text(number) for number in before[commenter.label]} <= shown
    finally:
        other.stop()


def live_link(live: Server, role: str) -> str:
    return live.links[role].rsplit("/", 1)[1]


R20 = Row("R20", pr=BACKUPS, rel=200, unit="backups", trial=trial)


def test_r20_a_backup_under_load_is_whole_and_opens_elsewhere(tmp_path: Path) -> None:
    sample(R20, tmp_path)
