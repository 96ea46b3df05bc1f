"""The two days of Niamey, 43 rounds with 44 people, behind the real door; and their exports, reckoned a second time."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from app.domain.rules import RULES
from app.exports import EXPORTS, Export, agenda, history
from tests.niamey import files, reckoning
from tests.niamey.matrix import PROBES
from tests.niamey.script import two_days
from tests.niamey.seminar import Seminar
from tests.seminar import BOARD

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def seminar(tmp_path_factory: pytest.TempPathFactory) -> Seminar:
    held = Seminar(tmp_path_factory.mktemp("niamey"))
    two_days(held)
    return held


def held_on_the_board() -> Rows:
    """The rounds of the agenda but the warm-up, which is on the practice board."""
    return [row for row in files.rows("agenda") if row["round_id"] != "A1"]


# --- who may do what, at each moment ---


def test_every_role_may_do_what_the_table_grants_at_every_state_of_every_round_and_nothing_else(
    seminar: Seminar,
) -> None:
    assert seminar.wrong == []
    assert set(PROBES) == set(RULES)
    assert seminar.cases.total() == seminar.tried > 100_000
    assert seminar.answered == seminar.tried - seminar.cases[None]


def test_every_round_of_the_agenda_was_held_and_looked_at_in_all_its_states(seminar: Seminar) -> None:
    seen: dict[str, set[str]] = {}
    for round_id, _, phase in seminar.moments:
        seen.setdefault(round_id, set()).add(phase)
    for row in held_on_the_board():
        wanted = {"planned", "running", "paused", "published"}
        wanted |= {"closing"} if row["at_zero"] == "close" else set()
        wanted |= {"closed"} if row["method"] or row["release"] == "sealed" else set()
        assert wanted <= seen[row["round_id"]], row["round_id"]
    assert {"reopened", "skipped", "void"} <= {phase for phases in seen.values() for phase in phases}


# The words of the agenda for people, and what they promise.
PROMISES = {
    "participants_can": {
        "post": ("participant", "card.post"),
        "score 10 factors": ("participant", "ballot.cast"),
        "spend points": ("participant", "ballot.cast"),
        "rate 2 x 30": ("participant", "ballot.cast"),
        "rank 5": ("participant", "ballot.cast"),
        "one answer per sheet": ("participant", "ballot.cast"),
        "5 questions": ("participant", "ballot.cast"),
        "drag cards": ("participant", "card.move"),
        "create group": ("participant", "cluster.make"),
        "table scribe names": ("scribe", "cluster.name"),
        "others propose": ("participant", "cluster.propose"),
        "contest a merge": ("participant", "cluster.contest"),
        "written question": ("participant", "comment.post"),
        "written argument": ("participant", "comment.post"),
        "comment in writing": ("participant", "comment.post"),
        "table scribe fills sheet": ("scribe", "sheet.fill"),
    },
    "facilitator_can": {
        "pause": ("facilitator", "round.pause"),
        "extend": ("facilitator", "round.extend"),
        "hide card": ("facilitator", "card.hold"),
        "merge": ("facilitator", "cluster.merge"),
        "undo merge": ("facilitator", "cluster.split"),
    },
    "experts_can": {
        "comment": ("expert", "comment.post"),
        "propose merge": ("expert", "suggestion.merge"),
    },
}
BY_DOING = {"card.post", "card.move", "cluster.make", "cluster.name", "ballot.cast"}


def test_the_board_keeps_what_the_agenda_promises(seminar: Seminar) -> None:
    for row in held_on_the_board():
        for column, promises in PROMISES.items():
            for words, (role, kind) in promises.items():
                if words in row[column]:
                    assert (row["round_id"], role, kind) in seminar.granted, (row["round_id"], words)


def test_where_people_only_read_they_change_no_card_no_group_and_no_vote(seminar: Seminar) -> None:
    for row in files.rows("agenda"):
        if row["participants_can"] in ("read only", "listen", "read", "-"):
            done = {
                kind for at, role, kind in seminar.granted if at == row["round_id"] and role == "participant"
            }
            assert not done & BY_DOING, row["round_id"]
        if row["experts_can"] == "no vote":
            assert (row["round_id"], "expert", "ballot.cast") not in seminar.granted


def test_all_reasons_for_a_refusal_were_met(seminar: Seminar) -> None:
    reasons = {
        "not_allowed",
        "round_over",
        "round_not_open",
        "another_round_runs",
        "not_in_this_state",
        "gone",
        "no_such_seat",
    }
    assert set(seminar.cases) == {None, *reasons}
    assert min(seminar.cases.values()) > 20


# --- what comes out ---


def named(seminar: Seminar, export: str) -> Rows:
    """An export with the ids of the files in the place of the board's, and card names in the place of numbers."""
    names = seminar.names()
    cards = {str(card["number"]): names.get(card["id"], "") for card in seminar.state["cards"].values()}
    found = seminar.export(export)
    for row in found:
        for column in ("target_id", "cluster_id", "into_id", "source_id", "sheet_id", "round"):
            if column in row:
                row[column] = names.get(row[column], row[column])
        for column in ("cards", "source_cards"):
            if column in row:
                row[column] = " ".join(sorted(cards[number] for number in row[column].split()))
        if "number" in row:
            row["name"] = cards[row["number"]]
        if "marks" in row:
            row["marks"] = " ".join(sorted(row["marks"].split()))
    return found


