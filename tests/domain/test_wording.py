"""What becomes of a text: the awkward cards of the Niamey data, and the bounds."""

from __future__ import annotations

import unicodedata

import pytest

from app.domain.errors import Rejected
from app.domain.wording import CARD_CHARS, clean, unbroken


@pytest.mark.parametrize("text", ["", "   ", "  \u200b ", "\u200b\u200d\n", "\u2066\u2069"])
def test_what_shows_nothing_is_empty(text: str) -> None:
    with pytest.raises(Rejected, match="empty_text"):
        clean(text, CARD_CHARS)


def test_accents_are_composed() -> None:
    decomposed = unicodedata.normalize("NFD", "Rémunération équitable")
    assert clean(decomposed, CARD_CHARS) == "Rémunération équitable"


def test_the_limit_counts_composed_characters_and_nothing_is_cut() -> None:
    assert len(clean(unicodedata.normalize("NFD", "é" * CARD_CHARS), CARD_CHARS)) == CARD_CHARS
    with pytest.raises(Rejected) as refused:
        clean("x" * (CARD_CHARS + 1), CARD_CHARS)
    assert refused.value.data == {"limit": CARD_CHARS, "length": CARD_CHARS + 1}


def test_line_breaks_stay_and_directional_tricks_go() -> None:
    assert clean("un\r\ndeux\u202etrois", CARD_CHARS) == "un\ndeuxtrois"


@pytest.mark.parametrize(
    "text", ["تعزيز الشفافية في الجمارك", "A daina karɓar cin hanci", "Bravo 👏🏾👏🏾", "=1+1", "<b>x</b>"]
)
def test_other_scripts_emoji_and_code_are_kept_as_they_are(text: str) -> None:
    assert clean(text, CARD_CHARS) == text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (
            "Rappel : écrire « court » ; merci !",
            "Rappel\u00a0: écrire «\u00a0court\u00a0»\u202f; merci\u202f!",
        ),
        ("Pourquoi ?", "Pourquoi\u202f?"),
        ("Remind: keep it short; thanks!", "Remind: keep it short; thanks!"),
        ("de 8 :30 à 9 :00, http ://x", "de 8 :30 à 9 :00, http ://x"),  # no sign that ends a word
    ],
)
def test_no_line_begins_with_a_french_sign(typed: str, kept: str) -> None:
    assert unbroken(typed) == clean(typed, CARD_CHARS) == kept
    assert clean(kept, CARD_CHARS) == kept
