"""S05: every kind of operation x every role x every state of a round, over real sockets and by plain requests.

`tests/niamey` holds the same matrix at all moments of two days, at the door; this is the whole way there, with everything that
lies before it, on the embedded default and on two workers.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from app.domain.operations import Actor
from app.domain.records import ROLES, TABLES
from app.domain.rules import RULES
from tests.client import Client, op
from tests.cluster import Cluster
from tests.niamey.matrix import Moment, expected
from tests.not_run import or_skip
from tests.server import Server

# What the chair does before each look: (command, round), and the round that is looked at.
SCRIPT: tuple[tuple[str, str, str], ...] = (
    ("", "", "B1"),  # planned
    ("start", "B1", "B1"),
    ("pause", "B1", "B1"),
    ("close", "B1", "B1"),
    ("publish", "B1", "B1"),
    ("reopen", "B1", "B1"),
    ("void", "B1", "B1"),
    ("skip", "B2", "B2"),
    ("start", "C1", "C1"),
    ("close", "C1", "C1"),
    ("start", "A5", "A5"),
    ("close", "A5", "A5"),
    ("publish", "A5", "A5"),
)
TABLE = "T1"


class Stage:
    """A demo with enough people of every role, where somebody leads the seminar. `urls` are where each may come in."""

    def __init__(self, urls: list[str], crew: dict[str, list[str]]) -> None:
        self.urls, self._crew = urls, {role: iter(links) for role, links in crew.items()}
        self.chair = self.enter("facilitator", 0)
        self.people = [self.enter("participant", n) for n in range(6)]
        self.cases: Counter[str | None] = Counter()
        self.wrong: list[tuple[str, ...]] = []

    def enter(self, role: str, number: int) -> Client:
        return self.seat(role, number).connect()

    def seat(self, role: str, number: int) -> Client:
        """On the board, wherever the link leads first: an administrator's to the list of people."""
        session, url = requests.Session(), self.urls[number % len(self.urls)]
        landed = session.get(url + next(self._crew[role]), timeout=20).url
        return Client(re.sub(r"(/b/[0-9a-f]+/).*", r"\1", landed), session=session)

    def play(self) -> Stage:
        for number, (verb, about, seen) in enumerate(SCRIPT):
            if verb:
                self.chair.command(verb, about, **({"minutes": 5} if verb == "reopen" else {}))
            if (verb, about) == ("start", "B1"):
                self._write()
            for role in ROLES:
                self._try(role, number, seen)
        return self

    def _write(self) -> None:
        for person in self.people:
            person.wait(lambda person=person: person.round("B1")["state"] == "running")
            table = person.welcome["you"]["table"] if person.welcome else ""
            person.post("B1", person.round("B1")["scope"][table][0], "Publier les tarifs")

    def _try(self, role: str, number: int, round_id: str) -> None:
        """Everything that this role may not do now, by somebody who has sent nothing before; nothing may come of it."""
        someone = self.enter(role, number)
        head = self.chair.replica.head
        someone.wait(lambda: someone.replica.head >= head)
        moment = self._moment(round_id)
        assert someone.welcome
        you = someone.welcome["you"]
        seat = "own" if role == "participant" else None
        actor = Actor("own", role, you["table"], you["side"], seat, you["name"])
        codes = {kind: expected(kind, moment, actor) for kind in RULES}
        self.cases.update(codes.values())
        # In the demo somebody without a device has the mark 1; nobody has this one.
        for_others = ("card.enter", "ballot.paper")
        payloads = moment.payloads | {kind: {**moment.payloads[kind], "seat": "999"} for kind in for_others}
        # A scribe counts the hands of the own table.
        payloads["handcount.enter"] = {**payloads["handcount.enter"], "table": you["table"] or TABLE}
        refused = [op(kind, **payloads[kind]) for kind, code in codes.items() if code is not None]
        if role != "facilitator":
            self._take_the_floor(someone)  # first: what comes above the seat's rate has no answer
        half = len(refused) // 2
        # Two seats, because each may send sixty at once.
        answers = by_request(self.seat(role, number + 1), refused[:half]) + someone.send(*refused[half:])
        for asked, answer in zip(refused, answers, strict=True):
            if answer.get("code") != codes[asked["kind"]]:
                self.wrong.append((round_id, role, asked["kind"], str(codes[asked["kind"]]), str(answer)))
        someone.close()
        # A screen that begins now shows what the chair's did before: nothing came of it, in the log or beside it.
        again = Client(self.urls[-1] + f"/b/{self.chair.page['handle']}/", session=self.chair.session)
        again.connect()
        if (again.replica.head, again.replica.digest()) != (head, self.chair.replica.digest()):
            self.wrong.append((round_id, role, "the board moved"))
        again.close()

    def _take_the_floor(self, someone: Client) -> None:
        """What is no operation, and the facilitators' alone."""
        assert someone.socket
        for event, frame in (("floor", {"act": "give", "hand": "x"}), ("wheel", {"to": None})):
            before = len(someone.frames)
            someone.socket.emit(event, frame)
            someone.wait(
                lambda before=before: any(
                    name == "answers" and data["results"][0].get("code") == "not_allowed"
                    for name, data in someone.frames[before:]
                )
            )

    def _moment(self, round_id: str) -> Moment:
        """The board as the chair sees it, who sees all that the rules read."""
        state: dict[str, dict[str, Any]] = {
            table: self.chair.replica.tables.get(table, {}) for table in TABLES
        }
        return Moment(state, state["rounds"][round_id], int(time.time() * 1000), TABLE)


def hired(server: Server, each: int) -> dict[str, list[str]]:
    """Have it done on a server's data, before it starts. Returns role -> paths of personal links."""
    before, server.program = server.program, ("-m", "tests.threats.crew", str(each))
    server.begin()
    code = server._process.wait(60) if server._process else None
    server.program = before
    assert code == 0, server.log.read_text()[-2000:]
    links: dict[str, list[str]] = json.loads((server.data / "crew-links.json").read_text())
    return links


def by_request(someone: Client, operations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By the other road, for when sockets are blocked."""
    answer = someone.session.post(
        someone.base + someone.page["urls"]["submit"],
        json={"board": someone.board, "ops": operations},
        headers={"X-CSRFToken": someone.page["csrf"]},
        timeout=20,
    )
    answer.raise_for_status()
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


EACH = 2 * len(SCRIPT) + 7


@pytest.fixture(scope="module", params=["sqlite", "postgresql+redis"])
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("roles")
    if request.param == "sqlite":
        server = Server(folder)
        crew = hired(server, EACH)
        server.start()
        yield Stage([server.url], crew)
        server.stop()
        return
    with or_skip():
        cluster = Cluster(folder)
    with cluster:
        crew = hired(cluster.workers[0], EACH)
        cluster.start()
        yield Stage([worker.url for worker in cluster.workers], crew)


def test_s05_what_a_role_may_not_do_in_a_state_is_refused_on_every_road_and_changes_nothing(
    stage: Stage,
) -> None:
    stage.play()
    assert stage.wrong == []
    assert stage.cases.total() == len(SCRIPT) * len(ROLES) * len(RULES)
    assert stage.cases["not_allowed"] > 1000
    assert {"round_over", "round_not_open", "not_in_this_state", "gone"} <= set(stage.cases)
