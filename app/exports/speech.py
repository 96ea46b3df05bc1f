"""How a document speaks: sentences, numbers and days in one language, without any request. The catalogue is given."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from gettext import NullTranslations
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent


@dataclass(frozen=True, slots=True)
class Speech:
    language: str
    catalogue: NullTranslations

    def gettext(self, sentence: str, **named: Any) -> str:
        found = self.catalogue.gettext(sentence)
        return found % named if named else found

    def ngettext(self, one: str, many: str, num: int, **named: Any) -> str:
        """The sentence for so many; it names the number `%(num)s`."""
        return self.catalogue.ngettext(one, many, num) % {"num": self.number(num), **named}

    def number(self, value: float) -> str:
        return str(format_decimal(value, locale=self.language))

    def decimal(self, value: float | None) -> str:
        """One digit after the point: all that five steps can carry."""
        return "–" if value is None else str(format_decimal(value, format="0.0", locale=self.language))

    def hundredths(self, value: float | None) -> str:
        return "–" if value is None else str(format_decimal(value, format="0.00", locale=self.language))

    def percent(self, part: int, whole: int) -> str:
        return str(format_percent(part / whole, locale=self.language)) if whole else "–"

    def day(self, day: datetime.date) -> str:
        told = str(format_date(day, "d MMMM y", locale=self.language))
        return f"1er{told[1:]}" if self.language == "fr" and day.day == 1 else told

    def of(self, words: dict[str, str]) -> str:
        """Text that is data, in this language or in any."""
        return words.get(self.language) or words.get("fr") or words.get("en") or ""
