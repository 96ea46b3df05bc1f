"""R13: an hour without a link and fifty operations in the outbox. What still has its round takes effect, in order; the rest
comes back to its author; nothing vanishes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

from app import messages
from app.domain import rounds
from app.domain.operations import CLOCK, Actor, Operation
from app.store import urn as urn_rows
from app.store.urn import Epoch
from tests.client import WAIT_S, Client, op
from tests.faults.core import chance_from
from tests.faults.load import within
from tests.faults.ready import ReadyServer
from tests.faults.rows import Row, sample
from tests.seminar import BOARD, EXPERT, POST, Door, Secret, operation, round_plan, seat

QUEUED = 50
HOUR_MS = 3_600_000
BACK_S = 5
Answers = dict[str, dict[str, Any]]

# What may have happened to the round meanwhile, and whether the epoch that the operations name still takes them.
MEANWHILE: dict[str, bool] = {
    "extended": True,
    "paused": True,
    "closed and reopened": True,
    "closed at zero": False,
    "published": False,
    "void": False,
    "a new epoch": False,
}


def go_on(door: Door, what: str) -> None:
    """The hour in the room."""
    if what == "extended":
        door.command("extend", "post", ends_at_ms=door.clock.ms + 2 * HOUR_MS)
    elif what == "paused":
        door.command("pause", "post")
    door.clock.ms += HOUR_MS
    _at_zero(door)
    if what == "closed and reopened":
        door.command("reopen", "post", minutes=5)
    elif what in ("published", "a new epoch"):
        door.command("publish", "post")
        if what == "a new epoch":
            door.command("reopen", "post", minutes=5)
    elif what == "void":
        door.command("void", "post")


def _at_zero(door: Door) -> None:
    round_ = door.round("post")
    if round_["state"] == "running" and door.clock.ms > rounds.deadline_ms(round_):
        close = {"round": "post", "epoch": 1, "deadline_ms": rounds.deadline_ms(round_)}
        door.do(CLOCK, "round.close", **close)


# --- three roads back ---


class Road:
    """How frames reach the door: through the schema of the wire, and some answers are lost on the way back."""

    def __init__(self, door: Door, actor: Actor, random: Random) -> None:
        self.door, self.actor, self.random = door, actor, random
        self.answers: Answers = {}

    def frame(self, operations: Sequence[Operation]) -> None:
        sent = [{"id": each.id, "kind": each.kind, "payload": each.payload} for each in operations]
        read = messages.operations(messages.read("submit", {"ops": sent}))
        answers = self.door.boards.submit_now(BOARD, self.actor, read)
        if self.random.random() < 0.8:
            for answer in answers:
                before = self.answers.setdefault(answer["id"], answer)
                assert before == answer, "another answer to the same operation"


def by_websocket(road: Road, queue: Sequence[Operation]) -> None:
    """All at once, and again what was not answered."""
    road.frame([each for each in queue if each.id not in road.answers])


def by_polling(road: Road, queue: Sequence[Operation]) -> None:
    """A few at a time, as the frames of a slow road are cut; the next goes on after the answer."""
    left = [each for each in queue if each.id not in road.answers]
    road.frame(left[:13])


def by_both(road: Road, queue: Sequence[Operation]) -> None:
    """After twenty seconds without an answer the oldest go by POST as well: every operation comes twice."""
    left = [each for each in queue if each.id not in road.answers]
    road.frame(left)
    road.frame(left)


ROADS: tuple[Callable[[Road, Sequence[Operation]], None], ...] = (by_websocket, by_polling, by_both)


def written_offline(random: Random, in_brief: int) -> tuple[list[Operation], list[str]]:
    """Fifty operations: comments in a round that is over, then cards and their edits. And the texts as last edited."""
    brief = {"round": "brief", "epoch": 1, "target": {"table": "factors", "id": "F01"}}
    queue = [
        operation("comment.post", **brief, text=f"Remarque {n}", secret_hash=Secret().hash)
        for n in range(in_brief)
    ]
    at = {"round": "post", "epoch": 1}
    secrets: list[Secret] = []
    texts: list[str] = []
    revisions: list[int] = []
    while len(queue) < QUEUED:
        text = f"Action {len(queue)}"
        if secrets and random.random() < 0.5:
            which = random.randrange(len(secrets))
            revisions[which] += 1
            edit = {**at, "secret": secrets[which].hex, "revision": revisions[which], "text": text}
            queue.append(operation("card.edit", **edit))
            texts[which] = text
        else:
            secrets.append(Secret())
            posted = {**at, "factor": "F01", "text": text, "secret_hash": secrets[-1].hash}
            queue.append(operation("card.post", **posted))
            texts.append(text)
            revisions.append(1)
    return queue, texts


def trial(seed: int, folder: Path) -> None:
    random = Random(seed)
    road_back, what = ROADS[seed % 3], list(MEANWHILE)[seed // 3 % len(MEANWHILE)]
    plans = [
        round_plan("brief", "brief", order=1),
        round_plan("post", "post", order=2, **{**POST, "cards_per_person": QUEUED}),
    ]
    with chance_from(random):
        door = Door.with_board(folder, rounds=plans)
        try:
            in_brief = random.randrange(10)
            door.command("start", "brief")
            door.command("close", "brief")
            door.command("start", "post")
            queue, texts = written_offline(random, in_brief)
            remarks = [
                operation("comment.post", target={"table": "factors", "id": "F02"}, text=f"Avis {n}")
                for n in range(QUEUED)
            ]
            go_on(door, what)
            is_open = MEANWHILE[what]
            _check_seat(door, _come_back(door, seat(1), random, road_back, queue), queue, is_open)
            _check_texts(door, texts if is_open else [])
            _check_order(door, _come_back(door, EXPERT, random, road_back, remarks), remarks)
        finally:
            door.database.close()


def _come_back(
    door: Door, actor: Actor, random: Random, road_back: Any, queue: Sequence[Operation]
) -> Answers:
    road = Road(door, actor, random)
    for _ in range(100):
        road_back(road, queue)
        if len(road.answers) == len(queue):
            break
    assert set(road.answers) == {each.id for each in queue}, "an operation without an answer"
    return road.answers


def _check_seat(door: Door, answers: Answers, queue: Sequence[Operation], is_open: bool) -> None:
    for each in queue:
        answer = answers[each.id]
        if is_open and each.payload["round"] == "post":
            assert answer == {"id": each.id, "sealed": True}, (each.kind, answer)
        else:
            assert answer["code"] == "round_over", (each.kind, answer)


def _check_texts(door: Door, texts: Sequence[str]) -> None:
    urn = Epoch(BOARD, "post", 1)
    kept = door.database.read(lambda c: urn_rows.all_texts(c, urn))
    assert sorted(row.body["text"] for row in kept) == sorted(texts), "not every effect, or one too many"


def _check_order(door: Door, answers: Answers, remarks: Sequence[Operation]) -> None:
    seqs = [answers[each.id]["seq"] for each in remarks]
    assert seqs == sorted(seqs) and len(set(seqs)) == QUEUED, "not in the order in which they were written"
    said = [comment["text"] for comment in door.state["comments"].values()]
    assert said == [each.payload["text"] for each in remarks]


R13 = Row("R13", pr=42, rel=210, unit="absences", trial=trial)


def test_r13_fifty_operations_of_an_hour_offline_take_effect_or_come_back(tmp_path: Path) -> None:
    sample(R13, tmp_path)


# --- once in life: a real server and three real roads ---


def queue_of(brief: dict[str, Any], post: dict[str, Any], table: str) -> tuple[list[dict[str, Any]], str]:
    """Ten comments for a round that is over, a card and 39 edits of it; and the card's last text."""
    target = {"table": "factors", "id": "F01"}
    at = {"round": brief["id"], "epoch": 1}
    queue = [
        op("comment.post", **at, target=target, text=f"Remarque {n}", secret_hash=Secret().hash)
        for n in range(10)
    ]
    secret, at = Secret(), {"round": post["id"], "epoch": 1}
    factor = post["scope"][table][0] if post["scope"] else post["factors"][0]
    queue.append(op("card.post", **at, factor=factor, text="Action", secret_hash=secret.hash))
    mark = secret.hash[:6]
    for revision in range(2, 41):
        edit = {**at, "secret": secret.hex, "revision": revision, "text": f"Action {mark} {revision}"}
        queue.append(op("card.edit", **edit))
    return queue, f"Action {mark} 40"


