"""S26: a session's token is renewed whenever its holder may do something else, and the one before opens nothing."""

from __future__ import annotations

from typing import Any

import pytest

from app import seats
from tests.pages.conftest import Browser, handle_of


def copy_of(someone: Browser, browser: Any) -> Browser:
    """Another browser with the same cookie: somebody who copied it from the disk, the wire or the shared phone."""
    cookie = someone.client.get_cookie("palabre", "127.0.0.1")
    assert cookie
    thief: Browser = browser()
    thief.client.set_cookie("palabre", cookie.value, domain="127.0.0.1")
    return thief


def is_in(someone: Browser, handle: str) -> bool:
    return someone.get(f"/b/{handle}/").status_code == 200


@pytest.fixture
def phone(browser: Any, entry: Any) -> tuple[Browser, str]:
    opened = browser()
    return opened, opened.enter(entry["links"]["participants"][0])


def test_s26_a_cookie_that_was_planted_before_the_join_is_no_way_in(browser: Any, entry: Any) -> None:
    victim = browser()
    victim.enter(entry["links"]["participants"][1])  # somebody else's seat: the cookie that was planted
    planted = copy_of(victim, browser)
    handle = victim.enter(entry["links"]["participants"][0])
    assert is_in(victim, handle)
    assert not is_in(planted, handle)


def test_s26_entering_again_renews_the_token_and_the_copy_is_dead(
    phone: tuple[Browser, str], browser: Any, entry: Any, cuts: Any
) -> None:
    owner, handle = phone
    thief = copy_of(owner, browser)
    assert is_in(thief, handle), "a copied cookie is a cookie"
    assert owner.enter(entry["links"]["participants"][0]) == handle
    assert cuts == [(handle, "restart")], "the tabs that are open come back by themselves"
    assert is_in(owner, handle)
    assert not is_in(thief, handle)


def test_s26_a_role_change_renews_the_token_with_the_next_page(
    phone: tuple[Browser, str], browser: Any, facilitator: Any, people: Any, cuts: Any
) -> None:
    owner, handle = phone
    before = owner.session()["seats"]
    host, path = facilitator
    host.post(f"{path}/people/{people('participant')[0].id}/role", {"role": "facilitator"})
    assert cuts == [(handle, "role")]
    assert seats.member(handle) is None, "no socket works on with the old token"
    assert seats.why_not(handle) == "role"
    thief = copy_of(owner, browser)
    assert owner.get(f"/b/{handle}/console").status_code == 200
    assert owner.session()["seats"] != before
    assert seats.member(handle) is not None
    assert thief.post_json(f"/b/{handle}/submit", {"ops": []}).status_code == 404
    assert not is_in(thief, handle)


def test_s26_a_second_tab_that_asked_at_the_same_moment_asks_once_more(
    phone: tuple[Browser, str], browser: Any, facilitator: Any, people: Any
) -> None:
    owner, handle = phone
    host, path = facilitator
    host.post(f"{path}/people/{people('participant')[0].id}/role", {"role": "facilitator"})
    second = copy_of(owner, browser)  # the same browser's second tab, under way with the cookie before
    assert owner.get(f"/b/{handle}/console").status_code == 200
    answer = second.get(f"/b/{handle}/console?board=x")
    assert answer.status_code == 409
    assert answer.headers["Refresh"] == f"1; url=/b/{handle}/console?board=x&again=1"
    assert "loads again by itself" in answer.text
    assert second.get(f"/b/{handle}/console?again=1").status_code == 404, "once, and no more"


@pytest.mark.parametrize("moment", ["ends", "begins"])
def test_s26_both_ends_of_a_turn_on_a_shared_phone_renew_the_token(
    phone: tuple[Browser, str], browser: Any, moment: str
) -> None:
    owner, handle = phone
    owner.post_json(f"/b/{handle}/pin", {"pin": "4711"})
    if moment == "begins":
        owner.post(f"/b/{handle}/leave", {"wait": "1"})
    thief = copy_of(owner, browser)
    if moment == "ends":
        owner.post(f"/b/{handle}/leave", {"wait": "1"})
    assert owner.post(f"/unlock/{handle}", {"pin": "4711"}).status_code == 303
    assert is_in(owner, handle)
    assert not is_in(thief, handle)
    assert thief.post(f"/unlock/{handle}", {"pin": "4711"}).status_code == 404


def test_a_seat_left_and_taken_again_is_another_session(phone: tuple[Browser, str], entry: Any) -> None:
    owner, handle = phone
    owner.post(f"/b/{handle}/leave")
    assert owner.enter(entry["links"]["participants"][0]) != handle


def test_the_wall_is_opened_again_without_being_cut(facilitator: Any, cuts: Any) -> None:
    host, path = facilitator
    first = handle_of(host.get(f"{path}/wall"))
    assert handle_of(host.get(f"{path}/wall")) == first
    assert cuts == []
