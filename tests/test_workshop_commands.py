"""Whole workshops at the terminal: each command to its end, and refused without having done anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app import codes, retention, sealed, seats, workshops
from app.boards import boards
from app.store import workshops as workshop_rows
from app.store.database import claim
from tests.pages.conftest import app, demo, entry  # noqa: F401
from tests.pages.test_keeping import hold_a_round

PHRASE = "AAAAA-BBBBB-CCCCC-DDDDD"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "COST", min(sealed.COSTS))


@pytest.fixture
def run(app: Any) -> Any:  # noqa: F811
    def run(*words: str, typed: str = "", code: int = 0) -> str:
        done = app.test_cli_runner().invoke(args=["workshop", *words], input=typed)
        assert done.exit_code == code, (words, done.output, done.exception)
        return done.output

    return run


def test_the_list_says_how_many_people_and_until_when(run: Any, demo: Any) -> None:  # noqa: F811
    hold_a_round(demo)
    (line,) = run("list").splitlines()
    until = retention.date_of(retention.today() + 90).isoformat()
    assert line.split()[:4] == [demo.code, demo.created, "57", until]
    assert (
        run("keep", demo.code, "--days", "30").strip() == f"until {retention.date_of(retention.today() + 30)}"
    )
    far = retention.date_of(retention.today() + 400)
    assert run("keep", demo.code, "--until", far.isoformat()).strip() == f"until {far}"
    assert "choose a later day" in run("keep", demo.code, "--until", "2020-01-01", code=1)
    assert run("keep", demo.code).strip() == f"until {far}"


def test_a_wipe_asks_first_and_leaves_links_to_come_back(run: Any, demo: Any) -> None:  # noqa: F811
    hold_a_round(demo)
    assert "Nothing was done" in run("wipe-people", demo.code, typed="no\n", code=1)
    assert len(seats.members_of(demo)) > 40
    told = run("wipe-people", demo.code, "--replace-backups", typed=f"{demo.code}\n")
    assert "The people are erased" in told
    assert [p.role for p in seats.members_of(demo)] == ["administrator", "rapporteur"]
    links = json.loads(run("links", demo.code))
    assert set(links) == {"administrator", "rapporteur", "participants"} and links["participants"] == []
    token = links["administrator"].rsplit("/", 1)[1]
    found = codes.person_by_link(token)
    assert found and found.role == "administrator"
    assert "erased" in run("list") and run("keep", demo.code).strip() == "The people are erased."


def test_a_workshop_is_sealed_removed_and_opened(run: Any, demo: Any, tmp_path: Path) -> None:  # noqa: F811
    board = hold_a_round(demo)
    state = boards.moment(board).state
    phrase, file = tmp_path / "phrase", tmp_path / "niamey.sealed"
    phrase.write_text(f"{PHRASE}\n")
    known_by = run("archive", demo.code, str(file), "--passphrase-file", str(phrase)).split()[0]
    assert retention.of(demo).sealed_hash == known_by
    assert "is there already" in run("archive", demo.code, str(file), typed=f"{PHRASE}\n{PHRASE}\n", code=1)
    assert "on this server already" in run("open", str(file), "--passphrase-file", str(phrase), code=1)
    run("remove", demo.code, "--yes")
    assert seats.read(workshop_rows.all_workshops) == [] and boards.boards() == []
    assert "does not open" in run("open", str(file), typed="wrong\n", code=1)
    assert "no sealed workshop" in run("open", str(phrase), typed=f"{PHRASE}\n", code=1)
    assert seats.read(workshop_rows.all_workshops) == []
    opened = json.loads(run("open", str(file), "--passphrase-file", str(phrase)))
    assert opened["code"] == demo.code and len(opened["links"]["participants"]) == 44
    assert boards.moment(board).state == state


def test_a_short_passphrase_writes_no_file(run: Any, demo: Any, tmp_path: Path) -> None:  # noqa: F811
    file = tmp_path / "x.sealed"
    assert "needs 16" in run("archive", demo.code, str(file), typed="short\nshort\n", code=1)
    assert not file.exists()


def test_a_copy_is_a_workshop_with_links_of_its_own(run: Any, demo: Any) -> None:  # noqa: F811
    made = json.loads(run("duplicate", demo.code, "--title", "Suivi"))
    assert made["code"] != demo.code and made["links"]["participants"] == []
    assert set(made["links"]) >= {"facilitator", "administrator", "expert", "rapporteur", "wall"}


def test_a_board_is_put_away_and_taken_out_again(run: Any, demo: Any) -> None:  # noqa: F811
    board = seats.main_board(demo) or ""
    assert "no longer changed" in run("put-away", demo.code)
    assert boards.moment(board).state["board"]["board"]["archived"] is True
    run("put-away", demo.code, "--again")
    assert boards.moment(board).state["board"]["board"]["archived"] is False


@pytest.mark.parametrize("command", ["wipe-people", "remove", "put-away", "archive"])
def test_nothing_of_it_while_a_round_is_under_way(run: Any, demo: Any, command: str, tmp_path: Path) -> None:  # noqa: F811
    board = seats.main_board(demo) or ""
    start = {"id": seats.new_id(), "kind": "round.start", "payload": {"round": "A1"}}
    boards.submit_now(board, workshops.Actor(None, "facilitator"), [start])
    file = tmp_path / "x.sealed"
    more = {"archive": [str(file)], "put-away": []}.get(command, ["--yes"])
    told = run(command, demo.code, *more, typed=f"{PHRASE}\n{PHRASE}\n", code=1)
    assert "under way: A1" in told
    assert not file.exists() and len(seats.members_of(demo)) > 40


@pytest.mark.parametrize("command", ["wipe-people", "remove", "put-away"])
def test_beside_a_server_on_sqlite_people_are_cut_by_the_server_alone(
    run: Any,
    demo: Any,  # noqa: F811
    app: Any,  # noqa: F811
    command: str,
) -> None:
    claimed = claim(app.config["SETTINGS"].database_url)
    told = run(command, demo.code, *([] if command == "put-away" else ["--yes"]), code=1)
    claimed.close()
    assert "Do it on its page, or stop it first" in told
    assert len(seats.members_of(demo)) > 40


def test_an_unknown_code_is_told(run: Any, demo: Any) -> None:  # noqa: F811
    for command in ("links", "keep", "wipe-people", "remove", "put-away"):
        assert "No workshop has this code" in run(command, "ZZZZZZ", code=1)
