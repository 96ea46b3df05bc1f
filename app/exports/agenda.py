"""agenda.csv of a board: the plan of every round, in the columns of the import, so that it comes in again as it went out.

No state and no figure: what became of a round is in the other files, and the history of the day.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.domain.records import Record, State
from app.domain.rounds import in_order

COLUMNS = (
    *("seq", "day", "start", "minutes", "round_id", "name_fr", "name_en", "instruction_fr", "instruction_en"),
    *("kind", "scope", "release", "cards_per_person", "per_factor", "method", "targets"),
    *("questions_fr", "questions_en", "points", "cap", "at_zero", "grace_s", "review"),
)
EVERYBODY, NOTHING = "all", "all:TEST"


def rows(state: State, language: str) -> Iterator[dict[str, Any]]:
    """One row a round, numbered in the agenda's order."""
    for number, round_ in enumerate(in_order(state["rounds"].values()), 1):
        asked = round_.get("questions") or []
        yield {
            "seq": number,
            "day": round_["day"],
            "start": round_["starts"],
            "minutes": round_["minutes"],
            "round_id": round_["id"],
            "name_fr": round_["name"].get("fr", ""),
            "name_en": round_["name"].get("en", ""),
            "instruction_fr": round_["instruction"].get("fr", ""),
            "instruction_en": round_["instruction"].get("en", ""),
            "kind": round_["kind"],
            "scope": _scope(state, round_),
            "release": round_["release"],
            "cards_per_person": round_["cards_per_person"] or "",
            "per_factor": _yes(round_["per_factor"]),
            "method": round_["method"],
            "targets": round_["targets"],
            "questions_fr": "|".join(question.get("fr", "") for question in asked),
            "questions_en": "|".join(question.get("en", "") for question in asked),
            "points": round_["points"] or "",
            "cap": round_["cap"] or "",
            "at_zero": round_["at_zero"],
            "grace_s": round_["grace_s"] or "",
            "review": _yes(round_["review"]),
        }


def _yes(claim: bool) -> str:
    return "yes" if claim else "no"


def _scope(state: State, round_: Record) -> str:
    """Who works on what: everybody on everything, everybody on some factors, each table on its own, or nobody."""
    if round_["scope"]:
        return " ".join(f"{table}:{'+'.join(factors)}" for table, factors in round_["scope"].items())
    if not round_["factors"]:
        return NOTHING
    if set(round_["factors"]) == set(state["factors"]):
        return EVERYBODY
    return f"{EVERYBODY}:{'+'.join(round_['factors'])}"
