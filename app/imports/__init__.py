"""From CSV files to a workshop. PURE: text in, records or `ImportFailed` out; no Flask, database, file system or clock.

The columns are those of `app/data/niamey/`. One problem anywhere and nothing is imported; every problem names file, line
and column.
"""

from app.imports.people import PersonPlan
from app.imports.problems import SENTENCES, ImportFailed, Problem
from app.imports.sheet import Upload
from app.imports.workshop import FILES, WorkshopPlan, read_plan, read_rounds

__all__ = [
    "FILES",
    "SENTENCES",
    "ImportFailed",
    "PersonPlan",
    "Problem",
    "Upload",
    "WorkshopPlan",
    "read_plan",
    "read_rounds",
]
