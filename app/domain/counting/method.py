"""The shape of a way of voting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.records import Record

Choices = Mapping[str, Any]
# target id -> its factor
Targets = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Method:
    """How a ballot is checked, and what a choice is worth."""

    check: Callable[[Choices, Record, Targets], None]
    value: Callable[[Any], int]
