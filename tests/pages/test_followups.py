"""Making a workshop that follows another one of the server: who may, what comes along, and what must not."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from app import codes, followups, members, seats, workshops
from app.boards import boards
from app.domain.operations import Actor
from app.domain.records import EVERYONE, STAFF_VIEW
from app.imports import Upload
from app.store import people as people_rows
from app.store import workshops as workshop_rows
from app.store.people import Person
from app.store.workshops import Workshop
from tests.seminar import Secret

TITLE = {
    "title_fr": "Un an après",
    "title_en": "A year later",
    "time_zone": "Africa/Niamey",
    "language": "fr",
}
PEOPLE = 6
KEPT_BACK = "Ceci reste entre nous."


class Before:
    """The demo after one round of writing: published actions, one sheet, and a note that is not released."""

    def __init__(self, demo: Workshop, chair: Person) -> None:
        self.workshop, self.board = demo, seats.main_board(demo) or ""
        self.chair = seats.actor_of(chair)

    def send(self, actor: Actor, kind: str, /, **payload: Any) -> dict[str, Any]:
        (answer,) = boards.submit_now(
            self.board, actor, [{"id": seats.new_id(), "kind": kind, "payload": payload}]
        )
        assert "code" not in answer, (kind, answer)
        return answer

    def write(self, people: list[Person]) -> None:
        for person in people:
            boards.write(lambda c, p=person: people_rows.change_person(c, p.id, joined=True))
        self.send(self.chair, "round.start", round="B1")
        scope = boards.moment(self.board).state["rounds"]["B1"]["scope"]
        for person in people:
            actor = seats.actor_of(person)
            card = {
                "factor": scope[actor.table][0],
                "text": "Publier les délais",
                "secret_hash": Secret().hash,
            }
            self.send(actor, "card.post", round="B1", epoch=1, **card)

    def publish(self) -> None:
        for verb in ("close", "publish"):
            self.send(self.chair, f"round.{verb}", round="B1", epoch=1)

    def make_sheet(self) -> None:
        card = min(boards.view(self.board, EVERYONE)["cards"].values(), key=lambda card: card["number"])
        self.send(self.chair, "sheet.make", targets=[{"table": "cards", "id": card["id"]}])
        (sheet,) = boards.moment(self.board).state["sheets"]
        target = {"table": "sheets", "id": sheet}
        self.send(self.chair, "note.write", target=target, kind="said", text=KEPT_BACK)


@pytest.fixture
def before(demo: Workshop, people: Callable[[str], list[Person]]) -> Before:
    workshop = Before(demo, people("facilitator")[0])
    workshop.write(people("participant")[:PEOPLE])
    return workshop


@pytest.fixture
def over(before: Before) -> Before:
    before.publish()
    before.make_sheet()
    return before


def follow(browser: Any, path: str, workshop: Workshop, **more: Any) -> Any:
    return browser.post(f"{path}/workshops/new", {**TITLE, "follows": workshop.id, **more})


def made(demo: Workshop) -> Workshop | None:
    return next((w for w in seats.read(workshop_rows.all_workshops) if w.id != demo.id), None)


def test_the_new_workshop_goes_on_with_the_sheets_of_the_one_it_follows(
    facilitator: Any, over: Before
) -> None:
    browser, path = facilitator
    form = browser.get(f"{path}/workshops/new").text
    assert re.search(rf'<option value="{over.workshop.id}">Niamey', form)
    assert follow(browser, path, over.workshop).status_code == 303
    new = made(over.workshop)
    assert new
    state = followups.state_of(new)
    (sheet,) = state["sheets"].values()
    assert (sheet["title"], sheet["state"]) == ("Publier les délais", "draft")
    (chapter,) = state["earlier"][sheet["source"]["id"]]["chapters"]
    assert chapter["title"] == over.workshop.title
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", chapter["day"])
    rounds = sorted(state["rounds"].values(), key=lambda round_: round_["order"])
    assert {round_["day"] for round_ in rounds} == {1}
    kinds = [round_["kind"] for round_ in rounds]
    assert kinds.index("discuss") < kinds.index("assess") < kinds.index("vote")
    assert set(state["tables"]) == {"T1", "T2", "T3", "T4", "T5"}


def test_nothing_of_the_people_and_nothing_kept_back_comes_along(facilitator: Any, over: Before) -> None:
    browser, path = facilitator
    follow(browser, path, over.workshop)
    new = made(over.workshop)
    assert new
    board = seats.main_board(new) or ""
    kept = json.dumps(
        [boards.view(board, STAFF_VIEW), [[c.to_json() for c in e.changes] for e in boards.log_of(board)]],
        ensure_ascii=False,
    )
    assert "Publier les délais" in kept
    canaries = {KEPT_BACK, over.board, over.workshop.id, over.workshop.code}
    for person in seats.members_of(over.workshop):
        canaries |= {person.id, codes.seat_code(person), *person.name.values()}
    # The words for a role are also a heading; a person's own are not.
    assert not {canary for canary in canaries if f'"{canary}"' in kept}
    own = {person.id for person in seats.members_of(over.workshop)}
    assert not own & {person.id for person in seats.members_of(new)}


def test_a_workshop_that_this_browser_does_not_run_cannot_be_followed(
    facilitator: Any, over: Before, browser: Any, entry: Any
) -> None:
    host, path = facilitator
    follow(host, path, over.workshop, title_fr="La suite")
    new = made(over.workshop)
    assert new
    # A stranger who runs only the new one sees, and may follow, nothing else.
    stranger = browser()
    boss = members.add_person(new, Person("", new.id, 0, {"fr": "Autre", "en": "Other"}, "administrator"))
    theirs = f"/b/{stranger.enter('/l/' + codes.link_token(boss))}"
    form = stranger.get(f"{theirs}/workshops/new").text
    assert f'value="{new.id}"' in form
    assert over.workshop.id not in form
    assert follow(stranger, theirs, over.workshop).status_code == 404
    expert = browser()
    seat = f"/b/{expert.enter(entry['links']['expert'])}"
    assert expert.get(f"{seat}/workshops/new").status_code == 404


def test_while_an_urn_is_unopened_the_workshop_is_not_followed(facilitator: Any, before: Before) -> None:
    browser, path = facilitator
    answer = follow(browser, path, before.workshop)
    assert answer.status_code == 422
    assert "still sealed" in answer.text
    assert 'value="Un an après"' in answer.text
    assert f'value="{before.workshop.id}" selected' in answer.text
    assert made(before.workshop) is None


def test_other_factors_are_refused_and_the_old_ones_come_along(facilitator: Any, over: Before) -> None:
    browser, path = facilitator
    (file,) = workshops.niamey_files("factors").values()
    answer = follow(browser, path, over.workshop, factors=(io.BytesIO(file.content), "facteurs.csv"))
    assert answer.status_code == 422
    assert "keeps the factors" in answer.text
    assert made(over.workshop) is None
    follow(browser, path, over.workshop)
    new = made(over.workshop)
    assert new
    before, now = followups.state_of(over.workshop)["factors"], followups.state_of(new)["factors"]
    assert now == before


# --- of another server, from the file of its board ---


def follow_file(browser: Any, path: str, content: bytes | None, **more: Any) -> Any:
    file = {"board": (io.BytesIO(content), "tableau.json")} if content is not None else {}
    return browser.post(f"{path}/workshops/new", {**TITLE, "follows": "file", **file, **more})


@pytest.fixture
def board_file(facilitator: Any, over: Before) -> bytes:
    """What the other server's page of exports gave, after its sheets were frozen."""
    over.send(over.chair, "sheet.freeze", number=1)
    browser, path = facilitator
    content: bytes = browser.get(f"{path}/exports/board.json").data
    return content


