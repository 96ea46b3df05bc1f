"""A browser that holds as many seats as it can: nothing is opened or closed unasked, and one of them can be left there."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from app import admission, codes, seats, sessions, workshops
from app.store import sessions as session_rows
from app.store import workshops as workshop_rows
from tests.pages.conftest import Browser

# What a browser keeps of a cookie.
COOKIE_BYTES = 4096


@pytest.fixture
def tablet(browser: Any, entry: Any) -> tuple[Browser, list[str]]:
    """A browser with as many seats as it can hold, and their handles, the oldest first."""
    opened = browser()
    return opened, [opened.enter(link) for link in entry["links"]["participants"][: sessions.MOST_SEATS_HELD]]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not hang on their number is tried with less of them."""
    monkeypatch.setattr(sessions, "MOST_SEATS_HELD", 4)


def test_one_seat_more_closes_none_and_says_what_to_do(
    tablet: tuple[Browser, list[str]], entry: Any, people: Any, cuts: Any
) -> None:
    opened, handles = tablet
    link = entry["links"]["participants"][len(handles)]
    refused = opened.get(link)
    assert refused.status_code == 409
    assert "This browser holds 30 seats" in refused.text
    assert re.findall(r'data-leave="(\w+)"', refused.text) == handles, "each can be left, the oldest first"
    assert cuts == []
    for handle in handles:
        assert opened.get(f"/b/{handle}/").status_code == 200
    cookie = opened.client.get_cookie("palabre", "127.0.0.1")
    assert cookie and len(cookie.value) < COOKIE_BYTES

    asked = re.search(r'name="next" value="([^"]+)"', refused.text)
    assert asked
    left = opened.post(f"/leave/{handles[0]}", {"next": html.unescape(asked[1])})
    assert link.endswith(left.location), "whoever made room goes on where they were"
    assert cuts == [(handles[0], "removed")]
    assert opened.enter(link) not in handles
    assert opened.get(f"/b/{handles[0]}/").status_code == 404
    assert people("participant")[0].joined, "the place stays, and counts"


@pytest.mark.usefixtures("few")
def test_a_seat_that_is_here_opens_again_in_a_full_browser(
    tablet: tuple[Browser, list[str]], entry: Any
) -> None:
    opened, handles = tablet
    assert opened.enter(entry["links"]["participants"][0]) == handles[0]


@pytest.mark.usefixtures("few")
def test_what_was_ended_elsewhere_makes_room_by_itself(
    tablet: tuple[Browser, list[str]], browser: Any, entry: Any
) -> None:
    opened, handles = tablet
    browser().enter(entry["links"]["participants"][3])  # the seat moves to a phone of its own
    assert opened.enter(entry["links"]["participants"][len(handles)])
    assert opened.get(f"/b/{handles[0]}/").status_code == 200


@pytest.mark.usefixtures("few")
def test_a_seat_behind_its_pin_can_be_left_and_only_where_it_is(
    tablet: tuple[Browser, list[str]], browser: Any
) -> None:
    opened, handles = tablet
    opened.post_json(f"/b/{handles[0]}/pin", {"pin": "4711"})
    opened.post(f"/b/{handles[0]}/leave", {"wait": "1"})
    assert browser().post(f"/leave/{handles[0]}").status_code == 404
    assert opened.post(f"/leave/{handles[0]}", {"next": "//elsewhere.example"}).location == "/"
    assert seats.read(lambda c: session_rows.session(c, handles[0])) is None
    assert opened.post(f"/unlock/{handles[0]}", {"pin": "4711"}).status_code == 404


@pytest.mark.usefixtures("few")
def test_nothing_is_made_that_could_not_be_opened(
    tablet: tuple[Browser, list[str]], demo: Any, people: Any
) -> None:
    """At the door of another workshop, and on the pages that make workshops."""
    opened, handles = tablet
    other = workshops.create({"fr": "Autre", "en": "Other"}, workshops.plan_from(workshops.niamey_files()))
    admission.set_door(other, "open", 200)
    workshops_before = len(seats.read(workshop_rows.all_workshops))
    members_before = len(seats.members_of(other))
    asked = {"ask": "1", "side": "external", "place": "remote", "name": "Awa"}
    assert opened.post(f"/join/{other.code}", asked).status_code == 409
    assert len(seats.members_of(other)) == members_before

    opened.post(f"/leave/{handles[0]}")
    chair = opened.enter(f"/l/{codes.link_token(people('administrator')[0])}")
    for answer in (
        opened.get(f"/b/{chair}/workshops/new"),
        opened.post(f"/b/{chair}/workshops/new", {"title_en": "Third", "days": "90"}),
        opened.post(f"/b/{chair}/workshops/open", {"passphrase": "x"}),
        opened.post(f"/b/{chair}/workshop/copy", {"title_en": "Copy"}),
    ):
        assert answer.status_code == 409, answer.text
    assert len(seats.read(workshop_rows.all_workshops)) == workshops_before
