"""The administrator's pages about whole workshops, and what everybody reads of what is kept."""

from __future__ import annotations

import datetime
import io
import re
from dataclasses import replace
from typing import Any

import pytest

from app import admission, codes, old_backups, retention, sealed, seats, workshops
from app.backup_folder import file_name
from app.boards import boards
from app.domain.operations import Actor
from app.domain.retention import DAY_MS, NOTICE_DAYS
from app.store import keeping
from app.store import people as people_rows
from app.store import workshops as workshop_rows
from tests.pages.conftest import handle_of

CHAIR = Actor(None, "facilitator")


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "COST", min(sealed.COSTS))


@pytest.fixture
def keeper(browser: Any, entry: Any) -> tuple[Any, str]:
    """The administrator's browser, and the path of its pages."""
    opened = browser()
    return opened, f"/b/{opened.enter(entry['links']['administrator'])}"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, app: Any) -> Any:
    """Days that pass when told to."""
    start = boards.clock.now_ms()
    passed = {"days": 0}
    monkeypatch.setattr(boards.clock, "now_ms", lambda: start + passed["days"] * DAY_MS)
    return lambda days: passed.update(days=passed["days"] + days)


def hold_a_round(demo: Any) -> str:
    board = seats.main_board(demo) or ""
    do(board, "round.start", round="A1")
    do(board, "round.close", round="A1", epoch=boards.moment(board).state["rounds"]["A1"]["epoch"])
    return board


def do(board: str, kind: str, **payload: Any) -> None:
    (answer,) = boards.submit_now(board, CHAIR, [{"id": seats.new_id(), "kind": kind, "payload": payload}])
    assert "code" not in answer, answer


# --- how long people are kept ---


def test_a_new_workshop_has_a_term_that_its_maker_chose(keeper: Any, entry: Any) -> None:
    host, path = keeper
    assert "90" in host.get(f"{path}/workshops/new").text
    answer = host.post(f"{path}/workshops/new", {"title_fr": "Zinder", "language": "fr", "days": "30"})
    assert answer.status_code == 303
    (made,) = [w for w in seats.read(workshop_rows.all_workshops) if w.code != entry["code"]]
    assert retention.of(made).days == 30


def test_the_term_is_changed_and_told_on_the_page(keeper: Any, demo: Any) -> None:
    host, path = keeper
    hold_a_round(demo)
    day = retention.date_of(retention.today() + 90)
    assert f"{day.day} {day:%B} {day.year}" in host.get(f"{path}/workshop").text
    assert host.post(f"{path}/workshop/retention", {"days": "180"}).status_code == 303
    assert retention.due(demo) == retention.today() + 180
    chosen = retention.date_of(retention.today() + 200)
    host.post(f"{path}/workshop/retention", {"days": "180", "until": chosen.isoformat()})
    assert retention.due(demo) == retention.today() + 200


@pytest.mark.parametrize(
    "form",
    [
        {"days": "1"},
        {"days": "x"},
        {"days": "30", "until": "yesterday"},
        {"days": "30", "until": "2020-01-01"},
    ],
)
def test_a_term_that_cannot_be_kept_is_refused_and_changes_nothing(keeper: Any, demo: Any, form: Any) -> None:
    host, path = keeper
    answer = host.post(f"{path}/workshop/retention", form)
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert retention.of(demo).days == 90 and retention.of(demo).until is None


def test_the_server_announces_and_then_wipes_by_itself(
    keeper: Any, browser: Any, entry: Any, demo: Any, clock: Any, cuts: Any
) -> None:
    host, path = keeper
    participant = browser("fr")
    seat = f"/b/{participant.enter(entry['links']['participants'][0])}/"
    hold_a_round(demo)
    retention.carry_out()
    assert "sont effacés" not in participant.get(seat).text
    clock(90 - NOTICE_DAYS)
    retention.carry_out()
    told = retention.date_of(retention.today() + NOTICE_DAYS)
    assert f"Le {told.day} " in participant.get(seat).text and str(told.year) in participant.get(seat).text
    assert f"{told:%B}" in host.get(f"{path}/workshop").text
    clock(NOTICE_DAYS - 1)
    retention.carry_out()
    assert participant.get(seat).status_code == 200 and not cuts
    clock(1)
    retention.carry_out()
    assert participant.get(seat).status_code == 404
    assert {reason for _, reason in cuts} == {"removed"} and len(cuts) == 2
    assert [p.name["fr"] for p in seats.members_of(demo)] == ["Administrateur", "Rapporteur"]
    # Done once: the next round of the server finds nothing to do.
    retention.carry_out()
    assert len(seats.members_of(demo)) == 2


