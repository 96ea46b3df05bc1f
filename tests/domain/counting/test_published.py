"""Every way of counting against an example somebody else published, or an implementation that is not ours."""

from __future__ import annotations

import csv
import statistics
from collections import Counter, defaultdict
from itertools import pairwise, permutations
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.domain.counting import METHODS
from app.domain.counting.agreement import across, agreement
from app.domain.counting.intervals import rank_intervals
from app.domain.counting.method import vote_of
from app.domain.counting.schulze import schulze_places
from app.domain.errors import Rejected
from app.domain.operations import Ballot
from tests.domain.counting.votes import column, round_, rows, same, targets

ROOT = Path(__file__).resolve().parents[3]
NIAMEY = ROOT / "app/data/niamey"

# The capital of Tennessee, the example of Wikipedia's articles on Borda count and approval voting: four cities, 100 voters.
TENNESSEE = targets("Memphis", "Nashville", "Chattanooga", "Knoxville")
TENNESSEE_ORDERS = {
    ("Memphis", "Nashville", "Chattanooga", "Knoxville"): 42,
    ("Nashville", "Chattanooga", "Knoxville", "Memphis"): 26,
    ("Chattanooga", "Knoxville", "Nashville", "Memphis"): 15,
    ("Knoxville", "Chattanooga", "Nashville", "Memphis"): 17,
}

# Schulze 2011, section 3.1 (example 1): 45 voters, five candidates.
SCHULZE_ORDERS = {
    "ACBED": 5, "ADECB": 5, "BEDAC": 8, "CABED": 3, "CAEBD": 7, "CBADE": 2, "DCEBA": 7, "EBADC": 8,
}  # fmt: skip


def places(order: Any) -> dict[str, int]:
    return {target: place for place, target in enumerate(order, 1)}


def test_borda_of_the_capital_of_tennessee() -> None:
    """Published with 3 points for the first of four; ours give one more to everybody ranked, so 100 more to each city."""
    ballots = [one for order, many in TENNESSEE_ORDERS.items() for one in same(many, places(order))]
    totals = column(round_("rank", TENNESSEE, points=4), ballots, "total")
    assert {city: total - 100 for city, total in totals.items()} == {
        "Memphis": 126,
        "Nashville": 194,
        "Chattanooga": 173,
        "Knoxville": 107,
    }
    assert column(round_("rank", TENNESSEE, points=4), ballots, "schulze")["Nashville"] == 1
    assert column(round_("rank", TENNESSEE, points=4), ballots, "first")["Memphis"] == 42


def test_approval_of_the_capital_of_tennessee() -> None:
    """Everybody approves of the first two, as in the article."""
    ballots = [
        one for order, many in TENNESSEE_ORDERS.items() for one in same(many, dict.fromkeys(order[:2], True))
    ]
    assert column(round_("approval", TENNESSEE), ballots, "total") == {
        "Memphis": 42,
        "Nashville": 68,
        "Chattanooga": 58,
        "Knoxville": 32,
    }


def test_schulzes_own_example_gives_his_order() -> None:
    ballots = [places(order) for order, many in SCHULZE_ORDERS.items() for _ in range(many)]
    assert schulze_places("ABCDE", ballots) == {"E": 1, "A": 2, "C": 3, "B": 4, "D": 5}


def test_borda_and_schulze_are_marked_where_they_disagree() -> None:
    """Borda's sums of the same 45 ballots, worked out beside it: another order than Schulze's E, A, C, B, D."""
    ballots = [Ballot(places(order), None) for order, many in SCHULZE_ORDERS.items() for _ in range(many)]
    sums = Counter[str]()
    for order, many in SCHULZE_ORDERS.items():
        for points, target in zip((5, 4, 3, 2, 1), order, strict=True):
            sums[target] += points * many
    counted = rows(round_("rank", targets(*"ABCDE"), points=5), ballots)
    assert {target: row["total"] for target, row in counted.items()} == sums
    borda = sorted("ABCDE", key=lambda target: -sums[target])
    assert {target: row["rank"] for target, row in counted.items()} == places(borda)
    assert "".join(borda) != "EACBD"
    differ = {target for target in "ABCDE" if borda.index(target) != "EACBD".index(target)}
    assert {target for target, row in counted.items() if "schulze_differs" in row["marks"]} == differ


def brute_schulze(names: str, ballots: list[dict[str, int]]) -> dict[str, int]:
    """The definition itself: the strength of a path is its weakest link; try every path."""
    left_out = len(names) + 1

    def prefer(a: str, b: str) -> int:
        return sum(ballot.get(a, left_out) < ballot.get(b, left_out) for ballot in ballots)

    def strongest(a: str, b: str) -> int:
        others = [name for name in names if name not in (a, b)]
        best = 0
        for length in range(len(others) + 1):
            for between in permutations(others, length):
                path = [a, *between, b]
                links = list(pairwise(path))
                if all(prefer(x, y) > prefer(y, x) for x, y in links):
                    best = max(best, min(prefer(x, y) for x, y in links))
        return best

    return {a: 1 + sum(strongest(b, a) > strongest(a, b) for b in names if b != a) for a in names}


@pytest.mark.parametrize("seed", range(12))
def test_schulze_of_cut_rankings_equals_its_definition(seed: int) -> None:
    chance = Random(seed)
    ballots = [places(chance.sample("ABCDE", chance.randint(0, 4))) for _ in range(chance.randint(1, 15))]
    assert schulze_places("ABCDE", ballots) == brute_schulze("ABCDE", ballots)


