"""What every page owes: the same answer for unknown and forbidden, a language switch, safe headers, no foreign redirect."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
from limits import RateLimitItemPerMinute
from sqlalchemy.exc import OperationalError

from app import languages, tries
from app.boards import boards
from app.pages import errors

STAFF_PAGES = (
    *("console", "people", "people/sheets", "exports/", "workshops/new", "door", "exports/cards.csv"),
    *("agenda", "agenda.csv", "history/", "history/history.csv", "checklist/A0"),
    *("exports/board.xlsx", "paper/"),
)


@pytest.mark.parametrize("page", STAFF_PAGES)
@pytest.mark.parametrize("role", ["participant", "scribe", "expert", "observer", "wall"])
def test_o03_a_page_for_others_answers_as_one_that_does_not_exist(
    browser: Any, entry: Any, role: str, page: str
) -> None:
    links = {**entry["links"], "participant": entry["links"]["participants"][0]}
    visitor = browser()
    handle = visitor.enter(links[role])
    forbidden, unknown = visitor.get(f"/b/{handle}/{page}"), visitor.get(f"/b/{'0' * 32}/{page}")
    assert (forbidden.status_code, unknown.status_code) == (404, 404)
    assert without_tokens(forbidden.text, handle) == without_tokens(unknown.text, "0" * 32)


def without_tokens(text: str, handle: str) -> str:
    return re.sub(r'value="[^"]+"', "", text.replace(handle, "")).replace(" ", "")


def test_each_role_begins_on_its_own_page(browser: Any, entry: Any) -> None:
    homes = {
        "facilitator": "console",
        "administrator": "people",
        "wall": "wall",
        "expert": "",
        "rapporteur": "",
        "observer": "summary/",
    }
    for role, home in homes.items():
        answer = browser().get(entry["links"][role])
        assert answer.location.split("/", 3)[3] == home, role


@pytest.mark.parametrize(
    "role", ["participant", "scribe", "expert", "observer", "rapporteur", "facilitator", "administrator"]
)
def test_the_masthead_leads_each_role_home_and_nowhere_it_may_not_go(
    browser: Any, entry: Any, role: str
) -> None:
    links = {**entry["links"], "participant": entry["links"]["participants"][0]}
    visitor = browser()
    home = visitor.get(links[role]).location
    handle = home.split("/")[2]
    masthead = visitor.get(f"/b/{handle}/closings/").text.partition("</header>")[0]
    assert f'class="mark" href="{home}"' in masthead
    offered = re.findall(rf'<a href="(/b/{handle}/[^"]*)"', masthead)
    assert len(offered) == len(set(offered)) >= 4
    assert {
        path: status for path in offered if (status := visitor.get(path).status_code) not in (200, 302)
    } == {}


def test_f07_a_role_in_the_payload_or_address_changes_nothing(browser: Any, entry: Any) -> None:
    visitor = browser()
    handle = visitor.enter(entry["links"]["participants"][0])
    assert visitor.get(f"/b/{handle}/console?role=facilitator").status_code == 404
    assert visitor.post(f"/b/{handle}/people/new", {"role": "facilitator", "name": "Moi"}).status_code == 404


def test_the_wall_runs_on_a_seat_of_its_own_even_when_the_facilitator_opens_it(facilitator: Any) -> None:
    host, path = facilitator
    answer = host.get(f"{path}/wall")
    assert answer.status_code == 302
    assert answer.location != f"{path}/wall"
    page = host.get(answer.location).text
    assert '"role": "observer"' in page or '"role":"observer"' in page


def test_the_board_page_tells_the_script_what_the_contract_promises(browser: Any, entry: Any) -> None:
    visitor = browser("fr")
    handle = visitor.enter(entry["links"]["participants"][0])
    config = page_config(visitor.get(f"/b/{handle}/").text)
    assert config["handle"] == handle
    assert (config["role"], config["lang"]) == ("participant", "fr")
    assert set(config["urls"]) >= {
        "board",
        "console",
        "wall",
        "people",
        "exports",
        "submit",
        "door",
        "practice",
        "leave",
    }
    assert config["join"]["code"] == entry["code"]


def page_config(text: str) -> dict[str, Any]:
    import json

    found = re.search(r'<script type="application/json" id="page">(.*?)</script>', text, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_another_workshops_board_cannot_be_named(browser: Any, entry: Any) -> None:
    visitor = browser()
    handle = visitor.enter(entry["links"]["participants"][0])
    assert visitor.get(f"/b/{handle}/?board={'1' * 32}").status_code == 404


# --- forms ---


def test_s27_no_form_is_taken_without_its_token(app: Any, browser: Any, facilitator: Any) -> None:
    host, path = facilitator
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            address = re.sub(r"/b/<handle>", path, rule.rule)
            address = re.sub(r"<[^>]+>", "x", address)
            assert host.open(address, method="POST", data={}).status_code == 400, rule.rule


@pytest.mark.parametrize(
    "back", ["https://exemple.invalid/", "//exemple.invalid", "/\\exemple.invalid", "/\t/exemple.invalid"]
)
def test_o06_the_language_switch_leads_to_no_other_site(browser: Any, entry: Any, back: str) -> None:
    answer = browser().post("/language", {"language": "fr", "next": back})
    assert answer.location == "/"


# --- languages ---


def test_the_language_is_the_browsers_until_somebody_chooses(browser: Any, entry: Any) -> None:
    visitor = browser("en-GB,en;q=0.8")
    assert '<html lang="en"' in visitor.get("/").text
    answer = visitor.post("/language", {"language": "fr", "next": f"/join/{entry['code']}"})
    assert answer.location == f"/join/{entry['code']}"
    assert '<html lang="fr"' in visitor.get("/").text


def test_a_browser_that_speaks_neither_gets_french(browser: Any, entry: Any) -> None:
    assert '<html lang="fr"' in browser("ha").get("/").text


def test_an_unknown_language_is_not_kept(browser: Any, entry: Any) -> None:
    assert "language=" not in str(browser().post("/language", {"language": "xx", "next": "/"}).headers)


def test_a_page_carries_only_the_strings_its_own_scripts_say() -> None:
    everything = languages.browser_strings("fr")
    board, console = languages.browser_strings("fr", "board"), languages.browser_strings("fr", "console")
    assert len(board) < len(everything)
    assert "End the practice?" in console
    assert "End the practice?" not in board


# --- headers and errors ---


@pytest.mark.parametrize("path", ["/", "/health", "/nothing", "/door/x.json"])
def test_every_answer_forbids_frames_sniffing_and_foreign_code(browser: Any, entry: Any, path: str) -> None:
    headers = browser().get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_s36_a_forged_host_adds_nothing_to_the_policy(browser: Any, entry: Any) -> None:
    policy = (
        browser().get("/", headers={"Host": "a b; script-src *"}).headers.get("Content-Security-Policy", "")
    )
    assert "script-src" not in policy


FORGED = {
    "X-Forwarded-For": "203.0.113.7",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Port": "666",
    "X-Forwarded-Prefix": "/evil",
    "X-Real-IP": "203.0.113.7",
    "X-Original-URL": "/evil",
    "Forwarded": "for=203.0.113.7;host=evil.example;proto=https",
}


def test_s36_what_a_proxy_would_say_is_believed_of_nobody_where_there_is_none(
    browser: Any, entry: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = browser()
    handle = host.enter(entry["links"]["facilitator"])
    for path in ("/", f"/join/{entry['code']}", f"/b/{handle}/console", f"/b/{handle}/people", "/nothing"):
        pages = [host.get(path, headers=headers) for headers in ({}, FORGED)]
        plain, forged = (re.sub(r'value="[^"]*"|"csrf": *"[^"]*"', "", page.text) for page in pages)
        assert plain == forged, path
        assert pages[0].status_code == pages[1].status_code
        kept = [
            {
                name: value
                for name, value in page.headers.items()
                if name not in ("Set-Cookie", "Content-Length")
            }
            for page in pages
        ]
        assert kept[0] == kept[1], path
    # No redirect leads there, and a cookie stays what it is on this plain address.
    came = browser().get(entry["links"]["expert"], headers=FORGED)
    assert came.location.startswith("/b/") and "Secure" not in came.headers["Set-Cookie"]
    # Nor is a guess of another address another's: the room's limit counts them all.
    monkeypatch.setattr(tries, "WRONG_CODES", RateLimitItemPerMinute(3, namespace="forged"))
    visitor = browser()
    statuses = [
        visitor.post(
            f"/join/{entry['code']}", {"seat": "AAAA-BBBB-C"}, headers={"X-Forwarded-For": f"203.0.113.{n}"}
        ).status_code
        for n in range(5)
    ]
    assert statuses == [404, 404, 404, 429, 429]


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: Any, entry: Any) -> None:
    cookie = browser().get(entry["links"]["expert"]).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_errors_are_pages_for_people_and_json_for_scripts(browser: Any, entry: Any) -> None:
    visitor = browser("fr")
    assert "Rien ici" in visitor.get("/nothing").text
    assert visitor.get("/door/x.json").json["error"] == "Rien ici"
    assert visitor.open("/join", method="POST", data={}).status_code == 400


@pytest.mark.parametrize(
    ("language", "kept", "ours"),
    [
        ("fr", ("Rien n’a été modifié", "rien n’est perdu", "est gardé"), "C’est notre faute"),
        ("en", ("Nothing was changed", "nothing is lost", "is kept"), "Our mistake"),
    ],
)
def test_every_error_says_what_happened_that_nothing_is_lost_and_a_way_back(
    app: Any, language: str, kept: tuple[str, ...], ours: str
) -> None:
    for code in (400, 404, 405, 409, 413, 414, 429, 500, 502, 503):
        with app.test_request_context("/nowhere", headers={"Accept-Language": language}):
            page, status = errors.answer(code)
        assert status == code
        assert any(words.lower() in page.lower() for words in kept), code
        assert '<a class="button button-primary" href="/">' in page
        assert (ours in page) == (code in (500, 502)), code


def test_a_file_that_is_too_large_is_told_so(browser: Any, entry: Any) -> None:
    host = browser("en")
    handle = host.enter(entry["links"]["facilitator"])
    answer = host.post(f"/b/{handle}/workshops/new", {"agenda": (io.BytesIO(b"x" * 5_000_000), "agenda.csv")})
    assert answer.status_code == 413
    assert "Files of up to 4 MB" in answer.text


def test_our_own_mistake_is_told_without_its_inside(
    app: Any, browser: Any, entry: Any, monkeypatch: Any
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("canary-inside")

    monkeypatch.setattr("app.sessions.held_seats", broken)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = browser().get("/")
    assert answer.status_code == 500
    assert "canary-inside" not in answer.text
    assert "Our mistake" in answer.text


def test_a_disk_that_fails_is_told_as_such(
    app: Any, browser: Any, entry: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> None:
        raise OperationalError("INSERT canary-inside", {}, Exception("database or disk is full"))

    monkeypatch.setattr(boards.database, "write", full)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = browser("fr").get(entry["links"]["expert"].removeprefix(entry["url"]))
    assert answer.status_code == 503
    assert "canary-inside" not in answer.text
    assert "Le serveur ne peut pas écrire" in answer.text


@pytest.mark.parametrize(
    "path", ["/static/x/../../config.py", "/static/x/..%2f..%2fconfig.py", "/config.py", "/.git/HEAD"]
)
def test_o08_source_and_settings_are_not_served(browser: Any, entry: Any, path: str) -> None:
    assert browser().get(path).status_code == 404


def test_pages_and_files_travel_packed_and_files_are_kept_for_long(browser: Any, entry: Any) -> None:
    visitor = browser()
    page = visitor.get("/", headers={"Accept-Encoding": "gzip, deflate"})
    assert page.headers["Content-Encoding"] == "gzip"
    style = re.search(r'href="(/static/[^"]+\.css)"', visitor.get("/").text)
    assert style
    packed = visitor.get(style[1], headers={"Accept-Encoding": "br"})
    assert (packed.status_code, packed.headers["Content-Encoding"]) == (200, "br")
    assert "immutable" in packed.headers["Cache-Control"]


def test_health_needs_no_seat(browser: Any, entry: Any) -> None:
    told = browser().get("/health").json
    assert (told.keys(), told["status"]) == ({"status", "server"}, "ok")


def test_the_workbook_opens_with_a_tab_for_each_table(facilitator: Any) -> None:
    host, path = facilitator
    answer = host.get(f"{path}/exports/board.xlsx")
    assert answer.status_code == 200
    assert re.fullmatch(
        r'attachment; filename="palabre-[A-Z0-9]{6}-board\.xlsx"', answer.headers["Content-Disposition"]
    )
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    tables = [
        "Actions",
        "Groups",
        "Votes",
        "Shows of hands",
        "Comments",
        "Merged groups",
        "Action sheets",
        "Progress",
        "Notes",
        "All in one table",
    ]
    assert book.sheetnames == [*tables, "Decisions", "Charts"]