def test_what_is_due_waits_for_a_round_that_is_under_way(demo: Any, clock: Any) -> None:
    board = seats.main_board(demo) or ""
    do(board, "round.start", round="A1")
    clock(80)
    retention.carry_out()
    clock(NOTICE_DAYS)
    retention.carry_out()
    assert len(seats.members_of(demo)) > 40
    do(board, "round.void", round="A1", epoch=1)
    boards.write(lambda c: keeping.change(c, demo.id, days=30, announced=retention.today()))
    clock(30)
    retention.carry_out()
    assert len(seats.members_of(demo)) == 2


def test_a_workshop_that_cannot_be_looked_at_stops_none_after_it(demo: Any) -> None:
    board, today = hold_a_round(demo), retention.today()
    boards.write(lambda c: workshop_rows.remove_board(c, board))
    boards.write(lambda c: workshop_rows.change_workshop(c, demo.id, created="2020-01-01"))
    after = workshops.create({"fr": "Z", "en": "Z"}, workshops.plan_from({}))
    for one in (demo, after):
        boards.write(lambda c, one=one: keeping.change(c, one.id, until=today, announced=today))
    assert [one.id for one in seats.read(workshop_rows.all_workshops)] == [demo.id, after.id]
    retention.carry_out()
    assert retention.of(demo).wiped_at_ms is None
    assert retention.of(after).wiped_at_ms


def test_what_a_crash_left_half_done_is_finished(demo: Any) -> None:
    board = hold_a_round(demo)
    boards.write(lambda c: keeping.begin_wipe(c, demo.id))
    assert any(entry.person for entry in boards.log_of(board)) is False
    retention.carry_out()
    assert retention.of(demo).wiping is False and retention.of(demo).wiped_at_ms
    assert boards.moment(board).state["board"]["board"]["forgotten"] == 1


# --- the wipe ---


def test_a_wipe_asks_for_the_code_and_says_what_it_did(
    keeper: Any, browser: Any, facilitator: Any, demo: Any, app: Any
) -> None:
    host, path = keeper
    hold_a_round(demo)
    chair = next(p for p in seats.members_of(demo) if p.role == "facilitator")
    operation = {"id": "1" * 32, "kind": "board.gather", "payload": {"factor": "F01"}}
    facilitator[0].post_json(f"{facilitator[1]}/submit", {"ops": [operation]})
    links = app.config["SETTINGS"].data / "entry-links.json"
    links.write_text("{}")
    wrong = host.post(f"{path}/workshop/wipe", {"code": "CODE"})
    assert wrong.status_code == 422 and demo.code in wrong.text
    assert len(seats.members_of(demo)) > 40
    answer = host.post(f"{path}/workshop/wipe", {"code": demo.code.lower(), "backups": "1"})
    assert answer.status_code == 303
    page = host.get(answer.location)
    assert "the results are kept" in page.text and "2 people are on the list" in page.text
    assert host.get(f"{path}/workshop").status_code == 404, "the old seat is gone"
    assert not links.exists()
    assert seats.read(workshop_rows.demo_workshop) is None
    # Whoever is left can hand out further seats; and the rapporteur reads the history, which names nobody.
    reader = browser()
    reading = next(p for p in seats.members_of(demo) if p.role == "rapporteur")
    history = reader.get(f"/b/{reader.enter(f'/l/{codes.link_token(reading)}')}/history/").text
    assert "name erased" in history and chair.name["en"] not in history
    assert host.get(f"/b/{handle_of(answer)}/people").status_code == 200


@pytest.mark.parametrize("action", ["wipe", "remove", "away", "archive"])
def test_nothing_of_it_while_a_round_is_under_way(keeper: Any, demo: Any, action: str) -> None:
    host, path = keeper
    do(seats.main_board(demo) or "", "round.start", round="A1")
    form = {"code": demo.code, "away": "1", "passphrase": sealed.new_passphrase()}
    answer = host.post(f"{path}/workshop/{action}", form)
    assert answer.status_code == 409 and "under way" in answer.text
    assert len(seats.members_of(demo)) > 40
    assert "disabled" in host.get(f"{path}/workshop").text


