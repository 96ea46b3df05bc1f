"""Who asks to speak, and whose turn it is: room and remote in turn. Pure; the queue itself lives in memory, never in the log.

A raised hand names a person, and the log names no participant. So hands are like presence: shown to staff because somebody
raised them openly, and gone with the server. The facilitator may give the floor to anybody; the order is a proposal.

Several workers each keep a floor, change their own and merge what the others tell, in any order and as often as they like:
each step is numbered one higher than anything its floor has seen, and of two steps about one person the higher number stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

PLACES = ("room", "remote")
SIDES = ("internal", "external")
# As many must stand behind a figure before it is shown, and behind each it is compared with.
MIN_BEHIND = 5


@dataclass(frozen=True, slots=True)
class Hand:
    """One person's raised hand. Shape: `name` is the display name {fr, en}; `place` is room, remote or None.

    `raised` and `changed` are the numbers of the steps that put it up and that touched it last.
    """

    person: str
    name: Mapping[str, str]
    place: str | None
    side: str | None
    table: str | None
    speaking: bool = False
    raised: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody has spoken: told by whose hand and which raising, so that two workers count it once."""

    person: str
    side: str | None
    place: str
    raised: int
    ended: int


@dataclass(frozen=True, slots=True)
class Floor:
    """The hands in the order in which they were raised, those that went down, and the turns so far."""

    hands: tuple[Hand, ...] = ()
    # person -> the step that took the hand down: what another worker still says of it is old
    down: tuple[tuple[str, int], ...] = ()
    turns: tuple[Turn, ...] = ()

    def raised(self, hand: Hand) -> Floor:
        """A hand goes up once; raising it again keeps its place."""
        if self.of(hand.person):
            return self
        step = self._next()
        return replace(self, hands=(*self.hands, replace(hand, raised=step, changed=step)))

    def lowered(self, person: str) -> Floor:
        """The hand goes down; whoever had the floor has spoken, and that was a turn."""
        hand = self.of(person)
        if hand is None:
            return self
        step = self._next()
        turn = (Turn(person, hand.side, _place(hand), hand.raised, step),) if hand.speaking else ()
        return Floor(
            tuple(h for h in self.hands if h.person != person),
            _sorted({**dict(self.down), person: step}.items()),
            (*self.turns, *turn),
        )

    def given(self, person: str) -> Floor:
        """The floor goes to somebody who asked for it; whoever had it has spoken."""
        hand, floor = self.of(person), self
        if hand is None or hand.speaking:
            return self
        for before in self.hands:
            if before.speaking:
                floor = floor.lowered(before.person)
        speaking = replace(hand, speaking=True, changed=floor._next())
        return replace(floor, hands=tuple(speaking if h.person == person else h for h in floor.hands))

    def merged(self, other: Floor) -> Floor:
        """What both know: the same whoever merges whom, and no matter how often."""
        up: dict[str, Hand] = {}
        for hand in (*self.hands, *other.hands):
            if hand.person not in up or _age(hand) > _age(up[hand.person]):
                up[hand.person] = hand
        down: dict[str, int] = {}
        for person, step in (*self.down, *other.down):
            down[person] = max(step, down.get(person, 0))
        turns: dict[tuple[str, int], Turn] = {}
        for turn in (*self.turns, *other.turns):
            known = turns.get((turn.person, turn.raised), turn)
            turns[turn.person, turn.raised] = max(known, turn, key=lambda one: one.ended)
        hands = [hand for hand in up.values() if hand.changed > down.get(hand.person, 0)]
        return Floor(
            tuple(sorted(hands, key=lambda hand: (hand.raised, hand.person))),
            _sorted(down.items()),
            tuple(sorted(turns.values(), key=lambda turn: (turn.ended, turn.person))),
        )

    @property
    def last_place(self) -> str | None:
        """From where somebody spoke last."""
        return self.turns[-1].place if self.turns else None

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

    def _next(self) -> int:
        seen = [hand.changed for hand in self.hands] + [step for _, step in self.down]
        return 1 + max(seen, default=0)


def _age(hand: Hand) -> tuple[int, bool, int]:
    return hand.changed, hand.speaking, hand.raised


def _sorted(down: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(down))


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
    """How many turns each side or place has had."""
    return {group: sum(group in (turn.side, turn.place) for turn in floor.turns) for group in groups}


def floor_of(told: Mapping[str, Any]) -> Floor:
    """A floor from the JSON that another worker made of its own. Raises: TypeError, ValueError, KeyError."""
    return Floor(
        tuple(Hand(**hand) for hand in told["hands"]),
        tuple((person, step) for person, step in told["down"]),
        tuple(Turn(**turn) for turn in told["turns"]),
    )
