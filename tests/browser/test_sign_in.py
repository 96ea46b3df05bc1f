"""An expert's two days with two devices: a passphrase beside the link, another device, a renewed tab, and out everywhere."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.server import Server

NAME, WORDS = "Moussa B.", "quatre pirogues sur le fleuve"


def test_s25_s26_a_passphrase_opens_another_device_and_signing_out_closes_every_tab(
    server: Server, context_for: Callable[..., BrowserContext]
) -> None:
    laptop, phone = context_for("laptop", locale="en-GB"), context_for("phone", locale="en-GB")
    board = laptop.new_page()
    board.goto(server.links["expert"])
    expect(board.locator("#board-head h1")).to_be_visible()

    # In a second tab: name and passphrase, read back before they are sent.
    tab = laptop.new_page()
    tab.goto(f"{board.url.rstrip('/')}/account")
    tab.get_by_label("Sign-in name").fill(NAME)
    tab.get_by_label("Passphrase", exact=True).fill("too short")
    tab.get_by_role("button", name="Keep this passphrase").click()
    expect(tab.get_by_role("alert")).to_contain_text("At least 15")
    expect(tab.get_by_label("Sign-in name")).to_have_value(NAME)
    field = tab.get_by_label("Passphrase", exact=True)
    field.fill(WORDS)
    tab.get_by_role("button", name="Show").click()
    expect(field).to_have_attribute("type", "text")
    tab.get_by_role("button", name="Keep this passphrase").click()
    expect(tab.get_by_text("From now on you can sign in")).to_be_visible()

    # The first tab had to connect again with the new token, and did so by itself.
    expect(board.locator(".banner-danger")).to_have_count(0)
    board.wait_for_function("document.querySelector('#board-urgent .banner') === null", timeout=20_000)

    # On the phone: a wrong passphrase keeps the name; the right one shows the seats.
    mobile = phone.new_page()
    mobile.goto(server.url)
    mobile.get_by_role("link", name="Sign in with your passphrase").click()
    mobile.get_by_label("Sign-in name").fill("moussa b.")
    mobile.get_by_label("Passphrase").fill("une autre phrase de passe")
    mobile.get_by_label("Passphrase").press("Enter")
    expect(mobile.get_by_role("alert")).to_contain_text("do not belong together")
    expect(mobile.get_by_label("Passphrase")).to_be_focused()
    expect(mobile.get_by_label("Sign-in name")).to_have_value("moussa b.")
    mobile.get_by_label("Passphrase").fill(WORDS)
    mobile.get_by_role("button", name="Sign in").click()
    mobile.get_by_role("button", name="Enter").click()
    expect(mobile.locator("#board-head h1")).to_be_visible()

    # Out everywhere: the tab beside it and the other device are told at once.
    tab.get_by_role("link", name="My seats and my passphrase").click()
    tab.get_by_role("button", name="Sign out everywhere").click()
    expect(tab.get_by_text("You are signed out on every device.")).to_be_visible()
    for page in (board, mobile):
        expect(page.get_by_text("This seat is no longer open on this device.")).to_be_visible(timeout=5000)
    mobile.reload()
    expect(mobile.get_by_role("heading", name="Nothing here")).to_be_visible()
