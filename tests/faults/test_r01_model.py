"""R01: browsers over bad links and a model of the server. Thousands of seeds, each a few minutes of a seminar."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.faults.rows import Row, sample
from tests.faults.seeds import run_model

BATCH = 100
# What happens in any hundred seeds: boards on which nothing happens would agree too.
HAPPENS = (
    *("put cards review", "put cards published", "patch cards published", "put clusters", "put tallies"),
    *("patch rounds paused", "patch rounds published", "ballots counted", "drafts"),
    *("answer budget_spent", "answer round_over", "answer moved_meanwhile", "answer gone"),
)


def trial(batch: int, folder: Path) -> int:
    seen: Counter[str] = Counter()
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        try:
            seen += run_model(seed)
        except Exception as error:
            raise AssertionError(f"run_model({seed}): {error!r}") from error
    missing = [what for what in HAPPENS if not seen[what]]
    assert not missing, f"in {BATCH} seeds never: {', '.join(missing)}"
    return BATCH


R01 = Row("R01", pr=4_000, rel=500_000, unit="seeds", trial=trial)


@pytest.mark.timeout(900)
def test_r01_browsers_and_a_model_of_the_server_agree(tmp_path: Path) -> None:
    sample(R01, tmp_path)
