"""N01, S27: with PALABRE_HTTPS=1 nothing is served on a plain address; on one, the administrator is told."""

from __future__ import annotations

import re
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import socketio
from click.testing import CliRunner
from cryptography import x509

from app import codes, seats, workshops
from app.commands import certificate
from app.store import workshops as workshop_rows
from tests.application import application
from tests.client import Client
from tests.server import Server

PUBLIC = "https://palabre.example"


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[Any]:
    """A browser of an application that lies behind a proxy with TLS."""
    with application(tmp_path, PALABRE_HTTPS="1", PALABRE_URL=PUBLIC) as made:
        workshops.ensure_demo(made)
        yield made


def ask(app: Any, path: str, forwarded: str | None, method: str = "GET", **more: Any) -> Any:
    headers = {"X-Forwarded-Proto": forwarded} if forwarded else {}
    return app.test_client(use_cookies=False).open(
        path, method=method, base_url="http://palabre.example", headers=headers, **more
    )


@pytest.mark.parametrize("forwarded", [None, "http", "https, http"])
@pytest.mark.parametrize("path", ["/", "/join/ABC?seat=X%20Y", "/b/0/console", "/nowhere"])
def test_n01_a_plain_request_is_redirected_before_any_cookie(
    behind: Any, path: str, forwarded: str | None
) -> None:
    for method in ("GET", "POST"):
        answer = ask(behind, path, forwarded, method)
        assert answer.status_code == 308
        assert answer.headers["Location"] == PUBLIC + path
        assert "Set-Cookie" not in answer.headers and answer.data == b""


def test_n01_a_foreign_host_is_redirected_to_our_own_address(behind: Any) -> None:
    answer = behind.test_client().get("/x", base_url="http://evil.example")
    assert answer.headers["Location"] == f"{PUBLIC}/x"


def test_n01_whoever_watches_the_server_on_its_own_machine_is_answered(behind: Any) -> None:
    answer = ask(behind, "/health", None)
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers


def test_n01_s27_behind_tls_every_cookie_is_ours_alone(behind: Any) -> None:
    """`__Host-`: no other name of the same domain, and no plain address, can set it in our place."""
    participant = next(p for p in seats.members_of(demo()) if p.role == "participant")
    answer = ask(behind, f"/l/{codes.link_token(participant)}", "https")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-palabre=")
    for said in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert said in cookie
    assert "Domain" not in cookie
    assert re.match(r"max-age=\d{8}", answer.headers["Strict-Transport-Security"])


def demo() -> Any:
    found = seats.read(workshop_rows.demo_workshop)
    assert found
    return found


def test_s27_behind_tls_a_form_needs_its_token_and_no_referer(behind: Any) -> None:
    client, place = behind.test_client(), "https://palabre.example"
    headers = {"X-Forwarded-Proto": "https"}
    token = re.search(r'csrf_token" value="([^"]+)"', client.get("/", base_url=place, headers=headers).text)
    assert token

    def send(**form: str) -> int:
        answer = client.post("/join", base_url=place, data={"code": demo().code, **form}, headers=headers)
        return int(answer.status_code)

    assert send() == 400
    assert send(csrf_token=token[1]) == 303


@pytest.mark.parametrize(
    ("place", "told"), [("http://192.168.8.2:5000", True), ("http://127.0.0.1:5000", False)]
)
def test_n01_on_a_plain_address_of_the_room_the_administrator_is_offered_a_certificate(
    app: Any, entry: Any, place: str, told: bool
) -> None:
    client = app.test_client()
    entered = client.get(entry["links"]["administrator"], base_url=place)
    page = client.get(entered.location, base_url=place, headers={"Accept-Language": "en"}).text
    assert ("app.commands certificate" in page) is told


# --- a real server with a local certificate ---


@pytest.fixture(scope="module", params=["eventlet", "gevent"])
def secured(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, Path]]:
    folder = tmp_path_factory.mktemp("tls")
    made = certificate_in(folder)
    (folder / "data").mkdir()
    environment = {"PALABRE_CERTIFICATE": str(made), "PALABRE_ENGINE": request.param}
    server = Server(folder / "data", environment=environment, root=made / "root.pem")
    server.start()
    yield server, made
    server.stop()


