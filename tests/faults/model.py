"""A server of a few dictionaries: the real rules, changes and frames, and the promises of log and urn in their plainest form.

It knows no SQL, no thread and no cipher, so thousands of seeds fit into a minute; what it shares with the real door is the
domain. A group is decided on a copy and becomes true at once, as one transaction does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from random import Random
from typing import Any

from app.committer import Reply
from app.domain.changes import applied, projected, visible
from app.domain.digest import Digest
from app.domain.errors import PASSING, Rejected
from app.domain.operations import CLOCK, Actor, Ballot, Contents, Context, Drop, Opening, Operation, Text
from app.domain.records import State, View, empty_state
from app.domain.rules import decide
from app.moments import Answer, Committed, Moment, frame, refusal
from app.store.log import Entry, all_changes
from tests.faults.core import MOST_MISSED, SET_UP, PowerCut
from tests.seminar import ADMINISTRATOR, StoppedClock

IN, WITHDRAWN, RELEASED = "in", "withdrawn", "released"


@dataclass(frozen=True, slots=True)
class Kept:
    """A text in an urn. `owner` is nobody once the key is lost, until somebody claims it."""

    owner: tuple[str, str, str] | None
    what: str
    body: dict[str, Any]
    revision: int = 1
    state: str = IN


@dataclass(slots=True)
class Box:
    """One epoch's urn: hash of the secret -> text, seat -> (revision, ballot)."""

    texts: dict[str, Kept] = field(default_factory=dict)
    ballots: dict[str, tuple[int, Ballot]] = field(default_factory=dict)
    has_key: bool = True

    def drop(self, drop: Drop, seat: str) -> None:
        place = (seat, drop.what, drop.bucket)
        match drop.action:
            case "put":
                if drop.secret_hash in self.texts:
                    raise Rejected("id_reused")
                self._need_room(place, drop.budget)
                self.texts[drop.secret_hash] = Kept(place, drop.what, drop.body)
            case "ballot":
                there = self.ballots.get(seat)
                if there and there[0] >= drop.revision:
                    raise Rejected("moved_meanwhile", revision=there[0])
                self.ballots[seat] = (drop.revision, Ballot(drop.body, drop.side))
            case _:
                self._alter(drop, place)

    def _need_room(self, place: tuple[str, str, str], budget: int) -> None:
        if sum(kept.owner == place and kept.state != WITHDRAWN for kept in self.texts.values()) >= budget:
            raise Rejected("budget_spent", budget=budget)

    def _alter(self, drop: Drop, place: tuple[str, str, str]) -> None:
        secret_hash = sha256(bytes.fromhex(drop.secret)).hexdigest()
        kept = self.texts.get(secret_hash)
        if kept is None or kept.state == RELEASED:
            raise Rejected("gone")
        if drop.action == "claim":
            if kept.owner != place:
                self._need_room(place, drop.budget)
                self.texts[secret_hash] = replace(kept, owner=place)
        elif drop.revision > kept.revision:
            if kept.state == WITHDRAWN:
                raise Rejected("gone")
            state = WITHDRAWN if drop.action == "withdraw" else IN
            body = {**kept.body, **drop.body}
            self.texts[secret_hash] = replace(kept, body=body, revision=drop.revision, state=state)

    def lose_key(self) -> None:
        self.has_key = False
        self.ballots = {}
        self.texts = {secret: replace(kept, owner=None) for secret, kept in self.texts.items()}

    def contents(self, opening: Opening, random: Random) -> Contents:
        shown = {secret: each for secret, each in self.texts.items() if each.state == IN}
        owners = sorted({each.owner[0] for each in shown.values() if each.owner})
        if opening.drawn:
            authors = random.sample(owners, opening.drawn(len(owners)))
            shown = dict(self._one_of(author, shown, random) for author in authors)
        if opening.release:
            self.texts |= {secret: replace(each, state=RELEASED) for secret, each in shown.items()}
        texts = [Text(random.randbytes(12).hex(), each.what, each.body) for each in shown.values()]
        cast = [ballot for _, ballot in self.ballots.values()]
        random.shuffle(texts)
        random.shuffle(cast)
        return Contents(texts, cast, len(owners))

    @staticmethod
    def _one_of(author: str, texts: dict[str, Kept], random: Random) -> tuple[str, Kept]:
        own = [(secret, each) for secret, each in texts.items() if each.owner and each.owner[0] == author]
        return random.choice(own)


