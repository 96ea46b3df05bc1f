"""Several people on one phone: each seat waits behind its person's four digits, and leaves nothing of itself in the answers."""

from __future__ import annotations

import re
from typing import Any

import pytest

from app import pins, seats
from app.store import sessions as session_rows
from tests.pages.conftest import Browser


@pytest.fixture
def phone(browser: Any, entry: Any) -> Browser:
    return browser()


@pytest.fixture
def first(phone: Browser, entry: Any) -> str:
    """A seat with the PIN 4711, its person having passed the phone on."""
    handle = phone.enter(entry["links"]["participants"][0])
    assert phone.post_json(f"/b/{handle}/pin", {"pin": "4711"}).status_code == 200
    phone.post(f"/b/{handle}/leave", {"wait": "1"})
    return handle


def test_p13_the_next_person_cannot_open_the_seat_before(phone: Browser, first: str, entry: Any) -> None:
    second = phone.enter(entry["links"]["participants"][1])
    assert phone.get(f"/b/{second}/").status_code == 200
    answer = phone.get(f"/b/{first}/")
    assert (answer.status_code, answer.location) == (302, "/")
    assert phone.post_json(f"/b/{first}/submit", {"ops": []}).status_code == 404
    assert seats.member(first) is None


def test_the_right_digits_open_the_seat_again_and_only_there(
    phone: Browser, first: str, browser: Any
) -> None:
    assert browser().post(f"/unlock/{first}", {"pin": "4711"}).status_code == 404
    answer = phone.post(f"/unlock/{first}", {"pin": "4711"})
    assert (answer.status_code, answer.location) == (303, f"/b/{first}/")
    assert phone.get(f"/b/{first}/").status_code == 200


def test_wrong_digits_say_how_many_tries_are_left_and_then_the_code_is_needed(
    phone: Browser, first: str, entry: Any
) -> None:
    assert "4 tries are left" in phone.post(f"/unlock/{first}", {"pin": "0000"}).text
    for _ in range(pins.MOST_TRIES - 2):
        phone.post(f"/unlock/{first}", {"pin": "0000"})
    door = phone.post(f"/unlock/{first}", {"pin": "0000"}).location
    page = phone.get(door).text
    assert "Five wrong PINs" in page
    assert re.search(r'<input[^>]* id="seat"[^>]* autofocus', page), (
        "the code is asked for where this is read"
    )
    assert phone.post(f"/unlock/{first}", {"pin": "4711"}).status_code == 404
    again = phone.enter(entry["links"]["participants"][0])
    assert phone.get(f"/b/{again}/").status_code == 200


def test_a_right_pin_gives_all_tries_back(phone: Browser, first: str) -> None:
    for _ in range(pins.MOST_TRIES - 1):
        phone.post(f"/unlock/{first}", {"pin": "0000"})
    phone.post(f"/unlock/{first}", {"pin": "4711"})
    phone.post(f"/b/{first}/leave", {"wait": "1"})
    assert "4 tries are left" in phone.post(f"/unlock/{first}", {"pin": "0000"}).text


def test_whoever_forgot_the_pin_comes_back_with_the_code_and_keeps_the_seat(
    phone: Browser, first: str, entry: Any
) -> None:
    assert phone.enter(entry["links"]["participants"][0]) == first
    assert phone.get(f"/b/{first}/").status_code == 200


@pytest.mark.parametrize("pin", ["", "123", "12345", "12a4", "１２３４"])
def test_a_pin_is_four_digits(phone: Browser, entry: Any, pin: str) -> None:
    handle = phone.enter(entry["links"]["participants"][0])
    assert phone.post_json(f"/b/{handle}/pin", {"pin": pin}).status_code == 422


def test_a_turn_without_a_pin_ends_the_seat_in_this_browser(phone: Browser, entry: Any) -> None:
    handle = phone.enter(entry["links"]["participants"][0])
    phone.post(f"/b/{handle}/leave", {"wait": "1"})
    assert phone.get(f"/b/{handle}/").status_code == 404


def test_every_open_tab_of_a_seat_hears_that_the_phone_was_passed_on(
    phone: Browser, entry: Any, cuts: Any
) -> None:
    handle = phone.enter(entry["links"]["participants"][0])
    phone.post_json(f"/b/{handle}/pin", {"pin": "4711"})
    phone.post(f"/b/{handle}/leave", {"wait": "1"})
    assert cuts == [(handle, "locked")]


def test_d02_the_database_alone_does_not_tell_a_pin(phone: Browser, first: str) -> None:
    found = seats.read(lambda c: session_rows.session(c, first))
    assert found
    assert found.pin_hash
    # Ten thousand guesses without the server's secret, which lies beside the database: none of them fits.
    import hashlib

    guesses = (f"{n:04d}" for n in range(10_000))
    assert all(hashlib.sha256(f"pin|{first}|{pin}".encode()).digest() != found.pin_hash for pin in guesses)


def test_the_page_knows_that_a_phone_is_shared(phone: Browser, first: str, entry: Any, people: Any) -> None:
    second = phone.enter(entry["links"]["participants"][1])
    assert '"shared": true' in phone.get(f"/b/{second}/").text
    alone = Browser(phone.client.application.test_client())
    third = alone.enter(entry["links"]["participants"][2])
    assert '"shared": false' in alone.get(f"/b/{third}/").text
