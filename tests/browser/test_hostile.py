"""C01, C06, N03: two hundred hostile texts on every page in a real browser; nothing runs, is markup, or goes elsewhere."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader

import config
from app.domain.records import ROLES
from app.exports import EXPORTS
from app.factory import create_app
from app.pages.sets import CONTENTS
from tests.client import Client, card, op
from tests.server import Server
from tests.threats.test_routes import MATRIX, NAMES

RUN = "pwned()"
FORMS = [
    "<script>{0}</script>",
    "<ScRiPt/x>{0}</sCrIpT >",
    "<img src=x onerror={0}>",
    "<img src=x onerror=\n{0}//>",
    '<img src=`x` onerror="{0}">',
    "<svg onload={0}>",
    "<svg><script>{0}</script></svg>",
    "<svg><animate onbegin={0} attributeName=x dur=1s>",
    '<svg><a xlink:href="javascript:{0}"><text x=9 y=9>X</text></a>',
    "<body onload={0}>",
    "<iframe srcdoc='<script>parent.{0}</script>'>",
    "<iframe src=javascript:{0}>",
    '<a href="javascript:{0}">clic</a>',
    '<a href="JaVaScRiPt&colon;{0}">clic</a>',
    "[clic](javascript:{0})",
    "javascript:{0}",
    "<details open ontoggle={0}>",
    "<input autofocus onfocus={0}>",
    "<video><source onerror={0}>",
    "<math><mi//xlink:href='data:x,<script>{0}</script>'>",
    "<object data=javascript:{0}>",
    "<embed src=javascript:{0}>",
    "<form action=javascript:{0}><button>clic</button></form>",
    "<base href=//evil.invalid/>{0}",
    "<meta http-equiv=refresh content='0;javascript:{0}'>",
    "<link rel=stylesheet href=//evil.invalid/x.css>{0}",
    "<style>@import'//evil.invalid/x.css';</style>{0}",
    "<template><img src=x onerror={0}></template>",
    "<noscript><p title='</noscript><img src=x onerror={0}>'>",
    "${{{0}}}",
    "{{{{{0}}}}}",
    "{{% if {0} %}}",
    "<!--><img src=x onerror={0}>-->",
    "<![CDATA[<script>{0}</script>]]>",
    "\u202e<script>{0}</script>",
    "＜script＞{0}＜/script＞",
    "<x onpointerover={0}>X</x>",
    "<img src=//evil.invalid/p.png?{0}>",
    "<?xml-stylesheet href='javascript:{0}'?>",
    '#eval("{0}") #link("javascript:{0}")[x]',
]
FRAMES = ["{0}", "\"'>{0}", "</textarea></title></script>{0}", "`-->*/{0}", "\\u0022;{0};//"]
PAYLOADS = [
    f"{n}{frame.format(form.format(RUN))}"[:280]
    for n, (form, frame) in enumerate((a, b) for a in FORMS for b in FRAMES)
]
HEARD = """
  window.violations = [];
  document.addEventListener("securitypolicyviolation", (event) => violations.push(`${event.violatedDirective} ${event.sample}`));
"""
MARKUP = "main :is(script, iframe, object, embed, base, meta, style, [onerror], [onload], [href^='javascript' i], img[src='x'])"


def test_c01_there_are_two_hundred_texts() -> None:
    assert len(set(PAYLOADS)) == 200


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A board whose cards, groups, comments, sheets and people are all hostile texts."""
    server = Server(tmp_path_factory.mktemp("hostile"))
    server.start()
    chair, expert = (Client(server.links[role]).connect() for role in ("facilitator", "expert"))
    people = [Client(link).connect() for link in server.links["participants"][:32]]
    chair.command("start", "B5")
    left = list(PAYLOADS)
    for person in people:
        person.wait(lambda person=person: person.round("B5")["state"] == "running")
        asked = [
            op("card.post", **card(person.round("B5"), f"F{n % 10 + 1:02}", text))
            for n, text in enumerate(left[:30])
        ]
        answers = person.send(*asked) if asked else []
        left = [text for n, text in enumerate(left) if n >= 30 or not answers[n].get("sealed")]
        person.close()
    assert not left
    chair.command("close", "B5")
    if chair.round("B5")["state"] == "closed":
        chair.command("publish", "B5")
    chair.wait(lambda: len(chair.replica.all("cards")) == 200)
    cards = chair.replica.all("cards")
    target = {"table": "cards", "id": cards[0]["id"]}
    for text in PAYLOADS[:20]:
        expert.do("comment.post", target=target, text=text, round=None)
    for n in range(2):
        factor = cards[n]["factor"]
        chair.do(
            "cluster.make",
            factor=factor,
            name=PAYLOADS[2 + n][:60],
            cards=[{"card": cards[n]["id"], "seen": None}],
        )
    chair.do("sheet.make", targets=[{"table": "cards", "id": cards[3]["id"]}])
    token = {"csrf_token": chair.page["csrf"]}
    for text in PAYLOADS[:6]:
        named = {**token, "name": text[:60], "role": "participant"}
        chair.session.post(
            chair.base + chair.page["urls"]["people"] + "/new", data=named, timeout=20
        ).raise_for_status()
    for client in (chair, expert):
        client.close()
    yield server
    server.stop()


