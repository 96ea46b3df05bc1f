"""R01: browsers over bad links and a model of the server. Thousands of seeds, each a few minutes of a seminar."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.faults.rows import Row, sample
from tests.faults.seeds import run_model

BATCH = 400
# What happens in any batch, for boards on which nothing happens would agree too. The rarest of them happen in one seed of
# twenty-four: that a batch lacks one by chance, thirty times in a billion.
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
    missing = [one for one in HAPPENS if not seen[one]]
    assert not missing, f"in {BATCH} seeds never: {', '.join(missing)}"
    return BATCH


R01 = Row("R01", pr=10_000, rel=500_000, unit="seeds", trial=trial, batch=BATCH, lanes=2)


def test_r01_browsers_and_a_model_of_the_server_agree(tmp_path: Path) -> None:
    sample(R01, tmp_path)
