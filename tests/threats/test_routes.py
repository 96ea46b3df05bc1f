"""A01, F07, F08, O, S04: every route as every role, as somebody of another workshop and as nobody; what no page tells."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from app import admission, codes, members, prepared, printing, reports, seats, workshops
from app.boards import boards
from app.domain.records import EVERYONE, ROLES
from app.domain.rounds import is_sealed
from app.store import people as people_rows
from app.store import workshops as workshop_rows
from tests.pages.conftest import Browser

ALL = frozenset(ROLES)
HOSTS = frozenset({"facilitator", "administrator"})
KEEPER = frozenset({"administrator"})
FACILITATOR = frozenset({"facilitator"})
TURNS = frozenset({"participant", "scribe"})
DESKS = frozenset({"scribe", "facilitator"})
READERS = frozenset({"facilitator", "rapporteur"})
STAFF = frozenset({"facilitator", "expert", "rapporteur", "administrator"})
# Who a page is for; `open` is for everybody, a seat or not. A route that is not here fails: say who may use it.
MATRIX: dict[str, frozenset[str]] = {
    "account.for_seat": STAFF,
    "account.choose": STAFF,
    "board.board": ALL,
    "board.console": FACILITATOR,
    "board.doubled": ALL,
    "board.leave": ALL,
    "board.pin": TURNS,
    "board.practice_board": FACILITATOR,
    "board.sheets": ALL,
    "board.submit": ALL,
    "board.ticket": ALL,
    "board.wall": frozenset({"facilitator", "administrator", "rapporteur", "observer", "expert"}),
    "agenda.page": HOSTS,
    "agenda.download": HOSTS | READERS,
    "agenda.replace": HOSTS,
    "agenda.checklist": FACILITATOR,
    "history.listing": READERS,
    "history.download": READERS,
    "desk.desk": DESKS,
    "desk.state": DESKS,
    "desk.here": DESKS,
    "closings.listing": ALL,
    "report.page": READERS,
    "report.make": READERS,
    "report.job": READERS,
    "report.cancel": READERS,
    "report.file": READERS,
    "exports.listing": READERS,
    "exports.book": READERS,
    "exports.download": READERS,
    "exports.everything": READERS,
    "exports.whole": READERS,
    "replay.page": ALL,
    "replay.steps": ALL,
    "summary.page": HOSTS | {"observer", "rapporteur"},
    "selftest.page": HOSTS,
    "selftest.state": HOSTS,
    "selftest.start": HOSTS,
    "selftest.cancel": HOSTS,
    "selftest.browser": HOSTS,
    "backups.page": HOSTS,
    "backups.now": HOSTS,
    "backups.choose": frozenset({"administrator"}),
    "paper.listing": HOSTS,
    "paper.make": HOSTS,
    "paper.job": HOSTS,
    "paper.cancel": HOSTS,
    "paper.file": HOSTS,
    "paper_ballots.make": HOSTS,
    "people.people": HOSTS,
    "people.person": HOSTS,
    "people.sheets": HOSTS,
    "entry.waiting": HOSTS,
    "people.add": HOSTS,
    "people.correct": HOSTS,
    "people.here": HOSTS,
    "entry.decide": HOSTS,
    "entry.choose": HOSTS,
    "entry.links": HOSTS,
    "people.new_code": HOSTS,
    "people.remove": HOSTS,
    "people.revoke": HOSTS,
    "people.role": HOSTS,
    "keeping.archive": KEEPER,
    "keeping.duplicate": KEEPER,
    "keeping.listing": KEEPER,
    "keeping.open_archive": KEEPER,
    "keeping.page": KEEPER,
    "keeping.put_away": KEEPER,
    "keeping.remove": KEEPER,
    "keeping.replace_backups": KEEPER,
    "keeping.set_retention": KEEPER,
    "keeping.wipe": KEEPER,
    "workshops.new": HOSTS,
    "workshops.make": HOSTS,
}
OPEN = {
    # One's own account: whoever is not signed in finds nothing (tests/pages/test_accounts.py).
    *("account.sign_in", "account.enter", "account.page", "account.seat", "account.change", "account.leave"),
    *("kept.general", "kept.of_workshop", "release.page", "release.listing"),
    *("assets.file", "static", "health.health", "language.language", "language.strings"),
    # With the key of the day, which shows no workshop.
    *("selftest.phone", "selftest.piece", "selftest.measured", "selftest.projector", "selftest.judged"),
    *(
        "door.find",
        "door.join",
        "door.landing",
        "door.personal_link",
        "door.with_passphrase",
        "door.unlock",
        "full.leave",
        "door.wait",
        "door.waiting",
    ),
}
NAMES = {"exports.download": "cards"}
# A set to print that needs no words.
POSTERS: dict[str, Any] = {"lang": "en", "title": "", "words": {"source": ""}, "factors": []}


def job_of(endpoint: str, workshop: Any) -> str:
    """Something of this workshop that the press made. The same order again is the same job."""
    if endpoint.startswith("paper."):
        return printing.order(prepared.of_workshop(workshop.id), "posters-en", "posters", POSTERS).id
    return reports.order(seats.main_board(workshop) or "", "pdf", "en").id


class Crawl:
    """One seat of each role, one in another workshop, one stranger; each asks for each route, on the first one's workshop."""

    def __init__(self, app: Any, browser: Callable[..., Browser], demo: Any) -> None:
        self.app, self.browser, self.demo = app, browser, demo
        plan = workshops.plan_from(workshops.niamey_files("factors", "agenda", "participants", "staff"))
        self.other = workshops.create({"fr": "Autre", "en": "Other"}, plan)
        self.links = {role: self.link(demo, role) for role in ROLES}

    def link(self, workshop: Any, role: str) -> str:
        person = next((p for p in seats.members_of(workshop) if p.role == role and not p.device), None)
        found = person or members.add_person(
            workshop, people_rows.Person("", workshop.id, 0, {"fr": role, "en": role}, role)
        )
        return f"/l/{codes.link_token(found)}"

    def target(self) -> str:
        """Somebody to whom a command may be done."""
        person = people_rows.Person("", self.demo.id, 0, {"fr": "Cible", "en": "Target"}, "participant")
        return members.add_person(self.demo, person).id

    def address(self, rule: Any, handle: str) -> str:
        values: dict[str, Any] = {"handle": handle, "name": NAMES.get(rule.endpoint, "x")}
        if "person_id" in rule.arguments:
            values["person_id"] = self.target()
        if "request_id" in rule.arguments:
            admission.ask_at_door(self.demo, {"side": "external"})
            values["request_id"] = admission.waiting_for(self.demo)[-1].id
        if "round_id" in rule.arguments:
            values["round_id"] = "A5"
        if "job_id" in rule.arguments:
            values["job_id"] = job_of(rule.endpoint, self.demo)
        with self.app.test_request_context():
            adapter = self.app.url_map.bind("127.0.0.1:5000")
            return str(adapter.build(rule.endpoint, {k: v for k, v in values.items() if k in rule.arguments}))

    def ask(self, someone: Browser, rule: Any, handle: str) -> int:
        path = self.address(rule, handle)
        if "POST" not in rule.methods:
            return int(someone.get(path).status_code)
        headers = {"X-CSRFToken": someone.token()}
        form = {"role": "participant", "kind": "pdf", "set": "posters-en"}
        return int(someone.open(path, method="POST", data=form, headers=headers).status_code)


