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
def test_a_side_is_shown_only_when_both_sides_have_five_voters_and_neither_is_unanimous(
    cast: list[Ballot],
) -> None:
    counted = tally(round_(), cast)
    voters = {
        side: sum(b.side == side and bool(b.choices) for b in cast) for side in ("internal", "external")
    }
    for row in counted["rows"]:
        if row["internal"] is None:
            assert row["external"] is None
            continue
        assert min(voters.values()) >= 5
        for side in ("internal", "external"):
            assert 0 < row[side] < 2 * voters[side]
        assert row["internal"] + row["external"] == row["total"]


def test_equal_totals_share_a_rank_and_the_next_rank_is_skipped() -> None:
    counted = tally(round_(), ballots(("internal", {"c0": 2, "c1": 1}), ("external", {"c1": 1, "c2": 1})))
    ranks = {row["target"]: (row["rank"], row["tied"]) for row in counted["rows"] if row["factor"] == "F01"}
    assert ranks == {"c0": (1, True), "c1": (1, True), "c2": (3, False)}