@dataclass(slots=True)
class Shelf:
    """What is on disk of one board."""

    moment: Moment
    entries: list[Entry] = field(default_factory=list)
    known: dict[str, tuple[Operation, Answer]] = field(default_factory=dict)
    # What left no trace is remembered as long as the process lives.
    fleeting: dict[str, tuple[Operation, Answer]] = field(default_factory=dict)
    boxes: dict[tuple[str, int], Box] = field(default_factory=dict)

    def copy(self) -> Shelf:
        boxes = {name: Box(dict(b.texts), dict(b.ballots), b.has_key) for name, b in self.boxes.items()}
        return Shelf(self.moment, list(self.entries), dict(self.known), dict(self.fleeting), boxes)


Submission = tuple[Actor, Operation, int, Callable[[Answer], None]]


@cache
def _set_up() -> Shelf:
    """A board after its first operation: the same for every seed."""
    state = empty_state()
    shelf = Shelf(Moment(0, 1, state, Digest.of_state(state)))
    core = ModelCore(Random(0), 0)
    core._answer(shelf, ADMINISTRATOR, SET_UP, core.clock.now_ms())
    shelf.moment = replace(shelf.moment, digest=Digest.of_state(shelf.moment.state))
    return shelf


class ModelCore:
    """Fulfils `Core`."""

    def __init__(self, random: Random, seats: int) -> None:
        self.random, self.trouble, self.seats = random, 0.0, seats
        self.clock = StoppedClock()
        self.meanwhile: Callable[[], None] = lambda: None
        self._shelves: dict[str, Shelf] = {}
        self._queues: dict[str, deque[Submission]] = {}
        self._listeners: list[Callable[[Committed], None]] = []

    def create(self, board: str) -> None:
        self._shelves[board], self._queues[board] = _set_up().copy(), deque()

    def on_commit(self, listener: Callable[[Committed], None]) -> None:
        self._listeners.append(listener)

    def submit(self, board: str, actor: Actor, operations: Sequence[Operation], reply: Reply) -> None:
        for operation in operations:
            answer = lambda found: reply([found])  # noqa: E731
            self._queues[board].append((actor, operation, self.clock.now_ms(), answer))

    def work(self) -> None:
        for board, queue in self._queues.items():
            while queue:
                group = list(queue)
                queue.clear()
                self._commit(board, group)

    def _commit(self, board: str, group: list[Submission]) -> None:
        before, after = self._shelves[board], self._shelves[board].copy()
        answers = [self._answer(after, *submission[:3]) for submission in group]
        self._write(board, after, group, answers)
        head = before.moment.head
        if after.moment.head != head:
            changes = all_changes(after.entries[head:])
            for listener in self._listeners:
                listener(Committed(board, head, after.moment, changes))
        for submission, answer in zip(group, answers, strict=True):
            submission[3](answer)

    def _write(self, board: str, after: Shelf, group: list[Submission], answers: list[Answer]) -> None:
        """The transaction: all of it or nothing. Raises: PowerCut, before it or after."""
        self.meanwhile()
        if self.random.random() < self.trouble / 2:
            raise PowerCut
        start = self._shelves[board].moment
        changes = all_changes(after.entries[start.head :])
        digest = start.digest.moved(start.state, after.moment.state, changes)
        after.moment = replace(after.moment, digest=digest)
        self._shelves[board] = after
        if self.random.random() < self.trouble / 2:
            raise PowerCut

    def _answer(self, shelf: Shelf, actor: Actor, operation: Operation, received_ms: int) -> Answer:
        for kept in (shelf.known, shelf.fleeting):
            if operation.id in kept:
                first, answer = kept[operation.id]
                return answer if first == operation else refusal(operation.id, Rejected("id_reused"))
        head, remembered = shelf.moment.head, shelf.known
        try:
            answer = self._decide(shelf, actor, operation, received_ms)
        except Rejected as rejected:
            answer, remembered = refusal(operation.id, rejected), shelf.fleeting
        if answer.get("seq") == head:
            remembered = shelf.fleeting  # it changed nothing
        # The clock asks again under the same id, until it is time.
        if answer.get("code") not in PASSING and not (actor == CLOCK and "code" in answer):
            remembered[operation.id] = (operation, answer)
        return answer

    def _decide(self, shelf: Shelf, actor: Actor, operation: Operation, received_ms: int) -> Answer:
        decision = decide(shelf.moment.state, operation, actor, Context(received_ms, self.seats))
        if isinstance(decision, Drop):
            if actor.seat is None:
                raise Rejected("not_allowed")
            self._box(shelf, decision).drop(decision, actor.seat)
            return {"id": operation.id, "sealed": True}
        if isinstance(decision, Opening):
            box = self._box(shelf, decision)
            changes = decision.then(box.contents(decision, self.random))
            if decision.destroy:
                del shelf.boxes[decision.round, decision.epoch]
        else:
            changes = decision
        if changes:
            self._append(shelf, operation, changes)
        return {"id": operation.id, "seq": shelf.moment.head}

    def _box(self, shelf: Shelf, asked: Drop | Opening) -> Box:
        """The urn; one whose key is lost gets a new one first, and whoever asked comes again."""
        round_ = shelf.moment.state["rounds"][asked.round]
        box = shelf.boxes[asked.round, asked.epoch]
        if not box.has_key:
            payload = {"round": asked.round, "epoch": asked.epoch, "key": round_["key"]}
            op_id = f"rekey:{asked.round}:{asked.epoch}:{round_['key']}"
            self._answer(shelf, CLOCK, Operation(op_id, "round.rekey", payload), self.clock.now_ms())
            box.has_key = True
            raise Rejected("retry")
        return box

    def _append(self, shelf: Shelf, operation: Operation, changes: list[Any]) -> None:
        head, state = shelf.moment.head + 1, applied(shelf.moment.state, changes)
        op_hash = self.op_hash("", operation.id)
        shelf.entries.append(Entry(head, op_hash, b"", operation.kind, changes))
        # The digest is moved once a group.
        shelf.moment = Moment(head, shelf.moment.generation, state, shelf.moment.digest)
        for change in changes:
            if change.table == "rounds" and "epoch" in change.fields and change.op == "patch":
                shelf.boxes[change.id, change.fields["epoch"]] = Box()

    def crash(self, *, keys_too: bool) -> None:
        for board, queue in self._queues.items():
            queue.clear()
            self._shelves[board].fleeting = {}
        if keys_too:
            for board, shelf in self._shelves.items():
                self._shelves[board] = copied = shelf.copy()
                for box in copied.boxes.values():
                    box.lose_key()

    def moment(self, board: str) -> Moment:
        return self._shelves[board].moment

    def view(self, board: str, view: View) -> State:
        state = empty_state()
        for _, table, record in visible(self.moment(board).state, view):
            state[table][record["id"]] = record
        return state

    def catch_up(self, board: str, view: View, head: int, generation: int) -> dict[str, Any] | None:
        now = self.moment(board)
        if (generation, head) == (now.generation, now.head):
            return None
        if generation != now.generation or not 0 < head < now.head or now.head - head > MOST_MISSED:
            return frame(0, now, visible(now.state, view), reset=True)
        missed = all_changes(self._shelves[board].entries[head:])
        return frame(head, now, projected(missed, view, now.state))

    def entries(self, board: str) -> list[Entry]:
        return self._shelves[board].entries

    def op_hash(self, board: str, op_id: str) -> bytes:
        return op_id.encode()

    def urn_texts(self, board: str, round_id: str, epoch: int) -> list[str]:
        box = self._shelves[board].boxes.get((round_id, epoch), Box())
        return [kept.body["text"] for kept in box.texts.values() if kept.state == IN]

    def close(self) -> None:
        """Nothing is open."""