def test_agreement_equals_the_documented_value_of_the_r_package_agrmt() -> None:
    """`consensus(c(30,40,210,130,530,50,10))` in its manual."""
    value = agreement([30, 40, 210, 130, 530, 50, 10])
    assert value == pytest.approx(0.7256876, abs=5e-8)
    assert agreement([5, 0, 0, 0, 5]) == pytest.approx(0)
    assert agreement([0, 0, 7, 0, 0]) == 1
    assert agreement([0, 0, 0]) is None


def test_agreement_across_sides_is_the_product_polis_publishes_its_formula_for() -> None:
    """Group-informed consensus: (agree + 1) / (votes + 2) of each group, multiplied."""
    assert across([(9, 10), (1, 10)]) == pytest.approx(10 / 12 * 2 / 12)
    assert across([(5, 10), (5, 10)]) > across([(9, 10), (1, 10)])


# Statement -> (agrees, disagrees) as the Polis report of the session in tests/data has them; see that folder's README.
POLIS = {
    "8": (15, 7), "17": (20, 0), "20": (21, 1), "22": (16, 5), "24": (7, 9), "26": (13, 1), "32": (12, 0), "38": (3, 0),
}  # fmt: skip


def test_the_sums_of_a_real_polis_session_are_those_of_its_report() -> None:
    said: dict[str, dict[str, str]] = defaultdict(dict)
    with (ROOT / "tests/data/polis_trace.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["act"] == "vote":
                answer = {"1": "agree", "0": "reserve", "-1": "opposed"}[row["vote"]]
                said[row["person"]][row["statement"]] = answer
    listed = targets(*sorted({statement for votes in said.values() for statement in votes}))
    counted = rows(round_("consent", listed), [Ballot(votes, None) for votes in said.values()])
    for statement, (agrees, disagrees) in POLIS.items():
        assert counted[statement]["total"] == agrees, statement
        assert counted[statement]["counts"].get("opposed", 0) == disagrees, statement


# What n votes cost in the table of Wikipedia's article on quadratic voting.
QUADRATIC_COSTS = {1: 1, 2: 4, 3: 9, 4: 16, 5: 25, 6: 36, 7: 49, 8: 64, 9: 81, 10: 100}


@pytest.mark.parametrize(("votes", "cost"), QUADRATIC_COSTS.items())
def test_quadratic_votes_cost_what_the_published_table_says(votes: int, cost: int) -> None:
    listed = {"a": "*"}
    check = METHODS["quadratic"].check
    assert check({"a": votes}, vote_of(round_("quadratic", [], points=cost)), listed) == {"a": votes}
    with pytest.raises(Rejected) as refused:
        check({"a": votes}, vote_of(round_("quadratic", [], points=cost - 1)), listed)
    assert (refused.value.code, refused.value.data["left"]) == ("over_points", -1)


def test_the_scores_of_the_niamey_assessment_have_the_means_of_pythons_statistics() -> None:
    by_person: dict[str, dict[str, int]] = defaultdict(dict)
    with (NIAMEY / "assess_scores.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            by_person[row["participant_id"]][row["factor_id"]] = int(row["score_1_5"])
    with (NIAMEY / "participants.csv").open(encoding="utf-8", newline="") as file:
        side = {row["participant_id"]: row["group"] for row in csv.DictReader(file)}
    factors = sorted({factor for scores in by_person.values() for factor in scores})
    listed = [{"table": "factors", "id": factor, "factor": factor} for factor in factors]
    ballots = [Ballot(scores, side[person]) for person, scores in by_person.items()]
    counted = rows(round_("score_1_5", listed, targets="factors"), ballots)
    for factor in factors:
        here = {person: scores[factor] for person, scores in by_person.items() if factor in scores}
        assert counted[factor]["value"] == pytest.approx(statistics.fmean(here.values()), abs=1e-4)
        for one in ("internal", "external"):
            own = [score for person, score in here.items() if side[person] == one]
            assert counted[factor][one] == pytest.approx(statistics.fmean(own), abs=1e-4)


def test_intervals_are_those_of_a_plain_bootstrap_with_other_chance() -> None:
    """The textbook loop with Python's own generator: every bound within one place."""
    chance = Random(7)
    ballots = [{name: (chance.randint(0, 3 + n),) for n, name in enumerate("abcdef")} for _ in range(60)]
    found = rank_intervals(dict.fromkeys("abcdef", "*"), ballots, is_mean=False)
    seen: dict[str, list[int]] = {name: [] for name in "abcdef"}
    for _ in range(1000):
        drawn = chance.choices(ballots, k=len(ballots))
        sums = {name: sum(ballot[name][0] for ballot in drawn) for name in "abcdef"}
        for name in "abcdef":
            seen[name].append(1 + sum(other > sums[name] for other in sums.values()))
    for name, own in seen.items():
        cuts = statistics.quantiles(own, n=40, method="inclusive")
        assert found[name][0] == pytest.approx(cuts[0], abs=1)
        assert found[name][1] == pytest.approx(cuts[-1], abs=1)


def test_a_clear_order_has_no_width_and_a_coin_toss_the_widest() -> None:
    clear = [{"a": (3,), "b": (1,)}] * 30
    assert rank_intervals({"a": "*", "b": "*"}, clear, is_mean=False) == {"a": (1, 1), "b": (2, 2)}
    toss = [{"a": (1,)}] * 15 + [{"b": (1,)}] * 15
    assert rank_intervals({"a": "*", "b": "*"}, toss, is_mean=False) == {"a": (1, 2), "b": (1, 2)}
    assert rank_intervals({"a": "*"}, clear[:19], is_mean=False) == {}
