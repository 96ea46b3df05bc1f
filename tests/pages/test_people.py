"""People and codes: about seats, in the hands of whoever runs the workshop."""

from __future__ import annotations

from typing import Any

from app import codes, members, seats
from app.store.people import Person


def first(people: Any, role: str = "participant") -> Person:
    return people(role)[0]


def test_the_list_shows_seats_by_table_and_nothing_of_what_they_do(facilitator: Any, people: Any) -> None:
    host, path = facilitator
    page = host.get(f"{path}/people").text
    assert [page.count(f"Table {n} · ") for n in range(1, 6)] == [1, 1, 1, 1, 1]
    assert all(person.name["en"] in page for person in people("participant"))
    assert not any(word in page.lower() for word in ("has posted", "has voted", "ballots", "last seen"))


def test_no_code_or_link_stands_on_the_list_itself(facilitator: Any, people: Any) -> None:
    host, path = facilitator
    page = host.get(f"{path}/people").text
    assert not any(
        codes.seat_code(person) in page or codes.link_token(person) in page
        for person in people("participant")
    )


def test_the_sheet_to_print_has_a_code_and_qr_for_every_seat(facilitator: Any, people: Any) -> None:
    host, path = facilitator
    page = host.get(f"{path}/people/sheets").text
    printed = [*people("participant"), *people("scribe")]
    assert all(codes.seat_code(person) in page for person in printed)
    assert page.count('class="qr"') == len(printed) == 49


def test_one_persons_page_shows_the_way_in(facilitator: Any, people: Any) -> None:
    host, path = facilitator
    seat, expert = first(people), first(people, "expert")
    assert codes.seat_code(seat) in host.get(f"{path}/people/{seat.id}").text
    page = host.get(f"{path}/people/{expert.id}").text
    assert codes.link_token(expert) in page
    assert codes.seat_code(expert) not in page


def test_somebody_of_another_workshop_is_unknown_here(facilitator: Any) -> None:
    host, path = facilitator
    assert host.get(f"{path}/people/{'0' * 32}").status_code == 404


def test_a_co_facilitator_runs_the_console_and_votes_no_more(
    browser: Any, entry: Any, facilitator: Any, people: Any, cuts: Any
) -> None:
    host, path = facilitator
    other = browser()
    handle = other.enter(entry["links"]["participants"][0])
    seat = first(people)
    host.post(f"{path}/people/{seat.id}/role", {"role": "facilitator"})
    assert cuts == [(handle, "role")]
    assert other.get(f"/b/{handle}/console").status_code == 200
    actor = seats.actor_of(seats.member(handle))  # type: ignore[arg-type]
    assert (actor.role, actor.seat) == ("facilitator", None)
    host.post(f"{path}/people/{seat.id}/role", {"role": "usual"})
    assert other.get(f"/b/{handle}/console").status_code == 404
    assert seats.actor_of(seats.member(handle)).seat == seat.id  # type: ignore[arg-type]


def test_somebody_always_stays_to_run_the_workshop(facilitator: Any, people: Any) -> None:
    host, path = facilitator
    (me, other) = people("facilitator")
    assert host.post(f"{path}/people/{me.id}/remove").status_code == 303
    assert host.post(f"{path}/people/{me.id}/revoke").status_code == 303
    assert host.get(f"{path}/console").status_code == 200
    host.post(f"{path}/people/{other.id}/remove")
    assert people("facilitator") == [me]


def test_s24_a_removed_person_is_cut_and_codes_links_and_pages_are_dead(
    browser: Any, entry: Any, demo: Any, facilitator: Any, people: Any, cuts: Any
) -> None:
    seat, visitor, link = first(people), browser(), entry["links"]["participants"][0]
    handle = visitor.enter(link)
    code = codes.seat_code(seat)
    host, path = facilitator
    host.post(f"{path}/people/{seat.id}/remove")
    assert cuts == [(handle, "removed")]
    assert visitor.get(f"/b/{handle}/").status_code == 404
    assert browser().get(link).status_code == 404
    assert browser().post(f"/join/{demo.code}", {"seat": code}).status_code == 404
    assert seats.member(handle) is None