def same(found: Rows, wanted: Rows, *key: str, given: Sequence[str] = ()) -> None:
    """Row by row, column by column; `given` are columns that the server gives."""
    assert found and set(found[0]) == set(wanted[0]) | set(given)

    def cut(rows: Rows) -> list[Mapping[str, str]]:
        plain = [{name: row[name] for name in wanted[0]} for row in rows]
        return sorted(plain, key=lambda row: tuple(row[name] for name in key))

    for one, other in zip(cut(found), cut(wanted), strict=True):
        assert one == other


def test_the_exported_cards_are_those_of_the_files_each_in_its_cluster_with_its_last_vote(
    seminar: Seminar,
) -> None:
    found = named(seminar, "cards")
    same(found, reckoning.card_rows(), "name", given=("number", "language"))
    place = [(int(row["factor_number"]), int(row["number"])) for row in found]
    assert place == sorted(set(place))


def test_no_card_is_numbered_by_who_wrote_it_or_when(seminar: Seminar) -> None:
    """Within a round numbers are shuffled: the order of the seconds is not theirs."""
    number = {row["name"]: int(row["number"]) for row in named(seminar, "cards")}
    for round_id in ("B1", "B3"):
        sent = [number[one.name] for one in files.written(round_id) if one.name in number]
        rises = sum(a < b for a, b in pairwise(sent)) / (len(sent) - 1)
        assert 0.3 < rises < 0.7
        assert max(sent) < min(number[one.name] for one in files.written("B5"))


def test_languages_are_told_from_the_words(seminar: Seminar) -> None:
    language = {row["name"]: row["language"] for row in named(seminar, "cards")}
    assert language["N24"] == "en"
    assert {said for name, said in language.items() if name.startswith("C")} <= {"fr", ""}
    spoken = {row["text"]: row["language"] for row in named(seminar, "comments")}
    assert spoken["Who signs, and before whom?"] == "en"
    assert spoken["La salle demande un calendrier."] == "fr"


def test_every_figure_of_every_vote_is_the_one_that_the_files_give(seminar: Seminar) -> None:
    same(
        named(seminar, "votes"),
        reckoning.vote_rows(lambda name: seminar.ids.get(name, name)),
        "round",
        "target_id",
    )


