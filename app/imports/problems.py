"""What can be wrong with a file that people upload, in sentences they can act on. The edges translate them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


def N_(text: str) -> str:
    """Marks a sentence for translation where no language is chosen yet."""
    return text


SENTENCES: dict[str, str] = {
    "not_text": N_("This is not a text file. Save it as “CSV UTF-8” and try again."),
    "nothing": N_("The file is empty."),
    "too_large": N_("This file is larger than %(limit)s KiB."),
    "broken_quotes": N_("A quotation mark is opened here and never closed."),
    "no_rows": N_("The file has no rows below its header."),
    "too_many_rows": N_("The file has more than %(limit)s rows."),
    "no_column": N_("The header has no column with this name."),
    "column_twice": N_("The header names this column twice."),
    "wrong_width": N_("This row has %(cells)s cells, the header has %(columns)s."),
    "empty": N_("Something must stand here."),
    "too_long": N_("This text is longer than %(limit)s characters."),
    "not_a_number": N_("“%(value)s” is not a whole number from %(low)s to %(high)s."),
    "not_a_time": N_("“%(value)s” is not a time such as 09:30."),
    "not_an_id": N_("“%(value)s” is not an identifier: use letters, digits, dots and dashes, 32 at most."),
    "not_a_choice": N_("“%(value)s” is not one of: %(choices)s."),
    "twice": N_("“%(value)s” stands on line %(first)s already."),
    "bad_scope": N_("“%(value)s” is neither “all” nor a list such as “T1:F01+F10 T2:F02”."),
    "unknown_factor": N_("No factor has the identifier “%(value)s”."),
    "no_such_table": N_("This board has no table “%(value)s”."),
    "unknown_table": N_("Nobody sits at table “%(value)s”."),
    "no_table_left": N_("There are more scribes than tables; name the table in a column “table”."),
    "needs_method": N_("A vote needs a method here."),
    "needs_points": N_("Voting with points needs a number of points above 0."),
    "cap_above_points": N_("The cap is above the number of points (%(points)s)."),
    "needs_questions": N_("A vote on questions needs them here, with a bar (|) between two."),
    "not_as_many": N_("There are %(here)s questions here and %(there)s in French."),
    "too_many_questions": N_("There are more than %(limit)s questions."),
    "no_facilitator": N_("Nobody on this list is a facilitator."),
    "not_json": N_("This is not JSON, or it is broken here."),
    "not_a_board_file": N_("This is not the file of a board."),
    "other_version": N_(
        "This file has version %(version)s of the format; this release reads version %(known)s."
    ),
    "no_field": N_("Something is missing here."),
    "unknown_field": N_("Nothing of this name belongs here."),
    "wrong_value": N_("This cannot stand here: %(value)s"),
    "value_twice": N_("“%(value)s” stands here a second time."),
    "leads_nowhere": N_("Nothing in this file has the identifier “%(value)s”."),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: where it stands and what it is.

    Shape: `line` counts from 1 as a spreadsheet does; `column` is its name in the header, or empty for a whole line;
           `code` is a key of `SENTENCES`, `data` what its sentence needs.
    """

    file: str
    line: int
    column: str
    code: str
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """In English; the pages say it in the person's language."""
        return SENTENCES[self.code] % self.data


class ImportFailed(ValueError):
    """Nothing was imported; `problems` says everything that is wrong, file by file and line by line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        first = self.problems[0]
        super().__init__(f"{first.file}, line {first.line}, {first.column or 'row'}: {first.sentence}")
