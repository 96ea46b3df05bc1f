"""What a text had better not be, as advice and never as a rule: shown before it is sent and beside it in the review tray.

The patterns go into the browser's contract, so that advice works offline. They are plain enough to mean the same in Python and in
JavaScript (flags i and u). People decide; a false alarm costs a glance.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Advice:
    """A code the browser has a sentence for, and what calls for it."""

    code: str
    pattern: str


ADVICE: tuple[Advice, ...] = (
    Advice("email", r"[^\s@]+@[^\s@]+\.[a-z]{2,}"),
    Advice("phone", r"\d(?:[\s./()-]{0,2}\d){7,}"),
    Advice(
        "person",
        r"\b(?:le chef|la cheffe|le directeur|la directrice|monsieur|madame|the head|the director) (?:de|du|of)\b",
    ),
    Advice("accusation", r"\b(?:voleurs?|menteurs?|corrompus?|escrocs?|thief|thieves|liars?|crooks?)\b"),
    Advice("question", r"\?\s*$"),
    Advice("several", r"\bet aussi\b|\band also\b|\bet\b.+\bet\b|\band\b.+\band\b"),
    Advice("vague", r"^\s*\S+\s*$"),
)


def advice(text: str) -> list[str]:
    """The codes of all advice that a text calls for."""
    return [one.code for one in ADVICE if re.search(one.pattern, text, re.IGNORECASE)]
