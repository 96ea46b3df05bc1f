"""R28: many clients at once, through two workers on one database. Budgets, ballots and moves have a serial order."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.domain.operations import Actor, Operation
from tests import cluster
from tests.faults.history import Call, has_serial_order
from tests.faults.rows import Row, sample
from tests.seminar import BOARD, FACILITATOR, Door, Secret, operation, seat

BUDGET = 3
# Of so many runs one is on PostgreSQL.
EACH = 7
PASSING = ("retry", "storage", "slow_down")
Answer = dict[str, Any]


class Workers:
    """Two doors on one database, and a book of every call with its answer."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self.doors = [Door.with_board(folder, url=url), Door(folder, url=url)]
        self.calls: dict[Hashable, list[Call]] = defaultdict(list)
        self._lock = threading.Lock()

    def call(self, door: int, actor: Actor, sent: Operation) -> tuple[float, float, Answer]:
        """Send, and send again what was not decided, as a browser does."""
        start = time.monotonic()
        for _ in range(500):
            (answer,) = self.doors[door].boards.submit_now(BOARD, actor, [sent])
            if answer.get("code") not in PASSING:
                end = time.monotonic()
                self._copy(door, actor, sent, answer)
                return start, end, answer
        raise AssertionError(f"never decided: {answer}")

    def _copy(self, door: int, actor: Actor, sent: Operation, answer: Answer) -> None:
        """The same by the other road, to the other worker: what an urn took is answered alike."""
        if "sealed" in answer and int(sent.id, 16) % 3 == 0:
            (again,) = self.doors[1 - door].boards.submit_now(BOARD, actor, [sent])
            assert again == answer or again.get("code") in PASSING, f"{answer}, then {again}"

    def book(self, name: Hashable, start: float, end: float, what: str, step: Any) -> None:
        with self._lock:
            self.calls[name].append(Call(start, end, step, what))

    def check(self, begin: Callable[[Hashable], Hashable]) -> None:
        for name, calls in self.calls.items():
            told = "\n".join(f"{call.start:.4f} {call.end:.4f} {call.what}" for call in calls)
            assert has_serial_order(calls, begin(name)), f"no serial order for {name}:\n{told}"
        self.calls.clear()

    def close(self) -> None:
        for door in self.doors:
            door.database.close()


def at_once(*works: Callable[[], None]) -> None:
    """All of them in threads that begin together; the first failure is raised here."""
    failures: list[BaseException] = []
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], None]) -> None:
        gate.wait()
        try:
            work()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


# --- cards: a budget of three for each seat and factor, until the round is closed ---


def post_and_withdraw(workers: Workers, door: int, number: int, random: Random, kept: Counter[str]) -> None:
    """One device of a seat. The object is the seat's slots under the factor: (cards in the urn, closed)."""
    mine: list[tuple[str, Secret]] = []
    for turn in range(5):
        if mine and random.random() < 0.4:
            text, secret = mine.pop()
            sent = operation("card.withdraw", round="post", epoch=1, secret=secret.hex, revision=2)
            start, end, answer = workers.call(door, seat(number), sent)
            kept[text] -= "sealed" in answer
            workers.book(number, start, end, f"withdraw {answer}", _withdrawn(answer))
        else:
            text, secret = f"{number} {door} {turn} {random.random()}", Secret()
            at = {"round": "post", "epoch": 1, "factor": "F01", "text": text, "secret_hash": secret.hash}
            start, end, answer = workers.call(door, seat(number), operation("card.post", **at))
            if "sealed" in answer:
                kept[text] += 1
                mine.append((text, secret))
            workers.book(number, start, end, f"post {answer}", _posted(answer))


def _posted(answer: Answer) -> Any:
    def step(state: tuple[int, bool]) -> tuple[int, bool] | None:
        cards, closed = state
        right = "round_over" if closed else "budget_spent" if cards == BUDGET else None
        if answer.get("code") != right:
            return None
        return state if right else (cards + 1, closed)

    return step


def _withdrawn(answer: Answer) -> Any:
    def step(state: tuple[int, bool]) -> tuple[int, bool] | None:
        cards, closed = state
        if answer.get("code") != ("round_over" if closed else None):
            return None
        return state if closed else (cards - 1, closed)

    return step


def closed(workers: Workers, door: int, round_id: str, seats: range, wait_s: float) -> None:
    """The facilitator closes while people are still sending: a call in the history of every seat."""
    time.sleep(wait_s)
    start, end, answer = workers.call(door, FACILITATOR, operation("round.close", round=round_id, epoch=1))
    assert "seq" in answer, answer
    for number in seats:
        workers.book(number, start, end, "close", lambda state: None if state[1] else (state[0], True))


def cards(workers: Workers, random: Random) -> list[str]:
    """Everybody posts from two devices through two workers; one closes. Returns the cards."""
    kept: Counter[str] = Counter()
    works = [
        partial(post_and_withdraw, workers, door, number, Random(random.random()), kept)
        for number in range(1, 4)
        for door in (0, 1)
    ]
    wait_s = random.uniform(0.05, 0.4)
    workers.doors[0].command("start", "post")
    at_once(*works, lambda: closed(workers, 1, "post", range(1, 4), wait_s))
    workers.check(lambda name: (0, False))
    workers.doors[0].boards.follow_now(BOARD)
    workers.doors[0].command("publish", "post")
    shown = workers.doors[0].cards()
    assert Counter(card["text"] for card in shown) == +kept, "the board is not what was acknowledged"
    return [card["id"] for card in shown]