def test_backups_that_hold_wiped_people_are_told_and_replaced(keeper: Any, demo: Any, app: Any) -> None:
    host, path = keeper
    hold_a_round(demo)
    old = app.config["SETTINGS"].data / "backups" / "2020-01-01-000000.zip"
    old.parent.mkdir()
    old.write_bytes(b"of an older release, which does not tell when it was begun")
    assert "1 safety copy" not in host.get(f"{path}/workshop").text
    answer = host.post(f"{path}/workshop/wipe", {"code": demo.code})
    page = host.get(answer.location)
    assert "1 safety copy of this server was made before" in page.text
    again = host.post(f"/b/{handle_of(answer)}/workshop/backups")
    assert "A new backup is made" in host.get(again.location).text
    assert not old.exists() and len(old_backups.known(app.config["SETTINGS"])) == 1


def test_backups_of_the_breaks_are_known_and_nobody_elses(app: Any, tmp_path: Any) -> None:
    """The folder the operator set, as a rule on a stick, holds other servers' backups too."""
    stick = tmp_path / "stick"
    stick.mkdir()
    settings = replace(app.config["SETTINGS"], backups=stick)
    own = stick / file_name(settings.mark, "2020-01-01-000000", "Pause")
    for path in (own, stick / file_name("0" * 16, "2020-01-01-000000", "Pause"), stick / "photos.zip"):
        path.write_bytes(b"x")
    assert old_backups.known(settings) == [own]
    demo = workshops.ensure_demo(app)
    boards.write(
        lambda c: keeping.change(c, codes.workshop_by_code(demo["code"]).id, wiped_at_ms=1_700_000_000_000)
    )
    assert old_backups.replace(settings) == 1
    (fresh,) = stick.glob(f"palabre-{settings.mark[:8]}-*.zip")
    assert fresh.name.endswith("after-wipe.zip") and not own.exists()
    assert (stick / "photos.zip").exists()


# --- sealing, putting away, copying, removing, the list ---


def test_a_workshop_is_sealed_removed_and_opened_again(
    keeper: Any, browser: Any, demo: Any, entry: Any
) -> None:
    host, path = keeper
    board = hold_a_round(demo)
    phrase = re.search(
        r'id="seal-passphrase" name="passphrase" value="([^"]+)"', host.get(f"{path}/workshop").text
    )
    assert phrase
    file = host.post(f"{path}/workshop/archive", {"passphrase": phrase[1]})
    assert file.status_code == 200
    assert re.fullmatch(
        rf'attachment; filename="palabre-{demo.code}-[\d-]+\.sealed"', file.headers["Content-Disposition"]
    )
    assert retention.of(demo).sealed_hash in host.get(f"{path}/workshop").text
    # A second workshop, so that somebody is left to open it.
    made = host.post(f"{path}/workshop/copy", {"title_fr": "Copie"})
    other = f"/b/{handle_of(made)}"
    before = boards.moment(board).state
    assert host.post(f"{path}/workshop/remove", {"code": "x"}).status_code == 422
    assert host.post(f"{path}/workshop/remove", {"code": demo.code}).status_code == 303
    assert host.get(f"{path}/workshop").status_code == 404

    def open_it(content: bytes, typed: str) -> Any:
        upload = {"file": (io.BytesIO(content), "x.sealed"), "passphrase": typed}
        return host.post(f"{other}/workshops/open", upload)

    for content, typed, told in (
        (file.data, "wrong", "does not open the file"),
        (b"PK", phrase[1], "no sealed workshop"),
        (b"", phrase[1], "no sealed workshop"),
    ):
        refused = open_it(content, typed)
        assert refused.status_code == 422 and told in refused.text
    assert [w.code for w in seats.read(workshop_rows.all_workshops)] != [demo.code]
    opened = open_it(file.data, phrase[1])
    assert opened.status_code == 303
    assert boards.moment(board).state == before
    assert "already" in open_it(file.data, phrase[1]).text
    # The old links open it again: they are derived from the same secret.
    assert browser().get(entry["links"]["facilitator"]).status_code == 303


def test_a_workshop_that_was_put_away_says_so_and_takes_nothing(
    keeper: Any, facilitator: Any, demo: Any
) -> None:
    host, path = keeper
    chair, console = facilitator
    assert host.post(f"{path}/workshop/away", {"away": "1"}).status_code == 303
    assert "was put away" in chair.get(f"{console}/console").text
    operation = {"id": "1" * 32, "kind": "round.start", "payload": {"round": "A1"}}
    answer = chair.post_json(f"{console}/submit", {"ops": [operation]})
    assert answer.json["results"][0]["code"] == "archived"
    host.post(f"{path}/workshop/away", {"away": "0"})
    assert "was put away" not in chair.get(f"{console}/console").text


