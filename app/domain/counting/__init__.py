"""Ways of voting: each method checks a whole ballot and counts many. Pure; ties are shown as ties and never cut.

`METHODS` is the one list: what stands in it can be chosen for a round, is described in the browser's contract, and has a form
and a picture there. What a method cannot do is refused before its round starts, never after people voted.
"""

from __future__ import annotations

import re

from app.domain.counting import approval, consent, points, ranks, scores
from app.domain.counting.method import WHOLE, Method, split_name, vote_of
from app.domain.errors import Rejected
from app.domain.records import Record

METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        points.POINTS,
        approval.APPROVAL,
        approval.CHOOSE,
        ranks.RANK,
        scores.SCORES,
        scores.SCORES_BY_CRITERIA,
        consent.CONSENT,
        points.HUNDRED_POINTS,
        points.QUADRATIC,
    )
}
# What may stand behind a method's colon.
_OPTION = re.compile(r"[a-z0-9_]{1,32}")
SCOPES = ("factor", "round")
# Lists that are one, whatever factors their targets belong to.
ONE_LIST = frozenset({"factors", "questions", "sheets"})


def fits(round_: Record) -> str | None:
    """The field of a round's plan that its method cannot work with, or None.

    Shape: "method" for one that is not known or has options it does not take; "points" for a budget of nothing; "cap".
    """
    name, options = split_name(round_["method"] or "")
    method = METHODS.get(name)
    if method is None or not all(map(_OPTION.fullmatch, options)):
        return "method"
    if "criteria" in method.settings:
        if len(options) > scores.MOST_CRITERIA or len(set(options)) < len(options):
            return "method"
    elif options and ("scope" not in method.settings or len(options) > 1 or options[0] not in SCOPES):
        return "method"
    if "points" in method.settings and not round_["points"]:
        return "points"
    if "cap" in method.settings and round_["cap"] > round_["points"]:
        return "cap"
    return None


def method_of(round_: Record) -> Method:
    """Raises: Rejected("not_in_this_state", method) for a round whose vote could not be counted."""
    if wrong := fits(round_):
        raise Rejected(
            "not_in_this_state", state=round_.get("state", ""), method=round_["method"], field=wrong
        )
    return METHODS[vote_of(round_).method]


def bucket_of(round_: Record, factor: str) -> str:
    """The list a target stands in, for its budget and its rank: its factor's, or the one list of the round.

    A budget decides where there is one; else a list somebody chose is one list, and groups or actions are listed by factor.
    """
    vote = vote_of(round_)
    method = METHODS[vote.method]
    if round_["targets"] in ONE_LIST:
        return WHOLE
    if not method.scope:
        return WHOLE if round_["targets"] == "chosen" else factor
    scope = vote.options[0] if vote.options and "scope" in method.settings else method.scope
    return WHOLE if scope == "round" else factor
