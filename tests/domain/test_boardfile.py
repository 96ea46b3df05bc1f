"""A board that goes into a file and comes in again is an equal board; and no other board comes in."""

from __future__ import annotations

import copy
from typing import Any

import orjson
import pytest
from hypothesis import Phase, given, settings

from app.domain.changes import applied
from app.domain.digest import Digest
from app.domain.errors import Rejected
from app.domain.kinds.boardfile import kept
from app.domain.operations import CLOCK, Context
from app.domain.records import EVERYONE, STAFF, TABLES, State, empty_state
from app.domain.rules import decide
from app.domain.shapes import SHAPES
from app.exports import EXPORTS
from app.exports.boardfile import board_file
from app.imports import Upload, read_board
from tests.domain.board import NOW_MS
from tests.domain.played import MOVES, RAPPORTEUR, Played, played
from tests.seminar import ADMINISTRATOR, FACILITATOR, operation

# Tables of which no file has anything, and why.
# A board is read as it is; shrinking one takes minutes.
NO_SHRINK = (Phase.explicit, Phase.reuse, Phase.generate)
LEFT_OUT = {"suggestions": "what experts laid before the facilitator: decided, or no longer asked"}


def laid_down(tables: dict[str, Any], state: State | None = None) -> State:
    asked = operation("board.import", **tables)
    changes = decide(state or empty_state(), asked, ADMINISTRATOR, Context(NOW_MS))
    assert isinstance(changes, list)
    return applied(state or empty_state(), changes)


def through_a_file(state: State) -> State:
    return laid_down(read_board(Upload("board.json", board_file(state))))


@settings(max_examples=60, deadline=None, phases=NO_SHRINK)
@given(MOVES)
def test_any_board_comes_in_as_it_went_out(moves: list[Any]) -> None:
    board = played(moves)
    back = through_a_file(board.state)
    assert kept(back) == kept(board.state)
    assert [list(rows) for rows in kept(back).values()] == [list(rows) for rows in kept(board.state).values()]
    if board.round("brief")["state"] != "running":
        assert Digest.of_state(back).of(EVERYONE) == Digest.of_state(board.state).of(EVERYONE)


def a_full_board() -> Played:
    moves = [
        "post",
        "group",
        "group",
        "merge",
        "vote",
        "rate",
        "comment",
        "sheet",
        "fill",
        "version",
        "note",
        "report",
        "free",
        "pair",
        "translate",
        "axes",
        "hands",
        "erase",
    ]
    return played([(what, 1 + n % 2, n % 3, "Des mots") for n, what in enumerate(moves)])


def test_the_full_board_of_these_tests_has_something_in_every_table() -> None:
    assert all(kept(a_full_board().state).values())


def test_every_table_is_in_the_file_or_left_out_for_a_reason() -> None:
    assert set(TABLES) == SHAPES.keys() | LEFT_OUT.keys()


def test_every_field_of_every_record_has_a_shape() -> None:
    """Whoever adds a field to a record says here what may stand in it."""
    state = a_full_board().state
    for table, records in kept(state).items():
        known = SHAPES[table][0].fields.keys()
        for record in records:
            assert record.keys() <= known, (
                f"app/domain/shapes.py does not know {record.keys() - known} of {table}"
            )


def test_nothing_comes_out_that_everybody_does_not_see() -> None:
    board = a_full_board()
    hidden = board.state["cards"]["c6-2"]
    board.do("pair.dismiss", cards=["c6-2", "c6-3"])
    board.do("card.hold", card=hidden["id"], reason="hors sujet")
    file = orjson.loads(board_file(board.state))
    assert hidden["id"] not in {card["id"] for card in file["cards"]}
    assert all(hidden["id"] not in pair["cards"] for pair in file["pairs"])
    assert "hors sujet" not in board_file(board.state).decode()
    assert {pair["audience"] for pair in file["pairs"]} <= {STAFF}


def test_a_note_that_is_not_released_is_in_no_file() -> None:
    board = a_full_board()
    (sheet, *_) = board.state["sheets"].values()
    said: dict[str, Any] = {"target": {"table": "sheets", "id": sheet["id"]}, "kind": "said"}
    board.do("note.write", RAPPORTEUR, **said, text="Ceci reste dans la salle")
    assert "Ceci reste" not in board_file(board.state).decode()
    board.do("text.release", RAPPORTEUR, target={"table": "notes", "id": board.last}, released=True)
    assert "Ceci reste" in board_file(board.state).decode()


