"""The report of the two days: nothing is missing, nothing that was held is there, and the one checked in has not drifted."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from app.exports.document import Document, Fields, Figure, Heading, Table, letters
from tests.exports.test_story import headings, said
from tests.niamey import files
from tests.niamey.report import told
from tests.niamey.seminar import Seminar

EXAMPLES = Path(__file__).resolve().parents[2] / "docs/examples"
NAMES = {"fr": "rapport-niamey", "en": "report-niamey"}


@pytest.fixture(scope="module", params=NAMES)
def document(seminar: Seminar, request: pytest.FixtureRequest) -> Document:
    return told(seminar, request.param)


def test_every_published_action_stands_in_its_group_and_once_more_where_it_was_written_under_another_factor(
    seminar: Seminar, document: Document
) -> None:
    found: list[int] = []
    for block in document.blocks:
        if isinstance(block, Table) and block.caption.startswith(
            ("Groupes et actions", "Groups and actions")
        ):
            lines = [letters(line) for row in block.rows for cell in row for line in cell]
            found += [int(n[1]) for line in lines if (n := re.match(r"(?:n°\u00a0|no\. )(\d+) ", line))]
    shown = [c for c in seminar.state["cards"].values() if c["state"] == "published"]
    home = {c["id"]: c["factor"] for c in seminar.state["clusters"].values()}
    away = [c for c in shown if home.get(c["cluster"], c["factor"]) != c["factor"]]
    assert sorted(found) == sorted(c["number"] for c in [*shown, *away])
    assert len(shown) > 250


def test_what_was_held_or_masked_is_nowhere(seminar: Seminar, document: Document) -> None:
    words = said(document)
    held = [c["text"] for c in seminar.state["cards"].values() if c["state"] == "held"]
    assert len(held) == len(files.HELD)
    assert not [text for text in held if text in words]
    assert "+227" not in words
    for person in files.people().values():
        assert person["label_fr"] not in words and person["label_en"] not in words


def test_every_sheet_leads_to_its_actions_and_says_who_by_when_and_how_it_is_measured(
    seminar: Seminar, document: Document
) -> None:
    fields = [block for block in document.blocks if isinstance(block, Fields)]
    kept = [s for s in seminar.state["sheets"].values() if s["state"] != "dropped"]
    assert len(fields) == len(kept) > 10
    told_ = "\n".join(letters(line) for block in fields for _, cell in block.rows for line in cell)
    for sheet in kept:
        assert sheet["lead"] in told_ and sheet["indicator"] in told_
        cards = [c for c in seminar.state["cards"].values() if c["cluster"] == sheet["source"]["id"]]
        numbers = ", ".join(str(n) for n in sorted(c["number"] for c in cards))
        assert numbers in told_


def test_every_kind_of_picture_is_there(document: Document) -> None:
    drawn = [block.svg for block in document.blocks if isinstance(block, Figure)]
    assert sum("fill-opacity" in svg for svg in drawn) >= 2, "scores with their spread"
    assert len(drawn) > 20
    assert len({id(svg) for svg in drawn}) == len(drawn)
    patterns = [name for svg in drawn for name in re.findall(r'<pattern id="([^"]+)"', svg)]
    assert len(patterns) == len(set(patterns)), "on one page, two patterns of one name would be one"


def test_every_urn_has_its_close_record_and_every_mark_is_true(document: Document) -> None:
    caption = {"fr": "Ce qui est sorti de chaque urne", "en": "What came out of each urn"}
    (table,) = [
        b for b in document.blocks if isinstance(b, Table) and b.caption == caption[document.language]
    ]
    rounds = [letters(row[0][0]) for row in table.rows]
    # Those with a vote or cards, the round for latecomers, and those in which people remarked.
    assert len(rounds) == 14
    changed = [row for row in table.rows if len(row[3]) > 1]
    assert not changed


def test_the_report_that_is_checked_in_tells_the_same_story(document: Document) -> None:
    """Made by `python -m tests.niamey.report docs/examples`; numbers of cards differ each time, chapters do not."""
    checked_in = PdfReader(EXAMPLES / f"{NAMES[document.language]}.pdf")
    titles = [str(one["/Title"]) for one in flat(checked_in.outline)]
    assert [t for t in titles if t in headings(document)] == headings(document)
    text = "\n".join(page.extract_text() for page in checked_in.pages)
    for sheet in (b for b in document.blocks if isinstance(b, Heading) and b.key.startswith("sheet-")):
        assert letters(sheet.text).split(" · ")[0] in text
    assert (EXAMPLES / f"{NAMES[document.language]}.docx").stat().st_size > 500_000


def flat(outline: list) -> list:
    return [one for part in outline for one in (flat(part) if isinstance(part, list) else [part])]


def test_the_command_writes_files_that_open(seminar: Seminar) -> None:
    from tests.niamey.report import printed

    made = printed(told(seminar, "en"))
    assert len(PdfReader(io.BytesIO(made["pdf"])).pages) > 30
    assert made["docx"][:2] == b"PK"
