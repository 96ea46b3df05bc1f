"""The rehearsal: a throw-away server beside the real one, on the same disk, and 44 simulated phones that write and vote.

A server of its own, so that no workshop, board or person of the real one is touched and nothing can be left behind in it: its
whole data folder is removed when the rehearsal ends, however it ends.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any

from app.domain.plans import DEFAULTS
from app.selftest import judgements
from app.selftest.endings import undisturbed
from app.selftest.judgements import PHONES, Finding, Rehearsal
from app.selftest.phone import Phone, PhoneFailed
from app.selftest.ports import free_port
from config import ROOT, Settings

logger = logging.getLogger("palabre.selftest")

BEGINS = "selftest-"
CARDS_EACH = 2
# A room writes over some minutes; here it hurries.
WRITES_WITHIN_S = 6.0
AT_ONCE = 12
START_S = 60


def phones(settings: Settings, many: int = PHONES) -> Iterator[Finding]:
    try:
        with _server(settings) as links:
            yield judgements.phones(_rehearse(links, many))
    except (OSError, PhoneFailed, KeyError, ValueError) as error:
        # For a technician at the terminal; the sentence says what an administrator can do.
        logger.warning("the rehearsal could not be held: %s: %s", type(error).__name__, error)
        yield judgements.phones(None)


@contextmanager
def _server(settings: Settings) -> Iterator[dict[str, Any]]:
    """A server over a throw-away data folder beside the real one; gives its entry links by role."""
    data = Path(tempfile.mkdtemp(dir=settings.data, prefix=BEGINS))
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PALABRE_")}
    environment = {
        **kept,
        "PALABRE_HOST": "127.0.0.1",
        "PALABRE_PORT": str(port),
        "PALABRE_DATA": str(data),
        "PALABRE_VOLATILE": str(data / "volatile"),
        "PALABRE_ENGINE": settings.engine,
    }
    process: subprocess.Popen[bytes] | None = None
    try:
        with undisturbed(), (data / "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "wsgi.py"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        _await(port, process)
        yield json.loads((data / "entry-links.json").read_text(encoding="utf-8"))["links"]
    finally:
        with undisturbed():
            if process:
                _stop(process)
            shutil.rmtree(data, ignore_errors=True)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def sweep(data: Path) -> None:
    """Remove what a self-test left that was ended without a word."""
    for left in data.glob(f"{BEGINS}*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
            return
        time.sleep(0.1)
    raise PhoneFailed("the throw-away server did not start")


def _rehearse(links: dict[str, Any], many: int) -> Rehearsal:
    """Everybody comes in, writes two texts, sees all of them, and votes on them; then it is counted what came of it."""
    facilitator = Phone(links["facilitator"])
    room = [Phone(link) for link in links["participants"][:many]]
    try:
        facilitator.join()
        inside = _all(room, Phone.join)
        if len(inside) < many:
            return _result(many, inside, [], 0, [])
        texts, show_ms = _write(facilitator, inside)
        wrong = _vote(facilitator, inside)
        return _result(many, inside, texts, wrong, show_ms)
    finally:
        _all([facilitator, *room], Phone.leave)


def _all(phones: Sequence[Phone], act: Callable[[Phone], object], at_once: int = AT_ONCE) -> list[Phone]:
    """Let each act, some at a time; gives those that could."""

    def could(phone: Phone) -> bool:
        try:
            act(phone)
        except PhoneFailed:
            return False
        return True

    with ThreadPoolExecutor(at_once) as pool:
        return [phone for phone, done in zip(phones, pool.map(could, phones), strict=True) if done]


def _begin(facilitator: Phone, kind: str, **rules: Any) -> str:
    """Add a round at the end of the agenda and start it; its id."""
    rounds = facilitator.tables["rounds"].values()
    last = max(rounds, key=lambda round_: round_["order"])
    words = {"fr": "Répétition", "en": "Rehearsal"}
    empty = {"day": last["day"], "starts": last["starts"], "instruction": {"fr": "", "en": ""}, "scope": None}
    plan = {
        **DEFAULTS[kind],
        **empty,
        "kind": kind,
        "name": words,
        "factors": [_factor(facilitator)],
        **rules,
    }
    known = set(facilitator.tables["rounds"])
    facilitator.send("round.add", **plan, after=last["id"])
    facilitator.wait(lambda: bool(set(facilitator.tables["rounds"]) - known))
    (added,) = set(facilitator.tables["rounds"]) - known
    facilitator.send("round.start", round=added, targets=None)
    return added


def _factor(phone: Phone) -> str:
    first = min(phone.tables["factors"].values(), key=lambda factor: factor["number"])
    return str(first["id"])


def _end(facilitator: Phone, round_id: str) -> float:
    """Close and publish a round; when it was published (monotonic)."""
    facilitator.wait(lambda: facilitator.round(round_id)["state"] == "running")
    at = {"round": round_id, "epoch": facilitator.round(round_id)["epoch"]}
    facilitator.send("round.close", **at)
    began = time.perf_counter()
    facilitator.send("round.publish", **at)
    return began


def _write(facilitator: Phone, room: list[Phone]) -> tuple[list[str], list[float]]:
    """Two texts from each; gives the texts that were sent, and how long each phone took to be shown each."""
    chance = Random(len(room))
    round_id = _begin(facilitator, "post", release="sealed", cards_per_person=CARDS_EACH, minutes=10)
    factor = _factor(facilitator)
    plans = {
        id(phone): [
            (chance.uniform(0, WRITES_WITHIN_S), f"Rehearsal {number} {one}") for one in range(CARDS_EACH)
        ]
        for number, phone in enumerate(room)
    }
    begin = time.monotonic()

    def write(phone: Phone) -> None:
        phone.wait(lambda: phone.round(round_id)["state"] == "running")
        for due_s, text in sorted(plans[id(phone)]):
            time.sleep(max(0.0, begin + due_s - time.monotonic()))
            phone.write(phone.round(round_id), factor, text)

    wrote = _all(room, write, len(room))
    confirmed = {text for phone in wrote for _, text in plans[id(phone)]}
    published_s = _end(facilitator, round_id)
    _all(room, lambda phone: phone.wait(lambda: confirmed <= phone.shown_s.keys()), len(room))
    show_ms = [1000 * (at_s - published_s) for phone in room for at_s in phone.shown_s.values()]
    return [text for plan in plans.values() for _, text in plan], show_ms


def _vote(facilitator: Phone, room: list[Phone]) -> int:
    """Each approves some; gives how many votes were not counted as they were cast."""
    chance = Random(len(room))
    round_id = _begin(facilitator, "vote", method="approval", targets="cards", points=0, cap=0)
    facilitator.wait(lambda: bool(facilitator.round(round_id).get("ballot")))
    targets = [target["id"] for target in facilitator.round(round_id)["ballot"]]
    choices = {id(phone): chance.sample(targets, min(5, len(targets))) for phone in room}

    def vote(phone: Phone) -> None:
        phone.wait(lambda: phone.round(round_id)["state"] == "running")
        at = {"round": round_id, "epoch": phone.round(round_id)["epoch"]}
        phone.send("ballot.cast", **at, revision=1, choices=dict.fromkeys(choices[id(phone)], True))

    voted = _all(room, vote, len(room))
    _end(facilitator, round_id)
    facilitator.wait(lambda: bool(_tally(facilitator, round_id)))
    tally = _tally(facilitator, round_id)
    cast = Counter(target for phone in voted for target in choices[id(phone)])
    counted = {row["target"]: row["total"] for row in tally["rows"]}
    missed = abs(tally["ballots"] - len(room))
    return missed + sum(abs(counted.get(target, 0) - cast[target]) for target in targets)


def _tally(phone: Phone, round_id: str) -> dict[str, Any]:
    return next((t for t in phone.tables.get("tallies", {}).values() if t["round"] == round_id), {})


def _result(many: int, inside: list[Phone], texts: list[str], wrong: int, show_ms: list[float]) -> Rehearsal:
    """A text is lost for each phone that never saw it, and doubled for each time too many."""
    stands = [Counter(phone.texts()) for phone in inside]
    doubled = sum(max(0, on_phone[text] - 1) for on_phone in stands for text in texts)
    lost = sum(not on_phone[text] for on_phone in stands for text in texts)
    return Rehearsal(
        phones=many,
        joined=len(inside),
        sent=len(texts) + (len(inside) if texts else 0),
        lost=lost,
        doubled=doubled,
        wrong=wrong,
        join_ms=[phone.join_ms for phone in inside],
        confirm_ms=[took for phone in inside for took in phone.confirm_ms],
        show_ms=show_ms,
    )
