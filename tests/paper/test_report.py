"""The report on paper: the whole story in its order, to be edited, read aloud, and set from right to left."""

from __future__ import annotations

import datetime
import io
from dataclasses import replace
from functools import cache
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn
from PIL import Image
from pypdf import PdfReader

from app import languages
from app.exports.document import Column, Document, Figure, Heading, Table, figures, letters
from app.exports.document import said as somebodys
from app.paper import report, word
from tests.exports.test_exports import card, comment, sheet
from tests.exports.test_story import held, said, told, voted

ARABIC = "تعزيز الشفافية في الجمارك"
MADE = datetime.datetime(2020, 9, 23)


@cache
def document(language: str) -> Document:
    state = voted()
    state["cards"]["c3"] = card(3, cluster="g2", text=ARABIC)
    state["cards"]["c4"] = card(4, text=f"Publier «\u00a0{ARABIC}\u00a0» en 2021\nsecond line")
    state["sheets"] = {"s1": {**sheet(1), "id": "s1", "source": {"table": "clusters", "id": "g1"}}}
    state["comments"] = {"m1": comment(1, "factors", "F01", text=ARABIC)}
    state["rounds"]["B1"] = held("B1", 2, "post")
    return told(state, language)


@cache
def pdf(language: str) -> PdfReader:
    return PdfReader(io.BytesIO(report.pdf(document(language))))


@cache
def docx_file(language: str) -> bytes:
    told_ = document(language)
    return word.file(told_, report.pictures(told_), MADE)


def opened(language: str) -> Any:
    return docx.Document(io.BytesIO(docx_file(language)))


# --- PDF ---


@pytest.mark.parametrize("language", languages.LANGUAGES)
def test_every_chapter_is_in_the_pdf_and_in_its_outline(language: str) -> None:
    listed = [str(one["/Title"]) for one in flat(pdf(language).outline)]
    chapters = [letters(b.text) for b in document(language).blocks if isinstance(b, Heading) and b.level == 1]
    assert [title for title in listed if title in chapters] == chapters
    assert pdf(language).metadata and pdf(language).metadata.title == document(language).title
    assert str(pdf(language).root_object["/Lang"]).startswith(language)


def flat(outline: Any) -> list[Any]:
    return [one for part in outline for one in (flat(part) if isinstance(part, list) else [part])]


def test_arabic_is_set_in_our_own_face_on_every_machine() -> None:
    names = set()
    for page in pdf("fr").pages:
        for font in page["/Resources"].get("/Font", {}).values():
            names.add(str(font.get_object()["/BaseFont"]).partition("+")[2])
    assert {name for name in names if "Arabic" in name} == {"NotoNaskhArabic-Regular"}


def test_french_words_are_parted_as_french_in_an_english_report() -> None:
    narrow = Table("x", (Column("x"),) * 10, ((((somebodys("les responsables du service")),), *((),) * 9),))
    told_ = replace(document("en"), blocks=(narrow,))
    page = PdfReader(io.BytesIO(report.pdf(told_))).pages[-1]
    assert "res\u00ad\nponsables" in page.extract_text()


def test_pictures_have_words_for_those_who_do_not_see_them() -> None:
    told_ = document("en")
    assert figures(told_)
    tree = str(alternatives(pdf("en").root_object["/StructTreeRoot"]))
    assert all(figure.alt in tree for figure in figures(told_))


def alternatives(node: Any) -> list[str]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [alt for one in node for alt in alternatives(one)]
    if not isinstance(node, dict):
        return []
    own = [str(node["/Alt"])] if "/Alt" in node else []
    return own + (alternatives(node["/K"]) if "/K" in node else [])


# --- docx ---


@pytest.mark.parametrize("language", languages.LANGUAGES)
def test_headings_are_headings_and_the_contents_name_them(language: str) -> None:
    file = opened(language)
    written = [
        (int(p.style.name[-1]), p.text.split("\u2002")[-1])
        for p in file.paragraphs
        if p.style.name.startswith("Heading")
    ]
    wanted = [(b.level, letters(b.text)) for b in document(language).blocks if isinstance(b, Heading)]
    assert written == wanted
    entries = [p for p in file.paragraphs if p.style.name.startswith("TOC")]
    assert len(entries) == sum(level < 3 for level, _ in wanted)
    anchors = {link.get(qn("w:anchor")) for p in entries for link in p._p.iter(qn("w:hyperlink"))}
    marks = {mark.get(qn("w:name")) for mark in file.element.body.iter(qn("w:bookmarkStart"))}
    assert len(anchors) == len(entries) and anchors <= marks
    assert 'TOC \\o "1-2"' in file.element.xml


