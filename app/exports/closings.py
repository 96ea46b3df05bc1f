"""The close records of a board, as rows: what came out of each urn, and whether what stands on the board still has its mark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.closing import cards_in, mark_of_cards, mark_of_tally
from app.domain.records import Record, State
from app.domain.rounds import in_order


@dataclass(frozen=True, slots=True)
class Closing:
    """Shape: `is_same` tells whether the list, as everybody sees it now, has the mark it was published with."""

    round: Record
    record: Record
    is_same: bool

    @property
    def has_list(self) -> bool:
        """Whether there was a list to be marked: of remarks alone there is none, for they can be taken back."""
        return self.record["ballots"] is not None or self.record["cards"] > 0


def closings(state: State) -> Iterator[Closing]:
    """Every close record, as the agenda has the rounds; of one round, the older first."""
    for round_ in in_order(state["rounds"].values()):
        for record in round_.get("closings", []):
            yield Closing(round_, record, _mark_now(state, round_, record) == record["mark"])


def _mark_now(state: State, round_: Record, record: Record) -> str:
    if record["ballots"] is None:
        return mark_of_cards(cards_in(state, round_["id"], record["epoch"]))
    tally = state["tallies"].get(f"{round_['id']}:{record['epoch']}")
    return mark_of_tally(tally) if tally else ""
