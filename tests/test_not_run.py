"""The gate of tests/conftest.py: in CI no test may quietly not run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).with_name("conftest.py")
SKIPPED = """
import pytest

def test_runs(): pass

@pytest.mark.skip(reason="no server here")
def test_waits(): pass
"""
XFAILED = "import pytest\n\n@pytest.mark.xfail\ndef test_fails(): assert False\n"
WHOLE_FILE = "import pytest\n\npytest.importorskip('no_such_module')\n"


@pytest.fixture
def session(tmp_path: Path):
    """Runs pytest on a folder with one test file and the real gate; gives its exit code and output."""

    def run(test_file: str, listed: str = "", ci: str = "true") -> tuple[int, str]:
        shutil.copy(CONFTEST, tmp_path / "conftest.py")
        (tmp_path / "test_it.py").write_text(test_file)
        (tmp_path / "not_run.txt").write_text(listed)
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            f"--rootdir={tmp_path}",
            tmp_path,
        ]
        result = subprocess.run(
            command, env={**os.environ, "CI": ci}, cwd=tmp_path, capture_output=True, text=True
        )
        return result.returncode, result.stdout

    return run


def test_a_skipped_test_fails_ci_and_is_named(session):
    code, output = session(SKIPPED)
    assert code == 1
    assert "not run: test_it.py::test_waits: no server here" in output
    assert output.rstrip().splitlines()[-1].startswith("1 passed, 1 skipped")


def test_a_skipped_test_with_a_listed_reason_passes_and_is_still_named(session):
    code, output = session(SKIPPED, "# a comment\ntest_it.py::test_wa  # the server comes in spring\n")
    assert code == 0
    assert "not run: test_it.py::test_waits: the server comes in spring" in output


def test_a_listed_test_without_a_reason_is_not_excused(session):
    assert session(SKIPPED, "test_it.py::test_waits\n")[0] == 1


def test_a_file_that_skips_itself_fails_ci(session):
    code, output = session(WHOLE_FILE)
    assert code == 1
    assert "not run: test_it.py: could not import 'no_such_module'" in output


def test_an_expected_failure_did_run(session):
    code, output = session(XFAILED)
    assert (code, "not run" in output) == (0, False)


def test_outside_ci_a_skipped_test_is_no_failure(session):
    assert session(SKIPPED, ci="")[0] == 0
