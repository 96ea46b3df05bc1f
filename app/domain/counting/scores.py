"""Scores from 1 to 5, on one criterion or several; leaving a target or a criterion out means "don't know".

A target stands by its mean; by the mean of its criteria's means where there are several. Source: range voting; the
agreement is that of Tastle & Wierman 2007. A target nobody scored stands last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from app.domain.counting.agreement import agreement
from app.domain.counting.method import Choices, Measures, Method, Targets, Vote, whole_number
from app.domain.errors import Rejected

LOWEST, HIGHEST = 1, 5
SCALE = range(LOWEST, HIGHEST + 1)
CRITERIA = ("impact", "feasibility")
# Any other criterion is called as it is written.
CRITERIA_WORDS = {
    "impact": {"fr": "Impact", "en": "Impact"},
    "feasibility": {"fr": "Faisabilité", "en": "Feasibility"},
}
MOST_CRITERIA = 4
_DIGITS = 4


def criteria_of(vote: Vote) -> tuple[str, ...]:
    return vote.options or CRITERIA


def _check(choices: Choices, vote: Vote, targets: Targets) -> Choices:
    """Raises: Rejected("bad_payload")."""
    for score in choices.values():
        whole_number(score, LOWEST, HIGHEST)
    return choices


def _check_criteria(choices: Choices, vote: Vote, targets: Targets) -> Choices:
    """A target with no score at all is left out. Raises: Rejected("bad_payload")."""
    known = set(criteria_of(vote))
    for scores in choices.values():
        if not isinstance(scores, Mapping) or not scores.keys() <= known:
            raise Rejected("bad_payload", fields=["choices"])
        for score in scores.values():
            whole_number(score, LOWEST, HIGHEST)
    return {target: scores for target, scores in choices.items() if scores}


def _figures(scores: Sequence[int]) -> dict[str, Any]:
    """Sum, mean, agreement and how often each score was given."""
    counts = Counter(scores)
    spread = agreement([counts[score] for score in SCALE])
    return {
        "total": sum(scores),
        "answers": len(scores),
        "value": round(sum(scores) / len(scores), _DIGITS) if scores else None,
        "agreement": None if spread is None else round(spread, _DIGITS),
        "counts": {str(score): counts[score] for score in SCALE if counts[score]},
    }


def _row(answers: Sequence[Any], vote: Vote) -> dict[str, Any]:
    return _figures(answers)


def _row_of_criteria(answers: Sequence[Any], vote: Vote) -> dict[str, Any]:
    """Shape: `criteria` is criterion -> the figures of its scores; the row's own are over all of them."""
    by_criterion = {
        criterion: _figures([scores[criterion] for scores in answers if criterion in scores])
        for criterion in criteria_of(vote)
    }
    return {
        "total": sum(figures["total"] for figures in by_criterion.values()),
        "answers": len(answers),
        "value": _mean_of_means(by_criterion),
        "counts": {
            f"{criterion}:{score}": count
            for criterion, figures in by_criterion.items()
            for score, count in figures["counts"].items()
        },
        "criteria": by_criterion,
    }


def _mean_of_means(by_criterion: Mapping[str, Mapping[str, Any]]) -> float | None:
    """Rounded once, at the end: what is rounded twice may end a digit away from the truth."""
    if not all(figures["answers"] for figures in by_criterion.values()):
        return None
    means = [Fraction(figures["total"], figures["answers"]) for figures in by_criterion.values()]
    return round(float(sum(means) / len(means)), _DIGITS)


def _key(row: Mapping[str, Any]) -> tuple[int | Fraction, ...]:
    return (Fraction(row["total"], row["answers"]) if row["answers"] else -1,)


def _key_of_criteria(row: Mapping[str, Any]) -> tuple[int | Fraction, ...]:
    parts = list(row["criteria"].values())
    if not all(figures["answers"] for figures in parts):
        return (-1,)
    return (sum(Fraction(figures["total"], figures["answers"]) for figures in parts),)


def _measures(score: Any, vote: Vote) -> Measures:
    return (score,)


def _measures_of_criteria(scores: Any, vote: Vote) -> Measures:
    return tuple(scores.get(criterion) for criterion in criteria_of(vote))


SCORES = Method(
    "score_1_5",
    {"fr": "Note de 1 à 5", "en": "Score from 1 to 5"},
    _check,
    _row,
    _key,
    _measures,
    is_mean=True,
    blank_is_zero=False,
)
SCORES_BY_CRITERIA = Method(
    "criteria_1_5",
    {"fr": "Note de 1 à 5 par critère", "en": "Score from 1 to 5 by criterion"},
    _check_criteria,
    _row_of_criteria,
    _key_of_criteria,
    _measures_of_criteria,
    settings=("criteria",),
    is_mean=True,
    blank_is_zero=False,
    bytes_of=lambda vote: 8 + sum(len(criterion) + 6 for criterion in criteria_of(vote)),
)
