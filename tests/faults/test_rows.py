"""The harness itself: a row that fails, cannot run or does nothing is never told as passed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import __main__ as command
from tests.faults import rows
from tests.faults.rows import Found, Ledger, Row, all_rows, sample
from tests.not_run import NotRun


@pytest.fixture(autouse=True)
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "ledger" / "faults.json"
    monkeypatch.setattr(rows, "LEDGER", path)
    monkeypatch.setenv(rows.SEED, "10")
    monkeypatch.delenv("CI", raising=False)
    return path


def row(trial, pr: int = 3, **more: int) -> Row:
    return Row("R99", pr, 5, "trials", trial, **more)


def fails_at_12(seed: int, folder: Path) -> None:
    assert seed != 12, "the twelfth"


def cannot(seed: int, folder: Path) -> None:
    raise NotRun("no such device")


def campaign(trial, path: Path) -> command.Campaign:
    return command.Campaign([Found(row(trial), "tests/faults/test_r99.py::test_r99_x")], Ledger(path))


def test_a_sample_does_what_it_was_asked_with_other_seeds_each_time(tmp_path, capsys):
    seen = []
    sample(row(lambda seed, folder: seen.append((seed, folder.is_dir()))), tmp_path)
    assert seen == [(10, True), (11, True), (12, True)]
    assert "R99: 3 / 3 trials" in capsys.readouterr().out


def test_a_batch_counts_as_many_as_it_says(tmp_path):
    seen = []
    sample(row(lambda seed, folder: seen.append(seed) or 2, batch=2), tmp_path)
    assert seen == [10, 11]


def test_a_failing_seed_fails_the_test_and_is_written_down(tmp_path, ledger):
    with pytest.raises(AssertionError, match="R99, seed 12"):
        sample(row(fails_at_12), tmp_path)
    assert "the twelfth" in Ledger(ledger).accounts["R99"].failed["12"]


def test_a_crash_of_a_trial_is_a_failure_too(tmp_path):
    with pytest.raises(AssertionError, match="KeyError"):
        sample(row(lambda seed, folder: {}["missing"]), tmp_path)


def test_a_trial_that_does_nothing_is_a_failure(tmp_path):
    with pytest.raises(AssertionError, match="did nothing"):
        sample(row(lambda seed, folder: 0), tmp_path)


def test_what_cannot_run_is_skipped_with_its_reason(tmp_path):
    with pytest.raises(pytest.skip.Exception, match="R99 not run: no such device"):
        sample(row(cannot), tmp_path)


def test_a_campaign_goes_on_from_the_ledger(ledger, capsys):
    def goes_well(seed: int, folder: Path) -> None:
        seen.append(seed)
        if len(seen) % 3 == 0:
            raise KeyboardInterrupt

    seen: list[int] = []
    for _ in range(2):
        going = campaign(goes_well, ledger)
        with pytest.raises(KeyboardInterrupt):
            going.run(60)
        going.ledger.save()
    assert len(seen) == len(set(seen)) == 6
    assert going.tell()
    assert "R99  4 / 5 trials" in capsys.readouterr().out


def test_a_failing_seed_is_tried_first_and_stays_until_it_passes(ledger, capsys):
    with Ledger.open(ledger) as kept:
        kept.of(row(fails_at_12)).failed["12"] = "the twelfth"
    going = campaign(fails_at_12, ledger)
    going.run(0)
    assert not going.tell()
    assert "FAILED with seeds 12" in capsys.readouterr().out
    going = campaign(lambda seed, folder: None, ledger)
    going.run(0)
    assert going.tell()
    assert going.ledger.accounts["R99"].mended == ["12"]


@pytest.mark.parametrize(("ci", "well"), [("", True), ("true", False)])
def test_in_ci_a_row_that_did_not_run_needs_an_excuse(ledger, monkeypatch, capsys, ci, well):
    monkeypatch.setenv("CI", ci)
    going = campaign(cannot, ledger)
    going.run(1)
    assert going.tell() is well
    assert "R99  0 / 5 trials  not run: no such device" in capsys.readouterr().out


def test_every_row_is_sampled_by_a_test_of_its_name():
    found = all_rows()
    assert found
    for each in found:
        assert f"::test_{each.row.id.lower()}_" in each.node
        assert 0 < each.row.pr <= each.row.rel