@pytest.fixture
def crawl(app: Any, browser: Any, demo: Any) -> Crawl:
    return Crawl(app, browser, demo)


def rules(app: Any) -> list[Any]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint)


def test_every_route_is_in_the_matrix(app: Any) -> None:
    found = {rule.endpoint for rule in rules(app)}
    assert found <= MATRIX.keys() | OPEN, "say who may use the new route"
    for rule in rules(app):
        assert ("handle" in rule.arguments) == (rule.endpoint in MATRIX) or rule.endpoint in (
            "door.unlock",
            "full.leave",
        )


def test_a01_f07_o03_s04_every_route_as_every_role(crawl: Crawl) -> None:
    """A page for others is as if it did not exist: 404, to a wrong role, to another workshop's chair, and to nobody."""
    wrong = []
    for rule in rules(crawl.app):
        if rule.endpoint not in MATRIX:
            continue
        for role in ROLES:
            someone = crawl.browser()
            status = crawl.ask(someone, rule, someone.enter(crawl.links[role]))
            if (status != 404) != (role in MATRIX[rule.endpoint]) or status >= 500 or status == 403:
                wrong.append((rule.endpoint, role, status))
    assert wrong == []


def test_o01_o03_s04_a_handle_is_worth_nothing_to_another_browser(crawl: Crawl) -> None:
    chair = crawl.browser()
    handle = chair.enter(crawl.links["facilitator"])
    stranger, foreigner = crawl.browser(), crawl.browser()
    own = foreigner.enter(crawl.link(crawl.other, "facilitator"))
    nowhere = stranger.get("/b/" + "0" * 32 + "/console")
    for rule in rules(crawl.app):
        if rule.endpoint not in MATRIX:
            continue
        for someone in (stranger, foreigner):
            assert crawl.ask(someone, rule, handle) == 404, rule.endpoint
    # The answer to what is forbidden is the answer to what is not there, to the letter.
    there = stranger.get(f"/b/{handle}/console")
    assert (there.status_code, plain(there)) == (nowhere.status_code, plain(nowhere))
    board = seats.main_board(crawl.demo)
    for asked in (board, "0" * 32, "x"):
        assert foreigner.get(f"/b/{own}/?board={asked}").status_code == 404
    for person in seats.members_of(crawl.demo)[:3]:
        unknown = foreigner.get(f"/b/{own}/people/{'0' * 32}")
        found = foreigner.get(f"/b/{own}/people/{person.id}")
        assert (found.status_code, plain(found)) == (404, plain(unknown))


