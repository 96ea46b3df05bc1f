"""How much one board may hold: what a flood, or a mistake, may cost the disk and everybody's page. Pure.

What is full refuses, and says so; nothing that is there is lost. Whoever leads a round can always end and publish it.
"""

from __future__ import annotations

from app.domain.errors import Rejected

# Of each kind of text, on the board and in its urns together. Seats have budgets of their own, far below.
MOST_TEXTS = {"card": 2000, "comment": 5000}
# Two days of forty people are about one of these megabytes.
MOST_LOG_BYTES = 64 * 2**20
# Who goes on when the log is full.
LEADING = frozenset({"facilitator", "administrator", "clock"})


def room_for(what: str, there: int) -> None:
    """Raises: Rejected("board_full", most) when so many texts of a kind are there already."""
    if there >= MOST_TEXTS[what]:
        raise Rejected("board_full", most=MOST_TEXTS[what])


def room_in_log(role: str, size_bytes: int) -> None:
    """Raises: Rejected("board_full", most)."""
    if size_bytes >= MOST_LOG_BYTES and role not in LEADING:
        raise Rejected("board_full", most=MOST_LOG_BYTES)