def test_a_board_whose_people_were_forgotten_comes_in_as_it_went_out_and_can_be_worked_on() -> None:
    board = a_full_board()
    board.do("board.forget", CLOCK)
    board.do("board.archive", CLOCK, archived=True)
    assert not any(name in board_file(board.state).decode() for name in ("Expert 01", "Rapporteur 01"))
    for table in ("comments", "notes", "progress", "versions"):
        assert all(record["name"] is None for record in board.state[table].values()), table
    back = through_a_file(board.state)
    assert kept(back) == kept(board.state)
    assert "archived" not in back["board"]["board"]
    for name, export in EXPORTS.items():
        assert export.csv(back, "fr", "plain"), name


def test_what_lies_on_the_stage_stays_behind_and_a_round_that_runs_is_over() -> None:
    board = a_full_board()
    board.do("board.spotlight", target={"table": "factors", "id": "F01"})
    board.do("board.message", text={"fr": "Pause"}, ends_at_ms=board.now_ms + 60_000)
    board.command("start", "brief")
    back = through_a_file(board.state)
    assert (back["board"]["board"]["spotlight"], back["board"]["board"]["message"]) == (None, None)
    assert (back["rounds"]["brief"]["state"], back["rounds"]["brief"]["ends_at_ms"]) == ("published", None)


def test_a_board_comes_in_only_where_none_is_and_only_by_an_administrator() -> None:
    tables = kept(a_full_board().state)
    with pytest.raises(Rejected, match="not_in_this_state"):
        laid_down(tables, a_full_board().state)
    with pytest.raises(Rejected, match="not_allowed"):
        decide(empty_state(), operation("board.import", **tables), FACILITATOR, Context(NOW_MS))


FOREIGN = {"id": "x:y", "rev": 1, "cards": ["x", "y"], "audience": "staff"}
# What somebody may have written into a file -> the path that is told.
WRONG: dict[str, tuple[str, Any]] = {
    "cards[0].factor": ("unknown", lambda t: t["cards"][0].update(factor="F77")),
    "cards[0].cluster": ("unknown", lambda t: t["cards"][0].update(cluster="nowhere")),
    "cards[1].id": ("twice", lambda t: t["cards"][1].update(id=t["cards"][0]["id"])),
    "cards[1].number": ("twice", lambda t: t["cards"][1].update(number=t["cards"][0]["number"])),
    "cards[2].text": ("empty", lambda t: t["cards"][2].update(text="", state="published")),
    "cards[0].epoch": ("never begun", lambda t: t["cards"][0].update(epoch=9)),
    "clusters[0].merged_into": (
        "circle",
        lambda t: t["clusters"][0].update(merged_into=t["clusters"][0]["id"]),
    ),
    "tallies[0].id": ("not its round's", lambda t: t["tallies"][0].update(id="V1:7")),
    "sheets[0].axis": ("unknown", lambda t: t["sheets"][0].update(axis="a9")),
    "rounds[0].factors[0]": ("unknown", lambda t: t["rounds"][0].update(factors=["F77"])),
    "comments[0].round": ("unknown", lambda t: t["comments"][0].update(round="R9")),
    "rounds[1].closings[0].epoch": ("never", lambda t: t["rounds"][1]["closings"][0].update(epoch=9)),
    "sheets[0].source.id": ("no chapters", lambda t: t["sheets"][0]["source"].update(id="nowhere")),
    "sheets[0].since.factor": ("unknown", lambda t: t["sheets"][0].update(since={"factor": "F77"})),
    "versions[0].sheets[0]": ("unknown", lambda t: t["versions"][0].update(sheets=["nowhere"])),
    "versions[0].before[0]": ("unknown", lambda t: t["versions"][0].update(before={"nowhere": {}})),
    "progress[0].sheet": ("unknown", lambda t: t["progress"][0].update(sheet="nowhere")),
    "progress[1].number": ("twice", lambda t: t["progress"].append({**t["progress"][0], "id": "again"})),
    "earlier[0].scores[0]": ("unknown", lambda t: t["earlier"][0]["scores"][0].update(factor="F77")),
    "earlier[1].chapters": ("none", lambda t: t["earlier"][1].pop("chapters")),
    "notes[0].released": ("kept back", lambda t: t["notes"][0].update(kind="said", released=False)),
    "pairs[0].cards[0]": ("unknown", lambda t: t["pairs"].append(FOREIGN)),
    "board": ("none", lambda t: t["board"].clear()),
}


@pytest.mark.parametrize("path", WRONG)
def test_what_does_not_hold_together_is_refused_by_its_path(path: str) -> None:
    tables = copy.deepcopy(kept(a_full_board().state))
    if path.startswith("pairs"):
        tables["pairs"].clear()
    WRONG[path][1](tables)
    with pytest.raises(Rejected) as refused:
        laid_down(tables)
    assert path in refused.value.data["fields"]
