"""One person alone tries everything: the practice board with its simulated crowd, and nothing of it afterwards."""

from __future__ import annotations

import sqlite3
from typing import Any

from tests.client import Client
from tests.server import Server


def practise(facilitator: Client, action: str) -> dict[str, Any]:
    answer = facilitator.session.post(
        facilitator.base + facilitator.page["urls"]["practice"],
        json={"action": action},
        headers={"X-CSRFToken": facilitator.page["csrf"]},
        timeout=20,
    )
    answer.raise_for_status()
    told: dict[str, Any] = answer.json()
    return told


def test_a_crowd_writes_groups_and_votes_and_leaves_no_trace(server: Server) -> None:
    facilitator = Client(server.links["facilitator"]).connect()
    url = practise(facilitator, "start")["url"]
    board = url.partition("board=")[2]
    facilitator.wait(lambda: facilitator.replica.all("board")[0]["practice_board"] == board)
    assert practise(facilitator, "crowd")["seats"] == 12
    practice = Client(facilitator.base + url, session=facilitator.session, board=board).connect()
    assert practice.page["crowd"] == 12  # the console says that they are there, also after a reload
    # They are on no device, and none is missing.
    practice.wait(lambda: practice.last("presence").get("offline") == 0)
    practice.command("start", "B1")
    practice.wait(
        lambda: any(e == "presence" and (d.get("turnout") or {}).get("count") for e, d in practice.frames), 60
    )
    practice.command("close", "B1")
    practice.command("publish", "B1")
    assert len(practice.replica.all("cards")) >= 10
    practice.command("start", "C1")
    practice.wait(lambda: len(practice.replica.all("clusters")) >= 2, 60)
    practice.command("close", "C1")
    practice.command("start", "V1")
    practice.wait(
        lambda: any(
            e == "presence" and (d.get("turnout") or {}).get("kind") == "ballots" and d["turnout"]["count"]
            for e, d in practice.frames
        ),
        60,
    )
    practice.command("close", "V1")
    practice.command("publish", "V1")
    (tally,) = practice.replica.all("tallies")
    assert tally["ballots"] >= 10
    practise(facilitator, "end")
    practice.wait(lambda: practice.goodbye == "gone")
    for client in (practice, facilitator):
        client.close()
    server.stop()
    with sqlite3.connect(server.data / "palabre.db") as database:
        for table in ("log", "heads", "urn_texts", "urn_ballots", "urn_papers", "urn_ops", "urn_keys"):
            assert database.execute(f"SELECT count(*) FROM {table} WHERE board = ?", (board,)).fetchone() == (
                0,
            )
        assert database.execute("SELECT count(*) FROM people WHERE simulated").fetchone() == (0,)