def by_post(client: Client, queue: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The road for when sockets are blocked."""
    answer = client.session.post(
        client.base + client.page["urls"]["submit"],
        json={"board": client.board, "ops": queue},
        headers={"X-CSRFToken": client.page["csrf"]},
        timeout=WAIT_S,
    )
    answer.raise_for_status()
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def by_socket(client: Client, queue: list[dict[str, Any]]) -> list[dict[str, Any]]:
    client.connect()
    return client.send(*queue)


def test_r13_after_an_absence_every_real_road_brings_back_everything(tmp_path: Path) -> None:
    server = ReadyServer(tmp_path)
    server.start()
    facilitator = Client(server.links["facilitator"]).connect()
    people = [
        Client(link, transports=[transport]).connect()
        for link, transport in zip(
            server.links["participants"],
            ["websocket", "polling", "polling", "websocket", "websocket"],
            strict=False,
        )
    ]
    try:
        brief = next(r for r in facilitator.replica.all("rounds") if r["kind"] == "brief")["id"]
        facilitator.command("start", brief)
        for client in people:
            client.close()
        facilitator.command("close", brief)
        facilitator.command("start", "B1")
        texts = []
        for client, road in zip(people, (by_socket, by_socket, by_post), strict=False):
            assert client.welcome
            table = client.welcome["you"]["table"]
            queue, text = queue_of(facilitator.round(brief), facilitator.round("B1"), table)
            back = time.monotonic()
            answers = road(client, queue)
            took_s = time.monotonic() - back
            assert took_s < within(BACK_S), f"{road.__name__} took {took_s:.1f} s"
            assert [answer["id"] for answer in answers] == [each["id"] for each in queue]
            assert [answer.get("code") for answer in answers] == ["round_over"] * 10 + [None] * 40, answers
            texts.append(text)
        facilitator.command("close", "B1")
        facilitator.command("publish", "B1")
        shown = [card["text"] for card in facilitator.replica.all("cards")]
        assert sorted(shown) == sorted(texts)
    finally:
        for client in [*people, facilitator]:
            client.close()
        server.stop()
