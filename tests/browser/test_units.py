"""The browser's pure modules, each test a function in `units/`, run in Chromium: no Node, no packing, no server."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Route

ROOT = Path(__file__).resolve().parents[2]
UNITS = Path(__file__).with_name("units")
ORIGIN = "http://units.invalid"
FRENCH = {
    "lang": "fr",
    "strings": {"Hello %(name)s": "Bonjour %(name)s", "%(n)s card": ["%(n)s fiche", "%(n)s fiches"]},
}
PAGE = f'<!doctype html><title>Units</title><script type="application/json" id="page">{json.dumps(FRENCH)}</script>'
TESTS = [
    (file.name, name)
    for file in sorted(UNITS.glob("*.js"))
    for name in re.findall(r"^export (?:async )?function (\w+)\(\)", file.read_text(), re.MULTILINE)
]


def from_disk(route: Route) -> None:
    path = route.request.url.removeprefix(ORIGIN)
    if path == "/":
        route.fulfill(body=PAGE, content_type="text/html")
    else:
        route.fulfill(path=ROOT / path.lstrip("/"), content_type="text/javascript")


@pytest.mark.parametrize(("file", "name"), TESTS)
def test_unit(context_for: Callable[..., BrowserContext], file: str, name: str) -> None:
    context = context_for()
    context.route(f"{ORIGIN}/**", from_disk)
    page = context.new_page()
    page.goto(f"{ORIGIN}/")
    page.evaluate(
        "async ([file, name]) => (await import(file))[name]()",
        [f"/tests/browser/units/{file}", name],
    )
