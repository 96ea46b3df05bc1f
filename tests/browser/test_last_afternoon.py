"""The last afternoon of the seminar from the desks alone, G1 to G8; and, a year later, the workshop that follows it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.test_votes import legible
from tests.client import Client, card
from tests.server import Server
from tests.workshops import people

TABLE, FACTOR = "T1", "F01"  # the first scribe's table, and a factor of it
SEATS = 12
ACTIONS = ("Payer les droits par téléphone", "Suivre les transits par balise")
NEW_TITLE = "Payer les droits par téléphone, deux bureaux d’abord"
REMARK, TRANSLATED = "Kyoto, standard 7.3.", "Kyoto, norme 7.3."
RESERVE = "Pas avant la formation des agents"
SAID = "La salle demande un bureau pilote à Zinder."
AMENDED = "Deux bureaux raccordés commencent, les autres suivent."


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("afternoon"))
    running.start()
    yield running
    running.stop()


class Seats:
    """Those whose screens are not looked at; two of the people have phones in the browser."""

    def __init__(self, server: Server) -> None:
        self.all = [Client(link).connect() for link in server.links["participants"][2 : 2 + SEATS]]
        self.chair = Client(server.links["facilitator"]).connect()

    def vote(self, round_id: str, choices: Callable[[int], dict[str, object]]) -> None:
        for number, seat in enumerate(self.all):
            seat.wait(lambda seat=seat: seat.round(round_id)["state"] == "running")
            epoch = seat.round(round_id)["epoch"]
            seat.do("ballot.cast", round=round_id, epoch=epoch, revision=1, choices=choices(number))

    def close(self) -> None:
        for client in (*self.all, self.chair):
            client.close()


@pytest.fixture
def seats(server: Server) -> Iterator[Seats]:
    """Two days shortly: an assessment of the factors, and two actions, in no group."""
    seats = Seats(server)
    chair = seats.chair
    chair.command("start", "A5")
    seats.vote("A5", lambda n: {f"F{factor:02}": 1 + (n + factor) % 4 for factor in range(1, 11)})
    chair.command("close", "A5")
    chair.command("publish", "A5")
    chair.command("start", "B5")
    away = [seat for seat in seats.all if (seat.welcome or {})["you"]["table"] != TABLE]
    # Nothing is shown of fewer than five.
    for number, text in enumerate((*ACTIONS, "Ouvrir un guichet", "Former les chefs", "Publier les délais")):
        away[number].wait(lambda n=number: away[n].round("B5")["state"] == "running")
        away[number].do("card.post", **card(away[number].round("B5"), FACTOR, text))
    chair.command("close", "B5")
    yield seats
    seats.close()


def stage(page: Page) -> Locator:
    return page.get_by_role("region", name="The round")


def press(console: Page, name: str) -> None:
    stage(console).get_by_role("button", name=re.compile(f"^{name}")).click()


def start(console: Page, name: str, *, certain: bool = False) -> None:
    """Choose a round in the agenda and start it."""
    console.get_by_role("navigation", name="Agenda").get_by_role("button", name=name).click()
    press(console, "Start")
    if certain:
        console.get_by_role("dialog").get_by_role("button", name="Open the vote").click()
    expect(stage(console).get_by_role("button", name="Pause")).to_be_visible()


def publish(console: Page) -> None:
    press(console, "Close the vote")
    press(console, "Count and publish")
    console.get_by_role("dialog").get_by_role("button", name="Count and publish").click()
    expect(stage(console).get_by_text("Published").first).to_be_visible()


def sheets_of(page: Page, link: str) -> None:
    """By the person's own link to the sheets: what they find on their first page."""
    page.goto(link)
    page.get_by_role("link", name=re.compile("Fiches action|Action sheets")).click()


def fill(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).fill(text)
    page.get_by_label(label, exact=True).press("Tab")


def accessible(page: Page, what: str) -> None:
    found = Axe().run(page).response["violations"]
    assert not [(what, v["id"], [node["target"] for node in v["nodes"]][:3]) for v in found]
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"
    assert page.evaluate(wide), what


def test_the_last_afternoon_from_the_desks_and_the_workshop_that_follows(
    server: Server, seats: Seats, context_for: Callable[..., BrowserContext]
) -> None:
    links = server.links
    console = context_for("laptop", locale="en-GB").new_page()
    rapporteur = context_for("laptop", locale="en-GB").new_page()
    expert = context_for("laptop", locale="en-GB").new_page()
    scribe = context_for((768, 1024), locale="fr-FR").new_page()
    phones = [context_for("phone", locale="en-GB").new_page() for _ in range(2)]
    wall = context_for("wall", locale="fr-FR").new_page()
    console.goto(links["facilitator"])
    wall.goto(links["wall"])
    for phone, link in zip(phones, links["participants"], strict=False):
        phone.goto(link)
    g1_fill_the_sheets(console, scribe, links["scribe"])
    g2_rest(console)
    g3_report_back(console, rapporteur, expert, phones, links)
    translate(rapporteur, wall)
    press(console, "Finish")
    g4_consent(console, phones, seats)
    g5_handle_the_reserves(console, rapporteur)
    g6_read_the_conclusions(console, rapporteur, wall)
    g7_close(console)
    g8_evaluate_and_take_the_files(console, phones, seats)
    found_a_follow_up(console, context_for, seats)


