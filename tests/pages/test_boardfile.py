"""A workshop made around the board of a file, through the page and at the terminal; and everything at once as an archive."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import orjson

from app import codes, seats
from app.boards import boards
from app.domain.kinds.boardfile import kept
from app.domain.records import EVERYONE, STAFF_VIEW
from app.exports import EXPORTS, FLAVOURS
from app.store import people as people_rows
from app.store import workshops as workshop_rows
from tests.pages.conftest import handle_of
from tests.threats.test_routes import do, publish

PEOPLE = "participant_id,label_fr,group,table\nP1,Agent 01,internal,{table}\n"


def with_cards(demo: Any) -> str:
    """The demo's board with published cards, a group and a comment under a name. Returns its id."""
    board = seats.main_board(demo) or ""
    publish(board, [p for p in seats.members_of(demo) if p.role == "participant"])
    chair = next(p for p in seats.members_of(demo) if p.role == "facilitator")
    cards = list(boards.view(board, EVERYONE)["cards"].values())[:2]
    ticked = [{"card": card["id"], "seen": None} for card in cards]
    assert "seq" in do(
        board, chair, "cluster.make", factor=cards[0]["factor"], name="Un groupe", cards=ticked
    )
    target = {"table": "cards", "id": cards[0]["id"]}
    assert "seq" in do(board, chair, "comment.post", target=target, text="Une remarque")
    assert "seq" in do(board, chair, "pair.dismiss", cards=[card["id"] for card in cards])
    return board


def content(board: str) -> Any:
    return kept(boards.view(board, STAFF_VIEW))


def others(code: str) -> list[workshop_rows.Workshop]:
    return [workshop for workshop in seats.read(workshop_rows.all_workshops) if workshop.code != code]


def new_workshop(host: Any, path: str, file: bytes, **fields: Any) -> Any:
    form = {"title_fr": "", "title_en": "", "time_zone": "Africa/Niamey", "language": "fr", **fields}
    return host.post(f"{path}/workshops/new", {**form, "board": (io.BytesIO(file), "tableau.json")})


