"""The table of abuse as a list: every row has a test that carries its id, on every store that the row could depend on.

Tests are found as pytest collects them: `test_d03_...`, each with the store that its own fixtures or code ask for (`collected.py`),
and for the browser's own code the titles `X01: ...` of `tests/js`.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.threats.collected import EMBEDDED, SERVERS

ROOT = Path(__file__).parents[2]
TABLE = {"S": 36, "P": 14, "F": 8, "A": 8, "O": 8, "N": 3, "D": 6, "C": 9, "B": 3, "X": 7}
IDS = [f"{letter}{number:02}" for letter, many in TABLE.items() for number in range(1, many + 1)]

# Rows that no store can change, and why; every other row runs on both.
WITHOUT_STORE = {
    **dict.fromkeys(
        [
            *(
                "S01",
                "S02",
                "S03",
                "S06",
                "S07",
                "S10",
                "S11",
                "S12",
                "S14",
                "S15",
                "S17",
                "S18",
            ),
            *("S20", "S28", "S29", "S30", "S31", "S32", "S35"),
        ],
        "refused, bounded or ordered by the transport, before anything is looked up or written; held on three engines",
    ),
    **dict.fromkeys(
        ["A03", "A05"],
        "what is logged is said by our code and by no store; PostgreSQL's own log is A06",
    ),
    **dict.fromkeys(["S19", "X03"], "what is sent comes from memory, whichever store it was read from"),
    **dict.fromkeys(["S22", "S23"], "refused before the door of the board"),
    "S34": "settings are read before any store is opened",
    "P06": "frames are made of what the domain decided; D01 to D04 hold what stores add",
    **dict.fromkeys(
        ["P07", "X01", "X02", "X04", "X05", "X06", "X07"],
        "what the browser keeps, sends and shows; what it is answered is S21 and P03",
    ),
    **dict.fromkeys(
        ["P08", "P09", "F01"], "presence is memory of the workers; across workers: test_attendance.py"
    ),
    **dict.fromkeys(["P10", "C02", "C03", "C07", "O05"], "pure: counted and written out of a board's state"),
    "P11": "warned of by the domain's patterns, before anything is sent",
    "N02": "frames are padded by the browser",
    **dict.fromkeys(
        ["N03", "C01", "C06"], "what pages make of a text; the texts are compared byte by byte in C04"
    ),
}
# Asked of one store alone, because the other has no such thing.
ONLY_SERVERS = {
    "S33": "Redis",
    "A06": "statements are logged by PostgreSQL",
}


Tests = dict[str, set[tuple[str, str]]]


@pytest.fixture(scope="module")
def named() -> Tests:
    """Row -> the tests that carry its id: store and name."""
    plugins = ["-p", "no:cacheprovider", "-p", "tests.threats.collected"]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", *plugins, "tests"]
    collected = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=480)
    assert collected.returncode == 0, collected.stdout[-3000:] + collected.stderr[-1000:]
    found: Tests = defaultdict(set)
    for line in collected.stdout.splitlines():
        if not line.startswith("TEST\t"):
            continue
        _, store, node = line.split("\t", 2)
        name = node.partition("::")[2].partition("[")[0]
        for row in re.findall(r"(?<=_)[a-z]\d\d(?=_)", name):
            found[row.upper()].add((store, node))
    for path in (ROOT / "tests/js").glob("*.test.mjs"):
        for title in re.findall(
            r'^test\("((?:[A-Z]\d\d,? ?)+):', path.read_text(encoding="utf-8"), re.MULTILINE
        ):
            for row in re.findall(r"[A-Z]\d\d", title):
                found[row].add((EMBEDDED, f"{path.relative_to(ROOT)}: {title}"))
    return found


def stores(tests: set[tuple[str, str]]) -> set[str]:
    return {store for store, _ in tests}


@pytest.mark.parametrize("row", IDS)
def test_every_row_has_a_test_of_its_name_on_every_store_it_could_depend_on(named: Tests, row: str) -> None:
    assert named[row], f"no test carries {row}"
    wanted = {EMBEDDED, SERVERS}
    if row in WITHOUT_STORE:
        wanted = {EMBEDDED}
    if row in ONLY_SERVERS:
        wanted = {SERVERS}
    assert wanted <= stores(named[row]), sorted(named[row])


def test_no_reason_outlives_its_row(named: Tests) -> None:
    """A row that has come to run on both stores needs no excuse, and an id that is in no table is a slip."""
    assert set(WITHOUT_STORE) | set(ONLY_SERVERS) <= set(IDS)
    excused = {row for row in WITHOUT_STORE if SERVERS in stores(named[row])}
    assert excused == set(), "runs on PostgreSQL too: take its reason away"
    letters = {row for row in named if row[0] in TABLE}
    assert letters <= set(IDS), letters - set(IDS)