def g1_fill_the_sheets(console: Page, scribe: Page, link: str) -> None:
    """The facilitator opens a sheet for each action; the table's scribe says what becomes of them."""
    start(console, "Action sheets per table")
    console.locator("summary", has_text="Other pages").click()
    for name, path in (("Report", "report/"), ("Close records", "closings/"), ("Replay", "replay")):
        expect(console.get_by_role("link", name=name, exact=True)).to_have_attribute(
            "href", re.compile(f"/{path}$")
        )
    with console.context.expect_page() as opened:
        console.get_by_role("link", name="Action sheets").click(modifiers=["Control"])
    desk = opened.value
    for number, action in enumerate(ACTIONS, 1):
        desk.get_by_role("button", name="New sheets").click()
        desk.get_by_role("dialog").get_by_role("checkbox", name=action).check()
        desk.get_by_role("button", name="Open the sheets").click()
        expect(desk.locator(".sheet-row")).to_have_count(number)
    desk.close()
    sheets_of(scribe, link)
    scribe.locator(".sheet-row", has_text=ACTIONS[0]).click()
    scribe.get_by_label("Mettre en œuvre").check()
    for label, text in (
        ("Qui pilote", "Direction des systèmes d’information"),
        ("Partenaire externe", "Opérateurs de téléphonie"),
        ("Premier pas", "Choisir deux bureaux raccordés"),
        ("Commence le", "2021-01-04"),
        ("Échéance", "2021-09-30"),
        ("Indicateur", "Part des droits payés par téléphone"),
        ("Situation de départ", "0 %"),
        ("Cible", "30 %"),
        ("Moyens", "Deux agents et une convention"),
        ("Risque", "Pannes de réseau"),
    ):
        fill(scribe, label, text)
    expect(scribe.get_by_text("moyen terme")).to_be_visible()
    expect(scribe.get_by_text("Gardé sur cet appareil")).to_have_count(0)
    scribe.get_by_role("button", name="Toutes les fiches").first.click()
    scribe.locator(".sheet-row", has_text=ACTIONS[1]).click()
    scribe.get_by_label("Approfondir").check()
    fill(scribe, "Ce qu’il faut éclaircir", "Quelles balises, à quel coût ?")
    fill(scribe, "Qui pilote", "Service du transit")
    fill(scribe, "Échéance", "2021-03-31")
    scribe.get_by_role("button", name="Toutes les fiches").first.click()
    expect(scribe.get_by_text("complète", exact=True)).to_have_count(2)
    accessible(scribe, "the list of sheets")
    press(console, "Finish")


def g2_rest(console: Page) -> None:
    press(console, "Next:")
    press(console, "Start")
    press(console, "Finish")


def g3_report_back(
    console: Page, rapporteur: Page, expert: Page, phones: list[Page], links: dict[str, str]
) -> None:
    """The rapporteur notes by keyboard alone what is said; the expert comments; a participant does too, without a name."""
    start(console, "Report back of sheets")
    sheets_of(rapporteur, links["rapporteur"])
    rapporteur.get_by_role("button", name="Rapporteur’s desk").click()
    expect(rapporteur.get_by_role("heading", name=f"1. {ACTIONS[0]}")).to_be_visible()
    rapporteur.keyboard.press("j")
    expect(rapporteur.get_by_role("heading", name=f"2. {ACTIONS[1]}")).to_be_visible()
    rapporteur.keyboard.press("k")
    rapporteur.keyboard.press("n")
    rapporteur.keyboard.type(SAID)
    rapporteur.keyboard.press("Control+Enter")
    expect(rapporteur.locator(".note", has_text=SAID)).to_be_visible()
    expect(rapporteur.get_by_text("Only rapporteurs and facilitators read it")).to_be_visible()
    accessible(rapporteur, "the rapporteur's desk")
    sheets_of(expert, links["expert"])
    expert.locator(".sheet-row", has_text=ACTIONS[0]).click()
    expert.get_by_role("button", name="Comments").click()
    expert.get_by_role("textbox", name=re.compile("^Your comment, as")).fill(REMARK)
    expert.locator("form").get_by_role("button", name="Comment", exact=True).click()
    expect(rapporteur.get_by_text(SAID)).to_be_visible()
    expect(expert.get_by_text(SAID)).to_have_count(0)
    phone = phones[0]
    phone.get_by_role("link", name="Action sheets").click()
    phone.locator(".sheet-row", has_text=ACTIONS[0]).click()
    expect(phone.get_by_text(REMARK)).to_be_visible()
    phone.get_by_role("button", name="Comments").click()
    phone.get_by_role("textbox", name="Your comment, without your name").fill("Et les petits colis ?")
    phone.locator("form").get_by_role("button", name="Comment", exact=True).click()
    expect(phone.get_by_text("Et les petits colis ?")).to_be_visible()
    accessible(phone, "a sheet on a phone")
    phone.get_by_role("link", name="Back").click()


