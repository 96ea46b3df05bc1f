"""What this machine cannot do: the test then says "not run", and tests/not_run.txt is asked whether CI lets that pass."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest


class NotRun(Exception):
    """This machine cannot do what a test asks, and why: never to be told as a success."""


@contextmanager
def or_skip() -> Iterator[None]:
    """Around what may not be possible here, in a test or a fixture."""
    try:
        yield
    except NotRun as reason:
        pytest.skip(f"not run: {reason}")
