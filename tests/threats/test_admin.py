"""A, and what strangers could have the server do: backups in mid-round, statement logs, the roster, scripts, our own requests."""

from __future__ import annotations

import ast
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from app import backups, release
from app.boards import boards
from app.commands import show_release
from app.domain.advice import ADVICE, advice
from app.domain.records import EVERYONE
from app.exports import EXPORTS
from app.exports.workbook import workbook
from app.pages import assets
from app.pages.assets import STATIC, asset
from app.store.database import Database
from realtime.viewers import Viewer
from tests import services
from tests.keeper import Keeper
from tests.seminar import BOARD, FACILITATOR, Door
from tests.threats.workshop import Room, all_bytes, found_in

ROOT = Path(__file__).parents[2]


def test_a04_a_backup_in_mid_round_has_no_key_and_nobody_beside_a_card(
    tmp_path: Path, database_url: str
) -> None:
    room = Room(tmp_path, database_url)
    room.command("start", "post")
    words = [room.post(person, "post", "F01")[0].encode() for person in room.people]
    backups.backup(room.settings, tmp_path / "middle.zip")
    members = [(name, content) for name, content in all_bytes(tmp_path) if "middle.zip!" in name]
    assert {word for _, word in found_in(members, words)} == set(words)  # the texts are there, as decided
    gone = room.kept.gone
    # Of the tags, those of taken slots are there; without the key nobody can make them again.
    for why in ("keys", "operation ids"):
        assert found_in(members, gone[why]) == [], why
    people = [name.encode() for known in room.kept.people.values() for name in known]
    for _, content in members:
        # Of a SQLite file the pages; of a dump the rows.
        rows = content.splitlines() if "postgresql" in database_url else pages(content)
        for row in rows:
            assert not (any(n in row for n in people) and any(w in row for w in words))
    room.close()


def pages(content: bytes) -> list[bytes]:
    return [content[at : at + 4096] for at in range(0, len(content), 4096)]


@pytest.mark.parametrize(
    "setting", ["log_statement = 'all'", "log_min_duration_statement = 0", "log_transaction_sample_rate = 1"]
)
def test_a06_a_postgresql_that_logs_statements_is_found(postgres: services.Postgres, setting: str) -> None:
    """The start asks for this list and refuses when it is not empty (`wsgi.py`): no round runs on such a server at all."""
    url = postgres.new_database()
    quiet = Database(url)
    assert quiet.tells_on_people() == []
    quiet.close()
    postgres.execute(f"ALTER DATABASE {url.rsplit('/', 1)[1]} SET {setting}")
    loud = Database(url)
    assert [told.split(" = ")[0] for told in loud.tells_on_people()] == [setting.split(" = ")[0]]
    loud.close()
    postgres.drop_database(url)


def test_a07_the_roster_is_frozen_with_the_round_and_seen_by_everybody(
    tmp_path: Path, database_url: str
) -> None:
    door = Door.with_board(tmp_path, seats=6, url=database_url)
    door.command("start", "post")
    door.seats += [f"false-{n}" for n in range(30)]
    assert door.boards.view(BOARD, EVERYONE)["rounds"]["post"]["roster"] == 6
    door.command("close", "post")
    door.command("publish", "post")
    assert door.boards.view(BOARD, EVERYONE)["rounds"]["post"]["roster"] == 6
    door.command("reopen", "post", minutes=5)
    assert door.boards.view(BOARD, EVERYONE)["rounds"]["post"]["roster"] == 36
    door.database.close()


def test_a07_seats_that_are_added_are_told_to_everybody_as_a_number_and_not_while_a_round_is_sealed(
    tmp_path: Path,
) -> None:
    """On the screens, in both languages: `tests/browser/test_roster.py`."""
    keeper = Keeper(Door.with_board(tmp_path, seats=6))
    keeper.groups = {f"p{n}": (None, None) for n in range(1, 7)}
    told: list[dict[str, Any]] = []
    keeper.presence._server.emit = lambda event, data, to: told.append(data)  # type: ignore[method-assign]
    keeper.viewers.add(Viewer("s1", "h1", BOARD, EVERYONE))
    keeper.door.command("start", "post")
    keeper.presence.tick(BOARD)
    keeper.groups |= {f"false-{n}": (None, None) for n in range(30)}
    keeper.presence.tick(BOARD)
    assert [frame["seats"] for frame in told] == [6]
    keeper.door.command("close", "post")
    keeper.presence.tick(BOARD)
    assert told[-1] == {"online": 1, "frozen": False, "seats": 36}


def test_a08_a_script_is_addressed_by_its_hash_and_the_limit_is_stated(app: Any) -> None:
    """SRI does not apply: page and script come from one server, and whoever changes one changes the other (docs/security.md)."""
    with app.test_request_context():
        for path in sorted((STATIC / "dist").glob("*.js")):
            served = app.test_client().get(asset(path.name))
            assert served.data == path.read_bytes()
            assert hashlib.sha256(served.data).hexdigest()[:10] in asset(path.name)
    assert "A server with changed code" in (ROOT / "docs/security.md").read_text()


