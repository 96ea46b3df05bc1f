"""What one worker tells the others of itself: who is connected, raised hands, the wheel, who takes part in a sealed round, what
seats have spent. Nothing of it is in a database. A report is read whole before any of it is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.domain.records import EVERYONE, STAFF, STAFF_VIEW
from realtime.attendance import Away, Sitting, seen_of
from realtime.floor import Known, known_of
from realtime.viewers import Viewer


@dataclass(frozen=True, slots=True)
class Report:
    """Shape: each by board, but for `spent`, which is by seat."""

    viewers: dict[str, list[Viewer]]
    floors: dict[str, Known]
    attendance: dict[str, Sitting | Away]
    spent: dict[str, int]


def report_of(told: dict[str, Any]) -> Report:
    """A report from the JSON that came over the line. Raises: TypeError, ValueError, LookupError, AttributeError."""
    return Report(
        {board: [_viewer(board, *one) for one in seen] for board, seen in told["viewers"].items()},
        {board: known_of(one) for board, one in told["floors"].items()},
        {board: seen_of(one) for board, one in told["attendance"].items()},
        {seat: int(count) for seat, count in told["spent"].items()},
    )


def described(viewer: Viewer) -> list[Any]:
    """A viewer for other workers; staff with their name, as the wheel can be handed to them."""
    is_staff = STAFF in viewer.view
    return [viewer.handle, viewer.person, is_staff, viewer.name if is_staff else {}]


def _viewer(board: str, handle: str, person: str, is_staff: bool, name: dict[str, str]) -> Viewer:
    return Viewer("", handle, board, STAFF_VIEW if is_staff else EVERYONE, person, dict(name))