def plain(page: Any) -> str:
    """A page without what repeats its own address, and without its token."""
    return re.sub(r"[0-9a-f]{32}|value=\"[^\"]*\"", "", page.get_data(as_text=True))


def test_f08_no_page_holds_a_card_beside_a_link_or_a_person(crawl: Crawl) -> None:
    """Published words stand on boards and in exports, personal links and names on the people's pages: nowhere both."""
    board = seats.main_board(crawl.demo) or ""
    chair = crawl.browser()
    handle = chair.enter(crawl.links["facilitator"])
    people = [p for p in seats.members_of(crawl.demo) if p.role == "participant"]
    secrets = [codes.link_token(p) for p in people] + [codes.seat_code(p) for p in people]
    words = publish(board, people)
    seen = {"words": 0, "people": 0}
    for rule in rules(crawl.app):
        if rule.endpoint not in MATRIX or "GET" not in rule.methods:
            continue
        told = chair.get(crawl.address(rule, handle)).data.decode(errors="replace")
        has_words = any(word in told for word in words)
        has_people = any(secret in told for secret in secrets) or sum(p.id in told for p in people) > 0
        seen["words"] += has_words
        seen["people"] += has_people
        assert not (has_words and has_people), rule.endpoint
    assert seen["words"] and seen["people"], "the crawl saw neither"
    # What a browser is told of itself has no id of its person, and the view of everybody none of anybody.
    page = crawl.browser()
    config = page.get(f"/b/{page.enter(crawl.links['participant'])}/").get_data(as_text=True)
    state = str(boards.view(board, EVERYONE))
    for person in people:
        assert person.id not in config and person.id not in state


def publish(board: str, people: list[Any]) -> list[str]:
    """Cards of everybody, in the first round in which all write under all factors."""
    facilitator = next(p for p in seats.members_of(workshop_of(board)) if p.role == "facilitator")
    for person in people:
        boards.write(lambda c, person=person: people_rows.change_person(c, person.id, joined=True))
    do(board, facilitator, "round.start", round="B5")
    words = []
    for n, person in enumerate(people):
        word = f"Zkarte{'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10]}"
        sent = {"factor": f"F{n % 10 + 1:02}", "text": word, "secret_hash": f"{n:064x}"}
        answer = do(board, person, "card.post", round="B5", epoch=1, **sent)
        words += [word] if answer.get("sealed") else []
    assert len(words) > 10 and is_sealed(boards.moment(board).state["rounds"]["B5"])
    do(board, facilitator, "round.close", round="B5", epoch=1)
    if boards.moment(board).state["rounds"]["B5"]["state"] == "closed":
        do(board, facilitator, "round.publish", round="B5", epoch=1)
    return words


