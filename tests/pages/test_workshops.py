"""New workshops, from the template or from files; and what leaves a board as files."""

from __future__ import annotations

import csv
import io
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app import practice, seats, wiping, workshops
from app.boards import boards
from app.domain.operations import Actor
from app.imports import FILES
from app.store import people as people_rows
from app.store import workshops as workshop_rows
from app.store.database import Database
from app.store.workshops import Workshop
from tests.pages.conftest import handle_of
from tests.stores import postgres_url

__all__ = ["postgres_url"]

FACILITATOR = Actor("f" * 32, "facilitator", name={"fr": "F", "en": "F"})
TITLE = {
    "title_fr": "Suivi à Zinder",
    "title_en": "Follow-up in Zinder",
    "time_zone": "Africa/Niamey",
    "language": "fr",
}


def files(**changed: str) -> dict[str, Any]:
    uploads = workshops.niamey_files(*FILES)
    return {
        name: (io.BytesIO(changed[name].encode() if name in changed else upload.content), f"mon-{name}.csv")
        for name, upload in uploads.items()
    }


def made(code_not: str) -> list[workshop_rows.Workshop]:
    return [workshop for workshop in seats.read(workshop_rows.all_workshops) if workshop.code != code_not]


def test_the_demo_is_made_once_and_has_a_link_for_every_role(app: Any, entry: Any) -> None:
    assert workshops.ensure_demo(app) == entry
    assert set(entry["links"]) == {
        *(
            "facilitator",
            "co_facilitator",
            "expert",
            "observer",
            "rapporteur",
            "administrator",
            "scribe",
            "wall",
        ),
        "participants",
    }
    assert len(set(entry["links"]["participants"])) == 44


def test_a_title_is_enough_for_a_workshop_from_the_template(facilitator: Any, entry: Any) -> None:
    host, path = facilitator
    answer = host.post(f"{path}/workshops/new", TITLE)
    assert answer.status_code == 303
    assert host.get(answer.location).status_code == 200
    (workshop,) = made(entry["code"])
    board = boards.view(seats.main_board(workshop) or "", {"all"})
    assert board["board"]["board"]["title"] == {"fr": "Suivi à Zinder", "en": "Follow-up in Zinder"}
    assert (len(board["factors"]), len(board["rounds"])) == (10, 43)
    maker = seats.member(handle_of(answer))
    assert maker
    assert (maker.role, maker.workshop) == ("facilitator", workshop.id)


def test_four_files_make_the_workshop_they_describe(facilitator: Any, entry: Any) -> None:
    host, path = facilitator
    assert host.post(f"{path}/workshops/new", {**TITLE, **files()}).status_code == 303
    (workshop,) = made(entry["code"])
    people = seats.members_of(workshop)
    assert len([person for person in people if person.role == "participant"]) == 44
    assert len([person for person in people if person.role == "facilitator"]) == 2


def test_a_broken_file_makes_nothing_and_keeps_what_was_typed(facilitator: Any, entry: Any) -> None:
    host, path = facilitator
    broken = files(participants="participant_id,label_fr,group\nP1,Agent,neutral\n")
    answer = host.post(f"{path}/workshops/new", {**TITLE, **broken})
    assert answer.status_code == 422
    assert made(entry["code"]) == []
    assert 'value="Suivi à Zinder"' in answer.text
    row = answer.text[answer.text.index("<tbody>") : answer.text.index("</tbody>")]
    assert "mon-participants.csv" in row
    assert 'class="number" data-label="Line">2<' in row
    assert "group" in row
    assert "“neutral” is not one of" in row
    assert "You had chosen mon-agenda.csv" in answer.text


def test_a_problem_is_told_in_the_readers_language(browser: Any, entry: Any) -> None:
    host = browser("fr")
    path = f"/b/{host.enter(entry['links']['facilitator'])}"
    answer = host.post(f"{path}/workshops/new", {**TITLE, **files(factors="number\n1\n")})
    assert "L’en-tête n’a pas de colonne de ce nom" in answer.text


@pytest.mark.parametrize(
    "field",
    [{"title_fr": " ", "title_en": ""}, {"title_fr": "x" * 121}, {"time_zone": "Niamey"}],
    ids=["none", "long", "zone"],
)
def test_a_form_that_cannot_be_used_says_why_and_makes_nothing(
    facilitator: Any, entry: Any, field: Any
) -> None:
    host, path = facilitator
    answer = host.post(f"{path}/workshops/new", {**TITLE, **field})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert made(entry["code"]) == []


# --- exports ---


