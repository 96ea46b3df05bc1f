"""A board at one moment, as committed; what waits for the committer; and the answers and frames that go out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from app.domain.changes import Change, Wire, visible
from app.domain.digest import Digest
from app.domain.errors import Rejected
from app.domain.operations import Actor, Operation
from app.domain.records import Record, State, View
from app.store import log
from app.store.urn import Epoch
from app.urn.keys import KeyName

Answer = dict[str, Any]
# op hash -> its fingerprint, and its sequence number (None: it went into an urn)
Known = dict[bytes, tuple[bytes, int | None]]
# op hash -> its fingerprint, and its answer, when it left no trace: a refusal, or nothing had to change
Passed = dict[bytes, tuple[bytes, Answer]]


# How far groups may run ahead of their pace.
SLACK_S = 0.1
# So many operations in a group, and the frames are the smaller part of what it costs.
WORTH_A_FRAME = 20


class NoSuchBoard(LookupError):
    """No board has this id."""


@dataclass(slots=True)
class Ready:
    """A `changes` frame as finished JSON, and where it leads. `kept`: room for what a sender makes of it, to be made once."""

    to: int
    generation: int
    json: bytes
    kept: Any = None


@dataclass(frozen=True, slots=True)
class Moment:
    """A board as it was committed at one sequence number. Never altered; the next commit makes the next one.

    Shape: `first_loads` holds what a newcomer of a view is sent, once somebody came; it goes as the moment does.
    """

    head: int
    generation: int
    state: State
    digest: Digest
    first_loads: dict[View, Ready] = field(default_factory=dict, compare=False)

    def first_load(self, view: View) -> Ready:
        """All that a view may see, as one frame."""
        if view not in self.first_loads:
            self.first_loads[view] = ready(frame(0, self, visible(self.state, view), reset=True))
        return self.first_loads[view]


@dataclass(frozen=True, slots=True)
class Committed:
    """What a group commit added to a board: what the publisher shows. `is_ours` unless another worker committed it."""

    board: str
    before: int
    moment: Moment
    changes: Sequence[Change]
    is_ours: bool = True


@dataclass(slots=True)
class Submission:
    """Operations of one sender, waiting for the committer, and where their answers go."""

    actor: Actor
    operation: Operation
    received_ms: int
    answer: Callable[[Answer], None]


@dataclass(slots=True)
class Board:
    """A board in memory: the committed moment, the newest entries, and every operation id it has seen.

    Shape: `passed` holds the newest of those that left no trace, the oldest first; `followers` are called once the log was read
           again, for what other workers wrote.
    Units:  `paced_s` is monotonic, and what the groups so far have used up; before `rests_until_s`, the next one gathers.
            `log_bytes` is what its log takes.
    """

    id: str
    moment: Moment
    recent: deque[log.Entry]
    known: Known
    queue: deque[Submission] = field(default_factory=deque)
    followers: list[Callable[[], None]] = field(default_factory=list)
    passed: Passed = field(default_factory=dict)
    paced_s: float = 0
    log_bytes: int = 0

    @property
    def rests_until_s(self) -> float:
        return self.paced_s - SLACK_S

    def pace(self, now_s: float, cost_s: float, operations: int) -> None:
        """A group begins, and takes its part of the time that groups may take: a few in a row are free, a stream of them waits.

        A large group has earned its frames: waiting would make it late, and hardly cheaper.
        """
        self.paced_s = max(self.paced_s, now_s) + cost_s * min(1, WORTH_A_FRAME / max(1, operations))


def refusal(op_id: str, rejected: Rejected) -> Answer:
    return {"id": op_id, "code": rejected.code, "data": rejected.data}


def key_name(board_id: str, round_: Record) -> KeyName:
    return KeyName(Epoch(board_id, round_["id"], round_["epoch"]), round_["key"])


def ready(made: dict[str, Any]) -> Ready:
    return Ready(made["to"], made["generation"], orjson.dumps(made))


def frame(before: int, moment: Moment, changes: list[Wire], *, reset: bool = False) -> dict[str, Any]:
    """The `changes` frame from one head to a moment."""
    return {
        "from": before,
        "to": moment.head,
        "reset": reset,
        "generation": moment.generation,
        "changes": changes,
    }
