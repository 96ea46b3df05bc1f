"""The close record of an urn: what came out of it, in numbers, and a mark of the list that was shown. PURE.

Everybody sees it and may keep it on paper. Who later changes a published card or figure, in the database or the log, can be
told from the mark; it is made of nothing that was not published with it, so it tells nothing more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from app.domain.records import Record, State


def cards_in(state: State, round_id: str, epoch: int) -> list[Record]:
    """The cards out of one urn, in the shuffled order in which they were numbered."""
    found = (c for c in state["cards"].values() if c["round"] == round_id and c.get("epoch", 1) == epoch)
    return sorted(found, key=lambda card: card["number"])


def mark_of_cards(cards: Iterable[Record]) -> str:
    """Shape: over [id, factor it was written under, text] of each shown card, in the order of the numbers."""
    return _mark(
        [[c["id"], c.get("origin", c["factor"]), c["text"]] for c in cards if c["state"] == "published"]
    )


def mark_of_tally(tally: Record) -> str:
    """Shape: over [target, total, {answer: how many ballots}] of each row, in the order of the list that was voted on."""
    return _mark([[row["target"], row["total"], row["counts"]] for row in tally["rows"]])


def _mark(listed: list[Any]) -> str:
    """SHA-256 of the list as JSON: UTF-8, keys sorted, no blanks. Whole numbers and texts alone, so that any program agrees."""
    written = json.dumps(listed, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()


def with_record(
    state: State, round_: Record, *, unshown: int, comments: int = 0, tally: Record | None = None
) -> list[Record]:
    """The round's close records, with that of the epoch that ends now.

    Shape: `state` is the board with what is published; `cards` came out of the urn, of which `held` are kept back by the
           facilitator; `unshown` were never shown, because too few people wrote; `ballots` is None where nobody votes.
    """
    inside = cards_in(state, round_["id"], round_["epoch"])
    held = sum(card["state"] == "held" for card in inside)
    record = {
        "epoch": round_["epoch"],
        "seats": round_["roster"],
        "cards": len(inside),
        "held": held,
        "comments": comments,
        "unshown": unshown,
        "ballots": tally["ballots"] if tally else None,
        "mark": mark_of_tally(tally) if tally else mark_of_cards(inside),
    }
    return [*round_.get("closings", []), record]