def open_round(demo: Any) -> str:
    """A sealed round runs; returns its board."""
    board = seats.main_board(demo) or ""
    for person in seats.members_of(demo):
        if person.role == "participant":
            boards.write(lambda c, person=person: people_rows.change_person(c, person.id, joined=True))
    (answer,) = boards.submit_now(
        board, FACILITATOR, [{"id": "1" * 32, "kind": "round.start", "payload": {"round": "B1"}}]
    )
    assert "seq" in answer, answer
    return board


def test_f06_nothing_is_exported_while_an_urn_is_unopened(facilitator: Any, demo: Any) -> None:
    host, path = facilitator
    open_round(demo)
    for name in ("cards", "votes", "comments"):
        answer = host.get(f"{path}/exports/{name}.csv")
        assert answer.status_code == 409
        assert "Silent writing, table’s first factor" in answer.text.replace("&#39;", "’")
    assert "exports/cards.csv" not in host.get(f"{path}/exports/").text


@pytest.mark.parametrize("role", ["facilitator", "rapporteur"])
def test_the_facilitator_and_the_rapporteur_export(browser: Any, entry: Any, role: str) -> None:
    visitor = browser()
    handle = visitor.enter(entry["links"][role])
    answer = visitor.get(f"/b/{handle}/exports/cards.csv?flavour=plain")
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    assert next(csv.reader(io.StringIO(answer.text)))[0] == "number"
    assert (
        answer.headers["Content-Disposition"] == f'attachment; filename="palabre-{entry["code"]}-cards.csv"'
    )


@pytest.mark.parametrize("asked", ["people.csv", "cards.csv?flavour=../x", "..%2fcards.csv", "cards.xlsx"])
def test_o04_only_known_files_in_known_flavours(facilitator: Any, asked: str) -> None:
    host, path = facilitator
    assert host.get(f"{path}/exports/{asked}").status_code == 404


def test_the_administrator_exports_nothing(browser: Any, entry: Any) -> None:
    visitor = browser()
    handle = visitor.enter(entry["links"]["administrator"])
    assert visitor.get(f"/b/{handle}/exports/cards.csv").status_code == 404


# --- submitting without a socket ---


def submit(visitor: Any, handle: str, *operations: dict[str, Any], board: str | None = None) -> Any:
    return visitor.post_json(
        f"/b/{handle}/submit",
        {"board": board, "ops": list(operations)} if board else {"ops": list(operations)},
    )


def test_an_operation_is_answered_over_plain_http(browser: Any, entry: Any, demo: Any) -> None:
    open_round(demo)
    visitor = browser()
    handle = visitor.enter(entry["links"]["participants"][2])
    card = {"round": "B1", "epoch": 1, "factor": "F01", "text": "Publier les tarifs", "secret_hash": "a" * 64}
    operation = {"id": "2" * 32, "kind": "card.post", "payload": card}
    assert submit(visitor, handle, operation).json == {"results": [{"id": "2" * 32, "sealed": True}]}
    assert submit(visitor, handle, operation).json == {"results": [{"id": "2" * 32, "sealed": True}]}


def test_s04_a_board_of_another_workshop_is_unknown(browser: Any, entry: Any) -> None:
    visitor = browser()
    handle = visitor.enter(entry["links"]["participants"][2])
    operation = {"id": "2" * 32, "kind": "card.hold", "payload": {}}
    assert submit(visitor, handle, operation, board="3" * 32).status_code == 404


@pytest.mark.parametrize(
    "body", ["{", "[]", '{"ops": []}', '{"ops": NaN}', '{"ops": 1e999}', '{"ops": 1, "ops": 2}', "[" * 30_000]
)
def test_s13_what_is_not_a_frame_is_refused_before_any_rule(browser: Any, entry: Any, body: str) -> None:
    visitor = browser()
    handle = visitor.enter(entry["links"]["participants"][2])
    headers = {"X-CSRFToken": visitor.token(), "Content-Type": "application/json"}
    answer = visitor.open(f"/b/{handle}/submit", method="POST", data=body, headers=headers)
    assert (answer.status_code, answer.json["results"][0]["code"]) == (400, "bad_payload")


def test_s09_a_body_larger_than_a_frame_is_refused(browser: Any, entry: Any) -> None:
    visitor = browser()
    handle = visitor.enter(entry["links"]["participants"][2])
    headers = {"X-CSRFToken": visitor.token(), "Content-Type": "application/json"}
    answer = visitor.open(
        f"/b/{handle}/submit", method="POST", data=json.dumps({"x": "y" * 70_000}), headers=headers
    )
    assert answer.status_code == 413


