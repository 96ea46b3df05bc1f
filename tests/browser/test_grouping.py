"""Grouping with suggestions, silent first; the expert's desk; contested merges; who comes late: one afternoon in six browsers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.test_seminar import FACTOR, at_table, choose_round, confirm, stage
from tests.client import Client
from tests.server import Server

TWINS = ("Publier les délais de dédouanement", "Publier le délai du dédouanement")
OTHER_TWINS = ("Former les agents au nouveau système", "Formation des agents au système nouveau")
APART = "Suivre les camions par balise"
TEXTS = (*TWINS, *OTHER_TWINS, APART, "Payer par téléphone", "Réparer le scanner du poste")
TYPED = "Une idée que je n’ai pas envoyée"
REMARK = "Voir la Convention de Kyoto révisée, norme 7.3"
REMARK_IN_ENGLISH = "See the Revised Kyoto Convention, standard 7.3"
# Headless Chromium has no voice: one is lent to it, and what it is told to say is kept.
VOICE = """
  globalThis.said = [];
  speechSynthesis.getVoices = () => [{lang: "fr-FR"}];
  speechSynthesis.speak = (utterance) => said.push([utterance.lang, utterance.text]);
"""


@dataclass
class Afternoon:
    """The pages that are open."""

    console: Page
    phone: Page
    expert: Page
    rapporteur: Page
    seats: list[Client]
    late: Callable[[], Page]


@pytest.fixture
def afternoon(tmp_path: Path, context_for: Callable[..., BrowserContext]) -> Iterator[Afternoon]:
    server = Server(tmp_path)
    server.start()
    links = at_table(server)

    def page(link: str, device: str = "laptop", locale: str = "en-GB", script: str = "") -> Page:
        context = context_for(device, locale=locale, reduced_motion="reduce")
        if script:
            context.add_init_script(script)
        opened = context.new_page()
        opened.goto(link)
        return opened

    seats = [Client(link).connect() for link in links[1:8]]
    yield Afternoon(
        console=page(server.links["facilitator"]),
        phone=page(links[0], "phone"),
        expert=page(server.links["expert"]),
        rapporteur=page(server.links["rapporteur"]),
        seats=seats,
        late=lambda: page(links[8], "phone", "fr-FR", VOICE),
    )
    for seat in seats:
        seat.close()
    server.stop()


def test_an_afternoon_of_grouping(afternoon: Afternoon) -> None:
    write(afternoon)
    group_in_silence(afternoon)
    settle_what_is_left(afternoon)
    comment_from_the_desk(afternoon)
    suggest_and_contest(afternoon)
    come_late(afternoon)


def write(at: Afternoon) -> None:
    """A text that nobody sent is still there when the round is over; the tray says which cards are close."""
    choose_round(at.console, "Silent writing, table’s first factor")
    for seat, text in zip(at.seats, TEXTS, strict=True):
        seat.post("B1", FACTOR, text)
    at.phone.get_by_role("textbox").fill(TYPED)
    stage(at.console).get_by_role("button", name="Close the writing").click()
    expect(workspace(at).get_by_text(re.compile("Close to no.")).first).to_be_visible()
    # Nobody who types is taken elsewhere: the page says that the room has gone on.
    expect(at.phone.get_by_role("textbox")).to_have_value(TYPED)
    at.phone.get_by_role("button", name="Go on").click()
    stage(at.console).get_by_role("button", name=re.compile("^Publish")).click()
    confirm(at.console, "Publish")
    at.phone.get_by_text("1 text of yours is kept as a draft").click()
    expect(at.phone.get_by_text(TYPED)).to_be_visible()
    at.phone.reload()
    at.phone.get_by_text("1 text of yours is kept as a draft").click()
    expect(at.phone.get_by_text(TYPED)).to_be_visible()


def group_in_silence(at: Afternoon) -> None:
    """Names wait; the table is told what may be the same; the focus goes to what was made."""
    choose_round(at.console, "Silent grouping per table, its two factors")
    workspace(at).get_by_label(re.compile("Silent first")).check()
    expect(at.console.locator(".toast", has_text="Names wait")).to_be_visible()
    open_factor(at.phone)
    at.phone.get_by_text("Perhaps the same").click()
    pair = at.phone.get_by_role("listitem").filter(has_text=TWINS[0]).filter(has_text=TWINS[1])
    pair.get_by_role("button", name="Tick both").click()
    is_accessible(at.phone)
    at.phone.get_by_role("button", name="Group", exact=True).click()
    made = at.phone.locator("section.cluster").filter(has_text=TWINS[0])
    expect(made).to_be_focused()
    expect(made.get_by_text(TWINS[1])).to_be_visible()
    expect(at.phone.get_by_role("button", name="Propose a name")).to_have_count(0)
    expect(workspace(at).get_by_role("button", name="Name it")).to_have_count(0)


def settle_what_is_left(at: Afternoon) -> None:
    """A vote would split them: it says so. What is not the same is remembered, and taken back; "Group these" is one click."""
    agenda = at.console.get_by_role("navigation", name="Agenda")
    agenda.get_by_role("button", name="Vote 1: 3 points").click()
    round_ = at.console.get_by_role("region", name="The round")
    expect(round_.get_by_text("Likely duplicates that are still apart")).to_be_visible()
    agenda.get_by_role("button", name="Silent grouping per table").click()
    pair = workspace(at).locator(".double").filter(has_text=OTHER_TWINS[0]).filter(has_text=OTHER_TWINS[1])
    is_accessible(at.console)
    pair.get_by_role("button", name="Not the same").click()
    expect(pair).to_have_count(0)
    at.console.get_by_role("button", name="Undo").last.click()
    expect(pair).to_be_visible()
    pair.get_by_role("button", name=re.compile("^Group these")).press("Enter")
    expect(pair).to_have_count(0)
    expect(at.console.locator("body")).not_to_be_focused()
    expect(at.phone.locator("section.cluster")).to_have_count(2)
    stage(at.console).get_by_role("button", name="End the grouping").click()


def comment_from_the_desk(at: Afternoon) -> None:
    """What waits is read by staff and experts alone, until it is shown; a person's translation stands beside it."""
    at.console.get_by_label(re.compile("Experts’ comments wait")).check()
    at.expert.get_by_role("button", name=re.compile("Automation")).first.click()
    expect(at.expert.get_by_text("New since you last looked")).to_be_visible()
    at.expert.get_by_role("button", name="I have seen these").click()
    expect(at.expert.get_by_text("Nothing new since you last looked.")).to_be_visible()
    cluster = at.expert.locator("section.cluster").filter(has_text=TWINS[0])
    cluster.get_by_role("button", name="Comment").first.click()
    cluster.get_by_role("radio", name="Reference").check()
    cluster.get_by_role("textbox", name=re.compile("^Your comment, as")).fill(REMARK)
    cluster.locator("form").get_by_role("button", name="Comment").click()
    expect(cluster.get_by_text("Waits until the facilitator shows it")).to_be_visible()
    is_accessible(at.expert)
    expect(at.console.get_by_text(REMARK)).to_be_visible()
    open_factor(at.phone)
    expect(at.phone.locator("section.cluster")).to_have_count(2)
    for page in (at.phone, at.rapporteur):
        expect(page.get_by_text(REMARK)).to_have_count(0)
    at.console.get_by_role("button", name="Show it to everybody").press("Enter")
    expect(at.phone.get_by_text(REMARK)).to_be_visible()
    open_factor(at.rapporteur)
    comment = at.rapporteur.locator(".comment").filter(has_text=REMARK)
    comment.get_by_role("button", name="Translation").click()
    at.rapporteur.get_by_role("dialog").get_by_label("In English").fill(REMARK_IN_ENGLISH)
    confirm(at.rapporteur, "Keep it")
    expect(at.expert.get_by_text(REMARK_IN_ENGLISH)).to_be_visible()
    expect(at.expert.get_by_text(REMARK)).to_be_visible()


