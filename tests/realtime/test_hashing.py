"""Argon2id on a real server: while passphrases are worked out, everybody else is served, on whichever engine."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import requests

from tests.client import WAIT_S, Client
from tests.server import Server

GUESSES = 8


def guess(server: Server, statuses: list[int]) -> None:
    session = requests.Session()
    page = session.get(f"{server.url}/sign-in", timeout=WAIT_S).text
    token = re.search(r'csrf_token" value="([^"]+)"', page)
    assert token
    form = {"csrf_token": token[1], "name": "nobody here", "passphrase": "une phrase de passe"}
    statuses.append(session.post(f"{server.url}/sign-in", data=form, timeout=60).status_code)


def test_o02_while_passphrases_are_tried_the_room_goes_on(tmp_path: Path) -> None:
    """On the event loop itself, a frame could only be answered between two of them: at most once for each."""
    server = Server(tmp_path)
    server.start()
    try:
        person = Client(server.links["participants"][0]).connect()
        assert person.socket
        statuses: list[int] = []
        threads = [threading.Thread(target=guess, args=(server, statuses)) for _ in range(GUESSES)]
        for thread in threads:
            thread.start()
        answered = 0
        while any(thread.is_alive() for thread in threads):
            person.socket.call("clock", {}, timeout=WAIT_S)
            answered += 1
        person.close()
    finally:
        server.stop()
    assert statuses == [403] * GUESSES
    assert answered > 3 * GUESSES
