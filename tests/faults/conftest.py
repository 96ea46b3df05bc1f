"""A row's sample is many trials in one test: on a machine that others use, five minutes are too few for it."""

from __future__ import annotations

from pathlib import Path

import pytest

LONGEST_S = 900


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent) and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(LONGEST_S))
