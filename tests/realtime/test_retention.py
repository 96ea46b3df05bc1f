"""The server itself erases people whose day has come, at its start and while it runs, and cuts who is there."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

import requests

from tests.client import Client
from tests.server import Server


def test_people_whose_day_has_come_are_erased_by_the_server_itself(server: Server) -> None:
    chair = Client(server.links["facilitator"]).connect()
    chair.command("start", "A1")
    chair.command("close", "A1")
    chair.do("comment.post", target={"table": "factors", "id": "F01"}, text="Une remarque")
    chair.close()
    links = server.links
    server.stop()
    with closing(sqlite3.connect(server.data / "palabre.db")) as database, database:
        ((workshop,),) = database.execute("SELECT id FROM workshops")
        # What the server would have written a fortnight ago.
        database.execute("INSERT INTO keeping (workshop, until, announced) VALUES (?, 100, 100)", (workshop,))
    server.begin()
    server.await_health()
    until_wiped(server)
    for link in (links["facilitator"], links["participants"][0]):
        assert requests.get(link, timeout=20).status_code == 404
    with closing(sqlite3.connect(server.data / "palabre.db")) as database:
        names = [row[0] for row in database.execute("SELECT name FROM people")]
        assert len(names) == 2 and not any("Facilitat" in name for name in names)
        assert database.execute("SELECT count(*) FROM sessions").fetchone() == (0,)
        assert {row[0] for row in database.execute("SELECT DISTINCT person FROM log")} == {None, "forgotten"}
    # The next start makes another demo beside it.
    server.stop()
    server.start()
    assert requests.get(server.links["facilitator"], timeout=20).status_code == 200


def until_wiped(server: Server) -> None:
    deadline = time.monotonic() + 30
    with closing(sqlite3.connect(server.data / "palabre.db")) as database:
        while database.execute("SELECT wiped_at_ms FROM keeping").fetchone() == (None,):
            assert time.monotonic() < deadline, server.log.read_text()[-2000:]
            time.sleep(0.05)
