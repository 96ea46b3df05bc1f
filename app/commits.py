"""The group commit: decide what is queued, write it in one transaction, and only then show and answer it.

Used by `committer.py` alone. A plan is a group's decisions on one moment of a board; when the moment turns out to be old, or the
transaction fails, the plan is thrown away and nothing of it was ever seen.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app.custody import rekeying
from app.domain import quota
from app.domain.changes import Change, applied
from app.domain.errors import PASSING, Rejected
from app.domain.operations import CLOCK, Context, Drop, Erasure, Opening, Operation
from app.domain.records import State
from app.domain.rounds import left_ms
from app.domain.rules import decide
from app.moments import Answer, Board, Committed, Known, Moment, Submission, key_name, refusal
from app.replay import RECENT_ENTRIES, follow, unopened
from app.store import clocks, log
from app.store import urn as urn_rows
from app.store.database import Overtaken
from app.store.log import Entry, HeadMoved
from app.store.urn import Epoch
from app.urn import Urn
from app.urn.keys import KeyLost, KeyName, mark_of

if TYPE_CHECKING:
    from app.boards import Boards

logger = logging.getLogger("palabre.boards")

TRIES = 5
MOST_PASSED = 5000
# Whose name and time the log keeps: staff. A participant's or scribe's operation leaves neither.
NAMED = frozenset({"facilitator", "expert", "rapporteur", "administrator"})
# What is done to a text already in the urn: whoever has its secret may, and no seat's slots are looked at.
BY_SECRET = frozenset({"edit", "withdraw"})
# Of the clock's operations, those whose time is a round's or the calendar's own; when a batch goes out depends on who wrote.
CLOCK_TIMED = frozenset({"round.close", "round.pause", "round.rekey", "board.forget", "board.archive"})
# A close may start the next round.
NEEDS_SEATS = frozenset({"round.start", "round.reopen", "round.close"})


def commit_group(boards: Boards, board: Board, group: Sequence[Submission]) -> None:
    """Decide and write a group of submissions, in as few transactions as their openings allow."""
    tries = 0
    while group:
        plan = Plan(boards, board)
        taken = plan.take(group)
        try:
            plan.find_keys()
            boards.commit(plan.write)
        except (Overtaken, IntegrityError):
            # Another worker was first: read what is new and decide again.
            follow(boards, board)
            tries += 1
            if tries < TRIES:
                continue
            plan.refuse("retry")
        except KeyLost as lost:
            if not boards.custody.is_held_elsewhere(lost.name):
                _rekey(boards, board, lost.name)
            plan.refuse("retry")
        except (SQLAlchemyError, OSError) as error:
            # Whether it was committed may be unknown; reading the log finds out, and a retry hears the true answer.
            logger.error("storage: %s on board %s", type(error).__name__, board.id)
            follow(boards, board)
            plan.refuse("storage")
        else:
            plan.settle()
        group = group[taken:]


def _rekey(boards: Boards, board: Board, lost: KeyName) -> None:
    """Put a new key in force for the one that is gone. The refused operations come again.

    Of no other urn: a group may be about several, and what lies under a key that is there must not be voided with it.
    """
    now_ms = boards.clock.now_ms()
    commit_group(boards, board, [Submission(CLOCK, rekeying(lost), now_ms, lambda answer: None)])


@dataclass(slots=True)
class _Sealed:
    """A drop on its way into an urn, and what became of it: another worker may have known it already."""

    submission: Submission
    drop: Drop
    op_hash: bytes
    fingerprint: bytes
    refused: Rejected | None = None
    known: bytes | None = None


class Plan:
    """The decisions on the submissions up to the next opening or erasure; or that one opening or erasure."""

    def __init__(self, boards: Boards, board: Board) -> None:
        self._boards, self._board = boards, board
        self._start: Moment = board.moment
        self._state: State = board.moment.state
        self._entries: list[Entry] = []
        # The tables of the state that are this plan's own copies.
        self._own: set[str] = set()
        self._sealed: list[_Sealed] = []
        self._opening: tuple[Submission, Opening, bytes, bytes] | None = None
        self._erasure: Erasure | None = None
        self._new: Known = {}
        self._log_bytes = 0
        self._texts: Counter[str] = Counter()
        self._fresh_keys: dict[KeyName, bytes] = {}
        self._answers: list[tuple[Submission, Answer]] = []
        self._repeats: set[int] = set()

    # --- deciding, on the event loop ---

    def take(self, group: Sequence[Submission]) -> int:
        """Decide submissions in their order; an opening ends the plan, or is the whole of it. Returns how many were taken."""
        for place, submission in enumerate(group):
            if not self._take(submission):
                return place
            if self._opening or self._erasure:
                return place + 1
        return len(group)

    def _take(self, submission: Submission) -> bool:
        operation = submission.operation
        try:
            return self._weigh(submission, operation)
        except Rejected as rejected:
            self._answers.append((submission, refusal(operation.id, rejected)))
        except Exception:
            # Our mistake, and this operation's alone: the others of its group must not suffer from it.
            logger.exception("a rule failed: %s", operation.kind)
            self._own = set()
            self._state = applied(self._start.state, log.all_changes(self._entries), self._own)
            self._answers.append((submission, refusal(operation.id, Rejected("internal"))))
        return True

    def _weigh(self, submission: Submission, operation: Operation) -> bool:
        op_hash = self._boards.op_hash(self._board.id, operation.id)
        fingerprint = self._boards.fingerprint(operation)
        if op_hash in self._new:
            return False  # its twin is in this very group: wait for what becomes of it
        if known := self._board.known.get(op_hash) or self._board.passed.get(op_hash):
            self._repeats.add(id(submission))
            self._answers.append((submission, _again(operation.id, known, fingerprint)))
            return True
        quota.room_in_log(submission.actor.role, self._board.log_bytes)
        decision = decide(self._state, operation, submission.actor, self._context(submission))
        if isinstance(decision, Opening):
            if self._entries or self._sealed:
                return False
            self._opening = (submission, decision, op_hash, fingerprint)
        elif isinstance(decision, Erasure):
            if self._entries or self._sealed:
                return False
            self._erasure = decision
            self._accept(submission, decision.changes, op_hash, fingerprint)
        elif isinstance(decision, Drop):
            self._sealed.append(_Sealed(submission, decision, op_hash, fingerprint))
            self._new[op_hash] = (fingerprint, None)
        else:
            self._accept(submission, decision, op_hash, fingerprint)
        return True

    def _context(self, submission: Submission) -> Context:
        seats = 0
        if submission.operation.kind in NEEDS_SEATS:
            seats = len(self._boards.read(lambda c: self._boards.seats_of(c, self._board.id)))
        return Context(submission.received_ms, seats)

    def _accept(
        self, submission: Submission, changes: list[Change], op_hash: bytes, fingerprint: bytes
    ) -> None:
        operation, actor = submission.operation, submission.actor
        if not changes:
            self._answers.append((submission, {"id": operation.id, "seq": self._head()}))
            return
        self._state = applied(self._state, changes, self._own)
        named = actor.role in NAMED
        timed = named or (actor.role == "clock" and operation.kind in CLOCK_TIMED)
        entry = Entry(
            self._head() + 1,
            op_hash,
            fingerprint,
            operation.kind,
            changes,
            actor.person if named else None,
            submission.received_ms if timed else None,
        )
        self._entries.append(entry)
        self._new[op_hash] = (fingerprint, entry.seq)
        self._answers.append((submission, {"id": operation.id, "seq": entry.seq}))

    def _head(self) -> int:
        return self._entries[-1].seq if self._entries else self._start.head

    def rounds(self) -> set[str]:
        """The rounds whose urns this plan touches."""
        touched = {sealed.drop.round for sealed in self._sealed}
        return touched | {self._opening[1].round} if self._opening else touched

    def find_keys(self) -> None:
        """Before the transaction, because a key may have to be asked for elsewhere. Raises: KeyLost."""
        for round_id in self.rounds():
            name = key_name(self._board.id, self._state["rounds"][round_id])
            if not self._begins(name):
                self._boards.custody.find(name)

    def _begins(self, name: KeyName) -> bool:
        """Whether this very plan puts the key in force."""
        before = self._start.state["rounds"].get(name.epoch.round)
        return before is None or key_name(self._board.id, before) != name

    # --- writing, in a real thread, inside one transaction ---

    def write(self, connection: Connection) -> None:
        """Raises: Overtaken, KeyLost, or what the database raises; then nothing was written."""
        # Even if there is only a refusal: it must not rest on what another worker has changed since.
        at = (self._start.head, self._start.generation)
        log.fence(connection, self._board.id, at, alone=bool(self._entries or self._opening))
        if self._opening:
            self._open(connection)
        if self._entries:
            for name in self._opened():
                urn_rows.forget_key(connection, name.epoch)
            self._prepare_keys(connection)
            self._keep_clock(connection)
            self._log_bytes = log.append(connection, self._board.id, self._start.head, self._entries)
        if self._erasure:
            log.rewrite(connection, self._board.id, self._erasure)
        refused = urn_rows.known_among(connection, self._board.id, self._refused())
        if refused:
            # Refused here, and taken by another worker before: decided again, it has its true answer.
            self._board.known.update({op_hash: (mark, None) for op_hash, mark in refused.items()})
            raise HeadMoved
        if self._sealed:
            self._recall(connection)
            self._texts = self._count_texts(connection)
        for sealed in self._sealed:
            self._drop(connection, sealed)

    def _refused(self) -> list[bytes]:
        return [
            self._boards.op_hash(self._board.id, answer["id"])
            for submission, answer in self._answers
            if "code" in answer and id(submission) not in self._repeats
        ]

    def _urn(self, round_id: str) -> Urn:
        # The key is that of the newest state: a group may hold a round's start and its first cards.
        name = key_name(self._board.id, self._state["rounds"][round_id])
        return Urn(name.epoch, self._fresh_keys.get(name) or self._boards.custody.keys.get(name))

    def _open(self, connection: Connection) -> None:
        assert self._opening
        submission, opening, op_hash, fingerprint = self._opening
        urn = self._urn(opening.round)
        seats = self._boards.authors_of(connection, self._board.id)
        try:
            changes = opening.then(urn.look(connection, opening, seats))
        except Rejected as rejected:
            self._answers.append((submission, refusal(submission.operation.id, rejected)))
            return
        self._accept(submission, changes, op_hash, fingerprint)
        if opening.destroy:
            urn_rows.empty(connection, urn.epoch)
        elif opening.release:
            urn.take(connection)

    def _prepare_keys(self, connection: Connection) -> None:
        """A round that begins an epoch, or lost its key, gets a fresh one before anything can be dropped."""
        for change in log.all_changes(self._entries):
            if change.table == "rounds" and change.op == "patch" and {"epoch", "key"} & change.fields.keys():
                name = key_name(self._board.id, self._state["rounds"][change.id])
                key = self._fresh_keys[name] = self._boards.custody.keys.create(name)
                row = urn_rows.KeyRow(name.epoch, name.key, mark_of(key), self._boards.clock.now_ms())
                urn_rows.put_key(connection, row)
                if name.key > 1:
                    urn_rows.void_ballots(connection, name.epoch)

    def _keep_clock(self, connection: Connection) -> None:
        """A round that begins, goes on or gets another end: its time is safe with it, should the server die the next moment."""
        moved = [
            change.id
            for change in log.all_changes(self._entries)
            if change.table == "rounds" and change.op == "patch" and "ends_at_ms" in change.fields
        ]
        for round_ in (self._state["rounds"][round_id] for round_id in moved):
            if round_["state"] == "running":
                now_ms = self._boards.clock.now_ms()
                kept = clocks.Clock(round_["id"], left_ms(round_, now_ms), now_ms)
                clocks.keep(connection, self._board.id, kept)

    def _recall(self, connection: Connection) -> None:
        """Which of these drops came before, through another worker."""
        hashes = [sealed.op_hash for sealed in self._sealed]
        known = urn_rows.known_among(connection, self._board.id, hashes)
        for sealed in self._sealed:
            sealed.known = known.get(sealed.op_hash)

    def _count_texts(self, connection: Connection) -> Counter[str]:
        """How many texts of each kind the board has: out of its urns, a tray's too, and in the one that takes more."""
        put = next((sealed.drop for sealed in self._sealed if sealed.drop.action == "put"), None)
        if put is None:
            return Counter()
        there = Counter(card=len(self._state["cards"]), comment=len(self._state["comments"]))
        return there + Counter(urn_rows.waiting(connection, Epoch(self._board.id, put.round, put.epoch)))

    def _drop(self, connection: Connection, sealed: _Sealed) -> None:
        if sealed.known is not None:
            return
        seat = sealed.drop.seat or sealed.submission.actor.seat
        try:
            if seat is None and sealed.drop.action not in BY_SECRET:
                raise Rejected("not_allowed")
            if sealed.drop.action == "put":
                quota.room_for(sealed.drop.what, self._texts[sealed.drop.what])
            self._urn(sealed.drop.round).drop(connection, sealed.drop, seat or "")
        except Rejected as rejected:
            # Its copy may have come through another worker this very moment, and be what it was refused for.
            known = urn_rows.known_among(connection, self._board.id, [sealed.op_hash])
            sealed.known = known.get(sealed.op_hash)
            sealed.refused = None if known else rejected
            return
        urn_rows.remember(connection, self._board.id, sealed.op_hash, sealed.fingerprint)
        if sealed.drop.action == "put":
            self._texts[sealed.drop.what] += 1

    # --- after COMMIT, on the event loop ---

    def settle(self) -> None:
        """Keep new keys, make the new moment the board's, destroy keys, tell the listeners, answer the senders."""
        for name, key in self._fresh_keys.items():
            self._boards.custody.keys.keep(name, key)
        for sealed in self._sealed:
            self._settle_drop(sealed)
        self._board.known.update(self._new)
        if self._entries:
            self._advance()
        for submission, answer in self._answers:
            self._remember(submission, answer)
            submission.answer(answer)

    def _remember(self, submission: Submission, answer: Answer) -> None:
        """A final answer that left no trace, a refusal or that nothing had to change, is the same when the operation comes again.

        Else a copy that was overtaken on the other road takes effect after its sender got the text back as a draft. As long as
        this process lives: after a restart no copy is under way. The clock asks again under the same id until it is time.
        """
        operation = submission.operation
        undecided = answer.get("code") in (*PASSING, "internal")
        if submission.actor == CLOCK or undecided or id(submission) in self._repeats:
            return
        op_hash = self._boards.op_hash(self._board.id, operation.id)
        if op_hash not in self._board.known:
            passed = self._board.passed
            passed[op_hash] = (self._boards.fingerprint(operation), answer)
            while len(passed) > MOST_PASSED:
                del passed[next(iter(passed))]

    def _settle_drop(self, sealed: _Sealed) -> None:
        op_id = sealed.submission.operation.id
        if sealed.known is not None:
            self._new[sealed.op_hash] = (sealed.known, None)
            self._answers.append((sealed.submission, _again(op_id, (sealed.known, None), sealed.fingerprint)))
        elif sealed.refused:
            del self._new[sealed.op_hash]
            self._answers.append((sealed.submission, refusal(op_id, sealed.refused)))
        else:
            self._answers.append((sealed.submission, {"id": op_id, "sealed": True}))

    def _advance(self) -> None:
        changes = log.all_changes(self._entries)
        digest = self._start.digest.moved(self._start.state, self._state, changes)
        moment = Moment(self._head(), self._start.generation + bool(self._erasure), self._state, digest)
        # In this order: whoever sees the new head must find its changes.
        self._board.recent.extend(self._entries)
        if self._erasure:
            self._board.recent = deque(
                (log.passed_over(entry, self._erasure) for entry in self._board.recent),
                RECENT_ENTRIES,
            )
        self._board.moment = moment
        self._board.log_bytes += self._log_bytes
        if self._erasure:
            self._boards.truncate_wal(log.TABLE)
        self._destroy_keys()
        self._boards.tell(Committed(self._board.id, self._start.head, moment, changes))

    def _opened(self) -> set[KeyName]:
        """The keys whose urns this plan opens for good, or whose place another key takes."""
        if "rounds" not in self._own:
            return set()
        return unopened(self._board.id, self._start.state) - unopened(self._board.id, self._state)

    def _destroy_keys(self) -> None:
        opened = self._opened()
        self._boards.custody.destroy(opened)
        if opened:
            self._boards.truncate_wal()

    def refuse(self, code: str) -> None:
        """Nothing of this plan was written: every sender hears so, and only what had been answered before stays so.

        A refusal does not: it may have been decided on a state that never came to be.
        """
        decided = [submission for submission, _ in self._answers if id(submission) not in self._repeats]
        for submission, answer in self._answers:
            if id(submission) in self._repeats:
                submission.answer(answer)
        decided += [sealed.submission for sealed in self._sealed]
        if self._opening:
            decided.append(self._opening[0])
        for submission in decided:
            submission.answer(refusal(submission.operation.id, Rejected(code)))


def _again(op_id: str, known: tuple[bytes, int | Answer | None], fingerprint: bytes) -> Answer:
    """The answer to an operation that came before: the same, unless it is another one under the same id."""
    kept, before = known
    if kept != fingerprint:
        return refusal(op_id, Rejected("id_reused"))
    if isinstance(before, dict):
        return before
    return {"id": op_id, "sealed": True} if before is None else {"id": op_id, "seq": before}
