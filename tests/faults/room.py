"""A seeded simulation: browsers on two boards, over links that drop, repeat, reorder and cut, and a server that dies.

The wire is ours; the server is a `Core`, the model or the real one. Nothing heals at the end but what would heal in life:
heartbeats and retries. What must be true is in `oracle.py`; bugs to be caught are in `planted.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

from app.domain import rounds
from app.domain.changes import projected
from app.domain.operations import CLOCK, Actor, Operation
from app.domain.policy import live_round
from app.domain.records import View, view_of
from app.moments import Committed, frame
from tests.faults.core import Core, PowerCut
from tests.faults.oracle import Oracle
from tests.faults.people import Intent, Person
from tests.replica import Replica
from tests.seminar import BOARD, EXPERT, FACILITATOR, seat

OTHER = "c" * 32
SEATS = 8
SCENES = ("", "post", "carousel", "tables", "vote", "vote")
PASSING = ("retry", "storage", "slow_down")


@dataclass(frozen=True, slots=True)
class Link:
    """How bad the links and the server's power are, as chances per step or frame."""

    drop: float = 0.12
    repeat: float = 0.08
    cut: float = 0.03
    crash: float = 0.006
    trouble: float = 0.03


GOOD = Link(0, 0, 0, 0, 0)


@dataclass
class Browser:
    """One page: replica, outbox, and the wire in both directions. `session` counts its connections."""

    board: str
    person: Person
    outbox: dict[str, Operation] = field(default_factory=dict)
    up: list[Operation] = field(default_factory=list)
    down: list[tuple[str, Any]] = field(default_factory=list)
    online: bool = False
    session: int = 0

    @property
    def actor(self) -> Actor:
        return self.person.actor

    @property
    def replica(self) -> Replica:
        return self.person.replica

    @property
    def view(self) -> View:
        return view_of(self.actor.role, self.actor.table)


