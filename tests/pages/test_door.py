"""Coming in: in under half a minute, without an account, on one seat a person."""

from __future__ import annotations

import time
from typing import Any

import pytest

from app import admission, codes, members, seats
from app.store import accounts as account_rows
from app.store import doors, keeping
from app.store import people as people_rows
from app.store import sessions as session_rows
from app.store import workshops as workshop_rows
from app.store.people import Person
from tests.pages.conftest import handle_of

ANSWERS = {"ask": "1", "name": "Agent de garde", "side": "external", "place": "remote", "table": "T2"}


def seat_of(demo: Any, number: int = 0) -> Person:
    return [person for person in seats.members_of(demo) if person.role == "participant"][number]


# --- codes ---


def test_a_code_typed_in_any_way_leads_to_the_workshops_door(browser: Any, demo: Any) -> None:
    typed = f" {demo.code[:3].lower()} - {demo.code[3:].lower()} "
    answer = browser().post("/join", {"code": typed})
    assert (answer.status_code, answer.location) == (303, f"/join/{demo.code}")


def test_a_wrong_code_keeps_what_was_typed_and_says_where_to_look(browser: Any, demo: Any) -> None:
    answer = browser().post("/join", {"code": "XXXYYY"})
    assert answer.status_code == 404
    assert 'value="XXXYYY"' in answer.text
    assert "Look at the wall" in answer.text


@pytest.mark.parametrize(
    ("language", "words"), [("en", "What we promise you"), ("fr", "Ce que nous vous promettons")]
)
def test_the_promise_and_its_limit_are_read_before_anything_is_written(
    browser: Any, demo: Any, language: str, words: str
) -> None:
    page = browser(language).get(f"/join/{demo.code}").text
    assert words in page
    assert ("look over your shoulder" in page) == (language == "en")


def test_a_seat_code_opens_the_seat_and_its_board(browser: Any, demo: Any) -> None:
    visitor = browser()
    answer = visitor.post(f"/join/{demo.code}", {"seat": codes.seat_code(seat_of(demo))})
    assert answer.status_code == 303
    assert answer.location == f"/b/{handle_of(answer)}/"
    assert visitor.get(answer.location).status_code == 200
    assert seat_of(demo).joined


def test_a_seat_code_is_read_as_people_write_it(browser: Any, demo: Any) -> None:
    written = codes.seat_code(seat_of(demo)).lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert browser().post(f"/join/{demo.code}", {"seat": written}).status_code == 303


def test_the_qr_of_a_seat_fills_the_code_in(browser: Any, demo: Any) -> None:
    assert 'value="ABC-DEF-GHJ"' in browser().get(f"/join/{demo.code}?seat=ABC-DEF-GHJ").text


def test_a_wrong_seat_code_opens_nothing(browser: Any, demo: Any) -> None:
    answer = browser().post(f"/join/{demo.code}", {"seat": "000-000-000"})
    assert answer.status_code == 404
    assert "No seat has this code" in answer.text


def test_the_facilitators_seat_has_no_short_code_to_guess(browser: Any, demo: Any, people: Any) -> None:
    (first, *_) = people("facilitator")
    assert browser().post(f"/join/{demo.code}", {"seat": codes.seat_code(first)}).status_code == 404


def test_o02_guessing_is_slowed_down_and_people_with_the_right_code_still_come_in(
    browser: Any, demo: Any
) -> None:
    guesser = browser()
    token = guesser.token()
    statuses = [
        guesser.open(
            f"/join/{demo.code}", method="POST", data={"seat": f"{n:09d}", "csrf_token": token}
        ).status_code
        for n in range(61)
    ]
    assert statuses[0] == 404
    assert statuses[-1] == 429
    assert browser().post(f"/join/{demo.code}", {"seat": codes.seat_code(seat_of(demo))}).status_code == 303


