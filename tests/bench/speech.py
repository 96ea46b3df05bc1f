"""What the load says: comments of 80 characters that carry the moment they were sent, or cards moved to and fro."""

from __future__ import annotations

import csv
import itertools
import re
import secrets
import time
from pathlib import Path
from typing import Any, Protocol

CHARACTERS = 80
CARDS = Path(__file__).resolve().parents[2] / "app" / "data" / "niamey" / "cards.csv"
CLUSTERS = ("c" * 31 + "1", "c" * 31 + "2")
_STAMP = re.compile(rb"@(\d{16}) ")


class Speech(Protocol):
    def next(self) -> dict[str, Any]:
        """The next operation, as a browser would send it."""


class Comments:
    """A seminar's own sentences: repeated letters would make deflate look twice as cheap as it is."""

    def __init__(self) -> None:
        with CARDS.open(encoding="utf-8", newline="") as file:
            texts = [row["text_fr"] for row in csv.DictReader(file)]
        self._texts = itertools.cycle(" ".join([text, *texts[:2]]) for text in texts)

    def next(self) -> dict[str, Any]:
        stamp = f"@{time.monotonic_ns() // 1000:016d} "
        text = (stamp + next(self._texts))[: CHARACTERS - 1] + "."
        payload = {"target": {"table": "factors", "id": "F01"}, "text": text}
        return {"id": secrets.token_hex(16), "kind": "comment.post", "payload": payload}


class Moves:
    """Each card of a seeded board in turn into the one cluster, then into the other: it touches the table of cards."""

    def __init__(self, cards: int) -> None:
        first, second = CLUSTERS
        ways = itertools.chain([(None, first)], itertools.cycle([(first, second), (second, first)]))
        self._moves = ((card_id(n), seen, to) for seen, to in ways for n in range(1, cards + 1))

    def next(self) -> dict[str, Any]:
        card, seen, to = next(self._moves)
        payload = {"moves": [{"card": card, "to": to, "seen": seen}]}
        return {"id": secrets.token_hex(16), "kind": "card.move", "payload": payload}


def card_id(number: int) -> str:
    """The id of a seeded card."""
    return f"{number:032x}"


def stamps_in(text: bytes) -> list[float]:
    """When the operations of a frame were sent, in seconds of the monotonic clock."""
    return [int(found) / 1e6 for found in _STAMP.findall(text)]
