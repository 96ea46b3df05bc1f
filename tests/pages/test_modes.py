"""The door in its four modes: who comes in without a seat code, up to how many, and what happens when somebody guesses."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app import admission, codes, members, seats, tries
from app.store import doors
from app.store import people as people_rows
from app.store import workshops as workshop_rows
from app.store.database import Database
from app.store.people import Person
from app.store.workshops import Workshop
from tests.pages.conftest import Browser, handle_of
from tests.stores import postgres_url

__all__ = ["postgres_url"]

ANSWERS = {"ask": "1", "side": "external", "place": "remote"}
WORD = "Baobab d’été"


@pytest.fixture(autouse=True)
def nobody_was_wrong_yet() -> None:
    tries._limiter.storage.reset()


def set_door(facilitator: Any, mode: str, places: int = 100, word: str = "") -> Any:
    host, path = facilitator
    return host.post(f"{path}/people/entry", {"door": mode, "places": str(places), "word": word})


def come(someone: Browser, demo: Any, **more: str) -> Any:
    return someone.post(f"/join/{demo.code}", {**ANSWERS, **more})


def told(facilitator: Any) -> str:
    """What the page of the facilitator says after a choice."""
    host, path = facilitator
    page: str = host.get(f"{path}/people").text
    return page


# --- open ---


def test_through_an_open_door_one_takes_a_seat_at_once(browser: Any, demo: Any, facilitator: Any) -> None:
    set_door(facilitator, "open")
    someone = browser()
    assert "One seat for each person" in someone.get(f"/join/{demo.code}").text
    answer = come(someone, demo, name="Awa")
    assert answer.status_code == 303
    assert someone.get(answer.location).status_code == 200
    seat = seats.members_of(demo)[-1]
    assert (seat.role, seat.side, seat.place, seat.name["fr"]) == ("participant", "external", "remote", "Awa")
    assert seat.joined


def test_a_browser_that_has_a_seat_gets_no_second_one(browser: Any, demo: Any, facilitator: Any) -> None:
    set_door(facilitator, "open")
    someone = browser()
    first = handle_of(come(someone, demo))
    before = len(seats.members_of(demo))
    again = come(someone, demo)
    assert handle_of(again) == first
    assert len(seats.members_of(demo)) == before
    assert "has a seat in this workshop already" in someone.get("/").text


def test_on_a_shared_phone_the_next_person_takes_a_seat_when_the_last_one_waits_behind_its_pin(
    browser: Any, demo: Any, facilitator: Any
) -> None:
    set_door(facilitator, "open")
    phone = browser()
    first = handle_of(come(phone, demo))
    phone.post_json(f"/b/{first}/pin", {"pin": "4711"})
    phone.post(f"/b/{first}/leave", {"wait": "1"})
    assert handle_of(come(phone, demo)) != first


def test_b02_beyond_its_places_an_open_door_is_a_queue(browser: Any, demo: Any, facilitator: Any) -> None:
    taken = sum(p.role == "participant" for p in seats.members_of(demo))
    set_door(facilitator, "open", places=taken + 2)
    for _ in range(2):
        assert come(browser(), demo).location.startswith("/b/")
    late = browser()
    answer = come(late, demo)
    assert answer.location.startswith("/door/")
    assert "All places of this workshop are taken" in late.get(answer.location).text
    host, path = facilitator
    (asked,) = admission.waiting_for(demo)
    refused = host.post_json(f"{path}/door/{asked.id}", {"decision": "admit"})
    assert refused.status_code == 409 and "Raise their number" in refused.json["error"]
    assert late.get(f"{answer.location}.json").json == {"state": "waiting"}
    set_door(facilitator, "open", places=taken + 3)
    assert host.post_json(f"{path}/door/{asked.id}", {"decision": "admit"}).status_code == 200
    assert late.get(answer.location).location.startswith("/b/")


def at_once(worker: Callable[[int], None]) -> None:
    """Two workers, each in a thread of its own; what one of them raises is raised here."""
    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(worker, place) for place in (0, 1)]:
            done.result(60)


def test_b02_a_crowd_at_once_gets_exactly_the_places_there_are_on_two_workers(postgres_url: str) -> None:
    """A hundred people and two workers, each with its own connection: eight places are eight seats, with eight numbers."""
    two = Database(postgres_url), Database(postgres_url)
    two[0].write(workshop_rows.workshops.metadata.create_all)
    workshop = Workshop("w" * 32, {"fr": "A", "en": "A"}, "CODE", "fr")

    def begin(connection: Any) -> None:
        workshop_rows.add_workshop(connection, workshop)
        doors.change(connection, workshop.id, places=8)

    two[0].write(begin)
    full: list[int] = []

    def crowd(place: int) -> None:
        for _ in range(50):
            try:
                two[place].write(lambda c: admission.seat_anew(c, workshop.id, {}))
            except admission.Full:
                full.append(place)

    at_once(crowd)
    seated = two[0].read(lambda c: people_rows.people_of(c, workshop.id))
    for database in two:
        database.close()
    assert sorted(p.number for p in seated) == list(range(1, 9))
    assert len(full) == 92


def test_of_two_workers_that_add_to_the_list_at_once_none_gives_a_number_twice(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = Database(postgres_url), Database(postgres_url)
    two[0].write(workshop_rows.workshops.metadata.create_all)
    workshop = Workshop("w" * 32, {"fr": "A", "en": "A"}, "CODE", "fr")
    two[0].write(lambda c: workshop_rows.add_workshop(c, workshop))
    here = threading.local()
    monkeypatch.setattr(seats.boards, "write", lambda work: two[here.worker].write(work))

    def add(worker: int) -> None:
        here.worker = worker
        for _ in range(20):
            members.add_person(workshop, Person("", "", 0, {"fr": "A", "en": "A"}, "participant"))

    at_once(add)
    listed = two[0].read(lambda c: people_rows.people_of(c, workshop.id))
    for database in two:
        database.close()
    assert [person.number for person in listed] == list(range(1, 41))


def test_o02_a_rush_at_an_open_door_is_told_to_wait_and_keeps_what_it_typed(
    browser: Any, demo: Any, facilitator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tries, "ASKERS", tries.RateLimitItemPerMinute(1))
    set_door(facilitator, "open")
    come(browser(), demo)
    answer = come(browser(), demo, name="Awa de la Régie")
    assert answer.status_code == 429
    assert 'value="Awa de la Régie"' in answer.text
    seat = next(p for p in seats.members_of(demo) if p.role == "participant")
    entered = browser().post(f"/join/{demo.code}", {"seat": codes.seat_code(seat)})
    assert entered.status_code == 303, "whoever has a code is not in the rush"


# --- with a word ---


@pytest.mark.parametrize("typed", ["Baobab d’été", "BAOBAB DETE", "baobab d'ete "])
def test_whoever_heard_the_word_comes_in_however_it_is_written(
    browser: Any, demo: Any, facilitator: Any, typed: str
) -> None:
    set_door(facilitator, "word", word=WORD)
    assert come(browser(), demo, word=typed).location.startswith("/b/")


def test_a_wrong_word_opens_nothing_and_keeps_what_was_typed(
    browser: Any, demo: Any, facilitator: Any
) -> None:
    set_door(facilitator, "word", word=WORD)
    before = len(seats.members_of(demo))
    answer = come(browser(), demo, word="acacia", name="Awa")
    assert answer.status_code == 403
    assert "This is not the word" in answer.text
    assert 'value="acacia"' in answer.text and 'value="Awa"' in answer.text
    assert len(seats.members_of(demo)) == before


def test_o02_when_somebody_guesses_words_people_wait_at_the_door_instead(
    browser: Any, demo: Any, facilitator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tries, "WRONG_WORDS", tries.RateLimitItemPerMinute(2))
    set_door(facilitator, "word", word=WORD)
    guesses = [come(browser(), demo, word=f"mauvais{n}").status_code for n in range(2)]
    assert guesses == [403, 403]
    good = browser()
    answer = come(good, demo, word=WORD)
    assert answer.location.startswith("/door/"), "neither locked out nor let in by a guess"
    assert "one by one" in good.get(answer.location).text
    seat = next(p for p in seats.members_of(demo) if p.role == "participant")
    assert browser().post(f"/join/{demo.code}", {"seat": codes.seat_code(seat)}).status_code == 303


def test_the_word_is_changed_and_the_old_one_opens_nothing(browser: Any, demo: Any, facilitator: Any) -> None:
    set_door(facilitator, "word", word=WORD)
    set_door(facilitator, "word", places=90)
    assert come(browser(), demo, word=WORD).status_code == 303, "an empty field keeps the word"
    set_door(facilitator, "word", word="pirogue lente")
    assert come(browser(), demo, word=WORD).status_code == 403
    assert come(browser(), demo, word="Pirogue lente").status_code == 303


def test_d05_of_the_word_only_argon2id_is_kept(demo: Any, facilitator: Any, tmp_path: Any) -> None:
    set_door(facilitator, "word", word="girafe peralta")
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("palabre.db*"))
    assert b"$argon2id$" in kept
    assert b"peralta" not in kept.lower()


# --- choosing ---


@pytest.mark.parametrize(
    ("mode", "places", "word", "said"),
    [
        ("word", "100", "", "Choose the word"),
        ("word", "100", "ici", "at least 6"),
        ("open", "0", "", "from 1 to"),
        ("open", "beaucoup", "", "from 1 to"),
        ("open", "100000", "", "from 1 to"),
    ],
)
def test_a_choice_that_makes_no_sense_changes_nothing_and_is_told(
    demo: Any, facilitator: Any, mode: str, places: str, word: str, said: str
) -> None:
    host, path = facilitator
    host.post(f"{path}/people/entry", {"door": mode, "places": places, "word": word})
    page = told(facilitator)
    assert said in page
    assert 'value="ask" required checked' in page


def test_the_page_says_what_each_mode_means_for_who_is_counted(facilitator: Any) -> None:
    page = told(facilitator)
    for meaning in ("each person is counted once", "see who comes twice", "could take two", "several seats"):
        assert meaning in page


def test_an_unknown_mode_is_refused(facilitator: Any, demo: Any) -> None:
    host, path = facilitator
    assert host.post(f"{path}/people/entry", {"door": "ajar", "places": "9"}).status_code == 400
