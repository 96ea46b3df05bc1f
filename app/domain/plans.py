"""The plan of a round: what it begins with for its kind, and whether its rules fit together. Pure.

The console's dialog begins with these defaults (they go into the browser's contract), so that a round is made with a name and
two clicks; the import says the same of a CSV by line and column.
"""

from __future__ import annotations

from typing import Any

from app.domain import rounds
from app.domain.counting import fits
from app.domain.errors import Rejected
from app.domain.records import Record, State
from app.domain.wording import clean

NAME_CHARS = 160
INSTRUCTION_CHARS = 600

NO_RULES: dict[str, Any] = {
    "release": None,
    "cards_per_person": 0,
    "per_factor": False,
    "method": None,
    "targets": None,
    "questions": [],
    "points": 0,
    "cap": 0,
    "at_zero": "ring",
    "grace_s": 0,
    "review": False,
}
_VOTE = {"at_zero": "close", "grace_s": 2, "review": True}

# What a new round of each kind begins with, beside a name.
DEFAULTS: dict[str, dict[str, Any]] = {
    "setup": NO_RULES | {"minutes": 15},
    "brief": NO_RULES | {"minutes": 10},
    "assess": NO_RULES | _VOTE | {"minutes": 10, "method": "score_1_5", "targets": "factors"},
    "post": NO_RULES
    | {"minutes": 8, "release": "sealed", "cards_per_person": 3, "per_factor": True, "review": True}
    | {"at_zero": "close", "grace_s": 2},
    "cluster": NO_RULES | {"minutes": 20},
    "vote": NO_RULES
    | _VOTE
    | {"minutes": 10, "method": "points", "targets": "clusters", "points": 3, "cap": 2},
    "discuss": NO_RULES | {"minutes": 15},
    "prioritise": NO_RULES
    | _VOTE
    | {"minutes": 15, "method": "criteria_1_5:impact+feasibility", "targets": "chosen"},
    "break": NO_RULES | {"minutes": 15},
}


def fitted(state: State, plan: Record) -> Record:
    """The plan as it is kept: rules that mean nothing for its kind are cleared, texts are cleaned.

    Raises: Rejected("bad_plan", field) with the first field that does not fit.
    """
    plan = {
        **plan,
        "name": _words(plan["name"], "name", NAME_CHARS),
        "instruction": _words(plan["instruction"], "instruction", INSTRUCTION_CHARS),
    }
    _known(state, plan)
    plan |= _text_rules(plan) | _ballot_rules(plan)
    if not rounds.closes_itself(plan):
        plan["grace_s"] = 0
    return plan


def _refuse(field: str) -> Rejected:
    return Rejected("bad_plan", field=field)


def _words(given: dict[str, str], field: str, limit: int) -> dict[str, str]:
    """Both languages; one stands in for the other. A name must have something in one of them."""
    written = {language: text for language, text in given.items() if text.strip()}
    if not written:
        if field == "name":
            raise _refuse("name")
        return {"fr": "", "en": ""}
    either = next(iter(written.values()))
    try:
        return {language: clean(written.get(language, either), limit) for language in ("fr", "en")}
    except Rejected:
        raise _refuse(field) from None


def _known(state: State, plan: Record) -> None:
    for factor in plan["factors"]:
        if factor not in state["factors"]:
            raise _refuse("factors")
    for table, factors in (plan["scope"] or {}).items():
        if table not in state["tables"] or not factors or not set(factors) <= set(plan["factors"]):
            raise _refuse("scope")
    if plan["scope"]:
        named = {factor for some in plan["scope"].values() for factor in some}
        plan["factors"] = [factor for factor in plan["factors"] if factor in named]
    works = plan["kind"] in rounds.TEXT_KINDS | rounds.BALLOT_KINDS | {"cluster"}
    if not plan["factors"]:
        if works:
            raise _refuse("factors")
        plan["factors"] = sorted(state["factors"], key=lambda factor: state["factors"][factor]["number"])


def _text_rules(plan: Record) -> dict[str, Any]:
    if not rounds.is_text(plan):
        return {"release": None, "cards_per_person": 0, "per_factor": False, "review": False}
    if not plan["cards_per_person"]:
        raise _refuse("cards_per_person")
    if plan["release"] is None:
        raise _refuse("release")
    return {"review": plan["review"] and plan["release"] == "sealed"}


def _ballot_rules(plan: Record) -> dict[str, Any]:
    if plan["kind"] not in rounds.BALLOT_KINDS or (plan["method"] is None and plan["kind"] != "vote"):
        return {"method": None, "targets": None, "questions": [], "points": 0, "cap": 0}
    if plan["method"] is None:
        raise _refuse("method")
    if wrong := fits(plan):
        raise _refuse(wrong)
    if plan["targets"] is None:
        raise _refuse("targets")
    if plan["targets"] != "questions":
        return {"questions": [], "review": True}
    if not plan["questions"]:
        raise _refuse("questions")
    return {"review": True}
