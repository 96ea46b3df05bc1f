"""The kit in real browsers: a phone measures its network, the projector its picture, the console tells a failed backup."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from app.safekeeping import STATUS
from tests.server import Server

# Each page measures with a dozen requests first.
PATIENCE_MS = 30_000

BLOCKED = "window.WebSocket = class { constructor() { setTimeout(() => this.onerror?.({}), 50) } send() {} close() {} }"


def kit(server: Server, context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto(server.links["administrator"])
    page.goto(re.sub(r"/people.*", "/selftest", page.url))
    return page


def address_for_phones(page: Page) -> str:
    found = re.search(r"http://\S+/kit/[0-9a-f]+/phone", page.inner_text("main"))
    assert found
    return found[0]


def test_a_phone_measures_and_the_administrator_reads_it_without_loading_again(
    server: Server, context_for: Callable[..., BrowserContext]
) -> None:
    admin = kit(server, context_for("laptop", locale="en-GB"))
    expect(admin.get_by_text("The clock of your browser and the server’s are")).to_be_visible(
        timeout=PATIENCE_MS
    )
    phone = context_for("phone", locale="fr-FR").new_page()
    phone.goto(address_for_phones(admin))
    expect(phone.get_by_text(re.compile("les liaisons en direct s’ouvrent"))).to_be_visible(
        timeout=PATIENCE_MS
    )
    expect(admin.get_by_text(re.compile("live connections open: 44 phones"))).to_be_visible(
        timeout=PATIENCE_MS
    )
    phone.get_by_role("button", name="Mesurer de nouveau").click()
    expect(admin.get_by_text(re.compile("live connections open: 44 phones"))).to_have_count(
        2, timeout=PATIENCE_MS
    )


def test_a_network_that_blocks_live_connections_is_told(
    server: Server, context_for: Callable[..., BrowserContext]
) -> None:
    admin = kit(server, context_for("laptop", locale="en-GB"))
    context = context_for("phone", locale="en-GB")
    context.add_init_script(BLOCKED)
    phone = context.new_page()
    phone.goto(address_for_phones(admin))
    expect(phone.get_by_text("this network blocks live connections")).to_be_visible(timeout=PATIENCE_MS)


def test_the_picture_goes_with_its_size(server: Server, context_for: Callable[..., BrowserContext]) -> None:
    admin = kit(server, context_for("laptop", locale="en-GB"))
    wall = context_for("wall", locale="en-GB").new_page()
    wall.goto(address_for_phones(admin).replace("/phone", "/projector"))
    expect(wall.get_by_text("1920 × 1080")).to_be_visible()
    assert wall.locator(".picture-words").evaluate("words => getComputedStyle(words).fontSize") == "24px"
    wall.get_by_role("group", name="From the last row").get_by_text("yes").click()
    wall.get_by_role("group", name="Do you see all four").get_by_text("yes").click()
    wall.get_by_role("group", name="How many of the five").get_by_text("5", exact=True).click()
    wall.get_by_role("button", name="Say it").click()
    expect(wall.get_by_text("The test picture (1920 by 1080) can be read from the back")).to_be_visible()
    expect(admin.get_by_text("The test picture (1920 by 1080) can be read from the back")).to_be_visible()
    # A projector of 1280 by 800 has the answers on its one screen, and a phone has no sideways scroll.
    wall.goto(wall.url)
    wall.set_viewport_size({"width": 1280, "height": 800})
    expect(wall.get_by_role("button", name="Say it")).to_be_in_viewport(ratio=1)
    wall.set_viewport_size({"width": 360, "height": 740})
    assert wall.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_failed_backup_stands_in_red_until_one_is_made(
    server: Server, context_for: Callable[..., BrowserContext]
) -> None:
    console = context_for("laptop", locale="en-GB").new_page()
    console.goto(server.links["facilitator"])
    failed = {"state": "failed", "code": "gone", "at_ms": time.time_ns() // 1_000_000, "path": ""}
    (server.data / STATUS).write_text(json.dumps(failed))
    banner = console.get_by_role("alert").filter(has_text="The backup of")
    expect(banner).to_contain_text("was pulled out. Plug it in again")
    banner.get_by_role("button", name="Try again").click()
    expect(banner).to_have_count(0, timeout=PATIENCE_MS)
    console.goto(re.sub(r"/console.*", "/backups/", console.url))
    until = time.monotonic() + 30
    while not console.get_by_text("The last one was made on").is_visible():
        assert time.monotonic() < until
        console.reload()
