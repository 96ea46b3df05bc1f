"""R24: whatever bytes come as a packet, an operation or a file, only declared errors and little time; and whatever board came in
goes out again."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import orjson
import pytest

from app.imports import Upload, read_board
from realtime.guard import StrictPacket
from tests.faults.parsers import TARGETS, corpus, one
from tests.faults.rows import Row, sample
from tests.not_run import NotRun

ROOT = Path(__file__).parents[2]
# A minute in all, two at a time.
SECONDS = 15
EXECUTED = re.compile(r"number_of_executed_units: (\d+)")


def trial(seed: int, folder: Path) -> int:
    if importlib.util.find_spec("atheris") is None:
        raise NotRun("atheris has no wheel for this machine")
    with ThreadPoolExecutor(2) as pool:
        runs = dict(
            zip(TARGETS, pool.map(lambda target: fuzz(target, seed, folder / target), TARGETS), strict=True)
        )
    print("R24:", ", ".join(f"{target} {done} runs" for target, done in runs.items()))
    return sum(runs.values())


def fuzz(target: str, seed: int, place: Path) -> int:
    """One target for its time; returns how many runs that were."""
    place.mkdir()
    words = [target, str(seed % 2**31 or 1), str(SECONDS), str(place)]
    command = [sys.executable, "-m", "tests.faults.parsers", *words]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    found = [path.read_bytes() for path in place.glob("found-*")]
    said = "\n".join(line for line in ended.stderr.splitlines() if not line.startswith(("#", "INFO")))
    assert ended.returncode == 0 and not found, f"{target}: {found!r}\n{said[-2000:]}"
    done = EXECUTED.search(ended.stderr)
    assert done and int(done[1]), ended.stderr[-3000:]
    return int(done[1])


R24 = Row("R24", pr=10_000, rel=100_000_000, unit="runs", trial=trial, batch=10_000)


def test_r24_parsers_meet_any_bytes_with_declared_errors(tmp_path: Path) -> None:
    sample(R24, tmp_path)


def test_r24_the_boards_that_go_out_have_something_of_everything() -> None:
    assert read_board(Upload("board", corpus("export")[0]))
    empty = [table for table, rows in orjson.loads(corpus("export")[0]).items() if not rows]
    assert set(empty) <= {"pairs", "handcounts", "earlier"}


@pytest.mark.parametrize("target", TARGETS)
def test_r24_what_the_fuzzer_begins_with_is_understood(target: str) -> None:
    for content in corpus(target):
        one(target)(content)


def test_r24_an_empty_packet_is_refused_and_not_taken_for_an_event() -> None:
    with pytest.raises(ValueError, match="empty"):
        StrictPacket(encoded_packet="")
