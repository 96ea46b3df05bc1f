"""The split by side, only where nobody can be singled out; and sums against a plain recount."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from itertools import combinations_with_replacement, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.counting.tally import tally
from app.domain.operations import Ballot
from tests.domain.counting.votes import round_, rows, targets

TARGETS = [{"table": "clusters", "id": f"c{n}", "factor": "F01" if n < 3 else "F02"} for n in range(5)]


def vote(**fields: Any) -> dict[str, Any]:
    return round_("points", TARGETS, cap=2) | fields


def ballots(*described: tuple[str, dict[str, int]]) -> list[Ballot]:
    return [Ballot(choices, side) for side, choices in described]


ballot_lists = st.lists(
    st.builds(
        Ballot,
        st.dictionaries(st.sampled_from([t["id"] for t in TARGETS]), st.integers(1, 2), max_size=3),
        st.sampled_from(["internal", "external"]),
    ),
    max_size=30,
)


@given(ballot_lists)
def test_totals_equal_a_plain_recount_and_the_order_of_ballots_does_not_matter(cast: list[Ballot]) -> None:
    counted = tally(vote(), cast)
    for row in counted["rows"]:
        assert row["total"] == sum(ballot.choices.get(row["target"], 0) for ballot in cast)
    assert counted == tally(vote(), list(reversed(cast)))


@given(ballot_lists)
def test_a_side_is_shown_only_when_five_a_side_had_a_say_and_neither_is_nearly_of_one_mind(
    cast: list[Ballot],
) -> None:
    factor_of = {target["id"]: target["factor"] for target in TARGETS}
    for row in tally(vote(), cast)["rows"]:
        if row["internal"] is None:
            assert row["external"] is None
            continue
        assert row["internal"] + row["external"] == row["total"]
        for side in ("internal", "external"):
            here = [b for b in cast if b.side == side and row["factor"] in {factor_of[t] for t in b.choices}]
            assert len(here) >= 5
            given = [b.choices.get(row["target"], 0) for b in here]
            assert all(given.count(value) < 0.8 * len(here) for value in given)


def test_a_side_that_gave_one_score_is_withheld_because_it_tells_each_of_them() -> None:
    cast = ballots(*[("internal", {"c0": 1})] * 5, *[("external", {"c0": 4})] * 6)
    row = tally(vote(method="score_1_5"), cast)["rows"][0]
    assert (row["total"], row["internal"], row["external"]) == (29, None, None)


def test_one_voter_among_five_of_the_other_side_is_not_singled_out() -> None:
    cast = ballots(
        ("internal", {"c0": 1}), *[("internal", {"c3": 1})] * 5,
        *[("external", {"c0": 1})] * 3, *[("external", {"c1": 1})] * 3,
    )  # fmt: skip
    row = tally(vote(), cast)["rows"][0]
    assert (row["internal"], row["external"]) == (None, None)


def test_equal_totals_share_a_rank_and_the_next_rank_is_skipped() -> None:
    counted = tally(vote(), ballots(("internal", {"c0": 2, "c1": 1}), ("external", {"c1": 1, "c2": 1})))
    ranks = {row["target"]: (row["rank"], row["tied"]) for row in counted["rows"] if row["factor"] == "F01"}
    assert ranks == {"c0": (1, True), "c1": (1, True), "c2": (3, False)}


# --- what can be told of one person ---

# What one voter can do, leaving nothing out that could stand for something else.
WORLDS: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
    "one point, three targets": ({"method": "points", "points": 1}, [{"a": 1}, {"b": 1}, {"c": 1}]),
    "two points, all spent": ({"method": "points", "points": 2}, [{"a": 2}, {"a": 1, "b": 1}, {"b": 2}]),
    "approval": ({"method": "approval"}, [{"a": True}, {"b": True}, {"a": True, "b": True}]),
    "consent": ({"method": "consent"}, [{"a": "agree"}, {"a": "reserve"}, {"a": "opposed"}]),
    "scores": ({"method": "score_1_5"}, [{"a": 1}, {"a": 3}, {"a": 5}]),
    "two ranks": ({"method": "rank", "points": 2}, [{"a": 1}, {"a": 1, "b": 2}, {"b": 1, "a": 2}]),
}
OF_THE_SIDES = ("internal", "external", "divergence", "across")


def published(plan: dict[str, Any], ballots: list[Ballot]) -> tuple[str, str]:
    """All that the tally tells, and all but what it tells of the sides."""
    record = tally(plan, ballots)
    everything = json.dumps(record, sort_keys=True)
    for row in record["rows"]:
        for name in OF_THE_SIDES:
            del row[name]
        row["marks"] = [mark for mark in row["marks"] if mark != "divergent"]
    return everything, json.dumps(record, sort_keys=True)


@pytest.mark.parametrize("name", WORLDS)
def test_the_sides_never_tell_what_one_voter_chose(name: str) -> None:
    """Every roster of five and six people over these ballots, and for each all others that would publish the same.

    Within a side people are alike, so one of them is singled out only when all worlds give the whole side one value. What
    the figures over everybody tell already is not the sides' doing.
    """
    rules, options = dict(WORLDS[name][0]), WORLDS[name][1]
    plan = round_(rules.pop("method"), targets("a", "b", "c"), **rules)
    worlds = [
        {
            side: [options[n] for n in drawn]
            for side, drawn in zip(("internal", "external"), pair, strict=True)
        }
        for pair in product(
            combinations_with_replacement(range(len(options)), 5),
            combinations_with_replacement(range(len(options)), 6),
        )
    ]
    told: tuple[dict[str, list[int]], ...] = (defaultdict(list), defaultdict(list))
    for number, world in enumerate(worlds):
        cast = [Ballot(choices, side) for side, all_ in world.items() for choices in all_]
        for record, alike in zip(published(plan, cast), told, strict=True):
            alike[record].append(number)
    with_sides, without = told

    def determined(numbers: list[int]) -> set[tuple[str, str]]:
        return {
            (side, target)
            for side in ("internal", "external")
            for target in ("a", "b", "c")
            if len({json.dumps(c.get(target)) for n in numbers for c in worlds[n][side]}) == 1
        }

    by_all = {n: determined(alike) for alike in without.values() for n in alike}
    for alike in with_sides.values():
        assert determined(alike) <= by_all[alike[0]], [worlds[n] for n in alike[:2]]
    assert any(re.search(r'"internal": \d', record) for record in with_sides), "nothing was shown at all"


def test_a_divergence_is_marked_from_fifteen_points_of_share_and_eight_ballots_a_side() -> None:
    def marks(many: int, internal_yes: int, external_yes: int) -> tuple[float | None, list[str]]:
        cast = [
            Ballot({"a": True} if n < yes else {"b": True}, side)
            for side, yes in (("internal", internal_yes), ("external", external_yes))
            for n in range(many)
        ]
        row = rows(round_("approval", targets("a", "b")), cast)["a"]
        return row["divergence"], row["marks"]

    assert marks(20, 10, 7) == (15.0, ["divergent"])
    assert marks(20, 12, 9) == (15.0, ["divergent"])  # 14.999999999999996 to floats
    assert marks(100, 50, 36) == (14.0, [])
    assert marks(7, 5, 2) == (42.9, [])
    assert marks(8, 6, 2) == (50.0, ["divergent"])


def test_more_is_withheld_where_what_everybody_had_to_spend_would_tell_it() -> None:
    """Each voter gives b one of three points: were a and c shown apart, what is left for b would say that everybody did."""

    def sides(many: int) -> list[int | None]:
        internal = [{"a": 2, "b": 1}, {"b": 1, "c": 2}] * many
        external = [{"a": 1, "b": 1, "c": 1}, {"b": 1, "c": 2}] * many
        cast = [Ballot(c, "internal") for c in internal] + [Ballot(c, "external") for c in external]
        counted = rows(round_("points", targets("a", "b", "c"), points=3), cast)
        return [counted[target]["internal"] for target in "abc"]

    assert sides(3) == sides(8) == [None, None, None]


def test_a_larger_side_keeps_what_can_be_told_without_the_rest() -> None:
    """Everybody gives e one of three points; with two more withheld beside it, what is left for the three says nothing."""
    wishes = [{"a": 1, "b": 1}, {"a": 1, "c": 1}, {"b": 1, "d": 1}, {"c": 1, "d": 1}, {"a": 1, "d": 1}]

    def shown(many: int) -> set[str]:
        cast = [
            Ballot({**wish, "e": 1}, side)
            for side in ("internal", "external")
            for wish in wishes
            for _ in range(many)
        ]
        counted = rows(round_("points", targets(*"abcde"), points=3), cast)
        return {target for target, row in counted.items() if row["internal"] is not None}

    assert shown(1) == set()
    assert shown(2) == {"a", "d"}


def test_a_mean_of_a_side_needs_five_who_know() -> None:
    cast = [Ballot({"a": 1 + n % 2, "b": 3}, "external") for n in range(9)]
    cast += [Ballot({"a": 4}, "internal"), *[Ballot({"b": 2 + n % 2}, "internal") for n in range(8)]]
    counted = rows(round_("score_1_5", targets("a", "b")), cast)
    assert (counted["a"]["internal"], counted["a"]["external"]) == (None, None)
