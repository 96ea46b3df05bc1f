"""R24: whatever bytes come as a packet, an operation or a file to import, only declared errors and little time."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from realtime.guard import StrictPacket
from tests.faults.parsers import TARGETS, corpus, one
from tests.faults.rows import NotRun, Row, sample

ROOT = Path(__file__).parents[2]
# About ten seconds in all, at some thousand runs a second.
RUNS = {"packet": 15_000, "operation": 10_000, "import": 5_000}


def trial(seed: int, folder: Path) -> int:
    if importlib.util.find_spec("atheris") is None:
        raise NotRun("atheris has no wheel for this machine")
    for target, runs in RUNS.items():
        place = folder / target
        place.mkdir()
        command = [
            sys.executable,
            "-m",
            "tests.faults.parsers",
            target,
            str(seed % 2**31 or 1),
            str(runs),
            place,
        ]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
        found = [path.read_bytes() for path in place.glob("found-*")]
        said = "\n".join(line for line in ended.stderr.splitlines() if not line.startswith(("#", "INFO")))
        assert ended.returncode == 0 and not found, f"{target}: {found!r}\n{said[-2000:]}"
        done = re.search(r"number_of_executed_units: (\d+)", ended.stderr)
        assert done and int(done[1]) >= runs, ended.stderr[-3000:]
    return sum(RUNS.values())


R24 = Row("R24", pr=sum(RUNS.values()), rel=100_000_000, unit="runs", trial=trial)


@pytest.mark.timeout(600)
def test_r24_parsers_meet_any_bytes_with_declared_errors(tmp_path: Path) -> None:
    sample(R24, tmp_path)


@pytest.mark.parametrize("target", TARGETS)
def test_r24_what_the_fuzzer_begins_with_is_understood(target: str) -> None:
    for content in corpus(target):
        one(target)(content)


def test_r24_an_empty_packet_is_refused_and_not_taken_for_an_event() -> None:
    with pytest.raises(ValueError, match="empty"):
        StrictPacket(encoded_packet="")
