"""Which cards probably say the same: measured against the grouping that a careful human made of the seminar's cards."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.language import language_of
from app.domain.likeness import LIKELY, Likeness, Pair, features_of, stems_of

ROOT = Path(__file__).resolve().parents[2]
CARDS = ROOT / "app/data/niamey/cards.csv"
RIGHT = 356
# What plain trigrams reach, as the project's plan states it.
BASELINE_AT_100 = 45

Row = dict[str, str]


def seminar() -> dict[str, Row]:
    with CARDS.open(encoding="utf-8", newline="") as file:
        return {row["card_id"]: row for row in csv.DictReader(file)}


def pairs_of(texts: dict[str, str]) -> list[Pair]:
    likeness = Likeness()
    likeness.follow(texts)
    return likeness.pairs()


def within_factor(rows: dict[str, Row], pairs: Iterable[tuple[str, str]]) -> list[bool]:
    """For each pair of one factor, in the given order, whether a careful human put the two together."""
    same = ((rows[a], rows[b]) for a, b in pairs)
    return [a["cluster_id"] == b["cluster_id"] for a, b in same if a["factor_id"] == b["factor_id"]]


def trigrams(text: str) -> set[str]:
    spelled = f"  {text.lower()} "
    return {spelled[at : at + 3] for at in range(len(spelled) - 2)}


def by_trigrams(texts: dict[str, str]) -> list[tuple[str, str]]:
    """The plain way: the share of trigrams that two texts have in common."""
    of = {id_: trigrams(text) for id_, text in texts.items()}
    pairs = [(a, b) for a in of for b in of if a < b]
    return sorted(pairs, key=lambda pair: -len(of[pair[0]] & of[pair[1]]) / len(of[pair[0]] | of[pair[1]]))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_closest_pairs_are_right_more_often_than_by_plain_trigrams(language: str) -> None:
    rows = seminar()
    texts = {id_: row[f"text_{language}"] for id_, row in rows.items()}
    ours = within_factor(rows, (pair.cards for pair in pairs_of(texts)))
    plain = within_factor(rows, by_trigrams(texts))
    assert sum(plain) == RIGHT
    for name, found in (("trigrams", plain), ("ours", ours)):
        print(
            f"{language} {name}: precision at 100 = {sum(found[:100])} %,"
            f" recall at 200 = {sum(found[:200])}/{RIGHT} = {100 * sum(found[:200]) / RIGHT:.0f} %"
        )
    assert sum(ours[:100]) > max(BASELINE_AT_100, sum(plain[:100]))
    assert sum(ours[:200]) > sum(plain[:200])


@pytest.mark.parametrize("held_out", [0, 1], ids=["odd factors", "even factors"])
def test_no_half_of_the_factors_carries_the_other(held_out: int) -> None:
    """Each five factors have words of their own: the figures of all ten must not rest on one half."""
    rows = {id_: row for id_, row in seminar().items() if int(row["factor_id"][1:]) % 2 == held_out}
    texts = {id_: row["text_fr"] for id_, row in rows.items()}
    ours = within_factor(rows, (pair.cards for pair in pairs_of(texts)))
    plain = within_factor(rows, by_trigrams(texts))
    print(f"precision at 50: ours {2 * sum(ours[:50])} %, trigrams {2 * sum(plain[:50])} %")
    assert sum(ours[:50]) > sum(plain[:50])


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_called_likely_is_right_three_times_in_four(language: str) -> None:
    rows = seminar()
    texts = {id_: row[f"text_{language}"] for id_, row in rows.items()}
    likely = within_factor(rows, (pair.cards for pair in pairs_of(texts) if pair.score >= LIKELY))
    assert len(likely) >= 10
    assert sum(likely) / len(likely) >= 0.75


def test_a_real_session_in_english_finds_its_repeated_statements_first() -> None:
    statements = {
        "age-1": "I am between 15 and 19 years old.",
        "age-2": "Are you between 15 and 19 years old?",
        "stop": "Stop and search should be used less often",
        "trust": "I trust the police in my area",
        "train": "Officers should be trained in talking to young people",
    }
    assert pairs_of(statements)[0].cards == ("age-1", "age-2")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Publier les délais de dédouanement", "publication des delais de dedouanement"),
        ("Former les agents du contrôle", "formation des agents au controle"),
        ("Publish clearance times", "publishing the clearance time"),
        ("Primes de rendement", "PRIME DE RENDEMENT !"),
    ],
)
def test_accents_capitals_and_endings_do_not_hide_a_twin(one: str, other: str) -> None:
    others = {
        f"x{n}": text for n, text in enumerate(["Réparer le scanner", "Hire more women", "Payer par mobile"])
    }
    (first, *_) = pairs_of({"a": one, "b": other, **others})
    assert (first.cards, first.score >= LIKELY) == (("a", "b"), True)


def test_thirty_cards_that_say_exactly_the_same_are_all_found() -> None:
    found = {id_ for pair in pairs_of({f"c{n:02}": "Formation" for n in range(30)}) for id_ in pair.cards}
    assert len(found) == 30


def test_texts_without_words_are_like_nothing() -> None:
    assert pairs_of({"a": "!!!", "b": "👏", "c": "", "d": "de la"}) == []


@given(
    st.permutations(["Publier les délais", "publier le délai", "Former les agents", "Formation des agents"])
)
def test_the_scores_do_not_depend_on_the_order_in_which_cards_came(texts: list[str]) -> None:
    """Two workers, or one before and after a restart, give the same advice."""
    ids = {text: f"{len(text)}-{text[-3:]}" for text in texts}
    one_by_one, held = Likeness(), {}
    for text in texts:
        held[ids[text]] = text
        one_by_one.follow(held)
        one_by_one.pairs()
    assert one_by_one.pairs() == pairs_of({ids[text]: text for text in sorted(texts)})


def test_a_card_that_goes_leaves_no_word_behind() -> None:
    likeness = Likeness()
    likeness.follow({"a": "Publier les délais", "b": "Publier les retards", "c": "Payer par mobile"})
    likeness.follow({"a": "Publier les délais", "c": "Payer par mobile"})
    assert likeness.pairs() == []
    assert "retard" not in repr(likeness)


def test_only_new_texts_are_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []

    def counted(text: str) -> dict[str, float]:
        taken.append(text)
        return features_of(text)

    monkeypatch.setattr("app.domain.likeness.features_of", counted)
    likeness = Likeness()
    thousand = {f"c{n}": f"Action {n} sur le bureau {n % 7}" for n in range(1000)}
    likeness.follow(thousand)
    taken.clear()
    likeness.follow({**thousand, "new": "Publier les délais"})
    assert taken == ["Publier les délais"]


def test_small_words_are_no_content() -> None:
    assert stems_of("Il faut que la douane publie les délais") == stems_of("douane publie délais")


def test_a_text_tells_its_language_by_its_small_words_and_a_bare_one_does_not() -> None:
    rows = seminar().values()

    def right(language: str, guess: Callable[[str], str | None]) -> float:
        told = [guess(row[f"text_{language}"]) for row in rows]
        assert sum(one not in (language, None) for one in told) <= 2
        return sum(one == language for one in told) / len(told)

    assert right("fr", language_of) > 0.9
    assert right("en", language_of) > 0.9
    assert language_of("Formation") is None
    assert language_of("Formation", "en") == "en"
