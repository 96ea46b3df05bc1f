"""Where websockets are blocked, a real browser comes in by polling: it sends no Origin with a GET, and needs no ticket."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.server import Server

BLOCKED = "window.WebSocket = class { constructor() { setTimeout(() => this.onerror?.({}), 50) } send() {} close() {} }"


def test_s03_a_browser_behind_a_proxy_without_websockets_sees_the_board(
    server: Server, context_for: Callable[..., BrowserContext]
) -> None:
    context = context_for("phone", locale="en-GB")
    context.add_init_script(BLOCKED)
    page = context.new_page()
    with page.expect_response(
        lambda answer: "transport=polling" in answer.url and answer.request.method == "POST"
    ) as seat:
        page.goto(server.links["participants"][7])
    assert seat.value.status == 200
    # The page knows no factor: the board came by this road.
    expect(page.get_by_role("heading", name="Leadership and Commitment")).to_be_visible()
    page.close()
