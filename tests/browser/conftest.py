"""A real Chromium against a real server, each in a process of its own.

This folder has a pytest process of its own, which nothing may patch: Playwright's synchronous API hangs in a
process that eventlet patched. The server is a child, `python wsgi.py`, known by its address and data folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.server import Server
from tools.chromium import find_or_install

# Without the background flags Chromium calls foreign hosts at its start; a closed network makes it wait.
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
VIEWPORTS = {"phone": (360, 740), "laptop": (1280, 800), "wall": (1920, 1080)}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_or_install(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that all browser tests share; a test that must break one starts its own Server."""
    running = Server(tmp_path_factory.mktemp("data"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def context_for(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """One person's device, closed after the test: `context_for("phone", locale="en-GB")`."""
    opened: list[BrowserContext] = []

    def open_context(
        device: str | tuple[int, int] = "laptop",
        *,
        locale: str = "fr-FR",
        color_scheme: str = "light",
        **more,
    ) -> BrowserContext:
        width, height = VIEWPORTS[device] if isinstance(device, str) else device
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            color_scheme=color_scheme,
            has_touch=device == "phone",
            **more,
        )
        opened.append(context)
        return context

    yield open_context
    for context in opened:
        context.close()