def test_tables_have_header_rows_and_captions_that_count_themselves() -> None:
    file, told_ = opened("fr"), document("fr")
    wanted = [block for block in told_.blocks if isinstance(block, Table)]
    heads = [t for t in file.tables if t._tbl.findall(f".//{qn('w:tblHeader')}")]
    assert [[c.text for c in t.rows[0].cells] for t in heads] == [
        [column.title for column in block.columns] for block in wanted
    ]
    captions = [p for p in file.paragraphs if p.style.name == "Caption"]
    assert len(captions) == len(wanted) + len(figures(told_))
    counted = [p._p.xpath("string(.)") for p in captions if "SEQ Tableau" in p._p.xml]
    assert counted == [f"Tableau\u00a0{n} · {block.caption}" for n, block in enumerate(wanted, 1)]


def test_every_cell_says_what_the_story_says() -> None:
    file, told_ = opened("en"), document("en")
    heads = [t for t in file.tables if t._tbl.findall(f".//{qn('w:tblHeader')}")]
    for found, wanted in zip(heads, [b for b in told_.blocks if isinstance(b, Table)], strict=True):
        for line, row in zip(found.rows[1:], wanted.rows, strict=True):
            for cell, lines in zip(line.cells, row, strict=True):
                assert cell.text == "\n".join(letters(text) for text in lines)


def test_words_from_right_to_left_are_marked_as_such_and_only_they() -> None:
    body = opened("fr").element.body
    right = {
        "".join(t.text or "" for t in r.iter(qn("w:t")))
        for r in body.iter(qn("w:r"))
        if r.find(f"{qn('w:rPr')}/{qn('w:rtl')}") is not None
    }
    assert right == {ARABIC}


@pytest.mark.parametrize("language, locale", [("fr", "fr-FR"), ("en", "en-GB")])
def test_the_language_the_pages_and_the_numbers_of_the_pages_are_set(language: str, locale: str) -> None:
    file = opened(language)
    assert file.core_properties.language == locale
    assert file.core_properties.title == document(language).title
    assert f'w:val="{locale}"' in file.styles.element.xml
    section = file.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert " PAGE " in section.footer._element.xml


def test_pictures_are_sharp_pngs_with_words_for_those_who_do_not_see_them() -> None:
    file = ZipFile(io.BytesIO(docx_file("en")))
    pictures = [name for name in file.namelist() if name.startswith("word/media/")]
    assert len(pictures) == len(figures(document("en")))
    for name in pictures:
        picture = Image.open(io.BytesIO(file.read(name)))
        assert (picture.format, picture.width) == ("PNG", round(170 / 25.4 * report.DOTS_PER_INCH))
    xml = file.read("word/document.xml").decode()
    assert all(f'descr="{figure.alt}"' in xml for figure in figures(document("en")))
    # As wide as the text, and where it begins.
    assert xml.count('distT="0" distB="0" distL="0" distR="0"') == len(figures(document("en")))


@pytest.mark.parametrize("text", ["<w:p/>&\"'", "a\ufffeb\uffff", "]]>", "{{x}}", "x\ny"])
def test_c07_no_text_is_taken_for_markup_in_any_file(text: str) -> None:
    block = Table("x", (Column("x"),), (((somebodys(text),),),))
    one = Document(
        "en", text, "", "", document("en").words, (Heading(1, somebodys(text), new_page=True), block)
    )
    file = docx.Document(io.BytesIO(word.file(one, [], MADE)))
    assert file.tables[0].cell(1, 0).text == text.replace("\ufffe", "").replace("\uffff", "")
    assert len(PdfReader(io.BytesIO(report.pdf(one))).pages) == 3


def test_what_is_on_the_pages_is_the_whole_story() -> None:
    """Every word of the story, in the docx and (as far as letters can be read back) in the PDF."""
    file = opened("en")
    written = " ".join(file.element.body.xpath("string(.)").split())
    for text in said(document("en")).split("\n"):
        if not text.startswith(("<svg", "#")) and text not in alts():
            assert " ".join(text.split()) in written, text


def alts() -> set[str]:
    told_ = document("en")
    inner = {b.key for b in told_.blocks if isinstance(b, Heading)}
    kinds = {b.kind for b in told_.blocks} | {"lead", "note"}
    return {b.alt for b in told_.blocks if isinstance(b, Figure)} | inner | kinds
