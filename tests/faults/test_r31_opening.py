"""R31: one of two workers is killed between any two steps of an urn's life; nothing is lost or doubled, and no key stays."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app import replay
from app.custody import KeyCustody
from app.domain.operations import Actor, Operation
from app.store import urn as urn_rows
from tests import cluster
from tests.faults.dying import connect
from tests.faults.rows import Row, sample
from tests.not_run import or_skip
from tests.seminar import BOARD, FACILITATOR, Door, Secret, seat
from tests.server import ROOT

BEGINNING = ("fenced", "key on tmpfs", "key in force", "appended", "about to commit", "committed")
DROPPING = ("fenced", "text in", "remembered", "about to commit", "committed")
CASTING = ("fenced", "ballot in", "remembered", "about to commit", "committed")
CLOSING = ("fenced", "looked", "appended", "about to commit", "committed")
OPENING = (
    "fenced",
    "looked",
    "emptied",
    "key forgotten",
    "appended",
    "about to commit",
    "committed",
    "key destroyed",
)
# Which operation is cut, and where.
CUTS = [
    *(("post", "start", step) for step in BEGINNING),
    *(("post", "card", step) for step in DROPPING),
    *(("post", "close", step) for step in CLOSING),
    *(("post", "publish", step) for step in OPENING),
    *(("vote", "start", step) for step in BEGINNING),
    *(("vote", "ballot", step) for step in CASTING),
    *(("vote", "publish", step) for step in OPENING),
]
HURRY = ("retry", "storage")
# A browser waits before it tries again. A key that was on the killed worker's host alone counts as held for a while.
AGAIN_MS = 1000
RINGS = "palabre:*:keys"


class Pair:
    """Two workers on one database: ours goes on, the other is killed in one of the operations."""

    def __init__(self, url: str, folder: Path, redis: str, cut: tuple[str, str, str]) -> None:
        self.url, self.redis, self.folder = url, redis, folder
        # What servers of other rows, killed in a round, left in the Redis that all rows share.
        self.others = set(cluster.redis().client.scan_iter(RINGS)) if redis else set()
        # With a Redis between them they are on two hosts, each with a tmpfs of its own.
        self.other_host = folder / "other" if redis else folder
        self.other_host.mkdir(exist_ok=True)
        self.round, self.verb, self.step = cut
        self.ours = Door.with_board(folder, url=url)
        self.lines = [connect(self.ours, redis)] if redis else []
        self.killed = 0

    def do(self, verb: str, actor: Actor, kind: str, **payload: Any) -> dict[str, Any]:
        """Do one operation, in the other worker if it is the one that is cut; then, as a browser would, again in ours."""
        made = Operation(secrets.token_hex(16), kind, payload)
        if verb == self.verb and not self.killed:
            self._cut(actor, made)
        for _ in range(50):
            (answer,) = self.ours.boards.submit_now(BOARD, actor, [made])
            if answer.get("code") not in HURRY:
                return answer
            self.ours.clock.ms += AGAIN_MS
        raise AssertionError(f"never decided: {answer}")

    def _cut(self, actor: Actor, made: Operation) -> None:
        asked = {"actor": asdict(actor), "id": made.id, "kind": made.kind, "payload": made.payload}
        command = [
            sys.executable,
            "-m",
            "tests.faults.dying",
            self.url,
            str(self.other_host),
            self.step,
            self.redis,
        ]
        with subprocess.Popen(
            [*command, json.dumps(asked)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as other:
            assert other.stdin and other.stdout
            assert other.stdout.readline() == "armed\n"
            self.meanwhile(lambda: other.stdin.write("now\n") or other.stdin.flush() or other.wait(30))
        assert other.returncode == -9, f"{self.verb} never came to: {self.step}"
        self.killed += 1

    def meanwhile(self, act: Any) -> None:
        act()

    def command(self, verb: str, **payload: Any) -> None:
        found = self.ours.round(self.round)
        payload |= {"round": self.round} | ({} if verb == "start" else {"epoch": found["epoch"]})
        answer = self.do(verb, FACILITATOR, f"round.{verb}", **payload)
        assert "code" not in answer, answer


class Writing(Pair):
    """A round of cards. While the other worker is killed, people go on writing through ours."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.acknowledged: list[str] = []
        self.texts = iter(
            (n, f, f"carte {n} {f} {i}") for i in range(3) for f in ("F01", "F02") for n in range(1, 9)
        )

    def write(self, verb: str = "") -> bool:
        number, factor, text = next(self.texts)
        payload = {"round": "post", "epoch": 1, "factor": factor, "text": text, "secret_hash": Secret().hash}
        answer = self.do(verb, seat(number), "card.post", **payload)
        if answer.get("sealed"):
            self.acknowledged.append(text)
        return bool(answer.get("sealed"))

    def meanwhile(self, act: Any) -> None:
        ended = threading.Event()

        def go_on() -> None:
            while not ended.is_set() and self.write():
                ended.wait(0.02)

        running = self.ours.round("post")["state"] == "running"
        thread = threading.Thread(target=go_on) if running else None
        if thread:
            thread.start()
        act()
        ended.set()
        if thread:
            thread.join()

    def run(self) -> None:
        self.command("start")
        for _ in range(6):
            self.write()
        assert self.write("card")
        self.command("close")
        self.command("publish")
        shown = Counter(card["text"] for card in self.ours.cards())
        assert not (lost := set(self.acknowledged) - set(shown)), f"lost: {lost}"
        assert max(shown.values()) == 1, f"doubled: {shown}"


