"""The agenda as a list that is altered while the seminar runs: nothing that people were told before they wrote ever changes."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.errors import Rejected
from app.domain.kinds.agenda import PLAN
from app.domain.kinds.board import ROUND_KINDS
from app.domain.operations import Contents, Text
from app.domain.plans import DEFAULTS
from tests.domain.board import Board
from tests.seminar import POST, round_plan, words


@pytest.fixture
def board() -> Board:
    return Board()


def plan(kind: str = "discuss", **rules: Any) -> dict[str, Any]:
    whole = round_plan("x", kind, name=words("Débat"), **rules)
    return {name: {"questions": [], **whole}[name] for name in PLAN}


def test_a_round_of_every_kind_is_made_from_its_defaults_and_a_name() -> None:
    for kind in ROUND_KINDS:
        board = Board()
        board.do("round.add", **plan(kind, **DEFAULTS[kind]), after="brief")
        made = board.round(board.last)
        assert {name: made[name] for name in DEFAULTS[kind]} == DEFAULTS[kind], kind
        assert (made["state"], made["order"]) == ("planned", 2)


def test_a_round_is_inserted_moved_and_taken_out_and_the_others_keep_their_order(board: Board) -> None:
    before = board.agenda()
    board.do("round.add", **plan(), after="post")
    added = board.last
    assert board.agenda() == [*before[:2], added, *before[2:]]
    board.do("round.move", round=added, after=None)
    assert board.agenda() == [added, *before]
    board.do("round.move", round=added, after=before[-1])
    assert board.agenda() == [*before, added]
    board.do("round.remove", round=added)
    assert board.agenda() == before


def test_a_step_down_touches_two_records_only(board: Board) -> None:
    changes = board.do("round.move", round="post", after="carousel")
    assert {change.id for change in changes} == {"post", "carousel"}


def test_a_moved_round_takes_the_day_of_the_one_it_follows() -> None:
    board = Board([round_plan("one", "brief", order=1, day=1), round_plan("two", "brief", order=2, day=2)])
    board.do("round.move", round="one", after="two")
    assert board.round("one")["day"] == 2


def test_the_rules_of_a_round_are_fixed_once_it_has_begun(board: Board) -> None:
    board.do("round.edit", **plan("post", **POST), round="post", seen=1)
    board.command("start", "post")
    for kind, payload in (
        ("round.edit", {**plan("post", **POST), "seen": board.round("post")["rev"]}),
        ("round.move", {"after": None}),
        ("round.remove", {}),
    ):
        with pytest.raises(Rejected, match="not_in_this_state"):
            board.do(kind, round="post", **payload)


def test_two_who_edit_the_same_round_hear_of_each_other(board: Board) -> None:
    board.do("round.edit", **plan("discuss", minutes=5), round="discuss", seen=1)
    with pytest.raises(Rejected, match="changed_meanwhile"):
        board.do("round.edit", **plan("discuss", minutes=7), round="discuss", seen=1)


@pytest.mark.parametrize(
    ("field", "kind", "rules"),
    [
        ("name", "discuss", {"name": words("  ")}),
        ("factors", "post", {**DEFAULTS["post"], "factors": []}),
        ("factors", "discuss", {"factors": ["F99"]}),
        ("scope", "post", {**DEFAULTS["post"], "scope": {"T9": ["F01"]}}),
        ("scope", "post", {**DEFAULTS["post"], "scope": {"T1": []}}),
        ("release", "post", {**DEFAULTS["post"], "release": None}),
        ("cards_per_person", "post", {**DEFAULTS["post"], "cards_per_person": 0}),
        ("method", "vote", {**DEFAULTS["vote"], "method": "by_shouting"}),
        ("targets", "vote", {**DEFAULTS["vote"], "targets": None}),
        ("points", "vote", {**DEFAULTS["vote"], "points": 0}),
        ("cap", "vote", {**DEFAULTS["vote"], "cap": 4}),
    ],
)
def test_rules_that_do_not_fit_together_are_refused_with_the_field(
    board: Board, field: str, kind: str, rules: dict[str, Any]
) -> None:
    with pytest.raises(Rejected) as refused:
        board.do("round.add", **{**plan(kind), **rules}, after=None)
    assert (refused.value.code, refused.value.data["field"]) == ("bad_plan", field)


def test_a_vote_again_on_some_of_the_list_starts_with_those_alone(board: Board) -> None:
    board.command("start", "post")
    texts = [Text(f"c{n}", "card", {"factor": "F01", "text": f"Idée {n}"}) for n in range(1, 6)]
    board.do("round.close", contents=Contents(texts, authors=5), round="post", epoch=1)
    board.command("publish", "post")
    rules = {**DEFAULTS["vote"], "targets": "cards"}
    board.do("round.add", **plan("vote", **rules), after="vote", chosen=["c2", "c4", "c2"])
    again = board.last
    board.command("start", again)
    assert [target["id"] for target in board.round(again)["ballot"]] == ["c2", "c4"]


def test_an_imported_list_takes_the_place_of_what_has_not_begun(board: Board) -> None:
    board.command("start", "brief")
    board.command("close", "brief")
    listed = [
        round_plan("brief", "break", order=1),
        round_plan("new", "break", order=2),
        round_plan("discuss", "discuss", order=3, minutes=33),
    ]
    board.do("agenda.replace", rounds=listed)
    assert board.agenda() == ["brief", "new", "discuss"]
    assert (board.round("brief")["kind"], board.round("brief")["state"]) == ("brief", "published")
    assert board.round("discuss")["minutes"] == 33


def test_an_imported_list_for_another_board_is_refused_as_a_whole(board: Board) -> None:
    before = board.state
    with pytest.raises(Rejected, match="bad_plan"):
        board.do("agenda.replace", rounds=[round_plan("new", "brief", factors=["F77"])])
    assert board.state is before


def late_board(authors: int) -> tuple[Board, str]:
    board = Board()
    board.command("start", "post")
    board.do("round.close", contents=Contents(), round="post", epoch=1)
    board.do("round.late", round="post", minutes=3)
    late = board.last
    board.command("start", late)
    texts = [Text(f"c{n}", "card", {"factor": "F01", "text": f"Tard {n}"}) for n in range(authors)]
    board.zero(late, Contents(texts, authors=authors))
    return board, late


def test_a_round_for_latecomers_has_an_urn_of_its_own_and_shows_five_authors() -> None:
    board, late = late_board(authors=5)
    assert board.round(late)["late_of"] == "post"
    assert (board.round(late)["epoch"], board.round(late)["unshown"]) == (1, 0)
    assert len(board.state["cards"]) == 5


def test_fewer_than_five_latecomers_are_not_shown_not_even_to_staff() -> None:
    board, late = late_board(authors=4)
    assert board.state["cards"] == {}
    assert (board.round(late)["state"], board.round(late)["unshown"]) == ("closed", 4)


def test_latecomers_come_next_in_the_agenda_whatever_ran_since() -> None:
    board = Board()
    board.command("start", "post")
    board.do("round.close", contents=Contents(), round="post", epoch=1)
    board.command("start", "discuss")
    board.do("round.late", round="post", minutes=3)
    assert board.agenda().index(board.last) == board.agenda().index("discuss") + 1
