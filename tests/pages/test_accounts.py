"""Staff sign in with a name and a passphrase: from any device, beside the link or with it; participants never."""

from __future__ import annotations

import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from typing import Any

import pytest

from app import accounts, codes, hashing, seats, tries, workshops
from app.boards import boards
from app.commands import account as account_commands
from app.store import accounts as account_rows
from app.store.database import claim
from app.store.workshops import Workshop
from tests.pages.conftest import Browser, handle_of

NAME, WORDS = "Amina Oumarou", "le baobab derrière la mairie"
OTHER_WORDS = "quatre pirogues sur le fleuve"


@pytest.fixture(autouse=True)
def nobody_was_wrong_yet() -> None:
    tries._limiter.storage.reset()


@pytest.fixture
def expert(browser: Any, entry: Any) -> tuple[Browser, str]:
    """An expert's browser whose seat has a passphrase, and the seat's handle."""
    opened = browser()
    handle = opened.enter(entry["links"]["expert"])
    answer = choose(opened, handle)
    assert answer.status_code == 303, answer.text
    return opened, handle


def choose(someone: Browser, handle: str, name: str = NAME, words: str = WORDS) -> Any:
    return someone.post(f"/b/{handle}/account", {"name": name, "passphrase": words})


def sign_in(someone: Browser, name: str = NAME, words: str = WORDS) -> Any:
    return someone.post("/sign-in", {"name": name, "passphrase": words})


def enter_first(someone: Browser) -> str:
    """Open the first seat on one's page."""
    found = re.search(r'action="(/account/enter/[0-9a-f]+)"', someone.get("/account").text)
    assert found
    return handle_of(someone.post(found[1]))


# --- choosing and signing in ---


def test_whoever_came_by_a_link_signs_in_from_any_device_afterwards(
    expert: Any, browser: Any, demo: Workshop
) -> None:
    phone = browser()
    answer = sign_in(phone, " amina  OUMAROU ")
    assert (answer.status_code, answer.location) == (303, "/account")
    made = date.fromisoformat(demo.created)
    assert f"{made.day} {made:%B %Y} · Expert" in phone.get("/account").text, "a day as people write it"
    handle = enter_first(phone)
    assert phone.get(f"/b/{handle}/").status_code == 200
    owner, first = expert
    assert owner.get(f"/b/{first}/").status_code == 200, "staff may have several devices"


@pytest.mark.parametrize(
    ("name", "words", "said"),
    [
        ("ab", WORDS, "3 to 80"),
        (NAME, "trop court", "At least 15"),
        (NAME, "motdepassemotdepasse", "first that somebody would try"),
        (NAME, "amina oumarou amina", "first that somebody would try"),
    ],
)
def test_a_choice_that_cannot_be_had_says_why_and_keeps_the_name(
    browser: Any, entry: Any, name: str, words: str, said: str
) -> None:
    someone = browser()
    handle = someone.enter(entry["links"]["expert"])
    answer = choose(someone, handle, name, words)
    assert answer.status_code == 422
    assert said in answer.text and f'value="{name}"' in answer.text
    assert words not in answer.text
    assert seats.read(account_rows.all_accounts) == []


def test_a_wrong_passphrase_keeps_the_name_typed_and_an_unknown_name_has_the_same_answer(
    expert: Any, browser: Any
) -> None:
    someone = browser()
    wrong, unknown = sign_in(someone, NAME, OTHER_WORDS), sign_in(someone, "nobody here", OTHER_WORDS)
    assert f'value="{NAME}"' in wrong.text
    assert (wrong.status_code, unknown.status_code) == (403, 403)
    assert plain(wrong.text, NAME) == plain(unknown.text, "nobody here")
    assert someone.get("/account").location == "/sign-in"


def plain(page: str, name: str) -> str:
    return re.sub(r'(csrf_token" value=")[^"]+', r"\1", page).replace(name, "NAME")


