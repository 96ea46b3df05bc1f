"""R02: browsers over bad links and the real door, committer, urn and SQLite, on a machine whose power and disk fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.rows import Row, sample
from tests.faults.seeds import run_server


def trial(seed: int, folder: Path) -> None:
    seen = run_server(seed, folder)
    assert seen["put rounds planned"] and seen["answer seq"], "nothing happened"


R02 = Row("R02", pr=300, rel=20_000, unit="seeds", trial=trial)


@pytest.mark.timeout(900)
def test_r02_browsers_and_the_real_core_agree(tmp_path: Path) -> None:
    sample(R02, tmp_path)


def test_r02_a_seed_that_fails_fails_again(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert run_server(7, tmp_path / "a") == run_server(7, tmp_path / "b")
