"""Everything that leaves a board, in one archive: the board's file, the workbook, and every CSV in both flavours. PURE."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.records import EVERYONE, State, board_of, visible_to
from app.exports import EXPORTS, FLAVOURS, agenda, history
from app.exports.boardfile import board_file
from app.exports.text import to_csv
from app.exports.workbook import workbook

# An archive's members have a time; when somebody pressed a button is nobody's to know.
NO_TIME = (1980, 1, 1, 0, 0, 0)
Rows = Sequence[dict[str, Any]]


def bundle(state: State, language: str, tabs: Mapping[str, str], decided: Rows) -> bytes:
    """Shape: the state is a staff view, from which the board's file has its pairs; `tabs` and `decided` as for `workbook`."""
    seen = visible_to(state, EVERYONE)
    files: dict[str, bytes] = {"board.xlsx": workbook(seen, language, tabs, decided)}
    if not board_of(state)["practice"]:
        files["board.json"] = board_file(state)
    for flavour in FLAVOURS:
        csvs = {name: export.csv(seen, language, flavour) for name, export in EXPORTS.items()}
        csvs["agenda"] = to_csv(agenda.COLUMNS, agenda.rows(seen, language), flavour)
        csvs["decisions"] = to_csv(history.COLUMNS, decided, flavour)
        files |= {f"csv-{flavour}/{name}.csv": text.encode() for name, text in csvs.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name, NO_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return out.getvalue()
