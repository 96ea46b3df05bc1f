"""D01-D06, A02, P14: a small workshop on two workers, PostgreSQL and Redis, one of its people in a real browser with a profile on
the disk; every word and secret is a canary. Then all bytes are looked through that lie about while everything still runs.

What SQLite, exports and backups keep is looked through in `tests/threats/test_durable.py`.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.store import mixing
from tests import services
from tests.browser.conftest import FLAGS, VIEWPORTS
from tests.browser.held import HELD
from tests.client import Client, card, op
from tests.cluster import Cluster
from tests.not_run import or_skip
from tests.threats.workshop import all_bytes, canary, found_in, spearman
from tools.chromium import find_or_install

ROUND, VOTE = "B1", "A5"
SEATS, CARDS_EACH = 12, 3
# Said to Redis by ourselves: the search finds letters and bytes there.
CONTROL = b"words and \xfe\x00\x07 bytes"
TOLD, QUIET_S = 50, 60
WORD = re.compile(rb"carte-[a-p]{16}")


class Tapped:
    """Everything that anybody says to a Redis, as its MONITOR tells it: values, keys and what is published."""

    def __init__(self, url: str) -> None:
        at = urlsplit(url)
        self._socket = socket.create_connection((at.hostname, at.port))
        self._socket.sendall(f"AUTH {at.password}\r\nMONITOR\r\n".encode())
        self._heard = b""
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        with suppress(OSError):
            while read := self._socket.recv(65536):
                self._heard += read

    def heard(self, word: bytes) -> int:
        return self._heard.count(word)

    def stop(self) -> bytes:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()
        # Bytes that are no letters are written as \xab.
        return self._heard.decode("unicode_escape").encode("latin-1")


def held_by(redis: Any) -> bytes:
    """All that a Redis holds, keys and values as it would dump them."""
    return b"\n".join(key + b" " + (redis.dump(key) or b"") for key in redis.scan_iter(count=1000))


class Left:
    """The workshop, and afterwards the places in which its bytes lie."""

    def __init__(self, folder: Path, chromium: Browser) -> None:
        self.folder, self.chromium = folder, chromium
        self.cluster = Cluster(folder)
        self.cluster.postgres.execute("ALTER SYSTEM SET wal_recycle = off")  # as docs/operations.md asks
        self.cluster.postgres.execute("SELECT pg_reload_conf()")
        self.cluster.start()
        self.database = self.cluster.database.rsplit("/", 1)[1]
        self.gone: dict[str, list[bytes]] = {}
        self.words: list[str] = []  # published, in the order in which they came
        self.handles: list[bytes] = []
        self.lay: list[str] = []  # the same, as they lay in the urn while the round ran

    def must_go(self, why: str, *words: str) -> None:
        for word in words:
            raw = [bytes.fromhex(word)] if re.fullmatch(r"([0-9a-f]{2}){16,}", word) else []
            self.gone.setdefault(why, []).extend([word.encode(), *raw])

    def run(self) -> None:
        tapped = Tapped(self.cluster.redis.url)
        links = [self.cluster.participants(n % 2)[n] for n in range(1, SEATS)]
        self.people = [Client(link).connect() for link in links]
        self.chair = Client(self.cluster.link("facilitator", 0)).connect()
        context = self._browser()
        page = context.new_page()
        page.goto(self.cluster.participants()[0])
        self._vote(page)
        self._write(page)
        self.held = page.evaluate(HELD)
        # The workers go on telling each other what they know: so many, however fast the round went.
        until = time.monotonic() + QUIET_S
        while tapped.heard(b"palabre:") <= TOLD and time.monotonic() < until:
            time.sleep(0.1)
        self.cluster.redis.client.publish("control", CONTROL)
        self.traffic = tapped.stop()
        self.in_redis = held_by(self.cluster.redis.client)
        for client in (self.chair, *self.people):
            self.must_go("cookies", client.session.cookies["palabre"])
            self.handles.append(client.page["handle"].encode())  # the name of a session's row
            client.close()
        context.close()

    def _browser(self) -> BrowserContext:
        """A person's own: everything that a real profile keeps on the disk."""
        width, height = VIEWPORTS["phone"]
        return self.chromium.browser_type.launch_persistent_context(
            self.folder / "profile",
            executable_path=find_or_install(),
            args=FLAGS,
            locale="en-GB",
            viewport={"width": width, "height": height},
        )

    def _send(self, person: Client, kind: str, **payload: Any) -> None:
        sent = op(kind, **payload)
        self.must_go("operation ids", sent["id"])
        (answer,) = person.send(sent)
        assert answer.get("sealed"), answer

    def in_profile(self, *words: str) -> list[tuple[str, bytes]]:
        """Where these words lie on the disk of the person's own device."""
        wanted = [word.encode(how) for word in words for how in ("utf-8", "utf-16-le")]
        return found_in(list(all_bytes(self.folder / "profile")), wanted)

    def _vote(self, page: Page) -> None:
        self.chair.command("start", VOTE)
        round_ = self.chair.round(VOTE)
        factors = sorted(self.chair.replica.tables["factors"])
        for n, person in enumerate(self.people):
            scores = {factor: 1 + (n + place) % 5 for place, factor in enumerate(factors)}
            at = {"round": VOTE, "epoch": round_["epoch"], "revision": 1}
            self._send(person, "ballot.cast", **at, choices=scores)
        self._keys()
        self.chair.command("close", VOTE)
        self.chair.command("publish", VOTE)

    def _keys(self) -> None:
        """The keys of the urns that are open now."""
        files = [path for path in (self.folder / "volatile").iterdir() if path.is_file()]
        assert files
        for path in files:
            self.must_go("keys", path.read_bytes().hex())

    def _write(self, page: Page) -> None:
        self.chair.command("start", ROUND)
        own, draft, taken_back = (canary("carte") for _ in range(3))
        box = page.locator("#board-foot textarea")
        for word in (own, taken_back):
            box.fill(f"Action {word}")
            box.press("Control+Enter")
            expect(page.locator(".card-own").filter(has_text=word)).to_contain_text("In the urn")
        self.words.append(own)
        page.locator(".card-own").filter(has_text=taken_back).locator("[data-act=withdraw]").click()
        expect(page.locator(".card-own").filter(has_text=taken_back)).to_have_count(0)
        box.fill(f"Jamais envoyé {draft}")
        self.own, self.never_shown = own, [taken_back, draft]
        self.must_go("withdrawn words and drafts", taken_back, draft)
        for turn in range(CARDS_EACH):
            for person in self.people:
                self._post(person, f"{turn}")
        self.lay = self._look_inside()
        self._keys()
        assert own in page.evaluate(HELD)
        assert self.in_profile(own), "the search finds what is there"
        box.fill("")
        self.chair.command("close", ROUND)
        self.chair.command("publish", ROUND)
        expect(page.get_by_text(own)).to_be_visible()

    def _post(self, person: Client, turn: str) -> None:
        person.wait(lambda: person.round(ROUND)["state"] == "running")
        round_, word = person.round(ROUND), canary("carte")
        assert person.welcome
        factors = (round_["scope"] or {}).get(person.welcome["you"]["table"]) or round_["factors"]
        payload = card(round_, factors[0], f"Action {word}")
        self.must_go("secrets", payload["secret_hash"])
        self._send(person, "card.post", **payload)
        self.words.append(word)

    def secrets(self) -> list[bytes]:
        """What no log and no Redis may ever have: all words, and whatever names somebody or something of theirs."""
        gone = (word for words in self.gone.values() for word in words)
        return [*(word.encode() for word in self.words), *self.handles, *gone]

    def _look_inside(self) -> list[str]:
        """The cards of the round that runs as they lie in its urn, once the server has mixed it."""

        def asked(query: str) -> list[Any]:
            return [row[0] for row in self.cluster.postgres.execute(query, database=self.database)]

        for table in mixing.TABLES:
            hands = f"SELECT count(DISTINCT xmin::text) FROM {table}"
            services.wait_until(lambda hands=hands: asked(hands)[0] <= 1, f"{table}, mixed")
        bodies = [
            bytes(body)
            for body in asked("SELECT body FROM urn_texts WHERE what = 'card' AND state = 'in' ORDER BY ctid")
        ]
        return [found[0].decode() for body in bodies if (found := WORD.search(body))]

    def places(self) -> list[tuple[str, bytes]]:
        """Server side: data folder, logs, nginx, Redis' folder, the heap and WAL of PostgreSQL, and its log."""
        data = Path(self.cluster.postgres.data)
        ((oid,),) = self.cluster.postgres.execute(
            "SELECT oid::text FROM pg_database WHERE datname = %s", self.database
        )
        ours = [self.folder / name for name in ("data", "volatile", "worker-1", "worker-2", "nginx")]
        inside = [path for path in data.iterdir() if path.is_dir() and path.name != "base"]
        found = [*all_bytes(*ours, data / "base" / oid, *inside)]
        return [*found, ("postgresql's log", (data.parent / "log").read_bytes()), ("rows", self.rows())]

    def rows(self) -> bytes:
        """Every row of every table: in the files long values are packed."""
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        values = [
            value
            for (table,) in self.cluster.postgres.execute(tables, database=self.database)
            for row in self.cluster.postgres.execute(f'SELECT * FROM "{table}"', database=self.database)
            for value in row
        ]
        return b"\n".join(v if isinstance(v, bytes) else str(v).encode() for v in values)


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Left]:
    with or_skip():
        made = Left(tmp_path_factory.mktemp("traces"), chromium)
    with made.cluster:
        made.run()
        yield made


