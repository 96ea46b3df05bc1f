"""An application over a database of the test's own, with the Niamey demo, and browsers that visit it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextvars import Context
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import seats, sessions, workshops
from app.store import workshops as workshop_rows
from app.store.people import Person
from app.store.workshops import Workshop
from tests.application import application

PLACE = "http://127.0.0.1:5000"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with application(tmp_path, PALABRE_HOST="127.0.0.1") as made:
        yield made


@pytest.fixture
def entry(app: Flask) -> dict[str, Any]:
    """The demo's code and links, as the terminal prints them."""
    return workshops.ensure_demo(app)


@pytest.fixture
def demo(entry: dict[str, Any]) -> Workshop:
    found = seats.read(workshop_rows.demo_workshop)
    assert found
    return found


@pytest.fixture
def cuts() -> Iterator[list[tuple[str, str]]]:
    """The sessions that were cut, and why: what the live side is told."""
    told: list[tuple[str, str]] = []

    def listen(handle: str, reason: str) -> None:
        told.append((handle, reason))

    sessions.on_cut.append(listen)
    yield told
    sessions.on_cut.remove(listen)


class Browser:
    """One browser with its cookies. Posts with the token that its pages carry."""

    def __init__(self, client: FlaskClient, language: str = "en") -> None:
        self.client = client
        self.headers = {"Accept-Language": language}

    def open(self, path: str, **more: Any) -> TestResponse:
        """A request as a server gets it: with nothing left over from the test's own application context."""
        headers = {**self.headers, **more.pop("headers", {})}
        more = {"base_url": PLACE, "buffered": True, **more}  # read to its end, as a browser does
        return Context().run(self.client.open, path, headers=headers, **more)

    def session(self) -> dict[str, Any]:
        """What the signed cookie holds."""
        with self.client.session_transaction(base_url=PLACE) as session:
            return dict(session)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.open(path, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        return self.open(path, method="POST", data={**(data or {}), "csrf_token": self.token()}, **more)

    def post_json(self, path: str, body: Any) -> TestResponse:
        return self.open(path, method="POST", json=body, headers={"X-CSRFToken": self.token()})

    def token(self) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/").text)
        assert found
        return found[1]

    def enter(self, link: str) -> str:
        """Open a personal link; returns the handle of the seat."""
        answer = self.get(link)
        assert answer.status_code == 303, answer.text
        return handle_of(answer)


def handle_of(answer: TestResponse) -> str:
    found = re.search(r"/b/([0-9a-f]+)/", answer.location)
    assert found, answer.location
    return found[1]


def printed(host: Browser, action: str, form: dict[str, Any]) -> TestResponse:
    """The file that the press makes of an order: through its page, as a person has it."""
    ordered = host.post(action, form)
    assert ordered.status_code == 303, ordered.text
    page = host.get(ordered.location)
    address = re.search(r'href="([^"]+/file[^"]*)"', page.text)
    assert address, page.text
    return host.get(address[1])


@pytest.fixture
def browser(app: Flask) -> Callable[..., Browser]:
    return lambda language="en": Browser(app.test_client(), language)


@pytest.fixture
def facilitator(browser: Callable[..., Browser], entry: dict[str, Any]) -> tuple[Browser, str]:
    """The facilitator's browser, and the path of the facilitator's pages."""
    opened = browser()
    return opened, f"/b/{opened.enter(entry['links']['facilitator'])}"


@pytest.fixture
def people(demo: Workshop) -> Callable[[str], list[Person]]:
    """The members of a role, as they are now."""
    return lambda role: [person for person in seats.members_of(demo) if person.role == role]
