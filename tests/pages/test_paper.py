"""What is printed: every set in both languages, with the codes that open the seats, read by an independent reader."""

from __future__ import annotations

import io
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from app import seats
from app.pages.guides import guides
from app.pages.paper import CARDS_A_FACTOR, CONTENTS


def pdf(facilitator: Any, name: str, language: str) -> bytes:
    host, path = facilitator
    answer = host.get(f"{path}/paper/{name}.pdf?lang={language}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return answer.data


def text(document: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(document)).pages)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", CONTENTS)
def test_every_set_is_printed_in_both_languages(facilitator: Any, name: str, language: str) -> None:
    said = {"fr": ("Titre", "Vous écrivez", "Conduite"), "en": ("Title", "You write", "Leadership")}
    words = text(pdf(facilitator, name, language))
    if name == "guides":
        assert said[language][1] in words
    if name in ("posters", "signs", "cards"):
        assert said[language][2] in words
    assert len(words) > 200


def test_every_seat_has_a_sheet_whose_qr_leads_to_its_own_door(
    facilitator: Any, demo: Any, people: Any
) -> None:
    document = pdf(facilitator, "seats", "fr")
    seated = [*people("participant"), *people("scribe")]
    found: set[str] = set()
    for page in pypdfium2.PdfDocument(document):
        picture = page.render(scale=2, grayscale=True).to_pil()
        found |= {code.text for code in zxingcpp.read_barcodes(picture)}
    assert {address.split("?seat=")[1] for address in found} == {seats.seat_code(p) for p in seated}
    assert all(f"/join/{demo.code}?seat=" in address for address in found)
    printed = text(document)
    assert all(seats.seat_code(person) in printed for person in seated)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_promise_and_each_guide_fit_on_their_page(facilitator: Any, language: str) -> None:
    pages = {
        name: len(PdfReader(io.BytesIO(pdf(facilitator, name, language))).pages)
        for name in ("promise", "guides")
    }
    with facilitator[0].client.application.test_request_context():
        assert pages == {"promise": 1, "guides": len(guides())}


def test_the_cards_for_paper_are_numbered_for_each_tables_own_factors(facilitator: Any) -> None:
    words = text(pdf(facilitator, "cards", "en"))
    # Five tables with two factors each, as the agenda has it.
    assert f"Table 5 · {5 * 2 * CARDS_A_FACTOR}" in words


def test_only_hosts_print_seat_codes(browser: Any, entry: Any) -> None:
    for role in ("expert", "observer", "rapporteur", "scribe"):
        visitor = browser()
        handle = visitor.enter(entry["links"][role])
        assert visitor.get(f"/b/{handle}/paper/seats.pdf").status_code == 404


def test_an_unknown_set_or_language_is_nothing(facilitator: Any) -> None:
    host, path = facilitator
    assert host.get(f"{path}/paper/nothing.pdf").status_code == 404
    assert host.get(f"{path}/paper/seats.pdf?lang=xx").status_code == 404