def test_a_board_goes_out_and_comes_in_as_an_equal_workshop(facilitator: Any, demo: Any) -> None:
    host, path = facilitator
    board = with_cards(demo)
    answer = host.get(f"{path}/exports/board.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.headers["Content-Disposition"].endswith('-board.json"')
    table = next(iter(boards.moment(board).state["tables"]))
    people = io.BytesIO(PEOPLE.format(table=table).encode())
    made = new_workshop(host, path, answer.data, participants=(people, "gens.csv"))
    assert made.status_code == 303, made.text
    (workshop,) = others(demo.code)
    copy = seats.main_board(workshop) or ""
    assert workshop.title == demo.title
    assert content(copy) == content(board)
    assert {person.table for person in seats.members_of(workshop) if person.role == "participant"} == {table}
    # It is a board as any other: it goes on.
    handle = handle_of(made)
    assert host.get(f"/b/{handle}/replay/steps.json").json["total"] >= 1
    assert host.get(f"/b/{handle}/exports/cards.csv").data == host.get(f"{path}/exports/cards.csv").data


def test_its_title_can_be_another_one(facilitator: Any, demo: Any) -> None:
    host, path = facilitator
    file = host.get(f"{path}/exports/board.json").data
    assert new_workshop(host, path, file, title_fr="Un an après").status_code == 303
    (workshop,) = others(demo.code)
    assert workshop.title == {"fr": "Un an après", "en": "Un an après"}
    assert boards.moment(seats.main_board(workshop) or "").state["board"]["board"]["title"] == workshop.title


def test_a_broken_file_makes_nothing_and_says_where_it_is_broken(facilitator: Any, demo: Any) -> None:
    host, path = facilitator
    document = orjson.loads(host.get(f"{path}/exports/board.json").data)
    document["factors"][3]["number"] = "quatre"
    before = boards.boards()
    answer = new_workshop(host, path, orjson.dumps(document))
    assert answer.status_code == 422
    assert "tableau.json" in answer.text and "factors[3].number" in answer.text and "quatre" in answer.text
    assert others(demo.code) == [] and boards.boards() == before


def test_people_at_a_table_that_the_board_has_not_are_told(facilitator: Any, demo: Any) -> None:
    host, path = facilitator
    file = host.get(f"{path}/exports/board.json").data
    people = io.BytesIO(PEOPLE.format(table="T99").encode())
    answer = new_workshop(host, path, file, participants=(people, "gens.csv"))
    assert answer.status_code == 422 and "This board has no table “T99”." in answer.text
    assert others(demo.code) == []


def test_a_board_brings_its_own_agenda(facilitator: Any, demo: Any) -> None:
    host, path = facilitator
    file = host.get(f"{path}/exports/board.json").data
    answer = new_workshop(host, path, file, agenda=(io.BytesIO(b"x"), "agenda.csv"))
    assert answer.status_code == 422 and "A board comes with its factors and its agenda" in answer.text
    assert others(demo.code) == []


def test_f06_no_file_of_the_board_while_an_urn_is_open(facilitator: Any, demo: Any) -> None:
    host, path = facilitator
    board = seats.main_board(demo) or ""
    for person in seats.members_of(demo):
        boards.write(lambda c, person=person: people_rows.change_person(c, person.id, joined=True))
    chair = next(p for p in seats.members_of(demo) if p.role == "facilitator")
    assert "seq" in do(board, chair, "round.start", round="B5")
    for name in ("board.json", "everything.zip", "board.xlsx", "flat.csv"):
        assert host.get(f"{path}/exports/{name}").status_code == 409


def test_the_archive_holds_every_file_and_each_says_what_it_says_alone(facilitator: Any, demo: Any) -> None:
    host, path = facilitator
    with_cards(demo)
    answer = host.get(f"{path}/exports/everything.zip")
    assert answer.headers["Content-Disposition"].endswith('-everything.zip"')
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        tables = {
            f"csv-{flavour}/{name}.csv" for flavour in FLAVOURS for name in (*EXPORTS, "agenda", "decisions")
        }
        assert set(archive.namelist()) == tables | {"board.json", "board.xlsx"}
        assert archive.read("board.json") == host.get(f"{path}/exports/board.json").data
        for flavour in FLAVOURS:
            alone = host.get(f"{path}/exports/flat.csv?flavour={flavour}").data
            assert archive.read(f"csv-{flavour}/flat.csv") == alone
            decided = host.get(f"{path}/history/history.csv?flavour={flavour}").data
            assert archive.read(f"csv-{flavour}/decisions.csv") == decided
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_practice_board_has_no_file_of_its_own(facilitator: Any) -> None:
    host, path = facilitator
    opened = host.post_json(f"{path}/practice", {"action": "start"}).json["url"]
    board = opened.rsplit("=", 1)[1]
    assert "board.json" not in host.get(f"{path}/exports/?board={board}").text
    assert host.get(f"{path}/exports/board.json?board={board}").status_code == 404
    with zipfile.ZipFile(
        io.BytesIO(host.get(f"{path}/exports/everything.zip?board={board}").data)
    ) as archive:
        assert "board.json" not in archive.namelist()


def test_the_same_at_the_terminal(app: Any, demo: Any, tmp_path: Any) -> None:
    board = with_cards(demo)
    runner = app.test_cli_runner()
    out = tmp_path / "out"
    assert runner.invoke(args=["workshop", "export", demo.code, str(out)]).exit_code == 0
    told = runner.invoke(args=["workshop", "import", "--board", str(out / "board.json")])
    assert told.exit_code == 0, told.output
    copy = codes.workshop_by_code(json.loads(told.output)["code"])
    assert copy and content(seats.main_board(copy) or "") == content(board)

    (out / "board.json").write_text("{}")
    broken = runner.invoke(args=["workshop", "import", "--board", str(out / "board.json")])
    assert (
        broken.exit_code == 1
        and "board.json, format: This is not the file of a board." in broken.output + broken.stderr
    )
