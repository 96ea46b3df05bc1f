"""A passphrase is long and not among the commonest; a word said aloud is written as one hears it."""

from __future__ import annotations

import pytest

from app.domain.passphrases import LEAST, MOST, fault, spoken, tidy


@pytest.mark.parametrize(
    "words",
    [
        "correct cheval batterie agrafe",
        "le baobab derrière la mairie penche",
        "zzz quatre pirogues lentes",
        "tortoise umbrella river nine",
        "وقت الظهيرة في السوق الكبير",
    ],
)
def test_a_few_words_of_ones_own_are_enough(words: str) -> None:
    assert fault(tidy(words), "amina.oumarou") == ""


@pytest.mark.parametrize(("words", "why"), [("x" * (LEAST - 1), "short"), ("ab cd" * MOST, "long")])
def test_length_has_two_ends(words: str, why: str) -> None:
    assert fault(words, "amina") == why


@pytest.mark.parametrize(
    "words",
    [
        "motdepassemotdepasse",
        "Mot De Passe 123456",
        "azertyuiopqsdfghjklm",
        "123456789012345",
        "abcdefghijklmnop",
        "aaaaaaaaaaaaaaaaaa",
        "Bonjour le soleil Niamey",
        "amina oumarou amina 1",
        "Áminä!! Oumarou?? palabre",
        "abababababababab",
    ],
)
def test_what_everybody_would_try_first_is_refused(words: str) -> None:
    assert fault(tidy(words), "amina.oumarou") == "common"


def test_no_sign_is_asked_for_and_none_is_forbidden() -> None:
    for words in ("tout en minuscules ici", "TOUT EN MAJUSCULES OK", "émojis 🌳🐫 et espaces aussi"):
        assert fault(tidy(words), "x") == ""


def test_the_same_letters_are_the_same_whatever_keyboard_typed_them() -> None:
    assert tidy("  e\u0301le\u0301phant tranquille ") == tidy("éléphant tranquille")


@pytest.mark.parametrize("heard", ["Baobab d’été", "baobab d'ete", "BAOBAB DÉTÉ", " bao-bab  d été "])
def test_a_word_said_in_the_room_is_one_word_however_it_is_written(heard: str) -> None:
    assert spoken(heard) == "baobabdete"