PAGES = {
    "board": ("participants", ""),
    "expert": ("expert", ""),
    "console": ("facilitator", "console"),
    "wall": ("wall", "wall"),
    "sheets": ("facilitator", "sheets"),
    "people": ("facilitator", "people"),
    "exports": ("facilitator", "exports/"),
    "report": ("rapporteur", "report/"),
    "paper": ("facilitator", "paper/"),
}


@pytest.mark.parametrize("name", PAGES)
def test_c01_c06_n03_hostile_texts_are_words_and_nothing_leaves(
    hostile: Server, context_for: Callable[..., BrowserContext], name: str
) -> None:
    role, path = PAGES[name]
    context = context_for("laptop", locale="en-GB")
    ran: list[str] = []
    hosts: set[str] = set()
    context.expose_function("pwned", lambda *_: ran.append(name))
    context.add_init_script(HEARD)
    context.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page = context.new_page()
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    page.on("websocket", lambda socket: hosts.add(urlsplit(socket.url).netloc))
    link = hostile.links[role]
    page.goto(link[20] if isinstance(link, list) else link)
    seat = page.url.split("/b/")[1].split("/")[0]
    page.goto(f"{hostile.url}/b/{seat}/{path}")
    look_everywhere(page, name)
    assert ran == []
    assert page.evaluate("violations") == []
    assert page.locator(MARKUP).count() == 0
    assert hosts <= {urlsplit(hostile.url).netloc, ""}, hosts
    # Whatever a later mistake would assign as markup is refused by the browser itself.
    assert (
        page.evaluate(
            "(() => { try { document.createElement('p').innerHTML = '<b>x</b>'; return 'set'; } catch (e) { return e.name; } })()"
        )
        == "TypeError"
    )


def look_everywhere(page: Page, name: str) -> None:
    """Open what a page keeps folded, so that every text is drawn once."""
    if name in ("board", "expert"):
        cards = page.locator(".card-text").filter(has_text="pwned")
        expect(cards.first).to_be_visible()
        seen: set[str] = set()
        for tab in page.get_by_role("tab").all():
            tab.click()
            expect(tab).to_have_attribute("aria-selected", "true")
            page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
            seen |= set(cards.all_text_contents())
        assert len(seen) >= 198  # two are in groups, which may be folded
    elif name == "console":
        expect(page.locator(".card-text").first).to_be_visible()
    elif name == "sheets":
        page.locator(".sheet-row").first.click()
        expect(page.locator("main")).to_contain_text("pwned")
    elif name in ("people", "report"):
        expect(page.locator("main")).to_contain_text("pwned")
    else:
        page.wait_for_load_state("networkidle")