# --- moves: a card is where the last one who had seen it right put it ---


def move(workers: Workers, door: int, card: str, clusters: list[str], random: Random) -> None:
    """The object is the card's place: compare and set."""
    seen: str | None = None
    for _ in range(4):
        to = random.choice(clusters)
        sent = operation("card.move", moves=[{"card": card, "to": to, "seen": seen}])
        start, end, answer = workers.call(door, FACILITATOR, sent)
        workers.book(card, start, end, f"{seen} -> {to}: {answer}", _moved(seen, to, answer))
        seen = answer["data"]["to"] if "code" in answer else to


def _moved(seen: str | None, to: str, answer: Answer) -> Any:
    def step(place: str) -> str | None:
        if place not in (seen or "", to):
            right = answer.get("code") == "moved_meanwhile" and (answer["data"]["to"] or "") == place
            return place if right else None
        return None if "code" in answer else to

    return step


def moves(workers: Workers, shown: list[str], random: Random) -> None:
    if len(shown) < 3:
        return
    door = workers.doors[0]
    clusters = [
        door.do(FACILITATOR, "cluster.make", factor="F01", name="", cards=[{"card": card, "seen": None}])[
            "id"
        ]
        for card in shown[1:3]
    ]
    works = [partial(move, workers, n % 2, shown[0], clusters, Random(random.random())) for n in range(4)]
    at_once(*works)
    workers.check(lambda name: "")


# --- ballots: of one seat, the newest counts, from whichever device ---


def cast(workers: Workers, door: int, number: int, targets: list[str], random: Random, votes: Any) -> None:
    """The object is the seat's ballot: (revision, closed)."""
    revision = 0
    for _ in range(4):
        revision += 1
        choices = {random.choice(targets): random.randint(1, 2)}
        ballot = {"round": "cards-vote", "epoch": 1, "revision": revision, "choices": choices}
        start, end, answer = workers.call(door, seat(number), operation("ballot.cast", **ballot))
        if "sealed" in answer:
            votes[number][revision] = choices
        elif answer["code"] == "moved_meanwhile":
            revision = answer["data"]["revision"]
        workers.book(number, start, end, f"cast {revision} {answer}", _cast(ballot["revision"], answer))


def _cast(revision: Any, answer: Answer) -> Any:
    def step(state: tuple[int, bool]) -> tuple[int, bool] | None:
        newest, closed = state
        if closed:
            return state if answer.get("code") == "round_over" else None
        if newest >= revision:
            return state if answer.get("data", {}).get("revision") == newest else None
        return (revision, closed) if "sealed" in answer else None

    return step


def ballots(workers: Workers, random: Random) -> None:
    door = workers.doors[0]
    door.boards.follow_now(BOARD)
    door.command("start", "cards-vote")
    targets = [target["id"] for target in door.round("cards-vote")["ballot"]]
    votes: dict[int, dict[int, dict[str, int]]] = defaultdict(dict)
    works = [
        partial(cast, workers, door_, number, targets, Random(random.random()), votes)
        for number in range(1, 4)
        for door_ in (0, 1)
    ]
    wait_s = random.uniform(0.05, 0.4)
    at_once(*works, lambda: closed(workers, 1, "cards-vote", range(1, 4), wait_s))
    workers.check(lambda name: (0, False))
    door.boards.follow_now(BOARD)
    door.command("publish", "cards-vote")
    (tally,) = door.state["tallies"].values()
    newest = [choices[max(choices)] for choices in votes.values() if choices]
    assert tally["ballots"] == len(newest), "a seat was not counted exactly once"
    expected: Counter[str] = sum((Counter(choices) for choices in newest), Counter())
    assert +Counter({row["target"]: row["total"] for row in tally["rows"]}) == expected, "the count is wrong"


def trial(seed: int, folder: Path) -> None:
    random = Random(seed)
    server = cluster.postgres() if seed % EACH == 0 else None
    url = server.new_database() if server else None
    workers = Workers(folder, url)
    try:
        shown = cards(workers, random)
        moves(workers, shown, random)
        if shown:
            ballots(workers, random)
    finally:
        workers.close()
        if server and url:
            server.drop_database(url)


R28 = Row("R28", pr=50, rel=2_000, unit="runs", trial=trial, lanes=2)


def test_r28_what_many_clients_saw_has_a_serial_order(tmp_path: Path) -> None:
    sample(R28, tmp_path)


def call(start: float, end: float, answer: Answer) -> Call:
    return Call(start, end, _posted(answer))


SEALED, SPENT, OVER = {"sealed": True}, {"code": "budget_spent"}, {"code": "round_over"}


@pytest.mark.parametrize(
    ("calls", "is_right"),
    [
        ([call(n, n + 1, SEALED) for n in range(0, 6, 2)], True),
        ([call(n, n + 1, SEALED) for n in range(0, 8, 2)], False),  # a fourth card
        ([call(0, 9, SEALED) for _ in range(3)] + [call(0, 9, SPENT)], True),
        ([call(0, 1, SPENT)] + [call(2, 3, SEALED) for _ in range(3)], False),  # refused before it was spent
        ([call(0, 1, OVER), call(2, 3, SEALED)], False),  # a round that opens again
    ],
)
def test_r28_the_checker_tells_an_anomaly(calls: list[Call], is_right: bool) -> None:
    assert has_serial_order(calls, (0, False)) is is_right