def brought(workshop: Workshop) -> Any:
    """Of a follow-up what came along, without the ids that every board gives anew."""
    state = followups.state_of(workshop)
    sheets = [{k: v for k, v in s.items() if k not in ("id", "source")} for s in state["sheets"].values()]
    return sheets, [state["earlier"][s["source"]["id"]]["chapters"] for s in state["sheets"].values()]


def test_from_the_file_of_its_board_the_follow_up_is_the_same_as_on_its_own_server(
    facilitator: Any, over: Before, board_file: bytes, app: Any, tmp_path: Any
) -> None:
    browser, path = facilitator
    follow(browser, path, over.workshop)
    here = made(over.workshop)
    assert here
    answer = follow_file(browser, path, board_file)
    assert answer.status_code == 303, answer.text
    (there,) = (w for w in seats.read(workshop_rows.all_workshops) if w.id not in (over.workshop.id, here.id))
    assert brought(there) == brought(here)
    assert brought(there)[1][0][0]["day"]
    assert there.title == {"fr": "Un an après", "en": "A year later"}
    states = [followups.state_of(workshop) for workshop in (here, there)]
    for table in ("factors", "tables", "rounds"):
        assert states[0][table] == states[1][table]
    assert not states[1]["cards"], "what was written stays where it was, but for what a sheet rests on"
    (tmp_path / "board.json").write_bytes(board_file)
    words = ["workshop", "import", "--follow", "--title", "Un an après", "--title-en", "A year later"]
    told = app.test_cli_runner().invoke(args=[*words, "--board", str(tmp_path / "board.json")])
    assert told.exit_code == 0, told.output
    third = codes.workshop_by_code(json.loads(told.output)["code"])
    assert third and brought(third) == brought(here)


