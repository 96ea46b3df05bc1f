"""What stands in front of two workers: nginx with the very site file of deploy/, with TLS and a certificate of our own making."""

from __future__ import annotations

import datetime
import re
import shutil
import ssl
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import socketio
from requests.adapters import HTTPAdapter

from app import certificates
from tests.client import WAIT_S, Client
from tests.cluster import Cluster
from tests.not_run import or_skip
from tests.realtime.writing import write_a_round

WRITERS = 6
# Of the loopback network, and nobody else's: where the people of these tests come from.
FROM = "127.0.0.77"


class Public(Cluster):
    """Two workers behind TLS."""

    def __init__(self, folder: Path) -> None:
        made = certificates.make(folder / "tls", ["127.0.0.1"], datetime.datetime.now(datetime.UTC))
        self.root = str(made.folder / certificates.ROOT)
        super().__init__(folder, certificate=made.folder)

    def browser(self) -> requests.Session:
        """Trusts our root alone."""
        session = requests.Session()
        session.trust_env, session.verify = False, self.root
        for scheme in ("http://", "https://"):
            session.mount(scheme, _From())
        return session

    def facilitator(self) -> Client:
        return Client(self.link("facilitator"), session=self.browser())

    def writers(self, **more: Any) -> list[Client]:
        return [Client(link, session=self.browser(), **more) for link in self.participants()[:WRITERS]]


class _From(HTTPAdapter):
    """Comes from an address that one can look for."""

    def init_poolmanager(self, *arguments: Any, **more: Any) -> None:
        super().init_poolmanager(*arguments, source_address=(FROM, 0), **more)  # type: ignore[no-untyped-call]


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Public]:
    with or_skip():
        made = Public(tmp_path_factory.mktemp("public"))
    with made:
        yield made.start()


def codes_of(facilitator: Client) -> list[str]:
    sheets = facilitator.session.get(f"{facilitator.base}{facilitator.page['urls']['people']}/sheets")
    found: list[str] = re.findall(r'class="code"[^>]*>\s*([0-9A-Z-]{9,})\s*<', sheets.text)
    return found


def test_n01_s27_behind_tls_people_come_in_write_and_see_what_is_published(public: Public) -> None:
    facilitator = public.facilitator().connect()
    join, codes = facilitator.page["join"]["url"], codes_of(facilitator)
    assert join.startswith("https://")
    writers = [Client.with_code(join, code, public.browser()).connect() for code in codes[:WRITERS]]
    for client in (facilitator, *writers):
        cookie = next(one for one in client.session.cookies if one.name == "__Host-palabre")
        assert cookie.secure and cookie.path == "/" and not cookie.domain_specified
        assert client.socket and client.socket.eio.current_transport == "websocket"
        assert isinstance(client.socket.eio.ws.sock, ssl.SSLSocket)
    assert "worker" not in {one.name for client in writers for one in client.session.cookies}
    write_a_round(facilitator, writers, "B1")
    for client in (facilitator, *writers):
        client.close()


def test_n01_a_plain_address_leads_to_the_secure_one_before_any_cookie(public: Public) -> None:
    path = "/join/ABC?seat=X%20Y"
    answer = public.browser().get(public.nginx.plain_url + path, allow_redirects=False, timeout=WAIT_S)
    assert (answer.status_code, answer.headers["Location"]) == (301, f"https://127.0.0.1{path}")
    assert "Set-Cookie" not in answer.headers
    secure = public.browser().get(public.url, timeout=WAIT_S)
    assert secure.ok and "Strict-Transport-Security" in secure.headers


def test_whoever_can_only_poll_comes_in_writes_and_sees_the_others(public: Public) -> None:
    facilitator = public.facilitator().connect()
    writers = [writer.connect() for writer in public.writers(transports=["polling"])]
    write_a_round(facilitator, writers, "B3")
    for writer in writers:
        (mark,) = [one for one in writer.session.cookies if one.name == "worker"]
        assert mark.secure and mark.path == "/socket.io/" and re.fullmatch("[0-9a-f]{32}", mark.value or "")
        writer.close()
    assert len({one.session.cookies.get("worker") for one in writers}) == WRITERS
    facilitator.close()


def test_d04_what_people_send_never_lies_in_a_file_of_nginx(public: Public) -> None:
    """Its folder for bodies is gone: whatever it would put there fails."""
    bodies = public.nginx.folder / "client_body"
    shutil.rmtree(bodies)
    try:
        answer = public.browser().post(f"{public.url}/join", data={"code": "A" * 60_000}, timeout=WAIT_S)
        assert answer.status_code == 400, "it came to a worker, and had no token"
    finally:
        bodies.mkdir()


def test_s08_a02_d04_no_log_says_who_came_from_where_or_by_which_link(public: Public) -> None:
    """While the workers are restarted one after the other, nginx meets refusals, which it would tell with address and request."""
    facilitator = public.facilitator().connect()
    code, token = codes_of(facilitator)[20], public.participants()[20].rpartition("/")[2]
    join = urlsplit(facilitator.page["join"]["url"]).path
    clients = [facilitator, *(writer.connect() for writer in public.writers())]
    for worker in public.workers:
        worker.stop()
        fallen = [client for client in clients if not is_answered(client)]
        assert worker is not public.workers[0] or 0 < len(fallen) < len(clients), "one worker has them all"
        for client in fallen:
            client.connect()
        for base in (public.url, public.nginx.plain_url):
            for path in (f"/l/{token}", f"{join}?seat={code}", "/nowhere"):
                public.browser().get(base + path, allow_redirects=False, timeout=WAIT_S)
        worker.start()
    secrets = [FROM, token, code, code.replace("-", ""), *(client.page["handle"] for client in clients)]
    for client in clients:
        client.close()
    assert "start worker process" in public.nginx.logs, "nginx logs nothing at all: this proves nothing"
    assert [secret for secret in (*secrets, join) if secret in public.nginx.logs] == []
    # The workshop's own code is on the wall, and told where a server is started by hand.
    told = "".join(worker.log.read_text() for worker in public.workers)
    assert [secret for secret in secrets if secret in told] == []


def is_answered(client: Client) -> bool:
    """Whether its worker still lives."""
    client.welcome = None
    with suppress(socketio.exceptions.SocketIOError):
        client.hello(client.replica.head, client.replica.generation)
    client.wait(lambda: client.welcome or client.fallen)
    return not client.fallen