def test_a_copy_has_the_plan_and_the_tasks_and_nobody(keeper: Any, demo: Any) -> None:
    host, path = keeper
    board = hold_a_round(demo)
    do(board, "board.set", names_wait=True)
    do(board, "board.axes", axes=[{"id": "X1", "name": {"fr": "Axe", "en": "Axis"}}])
    admission.set_door(demo, workshop_rows.SEATS_ONLY, 80)
    refused = host.post(f"{path}/workshop/copy", {"title_fr": " "})
    assert refused.status_code == 422 and len(seats.read(workshop_rows.all_workshops)) == 1
    answer = host.post(f"{path}/workshop/copy", {"title_fr": "Suivi", "title_en": "Follow-up"})
    assert answer.status_code == 303
    (made,) = [w for w in seats.read(workshop_rows.all_workshops) if w.id != demo.id]
    assert (made.title, made.door, made.demo) == (
        {"fr": "Suivi", "en": "Follow-up"},
        workshop_rows.SEATS_ONLY,
        False,
    )
    old, new = boards.moment(board).state, boards.moment(seats.main_board(made) or "").state
    plans = [workshops.plan_of(state) for state in (old, new)]
    assert (plans[0].factors, plans[0].tables, plans[0].rounds) == (
        plans[1].factors,
        plans[1].tables,
        plans[1].rounds,
    )
    assert {r["state"] for r in new["rounds"].values()} == {"planned"}
    assert (
        new["board"]["board"]["names_wait"] and new["board"]["board"]["axes"] == old["board"]["board"]["axes"]
    )
    people = seats.members_of(made)
    tasks = [
        p.role for p in seats.members_of(demo) if p.role != "participant" and p.device != people_rows.WALL
    ]
    told = [p.role for p in people if p.device != people_rows.WALL]
    assert sorted(told) == sorted([*tasks, "administrator"])  # and whoever made the copy
    known = {name for p in seats.members_of(demo) for name in p.name.values() if p.role != "observer"}
    maker = [p for p in people if p.role == "administrator"][-1]
    assert not known & {
        name for p in people if p is not maker and p.role not in ("observer",) for name in p.name.values()
    } - {"Scribe 01"}


def test_a_copy_that_cannot_be_set_up_is_not_made(
    keeper: Any, demo: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, path = keeper
    there = boards.boards()
    refused = {"code": "storage", "data": {}}
    submit = boards.submit_now
    monkeypatch.setattr(
        boards,
        "submit_now",
        lambda board, actor, ops: (
            [refused] if "board.set" in {op.kind for op in ops} else submit(board, actor, ops)
        ),
    )
    answer = host.post(f"{path}/workshop/copy", {"title_fr": "Copie", "title_en": "Copy"})
    assert answer.status_code == 409 and "takes nothing just now" in answer.text
    assert seats.read(workshop_rows.all_workshops) == [demo]
    assert boards.boards() == there


def test_the_list_shows_the_workshops_of_this_browsers_seats_alone(
    keeper: Any, browser: Any, demo: Any
) -> None:
    host, path = keeper
    plan = workshops.plan_from(workshops.niamey_files("factors", "agenda", "participants", "staff"))
    mine = workshops.create({"fr": "À moi", "en": "Mine"}, plan)
    workshops.create({"fr": "Aux autres", "en": "Others"}, plan)
    admin = next(p for p in seats.members_of(mine) if p.role == "administrator")
    host.enter(f"/l/{codes.link_token(admin)}")
    page = host.get(f"{path}/workshops").text
    assert "Mine" in page and "Others" not in page and demo.code in page
    assert page.count("not begun") == 2
    hold_a_round(demo)
    assert "under way" in host.get(f"{path}/workshops").text


# --- what everybody reads ---


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_kept_is_told_from_the_first_screen_and_the_promise(
    browser: Any, entry: Any, demo: Any, language: str
) -> None:
    visitor = browser(language)
    assert 'href="/kept"' in visitor.get("/").text
    assert visitor.get("/kept").status_code == 200
    assert f'href="/join/{demo.code}/kept"' in visitor.get(f"/join/{demo.code}").text
    boards.write(lambda c: keeping.change(c, demo.id, days=365))
    page = visitor.get(f"/join/{demo.code}/kept").text
    assert "365" in page
    day = datetime.date.fromordinal(datetime.date.today().toordinal() + 40)
    retention.keep_until(demo, retention.day_from(day))
    assert str(day.day) in visitor.get(f"/join/{demo.code}/kept").text


def test_o02_guessing_codes_on_the_page_of_what_is_kept_is_slowed_down(browser: Any, entry: Any) -> None:
    visitor = browser()
    answers = [visitor.get(f"/join/ZZZ{n:03}/kept").status_code for n in range(70)]
    assert set(answers) == {404, 429} and answers[0] == 404
