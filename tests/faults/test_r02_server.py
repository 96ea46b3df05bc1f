"""R02: browsers over bad links and the real door, committer, urn and SQLite, on a machine whose power and disk fail."""

from __future__ import annotations

from pathlib import Path

from tests.faults.rows import Row, sample
from tests.faults.seeds import run_server

BATCH = 25


def trial(batch: int, folder: Path) -> int:
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        one(seed, folder / str(seed))
    return BATCH


def one(seed: int, folder: Path) -> None:
    folder.mkdir()
    try:
        seen = run_server(seed, folder)
    except Exception as error:
        raise AssertionError(f"run_server({seed}): {error!r}") from error
    assert seen["put rounds planned"] and seen["answer seq"], "nothing happened"


R02 = Row("R02", pr=500, rel=20_000, unit="seeds", trial=trial, batch=BATCH, lanes=2)


def test_r02_browsers_and_the_real_core_agree(tmp_path: Path) -> None:
    sample(R02, tmp_path)


def test_r02_a_seed_that_fails_fails_again(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert run_server(7, tmp_path / "a") == run_server(7, tmp_path / "b")