def test_a08_the_hashes_of_all_that_browsers_are_sent_are_published_and_shown(app: Any) -> None:
    """Committed in the form of sha256sum, and the same on a page, to a program and at the terminal."""
    subprocess.run(["sha256sum", "--check", "--quiet", "--strict", release.FILE], cwd=STATIC, check=True)
    asked = app.test_client()
    listed = asked.get("/release.sha256").text
    assert listed == (STATIC / release.FILE).read_text(encoding="utf-8")
    page = asked.get("/release", headers={"Accept-Language": "en"}).text
    for line in listed.splitlines():
        digest, name = line.split("  ")
        assert digest in page and name in page
        sent = asked.get(asset(name.removeprefix("dist/"))).data
        assert hashlib.sha256(sent).hexdigest() == digest, name
    assert (
        hashlib.sha256(listed.encode()).hexdigest() in page and "All files are those of the release." in page
    )
    told = CliRunner().invoke(show_release)
    assert told.exit_code == 0 and listed in told.output


@pytest.mark.parametrize("altered", ["dist/board.js", "dist/spy.js", "img/favicon.svg"])
def test_a08_one_byte_that_was_changed_is_told(
    app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, altered: str
) -> None:
    """A script with another letter, one that was slipped in, a picture: named on the page, and the command ends with an error."""
    static = tmp_path / "static"
    shutil.copytree(STATIC, static)
    content = (static / altered).read_bytes() if (static / altered).exists() else b""
    (static / altered).write_bytes(content[:-1] + b"!")
    monkeypatch.setattr(release, "STATIC", static)
    monkeypatch.setattr(assets, "STATIC", static)
    asked = app.test_client()
    sent = asked.get(asset(altered.removeprefix("dist/"))).data
    assert f"{hashlib.sha256(sent).hexdigest()}  {altered}" in asked.get("/release.sha256").text
    page = asked.get("/release", headers={"Accept-Language": "en"}).text
    assert f"Some files are not those of the release:</strong> <code>{altered}</code>" in page
    told = CliRunner().invoke(show_release)
    assert told.exit_code == 1 and f"Not as in release.sha256: {altered}" in told.output


# --- O05: the server asks nobody for anything ---

CLIENTS = {"requests", "urllib.request", "http.client", "urllib3", "httpx", "aiohttp", "ftplib", "smtplib"}


# The self-test's own process, which asks this server and a throw-away one.
ALONE = ("app.selftest.run", "app.selftest.measures", "app.selftest.phone", "app.selftest.phones")


def test_o05_no_module_that_serves_people_can_ask_for_an_address() -> None:
    alone = {ROOT / f"{name.replace('.', '/')}.py" for name in ALONE}
    for path in sorted({*(ROOT / "app").rglob("*.py")} - alone):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name in CLIENTS], path


def test_o05_a_server_never_loads_what_only_the_self_test_may(tmp_path: Path) -> None:
    """With every page and command registered, as when it serves."""
    loaded = (
        "import sys, config; from app.factory import create_app; create_app(config.from_environment());"
        "print(*sys.modules)"
    )
    environment = {
        **os.environ,
        "PALABRE_DATA": str(tmp_path),
        "PALABRE_VOLATILE": str(tmp_path / "volatile"),
    }
    done = subprocess.run(
        [sys.executable, "-c", loaded], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    modules = done.stdout.split()
    assert "app.pages.selftest" in modules, done.stderr
    assert not set(ALONE) & set(modules)


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server of ours that writes down who asks it for something."""
    asked: list[str] = []

    class Listen(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

    server = HTTPServer(("127.0.0.1", 0), Listen)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/canary", asked
    server.shutdown()
    server.server_close()


MARKS = [
    "{{7*7}}",
    "${7*7}",
    "#{7*7}",
    "%s %n %(x)s {0}",
    "<!ENTITY x SYSTEM 'file:///etc/passwd'>",
    "&amp;&x;",
    "]]>",
    "#eval(1)",
]


def test_o05_c07_addresses_and_marks_in_texts_are_words_to_every_export(
    tmp_path: Path, listener: tuple[str, list[str]]
) -> None:
    address, asked = listener
    room = Room(tmp_path)
    room.command("start", "post")
    words = [*MARKS, f"<img src='{address}'>", f'=IMAGE("{address}")', f"![x]({address})"]
    for person, word in zip(room.people, words, strict=False):
        room.post(person, "post", "F01", word)
    room.command("close", "post")
    room.command("publish", "post")
    with room.app.test_request_context():
        state = boards.view(room.board, EVERYONE)
        told = EXPORTS["cards"].csv(state, "fr", "plain")
        made = workbook(state, "fr", {name: name for name in (*EXPORTS, "charts", "decisions")})
    sheet = openpyxl.load_workbook(io.BytesIO(made))["cards"]
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    for word in MARKS:
        assert f"Action {word}" in cells
        assert word.replace('"', '""') in told
    assert "49" not in cells and asked == []
    room.close()


def test_p11_a_text_that_names_somebody_is_warned_of_and_held_without_its_author(tmp_path: Path) -> None:
    """The browser warns before it sends, from patterns that the contract carries (their use: `tests/browser`, `test_advice.py`)."""
    assert {"email", "phone", "person", "accusation"} <= set(
        advice("Le directeur de X est un voleur, joindre a@b.ne ou 96 12 34 56")
    )
    contract = (ROOT / "app/static/js/contract-later.js").read_text(encoding="utf-8")
    for one in ADVICE:
        assert json.dumps(one.pattern, ensure_ascii=False) in contract, one.code
    door = Door.with_board(tmp_path)
    cards = door.publish_cards("Jean D. appelle le 96 12 34 56", "un", "deux", "trois", "quatre")
    door.do(FACILITATOR, "card.hold", card=cards[0], reason="nomme une personne")
    held = door.boards.view(BOARD, {"all", "staff"})["cards"][cards[0]]
    assert held["state"] == "held" and not any(name in str(held) for name in ("p1", "p2", "p3", "p4", "p5"))