def test_whoever_the_list_does_not_fully_describe_is_asked_for_the_rest_only(browser: Any, demo: Any) -> None:
    seat = seat_of(demo)
    members.change_details(seat, side=None, table=None)
    visitor, code = browser(), codes.seat_code(seat)
    asked = visitor.post(f"/join/{demo.code}", {"seat": code})
    assert asked.status_code == 200
    assert 'name="side"' in asked.text
    assert 'name="place"' not in asked.text
    entered = visitor.post(f"/join/{demo.code}", {"seat": code, "side": "internal", "table": "T3"})
    assert entered.status_code == 303
    assert (seat_of(demo).side, seat_of(demo).table) == ("internal", "T3")


# --- one person, one seat ---


def test_entering_a_code_again_moves_the_seat_and_never_adds_one(browser: Any, demo: Any, cuts: Any) -> None:
    code, phone, laptop = codes.seat_code(seat_of(demo)), browser(), browser()
    first = handle_of(phone.post(f"/join/{demo.code}", {"seat": code}))
    second = handle_of(laptop.post(f"/join/{demo.code}", {"seat": code}))
    assert cuts == [(first, "moved")]
    assert phone.get(f"/b/{first}/").status_code == 404
    assert laptop.get(f"/b/{second}/").status_code == 200


def test_the_same_browser_keeps_its_seat_when_the_link_is_opened_again(
    browser: Any, entry: Any, cuts: Any
) -> None:
    phone, link = browser(), entry["links"]["participants"][3]
    handle = phone.enter(link)
    assert phone.enter(link) == handle
    assert cuts == [(handle, "restart")], "its tabs come back with the new token (test_sessions.py)"


def test_staff_may_have_several_devices(browser: Any, entry: Any, cuts: Any) -> None:
    laptop, phone = browser(), browser()
    first, second = laptop.enter(entry["links"]["expert"]), phone.enter(entry["links"]["expert"])
    assert laptop.get(f"/b/{first}/").status_code == phone.get(f"/b/{second}/").status_code == 200
    assert cuts == []


def test_a_link_preview_moves_nobodys_seat(browser: Any, entry: Any, cuts: Any) -> None:
    phone, link = browser(), entry["links"]["participants"][0]
    phone.enter(link)
    assert browser().open(link, method="HEAD").status_code == 204
    assert browser().get(link, headers={"Sec-Purpose": "prefetch"}).status_code == 204
    assert cuts == []


def test_one_browser_may_hold_several_seats_and_the_landing_page_leads_back_to_each(
    browser: Any, entry: Any
) -> None:
    shared = browser()
    handles = [shared.enter(link) for link in entry["links"]["participants"][:3]]
    assert [shared.get(f"/b/{handle}/").status_code for handle in handles] == [200, 200, 200]
    assert all(f"/b/{handle}/" in shared.get("/").text for handle in handles)


def test_p13_leaving_closes_the_seat_in_this_browser(browser: Any, entry: Any, cuts: Any) -> None:
    shared = browser()
    handle = shared.enter(entry["links"]["participants"][0])
    assert shared.post(f"/b/{handle}/leave").location == "/"
    assert shared.get(f"/b/{handle}/").status_code == 404
    assert cuts == [(handle, "removed")]


@pytest.mark.parametrize(("moved_s", "is_in"), [(-7200, True), (3600, True), (40 * 86_400, False)])
def test_r14_a_clock_that_is_set_back_turns_nobody_out(
    browser: Any, entry: Any, monkeypatch: pytest.MonkeyPatch, moved_s: int, is_in: bool
) -> None:
    visitor = browser()
    handle = visitor.enter(entry["links"]["participants"][0])
    signed_s = int(time.time())
    monkeypatch.setattr("app.cookie.PatientSigner.get_timestamp", lambda self: signed_s + moved_s)
    assert (visitor.get(f"/b/{handle}/").status_code == 200) is is_in


def test_s26_a_handle_without_its_cookie_is_worth_nothing(browser: Any, entry: Any) -> None:
    handle = browser().enter(entry["links"]["participants"][0])
    assert browser().get(f"/b/{handle}/").status_code == 404


# --- at the door ---