def translate(rapporteur: Page, wall: Page) -> None:
    """What an expert wrote in English stands on the wall in the wall's own language once somebody has translated it."""
    expect(wall.locator("#wall-remark")).to_contain_text(REMARK)
    rapporteur.get_by_role("button", name="Open the sheet").click()
    rapporteur.get_by_role("button", name="Comments").click()
    rapporteur.get_by_role("button", name="Translation").first.click()
    rapporteur.get_by_role("dialog").get_by_role("textbox", name="In French").fill(TRANSLATED)
    rapporteur.get_by_role("dialog").get_by_role("button", name="Keep it").click()
    expect(wall.locator("#wall-remark")).to_contain_text(TRANSLATED)
    expect(wall.locator("#wall-remark")).not_to_contain_text(REMARK)
    rapporteur.get_by_role("button", name="Rapporteur’s desk").click()


def g4_consent(console: Page, phones: list[Page], seats: Seats) -> None:
    """One agrees, one has a reserve, in the browser; ten others vote, five with a reserve of their own."""
    start(console, "Consent vote", certain=False)
    for phone, answer in zip(phones, ("I agree", "I agree, with a reserve"), strict=True):
        group = phone.get_by_role("radiogroup", name=ACTIONS[0])
        group.get_by_role("radio", name=answer, exact=True).check()
    words = phones[1].get_by_role("textbox", name="Which reserve?")
    words.fill(RESERVE)
    words.press("Tab")
    for phone in phones:
        expect(phone.get_by_text("Your ballot is in the urn.")).to_be_visible()
    first = next(s["id"] for s in seats.chair.replica.all("sheets") if s["title"] == ACTIONS[0])
    seats.vote("G4", lambda n: {first: {"reserve": f"À revoir au point {n}"} if n < 5 else "agree"})
    publish(console)


def g5_handle_the_reserves(console: Page, rapporteur: Page) -> None:
    """The reserves stand beside the sheet; what is decided on them is noted, and the sheet says it from then on."""
    start(console, "Handling of reserves")
    expect(rapporteur.get_by_text(RESERVE)).to_be_visible()
    box = rapporteur.get_by_label("Amendment: what was decided on the reserve")
    box.fill(AMENDED)
    box.press("Control+Enter")
    expect(rapporteur.locator(".note", has_text=AMENDED)).to_be_visible()
    press(console, "Finish")


def g6_read_the_conclusions(console: Page, rapporteur: Page, wall: Page) -> None:
    """Frozen as version 1, read from the wall sheet by sheet; a word put right afterwards stands beside what was read."""
    start(console, "Rapporteur reads the conclusions")
    rapporteur.get_by_role("button", name="Freeze all as version 1").click()
    expect(rapporteur.get_by_text("All sheets are frozen.")).to_be_visible()
    rapporteur.locator("#desk-title").click()
    rapporteur.keyboard.press("w")
    expect(wall.get_by_role("heading", name=f"1. {ACTIONS[0]}")).to_be_visible()
    expect(wall.get_by_text("Deux agents et une convention")).to_be_visible()
    expect(wall.get_by_text(SAID)).to_have_count(0)
    rapporteur.keyboard.press("j")
    rapporteur.keyboard.press("w")
    expect(wall.get_by_text("Quelles balises, à quel coût ?")).to_be_visible()
    rapporteur.keyboard.press("w")
    expect(wall.get_by_text("Quelles balises")).to_have_count(0)
    rapporteur.keyboard.press("k")
    rapporteur.keyboard.press("r")  # this one may leave the room
    expect(rapporteur.get_by_role("button", name="Keep it back").first).to_be_visible()
    rapporteur.get_by_role("button", name="Open the sheet").click()
    rapporteur.get_by_role("button", name="Open it again").click()
    fill(rapporteur, "Action", NEW_TITLE)
    changed = rapporteur.locator(".differences")
    expect(changed.locator("del")).to_contain_text(ACTIONS[0])
    expect(changed.locator("ins")).to_contain_text(NEW_TITLE)
    accessible(rapporteur, "a sheet that has changed")
    press(console, "Finish")


