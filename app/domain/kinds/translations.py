"""What a text is and what a person made of it in the other language: the same for cards and comments.

People translate, never a machine: the original stays as it is, and the translation stands beside it.
"""

from __future__ import annotations

from app.domain import wording
from app.domain.changes import Change, patch
from app.domain.records import Record


def translated(table: str, record: Record, language: str, text: str, limit: int) -> list[Change]:
    """Keep a person's translation beside the text, by language; an empty one takes it back."""
    kept = {lang: words for lang, words in record.get("translation", {}).items() if lang != language}
    if text.strip():
        kept[language] = wording.clean(text, limit)
    return [patch(table, record, translation=kept)]


def marked(table: str, record: Record, **said: str | None) -> list[Change]:
    """Say what a text is. Shape: None leaves a mark as it is."""
    changed = {name: mark for name, mark in said.items() if mark and record.get(name) != mark}
    return [patch(table, record, **changed)] if changed else []