def test_d01_d02_on_two_workers_no_secret_key_or_word_taken_back_is_anywhere(left: Left) -> None:
    places = left.places()
    assert any("pg_wal" in name for name, _ in places) and any("server.log" in name for name, _ in places)
    # The search can find: what was published is in the database.
    words = [word.encode() for word in left.words]
    assert {word for _, word in found_in(places, words)} == set(words)
    for why, wanted in left.gone.items():
        assert wanted
        assert found_in(places, wanted) == [], why


def test_d06_nothing_anybody_wrote_or_is_known_by_goes_through_redis_or_stays_there(left: Left) -> None:
    """Heads and reports are published there, under the server's secret; the key of an urn lies there sealed, and leaves with it."""
    assert CONTROL in left.traffic and left.traffic.count(b"palabre:") > TOLD, "we listened"
    secret = (left.folder / "data/secret").read_bytes()
    both = [("traffic", left.traffic), ("held", left.in_redis)]
    assert found_in(both, [*left.secrets(), secret]) == []
    assert left.cluster.redis.client.config_get("save") == {"save": ""}


def test_a02_no_log_of_a_worker_of_nginx_or_of_a_server_names_anything(left: Left) -> None:
    logs = [(name, content) for name, content in left.places() if name.endswith(("log", "stderr", "stdout"))]
    assert len(logs) >= 4
    said = [(name, content.rpartition(b"Ctrl+C")[2]) for name, content in logs]
    assert found_in(said, left.secrets()) == []


def test_d03_while_the_round_ran_its_rows_lay_in_no_order(left: Left) -> None:
    """Thirty-four cards: two thirds is four standard deviations; before they are mixed it is 1 (test_durable.py)."""
    assert sorted(left.lay) == sorted(left.words)
    assert abs(spearman(left.words, left.lay)) < 0.66


def test_p14_after_the_publication_the_persons_own_browser_knows_no_text_of_theirs(left: Left) -> None:
    for word in (left.own, *left.never_shown):
        assert word not in left.held
    # Of its files, those of the storage alone have bytes left that it deleted and has not tidied up (docs/security.md); none of the
    # browser's own has any: no field's text for the next start, no page, no address.
    files = {name for name, _ in left.in_profile(left.own, *left.never_shown)}
    assert [name for name in files if ".indexeddb.leveldb/" not in name] == []