def ask(browser: Any, demo: Any, **answers: str) -> tuple[Any, str]:
    visitor = browser()
    answer = visitor.post(f"/join/{demo.code}", {**ANSWERS, **answers})
    assert answer.status_code == 303, answer.text
    return visitor, answer.location


def test_who_has_no_code_asks_at_the_door_waits_and_comes_in(
    browser: Any, demo: Any, facilitator: Any
) -> None:
    visitor, ticket = ask(browser, demo)
    assert visitor.get(f"{ticket}.json").json == {"state": "waiting"}
    assert 'http-equiv="refresh"' in visitor.get(ticket).text
    host, path = facilitator
    (asker,) = host.get(f"{path}/door").json
    assert (asker["name"], asker["side"], asker["place"], asker["table"]) == (
        "Agent de garde",
        "external",
        "remote",
        "T2",
    )
    assert host.post_json(f"{path}/door/{asker['id']}", {"decision": "admit"}).status_code == 200
    assert visitor.get(f"{ticket}.json").json == {"state": "admitted"}
    entered = visitor.get(ticket)
    assert visitor.get(entered.location).status_code == 200
    seat = seats.members_of(demo)[-1]
    assert (seat.role, seat.side, seat.table, seat.joined) == ("participant", "external", "T2", True)


@pytest.mark.parametrize(("given", "seated"), [("T4", "T4"), ("", None)])
def test_whoever_is_let_in_sits_at_the_table_that_the_host_names(
    browser: Any, demo: Any, facilitator: Any, given: str, seated: str | None
) -> None:
    ask(browser, demo)
    host, path = facilitator
    (asker,) = host.get(f"{path}/door").json
    nowhere = {"decision": "admit", "table": "T99"}
    assert host.post_json(f"{path}/door/{asker['id']}", nowhere).status_code == 400
    answer = host.post_json(f"{path}/door/{asker['id']}", {"decision": "admit", "table": given})
    assert answer.status_code == 200
    assert seats.members_of(demo)[-1].table == seated


def test_a_ticket_opens_the_seat_once(browser: Any, demo: Any, facilitator: Any) -> None:
    visitor, ticket = ask(browser, demo)
    host, path = facilitator
    (asker,) = host.get(f"{path}/door").json
    host.post(f"{path}/door/{asker['id']}", {"decision": "admit"})
    visitor.get(visitor.get(ticket).location)
    assert browser().get(ticket).status_code == visitor.get(ticket).status_code == 404


def test_when_the_answer_is_lost_the_ticket_still_leads_to_the_one_seat(browser: Any, demo: Any) -> None:
    visitor, ticket = ask(browser, demo)
    admission.admit(admission.waiting_for(demo)[0])
    before = len(seats.members_of(demo))
    # No cookie of it came: as if another browser had asked.
    assert browser().get(ticket).status_code == 303
    again = visitor.get(ticket)
    assert (again.status_code, visitor.get(again.location).status_code) == (303, 200)
    assert len(seats.members_of(demo)) == before
    assert visitor.get(ticket).status_code == 404


def test_a_preview_of_the_waiting_page_takes_nobodys_seat(browser: Any, demo: Any) -> None:
    visitor, ticket = ask(browser, demo)
    admission.admit(admission.waiting_for(demo)[0])
    assert visitor.open(ticket, method="HEAD").status_code == 204
    assert visitor.get(ticket, headers={"Sec-Purpose": "prefetch;prerender"}).status_code == 204
    assert not seats.members_of(demo)[-1].joined
    assert visitor.get(visitor.get(ticket).location).status_code == 200


def test_the_facilitator_cannot_use_the_ticket_of_who_waits(
    browser: Any, demo: Any, facilitator: Any
) -> None:
    ask(browser, demo)
    host, path = facilitator
    (asker,) = host.get(f"{path}/door").json
    host.post(f"{path}/door/{asker['id']}", {"decision": "admit"})
    assert host.get(f"/door/{asker['id']}").status_code == 404


