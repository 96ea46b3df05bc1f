"""What is printed: every set in both languages, with the codes that open the seats, read by an independent reader."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from urllib.parse import urlsplit

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from app import codes, prepared, press, printing, reports, seats, wiping
from app.boards import boards
from app.languages import LANGUAGES
from app.pages.guides import guides
from app.pages.sets import CARDS_A_FACTOR, CONTENTS
from tests.pages.conftest import printed


def pdf(facilitator: Any, name: str, language: str) -> bytes:
    host, path = facilitator
    answer = printed(host, f"{path}/paper/make", {"set": f"{name}-{language}"})
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"].endswith(f'-{name}-{language}.pdf"')
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


def codes_on(document: bytes) -> list[set[str]]:
    """What another program reads in the codes of each page."""
    pages = []
    for page in pypdfium2.PdfDocument(document):
        picture = page.render(scale=2, grayscale=True).to_pil()
        pages.append({code.text for code in zxingcpp.read_barcodes(picture)})
    return pages


def test_every_seat_has_a_sheet_whose_qr_leads_to_its_own_door(
    facilitator: Any, demo: Any, people: Any
) -> None:
    document = pdf(facilitator, "seats", "fr")
    seated = [*people("participant"), *people("scribe")]
    found = set().union(*codes_on(document))
    assert {address.split("?seat=")[1] for address in found} == {codes.seat_code(p) for p in seated}
    assert all(f"/join/{demo.code}?seat=" in address for address in found)
    words = text(document)
    assert all(codes.seat_code(person) in words for person in seated)


# What the codes of each set lead to, on every one of its pages; seat sheets have their own test above.
CODES = {
    "promise": "/join/{code}/kept",
    "signs": "/join/{code}",
    **dict.fromkeys(("cards", "posters", "guides"), None),
}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_code_on_every_other_sheet_is_read_by_another_program_and_leads_somewhere(
    facilitator: Any, demo: Any, browser: Any, language: str
) -> None:
    assert {"seats", *CODES} == set(CONTENTS), "say where the codes of a new set lead"
    for name, leads in CODES.items():
        for read in codes_on(pdf(facilitator, name, language)):
            if leads is None:
                assert read == set(), name
                continue
            (address,) = read
            assert address.endswith(leads.format(code=demo.code)), name
            assert browser().get(urlsplit(address).path).status_code == 200


def test_no_ballot_has_a_code_that_could_tell_one_from_another(facilitator: Any) -> None:
    host, path = facilitator
    form = {"lang": "fr", "for": "all", "blank": "2"}
    found = printed(host, f"{path}/paper/ballots/A5/make", form)
    assert set().union(*codes_on(found.data)) == set()


def test_all_sets_come_in_one_file_step_by_step_and_each_says_what_it_says_alone(
    facilitator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, path = facilitator
    waiting: list[Any] = []
    monkeypatch.setattr(boards, "spawn", waiting.append)
    job = host.post(f"{path}/paper/make", {"set": "all"}).location
    page = host.get(job).text
    assert f'<progress class="job-progress" max="{2 * len(CONTENTS) + 1}" value="0"' in page
    assert "Seat sheets, English" in page or "Seat sheets, Français" in page
    waiting.pop()()
    told = host.get(job, headers={"Accept": "application/json"}).get_json()
    assert (told["state"], told["step"]) == ("done", told["steps"])
    monkeypatch.undo()
    answer = host.get(f"{job}/file")
    assert (answer.mimetype, answer.headers["Content-Disposition"][:11]) == ("application/zip", "attachment;")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert set(archive.namelist()) == {f"{name}-{lang}.pdf" for name in CONTENTS for lang in LANGUAGES}
        for name in ("signs", "promise"):
            assert text(archive.read(f"{name}-fr.pdf")) == text(pdf(facilitator, name, "fr"))


def test_what_was_stopped_is_made_again_and_ballots_are_chosen_again(
    facilitator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, path = facilitator
    monkeypatch.setattr(boards, "spawn", lambda run: None)
    for action, again in (("make", True), ("ballots/A5/make", False)):
        job = host.post(f"{path}/paper/{action}", {"set": "guides-en", "lang": "en"}).location
        host.post(f"{job}/cancel")
        page = host.get(job).text
        assert "It was stopped" in page and "Back to the sets" in page
        assert ("Make it again" in page) == again


def test_another_workshops_set_and_a_report_are_no_set_of_this_one(facilitator: Any, demo: Any) -> None:
    host, path = facilitator
    data = {"lang": "en", "title": "", "words": {"source": ""}, "factors": []}
    others = [printing.order(f"{'0' * 32}:1:", "posters-en", "posters", data).id]
    others.append(reports.order(seats.main_board(demo) or "", "pdf", "en").id)
    own = printing.order(prepared.of_workshop(demo.id), "posters-en", "posters", data).id
    assert host.get(f"{path}/paper/made/{own}").status_code == 200
    assert host.get(f"{path}/report/made/{own}").status_code == 404
    for job in (*others, "0" * 32, ".."):
        assert host.get(f"{path}/paper/made/{job}").status_code == 404
        assert host.get(f"{path}/paper/made/{job}/file").status_code == 404


@pytest.mark.parametrize("forget", [wiping.wipe_people, wiping.remove])
def test_what_was_printed_with_names_goes_with_the_people(facilitator: Any, demo: Any, forget: Any) -> None:
    host, path = facilitator
    assert host.post(f"{path}/paper/make", {"set": "seats-fr"}).status_code == 303
    folder = host.client.application.config["SETTINGS"].volatile / press.FOLDER
    assert list(folder.glob("*.made"))
    forget(demo)
    assert not list(folder.iterdir())


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
        assert visitor.post(f"/b/{handle}/paper/make", {"set": "seats-fr"}).status_code == 404


def test_an_unknown_set_or_language_is_nothing(facilitator: Any) -> None:
    host, path = facilitator
    for asked in ("nothing-fr", "seats-xx", "seats", "", "all-fr"):
        assert host.post(f"{path}/paper/make", {"set": asked}).status_code == 404
