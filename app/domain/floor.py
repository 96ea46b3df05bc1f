"""Who asks to speak, and whose turn it is: room and remote in turn. Pure; the queue itself lives in memory, never in the log.

A raised hand names a person, and the log names no participant. So hands are like presence: shown to staff because somebody
raised them openly, and gone with the server. The facilitator may give the floor to anybody; the order is a proposal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

PLACES = ("room", "remote")
SIDES = ("internal", "external")
# As many must stand behind a figure before it is shown, and behind each it is compared with.
MIN_BEHIND = 5


@dataclass(frozen=True, slots=True)
class Hand:
    """One person's raised hand. Shape: `name` is the display name {fr, en}; `place` is room, remote or None."""

    person: str
    name: Mapping[str, str]
    place: str | None
    side: str | None
    table: str | None
    speaking: bool = False


@dataclass(frozen=True, slots=True)
class Floor:
    """The hands in the order in which they were raised, who spoke last from where, and the turns so far."""

    hands: tuple[Hand, ...] = ()
    last_place: str | None = None
    # how many turns each side and each place has had
    turns: tuple[tuple[str, int], ...] = ()

    def raised(self, hand: Hand) -> Floor:
        """A hand goes up once; raising it again keeps its place."""
        if self.of(hand.person):
            return self
        return replace(self, hands=(*self.hands, hand))

    def lowered(self, person: str) -> Floor:
        """The hand goes down; whoever had the floor has spoken, and that was a turn."""
        hand = self.of(person)
        if hand is None:
            return self
        left = replace(self, hands=tuple(h for h in self.hands if h.person != person))
        return left._with_turn(hand) if hand.speaking else left

    def given(self, person: str) -> Floor:
        """The floor goes to somebody who asked for it; whoever had it has spoken."""
        if self.of(person) is None:
            return self
        speaking = next((h.person for h in self.hands if h.speaking), None)
        floor = self.lowered(speaking) if speaking and speaking != person else self
        return replace(floor, hands=tuple(replace(h, speaking=h.person == person) for h in floor.hands))

    def of(self, person: str) -> Hand | None:
        return next((hand for hand in self.hands if hand.person == person), None)

    def in_turn(self) -> list[Hand]:
        """Whoever speaks, then those who wait: room and remote in turn, each side in the order of asking."""
        waiting = [hand for hand in self.hands if not hand.speaking]
        queues = {place: [h for h in waiting if _place(h) == place] for place in PLACES}
        speaking = [hand for hand in self.hands if hand.speaking]
        last = _place(speaking[0]) if speaking else self.last_place
        order: list[Hand] = []
        while any(queues.values()):
            turn = _other(last) if queues[_other(last)] else _other(_other(last))
            order.append(queues[turn].pop(0))
            last = turn
        return speaking + order

    def _with_turn(self, hand: Hand) -> Floor:
        turns = dict(self.turns)
        for group in (hand.side, _place(hand)):
            if group:
                turns[group] = turns.get(group, 0) + 1
        return replace(self, last_place=_place(hand), turns=tuple(sorted(turns.items())))


def _place(hand: Hand) -> str:
    """Without a place somebody is taken to be where most are."""
    return hand.place if hand.place in PLACES else "room"


def _other(place: str | None) -> str:
    return "room" if place == "remote" else "remote" if place == "room" else "room"


def parity(figures: Mapping[str, int], behind: Mapping[str, int]) -> dict[str, int] | None:
    """The figures of all groups that are compared, or None: where fewer than five stand behind one, the others would tell its own.

    Shape: `figures` and `behind` are by group; `behind` counts the people a figure is about.
    """
    if any(behind.get(group, 0) < MIN_BEHIND for group in figures):
        return None
    return dict(figures)


def turns_of(floor: Floor, groups: Sequence[str]) -> dict[str, int]:
    turns = dict(floor.turns)
    return {group: turns.get(group, 0) for group in groups}
