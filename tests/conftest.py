"""The gate against tests that quietly do not run: in CI, a skipped test needs a reason in tests/not_run.txt.

Nothing of the application may be imported here: folders that need it have a conftest.py of their own. An
expected failure (xfail) did run, and is not held back.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The machine is shared: an example that took long is no failure. All else as Hypothesis has it, here and in CI.
settings.register_profile("shared", settings(), deadline=None)
settings.load_profile("shared")

LISTED = Path(__file__).with_name("not_run.txt")


def excuses(text: str) -> dict[str, str]:
    """Node id or its beginning -> reason, from lines of the form `tests/test_x.py::test_y  # reason`."""
    pairs = (line.partition("  # ") for line in text.splitlines() if not line.startswith("#"))
    return {node.strip(): reason.strip() for node, _, reason in pairs if node.strip() and reason.strip()}


def excuse_for(node: str, listed: dict[str, str]) -> str | None:
    return next((reason for beginning, reason in listed.items() if node.startswith(beginning)), None)


class Gate:
    """Collects what did not run, tells it at the end, and fails the session for what is not excused."""

    def __init__(self, listed: dict[str, str]) -> None:
        self.listed = listed
        self.not_run: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self.not_run[report.nodeid] = why(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:  # a whole file: pytest.importorskip, or skip(allow_module_level=True)
            self.not_run[report.nodeid] = why(report)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        unexcused = any(excuse_for(node, self.listed) is None for node in self.not_run)
        if unexcused and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for node, reason in self.not_run.items():
            excuse = excuse_for(node, self.listed)
            terminalreporter.write_line(f"not run: {node}: {excuse or reason}")
            if excuse is None:
                terminalreporter.write_line(
                    "  so CI fails: run it, or list it with a reason in tests/not_run.txt"
                )


def why(report: pytest.TestReport | pytest.CollectReport) -> str:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return reason.removeprefix("Skipped: ")


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("CI") == "true":
        config.pluginmanager.register(Gate(excuses(LISTED.read_text())))
