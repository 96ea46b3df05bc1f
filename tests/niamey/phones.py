"""One phone that several people use: each seat behind its person's PIN, one of them open at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import requests

from tests.client import WAIT_S, Client, config_of

PIN = "4711"


class SharedPhone:
    """A browser that holds the seats of several people."""

    def __init__(self, links: Mapping[str, str]) -> None:
        self.session = requests.Session()
        self.people = list(links)
        self.handles: dict[str, str] = {}
        for person, link in links.items():
            config, self._base = config_of(self.session.get(link, timeout=WAIT_S))
            self.handles[person] = config["handle"]
            chosen = self.session.post(
                f"{self._base}/b/{config['handle']}/pin",
                json={"pin": PIN},
                headers={"X-CSRFToken": config["csrf"]},
                timeout=WAIT_S,
            )
            chosen.raise_for_status()
            self._pass_on(person)

    def _token(self) -> str:
        found = re.search(
            r'name="csrf_token" value="([^"]+)"', self.session.get(self._base, timeout=WAIT_S).text
        )
        assert found
        return found[1]

    def _pass_on(self, person: str) -> None:
        handle = self.handles[person]
        form = {"csrf_token": self._token(), "wait": "1"}
        self.session.post(f"{self._base}/b/{handle}/leave", data=form, timeout=WAIT_S).raise_for_status()
        # Whoever has it now does not get into the seat before.
        closed = self.session.get(f"{self._base}/b/{handle}/", timeout=WAIT_S, allow_redirects=False)
        assert closed.is_redirect

    @contextmanager
    def turn(self, person: str) -> Iterator[Client]:
        """The phone in one person's hands."""
        handle = self.handles[person]
        form = {"csrf_token": self._token(), "pin": PIN}
        opened = self.session.post(f"{self._base}/unlock/{handle}", data=form, timeout=WAIT_S)
        opened.raise_for_status()
        client = Client(f"{self._base}/b/{handle}/", session=self.session).connect()
        try:
            yield client
        finally:
            client.close()
            self._pass_on(person)
