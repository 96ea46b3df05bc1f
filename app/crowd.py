"""The practice crowd: simulated seats that write, group and vote on a practice board, so that one person can try everything.

They send ordinary operations through the door, as anybody does; nothing about them is a special case. They are marked as
simulated, live on the practice board only and go with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from app.domain import rounds
from app.domain.counting import METHODS, bucket_of
from app.domain.counting.method import vote_of
from app.domain.counting.scores import SCALE, criteria_of
from app.domain.operations import Actor, Operation
from app.domain.policy import live_round
from app.domain.records import Record, State


@dataclass(frozen=True, slots=True)
class Line:
    """Something a simulated person may write: a text under a factor, and the name of the group it belongs to."""

    factor: str
    text: str
    group: str


@dataclass(slots=True)
class Crowd:
    """A number of simulated seats and what they have done so far. `random` decides; the same seed does the same."""

    seats: Sequence[Actor]
    lines: Sequence[Line]
    random: Random
    _written: set[str] = field(default_factory=set)
    _acted: dict[tuple[str, str, int], int] = field(default_factory=dict)

    def step(self, state: State) -> Iterator[tuple[Actor, Operation]]:
        """What a few of them do next, in the round that runs; nothing when none does."""
        live = live_round(state["rounds"].values())
        if not live or live["state"] != "running":
            return
        for actor in self.random.sample(list(self.seats), min(3, len(self.seats))):
            if operation := self._act(state, live, actor):
                yield actor, operation

    def _act(self, state: State, live: Record, actor: Actor) -> Operation | None:
        if rounds.is_text(live):
            return self._write(live, actor)
        if rounds.is_ballot(live):
            return self._vote(live, actor)
        if live["kind"] == "cluster":
            return self._group(state, live, actor)
        return None

    def _operation(self, kind: str, **payload: Any) -> Operation:
        return Operation(f"{self.random.getrandbits(128):032x}", kind, payload)

    def _once_more(self, live: Record, actor: Actor, most: int) -> bool:
        """Whether this seat has something left to do in this epoch; counts it."""
        key = (actor.seat or "", live["id"], live["epoch"])
        if self._acted.get(key, 0) >= most:
            return False
        self._acted[key] = self._acted.get(key, 0) + 1
        return True

    def _write(self, live: Record, actor: Actor) -> Operation | None:
        factors = rounds.factors_for(live, actor.table)
        fitting = [line for line in self.lines if line.factor in factors and line.text not in self._written]
        if not fitting or not self._once_more(live, actor, 1 + len(actor.seat or "") % 2):
            return None
        line = self.random.choice(fitting)
        self._written.add(line.text)
        secret = self.random.randbytes(32)
        return self._operation(
            "card.post",
            round=live["id"],
            epoch=live["epoch"],
            factor=line.factor,
            text=line.text,
            secret_hash=hashlib.sha256(secret).hexdigest(),
            signed=live["release"] == "signed",
        )

    def _vote(self, live: Record, actor: Actor) -> Operation | None:
        if not self._once_more(live, actor, 1):
            return None
        mine = rounds.factors_for(live, actor.table)
        lists: dict[str, list[str]] = {}
        for target in live["ballot"]:
            if target["factor"] in mine or not target["factor"]:
                lists.setdefault(bucket_of(live, target["factor"]), []).append(target["id"])
        choices: dict[str, Any] = {}
        for targets in lists.values():
            choices |= self._answer(live, targets)
        return self._operation(
            "ballot.cast", round=live["id"], epoch=live["epoch"], revision=1, choices=choices
        )

    def _answer(self, live: Record, targets: list[str]) -> dict[str, Any]:
        """Choices for the targets of one list. The first targets are liked a little more, so that a ranking shows."""
        vote, chance = vote_of(live), self.random
        match vote.method:
            case "points" | "hundred" | "quadratic":
                return self._spend(live, targets)
            case "choose":
                return dict.fromkeys(self._liked(targets, vote.points), True)
            case "rank":
                return {target: place for place, target in enumerate(self._liked(targets, vote.points), 1)}
            case "score_1_5":
                return {target: chance.choice(SCALE) for target in targets}
            case "criteria_1_5":
                return {t: {name: chance.choice(SCALE) for name in criteria_of(vote)} for t in targets}
            case "consent":
                return {target: chance.choice(["agree", "agree", "reserve", "opposed"]) for target in targets}
            case _:
                return dict.fromkeys((t for t in targets if chance.random() < 0.4), True)

    def _liked(self, targets: list[str], most: int) -> list[str]:
        """Different ones, in the order in which they come to mind."""
        drawn = [
            min(self.random.randrange(len(targets)), self.random.randrange(len(targets))) for _ in targets
        ]
        return [targets[place] for place in dict.fromkeys(drawn)][:most]

    def _spend(self, live: Record, targets: list[str]) -> dict[str, Any]:
        """Points one after the other while the budget lasts; a second vote for the same target costs more where squares count."""
        method = METHODS[vote_of(live).method]
        left, step = method.limit or live["points"], 10 if method.limit else 1
        cap = live["cap"] if "cap" in method.settings else 0
        given: dict[str, Any] = {}
        for _ in range(left // step):
            [liked, *_] = self._liked(targets, 1)
            more = given.get(liked, 0) + step
            cost = more**method.power - given.get(liked, 0) ** method.power
            if cost <= left and more <= (cap or more):
                given[liked] = more
                left -= cost
        return given

    def _group(self, state: State, live: Record, actor: Actor) -> Operation | None:
        """Put two cards that belong together into one cluster, or a loose one into the cluster of its fellows."""
        factors = set(rounds.factors_for(live, actor.table))
        group_of = {line.text: line.group for line in self.lines}
        shown = [c for c in state["cards"].values() if c["state"] == "published" and c["factor"] in factors]
        loose = [card for card in shown if not card["cluster"] and card["text"] in group_of]
        if not loose:
            return None
        card = self.random.choice(loose)
        fellows = [c for c in shown if c is not card and group_of.get(c["text"]) == group_of[card["text"]]]
        together = next((fellow for fellow in fellows if fellow["cluster"]), None)
        if together:
            moves = [{"card": card["id"], "to": together["cluster"], "seen": None}]
            return self._operation("card.move", moves=moves)
        ticked = [{"card": c["id"], "seen": None} for c in [card, *fellows]]
        return self._operation("cluster.make", factor=card["factor"], cards=ticked, name="")
