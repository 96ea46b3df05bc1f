"""What experts say and when the room sees it; languages and translations of cards and comments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.domain.operations import Actor
from app.domain.records import EVERYONE, view_of
from app.exports import EXPORTS
from tests.seminar import BOARD, EXPERT, FACILITATOR, Door, seat

RAPPORTEUR = Actor(person="rap", role="rapporteur", name={"fr": "Rapporteur", "en": "Rapporteur"})
FACTOR = {"table": "factors", "id": "F01"}


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door.with_board(tmp_path)


def say(door: Door, text: str, actor: Actor = EXPERT, **more: Any) -> str:
    before = set(door.state["comments"])
    door.do(actor, "comment.post", target=FACTOR, text=text, **more)
    (fresh,) = set(door.state["comments"]) - before
    return fresh


def seen_by(door: Door, role: str) -> list[str]:
    table = "T1" if role == "participant" else None
    return sorted(c["text"] for c in door.boards.view(BOARD, view_of(role, table))["comments"].values())


def test_an_experts_comment_is_on_every_screen_at_once_unless_the_workshop_decided_otherwise(
    door: Door,
) -> None:
    say(door, "See the Revised Kyoto Convention", kind="reference")
    assert seen_by(door, "participant") == ["See the Revised Kyoto Convention"]


def test_where_experts_wait_only_experts_and_facilitators_read_the_draft_until_it_is_shown(
    door: Door,
) -> None:
    door.do(FACILITATOR, "board.set", experts_wait=True)
    draft = say(door, "Attention aux délais", kind="caution")
    readers = [role for role in ("participant", "observer", "rapporteur", "scribe") if seen_by(door, role)]
    assert readers == []
    assert seen_by(door, "expert") == seen_by(door, "facilitator") == ["Attention aux délais"]
    assert list(EXPORTS["comments"].rows(door.boards.view(BOARD, EVERYONE), "fr")) == []
    door.do(FACILITATOR, "comment.show", comment=draft, shown=True)
    assert seen_by(door, "participant") == ["Attention aux délais"]
    door.do(FACILITATOR, "comment.show", comment=draft, shown=False)
    assert seen_by(door, "participant") == []


def test_a_setting_concerns_what_is_written_afterwards_and_experts_alone(door: Door) -> None:
    say(door, "Avant")
    door.do(FACILITATOR, "board.set", experts_wait=True)
    say(door, "Du facilitateur", FACILITATOR)
    say(door, "Du rapporteur", RAPPORTEUR)
    assert seen_by(door, "participant") == ["Avant", "Du facilitateur", "Du rapporteur"]


def test_nobody_hides_what_another_staff_member_said(door: Door) -> None:
    comment = say(door, "Du rapporteur", RAPPORTEUR)
    answer = door.send(FACILITATOR, "comment.show", comment=comment, shown=False)
    assert answer["code"] == "not_allowed"


def test_a_rapporteur_cannot_tell_a_hidden_draft_from_none(door: Door) -> None:
    door.do(FACILITATOR, "board.set", experts_wait=True)
    draft = say(door, "Brouillon")
    for kind, payload in (
        ("comment.translate", {"language": "en", "text": "Draft"}),
        ("comment.mark", {"language": "en"}),
        ("comment.remove", {}),
    ):
        told = [
            door.send(RAPPORTEUR, kind, comment=comment, **payload) for comment in (draft, "no-such-comment")
        ]
        assert [answer["code"] for answer in told] == ["gone", "gone"], kind


def test_an_unnamed_comment_carries_nothing_but_its_words(door: Door) -> None:
    door.command("start", "brief")
    at = {"round": "brief", "epoch": 1, "secret_hash": "0" * 64, "target": FACTOR}
    for extra in ({"kind": "question"}, {"language": "en"}):
        answer = door.send(seat(1), "comment.post", text="Pourquoi ?", **at, **extra)
        assert answer["code"] == "bad_payload"
    assert door.send(seat(1), "comment.post", text="Pourquoi ?", **at)["sealed"]


def test_a_card_tells_its_language_by_its_words_and_staff_put_right_what_was_guessed_wrong(
    door: Door,
) -> None:
    texts = ("Publier les délais du dédouanement", "Publish the clearance times", "Formation", "Un", "Deux")
    door.publish_cards(*texts)
    by_text = {card["text"]: card for card in door.cards()}
    assert [by_text[text]["language"] for text in texts[:3]] == ["fr", "en", None]
    card = by_text["Formation"]["id"]
    door.do(RAPPORTEUR, "card.mark", card=card, language="fr")
    assert door.state["cards"][card]["language"] == "fr"
    assert door.send(RAPPORTEUR, "card.mark", card=card, kind="question")["code"] == "not_allowed"


def test_a_persons_translation_of_a_comment_stands_beside_it_and_goes_out_with_it(door: Door) -> None:
    comment = say(door, "See the Kyoto Convention", kind="reference", language="fr")
    door.do(
        RAPPORTEUR, "comment.translate", comment=comment, language="fr", text="Voir la Convention de Kyoto"
    )
    found = door.state["comments"][comment]
    assert (found["text"], found["language"]) == ("See the Kyoto Convention", "en")
    assert found["translation"] == {"fr": "Voir la Convention de Kyoto"}
    (row,) = EXPORTS["comments"].rows(door.boards.view(BOARD, EVERYONE), "fr")
    assert [row[name] for name in ("kind", "language", "translation_fr", "translation_en")] == [
        "reference",
        "en",
        "Voir la Convention de Kyoto",
        "",
    ]
    door.do(RAPPORTEUR, "comment.translate", comment=comment, language="fr", text=" ")
    assert door.state["comments"][comment]["translation"] == {}


def test_the_page_decides_the_language_of_a_signed_comment_only_where_its_words_do_not(door: Door) -> None:
    bare, clear = say(door, "Kyoto 7.3", language="en"), say(door, "Voir la Convention", language="en")
    assert [door.state["comments"][c]["language"] for c in (bare, clear)] == ["en", "fr"]
