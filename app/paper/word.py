"""A document as a docx that a rapporteur edits: real headings, captions that count themselves, header rows, a table of contents.

python-docx gives the package, its styles and pictures; what stands in the body is written as XML, because its tables, cell by
cell, take seconds where this takes none.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from app.exports.charts.drawing import colour_of
from app.exports.document import (
    Block,
    Bullets,
    Cell,
    Document,
    Fields,
    Figure,
    Heading,
    Numbers,
    Paragraph,
    Table,
    Text,
    strong,
)
from app.paper.letters import NAMESPACES, bookmark, field, is_rtl, line, paragraph, possible, run, runs

BRAND, SOFT = RGBColor(0x2E, 0x32, 0x80), RGBColor(0x57, 0x53, 0x60)
# Everybody who edits has these, or what stands in for them.
FACE, ARABIC_FACE = "Calibri", "Arial"
LOCALES = {"fr": "fr-FR", "en": "en-GB"}
PAGE_MM, MARGIN_MM = (210, 297), 20
TEXT_MM = PAGE_MM[0] - 2 * MARGIN_MM
TWIPS_A_MM = 56.7
RULE, THICK = 'w:val="single" w:sz="4" w:color="C9C2B4"', 'w:val="single" w:sz="8" w:color="1B1A24"'
CONTENTS_DEPTH = 2
FEW_LINES = 5
RIGHT = '<w:jc w:val="right"/>'
# Of a property of the file, in letters.
MOST_TITLE = 255


def file(document: Document, pictures: Sequence[bytes], made: datetime.datetime) -> bytes:
    """Shape: `pictures` are PNGs, one for each figure of the document in their order."""
    return _Writer(document, pictures, made).bytes()


class _Writer:
    """One document being written: what was counted so far, and the package it goes into."""

    def __init__(self, document: Document, pictures: Sequence[bytes], made: datetime.datetime) -> None:
        self.document, self.pictures = document, iter(pictures)
        self.package = docx.Document()
        self.body = self.package.element.body
        self.body.clear_content()
        self.counts = {"figure": 0, "table": 0}
        self.headings = [block for block in document.blocks if isinstance(block, Heading)]
        self.heading = 0
        _style(self.package, document, made)

    def bytes(self) -> bytes:
        for part in self._opening():
            self._put(part)
        for block, after in pairwise((*self.document.blocks, None)):
            if block:
                self._write(block, after)
        out = io.BytesIO()
        self.package.save(out)
        return out.getvalue()

    def _put(self, xml: str) -> Any:
        element = parse_xml(xml.replace(">", f" {NAMESPACES}>", 1))
        # Before what closes the body: the section's page.
        self.body.insert(len(self.body) - 1, element)
        return element

    # --- before the first chapter ---

    def _opening(self) -> Iterator[str]:
        words = self.document.words
        yield paragraph(run(words["report"]), "Subtitle")
        yield paragraph(run(self.document.title), "Title")
        yield paragraph(run(self.document.subtitle), "Subtitle")
        yield paragraph(run(self.document.made), "Note")
        yield paragraph(run(words["contents"]), "ContentsTitle")
        yield from self._contents()

    def _contents(self) -> Iterator[str]:
        """The field, with its entries as they are: it reads well before anybody has it reckoned anew, page numbers apart."""
        listed = [(n, one) for n, one in enumerate(self.headings) if one.level <= CONTENTS_DEPTH]
        begin = (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            f'<w:r><w:instrText xml:space="preserve"> TOC \\o "1-{CONTENTS_DEPTH}" \\h \\z \\u </w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        )
        end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        for place, (number, heading) in enumerate(listed):
            entry = f'<w:hyperlink w:anchor="{_anchor(number)}">{runs(_titled(heading))}</w:hyperlink>'
            before = begin if place == 0 else ""
            after = end if place == len(listed) - 1 else ""
            yield paragraph(before + entry + after, f"TOC{heading.level}")

    # --- block by block ---

    def _write(self, block: Block, after: Block | None) -> None:
        match block:
            case Heading():
                self._put(self._heading(block))
            case Paragraph():
                # What leads to a picture or a table stays with it.
                leads = block.style != "note" and isinstance(after, Figure | Table | Paragraph)
                style = {"": "", "lead": "Lead", "note": "Note"}[block.style]
                self._put(line(block.text, style, "<w:keepNext/>" if leads else ""))
            case Bullets():
                for item in block.items:
                    self._put(line(item, "ListBullet"))
            case Table():
                self._put(self._caption("table", block.caption, more="<w:keepNext/>"))
                self._put(_table(block))
                self._put(paragraph("", "AfterTable"))
            case Fields():
                self._put(_fields(block))
                self._put(paragraph("", "AfterTable"))
            case Numbers():
                self._put(_numbers(block))
                self._put(paragraph("", "AfterTable"))
            case Figure():
                self._picture(block)

    def _heading(self, block: Heading) -> str:
        number, self.heading = self.heading, self.heading + 1
        colour = colour_of(block.factor)[0].removeprefix("#") if block.factor else ""
        look = f'<w:color w:val="{colour}"/>' if colour else ""
        content = bookmark(_anchor(number), number, runs(_titled(block), look))
        begins = "<w:pageBreakBefore/>" if block.new_page else ""
        return paragraph(content, f"Heading{block.level}", rtl=is_rtl(block.text), more=begins)

    def _caption(self, kind: str, words: str, more: str = "") -> str:
        self.counts[kind] += 1
        name = self.document.words[kind]
        counted = field(f" SEQ {name} \\* ARABIC ", str(self.counts[kind]))
        return paragraph(run(f"{name}\u00a0") + counted + run(f" · {words}"), "Caption", more=more)

    def _picture(self, block: Figure) -> None:
        holder = self.package.add_paragraph(style="Picture")
        shape = holder.add_run().add_picture(io.BytesIO(next(self.pictures)), width=Mm(TEXT_MM))
        for side in ("distT", "distB", "distL", "distR"):
            shape._inline.set(side, "0")  # unsaid, LibreOffice moves it three millimetres out of the text
        shape._inline.docPr.set("descr", possible(block.alt))
        shape._inline.docPr.set("title", possible(block.caption))
        self._put(self._caption("figure", block.caption))


def _anchor(number: int) -> str:
    return f"_Toc{100_000 + number}"


def _titled(heading: Heading) -> Text:
    """A factor's heading has its number before it; a sheet's names itself."""
    if heading.factor and heading.level == CONTENTS_DEPTH:
        return (*strong(f"{heading.factor}\u2002"), *heading.text)
    return heading.text


# --- tables ---


def _grid(shares: Sequence[int]) -> tuple[list[int], str]:
    """Widths in twips, and the grid that says so."""
    whole = TEXT_MM * TWIPS_A_MM
    widths = [round(whole * share / sum(shares)) for share in shares]
    return widths, "<w:tblGrid>" + "".join(f'<w:gridCol w:w="{width}"/>' for width in widths) + "</w:tblGrid>"


def _properties(borders: str) -> str:
    return (
        f'<w:tblPr><w:tblW w:w="{round(TEXT_MM * TWIPS_A_MM)}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr>"
    )


def _cell(width: int, content: str, borders: str = "") -> str:
    edges = f"<w:tcBorders>{borders}</w:tcBorders>" if borders else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{edges}</w:tcPr>{content}</w:tc>'


def _lines(cell: Cell, style: str, *, more: str = "") -> str:
    """A cell has a paragraph, even when it has no word."""
    return "".join(line(words, style, more) for words in cell) or paragraph("", style)


def _table(block: Table) -> str:
    widths, grid = _grid([column.width for column in block.columns])
    head = "".join(
        _cell(
            width,
            paragraph(
                run(column.title, "<w:b/><w:bCs/>"),
                "CellHead",
                more=RIGHT if column.is_number else "",
            ),
            f"<w:bottom {THICK}/>",
        )
        for width, column in zip(widths, block.columns, strict=True)
    )
    rows = "".join(
        f"<w:tr>{_whole(row)}"
        + "".join(
            _cell(width, _lines(cell, "Cell", more=RIGHT if column.is_number else ""))
            for width, column, cell in zip(widths, block.columns, row, strict=True)
        )
        + "</w:tr>"
        for row in block.rows
    )
    borders = f"<w:bottom {RULE}/><w:insideH {RULE}/>"
    return (
        f"<w:tbl>{_properties(borders)}{grid}"
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{rows}</w:tbl>"
    )


def _whole(row: Sequence[Cell]) -> str:
    """A row of a few lines stays on one page."""
    return "<w:trPr><w:cantSplit/></w:trPr>" if all(len(cell) <= FEW_LINES for cell in row) else ""


def _kept(with_next: bool) -> str:
    """A form stays on one page: each of its rows with the next."""
    return "<w:keepNext/>" if with_next else ""


def _fields(block: Fields) -> str:
    widths, grid = _grid([2, 7])
    last = len(block.rows) - 1
    rows = "".join(
        "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
        + _cell(widths[0], paragraph(run(name, "<w:b/><w:bCs/>"), "Cell", more=_kept(place < last)))
        + _cell(widths[1], _lines(cell, "Cell", more=_kept(place < last)))
        + "</w:tr>"
        for place, (name, cell) in enumerate(block.rows)
    )
    borders = f"<w:top {THICK}/><w:bottom {RULE}/><w:insideH {RULE}/>"
    return f"<w:tbl>{_properties(borders)}{grid}{rows}</w:tbl>"


def _numbers(block: Numbers) -> str:
    widths, grid = _grid([1] * len(block.items))
    cells = "".join(
        _cell(width, paragraph(run(number), "Large") + paragraph(run(words), "Cell"))
        for width, (number, words) in zip(widths, block.items, strict=True)
    )
    return f"<w:tbl>{_properties('')}{grid}<w:tr>{cells}</w:tr></w:tbl>"


# --- what everything looks like ---


def _style(package: Any, document: Document, made: datetime.datetime) -> None:
    properties = package.core_properties
    properties.title = possible(document.title)[:MOST_TITLE]
    properties.subject = document.words["report"]
    properties.author, properties.last_modified_by, properties.comments = "Palabre", "Palabre", ""
    properties.language = LOCALES.get(document.language, document.language)
    properties.created = properties.modified = made
    _page(package, document)
    styles = package.styles
    _languages(styles, properties.language)
    for name, size, colour in (
        ("Title", 28, BRAND),
        ("Subtitle", 13, SOFT),
        ("Heading 1", 20, BRAND),
        ("Heading 2", 15, None),
        ("Heading 3", 12, None),
        ("Caption", 9, SOFT),
        ("List Bullet", 10.5, None),
    ):
        _set(styles[name], size, colour)
    for name, size, colour, base in (
        ("Lead", 11.5, None, "Normal"),
        ("Note", 9, SOFT, "Normal"),
        ("Cell", 9.5, None, "Normal"),
        ("CellHead", 8.5, None, "Cell"),
        ("Large", 24, BRAND, "Normal"),
        ("Picture", 10.5, None, "Normal"),
        ("AfterTable", 4, None, "Normal"),
        ("ContentsTitle", 20, BRAND, "Normal"),
        ("TOC 1", 10.5, None, "Normal"),
        ("TOC 2", 10.5, None, "Normal"),
    ):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles[base]
        _set(style, size, colour)
    _space(styles)


def _set(style: Any, size: float, colour: Any) -> None:
    style.font.size, style.font.name = Pt(size), FACE
    properties = style.element.get_or_add_rPr()
    # Arabic has a size of its own, which has to follow.
    for old in properties.findall(qn("w:szCs")):
        properties.remove(old)
    properties.find(qn("w:sz")).addnext(parse_xml(f'<w:szCs {NAMESPACES} w:val="{round(2 * size)}"/>'))
    style.font.italic = False
    if style.name in ("Title", "Heading 1", "Heading 2", "Heading 3", "Large", "ContentsTitle"):
        style.font.bold = True
    style.font.color.rgb = colour or RGBColor(0x1B, 0x1A, 0x24)
    fonts = properties.get_or_add_rFonts()
    for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        # A theme's face would win over the one that is named.
        fonts.attrib.pop(qn(f"w:{attribute}"), None)
    fonts.set(qn("w:cs"), ARABIC_FACE)
    fonts.set(qn("w:eastAsia"), FACE)


def _space(styles: Any) -> None:
    for name, before, after in (
        ("Normal", 0, 6),
        ("Title", 150, 6),
        ("Subtitle", 0, 6),
        ("ContentsTitle", 24, 8),
        ("Heading 1", 24, 8),
        ("Heading 2", 18, 5),
        ("Heading 3", 12, 4),
        ("Caption", 2, 6),
        ("Cell", 1, 1),
        ("Large", 4, 0),
        ("Note", 2, 8),
        ("Picture", 8, 2),
        ("AfterTable", 0, 4),
        ("List Bullet", 0, 3),
        ("TOC 1", 6, 1),
        ("TOC 2", 0, 1),
    ):
        spacing = styles[name].paragraph_format
        spacing.space_before, spacing.space_after = Pt(before), Pt(after)
    styles["Lead"].font.italic = True
    styles["TOC 1"].font.bold = True
    styles["TOC 2"].paragraph_format.left_indent = Mm(6)
    styles["Picture"].paragraph_format.keep_with_next = True
    styles["ContentsTitle"].paragraph_format.page_break_before = True
    # python-docx's own template draws a blue line under a title.
    title = styles["Title"].element.get_or_add_pPr()
    for line_ in title.findall(qn("w:pBdr")):
        title.remove(line_)


def _languages(styles: Any, locale: str) -> None:
    """What the spelling is checked against, and which way Arabic is shaped."""
    defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = defaults.find(qn("w:lang"))
    language.set(qn("w:val"), locale)
    language.set(qn("w:bidi"), "ar-SA")
    _set(styles["Normal"], 10.5, None)


def _page(package: Any, document: Document) -> None:
    section = package.sections[0]
    section.page_width, section.page_height = Mm(PAGE_MM[0]), Mm(PAGE_MM[1])
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    section.top_margin = section.bottom_margin = Mm(22)
    section.different_first_page_header_footer = True
    header, footer = section.header.paragraphs[0], section.footer.paragraphs[0]
    header.text = possible(document.title)
    header.runs[0].font.size, header.runs[0].font.color.rgb = Pt(8.5), SOFT
    numbers = f"{field(' PAGE ', '1')}{run(' / ')}{field(' NUMPAGES ', '1')}"
    footer._p.getparent().replace(
        footer._p,
        parse_xml(
            paragraph(numbers, more='<w:jc w:val="right"/>').replace("<w:p>", f"<w:p {NAMESPACES}>", 1)
        ),
    )