class Voting(Pair):
    """A vote. The ballot that was cut comes again through our worker; a newer one replaces it."""

    def run(self) -> None:
        targets = self.ours.publish_cards(*(f"Idée {n}" for n in range(1, 7)))
        self.round = "cards-vote"
        self.command("start")
        cast: dict[int, str] = {}
        for number in range(1, 8):
            cast[number] = targets[number % 6]
            self._cast("ballot" if number == 4 else "", number, cast[number], 1)
        cast[4] = targets[0]
        self._cast("", 4, cast[4], 2)
        self.command("close")
        self.command("publish")
        expected = Counter(cast.values())
        (tally,) = self.ours.state["tallies"].values()
        counted = {row["target"]: row["total"] for row in tally["rows"] if row["total"]}
        assert (counted, tally["ballots"]) == (expected, len(cast)), (counted, expected, tally["ballots"])

    def _cast(self, verb: str, number: int, target: str, revision: int) -> None:
        at = {"round": self.round, "epoch": 1, "revision": revision, "choices": {target: 1}}
        answer = self.do(verb, seat(number), "ballot.cast", **at)
        assert answer.get("sealed"), answer


def trial(seed: int, folder: Path) -> None:
    random = Random(seed)
    server, redis = cluster.postgres(), random.choice(["", cluster.redis().url])
    cut = CUTS[seed % len(CUTS)]
    url = server.new_database()
    pair = (Writing if cut[0] == "post" else Voting)(url, folder, redis, cut)
    try:
        pair.run()
        assert pair.killed == 1
        no_key_is_left(pair)
    except AssertionError as error:
        raise AssertionError(f"{cut}, {'two hosts' if redis else 'one host'}: {error}") from error
    finally:
        for line in pair.lines:
            line.end()
        pair.ours.database.close()
        server.drop_database(url)


def no_key_is_left(pair: Pair) -> None:
    """The killed worker starts again: of the round's key nothing is in any place, and of the urn nothing but hashed ids."""
    ours = pair.ours
    again = Door(pair.other_host, url=pair.url, clock=ours.clock)
    try:
        if pair.redis:
            pair.lines.append(connect(again, pair.redis))
        assert again.boards.settle_keys() == []
        ours.boards.custody.tend()
        for folder in {pair.folder, pair.other_host}:
            assert list((folder / "volatile").iterdir()) == []
        assert not ours.boards.custody.keys.held()
        assert not again.boards.custody.keys.held()
        assert ours.boards.read(urn_rows.keys_in_force) == []
        no_key_is_elsewhere(pair)
        epoch = urn_rows.Epoch(BOARD, pair.round, 1)
        assert ours.boards.urn_count(BOARD, pair.round, 1) == (0, 0)
        assert ours.boards.read(lambda c: urn_rows.all_texts(c, epoch)) == []
    finally:
        again.database.close()


def no_key_is_elsewhere(pair: Pair) -> None:
    client, deadline = (cluster.redis().client if pair.redis else None), time.monotonic() + 10
    while client and any(client.hkeys(ring) for ring in set(client.scan_iter(RINGS)) - pair.others):
        assert time.monotonic() < deadline, "a key stays in Redis"
        time.sleep(0.2)
        pair.ours.boards.custody.tend()  # as a server does every few seconds: what Redis was too slow for is said again


R31 = Row("R31", pr=30, rel=500, unit="kills", trial=trial, lanes=2)


@pytest.mark.slow
def test_r31_nothing_is_lost_or_doubled_when_a_worker_is_killed_while_an_urn_opens(tmp_path: Path) -> None:
    sample(R31, tmp_path)


def test_r31_a_key_that_stays_in_another_worker_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "unopened", lambda board, state: set())
    monkeypatch.setattr(KeyCustody, "tend", lambda custody: None)
    with or_skip():
        pair = Writing(cluster.postgres().new_database(), tmp_path, "", ("post", "publish", "committed"))
    pair.run()
    with pytest.raises(AssertionError):
        no_key_is_left(pair)
    pair.ours.database.close()
    cluster.postgres().drop_database(pair.url)


def test_r31_a_drop_that_another_worker_has_not_heard_of_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(urn_rows, "known_among", lambda connection, board, hashes: {})
    seed = CUTS.index(("post", "card", "committed"))
    with pytest.raises(AssertionError):
        trial(seed, tmp_path)