class Room:
    """Everybody, one server, one seed."""

    def __init__(
        self, core: Core, random: Random, link: Link | None = None, replica: type[Replica] = Replica
    ) -> None:
        self.core, self.random, self.link = core, random, GOOD
        self.oracle = Oracle(core)
        self.numbers: count[int] = count(1)
        self.op_ids: dict[str, count[int]] = {BOARD: count(1), OTHER: count(1)}
        first_seat_twice = [seat(number) for number in (1, 1, 2, 3, 4, 5, 6)]
        self.browsers = [
            Browser(board, Person(actor, replica(), random, self.numbers))
            for board, actors in (
                (BOARD, [*first_seat_twice, EXPERT, FACILITATOR]),
                (OTHER, [seat(1), seat(2), FACILITATOR]),
                # More than five write, so that batches leave the pool.
                (BOARD, [seat(7), seat(8)]),
            )
            for actor in actors
        ]
        core.on_commit(self.oracle.committed)
        core.on_commit(self._publish)
        for board in (BOARD, OTHER):
            core.create(board)
        self._open_scene(random.choice(SCENES))
        core.meanwhile = self._meanwhile
        self.link = link or Link()
        core.trouble = self.link.trouble

    def _open_scene(self, scene: str) -> None:
        """Somewhere in the seminar, without faults: most boards are not empty when the links fail."""
        if scene == "vote":
            self._open_scene("post")
            for browser in self.browsers[:7]:
                self._ask(browser, next(i for i in browser.person.intents() if i[0] == "card.post"))
            for verb in ("close", "publish"):
                self._ask(self.browsers[8], (f"round.{verb}", {"round": "post", "epoch": 1}))
        if scene:
            self._ask(self.browsers[8], ("round.start", {"round": scene}))

    # --- the server's side of the wire ---

    def _publish(self, committed: Committed) -> None:
        frames: dict[View, dict[str, Any]] = {}
        for browser in self.browsers:
            if browser.board != committed.board or not browser.online:
                continue
            if browser.view not in frames:
                wire = projected(committed.changes, self.seen_by(browser.view), committed.moment.state)
                frames[browser.view] = frame(committed.before, committed.moment, wire)
                self.oracle.sent(committed.board, browser.view, frames[browser.view])
            self._down(browser, "changes", frames[browser.view])

    def seen_by(self, view: View) -> View:
        """What a view is told of; a planted bug tells more."""
        return view

    def _down(self, browser: Browser, event: str, data: Any) -> None:
        if self.random.random() < self.link.drop:
            return
        browser.down.append((event, data))

    def _hello(self, browser: Browser, head: int, generation: int) -> None:
        missed = self.core.catch_up(browser.board, browser.view, head, generation)
        if missed:
            self.oracle.sent(browser.board, browser.view, missed)
            self._down(browser, "changes", missed)

    def _beat(self, browser: Browser) -> None:
        moment = self.core.moment(browser.board)
        asked = browser.replica.beat({"head": moment.head, "digest": moment.digest.of(browser.view)})
        if asked:
            self._hello(browser, *asked)

    # --- what may happen next ---

    def step(self) -> None:
        self.core.clock.ms += self.random.choice((0, 100, 1000, 1000, 10_000))
        # The facilitator is as busy as all the others: rounds must open, close and be published.
        facilitator = self.random.random() < 0.15
        browser = self.browsers[8] if facilitator else self.random.choice(self.browsers)
        chance = self.random.random()
        if chance < self.link.crash:
            self._crash()
        elif chance < self.link.crash + self.link.cut:
            self._cut(browser)
        elif not browser.online:
            self._connect(browser)
        else:
            self._one_thing(browser)

    def _one_thing(self, browser: Browser) -> None:
        dice = self.random.randrange(10)
        if dice < 3:
            self._act(browser)
        elif dice < 5:
            for _ in range(self.random.randrange(1, 4)):
                self._send(browser)
        elif dice < 7:
            self._read(browser)
        elif dice < 8:
            self._receive(browser, self.random.randrange(len(browser.down)) if browser.down else 0)
        elif dice < 9:
            self._beat(browser)
        else:
            self._tick(browser.board)
        if self.random.random() < 0.4:
            self._work()

    def _meanwhile(self) -> None:
        """While a group commits, the next gathers, and frames arrive."""
        for _ in range(self.random.randrange(4)):
            browser = self.random.choice(self.browsers)
            if browser.online:
                self.random.choice((self._send, self._read))(browser)

    def _work(self) -> None:
        try:
            self.core.work()
        except PowerCut:
            self._crash()

    def _cut(self, browser: Browser) -> None:
        browser.online, browser.up, browser.down = False, [], []
        browser.session += 1

    def _connect(self, browser: Browser) -> None:
        browser.online = True
        browser.up = list(browser.outbox.values())
        self._hello(browser, browser.replica.head, browser.replica.generation)

    def _crash(self) -> None:
        self.core.crash(keys_too=self.random.random() < 0.2)
        for browser in self.browsers:
            self._cut(browser)

    def _act(self, browser: Browser) -> None:
        if intents := browser.person.intents():
            self._say(browser, self.random.choice(intents))

    def _say(self, browser: Browser, intent: Intent) -> None:
        """Into the outbox, as the page does before anything is sent."""
        kind, payload = intent
        operation = Operation(f"{next(self.op_ids[browser.board]):032x}", kind, payload)
        browser.person.begins(kind, payload)
        browser.outbox[operation.id] = operation
        browser.up.append(operation)
        self.oracle.asked(browser.board, browser.actor, operation)

    def _ask(self, browser: Browser, intent: Intent) -> None:
        """Say it, and let everybody hear what came of it."""
        for each in self.browsers:
            if not each.online:
                self._connect(each)
            self._read(each)
        self._say(browser, intent)
        self._send(browser)
        self._work()
        for each in self.browsers:
            self._read(each)

    def _tick(self, board: str) -> None:
        """The server's clock: closes at zero, releases batches. Under ids that make a second worker's harmless."""
        live = live_round(self.core.moment(board).state["rounds"].values())
        if not live:
            return
        at = {"round": live["id"], "epoch": live["epoch"]}
        if live["state"] == "running" and live["at_zero"] == "close":
            deadline = rounds.deadline_ms(live)
            if self.core.clock.ms > deadline:
                self._clock(board, f"close:{live['id']}:{live['epoch']}:{deadline}", "close", at, deadline)
        if live["release"] == "batched":
            op_id = f"release:{live['id']}:{live['epoch']}:{live['released']}"
            operation = Operation(op_id, "round.release", {**at, "n": live["released"]})
            self.core.submit(board, CLOCK, [operation], lambda answers: None)

    def _clock(self, board: str, op_id: str, verb: str, at: dict[str, Any], deadline: int) -> None:
        operation = Operation(op_id, f"round.{verb}", {**at, "deadline_ms": deadline})
        self.core.submit(board, CLOCK, [operation], lambda answers: None)

    def _send(self, browser: Browser) -> None:
        """What lies on the wire reaches the server, in any order; some of it is lost, some comes twice."""
        if not browser.up:
            browser.up = list(browser.outbox.values())  # the browser's own retry
            return
        operation = browser.up.pop(self.random.randrange(len(browser.up)))
        if self.random.random() < self.link.drop:
            return
        if self.random.random() < self.link.repeat:
            browser.up.append(operation)
        self.core.submit(browser.board, browser.actor, [operation], self._reply_to(browser, operation))

    def _reply_to(self, browser: Browser, operation: Operation) -> Callable[[list[dict[str, Any]]], None]:
        session = browser.session

        def reply(answers: list[dict[str, Any]]) -> None:
            answer = {**answers[0], "id": operation.id}
            self.oracle.answered(browser.board, operation.id, answer)
            if browser.session == session:
                self._down(browser, "answer", answer)

        return reply

    def _receive(self, browser: Browser, place: int) -> None:
        if not browser.down:
            return
        event, data = browser.down.pop(place)
        if self.random.random() < self.link.repeat:
            browser.down.append((event, data))  # comes again, after whatever came since
        if event == "changes":
            took = self._take(browser, data)
            self.oracle.shown(browser.board, browser.view, browser.replica)
            if not took:
                self._hello(browser, browser.replica.head, browser.replica.generation)
        elif data.get("code") not in PASSING and (operation := browser.outbox.pop(data["id"], None)):
            browser.person.memory.answered(operation.kind, operation.payload, data)
            self.oracle.heard(browser.board, operation.id, data)

    def _take(self, browser: Browser, frame_: dict[str, Any]) -> bool:
        try:
            return browser.replica.receive(frame_)
        except KeyError as error:
            raise AssertionError(f"a page was told of what it never had: {error}") from error

    def _read(self, browser: Browser) -> None:
        while browser.down:
            self._receive(browser, 0)

    # --- the end ---

    def run(self, steps: int) -> None:
        """The whole life of a seed. Raises: AssertionError."""
        for _ in range(steps):
            self.step()
        self.heal()
        self.check()

    def heal(self, rounds_: int = 40) -> None:
        """Good links and steady power again: only retries and heartbeats, as in life."""
        self.link = GOOD
        self.core.trouble = GOOD.trouble
        for _ in range(rounds_):
            for browser in self.browsers:
                if not browser.online:
                    self._connect(browser)
                self._read(browser)
                browser.up = browser.up or list(browser.outbox.values())
                while browser.up:
                    self._send(browser)
                self._work()
                self._read(browser)
                self._beat(browser)
                self._read(browser)
            if all(self._is_calm(browser) for browser in self.browsers):
                return

    def _is_calm(self, browser: Browser) -> bool:
        return not browser.outbox and browser.replica.head == self.core.moment(browser.board).head

    def check(self) -> None:
        """Everything that must be true at the end; an AssertionError otherwise."""
        for browser in self.browsers:
            assert not browser.outbox, "an operation is stuck"
            self.oracle.check_page(browser.board, browser.view, browser.replica)
        for board in (BOARD, OTHER):
            self.oracle.check_board(board)
