"""The seminar, played once for all that look at it."""

from __future__ import annotations

import pytest

from tests.niamey.script import two_days
from tests.niamey.seminar import Seminar


@pytest.fixture(scope="session")
def seminar(tmp_path_factory: pytest.TempPathFactory) -> Seminar:
    held = Seminar(tmp_path_factory.mktemp("niamey"))
    two_days(held)
    return held
