"""The arrival times and votes of a real live session, sixty times faster than life: nothing is lost, and the tally is theirs."""

from __future__ import annotations

import csv
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from tests.client import Client, card, op
from tests.server import Server
from tests.workshops import AGENDA_HEADER, workshop

TRACE = Path(__file__).resolve().parents[1] / "data/polis_trace.csv"
FASTER = 60
PEOPLE = 26
ANSWERS = {"1": "agree", "0": "reserve", "-1": "opposed"}
AGENDA = f"""{AGENDA_HEADER}
1,1,09:00,09:30,30,P,Écrire,Write,post,all,sealed,20,no,,,,,ring,
2,1,09:30,10:00,30,V,Voter,Vote,vote,all,,,,consent,cards,,,ring,
"""


def trace(act: str) -> list[dict[str, str]]:
    with TRACE.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["act"] == act]


def act_in_time(rows: list[dict[str, str]], seats: dict[str, Client], act: Any) -> None:
    """Each person acts at the moments of the trace, each on a thread of their own."""
    of_person = defaultdict(list)
    for row in rows:
        of_person[row["person"]].append(row)
    start = time.monotonic()
    failures: list[BaseException] = []

    def live(person: str) -> None:
        try:
            for row in of_person[person]:
                wait_s = int(row["offset_ms"]) / 1000 / FASTER - (time.monotonic() - start)
                if wait_s > 0:
                    time.sleep(wait_s)
                act(seats[person], row)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=live, args=(person,)) for person in of_person]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures[0]


def test_a_real_session_sixty_times_faster_loses_nothing(server: Server) -> None:
    facilitator, codes = workshop(server, AGENDA, PEOPLE)
    join = facilitator.page["join"]["url"]
    clients = [Client.with_code(join, code).connect() for code in codes]
    voters = sorted({row["person"] for row in trace("vote")}, key=int)
    seats = dict(zip(voters, clients, strict=True))
    seats.setdefault("0", clients[-1])  # the host prepared fifteen statements
    try:
        facilitator.command("start", "P")
        factor = facilitator.round("P")["factors"][0]
        wait_for(clients, facilitator)
        act_in_time(trace("post"), seats, lambda seat, row: write(seat, factor, row))
        facilitator.command("close", "P")
        facilitator.command("publish", "P")
        facilitator.command("start", "V")
        wait_for(clients, facilitator)
        ids = {shown["text"]: shown["id"] for shown in facilitator.replica.all("cards")}
        assert len(ids) == len(trace("post"))
        ballots: dict[str, dict[str, str]] = defaultdict(dict)
        revisions: Counter[str] = Counter()

        def cast(seat: Client, row: dict[str, str]) -> None:
            person = row["person"]
            ballots[person][ids[words(row["statement"])]] = ANSWERS[row["vote"]]
            revisions[person] += 1
            round_ = seat.round("V")
            seat.do(
                "ballot.cast",
                round="V",
                epoch=round_["epoch"],
                revision=revisions[person],
                choices=dict(ballots[person]),
            )

        act_in_time(trace("vote"), seats, cast)
        assert sum(revisions.values()) == len(trace("vote"))
        facilitator.command("close", "V")
        facilitator.command("publish", "V")
        (tally,) = facilitator.replica.all("tallies")
        assert tally["ballots"] == PEOPLE
        assert {row["target"]: row["counts"] for row in tally["rows"] if row["counts"]} == expected(ids)
    finally:
        for client in [*clients, facilitator]:
            client.close()


def wait_for(clients: list[Client], facilitator: Client) -> None:
    for client in clients:
        client.wait(lambda client=client: client.replica.head >= facilitator.replica.head)


def words(statement: str) -> str:
    """Our own words for a statement: the session's sentences are not ours to ship."""
    return f"Publier la mesure numéro {statement}"


def write(seat: Client, factor: str, row: dict[str, str]) -> None:
    (answer,) = seat.send(op("card.post", **card(seat.round("P"), factor, words(row["statement"]))))
    assert answer.get("sealed"), answer


def expected(ids: dict[str, str]) -> dict[str, dict[str, int]]:
    """The last vote of each person on each statement, counted from the trace."""
    last = {(row["person"], row["statement"]): ANSWERS[row["vote"]] for row in trace("vote")}
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for (_, statement), answer in last.items():
        counted[ids[words(statement)]][answer] += 1
    return {target: dict(sorted(counts.items())) for target, counts in counted.items()}
