"""A seed that failed is a regression with a name: `pinned.txt` holds them, and every check tries them again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.rows import HERE, all_rows
from tests.faults.seeds import run_model, run_server

PINNED = HERE / "pinned.txt"
Pinned = tuple[str, int, str]


def pinned(text: str) -> list[Pinned]:
    """Row, seed and reason. Raises: ValueError for a line that says no reason."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    found = []
    for line in lines:
        words, mark, reason = line.partition("  # ")
        if not mark or not reason.strip():
            raise ValueError(f"no reason: {line}")
        row, seed = words.split()
        found.append((row, int(seed), reason.strip()))
    return found


def again(row: str) -> Callable[[int, Path], object]:
    """How a seed of that row is tried alone."""
    if row == "R01":
        return lambda seed, folder: run_model(seed)
    if row == "R02":
        return run_server
    return next(each.row.trial for each in all_rows() if each.row.id == row)


def test_every_pinned_seed_passes(tmp_path: Path) -> None:
    for row, seed, reason in pinned(PINNED.read_text()):
        (folder := tmp_path / f"{row}-{seed}").mkdir()
        try:
            again(row)(seed, folder)
        except Exception as error:
            raise AssertionError(f"{row}, seed {seed} fails again ({reason}): {error!r}") from error


def test_a_pinned_seed_has_a_row_and_a_reason() -> None:
    assert pinned("# told\n\nR02 7  # an answer that was taken back\n") == [
        ("R02", 7, "an answer that was taken back")
    ]
    with pytest.raises(ValueError, match="no reason"):
        pinned("R02 7\n")


def test_every_row_can_try_one_seed_alone() -> None:
    assert all(callable(again(each.row.id)) for each in all_rows())
