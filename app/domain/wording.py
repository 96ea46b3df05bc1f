"""What becomes of a text before it is kept: NFC, no control characters, French signs kept with their word, bounds in code points.
Never cut, never guessed."""

from __future__ import annotations

import re
import unicodedata

from app.domain.errors import Rejected

CARD_CHARS = 280
NAME_CHARS = 60
COMMENT_CHARS = 1000
REASON_CHARS = 200

# Controls but the line break; bidirectional overrides and isolates, which could make a card read as another; signs without
# width, in which somebody could hide a mark (but for the joiners and directions that some scripts need).
_UNWANTED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_INVISIBLE = re.compile("[\\s\u200b-\u200f\u2060\u00ad\u3164]+")
# French sets these signs apart, and no line may begin with one: a full blank before a colon and inside guillemets, before the
# others a thin one.
_SPACES = (
    (re.compile(r"(?<=\S) (?=[:»](?:\s|$))"), "\u00a0"),
    (re.compile(r"(?<=«) (?=\S)"), "\u00a0"),
    (re.compile(r"(?<=\S) (?=[;!?](?:\s|$))"), "\u202f"),
)


def unbroken(text: str) -> str:
    """The text, with no line break possible where French sets a sign apart; as long as it was."""
    for pattern, space in _SPACES:
        text = pattern.sub(space, text)
    return text


def clean(text: str, limit: int) -> str:
    """The text as it is kept.

    Units:  `limit` counts code points after NFC.
    Raises: Rejected("empty_text"), Rejected("too_long", limit, length).
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _UNWANTED.sub("", unicodedata.normalize("NFC", text)).strip()
    if not _INVISIBLE.sub("", text):
        raise Rejected("empty_text")
    if len(text) > limit:
        raise Rejected("too_long", limit=limit, length=len(text))
    return unbroken(text)