def certificate_in(folder: Path) -> Path:
    """As an operator makes it, at the terminal."""
    told = subprocess.run(
        [sys.executable, "-m", "app.commands", "certificate", str(folder / "made")],
        cwd=Path(__file__).parents[2],
        env={"PALABRE_DATA": str(folder / "other"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "127.0.0.1" in told
    assert re.search(r"([0-9A-F]{2}:){31}[0-9A-F]{2}", told), "the fingerprint to compare"
    assert (folder / "made" / "key.pem").stat().st_mode & 0o077 == 0
    return folder / "made"


def test_n01_with_a_local_certificate_pages_and_sockets_go_over_tls(secured: tuple[Server, Path]) -> None:
    server, made = secured
    session = requests.Session()
    session.trust_env, session.verify = False, str(made / "root.pem")
    client = Client(server.links["participants"][0], session=session).connect()
    assert client.base.startswith("https://")
    assert any(cookie.name == "__Host-palabre" and cookie.secure for cookie in session.cookies)
    assert client.welcome
    client.close()


def test_n01_a_caller_that_says_nothing_or_half_a_greeting_keeps_nobody_out_and_leaves_no_trace(
    secured: tuple[Server, Path],
) -> None:
    server, made = secured
    before = server.log.read_text()
    silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(30)]
    for number, one in enumerate(silent):
        one.sendall((b"", b"\x16", b"\x16\x03\x01\x02\x00\x01", b"G", b"\x00")[number % 5])
    session = requests.Session()
    session.trust_env, session.verify = False, str(made / "root.pem")
    assert session.get(f"{server.url}/health", timeout=10).ok
    for one in silent:
        one.close()
    assert session.get(f"{server.url}/health", timeout=10).ok
    assert server.log.read_text() == before


@pytest.mark.parametrize("claimed", [{}, {"X-Forwarded-Proto": "https"}])
def test_n01_an_address_typed_without_https_leads_to_the_secure_one_on_the_same_port(
    secured: tuple[Server, Path], claimed: dict[str, str]
) -> None:
    server, made = secured
    plain = server.url.replace("https", "http", 1)
    session = requests.Session()
    session.trust_env, session.verify = False, str(made / "root.pem")
    for method in ("GET", "POST"):
        answer = session.request(
            method,
            f"{plain}/join?x=1",
            headers=claimed,
            data={"code": "A"},
            allow_redirects=False,
            timeout=10,
        )
        assert (answer.status_code, answer.content) == (308, b"")
        assert answer.headers["Location"] == f"{server.url}/join?x=1"
        assert "Set-Cookie" not in answer.headers
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", **claimed}
    asked = session.get(f"{plain}/socket.io/?EIO=4&transport=polling", headers=upgrade, timeout=10)
    assert asked.status_code == 403
    page = session.get(plain, timeout=10)
    assert page.ok and page.url == f"{server.url}/"


def test_n01_who_does_not_trust_the_root_is_warned(secured: tuple[Server, Path]) -> None:
    server, _ = secured
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(server.url, timeout=10)


def test_n01_the_root_vouches_for_this_server_alone_and_its_key_is_nowhere(
    secured: tuple[Server, Path],
) -> None:
    _, made = secured
    root = x509.load_pem_x509_certificate((made / "root.pem").read_bytes())
    limits = root.extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical and limits.value.permitted_subtrees
    assert sorted(path.name for path in made.iterdir()) == ["certificate.pem", "key.pem", "root.pem"]
    key = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    with pytest.raises(ssl.SSLError):
        key.load_cert_chain(made / "root.pem", made / "key.pem")


def test_a_name_that_no_certificate_can_hold_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    asked = [str(tmp_path / "made"), "--name", "pâlabre.lan"]
    told = CliRunner(env={"PALABRE_DATA": str(tmp_path / "data")}).invoke(certificate, asked)
    assert told.exit_code == 1 and "No certificate can hold" in told.output
    assert not (tmp_path / "made").exists()


# --- a real server that no proxy protects ---


def test_n01_a_plain_websocket_is_refused(tmp_path: Path) -> None:
    server = Server(tmp_path, environment={"PALABRE_HTTPS": "1", "PALABRE_URL": PUBLIC})
    server.start()
    try:
        client = socketio.Client(reconnection=False)
        with pytest.raises(socketio.exceptions.ConnectionError):
            client.connect(server.url, transports=["websocket"], wait_timeout=5)
        for upgrade in ({}, {"Upgrade": "websocket", "Connection": "Upgrade"}):
            path = f"{server.url}/socket.io/?EIO=4&transport=polling"
            assert requests.get(path, headers=upgrade, timeout=10).status_code == 403
    finally:
        server.stop()
