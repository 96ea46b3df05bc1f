"""A rapporteur takes the report along, told how far it is and then given the file; a participant finds the close records."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docx
from playwright.sync_api import BrowserContext, expect
from pypdf import PdfReader

from tests.server import Server


def test_the_rapporteur_has_the_report_made_and_saves_it(
    server: Server, context_for: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    page = context_for("phone", locale="fr-FR").new_page()
    page.goto(server.links["rapporteur"])
    page.goto(page.url.partition("?")[0] + "exports/")
    page.get_by_role("link", name="Ouvrir le rapport").click()
    expect(page.get_by_role("heading", name="En bref")).to_be_visible()
    chosen = page.url
    for label, ending in (("PDF", "pdf"), ("Word (docx)", "docx")):
        page.goto(chosen)
        page.get_by_label("English").check()
        page.get_by_role("button", name=label).click()
        # The page comes to this by itself.
        with page.expect_download() as download:
            page.get_by_role("link", name="Enregistrer le fichier").click(timeout=60_000)
        assert download.value.suggested_filename.endswith(f"-report-en.{ending}")
        download.value.save_as(tmp_path / f"report.{ending}")
    assert "In short" in PdfReader(tmp_path / "report.pdf").pages[2].extract_text()
    assert "In short" in [p.text for p in docx.Document(str(tmp_path / "report.docx")).paragraphs]


def test_a_participant_finds_the_close_records_from_the_board(
    server: Server, context_for: Callable[..., BrowserContext]
) -> None:
    page = context_for("phone", locale="en-GB").new_page()
    page.goto(server.links["participants"][7])
    page.get_by_role("button", name="Help and keys").first.click()
    page.get_by_role("dialog").get_by_role("link", name="Close records").click()
    expect(page.get_by_role("heading", name="Close records")).to_be_visible()
    expect(page.get_by_text("No urn has been opened yet.")).to_be_visible()
