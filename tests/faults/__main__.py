"""`make faults MINUTES=n [ONLY="R01 R04"]`: goes round the rows until the time is used, and tells done / required.

Continues from the ledger in var/faults.json. The row that had the least time is next, of several the one that is furthest
from what a release needs; one that has reached it waits until all have. Ends with an error when a row failed, or, in CI, did
not run without an excuse in tests/not_run.txt.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.conftest import LISTED, excuse_for, excuses
from tests.faults.rows import LEDGER, Found, Ledger, Row, all_rows
from tests.not_run import NotRun

# The soak is one trial: of an hour it gets five minutes at a time.
SOAKS = 12


class Campaign:
    """One run over some rows, on one ledger."""

    def __init__(self, found: list[Found], ledger: Ledger) -> None:
        self.found, self.ledger = found, ledger
        self.spent = {each.row.id: 0.0 for each in found}
        self.not_run: dict[str, str] = {}

    def run(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        for each in self.found:
            if failed := [int(seed) for seed in self.ledger.of(each.row).failed]:
                self._try(each.row, failed)
        while time.monotonic() < end and (row := self._next()):
            account = self.ledger.of(row)
            seeds = range(account.next_seed, account.next_seed + row.lanes)
            account.next_seed = seeds.stop
            self._try(row, seeds)
            self.ledger.save()

    def _next(self) -> Row | None:
        able = [each.row for each in self.found if each.row.id not in self.not_run]
        short = [row for row in able if self.ledger.of(row).done < row.rel]
        return min(short or able, key=lambda row: (self.spent[row.id], self._share(row)), default=None)

    def _share(self, row: Row) -> float:
        return self.ledger.of(row).done / row.rel

    def _try(self, row: Row, seeds: Sequence[int]) -> None:
        """What became of the seeds stands in the ledger afterwards."""
        account, start = self.ledger.of(row), time.monotonic()
        with tempfile.TemporaryDirectory(prefix="palabre-faults-") as folder:
            for seed, outcome in row.try_seeds(seeds, Path(folder)):
                if isinstance(outcome, NotRun):
                    self.not_run[row.id] = str(outcome)
                elif isinstance(outcome, AssertionError):
                    account.failed[str(seed)] = str(outcome)
                    print(f"FAILED {outcome}", flush=True)
                else:
                    account.done += outcome
                    if account.failed.pop(str(seed), None):
                        account.mended.append(str(seed))
        self.spent[row.id] += time.monotonic() - start

    def tell(self) -> bool:
        """Print the table; returns whether all is well."""
        well, excused = True, excuses(LISTED.read_text())
        for each in self.found:
            row, account = each.row, self.ledger.of(each.row)
            line = f"{row.id}  {account.done} / {row.rel} {row.unit}"
            if row.id in self.not_run:
                line += f"  not run: {self.not_run[row.id]}"
                well &= os.environ.get("CI") != "true" or excuse_for(each.node, excused) is not None
            if account.failed:
                line += f"  FAILED with seeds {', '.join(account.failed)}"
                well = False
            print(line)
        return well


def main() -> int:
    parser = argparse.ArgumentParser(prog="make faults", description="Go on with the fault table.")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("only", nargs="*", metavar="R01", help="rows; all when none is named")
    arguments = parser.parse_args()
    os.environ.setdefault("PALABRE_SOAK_MINUTES", str(arguments.minutes / SOAKS))
    found = all_rows()
    if unknown := set(arguments.only) - {each.row.id for each in found}:
        parser.error(f"no row {', '.join(sorted(unknown))}")
    chosen = [each for each in found if not arguments.only or each.row.id in arguments.only]
    campaign = Campaign(chosen, Ledger(LEDGER))
    try:
        campaign.run(60 * arguments.minutes)
    except KeyboardInterrupt:
        print("stopped")
    finally:
        campaign.ledger.save()
    return 0 if campaign.tell() else 1


if __name__ == "__main__":
    sys.exit(main())
