"""The replay in a browser: by keyboard, by slider and by itself; on a phone, and from the wall and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.client import Client, card, op
from tests.server import Server

HARMFUL = "Un nom et une accusation"


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A board with an opened round, a group, and one action that was held after it had been shown."""
    server = Server(tmp_path_factory.mktemp("replay"))
    server.start()
    people = [Client(link).connect() for link in server.links["participants"][:9]]
    chair = Client(server.links["facilitator"]).connect()
    chair.command("start", "B5")  # everybody writes under every factor but their own table's
    for number, person in enumerate(people):
        person.wait(lambda person=person: person.round("B5")["state"] == "running")
        words = HARMFUL if number == 1 else f"Action {number}"
        person.send(op("card.post", **card(person.round("B5"), "F04", words)))
    chair.command("close", "B5")
    chair.wait(lambda: len(chair.replica.all("cards")) > 4)
    shown = {c["text"]: c for c in chair.replica.all("cards")}
    ticked = [{"card": c["id"], "seen": None} for text, c in shown.items() if text != HARMFUL][:3]
    chair.send(op("cluster.make", factor="F04", name="Brancher les guichets", cards=ticked))
    chair.send(op("card.hold", card=shown[HARMFUL]["id"], reason="accuse une personne"))
    for client in (*people, chair):
        client.close()
    yield server
    server.stop()


def replay(page: Page, link: str) -> None:
    page.goto(link)
    seat = re.match(r".*/b/[^/]+/", page.url)
    assert seat
    page.goto(f"{seat[0]}replay")
    expect(page.locator(".replay-place")).to_have_text(re.compile(r"1 .+ \d+"))


def place(page: Page) -> tuple[int, int]:
    at, of = re.findall(r"\d+", page.locator(".replay-place").inner_text())[:2]
    return int(at), int(of)


def test_the_keys_lead_through_the_story_and_what_was_held_is_nowhere(
    held: Server, context_for: Callable[..., BrowserContext]
) -> None:
    page = context_for("laptop", locale="en-GB").new_page()
    answers: list[str] = []
    page.on("response", lambda answer: answers.append(answer.text()) if "steps.json" in answer.url else None)
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    replay(page, held.links["participants"][20])
    sockets.clear()  # the board's own, on the way here
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("The board at the beginning")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", level=1)).to_contain_text("begins")
    page.keyboard.press("End")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 new group, 3 actions moved")
    expect(page.locator(".cluster.replay-new")).to_contain_text("Brancher les guichets")
    assert place(page)[0] == place(page)[1]
    # Backwards the group is gone again, and its actions lie alone.
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".cluster")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_contain_text("is opened")
    expect(page.locator(".replay-cards .card").first).to_be_visible()
    page.keyboard.press("Home")
    expect(page.locator(".replay-cards .card")).to_have_count(0)
    page.keyboard.press("PageDown")
    expect(page.get_by_role("heading", level=1)).to_contain_text("begins")
    assert not sockets, "the replay moves by its steps alone"
    assert answers and not any(HARMFUL in text for text in answers)


def test_it_plays_by_itself_and_the_slider_goes_anywhere(
    held: Server, context_for: Callable[..., BrowserContext]
) -> None:
    page = context_for("phone", locale="fr-FR", color_scheme="dark").new_page()
    replay(page, held.links["participants"][21])
    page.get_by_label("Vitesse").select_option("4")
    page.get_by_role("button", name="Lire").click()
    expect(page.locator(".replay-place")).not_to_have_text(re.compile(r"^1 "), timeout=10_000)
    page.get_by_role("button", name="Pause").click()
    slider = page.get_by_label("Étape", exact=True)
    slider.fill(slider.get_attribute("max") or "0")
    expect(page.get_by_role("heading", level=1)).to_contain_text("nouveau groupe")
    assert "nouveau groupe" in (slider.get_attribute("aria-valuetext") or "")
    rounds = page.get_by_label("Aller à une séquence")
    rounds.select_option(index=0)
    expect(page.get_by_role("heading", level=1)).to_contain_text("commence")
    # A factor that somebody wants to see, whatever the step is about.
    page.locator(".replay-tabs .tab").nth(6).click()
    expect(page.locator(".replay-factor")).to_contain_text("Code de conduite")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
    assert not [v["id"] for v in Axe().run(page).response["violations"]]


def test_the_wall_leads_to_it_and_back(held: Server, context_for: Callable[..., BrowserContext]) -> None:
    page = context_for("wall", locale="fr-FR").new_page()
    page.goto(held.links["wall"])
    expect(page.locator("#wall-scene")).not_to_contain_text("Connexion", timeout=15_000)
    page.keyboard.press("r")
    expect(page.locator("body.replay-large .replay-title")).to_have_text("Le tableau au début")
    page.keyboard.press("End")
    expect(page.locator(".cluster")).to_contain_text("Brancher les guichets")
    page.get_by_role("link", name="Retour").click()
    expect(page.locator("body.wall")).to_be_visible()


def test_a_weak_link_is_told_and_tried_again(
    held: Server, context_for: Callable[..., BrowserContext]
) -> None:
    page = context_for("laptop", locale="en-GB").new_page()
    page.goto(held.links["participants"][22])
    page.route("**/steps.json*", lambda route: route.abort())
    page.goto(re.match(r".*/b/[^/]+/", page.url)[0] + "replay")  # type: ignore[index]
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    page.unroute("**/steps.json*")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".replay-place")).to_be_visible()