def test_an_unknown_name_costs_the_same_work_and_the_work_leaves_the_event_loop(
    expert: Any, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not hashing.Lock.nobodys().is_weak, "as much work as the others"
    someone, done = browser(), []
    token = someone.token()
    here = boards.in_thread

    def in_thread(work: Any, *arguments: Any) -> Any:
        if isinstance(getattr(work, "__self__", None), hashing.Lock):
            done.append(work.__name__)
        return here(work, *arguments)

    monkeypatch.setattr(boards, "in_thread", in_thread)
    for name in (NAME, "nobody here"):
        form = {"name": name, "passphrase": OTHER_WORDS, "csrf_token": token}
        someone.open("/sign-in", method="POST", data=form)
    assert done == ["opens", "opens"]


def test_no_more_than_two_are_worked_out_at_once(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """64 MiB each: a crowd of guesses must not take a laptop's memory."""
    together, most, lock = 0, 0, threading.Lock()
    begun = threading.Barrier(hashing.AT_ONCE)

    def in_thread(work: Any, *arguments: Any) -> bool:
        nonlocal together, most
        with lock:
            together += 1
            most = max(most, together)
        begun.wait(10)  # both turns are taken at the same time
        with lock:
            together -= 1
        return False

    monkeypatch.setattr(boards, "in_thread", in_thread)
    one = hashing.Lock("")
    threads = [threading.Thread(target=hashing.opens, args=(one, "x")) for _ in range(4 * hashing.AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == hashing.AT_ONCE


# --- who may, and who may not ---


def test_a_participant_has_no_account_not_even_while_facilitating(
    browser: Any, entry: Any, facilitator: Any, people: Any
) -> None:
    someone = browser()
    handle = someone.enter(entry["links"]["participants"][0])
    assert someone.get(f"/b/{handle}/account").status_code == 404
    host, path = facilitator
    host.post(f"{path}/people/{people('participant')[0].id}/role", {"role": "facilitator"})
    assert someone.get(f"/b/{handle}/console").status_code == 200
    assert someone.get(f"/b/{handle}/account").status_code == 404
    assert choose(someone, handle).status_code == 404
    assert seats.read(account_rows.all_accounts) == []


@pytest.mark.parametrize("role", accounts.ROLES)
def test_every_role_of_the_staff_may_choose_a_passphrase(browser: Any, entry: Any, role: str) -> None:
    someone = browser()
    handle = someone.enter(entry["links"][role])
    assert choose(someone, handle).status_code == 303
    assert "amina oumarou" in someone.get(f"/b/{handle}/account").text


def test_nobody_opens_the_seats_of_somebody_else(expert: Any, browser: Any, entry: Any, people: Any) -> None:
    other = browser()
    handle = other.enter(entry["links"]["rapporteur"])
    choose(other, handle, "issoufou", OTHER_WORDS)
    assert other.post(f"/account/enter/{people('expert')[0].id}").status_code == 404
    stranger = browser()
    assert stranger.post(f"/account/enter/{people('expert')[0].id}").status_code == 404
    assert stranger.post("/account/leave", {"where": "everywhere"}).status_code == 404


def test_a_name_that_is_taken_is_had_only_with_its_passphrase(expert: Any, browser: Any, entry: Any) -> None:
    other = browser()
    handle = other.enter(entry["links"]["rapporteur"])
    answer = choose(other, handle, NAME, OTHER_WORDS)
    assert answer.status_code == 422
    assert "belongs to somebody" in answer.text
    assert choose(other, handle, NAME, WORDS).status_code == 303, "it is the same person, in two seats"
    assert other.get("/account").text.count("/account/enter/") == 2


def test_a_seat_in_a_new_workshop_is_ones_own_at_once(browser: Any, entry: Any) -> None:
    host = browser()
    handle = host.enter(entry["links"]["facilitator"])
    choose(host, handle)
    host.post(f"/b/{handle}/workshops/new", {"title_fr": "Un an après", "language": "fr"})
    page = host.get("/account").text
    assert "Un an après" in page and page.count("/account/enter/") == 2


def test_whoever_is_signed_in_adds_a_seat_with_one_button(browser: Any, expert: Any, entry: Any) -> None:
    owner, _ = expert
    handle = owner.enter(entry["links"]["rapporteur"])
    assert "Add this seat" in owner.get(f"/b/{handle}/account").text
    owner.post(f"/b/{handle}/account", {"add": "1"})
    assert owner.get("/account").text.count("/account/enter/") == 2


# --- links that ask ---


@pytest.fixture
def asking(facilitator: Any) -> None:
    host, path = facilitator
    host.post(f"{path}/people/links", {"links_ask": "1"})


def test_a_link_of_staff_alone_opens_nothing_when_links_ask(
    expert: Any, asking: None, browser: Any, entry: Any
) -> None:
    thief, link = browser(), entry["links"]["expert"]
    page = thief.get(link)
    assert page.status_code == 200 and "opens nothing" in page.text
    assert thief.session().get("seats", []) == []
    wrong = thief.post(link, {"passphrase": OTHER_WORDS})
    assert wrong.status_code == 403 and "This is not the passphrase" in wrong.text
    right = browser().post(link, {"passphrase": WORDS})
    assert right.status_code == 303 and handle_of(right)


def test_who_has_no_passphrase_yet_chooses_one_at_the_link(asking: None, browser: Any, entry: Any) -> None:
    someone, link = browser(), entry["links"]["rapporteur"]
    assert "Choose the name" in someone.get(link).text
    short = someone.post(link, {"name": NAME, "passphrase": "court"})
    assert short.status_code == 422 and f'value="{NAME}"' in short.text
    entered = someone.post(link, {"name": NAME, "passphrase": WORDS})
    assert someone.get(entered.location).status_code == 200
    assert browser().get(link).status_code == 200, "from now on it asks"


@pytest.mark.parametrize("role", ["participants", "scribe", "observer", "wall"])
def test_links_of_everybody_else_open_as_before(asking: None, browser: Any, entry: Any, role: str) -> None:
    link = entry["links"][role]
    assert browser().get(link[0] if isinstance(link, list) else link).status_code == 303


def test_seats_that_are_open_stay_open_when_links_begin_to_ask(expert: Any, facilitator: Any) -> None:
    owner, handle = expert
    host, path = facilitator
    host.post(f"{path}/people/links", {"links_ask": "1"})
    assert owner.get(f"/b/{handle}/").status_code == 200
    assert "checked" in re.search(r'name="links_ask"[^>]*', host.get(f"{path}/people").text)[0]  # type: ignore[index]


# --- forgotten, changed, signed out ---


def test_a_forgotten_passphrase_is_chosen_anew_with_a_new_link(
    expert: Any, asking: None, browser: Any, facilitator: Any, people: Any
) -> None:
    host, path = facilitator
    host.post(f"{path}/people/{people('expert')[0].id}/revoke")
    assert sign_in(browser()).status_code == 403, "the old passphrase opens nothing"
    someone, link = browser(), f"/l/{codes.link_token(people('expert')[0])}"
    assert someone.post(link, {"name": NAME, "passphrase": OTHER_WORDS}).status_code == 303
    assert sign_in(browser(), NAME, OTHER_WORDS).status_code == 303


def test_one_workshop_takes_its_own_seat_back_and_no_other(
    browser: Any, expert: Any, facilitator: Any, people: Any
) -> None:
    plan = workshops.plan_from(workshops.niamey_files("factors", "agenda", "participants", "staff"))
    other = workshops.create({"fr": "Autre", "en": "Other"}, plan)
    account = accounts.account_of(people("expert")[0])
    elsewhere = next(p for p in seats.members_of(other) if p.role == "expert")
    assert account
    accounts.add_seat(account, elsewhere)
    host, path = facilitator
    host.post(f"{path}/people/{people('expert')[0].id}/revoke")
    phone = browser()
    assert sign_in(phone).status_code == 303
    assert [p.id for p in accounts.seats_of(account)] == [elsewhere.id]


def test_the_operator_forgets_an_account_at_the_terminal(
    app: Any, expert: Any, browser: Any, people: Any
) -> None:
    run = app.test_cli_runner().invoke
    assert "amina oumarou" in run(account_commands, ["list"]).output
    with closing(claim(app.config["SETTINGS"].database_url)):
        beside = run(account_commands, ["forget", NAME])
    assert beside.exit_code == 1 and "stop it first" in beside.output, "nobody would cut its open pages"
    assert accounts.account_of(people("expert")[0])
    told = run(account_commands, ["forget", "AMINA oumarou"])
    assert told.exit_code == 0, told.output
    link = f"/l/{codes.link_token(people('expert')[0])}"
    assert link in told.output
    owner, handle = expert
    assert owner.get(f"/b/{handle}/").status_code == 404
    assert sign_in(browser()).status_code == 403
    assert browser().get(link).status_code == 303
    assert run(account_commands, ["forget", NAME]).exit_code == 1


def test_a_new_passphrase_signs_other_devices_out_and_keeps_this_one(
    expert: Any, browser: Any, cuts: Any
) -> None:
    owner, handle = expert
    phone = browser()
    sign_in(phone)
    other = enter_first(phone)
    cuts.clear()
    wrong = owner.post("/account/passphrase", {"passphrase": OTHER_WORDS, "fresh": OTHER_WORDS})
    assert wrong.status_code == 403 and cuts == []
    owner.post("/account/passphrase", {"passphrase": WORDS, "fresh": OTHER_WORDS})
    assert sorted(cuts) == sorted([(other, "removed"), (handle, "restart")])
    assert phone.get(f"/b/{other}/").status_code == 404
    assert phone.get("/account").location == "/sign-in"
    assert owner.get(f"/b/{handle}/").status_code == 200
    assert owner.get("/account").status_code == 200
    assert sign_in(browser()).status_code == 403
    assert sign_in(browser(), NAME, OTHER_WORDS).status_code == 303


def test_s25_signing_out_closes_every_seat_of_this_browser_and_everywhere_those_of_all(
    expert: Any, browser: Any, cuts: Any
) -> None:
    owner, handle = expert
    phone = browser()
    sign_in(phone)
    other = enter_first(phone)
    cuts.clear()
    phone.post("/account/leave", {"where": "here"})
    assert cuts == [(other, "removed")]
    assert phone.get(f"/b/{other}/").status_code == 404
    assert owner.get(f"/b/{handle}/").status_code == 200
    sign_in(phone)
    again = enter_first(phone)
    cuts.clear()
    owner.post("/account/leave", {"where": "everywhere"})
    assert sorted(cuts) == sorted([(handle, "removed"), (again, "removed")])
    for device, seat in ((owner, handle), (phone, again)):
        assert device.get(f"/b/{seat}/").status_code == 404
        assert device.get("/account").location == "/sign-in"


# --- guessing ---


def test_o02_guessing_a_passphrase_is_slowed_by_name_and_the_owners_own_browser_still_comes_in(
    expert: Any, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tries, "WRONG_PASSPHRASES", tries.RateLimitItemPerHour(3))
    guesser = browser()
    answers = [sign_in(guesser, NAME, f"ce n’est pas la bonne {n}") for n in range(4)]
    assert [answer.status_code for answer in answers] == [403, 403, 403, 429]
    assert f'value="{NAME}"' in answers[-1].text
    assert sign_in(guesser).status_code == 429, "not even with the right one"
    assert sign_in(browser(), "nobody here", WORDS).status_code == 403, "other names are not slowed"
    owner, _ = expert
    owner.post("/account/leave")
    assert sign_in(owner).status_code == 303


def test_o02_a_sweep_over_many_names_is_slowed_alike_whether_they_exist(
    expert: Any, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tries, "WRONG_SIGN_INS", tries.RateLimitItemPerHour(3))
    sweeper = browser()
    names = ["nobody one", NAME, "nobody two", "nobody three", NAME]
    assert [sign_in(sweeper, name, OTHER_WORDS).status_code for name in names] == [403, 403, 403, 429, 429]
    owner, _ = expert
    owner.post("/account/leave")
    assert sign_in(owner).status_code == 303


def test_o02_tries_that_come_at_once_count_as_those_that_come_one_after_the_other(
    expert: Any, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tries, "WRONG_PASSPHRASES", tries.RateLimitItemPerHour(3))
    together = threading.Barrier(10)

    def guess(number: int) -> int:
        guesser = browser()
        guesser.token()
        together.wait(20)
        return int(sign_in(guesser, NAME, f"ce n’est pas la bonne {number}").status_code)

    with ThreadPoolExecutor(10) as pool:
        said = Counter(pool.map(guess, range(10)))
    assert set(said) == {403, 429}
    # Whoever had a turn beside the last one that was left.
    assert said[403] <= 3 + hashing.AT_ONCE - 1


# --- nothing at rest, and sessions ---


def test_d05_of_a_passphrase_only_argon2id_is_kept(expert: Any, tmp_path: Any, caplog: Any) -> None:
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("palabre.db*"))
    assert b"$argon2id$v=19$m=65536,t=3,p=4$" in kept
    assert WORDS.encode() not in kept
    owner, _ = expert
    token = owner.session()["account"][1]
    assert token.encode() not in kept
    assert WORDS not in caplog.text
    account = seats.read(account_rows.all_accounts)[0]
    lock = seats.read(lambda c: account_rows.lock_of(c, account.id))
    assert "argon2" not in repr(account) + repr(lock)


def test_s26_signing_in_gives_a_token_that_nobody_had_before(browser: Any, expert: Any) -> None:
    phone = browser()
    sign_in(phone)
    planted = phone.client.get_cookie("palabre", "127.0.0.1")
    assert planted
    first = phone.session()["account"]
    sign_in(phone)
    assert phone.session()["account"] != first
    copy = browser()
    copy.client.set_cookie("palabre", planted.value, domain="127.0.0.1")
    assert copy.get("/account").location == "/sign-in"
