"""A whole board of a given size, as the file of a board: cards, groups, votes by two sides, comments and sheets."""

from __future__ import annotations

import csv
from random import Random
from typing import Any

from app import workshops
from app.domain.changes import applied
from app.domain.counting.tally import tally
from app.domain.kinds.ballots import MOST_TARGETS
from app.domain.kinds.boardfile import kept
from app.domain.kinds.sheets import DAYS, LIMITS
from app.domain.operations import Ballot, Context, Operation
from app.domain.records import State, empty_state
from app.domain.rules import decide
from app.imports import FILES
from tests.bench.speech import CARDS as WORDS

PEOPLE = 44
VOTES = ("V1", "D3", "E1", "E4")
CARDS_IN_A_GROUP = 5


def board(cards: int) -> dict[str, Any]:
    """Shape: as `board.import` takes it."""
    plan = workshops.plan_from(workshops.niamey_files(*FILES))
    payload = {
        **{"title": workshops.TITLE, "time_zone": workshops.TIME_ZONE, "practice": False},
        **{"factors": plan.factors, "tables": plan.tables, "rounds": plan.rounds},
    }
    decided = decide(
        empty_state(), Operation("0" * 32, "board.setup", payload), workshops.SETTER_UP, Context(now_ms=0)
    )
    assert isinstance(decided, list)
    state = applied(empty_state(), decided)
    chance = Random(cards)
    factors = list(state["factors"])
    groups = max(1, cards // CARDS_IN_A_GROUP)
    for number in range(groups):
        state["clusters"][f"g{number}"] = _group(number, factors[number % len(factors)])
    with WORDS.open(encoding="utf-8", newline="") as file:
        texts = [row["text_fr"] for row in csv.DictReader(file)]
    for number in range(1, cards + 1):
        cluster = f"g{number % groups}"
        factor = state["clusters"][cluster]["factor"]
        state["cards"][f"c{number}"] = _card(number, factor, cluster, texts[number % len(texts)])
        if number % 2:
            state["comments"][f"m{number}"] = _comment(number, texts[-number % len(texts)])
    for number in range(1, 31):
        state["sheets"][f"s{number}"] = _sheet(number, state["clusters"][f"g{number % groups}"])
    for round_id in VOTES:
        _vote(state, round_id, chance)
    return kept(state)


def _group(number: int, factor: str) -> dict[str, Any]:
    named = {"id": f"g{number}", "rev": 1, "factor": factor, "name": f"Un groupe d’actions, le {number}e"}
    return {**named, "former_names": [], "proposals": [], "merged_into": None, "merge": None, "contest": None}


def _card(number: int, factor: str, cluster: str, text: str) -> dict[str, Any]:
    where = {
        "factor": factor,
        "origin": factor,
        "round": "B1",
        "epoch": 1,
        "cluster": cluster,
        "state": "published",
    }
    said = {"text": text, "kind": "action", "language": "fr", "translation": {}, "name": None, "reason": None}
    return {"id": f"c{number}", "rev": 2, "number": number, **where, **said, "audience": "all"}


def _comment(number: int, text: str) -> dict[str, Any]:
    said = {
        "text": text,
        "kind": None,
        "language": "fr",
        "translation": {},
        "by": "participant",
        "name": None,
    }
    return {
        "id": f"m{number}",
        "rev": 1,
        "target": {"table": "cards", "id": f"c{number}"},
        **said,
        "round": "B1",
    }


def _sheet(number: int, group: dict[str, Any]) -> dict[str, Any]:
    where = {"factor": group["factor"], "others": [], "axis": None, "table": None}
    days = dict(zip(DAYS, ("2026-10-01", "2027-03-31"), strict=True))
    filled = dict.fromkeys(LIMITS, "À remplir par la table") | days | {"title": group["name"]}
    source = {"table": "clusters", "id": group["id"]}
    decided = {"disposition": "implement", "state": "frozen", "version": 1}
    return {"id": f"s{number}", "rev": 3, "number": number, "source": source, **where, **decided, **filled}


def _vote(state: State, round_id: str, chance: Random) -> None:
    """Everybody votes on what the round is about; counted as any vote is."""
    round_ = {**state["rounds"][round_id], "state": "published", "epoch": 1, "roster": PEOPLE}
    by_factor = round_["targets"] == "clusters"
    round_["ballot"] = [
        {
            "table": "clusters",
            "id": c["id"],
            "factor": c["factor"],
            "bucket": c["factor"] if by_factor else "*",
        }
        for c in list(state["clusters"].values())[: MOST_TARGETS if by_factor else 30]
    ]
    state["rounds"] |= {round_id: round_, "B1": {**state["rounds"]["B1"], "state": "published", "epoch": 1}}
    ids = [target["id"] for target in round_["ballot"]]
    ballots = [
        Ballot(
            {
                target: _answer(round_["method"], place, chance)
                for place, target in enumerate(chance.sample(ids, min(len(ids), 5)), 1)
            },
            "internal" if person % 3 else "external",
        )
        for person in range(PEOPLE)
    ]
    found = tally(round_, ballots)
    state["tallies"][found["id"]] = {**found, "rev": 1}


def _answer(method: str, place: int, chance: Random) -> Any:
    if method.startswith("criteria"):
        return {"impact": chance.randint(1, 5), "feasibility": chance.randint(1, 5)}
    return place if method.startswith("rank") else chance.randint(1, 2)