def test_people_and_an_agenda_come_with_it_from_their_own_files(
    facilitator: Any, over: Before, board_file: bytes
) -> None:
    browser, path = facilitator
    people = io.BytesIO(b"participant_id,label_fr,group,table\nP1,Agent 01,internal,T2\n")
    assert follow_file(browser, path, board_file, participants=(people, "gens.csv")).status_code == 303
    new = made(over.workshop)
    assert new
    assert [p.table for p in seats.members_of(new) if p.role == "participant"] == ["T2"]


def without_title(document: dict[str, Any]) -> None:
    document["board"][0]["title"] = 7


def many_sheets(document: dict[str, Any]) -> None:
    (sheet,) = document["sheets"]
    card, chosen = document["cards"][0], document["sheets"]
    for number in range(2, 300):
        document["cards"].append({**card, "id": f"c{number}", "number": 100 + number})
        source = {"table": "cards", "id": f"c{number}"}
        chosen.append({**sheet, "id": f"s{number}", "number": number, "source": source})


@pytest.mark.parametrize(
    "more, change, words",
    [
        ({"title_fr": "", "title_en": ""}, None, "Give the workshop a title"),
        ({"time_zone": "Nowhere"}, None, "No time zone has this name"),
        ({}, b"{", "tableau.json"),
        ({}, b"{}", "This is not the file of a board."),
        ({}, without_title, "board[0].title"),
        ({}, many_sheets, "More stands on this board than a workshop can take along"),
        ({"factors": "facteurs.csv"}, None, "keeps the factors"),
        ({"participants": "gens.csv"}, None, "gens.csv"),
        ({"follows": "server"}, None, "To follow the workshop in the file, choose that under Follow-up of."),
    ],
)
def test_whatever_is_wrong_is_told_nothing_is_made_and_nothing_typed_is_lost(
    facilitator: Any, over: Before, board_file: bytes, more: dict[str, Any], change: Any, words: str
) -> None:
    browser, path = facilitator
    content = change if isinstance(change, bytes) else board_file
    if callable(change):
        document = json.loads(board_file)
        change(document)
        content = json.dumps(document).encode()
    files = {
        name: (io.BytesIO(b"x,y\n1,2\n"), more[name]) for name in ("factors", "participants") if name in more
    }
    follows = over.workshop.id if more.get("follows") == "server" else "file"
    before = boards.boards()
    answer = follow_file(browser, path, content, **{**more, **files, "follows": follows})
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{follows}" selected' in answer.text
    assert "You had chosen tableau.json: choose it again." in answer.text.replace("&#39;", "'")
    if "title_fr" not in more:
        assert 'value="Un an après"' in answer.text
    assert made(over.workshop) is None and boards.boards() == before


def test_without_the_file_it_is_asked_for(facilitator: Any, demo: Workshop) -> None:
    browser, path = facilitator
    answer = follow_file(browser, path, None)
    assert answer.status_code == 422
    assert "Choose the board’s file of the workshop to follow, too." in answer.text
    assert 'value="file" selected' in answer.text


@pytest.mark.parametrize("at_ms", [2**53 - 1, 0])
def test_a_moment_that_no_calendar_has_is_no_day(board_file: bytes, at_ms: int) -> None:
    document = json.loads(board_file)
    document["versions"][0]["at_ms"] = at_ms
    upload = Upload("tableau.json", json.dumps(document).encode())
    assert followups.day_in(followups.state_in(upload)) == ("" if at_ms else "1970-01-01")


def test_the_factors_come_along_in_every_language_that_they_have() -> None:
    words = {"fr": "Conduite", "en": "Leadership", "pt": "Liderança"}
    factor = {"id": "F01", "number": 1, "title": words, "help": {"fr": "Aide", "en": "Help", "ar": "مساعدة"}}
    plan = followups.plan_from({}, {"factors": {"F01": factor}, "tables": {}})
    assert plan.factors == [factor]


def test_the_agenda_of_the_day_speaks_both_languages() -> None:
    with followups.AGENDA.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        assert row["name_fr"]
        assert row["name_en"]
        assert bool(row["instruction_fr"]) == bool(row["instruction_en"]), row["round_id"]
        assert not re.search(r" [:;!?]", row["name_fr"] + row["instruction_fr"] + row["questions_fr"])
