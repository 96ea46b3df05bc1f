"""A whole ballot is taken, or refused with what is left or over."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.counting import METHODS, bucket_of, fits
from app.domain.counting.consent import RESERVE_CHARS, RESERVES_CHARS
from app.domain.counting.method import vote_of
from app.domain.errors import Rejected
from tests.domain.counting.votes import round_

LISTED = {"a": "F01", "b": "F01", "c": "F02"}
ONE_LIST = dict.fromkeys(LISTED, "*")


def check(method: str, choices: dict[str, Any], listed: dict[str, str] = LISTED, **fields: Any) -> Any:
    plan = round_(method, [], **fields)
    return METHODS[vote_of(plan).method].check(choices, vote_of(plan), listed)


TAKEN: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "three points a factor": ("points", {"a": 2, "b": 1, "c": 3}, {"points": 3}),
    "two of three points": ("points", {"a": 2}, {"points": 3, "cap": 2}),
    "an empty ballot": ("rank", {}, {"points": 5}),
    "any marks": ("approval", {"a": True, "c": True}, {}),
    "k marks a list": ("choose", {"a": True, "c": True}, {"points": 1}),
    "fewer ranks than asked": ("rank", {"b": 1, "a": 2}, {"points": 5}),
    "a few scores": ("score_1_5", {"a": 1, "b": 5}, {}),
    "one criterion alone": ("criteria_1_5", {"a": {"impact": 4}, "b": {"impact": 1, "feasibility": 5}}, {}),
    "own criteria": ("criteria_1_5:cost+speed", {"a": {"cost": 4}}, {}),
    "consent": ("consent", {"a": "agree", "b": "reserve", "c": {"reserve": "Pas avant juin"}}, {}),
    "sixty of a hundred": ("hundred", {"a": 60}, {}),
    "squares within": ("quadratic", {"a": 2, "b": 1}, {"points": 5}),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_fitting_ballot_is_kept_as_it_is(name: str) -> None:
    method, choices, fields = TAKEN[name]
    assert check(method, choices, **fields) == choices


REFUSED: dict[str, tuple[str, dict[str, Any], dict[str, Any], str, dict[str, Any]]] = {
    "a point too many": ("points", {"a": 2, "b": 2}, {"points": 3}, "over_points", {"factor": "F01", "left": -1}),
    "above the cap": ("points", {"a": 3}, {"points": 3, "cap": 2}, "over_cap", {"cap": 2, "target": "a"}),
    "a mark too many": ("choose", {"a": True, "b": True}, {"points": 1}, "over_choices", {"most": 1, "over": 1}),
    "a rank too many": ("rank", {"a": 1, "b": 2, "c": 3}, {"points": 2}, "over_choices", {"most": 2, "over": 1}),
    "two first places": ("rank", {"a": 1, "b": 1}, {"points": 5}, "bad_payload", {}),
    "a gap in the places": ("rank", {"a": 1, "b": 3}, {"points": 5}, "bad_payload", {}),
    "no zero place": ("rank", {"a": -1}, {"points": 5}, "bad_payload", {}),
    "above the scale": ("score_1_5", {"a": 6}, {}, "bad_payload", {}),
    "half a score": ("score_1_5", {"a": 2.5}, {}, "bad_payload", {}),
    "true is no score": ("score_1_5", {"a": True}, {}, "bad_payload", {}),
    "a strange criterion": ("criteria_1_5", {"a": {"beauty": 3}}, {}, "bad_payload", {}),
    "criteria without names": ("criteria_1_5", {"a": 3}, {}, "bad_payload", {}),
    "a strange answer": ("consent", {"a": "perhaps"}, {}, "bad_payload", {}),
    "a list for an answer": ("consent", {"a": ["agree"]}, {}, "bad_payload", {}),
    "words with a consent": ("consent", {"a": {"agree": "yes"}}, {}, "bad_payload", {}),
    "a reserve too long": ("consent", {"a": {"reserve": "x" * (RESERVE_CHARS + 1)}}, {}, "too_long", {"limit": RESERVE_CHARS}),
    "a hundred and one": ("hundred", {"a": 60, "b": 41}, {}, "over_points", {"left": -1}),
    "a debt": ("hundred", {"a": -5}, {}, "bad_payload", {}),
    "squares beyond": ("quadratic", {"a": 2, "b": 2}, {"points": 7}, "over_points", {"left": -1}),
    "a mark that is a number": ("approval", {"a": 1}, {}, "bad_payload", {}),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_ballot_that_does_not_fit_is_refused_with_what_is_over(name: str) -> None:
    method, choices, fields, code, data = REFUSED[name]
    with pytest.raises(Rejected) as refused:
        check(method, choices, ONE_LIST if method in ("hundred", "quadratic", "rank") else LISTED, **fields)
    assert refused.value.code == code
    assert refused.value.data.items() >= data.items()


def test_reserves_have_a_bound_in_all_so_that_every_ballot_has_one_size() -> None:
    many = {f"t{n}": {"reserve": "y" * RESERVE_CHARS} for n in range(RESERVES_CHARS // RESERVE_CHARS + 1)}
    with pytest.raises(Rejected) as refused:
        check("consent", many, dict.fromkeys(many, "*"))
    assert refused.value.code == "too_long"


def test_a_reserve_without_words_is_a_reserve_and_control_characters_go() -> None:
    kept = check("consent", {"a": {"reserve": "  "}, "b": {"reserve": "ju\u202ein\x00 "}})
    assert kept == {"a": "reserve", "b": {"reserve": "juin"}}


def test_a_target_without_any_criterion_is_no_answer() -> None:
    assert check("criteria_1_5", {"a": {}, "b": {"impact": 2}}) == {"b": {"impact": 2}}


@pytest.mark.parametrize(
    ("method", "fields", "wrong"),
    [
        ("points", {}, None),
        ("points:round", {}, None),
        ("points:sometimes", {}, "method"),
        ("approval:round", {}, "method"),
        ("criteria_1_5:impact+impact", {}, "method"),
        ("criteria_1_5:a+b+c+d+e", {}, "method"),
        ("criteria_1_5:impact+", {}, "method"),
        ("criteria_1_5:<b>", {}, "method"),
        ("majority", {}, "method"),
        ("rank", {"points": 0}, "points"),
        ("hundred", {"points": 0}, None),
        ("points", {"cap": 4}, "cap"),
    ],
)
def test_a_round_whose_vote_could_not_be_counted_is_known_before_it_starts(
    method: str, fields: dict[str, Any], wrong: str | None
) -> None:
    assert fits(round_(method, [], **fields)) == wrong


@pytest.mark.parametrize(
    ("method", "on", "bucket"),
    [
        ("points", "clusters", "F01"),
        ("points", "chosen", "F01"),
        ("points:round", "clusters", "*"),
        ("points", "factors", "*"),
        ("choose:factor", "cards", "F01"),
        ("rank", "clusters", "*"),
        ("approval", "clusters", "F01"),
        ("approval", "chosen", "*"),
        ("score_1_5", "questions", "*"),
        ("hundred", "clusters", "*"),
    ],
)
def test_a_list_is_one_or_one_for_each_factor(method: str, on: str, bucket: str) -> None:
    assert bucket_of(round_(method, [], targets=on), "F01") == bucket
