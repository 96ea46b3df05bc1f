"""Every page, in both languages, light and dark: accessible, quiet in the console, no sideways scroll; and light enough."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Response, expect

from tests.client import Client
from tests.server import Server

LOCALES = {"fr": "fr-FR", "en": "en-GB"}
MOST_BYTES = 50_000
MOST_REQUESTS = 5

# page -> (whose link, path below the seat's address, device)
PAGES = {
    "landing": (None, "/", "phone"),
    "join": (None, "/join/{code}", "phone"),
    "nowhere": (None, "/nowhere", "phone"),
    "sign in": (None, "/sign-in", "phone"),
    "a first passphrase": ("expert", "account", "phone"),
    "board on a phone": ("participants", "", "phone"),
    "board on a laptop": ("participants", "", "laptop"),
    "expert's board": ("expert", "", "laptop"),
    "observer's board": ("observer", "", "laptop"),
    "console": ("facilitator", "console", "laptop"),
    "console on a phone": ("facilitator", "console", "phone"),
    "wall": ("facilitator", "wall", "wall"),
    "people": ("facilitator", "people", "laptop"),
    "people on a phone": ("facilitator", "people", "phone"),
    "seat codes": ("facilitator", "people/sheets", "laptop"),
    "exports": ("facilitator", "exports/", "laptop"),
    "agenda as a file": ("facilitator", "agenda", "laptop"),
    "history": ("facilitator", "history/", "laptop"),
    "report": ("rapporteur", "report/", "laptop"),
    "report on a phone": ("rapporteur", "report/", "phone"),
    "close records": ("participants", "closings/", "phone"),
    "action sheets": ("facilitator", "sheets", "laptop"),
    "action sheets on a phone": ("participants", "sheets", "phone"),
    "replay": ("observer", "replay", "laptop"),
    "replay on a phone": ("participants", "replay", "phone"),
    "replay on the wall": ("wall", "replay?large=1", "wall"),
    "on paper": ("facilitator", "paper/", "laptop"),
    "room desk": ("facilitator", "desk/", "laptop"),
    "room desk on a phone": ("scribe", "desk/", "phone"),
    "scribe's board": ("scribe", "", "laptop"),
    "in brief": ("observer", "summary/", "laptop"),
    "in brief on a phone": ("observer", "summary/", "phone"),
    "kit": ("administrator", "selftest", "laptop"),
    "kit on a phone": ("facilitator", "selftest", "phone"),
    "backups": ("administrator", "backups/", "laptop"),
    "console on a tablet": ("facilitator", "console", (768, 1024)),
    "what is kept": (None, "/join/{code}/kept", "phone"),
    "hashes": (None, "/release", "phone"),
    "workshops": ("administrator", "workshops", "laptop"),
    "keep, copy, remove": ("administrator", "workshop", "laptop"),
    "keep, copy, remove on a phone": ("administrator", "workshop", "phone"),
    "new workshop": ("facilitator", "workshops/new", "laptop"),
}


def open_page(server: Server, page: Page, name: str) -> None:
    role, path, _ = PAGES[name]
    if role is None:
        code = Client(server.links["facilitator"]).page["join"]["code"]
        page.goto(server.url + path.format(code=code))
        return
    link = server.links[role]
    page.goto(link[0] if isinstance(link, list) else link)
    seat = re.match(r".*/b/[^/]+/", page.url)
    assert seat
    page.goto(seat[0] + path)


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_quiet(
    server: Server, context_for: Callable[..., BrowserContext], name: str, language: str
) -> None:
    dark = len(name) % 2 == 0  # half of the pages are looked at in the dark
    context = context_for(
        PAGES[name][2],
        locale=LOCALES[language],
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    noise: list[str] = []
    page.on(
        "console",
        lambda message: noise.append(message.text) if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: noise.append(str(error)))
    open_page(server, page, name)
    page.wait_for_timeout(600)
    assert page.locator("html").get_attribute("lang") == language
    found = Axe().run(page).response["violations"]
    assert not [(v["id"], [node["target"] for node in v["nodes"]][:3]) for v in found]
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1")
    assert [line for line in noise if "404" not in line] == []


def test_the_participants_page_is_light(server: Server, context_for: Callable[..., BrowserContext]) -> None:
    """Cold, over gzip as on a plain address of the room: at most 50 KB and five requests before the socket."""
    page = context_for("phone").new_page()
    page.goto(server.links["participants"][3])
    board = page.url
    page.close()
    page = context_for("phone").new_page()
    answers: list[Response] = []
    sockets: list[int] = []
    page.on("response", lambda answer: answers.append(answer))
    page.on("websocket", lambda socket: sockets.append(len(answers)))
    # The link moves the seat to this browser; it is counted with the page it leads to.
    page.goto(server.links["participants"][3])
    page.wait_for_timeout(1500)
    assert board != page.url
    assert sockets, "no socket was opened"
    before = [answer for answer in answers[: sockets[0]] if answer.status == 200]
    sizes = {answer.url.rpartition("/")[2][:40]: len(gzip.compress(answer.body(), 9)) for answer in before}
    print(sizes, sum(sizes.values()))
    assert len(before) <= MOST_REQUESTS, sizes
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def test_a_file_that_is_too_large_is_told_before_it_is_sent_and_what_was_typed_stays(
    server: Server, context_for: Callable[..., BrowserContext]
) -> None:
    page = context_for("phone", locale="en-GB").new_page()
    open_page(server, page, "new workshop")
    here = page.url
    page.get_by_label("Title in French").fill("Un titre tapé")
    agenda = page.locator("#agenda")
    agenda.set_input_files({"name": "all.csv", "mimeType": "text/csv", "buffer": b"a" * 5 * 1024 * 1024})
    expect(page.get_by_role("alert").get_by_text("at most 4 MB")).to_be_visible()
    page.get_by_role("button", name="Make the workshop").click()
    expect(page.get_by_label("Title in French")).to_have_value("Un titre tapé")
    assert page.url == here and agenda.evaluate("field => !field.validity.valid")
    # A smaller one goes on its way, and the server says what it finds in it.
    agenda.set_input_files({"name": "photo.csv", "mimeType": "text/csv", "buffer": bytes(range(256))})
    expect(page.get_by_text("at most 4 MB")).to_have_count(0)
    page.get_by_role("button", name="Make the workshop").click()
    expect(page.get_by_text("This is not a text file")).to_be_visible()
    expect(page.get_by_label("Title in French")).to_have_value("Un titre tapé")
