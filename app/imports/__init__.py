"""From CSV files, or the file of a board, to a workshop. PURE: text in, records or `ImportFailed` out; no Flask, database, file
system or clock.

The columns are those of `app/data/niamey/`. One problem anywhere and nothing is imported; every problem names file, line
and column, or in the file of a board the path.
"""

from app.imports.boardfile import read_board
from app.imports.people import PersonPlan
from app.imports.problems import SENTENCES, ImportFailed, Problem
from app.imports.sheet import Upload
from app.imports.workshop import BOARD, FILES, PEOPLE, WorkshopPlan, read_people, read_plan, read_rounds

__all__ = [
    "BOARD",
    "FILES",
    "PEOPLE",
    "SENTENCES",
    "ImportFailed",
    "PersonPlan",
    "Problem",
    "Upload",
    "WorkshopPlan",
    "read_board",
    "read_people",
    "read_plan",
    "read_rounds",
]
