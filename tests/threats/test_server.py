"""A02, A05, P06-P09, N02, S08: a thousand operations on a real server; every frame it sends, and every line it logs."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from app.domain.records import TABLES
from app.messages import FROM_SERVER, PAD_BYTES
from tests.client import Client, card, op
from tests.server import Server
from tests.threats.workshop import canary

PEOPLE = 24
# What records that come out of urns, or that participants make, may hold; a field that is not here fails.
CLOSED: dict[str, frozenset[str]] = {
    "cards": frozenset(
        [
            "id",
            "rev",
            "number",
            "factor",
            "text",
            "round",
            "epoch",
            "cluster",
            "state",
            "reason",
            "kind",
            "translation",
            "audience",
            "origin",
            "language",
            "name",
        ]
    ),
    "comments": frozenset(
        ["id", "rev", "target", "text", "by", "name", "round", "kind", "language", "translation", "audience"]
    ),
    "clusters": frozenset(
        [
            "id",
            "rev",
            "factor",
            "name",
            "former_names",
            "merged_into",
            "merge",
            "contest",
            "proposals",
            "audience",
            # whether the rapporteur lets its name and words leave the room
            "released",
        ]
    ),
    "tallies": frozenset(
        ["id", "rev", "round", "epoch", "method", "seats", "ballots", "split", "voters", "rows"]
    ),
}
ROWS = frozenset(
    [
        "target",
        "table",
        "factor",
        "bucket",
        "words",
        "total",
        "value",
        "answers",
        "counts",
        "internal",
        "external",
        "rank",
        "tied",
        "low",
        "high",
        "marks",
        "agreement",
        "divergence",
        "across",
        "first",
        "schulze",
        "quadrant",
        "criteria",
    ]
)
# Names of fields that would tell who, when or from where, in any record of any table.
FORBIDDEN = re.compile(
    r"(?i)(?<!per_)person|seat_id|author|voter_id|owner|device|address|ip$|sent|posted|stamp|created|_at$|session|token"
)


class Told:
    """The run: everybody's frames, what was secret in it, and the server's log."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.chair = Client(server.links["facilitator"]).connect()
        self.people = [Client(link).connect() for link in server.links["participants"][:PEOPLE]]
        self.secret: list[str] = []
        self.operations = 0

    def send(self, person: Client, *operations: dict[str, Any]) -> list[dict[str, Any]]:
        self.operations += len(operations)
        self.secret += [operation["id"] for operation in operations]
        return person.send(*operations)

    def run(self) -> None:
        self.chair.command("start", "B5")
        for person in self.people:
            person.wait(lambda person=person: person.round("B5")["state"] == "running")
            words = [canary("carte") for _ in range(30)]
            made = [
                op("card.post", **card(person.round("B5"), f"F{n % 10 + 1:02}", word))
                for n, word in enumerate(words)
            ]
            self.secret += words + [one["payload"]["secret_hash"] for one in made]
            answers = self.send(person, *made)
            assert any(answer.get("sealed") for answer in answers)
            # The same again, and nonsense: what is refused must not be logged either.
            self.send(person, *made[:10])
            self.send(person, op("card.edit", text=canary("refus")), op(canary("genre")))
        self.chair.wait(lambda: any(e == "presence" and "turnout" in data for e, data in self.chair.frames))
        self.chair.command("close", "B5")
        if self.chair.round("B5")["state"] == "closed":
            self.chair.command("publish", "B5")
        for person in self.people:
            person.wait(lambda person=person: person.replica.head >= self.chair.replica.head)


