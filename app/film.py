"""The film of a board: the steps of its replay, kept as long as the board stands still, for several people look at the same one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from app.boards import boards
from app.exports.history import Entry
from app.exports.steps import Step, steps

MOST_KEPT = 8
# What one answer holds, before it is packed: a weak link shows the first step early.
PAGE_BYTES = 96 * 1024


@dataclass(frozen=True, slots=True)
class Film:
    """Shape: `mark` changes whenever a step could; `encoded` are the changes of each step, as JSON."""

    mark: str
    steps: list[Step]
    encoded: list[bytes]

    def page(self, first: int) -> int:
        """Where the page that begins with this step ends: after at least one, and before it grows too large."""
        size, last = 0, first
        while last < len(self.encoded) and (last == first or size + len(self.encoded[last]) <= PAGE_BYTES):
            size += len(self.encoded[last])
            last += 1
        return last


_kept: dict[str, Film] = {}


def film_of(board_id: str) -> Film:
    """What everybody may see of how this board came to be. Raises: NoSuchBoard."""
    moment = boards.moment(board_id)
    mark = f"{moment.generation}.{moment.head}"
    found = _kept.get(board_id)
    if found is None or found.mark != mark:
        found = boards.in_thread(_told, boards.log_of(board_id), mark)
        while len(_kept) >= MOST_KEPT:
            del _kept[next(iter(_kept))]
        _kept[board_id] = found
    return found


def _told(entries: Sequence[Entry], mark: str) -> Film:
    found = steps(entries)
    return Film(mark, found, [orjson.dumps(step.changes) for step in found])


def _forget(board_id: str) -> None:
    _kept.pop(board_id, None)


# What is deleted with its board is not kept here either.
boards.on_delete(_forget)
