"""Counting: sums against a plain recount, ties as ties, and the split by side only where nobody can be singled out."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domain.counting.tally import tally
from app.domain.operations import Ballot

TARGETS = [{"table": "clusters", "id": f"c{n}", "factor": "F01" if n < 3 else "F02"} for n in range(5)]


def round_(**fields: Any) -> dict[str, Any]:
    return {
        "id": "V",
        "epoch": 1,
        "method": "points",
        "roster": 44,
        "ballot": TARGETS,
        "targets": "clusters",
        "points": 3,
        "cap": 2,
    } | fields


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
    counted = tally(round_(), cast)
    for row in counted["rows"]:
        assert row["total"] == sum(ballot.choices.get(row["target"], 0) for ballot in cast)
    assert counted == tally(round_(), list(reversed(cast)))


@given(ballot_lists)
def test_a_side_is_shown_only_when_five_a_side_had_a_say_and_neither_is_of_one_mind(
    cast: list[Ballot],
) -> None:
    factor_of = {target["id"]: target["factor"] for target in TARGETS}
    for row in tally(round_(), cast)["rows"]:
        if row["internal"] is None:
            assert row["external"] is None
            continue
        assert row["internal"] + row["external"] == row["total"]
        for side in ("internal", "external"):
            here = [b for b in cast if b.side == side and row["factor"] in {factor_of[t] for t in b.choices}]
            assert len(here) >= 5
            assert len({b.choices.get(row["target"], 0) for b in here}) > 1


def test_a_side_that_gave_one_score_is_withheld_because_it_tells_each_of_them() -> None:
    cast = ballots(*[("internal", {"c0": 1})] * 5, *[("external", {"c0": 4})] * 6)
    row = tally(round_(method="score_1_5"), cast)["rows"][0]
    assert (row["total"], row["internal"], row["external"]) == (29, None, None)


def test_one_voter_among_five_of_the_other_side_is_not_singled_out() -> None:
    cast = ballots(
        ("internal", {"c0": 1}), *[("internal", {"c3": 1})] * 5,
        *[("external", {"c0": 1})] * 3, *[("external", {"c1": 1})] * 3,
    )  # fmt: skip
    row = tally(round_(), cast)["rows"][0]
    assert (row["internal"], row["external"]) == (None, None)


def test_equal_totals_share_a_rank_and_the_next_rank_is_skipped() -> None:
    counted = tally(round_(), ballots(("internal", {"c0": 2, "c1": 1}), ("external", {"c1": 1, "c2": 1})))
    ranks = {row["target"]: (row["rank"], row["tied"]) for row in counted["rows"] if row["factor"] == "F01"}
    assert ranks == {"c0": (1, True), "c1": (1, True), "c2": (3, False)}