@pytest.fixture(scope="module", params=["eventlet", "gevent"])
def told(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    server = Server(tmp_path_factory.mktemp("thousand"), environment={"PALABRE_ENGINE": request.param})
    server.start()
    run = Told(server)
    run.run()
    yield run
    for client in (run.chair, *run.people):
        client.close()
    server.stop()


def test_a02_a03_s08_a_thousand_operations_leave_no_text_id_address_or_token_in_the_log(told: Told) -> None:
    """Nor is there any other place that counts by person: the server has no metrics and no traces (A03)."""
    assert told.operations >= 1000
    logged = told.server.log.read_text()
    after_start = logged.partition("Ctrl+C")[
        2
    ]  # the entry links stand above it, for whoever started the server
    secret = [*told.secret, "127.0.0.1", "carte-", "refus-", "genre-"]
    for client in (told.chair, *told.people):
        secret += [client.page["handle"], client.session.cookies.get("palabre", ""), client.board]
        secret += [client.socket.sid, client.socket.eio.sid] if client.socket else []
    assert [word for word in secret if word and word in after_start] == []
    assert len(after_start.splitlines()) < 20, "what participants do is not logged one by one"


def test_p06_p07_every_frame_fits_a_closed_schema_without_person_or_time(told: Told) -> None:
    seen: set[str] = set()
    for client in (told.chair, *told.people):
        for event, data in client.frames:
            seen.add(event)
            assert FROM_SERVER[event].validate(data) == {}, event
            if event == "changes":
                for change in data["changes"]:
                    check(change)
            if event == "answers":
                assert all(
                    set(result) in ({"id", "sealed"}, {"id", "seq"}, {"id", "code", "data"})
                    for result in data["results"]
                )
    assert {"welcome", "changes", "answers", "presence"} <= seen


def check(change: list[Any]) -> None:
    verb, table, *rest = change
    assert table in TABLES
    if verb == "remove":
        return
    record = rest[-1]
    assert not [field for field in record if FORBIDDEN.search(field)], (table, record)
    if table in CLOSED:
        assert record.keys() <= CLOSED[table], (table, record.keys() - CLOSED[table])
    if table == "cards" and verb == "put":
        # Drawn by lot, 96 bits: no counter, no time in front.
        assert re.fullmatch(r"[0-9a-f]{24}", record["id"])
        assert record.get("name") is None
    for row in record.get("rows", ()):
        assert row.keys() <= ROWS


def test_p06_ids_out_of_an_urn_tell_no_order(told: Told) -> None:
    cards = sorted(told.chair.replica.all("cards"), key=lambda one: one["number"])
    assert len(cards) > 100
    starts = [int(one["id"][:8], 16) for one in cards]
    rising = sum(a < b for a, b in pairwise(starts))
    assert 0.3 < rising / (len(starts) - 1) < 0.7
    assert max(starts) - min(starts) > 2**31


def test_p08_p09_f01_while_a_round_is_sealed_only_a_count_from_ten_up_moves_and_for_staff_alone(
    told: Told,
) -> None:
    for client in told.people:
        frozen = [
            data["online"] for event, data in client.frames if event == "presence" and data.get("frozen")
        ]
        assert len(set(frozen)) <= 1
        assert not [data for event, data in client.frames if event == "presence" and "turnout" in data]
    counts = [
        data["turnout"]["count"]
        for event, data in told.chair.frames
        if event == "presence" and "turnout" in data
    ]
    assert counts and all(count is None or count >= 10 for count in counts)
    events = {event for client in told.people for event, _ in client.frames}
    assert events <= {"welcome", "changes", "answers", "presence", "heartbeat", "goodbye"}, (
        "no typing, no cursor"
    )


def test_n02_a_padded_frame_is_taken_and_its_padding_is_read_by_nobody(told: Told) -> None:
    person = told.people[0]
    assert person.socket
    sent = op("card.post", **card(person.round("B5"), "F01", "trop tard"))
    person.socket.emit("submit", {"board": person.board, "ops": [sent], "pad": "." * (PAD_BYTES - 1)})
    person.wait(lambda: sent["id"] in person._answers)
    assert person._answers[sent["id"]]["code"] == "round_over"
    for event, data in person.frames:
        assert "...." not in json.dumps(data), event


@pytest.mark.parametrize(
    "noisy",
    [{"FLASK_DEBUG": "1"}, {"SQLALCHEMY_ECHO": "1", "PALABRE_LOG": "DEBUG", "PYTHONASYNCIODEBUG": "1"}],
)
def test_a05_no_setting_makes_the_server_log_what_people_do(
    tmp_path_factory: pytest.TempPathFactory, noisy: dict[str, str]
) -> None:
    """There is no switch for it; the one of Flask's is refused at the start, so no banner is needed."""
    server = Server(tmp_path_factory.mktemp("noisy"), environment=noisy)
    if noisy == {"FLASK_DEBUG": "1"}:
        with pytest.raises(AssertionError, match="FLASK_DEBUG is set"):
            server.start()
        return
    server.start()
    try:
        word = canary("carte")
        person = Client(server.links["participants"][0]).connect()
        person.send(
            op(
                "comment.post",
                text=word,
                round="A2",
                target={"table": "factors", "id": "F01"},
                secret_hash=secrets.token_hex(32),
            )
        )
        person.close()
        logged = server.log.read_text().partition("Ctrl+C")[2]
        assert word not in logged and "SELECT" not in logged and "127.0.0.1" not in logged
    finally:
        server.stop()
