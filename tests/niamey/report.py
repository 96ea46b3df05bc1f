"""The report of the played seminar, as it is checked in: `python -m tests.niamey.report docs/examples` makes it anew.

Cards leave an urn in another order each time, so their numbers differ from one making to the next; the story does not.
"""

from __future__ import annotations

import datetime
import sys
import tempfile
from pathlib import Path

from app import languages
from app.domain.records import EVERYONE
from app.exports.document import Document
from app.exports.story import About, story
from app.paper import report, word
from tests.niamey import files
from tests.niamey.script import two_days
from tests.niamey.seminar import DAYS, Seminar
from tests.seminar import BOARD

LAST_DAY = DAYS[2].date()


def told(seminar: Seminar, language: str) -> Document:
    """The story of the two days, as the rapporteur has it made on the evening of the second."""
    about = About([day.date() for day in DAYS.values()], LAST_DAY)
    return story(seminar.door.boards.view(BOARD, EVERYONE), languages.speech(language), about)


def printed(document: Document) -> dict[str, bytes]:
    made = datetime.datetime.combine(LAST_DAY, datetime.time())
    return {"pdf": report.pdf(document), "docx": word.file(document, report.pictures(document), made)}


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        seminar = Seminar(Path(place), files.HELD | files.FORMULAS)
        two_days(seminar)
        folder.mkdir(parents=True, exist_ok=True)
        for language, name in (("fr", "rapport-niamey"), ("en", "report-niamey")):
            for ending, content in printed(told(seminar, language)).items():
                (folder / f"{name}.{ending}").write_bytes(content)
                print(f"{name}.{ending}: {len(content) // 1024} KiB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