def test_results_stand_in_the_order_of_the_agenda_the_factors_and_the_ranks(seminar: Seminar) -> None:
    agenda_ = [row["round_id"] for row in files.rows("agenda")]
    place = [
        (
            agenda_.index(row["round"]),
            int(row["factor_number"]) if row["rank_within"] == "factor" else 0,
            int(row["rank"]),
        )
        for row in seminar.export("votes")
    ]
    assert place == sorted(place)


def test_some_sides_are_shown_and_some_are_withheld(seminar: Seminar) -> None:
    """So that the two tests above do not agree about nothing."""
    rows = seminar.export("votes")
    assert {row["internal"] == "" for row in rows if row["round"] == "V1"} == {True, False}
    assert {mark for row in rows for mark in row["marks"].split()} == {
        "divergent",
        "low_agreement",
        "quick_win",
        "schulze_differs",
    }
    assert {row["quadrant"] for row in rows if row["round"] == "E1"} >= {"quick_win", "major_work"}


def test_comments_are_those_that_were_said_and_shown(seminar: Seminar) -> None:
    key = ("target_id", "text", "by", "name_fr")
    same(named(seminar, "comments"), reckoning.comment_rows(), *key, given=("language",))


def test_merges_are_those_that_stand_at_the_end(seminar: Seminar) -> None:
    same(named(seminar, "merges"), reckoning.merge_rows(), "cluster_id")


def test_sheets_say_what_the_tables_wrote_and_what_the_room_consented_to(seminar: Seminar) -> None:
    same(named(seminar, "sheets"), reckoning.sheet_rows(), "sheet_id")


def test_these_are_all_exports() -> None:
    assert set(EXPORTS) == {"cards", "votes", "comments", "merges", "sheets"}


def test_the_agenda_goes_out_as_it_came_in_with_one_round_for_latecomers(seminar: Seminar) -> None:
    out = files.read_csv(Export(agenda.COLUMNS, agenda.rows).csv(seminar.state, "fr", "plain"))
    held = {row["round_id"]: row for row in out}
    late = held.pop(seminar.ids["late of B3"])
    assert (late["release"], late["minutes"], late["scope"]) == ("sealed", "3", held["B3"]["scope"])
    assert list(held) == [row["round_id"] for row in files.rows("agenda")]
    words = ("name_fr", "name_en", "instruction_fr", "instruction_en")
    rules = ("kind", "scope", "release", "method", "targets", "points", "cap", "at_zero", "grace_s")
    for row in held_on_the_board():
        for column in ("day", "start", "minutes", "cards_per_person", *words, *rules):
            assert held[row["round_id"]][column] == row[column], (row["round_id"], column)


def test_the_history_names_every_command_of_staff_and_clock_and_no_participant(seminar: Seminar) -> None:
    decided = list(history.decisions(seminar.door.boards.log_of(BOARD)))
    facilitators = {person for person, _, _ in seminar.commands}
    by_hand = [(d.person, d.kind, d.at_ms) for d in decided if d.person in facilitators]
    assert by_hand == [command for command in seminar.commands if command[1] not in history.NO_DECISIONS]
    assert {d.person for d in decided} & set(seminar.seats) == set()
    at_zero = [row["round_id"] for row in held_on_the_board() if row["at_zero"] == "close"]
    # Latecomers had a round of their own; V1 was reopened for somebody forgotten.
    by_clock = Counter(d.kind for d in decided if d.by == "clock")
    assert by_clock == {"round.close": len(at_zero) + 2, "round.pause": 1, "round.rekey": 1}


# --- the two sides of the comparison know nothing of each other ---


@pytest.mark.parametrize("name", ["files", "reckoning"])
def test_the_reckoning_imports_nothing_of_the_application(name: str) -> None:
    tree = ast.parse(Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8"))
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert not {module for module in modules if module.split(".")[0] in ("app", "realtime", "config")}
    ours = {module for module in modules if module.startswith("tests.")}
    assert ours <= {"tests.niamey", "tests.niamey.files"}
