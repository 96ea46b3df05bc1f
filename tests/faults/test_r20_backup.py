"""R20: backups are made while everybody writes; each is whole, holds what was acknowledged before it, and opens elsewhere."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

from app.domain.changes import applied
from app.domain.records import empty_state
from app.store import log
from app.store.database import Database
from tests import cluster
from tests.client import Client
from tests.faults.load import STAFF, Commenter, at_work, check_board, check_file, check_logs, within
from tests.faults.pulse import Pulse
from tests.faults.ready import ReadyServer
from tests.faults.rows import Row, sample
from tests.server import ROOT, Server
from tests.services import Postgres, tool

BACKUPS = 10  # of one server
LONGEST_WAIT_S = 0.3


class Place:
    """A data folder and its database: a file in it, or one of a PostgreSQL."""

    def __init__(self, folder: Path, postgres: Postgres | None) -> None:
        folder.mkdir()
        self.data, self._postgres = folder, postgres
        self._connection: psycopg.Connection | None = None
        self.url = postgres.new_database() if postgres else f"sqlite:///{folder / 'palabre.db'}"
        self.environment = {"PALABRE_DATABASE": self.url} if postgres else {}

    def command(self, name: str, archive: Path) -> None:
        """`python -m app.commands backup | restore`, as an administrator types it."""
        settings = {"PALABRE_DATA": str(self.data), "PALABRE_VOLATILE": str(self.data / "volatile")}
        tools = str(Path(tool("pg_ctl")).parent) if self._postgres else ""
        path = f"{tools}:{os.environ['PATH']}"
        done = subprocess.run(
            [sys.executable, "-m", "app.commands", name, str(archive)],
            cwd=ROOT,
            env={**os.environ, **self.environment, **settings, "PATH": path},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-2000:]

    def take_lock(self) -> None:
        """What any writer waits for."""
        if self._connection:
            self._connection.execute("SELECT head FROM heads FOR UPDATE")
            self._connection.rollback()
            return
        with closing(
            sqlite3.connect(self.data / "palabre.db", isolation_level=None, timeout=60)
        ) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")

    def backends(self) -> list[int]:
        """The processes of PostgreSQL that work for this database; one more of them is for our own lock."""
        if self._postgres is None:
            return []
        self._connection = psycopg.connect(self.url.replace("+psycopg", ""))
        name = self.url.rsplit("/", 1)[1]
        found = self._postgres.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", name)
        return [pid for (pid,) in found]

    def check(self) -> None:
        """Whole, and every board's log without a gap."""
        if self._postgres:
            check_logs(self._postgres, self.url)
        else:
            check_file(self.data / "palabre.db")

    def close(self) -> None:
        if self._connection:
            self._connection.close()
        if self._postgres:
            self._postgres.drop_database(self.url)


def trial(seed: int, folder: Path) -> int:
    """On SQLite, and each second seed on PostgreSQL."""
    postgres = cluster.postgres() if seed % 2 else None
    live, copy = Place(folder / "live", postgres), Place(folder / "copy", postgres)
    try:
        return back_up(live, copy, folder)
    finally:
        live.close()
        copy.close()


def back_up(live: Place, copy: Place, folder: Path) -> int:
    server = ReadyServer(live.data, environment=live.environment)
    with at_work(server, pause_s=0.1) as load:
        before = []
        with Pulse(live.take_lock, server.pid, *live.backends()) as pulse:
            for number in range(BACKUPS):
                load.await_more(5)
                before.append({person.label: list(person.acknowledged) for person in load.commenters})
                live.command("backup", folder / f"{number}.zip")
        load.leave()
        assert pulse.longest_s < within(LONGEST_WAIT_S), f"a writer waited for {pulse.longest_s:.2f} s"
        check_board(server.links["facilitator"], load)
        server.stop()
        live.check()
        for number in range(BACKUPS):
            copy.command("restore", folder / f"{number}.zip")
            copy.check()
            compare(live.url, copy.url)
        open_elsewhere(copy, server, load.commenters, before[-1])
    wait_ms = pulse.longest_s * 1000
    print(
        f"R20: {BACKUPS} backups, {load.acknowledged} acknowledged, a writer waited {wait_ms:.0f} ms at most"
    )
    return BACKUPS


def compare(live: str, restored: str) -> None:
    """The restored board is the live one as it was at that sequence number."""
    head, was = board_at(restored)
    assert 0 < head <= board_at(live)[0]
    assert was == board_at(live, head)[1]


def board_at(url: str, head: int | None = None) -> tuple[int, Any]:
    database = Database(url)
    try:
        (board,) = database.read(log.boards)
        entries = database.read(lambda c: log.read(c, board))
        found = [entry for entry in entries if head is None or entry.seq <= head]
        return found[-1].seq, applied(empty_state(), log.all_changes(found))
    finally:
        database.close()


def open_elsewhere(
    restored: Place, live: Server, commenters: list[Commenter], before: dict[str, list[int]]
) -> None:
    """Another server on the restored folder knows everybody's links, and all that was acknowledged before the backup."""
    other = ReadyServer(restored.data, environment=restored.environment)
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


R20 = Row("R20", pr=2 * BACKUPS, rel=200, unit="backups", trial=trial, batch=BACKUPS, lanes=2)


def test_r20_a_backup_under_load_is_whole_and_opens_elsewhere(tmp_path: Path) -> None:
    sample(R20, tmp_path)
