"""Merging, undoing, contesting; names after the sorting; what staff found to be two things."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.domain.duplicates import unsettled
from app.domain.records import ALL, STAFF_VIEW, view_of
from tests.seminar import EXPERT, FACILITATOR, Door, seat

T1 = seat(1)


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door.with_board(tmp_path)


def cluster(door: Door, *cards: str, name: str = "") -> str:
    ticked = [{"card": card, "seen": door.state["cards"][card]["cluster"]} for card in cards]
    op_id = f"c{len(door.state['clusters']):031x}"
    answer = door.send(FACILITATOR, "cluster.make", op_id=op_id, factor="F01", cards=ticked, name=name)
    assert "seq" in answer, answer
    return op_id


def where(door: Door, *cards: str) -> list[str | None]:
    return [door.state["cards"][card]["cluster"] for card in cards]


def code(answer: dict[str, Any]) -> str | None:
    return answer.get("code")


@pytest.fixture
def merged(door: Door) -> tuple[Door, list[str], str, str]:
    """Four cards in two clusters, the first merged into the second."""
    cards = door.publish_cards("Un", "Deux", "Trois", "Quatre", "Cinq")
    one, two = cluster(door, *cards[:2], name="Premier"), cluster(door, *cards[2:4])
    door.do(FACILITATOR, "cluster.merge", **{"from": one, "into": two})
    return door, cards, one, two


def test_a_merge_keeps_which_cards_came_with_the_cluster_and_in_which_round(merged: Any) -> None:
    door, cards, one, two = merged
    kept = door.state["clusters"][one]
    assert where(door, *cards[:4]) == [two] * 4
    assert (kept["name"], kept["merged_into"]) == ("Premier", two)
    assert kept["merge"] == {"cards": cards[:2], "by": "facilitator", "round": None}


def test_undoing_a_merge_gives_back_only_the_cards_that_nobody_moved_since(merged: Any) -> None:
    door, cards, one, two = merged
    door.do(FACILITATOR, "card.move", moves=[{"card": cards[0], "to": None, "seen": two}])
    door.do(FACILITATOR, "cluster.split", cluster=one)
    assert where(door, *cards[:4]) == [None, one, two, two]
    assert door.state["clusters"][one]["merge"] is None


def test_a_merge_is_undone_even_when_its_target_was_merged_further(merged: Any) -> None:
    door, cards, one, two = merged
    three = cluster(door, cards[4])
    door.do(FACILITATOR, "cluster.merge", **{"from": two, "into": three})
    door.do(FACILITATOR, "cluster.split", cluster=one)
    assert where(door, *cards) == [one, one, three, three, three]
    door.do(FACILITATOR, "cluster.split", cluster=two)
    assert where(door, *cards) == [one, one, two, two, three]


def test_anybody_contests_a_merge_and_the_facilitator_keeps_or_undoes_it(merged: Any) -> None:
    door, cards, one, _ = merged
    door.command("start", "brief")
    first, second = (door.send(seat(number), "cluster.contest", cluster=one) for number in (1, 2))
    assert (code(first), code(second)) == (None, None)
    assert door.state["clusters"][one]["contest"] == "open"
    door.do(FACILITATOR, "cluster.keep", cluster=one)
    assert code(door.send(T1, "cluster.contest", cluster=one)) == "not_in_this_state"
    assert door.state["clusters"][one]["contest"] == "kept"
    door.do(FACILITATOR, "cluster.split", cluster=one)
    assert door.state["clusters"][one]["contest"] is None
    assert where(door, cards[0]) == [one]


def test_a_contest_does_not_say_who_nor_how_many(merged: Any) -> None:
    door, _, one, _ = merged
    door.command("start", "brief")
    before = door.boards.moment("b" * 32).head
    door.do(T1, "cluster.contest", cluster=one)
    revision = door.state["clusters"][one]["rev"]
    door.do(seat(2), "cluster.contest", cluster=one)
    assert door.state["clusters"][one]["rev"] == revision
    assert door.boards.moment("b" * 32).head - before == 1
    assert "p1" not in repr(door.state["clusters"][one])


def test_what_was_never_merged_cannot_be_contested_nor_kept(door: Door) -> None:
    one = cluster(door, *door.publish_cards("Un", "Deux", "Trois", "Quatre", "Cinq"))
    assert code(door.send(FACILITATOR, "cluster.keep", cluster=one)) == "not_in_this_state"
    door.command("start", "brief")
    assert code(door.send(T1, "cluster.contest", cluster=one)) == "not_in_this_state"


def test_where_names_wait_nobody_names_before_the_sorting_is_over(door: Door) -> None:
    cards = door.publish_cards("Un", "Deux", "Trois", "Quatre", "Cinq")
    door.do(FACILITATOR, "board.set", names_wait=True)
    door.command("start", "cluster")
    one = cluster(door, *cards[:2])
    ticked = [{"card": card, "seen": None} for card in cards[2:4]]
    for actor, kind, payload in (
        (FACILITATOR, "cluster.name", {"cluster": one, "name": "Publier", "seen": ""}),
        (T1, "cluster.propose", {"cluster": one, "name": "Publier"}),
        (EXPERT, "cluster.propose", {"cluster": one, "name": "Publier"}),
        (T1, "cluster.make", {"factor": "F01", "cards": ticked, "name": "Publier"}),
    ):
        assert code(door.send(actor, kind, **payload)) == "names_wait", kind
    door.command("close", "cluster")
    door.do(FACILITATOR, "cluster.name", cluster=one, name="Publier", seen="")
    assert door.state["clusters"][one]["name"] == "Publier"


def test_a_renamed_cluster_keeps_the_names_it_had(door: Door) -> None:
    one = cluster(door, *door.publish_cards("Un", "Deux", "Trois", "Quatre", "Cinq"), name="A")
    for before, after in (("A", "B"), ("B", "C"), ("C", "A")):
        door.do(FACILITATOR, "cluster.name", cluster=one, name=after, seen=before)
    found = door.state["clusters"][one]
    assert (found["name"], found["former_names"]) == ("A", ["B", "C"])


def test_a_card_under_another_factor_keeps_the_one_it_was_written_for(door: Door) -> None:
    (card, *_) = door.publish_cards("Un", "Deux", "Trois", "Quatre", "Cinq")
    door.do(FACILITATOR, "card.refile", card=card, factor="F02")
    found = door.state["cards"][card]
    assert (found["factor"], found["origin"]) == ("F02", "F01")


def test_under_a_vote_that_is_not_counted_no_card_leaves_what_is_voted_on(door: Door) -> None:
    card, *others = door.publish_cards("Un", "Deux", "Trois", "Quatre", "Cinq")
    group = cluster(door, card, *others)
    door.command("start", "vote")
    for _ in ("while it runs", "until it is published"):
        assert code(door.send(FACILITATOR, "card.refile", card=card, factor="F02")) == "not_in_this_state"
        assert where(door, card) == [group]
        if door.round("vote")["state"] == "running":
            door.command("close", "vote")
    door.command("publish", "vote")
    door.do(FACILITATOR, "card.refile", card=card, factor="F02")
    assert where(door, card) == [None]


def test_two_cards_that_staff_found_to_be_two_things_stay_so_until_it_is_taken_back(door: Door) -> None:
    a, b, *_ = door.publish_cards("Un", "Deux", "Trois", "Quatre", "Cinq")
    door.do(FACILITATOR, "pair.dismiss", cards=[b, a])
    door.do(FACILITATOR, "pair.dismiss", cards=[a, b])
    assert len(door.state["pairs"]) == 1
    assert door.boards.view("b" * 32, view_of("participant", "T1"))["pairs"] == {}
    door.do(FACILITATOR, "pair.recall", cards=[a, b])
    assert door.state["pairs"] == {}
    assert code(door.send(FACILITATOR, "pair.dismiss", cards=[a, a])) == "bad_target"


def test_an_expert_suggests_a_merge_once_and_the_facilitator_accepts_it(door: Door) -> None:
    cards = door.publish_cards("Un", "Deux", "Trois", "Quatre", "Cinq")
    one, two = cluster(door, *cards[:2]), cluster(door, *cards[2:4])
    door.do(EXPERT, "suggestion.merge", **{"from": one, "into": two})
    door.do(EXPERT, "suggestion.merge", **{"from": two, "into": one})
    (suggestion,) = door.state["suggestions"].values()
    assert where(door, cards[0]) == [one]
    assert suggestion["audience"] in view_of("expert", None) & STAFF_VIEW
    assert door.boards.view("b" * 32, frozenset({ALL, "table:T1"}))["suggestions"] == {}
    door.do(FACILITATOR, "suggestion.accept", suggestion=suggestion["id"])
    assert where(door, *cards[:4]) == [two] * 4
    assert door.state["suggestions"][suggestion["id"]]["state"] == "accepted"
    assert (
        code(door.send(FACILITATOR, "suggestion.decline", suggestion=suggestion["id"])) == "not_in_this_state"
    )


def test_a_suggestion_that_others_carried_out_meanwhile_is_accepted_without_another_merge(door: Door) -> None:
    cards = door.publish_cards("Un", "Deux", "Trois", "Quatre", "Cinq")
    one, two = cluster(door, *cards[:2]), cluster(door, *cards[2:4])
    door.do(EXPERT, "suggestion.merge", **{"from": one, "into": two})
    door.do(FACILITATOR, "cluster.merge", **{"from": two, "into": one})
    (suggestion,) = door.state["suggestions"]
    door.do(FACILITATOR, "suggestion.accept", suggestion=suggestion)
    assert where(door, *cards[:4]) == [one] * 4


def test_likely_duplicates_count_until_they_are_grouped_or_found_to_be_two_things(door: Door) -> None:
    texts = ("Publier les délais", "Publier le délai", "Former les agents", "Former des agents", "Payer")
    door.publish_cards(*texts)
    ids = {card["text"]: card["id"] for card in door.cards()}
    assert unsettled(door.state, ["F01", "F02"]) == {"F01": 2}
    cluster(door, ids[texts[0]], ids[texts[1]])
    assert unsettled(door.state, ["F01"]) == {"F01": 1}
    door.do(FACILITATOR, "pair.dismiss", cards=[ids[texts[2]], ids[texts[3]]])
    assert unsettled(door.state, ["F01"]) == {}


def test_a_question_or_a_held_card_is_no_duplicate_of_a_vote(door: Door) -> None:
    door.publish_cards("Publier les délais", "Publier le délai", "Former", "Payer", "Réparer")
    twins = [card["id"] for card in door.cards() if "délai" in card["text"]]
    door.do(FACILITATOR, "card.mark", card=twins[0], kind="question")
    assert unsettled(door.state, ["F01"]) == {}
    door.do(FACILITATOR, "card.mark", card=twins[0], kind="action")
    door.do(FACILITATOR, "card.hold", card=twins[1], reason="Hors sujet")
    assert unsettled(door.state, ["F01"]) == {}
