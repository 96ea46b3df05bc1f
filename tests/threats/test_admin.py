"""A, and what strangers could have the server do: backups in mid-round, statement logs, the roster, scripts, our own requests."""

from __future__ import annotations

import ast
import hashlib
import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app import backups
from app.boards import boards
from app.domain.advice import ADVICE, advice
from app.domain.records import EVERYONE
from app.exports import EXPORTS
from app.exports.workbook import workbook
from app.pages.assets import STATIC, asset
from app.store.database import Database
from tests import cluster, services
from tests.seminar import BOARD, FACILITATOR, Door
from tests.threats.workshop import Room, all_bytes, found_in

ROOT = Path(__file__).parents[2]


def test_a04_a_backup_in_mid_round_has_no_key_and_nobody_beside_a_card(tmp_path: Path) -> None:
    room = Room(tmp_path)
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
        for at in range(0, len(content), 4096):
            page = content[at : at + 4096]
            assert not (any(n in page for n in people) and any(w in page for w in words))
    room.close()


@pytest.fixture
def postgres() -> services.Postgres:
    try:
        return cluster.postgres()
    except services.Missing as missing:
        pytest.skip(f"not run: {missing}")


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


def test_a07_the_roster_is_frozen_with_the_round_and_seen_by_everybody(tmp_path: Path) -> None:
    door = Door.with_board(tmp_path, seats=6)
    door.command("start", "post")
    door.seats += [f"false-{n}" for n in range(30)]
    assert door.boards.view(BOARD, EVERYONE)["rounds"]["post"]["roster"] == 6
    door.command("close", "post")
    door.command("publish", "post")
    assert door.boards.view(BOARD, EVERYONE)["rounds"]["post"]["roster"] == 6
    door.command("reopen", "post", minutes=5)
    assert door.boards.view(BOARD, EVERYONE)["rounds"]["post"]["roster"] == 36


def test_a08_a_script_is_addressed_by_its_hash_and_the_limit_is_stated(app: Any) -> None:
    """SRI does not apply: page and script come from one server, and whoever changes one changes the other (docs/security.md)."""
    with app.test_request_context():
        for path in sorted((STATIC / "dist").glob("*.js")):
            served = app.test_client().get(asset(path.name))
            assert served.data == path.read_bytes()
            assert hashlib.sha256(served.data).hexdigest()[:10] in asset(path.name)
    assert "A server with changed code" in (ROOT / "docs/security.md").read_text()


# --- O05: the server asks nobody for anything ---

CLIENTS = {"requests", "urllib.request", "http.client", "urllib3", "httpx", "aiohttp", "ftplib", "smtplib"}


def test_o05_no_module_that_serves_people_can_ask_for_an_address() -> None:
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name in CLIENTS], path


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
        made = workbook(state, "fr", {name: name for name in (*EXPORTS, "charts")})
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
