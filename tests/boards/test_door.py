"""The one door: what is answered is durable, a retry is the same operation, and a sealed round leaks nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.operations import CLOCK
from app.domain.records import EVERYONE
from app.store.urn import IN, TextRow
from app.urn import _by_lot
from tests.seminar import BOARD, EXPERT, FACILITATOR, Door, Secret, operation, seat
from tests.stores import database_url  # noqa: F401


@pytest.fixture
def door(tmp_path: Path, database_url: str) -> Iterator[Door]:  # noqa: F811
    door = Door.with_board(tmp_path, url=database_url)
    yield door
    door.database.close()


def test_a_sealed_card_is_nowhere_before_the_close(door: Door) -> None:
    door.command("start", "post")
    head = door.boards.moment(BOARD).head
    assert door.post(1, "Publier les tarifs")["sealed"]
    assert door.boards.moment(BOARD).head == head
    assert door.cards("all", "staff") == []


def test_closing_lays_the_cards_before_staff_alone_and_publishing_before_everyone(door: Door) -> None:
    door.command("start", "post")
    for number in range(1, 6):
        assert door.post(number, f"Idée {number}")["sealed"]
    door.command("close", "post")
    assert door.cards() == []
    assert {card["text"] for card in door.cards("all", "staff")} == {f"Idée {n}" for n in range(1, 6)}
    door.command("publish", "post")
    assert {card["text"] for card in door.cards()} == {f"Idée {n}" for n in range(1, 6)}


def test_a_held_card_stays_with_staff_at_the_publication(door: Door) -> None:
    door.command("start", "post")
    for number in range(1, 6):
        door.post(number, f"Idée {number}")
    door.command("close", "post")
    held = door.cards("all", "staff")[0]
    door.do(FACILITATOR, "card.hold", card=held["id"], reason="nomme une personne")
    door.command("publish", "post")
    assert held["id"] not in {card["id"] for card in door.cards()}
    door.do(FACILITATOR, "card.release", card=held["id"])
    assert held["id"] in {card["id"] for card in door.cards()}


def test_the_budget_counts_per_factor_and_a_withdrawn_card_gives_its_place_back(door: Door) -> None:
    door.command("start", "post")
    secrets = [Secret() for _ in range(3)]
    for number, secret in enumerate(secrets):
        assert door.post(1, f"Idée {number}", secret=secret)["sealed"]
    assert door.post(1, "une de trop")["code"] == "budget_spent"
    assert door.post(1, "autre facteur", factor="F02")["sealed"]
    door.do(seat(1), "card.withdraw", round="post", epoch=1, secret=secrets[0].hex, revision=2)
    assert door.post(1, "à la place")["sealed"]
    door.command("close", "post")
    texts = {card["text"] for card in door.cards("all", "staff")}
    assert texts == {"Idée 1", "Idée 2", "autre facteur", "à la place"}


def test_an_own_card_is_edited_with_its_secret_and_by_nobody_else(door: Door) -> None:
    door.command("start", "post")
    secret = Secret()
    door.post(1, "premier jet", secret=secret)
    edit = {"round": "post", "epoch": 1, "revision": 2, "text": "mieux dit"}
    assert door.send(seat(2), "card.edit", secret=Secret().hex, **edit)["code"] == "gone"
    door.do(seat(1), "card.edit", secret=secret.hex, **edit)
    door.do(seat(1), "card.edit", secret=secret.hex, **{**edit, "text": "vieille révision"})
    door.command("close", "post")
    assert [card["text"] for card in door.cards("all", "staff")] == ["mieux dit"]


def test_s21_a_retry_is_the_same_operation_and_another_payload_under_its_id_is_refused(door: Door) -> None:
    door.command("start", "post")
    card = {"round": "post", "epoch": 1, "factor": "F01", "text": "une fois", "secret_hash": Secret().hash}
    again = operation("card.post", **card)
    for _ in range(3):
        assert door.boards.submit_now(BOARD, seat(1), [again, again])[1] == {"id": again.id, "sealed": True}
    other = operation("card.post", again.id, **{**card, "text": "autre"})
    assert door.boards.submit_now(BOARD, seat(1), [other])[0]["code"] == "id_reused"
    door.command("close", "post")
    assert len(door.cards("all", "staff")) == 1


def test_a_restart_in_the_middle_of_a_round_keeps_the_urn(door: Door) -> None:
    door.command("start", "post")
    secret = Secret()
    door.post(1, "avant", secret=secret)
    door = door.again()
    for number in range(2):
        assert door.post(1, f"après {number}")["sealed"]
    assert door.post(1, "une de trop")["code"] == "budget_spent"
    door.do(seat(1), "card.edit", round="post", epoch=1, secret=secret.hex, revision=2, text="corrigé")
    door.command("close", "post")
    assert {c["text"] for c in door.cards("all", "staff")} == {"corrigé", "après 0", "après 1"}


def test_a_power_cut_voids_ballots_and_lets_browsers_claim_their_cards(door: Door) -> None:
    door.command("start", "post")
    secret = Secret()
    door.post(1, "gardée", secret=secret)
    door.clock.ms += 20_000  # longer than any living worker stays silent
    for file in door.volatile.iterdir():
        file.unlink()
    door = door.again()
    assert door.post(2, "pendant la perte")["code"] == "retry"
    assert door.round("post")["key"] == 2
    assert door.post(2, "pendant la perte")["sealed"]
    door.do(seat(1), "card.claim", round="post", epoch=1, factor="F01", secret=secret.hex)
    for number in range(2):
        assert door.post(1, f"encore {number}")["sealed"]
    assert door.post(1, "une de trop")["code"] == "budget_spent"


def vote(door: Door, number: int, revision: int = 1, **choices: int) -> dict[str, object]:
    return door.send(seat(number), "ballot.cast", round="vote", epoch=1, revision=revision, choices=choices)


def test_a_vote_is_counted_once_for_each_seat_and_shown_only_when_published(door: Door) -> None:
    cards = door.publish_cards("un", "deux", "trois", "quatre", "cinq")
    door.do(
        FACILITATOR,
        "cluster.make",
        op_id="c" * 32,
        factor="F01",
        name="Groupe",
        cards=[{"card": card, "seen": None} for card in cards[:2]],
    )
    door.command("start", "vote")
    assert vote(door, 1, **{"c" * 32: 2, cards[2]: 1})["sealed"]
    assert vote(door, 1, **{"c" * 32: 3})["code"] == "over_cap"
    assert vote(door, 1, **{"c" * 32: 2, cards[2]: 2})["code"] == "over_points"
    assert vote(door, 1, **{cards[0]: 1})["code"] == "bad_target"
    assert vote(door, 1, 2, **{"c" * 32: 1})["sealed"]
    assert vote(door, 1, 1, **{"c" * 32: 2})["data"] == {"revision": 2}
    # Another device of the same seat begins at revision 1 too: it must hear that its ballot is not the one that counts.
    assert vote(door, 1, 2, **{"c" * 32: 2})["data"] == {"revision": 2}
    assert vote(door, 2, **{"c" * 32: 2})["sealed"]
    door.command("close", "vote")
    assert door.state["tallies"] == {}
    door.command("publish", "vote")
    (tally,) = door.state["tallies"].values()
    assert (tally["ballots"], tally["seats"]) == (2, 8)
    assert {row["target"]: row["total"] for row in tally["rows"]}["c" * 32] == 3
    assert list(door.volatile.iterdir()) == []


def release(door: Door) -> dict[str, Any]:
    at = {"round": "carousel", "epoch": 1, "n": door.round("carousel")["released"]}
    return door.send(CLOCK, "round.release", **at)


def test_a_batch_leaves_everything_of_five_people_in_the_urn(door: Door) -> None:
    door.command("start", "carousel")
    for number in range(1, 6):
        door.post(number, f"n{number}", "carousel")
    assert release(door)["code"] == "too_few_authors"
    door.post(6, "n6", "carousel")
    door.post(7, "n7", "carousel")
    assert release(door)["seq"]
    assert len(door.cards()) == 2
    assert release(door)["code"] == "too_few_authors"
    door.command("close", "carousel")
    assert len(door.cards()) == 7
    assert door.round("carousel")["unshown"] == 0


def test_whoever_writes_much_fills_no_batch_and_spends_the_budget(door: Door) -> None:
    """Six people wait, one of them with three texts: one text goes, and the pool stays as large as it was."""
    door.command("start", "carousel")
    for number in (1, 1, 1, 2, 3, 4, 5, 6):
        door.post(number, "idée", "carousel")
    assert release(door)["seq"]
    assert len(door.cards()) == 1
    assert door.post(1, "une de trop", "carousel")["code"] == "budget_spent"
    door.command("close", "carousel")
    assert len(door.cards()) == 8


def test_who_is_in_a_batch_is_drawn_by_lot_and_not_by_when_or_how_much_they_wrote() -> None:
    waiting = [[TextRow(b"%d" % n, "card", {}, 1, IN)] * texts for n, texts in enumerate((3, 1, 1, 1, 1, 1))]
    drawn = Counter(row.key for _ in range(1200) for row in _by_lot(waiting, 1))
    # Two hundred each by chance; of three texts in eight, or of the last alone, four hundred and fifty and more.
    assert len(drawn) == 6 and max(drawn.values()) < 280 and min(drawn.values()) > 130
    assert _by_lot(waiting, 0) == []


def test_what_fewer_than_five_people_leave_behind_is_not_shown(door: Door) -> None:
    """One of the five whose texts stay takes theirs back: the other four would be too few to hide among."""
    door.command("start", "carousel")
    taken_back = Secret()
    for number in range(1, 6):
        door.post(number, f"n{number}", "carousel", secret=taken_back if number == 5 else None)
    at = {"round": "carousel", "epoch": 1}
    door.do(seat(5), "card.withdraw", **at, secret=taken_back.hex, revision=2)
    door.command("close", "carousel")
    assert door.cards() == []
    assert door.round("carousel")["unshown"] == 4


def test_an_expert_comments_at_once_and_a_participant_through_the_urn(door: Door) -> None:
    (card, *_) = door.publish_cards("un", "deux", "trois", "quatre", "cinq")
    target = {"table": "cards", "id": card}
    door.do(EXPERT, "comment.post", target=target, text="Voir la norme 7.3")
    (comment,) = door.state["comments"].values()
    assert (comment["by"], comment["name"]["fr"]) == ("expert", "Expert 01")
    door.command("start", "discuss")
    for number in range(1, 5):
        door.do(
            seat(number),
            "comment.post",
            target=target,
            text="oui",
            round="discuss",
            epoch=1,
            secret_hash=Secret().hash,
        )
    door.command("close", "discuss")
    assert len(door.state["comments"]) == 1
    assert door.round("discuss")["unshown"] == 4


def test_what_was_hidden_while_somebody_was_away_is_never_sent_to_them(door: Door) -> None:
    """Found by the simulation: a catch-up told a card's publication and its removal one after the other."""
    door.command("start", "post")
    for number in range(1, 6):
        door.post(number, f"Idée {number}")
    door.command("close", "post")
    away = door.boards.moment(BOARD).head
    door.command("publish", "post")
    harmful = door.cards()[0]
    door.do(FACILITATOR, "card.hold", card=harmful["id"], reason="nomme une personne")
    missed = door.boards.catch_up(BOARD, EVERYONE, away, 1)
    assert missed
    assert harmful["text"].encode() not in missed.json
    assert missed.to == door.boards.moment(BOARD).head


def test_a_claim_that_comes_after_the_publication_is_refused_and_does_not_wait_for_ever(door: Door) -> None:
    secret = Secret()
    door.command("start", "post")
    door.post(1, "Publier les tarifs", secret=secret)
    door.clock.ms += 20_000  # longer than any living worker stays silent
    for key in door.volatile.iterdir():
        key.unlink()
    door = door.again()
    assert door.post(2, "pendant la perte")["code"] == "retry"  # a new key is in force now
    door.command("close", "post")
    door.command("publish", "post")
    late = door.send(seat(1), "card.claim", round="post", epoch=1, factor="F01", secret=secret.hex)
    assert late["code"] == "round_over"