def test_c01_every_other_page_that_somebody_may_open_shows_words(
    hostile: Server, context_for: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    """All routes that answer with a page, as somebody who may see it: a page that is made tomorrow is opened here, too."""
    context = context_for("laptop", locale="en-GB")
    ran: list[str] = []
    context.expose_function("pwned", lambda *_: ran.append("?"))
    context.add_init_script(HEARD)
    page = context.new_page()
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    handles: dict[str, str] = {}
    shown = 0
    for endpoint, path in pages_of(hostile, tmp_path):
        role = next(role for role in ("facilitator", "administrator", *ROLES) if role in MATRIX[endpoint])
        if role not in handles:
            link = hostile.links["participants"][21] if role == "participant" else hostile.links[role]
            page.goto(link)
            handles[role] = page.url.split("/b/")[1].split("/")[0]
        address = f"{hostile.url}/b/{handles[role]}{path}"
        kind = context.request.get(address).headers.get("content-type", "")
        if not kind.startswith("text/html"):
            continue
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert (ran, page.evaluate("violations")) == ([], []), endpoint
        assert page.locator(MARKUP).count() == 0, endpoint
        shown += "pwned" in page.locator("body").inner_text()
    assert shown >= 3, "no page showed any of the texts"


def pages_of(server: Server, tmp_path: Path) -> list[tuple[str, str]]:
    """(endpoint, address below the seat's own) of each page that a seat may open; what an address names is there."""
    chair = Client(server.links["facilitator"])
    people = chair.session.get(chair.base + chair.page["urls"]["people"], timeout=20).text
    known = {
        "person_id": re.findall(r"/people/([0-9a-f]{32})", people)[-1],
        "round_id": "B5",
    }
    jobs = {kind: under_way(chair, kind, form) for kind, form in ORDERS.items()}
    settings = config.from_environment({"PALABRE_DATA": str(tmp_path), "PALABRE_VOLATILE": str(tmp_path)})
    found = []
    for rule in create_app(settings).url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or "handle" not in rule.arguments or rule.endpoint not in MATRIX:
            continue
        known["job_id"] = jobs.get(rule.endpoint.partition(".")[0], "")
        values = {name: known.get(name, NAMES.get(rule.endpoint)) for name in rule.arguments - {"handle"}}
        assert None not in values.values(), f"say what {rule.rule} may name, here or in NAMES"
        path = rule.rule.replace("/b/<handle>", "")
        for name, value in values.items():
            path = re.sub(rf"<(?:\w+:)?{name}>", str(value), path)
        found.append((rule.endpoint, path))
    return found


ORDERS = {"report": {"kind": "pdf", "lang": "en"}, "paper": {"set": "promise-en"}}


def under_way(chair: Client, page: str, form: dict[str, str]) -> str:
    """The id of what the press is asked for on a page."""
    address = f"{chair.base}/b/{chair.page['handle']}/{page}/make"
    asked = {**form, "csrf_token": chair.page["csrf"]}
    made = chair.session.post(address, data=asked, headers={"Origin": chair.base}, timeout=60)
    return made.url.rpartition("/made/")[2].partition("?")[0]


def test_c01_files_to_take_away_hold_no_script(hostile: Server, tmp_path: Path) -> None:
    chair = Client(hostile.links["facilitator"])
    at = f"{chair.base}/b/{chair.page['handle']}"
    for name in EXPORTS:
        answer = chair.session.get(f"{at}/exports/{name}.csv", timeout=20)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Type"].startswith("text/csv")
    book = zipfile.ZipFile(io.BytesIO(chair.session.get(f"{at}/exports/board.xlsx", timeout=20).content))
    assert not [name for name in book.namelist() if "vba" in name.lower() or "externalLink" in name]
    for name in CONTENTS:
        pdf = made(chair, f"{at}/paper", {"set": f"{name}-fr"})
        for at_, thing in enumerate(PdfReader(io.BytesIO(pdf)).root_object.values()):
            assert not any(word in str(thing) for word in ("/JavaScript", "/JS", "/Launch", "/OpenAction")), (
                at_
            )
    for kind in ("pdf", "docx"):
        content = made(chair, f"{at}/report", {"kind": kind, "lang": "fr"})
        if kind == "docx":
            body = zipfile.ZipFile(io.BytesIO(content))
            assert not [
                name for name in body.namelist() if "vba" in name.lower() or "external" in name.lower()
            ]
            assert 'TargetMode="External"' not in body.read("word/_rels/document.xml.rels").decode()
            assert "pwned()" in body.read("word/document.xml").decode()
            continue
        pages = PdfReader(io.BytesIO(content))
        assert not {"/Names", "/OpenAction", "/AA"} & set(pages.root_object)
        assert not [page for page in pages.pages if "/URI" in str(page.get("/Annots", ""))]
    printed = PdfReader(io.BytesIO(made(chair, f"{at}/paper", {"set": "seats-fr"})))
    assert "pwned()" in "".join(page.extract_text() for page in printed.pages)


def made(chair: Client, page: str, form: dict[str, str]) -> bytes:
    """The file that the press makes, once it is there."""
    asked = {"csrf_token": chair.page["csrf"], **form}
    job = chair.session.post(f"{page}/make", data=asked, timeout=20).url
    until = time.monotonic() + 60
    while (
        chair.session.get(job, headers={"Accept": "application/json"}, timeout=20).json()["state"]
        == "working"
    ):
        assert time.monotonic() < until
    answer = chair.session.get(f"{job}/file", timeout=20)
    answer.raise_for_status()
    return answer.content
