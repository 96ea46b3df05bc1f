"""What must be true of the simulation, kept apart from how the server does it: books of what was asked, answered, sent and shown.

An expectation is computed from the operations that were acknowledged, never from the log; only at the end the two are laid
side by side.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import orjson

from app.domain.digest import Digest
from app.domain.operations import Actor, Operation
from app.domain.records import EVERYONE, View, empty_state
from app.exports import EXPORTS
from app.moments import Committed
from tests.faults.core import Core
from tests.faults.people import MARKER
from tests.replica import Replica

MARKED = re.compile(rf"{MARKER} \d+")
# Answered with the head they met when there is nothing to change; they leave no entry.
MAY_CHANGE_NOTHING = ("card.mark", "card.refile", "card.move", "cluster.propose", "cluster.dissolve")
Epoch = tuple[str, str, int]


class Oracle:
    """Books of one run."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.operations: dict[tuple[str, str], tuple[Actor, Operation]] = {}
        self.answers: dict[tuple[str, str], dict[str, Any]] = {}
        self.told: set[tuple[str, str]] = set()
        self.digests: dict[tuple[str, int], Digest] = {}
        self.keys: dict[Epoch, int] = {}
        self.void: set[Epoch] = set()
        # What goes wrong inside a commit is judged at the end: raised there, the server would survive it.
        self.wrong: list[str] = []
        # What each board goes out as, once nothing happens any more.
        self.exported: dict[str, dict[str, str]] = {}
        self.compared: set[bytes] = set()
        self.seen: Counter[str] = Counter()

    # --- while it runs ---

    def asked(self, board: str, actor: Actor, operation: Operation) -> None:
        self.operations[board, operation.id] = actor, operation

    def answered(self, board: str, op_id: str, answer: dict[str, Any]) -> None:
        """The server says what became of an operation: for ever."""
        if answer.get("code") in ("retry", "storage"):
            return
        if answer.get("code") in ("internal", "id_reused", "bad_payload", "unknown_kind"):
            self.wrong.append(f"{answer} to {self.operations[board, op_id][1]}")
        before = self.answers.get((board, op_id), answer)
        # Only what nobody was told, and left no trace, may be decided anew: after a crash.
        if before != answer and ((board, op_id) in self.told or self._is_kept(board, op_id)):
            self.wrong.append(f"answered {before}, then {answer}: {self.operations[board, op_id][1]}")
        self.answers[board, op_id] = answer
        self.seen["answer " + str(answer.get("code", "sealed" if "sealed" in answer else "seq"))] += 1

    def heard(self, board: str, op_id: str, answer: dict[str, Any]) -> None:
        """A browser lets go of an operation: its text is safe with the server, or back as a draft."""
        self.told.add((board, op_id))
        self.seen["drafts"] += "code" in answer

    def _is_kept(self, board: str, op_id: str) -> bool:
        """Whether an acknowledgement was given that no crash may take back."""
        answer = self.answers.get((board, op_id), {})
        return "sealed" in answer or (
            "seq" in answer and self.operations[board, op_id][1].kind not in MAY_CHANGE_NOTHING
        )

    def committed(self, committed: Committed) -> None:
        moment = committed.moment
        self.digests[committed.board, moment.head] = moment.digest
        for change in committed.changes:
            self.seen[f"{change.op} {change.table} {change.fields.get('state', '')}".strip()] += 1

    def sent(self, board: str, view: View, frame: dict[str, Any]) -> None:
        """A frame for people outside the staff holds no text that is not published at that moment."""
        self.digests.setdefault((board, frame["to"]), self.core.moment(board).digest)
        if "staff" in view or MARKER not in (text := orjson.dumps(frame).decode()):
            return
        state = self.core.moment(board).state
        shown = {card["text"] for card in state["cards"].values() if card["state"] == "published"}
        shown |= {comment["text"] for comment in state["comments"].values()}
        if leaked := set(MARKED.findall(text)) - shown:
            self.wrong.append(f"a sealed or held text was sent: {leaked}")

    def shown(self, board: str, view: View, replica: Replica) -> None:
        """A page shows a board that was, whole: never a mixture, and never an older one than before."""
        heads = replica.heads_seen
        assert len(heads) < 2 or heads[-1] >= heads[-2], "a view went back"
        if replica.head > 0:
            right = self.digests[board, replica.head].of(view)
            assert replica.digest() == right, f"a page shows what was never so at {replica.head}"

    # --- at the end ---

    def check_page(self, board: str, view: View, replica: Replica) -> None:
        fetched = self.core.view(board, view)
        assert replica.content() == {t: rows for t, rows in fetched.items() if rows}, "boards differ"
        if "staff" in view:
            return
        if board not in self.exported:
            self.exported[board] = self._exports(board)
        own = {**empty_state(), **replica.tables}
        # To the byte and the order what another page holds: it goes out as that did.
        if (held := orjson.dumps([board, own])) in self.compared:
            return
        self.compared.add(held)
        for name, text in self.exported[board].items():
            assert EXPORTS[name].csv(own, "fr", "plain") == text, "exports differ"

    def _exports(self, board: str) -> dict[str, str]:
        """What the server exports at the end; of texts only those that are published."""
        state = self.core.view(board, EVERYONE)
        shown = {card["text"] for card in state["cards"].values() if card["state"] == "published"}
        shown |= {comment["text"] for comment in state["comments"].values()}
        texts = {name: export.csv(state, "fr", "plain") for name, export in EXPORTS.items()}
        assert set(MARKED.findall("".join(texts.values()))) <= shown, "an export holds what is not published"
        return texts

    def check_board(self, board: str) -> None:
        assert not self.wrong, self.wrong[0]
        self._check_log(board)
        self._read_rounds(board)
        texts = self._check_texts(board)
        self._check_budgets(board, texts)
        self._check_remarks(board)
        self._check_tallies(board)

    def _of(self, board: str, *kinds: str) -> Iterator[tuple[Actor, Operation]]:
        """The acknowledged operations of some kinds."""
        for (where, op_id), answer in self.answers.items():
            actor, operation = self.operations[where, op_id]
            if where == board and "code" not in answer and operation.kind in kinds:
                yield actor, operation

    def _check_log(self, board: str) -> None:
        entries = self.core.entries(board)
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1)), "a gap in the log"
        seqs = {entry.op_hash: entry.seq for entry in entries}
        assert len(seqs) == len(entries), "one operation twice in the log"
        for (where, op_id), answer in self.answers.items():
            if where != board:
                continue
            seq, kind = seqs.get(self.core.op_hash(board, op_id)), self.operations[board, op_id][1].kind
            if "seq" in answer and (seq or kind not in MAY_CHANGE_NOTHING):
                assert seq == answer["seq"], f"acknowledged, but not so in the log: {kind}"
            else:
                assert seq is None, f"in the log, but the answer was another: {kind}"

    def _read_rounds(self, board: str) -> None:
        """How many keys each epoch had, and which epochs were declared void."""
        epochs: dict[str, int] = defaultdict(int)
        for change in (change for entry in self.core.entries(board) for change in entry.changes):
            if change.table == "rounds":
                epochs[change.id] = change.fields.get("epoch", epochs[change.id])
                epoch = (board, change.id, epochs[change.id])
                self.keys[epoch] = change.fields.get("key", self.keys.get(epoch, 1))
                if change.fields.get("state") == "void":
                    self.void.add(epoch)

    def _check_texts(self, board: str) -> dict[Epoch, dict[str, str | None]]:
        """Every acknowledged card is on the board as last altered, in its urn, or was withdrawn; nothing else is."""
        expected: dict[Epoch, dict[str, tuple[int, str | None]]] = defaultdict(dict)
        for _, operation in self._of(board, "card.post"):
            payload = operation.payload
            expected[_epoch(board, payload)][payload["secret_hash"]] = (1, payload["text"])
        for _, operation in self._of(board, "card.edit", "card.withdraw"):
            payload = operation.payload
            texts, hashed = expected[_epoch(board, payload)], _hash(payload["secret"])
            if texts[hashed][0] < payload["revision"]:
                texts[hashed] = (payload["revision"], payload.get("text"))
        state = self.core.moment(board).state
        for epoch, texts in expected.items():
            self._check_epoch(state, epoch, Counter(text for _, text in texts.values() if text))
        return {epoch: {h: text for h, (_, text) in texts.items()} for epoch, texts in expected.items()}

    def _check_epoch(self, state: dict[str, Any], epoch: Epoch, texts: Counter[str]) -> None:
        _, round_id, number = epoch
        board = Counter(
            card["text"]
            for card in state["cards"].values()
            if (card["round"], card["epoch"]) == (round_id, number)
        )
        urn = self.core.urn_texts(*epoch)
        # Unnamed comments share the urn.
        urn_cards = Counter(text for text in urn if text in texts)
        round_ = state["rounds"][round_id]
        assert max([*board.values(), *urn_cards.values()], default=0) < 2, "a card came twice"
        tray = round_["epoch"] == number and round_["state"] == "closed"
        there = urn_cards if tray else board + urn_cards
        if tray:
            assert board <= urn_cards, "the tray shows what is not in the urn"
        missing, extra = texts - there, there - texts
        assert not extra, f"cards that nobody sent: {extra}"
        may_miss = epoch in self.void or self._few_wrote(round_, number)
        assert not missing or may_miss, f"acknowledged cards are lost: {missing}"

    def _few_wrote(self, round_: dict[str, Any], number: int) -> bool:
        """A batched round does not show the rest of fewer than five people; it says how many."""
        return round_["release"] == "batched" and (round_["unshown"] > 0 or round_["epoch"] > number)

    def _check_budgets(self, board: str, texts: dict[Epoch, dict[str, str | None]]) -> None:
        spent: Counter[tuple[Any, ...]] = Counter()
        for actor, operation in self._of(board, "card.post"):
            payload = operation.payload
            epoch = _epoch(board, payload)
            if texts[epoch][payload["secret_hash"]] is not None:
                spent[actor.seat, epoch, payload["factor"]] += 1
        for (_, epoch, _), cards in spent.items():
            # A lost key forgets whose the slots were, until the browsers claim their cards.
            budget = 3 * self.keys[epoch]
            assert cards <= budget, f"{cards} cards of one seat, the budget is {budget}"

    def _check_remarks(self, board: str) -> None:
        said = Counter(comment["text"] for comment in self.core.moment(board).state["comments"].values())
        assert max(said.values(), default=0) < 2, "a comment came twice"
        asked = {op.payload["text"] for actor, op in self._of(board, "comment.post") if not actor.seat}
        lost = asked - set(said)
        assert not lost, f"acknowledged comments are lost: {lost}"
        unnamed = {op.payload["text"] for actor, op in self._of(board, "comment.post") if actor.seat}
        assert set(said) <= asked | unnamed, "comments that nobody sent"

    def _check_tallies(self, board: str) -> None:
        """A count is that of every seat's newest ballot, once. Where the key was lost, of at most those."""
        newest: dict[Epoch, dict[str, tuple[int, dict[str, int]]]] = defaultdict(dict)
        for actor, operation in self._of(board, "ballot.cast"):
            payload, seats = operation.payload, newest[_epoch(board, operation.payload)]
            assert actor.seat
            if seats.get(actor.seat, (0, {}))[0] < payload["revision"]:
                seats[actor.seat] = (payload["revision"], payload["choices"])
        for tally in self.core.moment(board).state["tallies"].values():
            epoch = (board, tally["round"], tally["epoch"])
            cast = newest[epoch]
            assert tally["ballots"] <= len(cast), "a seat was counted twice"
            if self.keys[epoch] == 1:
                totals: Counter[str] = sum((Counter(choices) for _, choices in cast.values()), Counter())
                assert tally["ballots"] == len(cast), "an acknowledged ballot was not counted"
                counted = Counter({row["target"]: row["total"] for row in tally["rows"]})
                assert +counted == +totals, "the count is not the sum of the ballots"
            self.seen["ballots counted"] += tally["ballots"]


def _epoch(board: str, payload: dict[str, Any]) -> Epoch:
    return board, payload["round"], payload["epoch"]


def _hash(secret: str) -> str:
    return sha256(bytes.fromhex(secret)).hexdigest()