def test_a_new_code_makes_the_old_one_and_its_devices_worthless(
    browser: Any, entry: Any, demo: Any, facilitator: Any, people: Any, cuts: Any
) -> None:
    seat, visitor = first(people), browser()
    handle = visitor.enter(entry["links"]["participants"][0])
    host, path = facilitator
    host.post(f"{path}/people/{seat.id}/revoke")
    assert cuts == [(handle, "removed")]
    assert visitor.get(f"/b/{handle}/").status_code == 404
    assert browser().get(entry["links"]["participants"][0]).status_code == 404
    fresh = codes.seat_code(first(people))
    assert fresh != codes.seat_code(seat)
    assert browser().post(f"/join/{demo.code}", {"seat": fresh}).status_code == 303


def test_o01_the_walls_link_is_changed_and_the_wall_opens_again_from_the_console(
    browser: Any, entry: Any, facilitator: Any, people: Any, cuts: Any
) -> None:
    wall, link = browser(), entry["links"]["wall"]
    handle = wall.enter(link)
    host, path = facilitator
    own = next(person for person in people("observer") if person.device == "wall")
    host.post(f"{path}/people/{own.id}/revoke")
    assert cuts == [(handle, "removed")]
    old = browser().get(link)
    assert old.status_code == 404
    assert "ask the facilitator for your new link" in old.text
    assert wall.get(f"/b/{handle}/wall").status_code == 404
    again = host.get(f"{path}/wall")
    assert host.get(again.location).status_code == 200


def test_o01_a_leaked_code_of_the_workshop_is_changed_and_seats_stay(
    browser: Any, entry: Any, demo: Any, facilitator: Any
) -> None:
    visitor = browser()
    handle = visitor.enter(entry["links"]["participants"][0])
    host, path = facilitator
    host.post(f"{path}/people/code")
    late = browser().get(f"/join/{demo.code}")
    assert late.status_code == 404
    # Whoever scans an old sheet has the field for the new code before them, with what to do.
    assert f'value="{demo.code}"' in late.text
    assert "No workshop has this code" in late.text
    assert visitor.get(f"/b/{handle}/").status_code == 200


def test_somebody_more_gets_a_link_and_is_asked_what_the_list_does_not_say(
    browser: Any, demo: Any, facilitator: Any, people: Any
) -> None:
    host, path = facilitator
    host.post(f"{path}/people/new", {"name": "Expert 04", "role": "expert"})
    host.post(f"{path}/people/new", {"name": "Agent 60", "role": "participant", "table": "T1"})
    assert people("expert")[-1].name == {"fr": "Expert 04", "en": "Expert 04"}
    seat = people("participant")[-1]
    assert (seat.table, seat.side) == ("T1", None)
    asked = browser().post(f"/join/{demo.code}", {"seat": codes.seat_code(seat)})
    assert 'name="side"' in asked.text
    assert 'name="table"' not in asked.text


def test_the_number_on_a_removed_persons_sheet_is_nobody_elses(
    demo: Any, facilitator: Any, people: Any
) -> None:
    host, path = facilitator
    host.post(f"{path}/people/new", {"name": "Agent 60", "role": "participant", "table": "T1"})
    gone = people("participant")[-1]
    members.remove(gone)
    host.post(f"{path}/people/new", {"name": "Agent 61", "role": "participant", "table": "T1"})
    assert people("participant")[-1].number == gone.number + 1


def test_a_name_of_nothing_is_not_taken(facilitator: Any, people: Any) -> None:
    host, path = facilitator
    before = len(people("expert"))
    host.post(f"{path}/people/new", {"name": " \u200b ", "role": "expert"})
    assert len(people("expert")) == before


def test_correcting_a_table_loads_the_persons_page_again_and_keeps_the_rest(
    browser: Any, entry: Any, facilitator: Any, people: Any, cuts: Any
) -> None:
    seat, host_and_path = first(people), facilitator
    handle = browser().enter(entry["links"]["participants"][0])
    host, path = host_and_path
    form = {
        "name": seat.name["en"],
        "side": seat.side,
        "category": seat.category,
        "place": seat.place,
        "table": "T1",
    }
    host.post(f"{path}/people/{seat.id}", form)
    changed = first(people)
    assert (changed.table, changed.side, changed.category, changed.name) == (
        "T1",
        seat.side,
        seat.category,
        seat.name,
    )
    assert cuts == [(handle, "role")]


def test_simulated_seats_stand_on_no_list_and_have_no_code(facilitator: Any, demo: Any) -> None:
    members.add_person(
        demo, Person("", "", 0, {"fr": "Siège simulé", "en": "Simulated seat"}, "participant", simulated=True)
    )
    host, path = facilitator
    assert "Simulated seat" not in host.get(f"{path}/people").text
    assert "Simulated seat" not in host.get(f"{path}/people/sheets").text
