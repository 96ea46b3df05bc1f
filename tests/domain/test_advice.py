"""The awkward cards of the Niamey data: what each is advised, refused or kept as."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import pytest

from app.domain.advice import advice
from app.domain.errors import Rejected
from app.domain.wording import CARD_CHARS, clean

NOISE = Path(__file__).resolve().parents[2] / "app/data/niamey/noise_cards.csv"
ADVISED = {
    "N01": "person",
    "N02": "phone",
    "N03": "vague",
    "N04": "several",
    "N06": "question",
    "N23": "accusation",
}
REFUSED = {"N10": "empty_text", "N11": "empty_text", "N12": "too_long"}


def noise() -> dict[str, str]:
    with NOISE.open(encoding="utf-8", newline="") as file:
        return {row["noise_id"]: row["text"] for row in csv.DictReader(file)}


@pytest.mark.parametrize(("noise_id", "code"), ADVISED.items())
def test_an_awkward_card_calls_for_advice(noise_id: str, code: str) -> None:
    assert code in advice(noise()[noise_id])


@pytest.mark.parametrize(("noise_id", "code"), REFUSED.items())
def test_what_is_empty_or_too_long_is_refused_and_never_cut(noise_id: str, code: str) -> None:
    with pytest.raises(Rejected, match=code):
        clean(noise()[noise_id], CARD_CHARS)


def test_every_other_awkward_card_is_kept_as_it_is_written() -> None:
    """But for the blank before a French sign, which no longer breaks."""
    for noise_id, text in noise().items():
        if noise_id not in REFUSED:
            written = unicodedata.normalize("NFC", text).replace("\r\n", "\n")
            kept = clean(text, CARD_CHARS)
            assert kept.replace("\u202f", " ").replace("\u00a0", " ") == written.replace("\u00a0", " "), (
                noise_id
            )
            assert " ?" not in kept, noise_id


def test_most_ordinary_cards_call_for_no_advice() -> None:
    with NOISE.with_name("cards.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["text_fr"] for row in csv.DictReader(file)]
    advised = [text for text in texts if advice(text)]
    assert len(advised) <= len(texts) // 10, advised
