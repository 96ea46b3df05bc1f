"""One lane: tries the seeds it is given, one JSON order a line, and answers each with one JSON report a line.

    python -m tests.faults.lane  <  {"module": "tests.faults.test_r04_kill", "row": "R04", "seed": 7, "folder": "..."}

What trials print goes into the report; what their programs print goes to stderr.
"""

from __future__ import annotations

import importlib
import io
import json
import logging
import os
import signal
import sys
import traceback
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from tests.faults.rows import Row
from tests.not_run import NotRun

MOST_WORDS = 4000


def row_of(module: str, row_id: str) -> Row:
    values = vars(importlib.import_module(module)).values()
    return next(value for value in values if isinstance(value, Row) and value.id == row_id)


def tried(order: dict[str, Any]) -> dict[str, Any]:
    said = io.StringIO()
    report: dict[str, Any]
    with redirect_stdout(said):
        try:
            row = row_of(order["module"], order["row"])
            report = {"done": row.try_seed(order["seed"], Path(order["folder"]))}
        except NotRun as reason:
            report = {"not_run": str(reason)}
        except AssertionError as error:
            report = {"failed": f"{error}\n{traceback.format_exc()[-MOST_WORDS:]}"}
    return {**report, "said": said.getvalue()}


def main() -> None:
    # What the core says of the failures that a trial makes is no news.
    logging.getLogger().addHandler(logging.NullHandler())
    reports = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    # So that a trial that must end puts its servers away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    for line in sys.stdin:
        print(json.dumps(tried(json.loads(line))), file=reports, flush=True)


if __name__ == "__main__":
    main()
