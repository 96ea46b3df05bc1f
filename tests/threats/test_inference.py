"""P10, R29: what a result tells of one person. For random small rosters, every world that would have published the same.

A world gives each person a choice. Within a side people are alike, so worlds that differ by who of a side chose what publish the
same, and a person's choice is determined exactly when in every world of one publication the whole side chose one thing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from itertools import combinations_with_replacement, product
from random import Random
from typing import Any

from app.domain.counting.sides import SIDES
from app.domain.counting.tally import tally
from app.domain.operations import Ballot
from tests.domain.counting.votes import round_, targets

ROSTERS = 10_000
MOST_PEOPLE = 12
# What one person can do in a round: (rules, choices).
FORMS: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
    "one point, two targets": ({"method": "points", "points": 1}, [{"a": 1}, {"b": 1}]),
    "approval, or nothing": ({"method": "approval"}, [{"a": True}, {}]),
    "consent": ({"method": "consent"}, [{"a": "agree"}, {"a": "reserve"}, {"a": "opposed"}]),
    "scores": ({"method": "score_1_5"}, [{"a": 1}, {"a": 3}, {"a": 5}]),
}
# What the record tells of the sides; everything else is about the whole room.
OF_SIDES = ("internal", "external", "divergence", "across")

World = tuple[tuple[int, ...], ...]  # for each side, its people's choices, sorted
Facts = frozenset[tuple[str, str]]  # (side, target) whose every member's choice is known


def ids_of(form: str) -> list[str]:
    return sorted({target for choices in FORMS[form][1] for target in choices})


def record_of(form: str, world: World) -> dict[str, Any]:
    rules, options = dict(FORMS[form][0]), FORMS[form][1]
    plan = round_(rules.pop("method"), targets(*ids_of(form)), **rules)
    cast = [Ballot(options[n], side) for side, members in zip(SIDES, world, strict=True) for n in members]
    return tally(plan, cast)


def about_everybody(record: dict[str, Any]) -> str:
    rows = []
    for row in record["rows"]:
        marks = [mark for mark in row.get("marks", []) if mark != "divergent"]
        rows.append({**{k: v for k, v in row.items() if k not in OF_SIDES}, "marks": marks})
    kept = {k: v for k, v in record.items() if k not in ("split", "voters")}
    return json.dumps({**kept, "rows": rows}, sort_keys=True)


@cache
def known(form: str, sizes: tuple[int, int]) -> dict[World, tuple[Facts, Facts]]:
    """World -> what its publication determines, and what the figures over everybody determine of it already."""
    options = FORMS[form][1]
    worlds = list(product(*(combinations_with_replacement(range(len(options)), size) for size in sizes)))
    alike: tuple[dict[str, list[World]], ...] = (defaultdict(list), defaultdict(list))
    for world in worlds:
        record = record_of(form, world)
        alike[0][json.dumps(record, sort_keys=True)].append(world)
        alike[1][about_everybody(record)].append(world)
    found: tuple[dict[World, Facts], ...] = ({}, {})
    for groups, facts in zip(alike, found, strict=True):
        for consistent in groups.values():
            told = determined(form, consistent)
            facts.update(dict.fromkeys(consistent, told))
    return {world: (found[0][world], found[1][world]) for world in worlds}


def determined(form: str, consistent: list[World]) -> Facts:
    options = FORMS[form][1]
    return frozenset(
        (side, target)
        for place, side in enumerate(SIDES)
        for target in ids_of(form)
        if consistent[0][place]
        and len({json.dumps(options[n].get(target)) for world in consistent for n in world[place]}) == 1
    )


def roster(chance: Random, form: str) -> World:
    """Two to twelve people on two sides, each side with a taste of its own: often of one mind, as small rooms are."""
    people = chance.randint(2, MOST_PEOPLE)
    internal = chance.randint(0, people)
    options = range(len(FORMS[form][1]))
    drawn = []
    for size in (internal, people - internal):
        taste = [chance.random() ** 3 for _ in options]
        drawn.append(tuple(sorted(chance.choices(options, taste, k=size))))
    return tuple(drawn)


def sizes_of(world: World) -> tuple[int, int]:
    return len(world[0]), len(world[1])


def test_p10_r29_no_result_determines_what_one_person_chose() -> None:
    """But for what everybody did alike: a total says so itself, and the promise does (docs/security.md)."""
    chance, unanimous = Random(20200922), 0
    for number in range(ROSTERS):
        form = list(FORMS)[number % len(FORMS)]
        world = roster(chance, form)
        told, by_all = known(form, sizes_of(world))[world]
        assert told <= by_all, (form, world)
        for _, target in told:
            answers = {json.dumps(FORMS[form][1][n].get(target)) for members in world for n in members}
            assert len(answers) == 1, (form, world)  # the whole room gave one answer
        unanimous += bool(told)
    assert 0 < unanimous < ROSTERS / 2
    assert any(
        row["internal"] is not None
        for row in record_of("one point, two targets", ((0, 0, 0, 1, 1, 1), (0, 0, 0, 1, 1, 1)))["rows"]
    ), "nothing was split at all"


def test_p10_r29_nor_does_the_sequence_of_a_workshops_rounds() -> None:
    """Each round has ballots of its own, and nobody is bound to vote as before: a world of the workshop is one of each round.

    So what is consistent with all publications is every combination of what is consistent with each; checked on three rounds
    between which people come and go.
    """
    chance = Random(7)
    for _ in range(ROSTERS // 20):
        for form in chance.sample(list(FORMS), 3):
            world = roster(chance, form)
            told, by_all = known(form, sizes_of(world))[world]
            assert told <= by_all


def test_p10_a_band_would_tell_what_withholding_does_not() -> None:
    """The threats file asks for a band where a side is nearly of one mind ("at least 80 %", "at most 20 %"). Decision 25 says why
    nothing is shown there instead: together with the total a band names what every single person of a side chose."""
    form, sizes = "one point, two targets", (5, 5)
    options = FORMS[form][1]
    worlds = list(product(*(combinations_with_replacement(range(len(options)), size) for size in sizes)))
    banded, withheld = defaultdict(list), defaultdict(list)
    for world in worlds:
        told = record_of(form, world)
        withheld[json.dumps(told, sort_keys=True)].append(world)
        banded[json.dumps([told, bands(form, world)], sort_keys=True)].append(world)
    tells_more = 0
    for world in worlds:
        told = record_of(form, world)
        without = determined(form, withheld[json.dumps(told, sort_keys=True)])
        with_band = determined(form, banded[json.dumps([told, bands(form, world)], sort_keys=True)])
        assert without <= known(form, sizes)[world][1]  # nothing beyond what the total says
        tells_more += bool(with_band - without)
    assert tells_more > 0


def bands(form: str, world: World) -> list[list[str]]:
    """What a publication with bands would add: for each side and target, high, low, or nothing."""
    options = FORMS[form][1]
    shares = (
        [sum(options[n].get(target, 0) for n in members) / len(members) for target in ids_of(form)]
        for members in world
    )
    return [["high" if share >= 0.8 else "low" if share <= 0.2 else "" for share in side] for side in shares]


def test_the_solver_finds_a_split_that_tells_too_much(monkeypatch: Any) -> None:
    """Were sides shown from one voter up, or when they are of one mind, somebody would be determined."""
    known.cache_clear()
    monkeypatch.setattr("app.domain.counting.sides.MIN_VOTERS", 1)
    monkeypatch.setattr("app.domain.counting.sides.ONE_MIND", 1.1)
    found = known("one point, two targets", (1, 6))
    assert any(told - by_all for told, by_all in found.values())
    known.cache_clear()
