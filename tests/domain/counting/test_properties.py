"""What must hold of every way of voting, whatever people choose."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.counting import METHODS
from app.domain.counting.tally import tally
from app.domain.operations import Ballot
from tests.bench.counting import VOTERS
from tests.domain.counting.votes import round_, rows, targets

IDS = [f"t{n}" for n in range(6)]
SIDES = st.sampled_from(["internal", "external"])
SCORE = st.integers(1, 5)


def ranking(order: list[str]) -> dict[str, int]:
    return {target: place for place, target in enumerate(order, 1)}


def some(values: st.SearchStrategy[Any], most: int = 6) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(IDS), values, max_size=most)


CHOICES: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "points": some(st.integers(1, 2), 3),
    "approval": some(st.just(True)),
    "choose": some(st.just(True), 3),
    "rank": st.lists(st.sampled_from(IDS), unique=True, max_size=3).map(ranking),
    "score_1_5": some(SCORE),
    "criteria_1_5": some(st.fixed_dictionaries({}, optional={"impact": SCORE, "feasibility": SCORE})),
    "consent": some(st.sampled_from(["agree", "reserve", "opposed"]) | st.just({"reserve": "Mais quand"})),
    "hundred": some(st.integers(1, 30), 3),
    "quadratic": some(st.integers(1, 3), 3),
}
VOTES = st.sampled_from(sorted(METHODS)).flatmap(
    lambda name: st.tuples(
        st.just(name), st.lists(st.builds(Ballot, CHOICES[name], SIDES), min_size=0, max_size=26)
    )
)


def test_every_method_has_a_voter_here_and_in_the_bench() -> None:
    assert set(METHODS) == set(CHOICES) == set(VOTERS)


@settings(max_examples=60, deadline=None)
@given(VOTES, st.randoms(use_true_random=False))
def test_neither_the_order_of_the_ballots_nor_of_the_targets_matters(
    vote: tuple[str, list[Ballot]], chance: Any
) -> None:
    name, ballots = vote
    listed = targets(*IDS)
    counted = tally(round_(name, listed), ballots)
    chance.shuffle(ballots)
    assert tally(round_(name, listed), ballots) == counted
    chance.shuffle(listed)
    assert rows(round_(name, listed), ballots) == {row["target"]: row for row in counted["rows"]}


@settings(max_examples=60, deadline=None)
@given(VOTES, st.permutations(IDS))
def test_the_names_of_the_targets_do_not_matter(vote: tuple[str, list[Ballot]], other: list[str]) -> None:
    """But for the draws of the interval, which begin with the first name."""
    name, ballots = vote
    called = dict(zip(IDS, other, strict=True))
    renamed = [Ballot({called[t]: choice for t, choice in b.choices.items()}, b.side) for b in ballots]
    before, after = rows(round_(name, targets(*IDS)), ballots), rows(round_(name, targets(*IDS)), renamed)
    for target, row in before.items():
        other_row = after[called[target]]
        ignored = {"target", "low", "high"}
        assert {k: v for k, v in row.items() if k not in ignored} == {
            k: v for k, v in other_row.items() if k not in ignored
        }


@settings(max_examples=60, deadline=None)
@given(VOTES)
def test_equals_share_a_place_whatever_their_names(vote: tuple[str, list[Ballot]]) -> None:
    """t0 is given everything that t1 has, and the other way about: they must tie, with one interval."""
    name, ballots = vote
    swap = {"t0": "t1", "t1": "t0"}
    mirrored = [Ballot({swap.get(t, t): c for t, c in b.choices.items()}, b.side) for b in ballots]
    counted = rows(round_(name, targets(*IDS)), ballots + mirrored)
    one, other = counted["t0"], counted["t1"]
    assert one["rank"] == other["rank"]
    assert one["tied"] is other["tied"] is True
    assert [one["value"], one["counts"]] == [other["value"], other["counts"]]
    if name == "rank":
        assert one["schulze"] == other["schulze"]


@settings(max_examples=40, deadline=None)
@given(VOTES)
def test_places_count_those_before_and_intervals_hold_within_the_list(vote: tuple[str, list[Ballot]]) -> None:
    name, ballots = vote
    counted = list(rows(round_(name, targets(*IDS)), ballots).values())
    for row in counted:
        assert row["rank"] == 1 + sum(other["rank"] < row["rank"] for other in counted)
        assert row["tied"] == (sum(other["rank"] == row["rank"] for other in counted) > 1)
        if row["low"] is not None:
            assert 1 <= row["low"] <= row["high"] <= len(IDS)


def test_the_mean_of_two_means_is_rounded_once() -> None:
    """Impact 1, feasibility 4/3: 7/6 ends in 7, where rounding 4/3 first would make it end in 6."""
    scores = [{"impact": 1, "feasibility": easy} for easy in (1, 1, 2)]
    ballots = [Ballot({"t0": score}, "internal") for score in scores]
    assert rows(round_("criteria_1_5", targets("t0")), ballots)["t0"]["value"] == 1.1667