def g7_close(console: Page) -> None:
    start(console, "Closing by the Director General")
    press(console, "Finish")


def g8_evaluate_and_take_the_files(console: Page, phones: list[Page], seats: Seats) -> None:
    start(console, "Seminar evaluation")
    for phone in phones:
        for group in phone.get_by_role("radiogroup").all():
            group.get_by_role("radio", name="4").check()
        expect(phone.get_by_text("Your ballot is in the urn.")).to_be_visible()
    asked = [f"G8.q{number}" for number in range(1, 6)]
    seats.vote("G8", lambda n: {question: 3 + n % 3 for question in asked})
    publish(console)
    press(console, "Take the results")
    with console.expect_download() as saved:
        console.get_by_role("link", name="Action sheets Plain CSV", exact=True).click()
    text = Path(saved.value.path()).read_text(encoding="utf-8")
    (first, second) = sorted(csv.DictReader(io.StringIO(text)), key=lambda row: row["sheet_number"])
    assert (first["title"], first["version"], first["horizon"]) == (NEW_TITLE, "1", "medium")
    assert RESERVE in first["reserves"]
    assert (second["disposition"], second["state"]) == ("deepen", "frozen")


def found_a_follow_up(console: Page, context_for: Callable[..., BrowserContext], seats: Seats) -> None:
    """A year later: the same facilitator makes the workshop, whose sheets and scores go on."""
    console.locator("summary", has_text="Other pages").click()
    console.get_by_role("link", name="New workshop").click()
    console.get_by_label("Title in English").fill("One year later")
    console.get_by_label("Workshop to follow").select_option(index=1)
    # Seated at a table that comes along: whoever has none is asked at the door.
    seated = people(SEATS).replace("room,", f"room,{TABLE}").encode()
    file = {"name": "people.csv", "mimeType": "text/csv", "buffer": seated}
    console.get_by_label("Participants").set_input_files(file)
    console.get_by_role("button", name="Make the workshop").click()
    expect(console.get_by_text("The workshop is made.")).to_be_visible()
    console.get_by_role("link", name="Console").click()
    start(console, "Progress, table by table")
    console.locator("summary", has_text="Other pages").click()
    console.get_by_role("link", name="Action sheets").click()
    console.locator(".sheet-row", has_text=NEW_TITLE).click()
    history = console.locator(".chapter").first
    expect(history.get_by_text(RESERVE)).to_be_visible()
    expect(history.get_by_text(REMARK)).to_be_visible()
    expect(console.get_by_text(SAID)).to_have_count(0)
    console.get_by_label("Under way").check()
    console.get_by_label("How far, in percent").fill("40")
    console.get_by_label("What was done, what stands in the way").fill("Deux bureaux encaissent.")
    console.get_by_role("button", name="Report it").click()
    expect(console.locator(".timeline")).to_contain_text("Deux bureaux encaissent.")
    accessible(console, "a sheet with its history")
    console.get_by_role("link", name="Back").click()
    press(console, "Finish")
    compare(console, context_for)


def compare(console: Page, context_for: Callable[..., BrowserContext]) -> None:
    """Twelve new people score the factors again; every screen shows then and now, with what chance leaves open."""
    seat = re.sub(r"/console.*", "", console.url)
    sheets = console.context.request.get(f"{seat}/people/sheets").text()
    codes = re.findall(r'class="code"[^>]*>\s*([0-9A-Z-]{9,})\s*<', sheets)
    join = re.search(r'"join": ?\{[^}]*"url": ?"([^"]+)"', console.content())
    assert join
    new = [Client.with_code(join[1], code).connect() for code in codes]
    start(console, "Assessment again")
    wall = context_for("wall", locale="en-GB").new_page()
    try:
        for number, person in enumerate(new):
            person.wait(lambda person=person: person.round("R6")["state"] == "running")
            scores = {f"F{factor:02}": 2 + (number + factor) % 4 for factor in range(1, 11)}
            epoch = person.round("R6")["epoch"]
            person.do("ballot.cast", round="R6", epoch=epoch, revision=1, choices=scores)
        publish(console)
        expect(console.locator(".dumbbell").first).to_contain_text("12 answers then, 12 now")
        wall.context.add_cookies(console.context.cookies())
        wall.goto(f"{seat}/wall")
        expect(wall.locator(".dumbbell")).to_have_count(10)
        expect(wall.locator(".dumbbell").first).to_contain_text("2.5")
        expect(wall.locator(".dumbbell").first.locator("strong")).to_have_text("3.5")
        legible(wall, "then and now")
    finally:
        for person in new:
            person.close()
