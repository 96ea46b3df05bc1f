"""A plugin of pytest's for test_rows.py: prints every test that would run, and on which store it would."""

from __future__ import annotations

import pytest

EMBEDDED, SERVERS = "embedded", "PostgreSQL"
# Who asks for servers must say what becomes of a machine without them.
WITHOUT = "or_skip"


def store_of(item: pytest.Item) -> str:
    """Of its parameters, its fixtures and its own code: whichever names a server first."""
    parameters = [str(value) for value in getattr(getattr(item, "callspec", None), "params", {}).values()]
    if "postgresql" in parameters:
        return SERVERS
    if "sqlite" in parameters:
        return EMBEDDED
    function = item.function  # type: ignore[attr-defined]
    fixtures = item._fixtureinfo.name2fixturedefs.values()  # type: ignore[attr-defined]
    codes = [one.func.__code__ for several in fixtures for one in several]
    has_fixture = any(WITHOUT in code.co_names for code in codes)
    # A row of faults that runs a cluster, or a test that starts one itself.
    own = {"Cluster", "sample"} & set(function.__code__.co_names) and "Cluster" in function.__globals__
    return SERVERS if has_fixture or own else EMBEDDED


def pytest_collection_finish(session: pytest.Session) -> None:
    for item in session.items:
        print(f"TEST\t{store_of(item)}\t{item.nodeid}")
