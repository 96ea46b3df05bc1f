"""What people do on their boards in the simulation: everything their role may ask, sensible or not, from what their page shows.

Pure but for the chance it is given. A page knows its own texts and ballots, as a browser does, and nobody else's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from random import Random
from typing import Any

from app.domain.operations import Actor
from app.domain.rounds import is_ballot
from tests.replica import Replica

MARKER = "MARQUE-SCELLEE"
Intent = tuple[str, dict[str, Any]]
LIVE = ("running", "paused")


@dataclass(slots=True)
class OwnText:
    """A text this browser put into an urn: its secret, where it is, and how often it was altered."""

    secret: str
    at: dict[str, Any]
    factor: str
    key: int
    revision: int = 1


@dataclass(slots=True)
class Memory:
    """What a browser keeps of its own, beside replica and outbox."""

    posted: dict[str, OwnText] = field(default_factory=dict)
    texts: dict[str, OwnText] = field(default_factory=dict)
    ballots: dict[tuple[str, int], int] = field(default_factory=dict)

    def answered(self, kind: str, payload: dict[str, Any], answer: dict[str, Any]) -> None:
        """Learn from an answer what this browser may do with its own."""
        secret = payload.get("secret", "")
        if kind == "card.post" and answer.get("sealed"):
            own = self.posted[payload["secret_hash"]]
            self.texts[own.secret] = own
        elif answer.get("code") == "gone":
            self.texts.pop(secret, None)
        elif kind == "ballot.cast" and answer.get("code") == "moved_meanwhile":
            self.ballots[payload["round"], payload["epoch"]] = answer["data"]["revision"]


class Person:
    """One seat or member of staff in front of one browser."""

    def __init__(self, actor: Actor, replica: Replica, random: Random, numbers: count[int]) -> None:
        self.actor, self.replica, self.random, self.numbers = actor, replica, random, numbers
        self.memory = Memory()

    def intents(self) -> list[Intent]:
        """Everything this person could ask now."""
        match self.actor.role:
            case "facilitator":
                found = [*self._steering(), *self._reviewing(), *self._grouping()]
            case "expert":
                found = [self._remark()]
            case _:
                found = [*self._writing(), *self._voting(), *self._grouping()]
        return list(found)

    def _text(self) -> str:
        return f"{MARKER} {next(self.numbers)}"

    def _some(self, table: str, most: int) -> list[dict[str, Any]]:
        records = self.replica.all(table)
        return self.random.sample(records, min(most, len(records)))

    # --- participants ---

    def _writing(self) -> Iterator[Intent]:
        for round_ in self.replica.all("rounds"):
            if round_["state"] not in LIVE:
                continue
            at = {"round": round_["id"], "epoch": round_["epoch"]}
            if round_["kind"] == "post":
                scope = round_["scope"] or {self.actor.table: round_["factors"]}
                # Most under one factor and beyond the budget: it is the server that must count.
                for factor in (scope[self.actor.table][0], *scope[self.actor.table]):
                    hashed = self._secret(OwnText("", at, factor, round_["key"]))
                    yield "card.post", {**at, "factor": factor, "text": self._text(), "secret_hash": hashed}
                yield from self._altering(round_)
            target = {"table": "factors", "id": "F01"}
            hashed = self._secret(OwnText("", at, "", round_["key"]))
            yield "comment.post", {**at, "target": target, "text": self._text(), "secret_hash": hashed}

    def _secret(self, own: OwnText) -> str:
        """A fresh secret's hash; the browser keeps the secret."""
        secret = self.random.randbytes(32)
        own.secret, hashed = secret.hex(), sha256(secret).hexdigest()
        self.memory.posted[hashed] = own
        return hashed

    def _altering(self, round_: dict[str, Any]) -> Iterator[Intent]:
        at = {"round": round_["id"], "epoch": round_["epoch"]}
        mine = [text for text in self.memory.texts.values() if text.at == at]
        for text in self.random.sample(mine, min(2, len(mine))):
            if text.key != round_["key"]:
                yield "card.claim", {**text.at, "secret": text.secret, "factor": text.factor}
            asked = {**text.at, "secret": text.secret, "revision": text.revision + 1}
            yield "card.edit", {**asked, "text": self._text()}
            if self.random.random() < 0.3:
                yield "card.withdraw", asked

    def _voting(self) -> Iterator[Intent]:
        for round_ in self.replica.all("rounds"):
            if is_ballot(round_) and round_["state"] in LIVE:
                epoch = (round_["id"], round_["epoch"])
                targets = [target["id"] for target in round_["ballot"]]
                choices = {
                    t: self.random.randint(0, 2) for t in self.random.sample(targets, min(3, len(targets)))
                }
                revision = self.memory.ballots.get(epoch, 0) + 1
                yield (
                    "ballot.cast",
                    {"round": epoch[0], "epoch": epoch[1], "revision": revision, "choices": choices},
                )

    # --- everybody who groups ---

    def _grouping(self) -> Iterator[Intent]:
        for card in self._some("cards", 1):
            ticked = [{"card": c["id"], "seen": c["cluster"]} for c in self._some("cards", 2)]
            yield "cluster.make", {"factor": card["factor"], "cards": ticked, "name": ""}
            for cluster in self._some("clusters", 1):
                to = self.random.choice([None, cluster["id"]])
                yield "card.move", {"moves": [{"card": card["id"], "to": to, "seen": card["cluster"]}]}
                name = f"Groupe {self.random.randrange(3)}"
                yield "cluster.propose", {"cluster": cluster["id"], "name": name}

    # --- staff ---

    def _remark(self) -> Intent:
        target = {"table": "factors", "id": "F01"}
        return "comment.post", {"target": target, "text": f"Remarque {next(self.numbers)}"}

    def _steering(self) -> Iterator[Intent]:
        rounds = self.replica.all("rounds")
        is_live = any(round_["state"] in LIVE for round_ in rounds)
        for round_ in rounds:
            at = {"round": round_["id"], "epoch": round_["epoch"]}
            the_round = {"round": round_["id"]}
            can: dict[str, list[Intent]] = {
                "planned": [("round.start", the_round)] * self._eagerness(round_, is_live),
                "running": [
                    ("round.close", at),
                    ("round.pause", at),
                    ("round.extend", {**at, "ends_at_ms": (round_["ends_at_ms"] or 0) + 3_600_000}),
                ]
                * (self.random.random() < 0.25),
                "paused": [("round.resume", at), ("round.resume", at), ("round.close", at)],
                "closed": [("round.publish", at)] * 3 + [("round.reopen", {**at, "minutes": 5})],
                "published": [("round.reopen", {**at, "minutes": 5})] if self.random.random() < 0.2 else [],
                "skipped": [("round.plan", the_round)],
                "void": [("round.plan", the_round)],
            }
            yield from can[round_["state"]]
            if self.random.random() < 0.03:
                yield ("round.void", at) if round_["epoch"] else ("round.skip", the_round)

    def _eagerness(self, round_: dict[str, Any], is_live: bool) -> int:
        """Rounds with an urn rather than others; another one beside the live one only now and then."""
        if is_live and self.random.random() < 0.95:
            return 0
        return 5 if round_["kind"] in ("post", "vote") else 1

    def _reviewing(self) -> Iterator[Intent]:
        for card in self._some("cards", 2):
            if card["state"] == "held":
                yield "card.release", {"card": card["id"]}
            else:
                yield "card.hold", {"card": card["id"], "reason": "hors sujet"}
            yield "card.mark", {"card": card["id"], "kind": self.random.choice(["action", "question"])}
            yield "card.refile", {"card": card["id"], "factor": self.random.choice(["F01", "F02"])}
        clusters = self._some("clusters", 2)
        if len(clusters) == 2:
            yield "cluster.merge", {"from": clusters[0]["id"], "into": clusters[1]["id"]}
        for cluster in clusters[:1]:
            yield "cluster.split", {"cluster": cluster["id"]}
            yield "cluster.dissolve", {"cluster": cluster["id"]}

    # --- after a choice ---

    def begins(self, kind: str, payload: dict[str, Any]) -> None:
        """Remember what this browser must know of its own, before the operation is first sent."""
        epoch = (payload.get("round", ""), payload.get("epoch", 0))
        if kind == "ballot.cast":
            self.memory.ballots[epoch] = payload["revision"]
        elif kind in ("card.edit", "card.withdraw"):
            self.memory.texts[payload["secret"]].revision = payload["revision"]
        elif kind == "card.claim":
            self.memory.texts[payload["secret"]].key = self.replica.tables["rounds"][epoch[0]]["key"]