def test_who_is_turned_away_is_told_and_may_ask_again(browser: Any, demo: Any, facilitator: Any) -> None:
    visitor, ticket = ask(browser, demo)
    host, path = facilitator
    (asker,) = host.get(f"{path}/door").json
    host.post(f"{path}/door/{asker['id']}", {"decision": "refuse"})
    page = visitor.get(ticket).text
    assert "did not open" in page
    assert f"/join/{demo.code}" in page
    assert host.get(f"{path}/door").json == []


def test_of_two_facilitators_who_decide_the_first_one_counts(
    browser: Any, demo: Any, facilitator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, ticket = ask(browser, demo)
    (asked,) = admission.waiting_for(demo)
    seat = admission.admit(asked)
    assert seat and not admission.refuse(asked)
    assert visitor.get(f"{ticket}.json").json == {"state": "admitted"}
    found = admission.request_of(ticket.rsplit("/", 1)[1])
    assert found and (found.state, found.person) == ("admitted", seat.id)
    # Both have read that somebody waits.
    monkeypatch.setattr(doors, "request", lambda connection, request_id: asked)
    host, path = facilitator
    late = host.post_json(f"{path}/door/{asked.id}", {"decision": "refuse"})
    assert late.status_code == 404


def test_the_queue_is_in_the_order_people_came(browser: Any, demo: Any, facilitator: Any) -> None:
    for number in range(5):
        ask(browser, demo, name=f"Personne {number}")
    host, path = facilitator
    assert [asker["name"] for asker in host.get(f"{path}/door").json] == [f"Personne {n}" for n in range(5)]
    assert admission.waiting_at_door(seats.main_board(demo) or "") == 5


def test_a_side_or_place_that_is_none_is_asked_again_and_nothing_typed_is_lost(
    browser: Any, demo: Any
) -> None:
    answer = browser().post(f"/join/{demo.code}", {**ANSWERS, "side": "neutral"})
    assert answer.status_code == 422
    assert 'value="Agent de garde"' in answer.text


def test_a_closed_door_lets_nobody_ask(browser: Any, demo: Any, facilitator: Any) -> None:
    host, path = facilitator
    host.post(f"{path}/people/entry", {"door": "seats", "places": "100"})
    visitor = browser()
    assert "ask at the door" not in visitor.get(f"/join/{demo.code}").text
    assert visitor.post(f"/join/{demo.code}", ANSWERS).status_code == 404


def test_b02_a_full_door_takes_no_more(browser: Any, demo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.admission.MOST_WAITING", 2)
    ask(browser, demo)
    ask(browser, demo)
    assert browser().post(f"/join/{demo.code}", ANSWERS).status_code == 429


# --- nothing at rest ---


def test_d05_no_code_link_token_or_ticket_is_kept(browser: Any, demo: Any, entry: Any, tmp_path: Any) -> None:
    visitor, ticket = ask(browser, demo)
    visitor.enter(entry["links"]["participants"][0])
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("palabre.db*"))
    secrets = [token for _, token in visitor.session()["seats"]]
    secrets += [ticket.rsplit("/", 1)[1], entry["links"]["expert"].rsplit(".", 1)[1]]
    secrets += [codes.seat_code(seat_of(demo)), codes.tidy_code(codes.seat_code(seat_of(demo)))]
    assert [secret for secret in secrets if secret.encode() in kept] == []


def test_a01_no_column_of_the_accounts_leads_to_a_card_or_a_ballot(app: Any) -> None:
    tables = (
        workshop_rows.workshops,
        workshop_rows.workshop_boards,
        people_rows.people,
        session_rows.sessions,
        doors.askers,
    )
    tables += (
        account_rows.accounts,
        account_rows.account_seats,
        account_rows.account_sessions,
        doors.doors,
        keeping.keeping,
    )
    about_people = {table.name for table in tables}
    for table in tables[0].metadata.tables.values():
        for key in table.foreign_keys:
            assert (table.name in about_people) == (key.column.table.name in about_people)
    for table in set(tables) - {workshop_rows.workshops, workshop_rows.workshop_boards}:
        assert not {"card", "ballot", "round", "board", "op_hash", "seq"} & set(table.columns.keys())