def workshop_of(board: str) -> Any:
    found = seats.read(lambda c: workshop_rows.workshop_of_board(c, board))
    return seats.read(lambda c: workshop_rows.workshop(c, found))


def do(board: str, person: Any, kind: str, **payload: Any) -> dict[str, Any]:
    operation = {"id": seats.new_id(), "kind": kind, "payload": payload}
    return boards.submit_now(board, seats.actor_of(person), [operation])[0]


# --- O: what strangers try ---


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example"]
)
def test_o06_no_way_out_leads_to_another_site(browser: Any, entry: Any, path: str) -> None:
    answer = browser().post("/language", {"language": "en", "next": path})
    assert re.match(r"/(?![/\\])", answer.location), answer.location


# A title and names as hostile as a file name can be.
HOSTILE = '../../etc/passwd\x00\r\nX-Evil: 1\u202egpj.exe"; filename=evil'
DOWNLOADS = frozenset(
    {
        *("exports.book", "exports.download", "exports.everything", "exports.whole"),
        *("agenda.download", "history.download", "report.file", "paper.file", "keeping.archive"),
    }
)


def test_o04_a_file_is_named_by_us(crawl: Crawl) -> None:
    """Whatever is asked for and whatever the workshop is called: signs of ours, and the rest of the answer intact."""
    title = {"fr": HOSTILE, "en": HOSTILE}
    boards.write(lambda c: workshop_rows.change_workshop(c, crawl.demo.id, title=title))
    someone = {role: crawl.browser() for role in ("facilitator", "administrator")}
    handles = {role: one.enter(crawl.links[role]) for role, one in someone.items()}
    given = set()
    for rule in rules(crawl.app):
        for role, one in someone.items():
            if rule.endpoint not in DOWNLOADS or role not in MATRIX[rule.endpoint]:
                continue
            path, form = crawl.address(rule, handles[role]), {"passphrase": "AAAAA-BBBBB-CCCCC-DDDDD"}
            answer = one.post(path, form) if "POST" in rule.methods else one.get(path)
            assert answer.status_code == 200, (rule.endpoint, role)
            named = answer.headers["Content-Disposition"]
            assert re.fullmatch(r'(attachment|inline); filename="[a-zA-Z0-9][a-zA-Z0-9.-]+"', named), named
            assert "X-Evil" not in answer.headers
            given.add(rule.endpoint)
    assert given == DOWNLOADS
    chair, handle = someone["facilitator"], handles["facilitator"]
    for name in ("../cards", "cards%00", "cards%0d%0aX-Evil:1", "%E2%80%AEcards"):
        for ending in ("csv", "xlsx"):
            answer = chair.get(f"/b/{handle}/exports/{name}.{ending}")
            assert answer.status_code == 404 and "X-Evil" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config",
        "/config.py",
        "/wsgi.py",
        "/var/palabre.db",
        "/app/urn/__init__.py",
        "/static/dist/../../urn.py",
        "/static/x/../../config.py",
        "/static/x/..%2f..%2fconfig.py",
        "/secret",
        "/entry-links.json",
        "/console",
    ],
)
def test_o08_no_source_database_or_secret_is_served(browser: Any, entry: Any, path: str) -> None:
    assert browser().get(path).status_code == 404


def test_o07_no_page_may_be_framed(crawl: Crawl) -> None:
    chair = crawl.browser()
    handle = chair.enter(crawl.links["facilitator"])
    for rule in rules(crawl.app):
        if rule.endpoint in MATRIX and "GET" in rule.methods:
            headers = chair.get(crawl.address(rule, handle)).headers
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], rule.endpoint
            assert headers["X-Frame-Options"] == "DENY"
