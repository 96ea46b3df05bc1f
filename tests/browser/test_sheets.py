"""Two people fill one action sheet: what each types is kept, and neither overwrites the other unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.client import Client, card, op
from tests.server import Server


@pytest.fixture
def chosen(tmp_path: Path) -> Iterator[Server]:
    """A server whose board has published actions under Automation, and a sheet round that runs."""
    server = Server(tmp_path)
    server.start()
    people = [Client(link).connect() for link in server.links["participants"][:9]]
    chair = Client(server.links["facilitator"]).connect()
    chair.command("start", "B5")  # everybody writes under every factor
    for number, person in enumerate(people, 1):
        person.wait(lambda person=person: person.round("B5")["state"] == "running")
        # Whoever sits at Automation's own table wrote there before, and is refused here.
        person.send(op("card.post", **card(person.round("B5"), "F04", f"Brancher le guichet {number}")))
    chair.command("close", "B5")
    chair.command("start", "G1")
    for client in (*people, chair):
        client.close()
    yield server
    server.stop()


def fill(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).fill(text)
    page.get_by_label(label, exact=True).press("Tab")


def test_two_people_fill_one_sheet_and_both_texts_are_shown_where_they_differ(
    chosen: Server, context_for: Callable[..., BrowserContext]
) -> None:
    chair = context_for("laptop", locale="en-GB").new_page()
    chair.goto(chosen.links["facilitator"])
    chair.locator("summary", has_text="Other pages").click()
    chair.get_by_role("link", name="Action sheets").click()
    chair.get_by_role("button", name="New sheets").click()
    for box in chair.get_by_role("dialog").get_by_role("checkbox").all()[:2]:
        box.check()
    chair.get_by_role("button", name="Open the sheets").click()
    expect(chair.locator(".sheet-row")).to_have_count(2)
    chair.locator(".sheet-row").first.click()
    chair.get_by_label("Implement").check()

    scribe = context_for("phone", locale="fr-FR").new_page()
    scribe.goto(chosen.links["rapporteur"])
    scribe.get_by_role("link", name="Fiches action").click()
    scribe.locator(".sheet-row").first.click()
    fill(scribe, "Qui pilote", "Direction des systèmes d’information")
    expect(chair.get_by_label("Who leads", exact=True)).to_have_value("Direction des systèmes d’information")

    # Both write in one field before either is heard.
    scribe.context.set_offline(True)
    fill(scribe, "Premier pas", "Acheter des lecteurs")
    fill(chair, "First step", "Choose two offices")
    expect(chair.get_by_text("Kept on this device")).to_have_count(0)
    scribe.context.set_offline(False)
    expect(scribe.get_by_text("Choose two offices")).to_be_visible(timeout=40_000)
    expect(scribe.get_by_label("Premier pas", exact=True)).to_have_value("Acheter des lecteurs")
    assert not [v["id"] for v in Axe().run(scribe).response["violations"]]
    scribe.get_by_role("button", name="Garder le mien").click()
    expect(chair.get_by_label("First step", exact=True)).to_have_value("Acheter des lecteurs")

    # What is typed and not yet sent survives the page.
    scribe.context.set_offline(True)
    fill(scribe, "Indicateur", "Part des paiements sans espèces")
    scribe.context.set_offline(False)
    scribe.reload()
    expect(chair.get_by_label("Indicator", exact=True)).to_have_value(
        "Part des paiements sans espèces", timeout=40_000
    )

    # Frozen, it is read and not written; the strategy's axes show what nobody proposed.
    chair.get_by_role("button", name="Freeze as version 1").click()
    expect(scribe.get_by_text("Version 1, figée")).to_be_visible()
    expect(scribe.get_by_label("Premier pas", exact=True)).to_have_count(0)

    # On a phone the desk's list leads down to the thing, and the thing back up to the list.
    scribe.get_by_role("button", name="Bureau du rapporteur").click()
    scribe.locator(".desk-row").nth(1).click()
    expect(scribe.locator("#desk-title")).to_be_focused()
    expect(scribe.locator("#desk-title")).to_be_in_viewport()
    scribe.get_by_role("button", name="Retour à la liste").click()
    expect(scribe.locator(".desk-row").nth(1)).to_be_focused()

    chair.get_by_role("button", name="All sheets").first.click()
    chair.get_by_role("button", name="Strategy axes").click()
    chair.get_by_role("textbox").fill("1. Trade facilitation\n2. Ethical leadership")
    chair.get_by_role("button", name="Keep", exact=True).click()
    chair.get_by_role("button", name="Coverage").click()
    expect(chair.get_by_role("columnheader", name="2. Ethical leadership")).to_be_visible()
    assert not [v["id"] for v in Axe().run(chair).response["violations"]]