def test_s16_a_flood_from_one_seat_is_slowed_down_and_another_seat_is_not(browser: Any, entry: Any) -> None:
    flooder, other = browser(), browser()
    first, second = (
        one.enter(link)
        for one, link in zip((flooder, other), entry["links"]["participants"][5:7], strict=True)
    )
    many = [{"id": f"{n:032x}", "kind": "nothing.such", "payload": {}} for n in range(40)]
    codes = [submit(flooder, first, *many).json["results"][0]["code"] for _ in range(2)]
    assert codes == ["unknown_kind", "slow_down"]
    assert submit(other, second, many[0]).json["results"][0]["code"] == "unknown_kind"


# --- practice ---


def test_practice_opens_a_board_beside_the_real_one_and_leaves_nothing(facilitator: Any, demo: Any) -> None:
    host, path = facilitator
    opened = host.post_json(f"{path}/practice", {"action": "start"}).json["url"]
    practice = opened.rsplit("=", 1)[1]
    assert host.get(opened).status_code == 200
    assert seats.read(lambda c: workshop_rows.board_of(c, demo.id, practice=True)) == practice
    assert host.get(f"{path}/exports/?board={practice}").status_code == 200
    host.post_json(f"{path}/practice", {"action": "end"})
    assert host.get(opened).status_code == 404


# --- the command line ---


def test_two_facilitators_who_open_the_practice_at_once_open_one(
    demo: Any, people: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (chair, *_) = people("facilitator")
    actor, set_up, others = seats.actor_of(chair), practice.setup_board, []

    def while_the_other_does(*plan: Any, **more: Any) -> None:
        set_up(*plan, **more)
        if not others:
            others.append("")
            others[0] = practice.start(demo, actor)

    monkeypatch.setattr(practice, "setup_board", while_the_other_does)
    assert practice.start(demo, actor) == others[0]
    main = seats.main_board(demo) or ""
    assert sorted(boards.boards()) == sorted((main, others[0]))
    acts: list[str] = []
    monkeypatch.setattr(practice, "_act", lambda board, acting: acts.append(board))
    assert practice.crowd(demo) == practice.crowd(demo) == practice.CROWD
    assert acts == others, "one crowd, however often it is asked for"
    practice.end(demo, actor)
    assert boards.boards() == [main]


def test_of_a_workshop_that_was_put_away_no_practice_is_opened(facilitator: Any, demo: Any) -> None:
    wiping.put_away(demo, True)
    browser, path = facilitator
    refused = browser.post_json(f"{path}/practice", {"action": "start"})
    assert refused.status_code == 409 and "put away" in refused.json["error"]
    assert boards.boards() == [seats.main_board(demo)]


def test_of_two_workers_that_make_a_practice_board_at_once_one_is_kept(postgres_url: str) -> None:
    two = Database(postgres_url), Database(postgres_url)
    two[0].write(workshop_rows.workshops.metadata.create_all)
    two[0].write(lambda c: workshop_rows.add_workshop(c, Workshop("w", {"fr": "A", "en": "A"}, "CODE", "fr")))

    def make(worker: int) -> list[str]:
        return [two[worker].write(lambda c, n=n: practice.give(c, "w", f"{worker}-{n}")) for n in range(20)]  # type: ignore[misc]

    with ThreadPoolExecutor(2) as threads:
        kept = {board for boards_ in threads.map(make, (0, 1), timeout=60) for board in boards_}
    there = two[0].read(workshop_rows.boards_of_workshops)
    for database in two:
        database.close()
    assert kept == there and len(there) == 1


def test_the_command_line_makes_and_writes_workshops(app: Any, entry: Any, tmp_path: Any) -> None:
    runner = app.test_cli_runner()
    assert json.loads(runner.invoke(args=["demo"]).output) == entry
    made_one = json.loads(runner.invoke(args=["workshop", "import", "--title", "Zinder"]).output)
    assert set(made_one["links"]) == {"facilitator", "wall", "participants"}
    assert made_one["code"] in runner.invoke(args=["workshop", "list"]).output
    written = runner.invoke(
        args=["workshop", "export", made_one["code"], str(tmp_path / "out"), "--flavour", "plain"]
    )
    assert written.exit_code == 0, written.output
    assert (tmp_path / "out/cards.csv").read_bytes().startswith(b'"number"')


def test_the_command_line_names_what_is_wrong_and_makes_nothing(app: Any, entry: Any, tmp_path: Any) -> None:
    broken = tmp_path / "people.csv"
    broken.write_text("participant_id,label_fr,group\nP1,Agent,neutral\n")
    result = app.test_cli_runner().invoke(
        args=["workshop", "import", "--title", "Z", "--participants", str(broken)]
    )
    assert result.exit_code == 1
    assert "people.csv, line 2, column group" in result.output + result.stderr
    assert made(entry["code"]) == []
