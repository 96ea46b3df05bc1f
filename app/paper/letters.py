"""Words as WordprocessingML: runs, paragraphs, fields, bookmarks. Text only: whatever somebody wrote is escaped here."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from app.exports.document import Run, Text

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_BEFORE_DIRECTION = ("<w:keepNext/>", "<w:pageBreakBefore/>")
# What XML 1.0 cannot hold, even escaped.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def possible(words: str) -> str:
    """The words without what XML cannot hold."""
    return _IMPOSSIBLE.sub("", words)


def text(words: str) -> str:
    """Letters, with line breaks as Word has them."""
    lines = possible(words).split("\n")
    return "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)


def run(words: str, look: str = "") -> str:
    return f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}{text(words)}</w:r>"


def runs(words: Text, look: str = "") -> str:
    """Shape: `look` holds for all of them, as elements of `w:rPr`."""
    return "".join(run(one.text, _look(one, look)) for one in words)


def _look(one: Run, look: str) -> str:
    # In the order of the schema: Word calls a file damaged that has them in another one.
    bold = "<w:b/><w:bCs/>" if one.strong else ""
    colour = '<w:color w:val="575360"/>' if one.soft else ""
    direction = "<w:rtl/>" if one.is_rtl else ""
    return f"{bold}{colour}{look}{direction}"


def is_rtl(words: Text) -> bool:
    """Whether a line begins at the right: when what opens it is read that way."""
    return bool(words) and words[0].is_rtl


def paragraph(content: str, style: str = "", *, rtl: bool = False, more: str = "") -> str:
    """Shape: `more` are further elements of `w:pPr`, in the order of the schema."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    # The schema has the direction between where a paragraph stands and how it is set.
    before = "".join(element for element in _BEFORE_DIRECTION if element in more)
    direction = "<w:bidi/>" if rtl else ""
    return f"<w:p><w:pPr>{named}{before}{direction}{more.removeprefix(before)}</w:pPr>{content}</w:p>"


def line(words: Text, style: str = "", more: str = "") -> str:
    return paragraph(runs(words), style, rtl=is_rtl(words), more=more)


def field(instruction: str, shown: str) -> str:
    """A field that Word reckons anew; `shown` stands there until it does."""
    return f'<w:fldSimple w:instr="{escape(instruction)}">{run(shown)}</w:fldSimple>'


def bookmark(name: str, number: int, content: str) -> str:
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{content}<w:bookmarkEnd w:id="{number}"/>'