def suggest_and_contest(at: Afternoon) -> None:
    """An expert suggests a merge, the facilitator accepts it, a participant contests it, and it is undone."""
    cluster = at.expert.locator("section.cluster").filter(has_text=TWINS[0])
    cluster.get_by_role("button", name="Suggest a merge").click()
    at.expert.get_by_role("dialog").get_by_role("radio", name=re.compile("Form")).check()
    confirm(at.expert, "Suggest")
    at.console.get_by_role("button", name="Merge them").press("Enter")
    expect(at.expert.get_by_text("accepted")).to_be_visible()
    choose_round(at.console, "Recap of day 1 and merge log")
    at.phone.get_by_text("Merged groups").click()
    at.phone.get_by_role("button", name="Contest this merge").first.click()
    expect(at.phone.get_by_text("Contested").first).to_be_visible()
    is_accessible(at.phone)
    workspace(at).get_by_role("button", name="Merges: 1 contested").click()
    is_accessible(at.console)
    workspace(at).get_by_role("button", name=re.compile("^Undo this merge")).click()
    expect(at.phone.locator("section.cluster")).to_have_count(2)


def come_late(at: Afternoon) -> None:
    """Two sentences say where the workshop is, until they are read; whoever has a voice can hear the cards."""
    page = at.late()
    summary = page.locator(".late-summary")
    expect(summary).to_contain_text("Jusqu’ici")
    expect(summary).to_contain_text("Rappel du jour 1 et journal des fusions")
    is_accessible(page)
    summary.get_by_role("button", name="Compris").click()
    page.reload()
    open_factor(page, "4. Automatisation")
    expect(page.get_by_text(APART)).to_be_visible()
    expect(summary).to_have_count(0)
    aloud = page.get_by_role("listitem").filter(has_text=APART).get_by_role("button")
    aloud.and_(page.get_by_label("Lire à voix haute")).press("Enter")
    assert page.evaluate("said") == [["fr", APART]]
    expect(at.phone.get_by_role("button", name="Read aloud")).to_have_count(0)


def workspace(at: Afternoon) -> Locator:
    return at.console.get_by_role("region", name="Workspace")


def open_factor(page: Page, name: str = "4. Automation") -> None:
    page.get_by_role("tab", name=re.compile(f"^{name}")).click()


def is_accessible(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert not [(v["id"], [node["target"] for node in v["nodes"]][:3]) for v in found]
