"""The two days of Niamey, 43 rounds with 44 people, behind the real door; and their exports, reckoned a second time."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import pytest

from app.domain.changes import applied
from app.domain.digest import Digest
from app.domain.operations import Actor, Context
from app.domain.records import EVERYONE, empty_state
from app.domain.rules import RULES, decide
from app.exports import EXPORTS, Export, agenda, history
from app.exports.boardfile import board_file
from app.exports.steps import SHOWN, in_sight, steps
from app.imports import Upload, read_board
from tests.exports.test_steps import replayed, seen_then
from tests.niamey import files, reckoning
from tests.niamey.matrix import PROBES
from tests.niamey.seminar import Seminar
from tests.seminar import BOARD, operation

Rows = list[dict[str, str]]
ADMIN = Actor(person="admin", role="administrator")


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
        for column in (
            "target_id",
            "cluster_id",
            "into_id",
            "merged_into_id",
            "source_id",
            "sheet_id",
            "round",
        ):
            if column in row:
                row[column] = names.get(row[column], row[column])
        for column in ("cards", "source_cards"):
            if column in row:
                row[column] = " ".join(sorted(cards[number] for number in row[column].split()))
        if "merged_from_ids" in row:
            row["merged_from_ids"] = " ".join(sorted(names[id_] for id_ in row["merged_from_ids"].split()))
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


@cache
def order_in(seminar: Seminar) -> Callable[[str], str]:
    """The order in which the server drew the intervals."""
    return lambda name: seminar.ids.get(name, name)


def test_every_figure_of_every_vote_is_the_one_that_the_files_give(seminar: Seminar) -> None:
    same(
        named(seminar, "votes"),
        reckoning.vote_rows(order_in(seminar)),
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
    same(named(seminar, "sheets"), reckoning.sheet_rows(order_in(seminar)), "sheet_id")


def test_groups_hold_the_cards_and_the_figures_that_the_files_give(seminar: Seminar) -> None:
    same(
        named(seminar, "clusters"),
        reckoning.cluster_rows(order_in(seminar)),
        "cluster_id",
        given=("former_names", "proposed_names"),
    )


def test_the_flat_table_says_of_each_card_what_all_the_others_say(seminar: Seminar) -> None:
    found = named(seminar, "flat")
    given = ("number", "language", "card_id", "round_fr", "round_en")
    same(found, reckoning.flat_rows(order_in(seminar)), "name", given=given)
    names = seminar.names()
    assert [names[row["card_id"]] for row in found] == [row["name"] for row in found]
    agenda_ = files.by_id("agenda", "round_id")
    assert all(
        row["round_fr"] == agenda_[row["round"]]["name_fr"] for row in found if row["round"] in agenda_
    )


def test_progress_and_notes_are_what_the_rapporteur_wrote_and_everybody_may_read(seminar: Seminar) -> None:
    same(named(seminar, "progress"), reckoning.progress_rows(), "sheet_id")
    same(named(seminar, "notes"), reckoning.note_rows(), "target_id", "kind")


def test_a_show_of_hands_is_exported_apart_and_says_that_it_is_not_secret(seminar: Seminar) -> None:
    same(named(seminar, "handcounts"), reckoning.hand_rows(), "target_id")


def test_ten_of_the_ballots_of_the_first_vote_came_on_paper(seminar: Seminar) -> None:
    """And are in the figures that the reckoning foretells from the files, which know of no paper."""
    told = {row["round"]: row["on_paper"] for row in seminar.export("votes")}
    assert told["V1"] == "10"
    assert {told[round_id] for round_id in told if round_id != "V1"} == {""}


def test_these_are_all_exports() -> None:
    assert set(EXPORTS) == {
        "cards",
        "clusters",
        "votes",
        "handcounts",
        "comments",
        "merges",
        "sheets",
        "progress",
        "notes",
        "flat",
    }


def test_the_board_goes_into_a_file_and_comes_in_again_as_an_equal_board(seminar: Seminar) -> None:
    kept = read_board(Upload("board.json", board_file(seminar.state)))
    back = applied(
        empty_state(),
        decide(empty_state(), operation("board.import", **kept), ADMIN, Context(seminar.now_ms)),
    )
    assert Digest.of_state(back).of(EVERYONE) == Digest.of_state(seminar.state).of(EVERYONE)
    for name, export in EXPORTS.items():
        assert export.csv(back, "fr", "plain") == seminar_csv(seminar, name), name
    assert board_file(back).count(b"\n") == board_file(seminar.state).count(b"\n") > 10_000


def seminar_csv(seminar: Seminar, name: str) -> str:
    return EXPORTS[name].csv(seminar.door.boards.view(BOARD, EVERYONE), "fr", "plain")


def test_each_step_of_the_replay_is_the_board_of_that_moment_and_the_last_is_todays(seminar: Seminar) -> None:
    log = seminar.door.boards.log_of(BOARD)
    sight = in_sight(log)
    told = steps(log)
    moments, state = [], empty_state()
    for entry in log:
        state = applied(state, entry.changes)
        if {change.table for change in entry.changes} & SHOWN.keys():
            moments.append(seen_then(state, sight))
    shown: dict[str, Any] = {table: {} for table in SHOWN}
    at = 0
    for step in told:
        replayed(shown, step.changes)
        assert shown in moments[at:], step
        at += moments[at:].index(shown)
    assert {t: shown[t] for t in ("cards", "clusters", "tallies", "sheets")} == {
        t: moments[-1][t] for t in ("cards", "clusters", "tallies", "sheets")
    }
    opened = Counter(step.round for step in told if step.counts.get("cards"))
    assert opened["B1"] == opened["B3"] == 1, "sealed cards come in one step"
    assert 100 < len(told) < 200


def test_the_replay_names_nobody_and_nothing_that_was_held(seminar: Seminar) -> None:
    told = orjson.dumps(
        [(s.kind, s.about, s.changes) for s in steps(seminar.door.boards.log_of(BOARD))]
    ).decode()
    held = {row["text"] for row in files.rows("noise_cards") if row["noise_id"] in files.HELD}
    assert len(held) == 3 and not any(text in told for text in held)
    assert not any(person in told for person in seminar.seats)
    assert "card.hold" not in told


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


RECKONING = Path(__file__).with_name("reckoning")


@pytest.mark.parametrize(
    "path", [RECKONING.with_name("files.py"), *sorted(RECKONING.glob("*.py"))], ids=lambda path: path.stem
)
def test_the_reckoning_imports_nothing_of_the_application(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert not {module for module in modules if module.split(".")[0] in ("app", "realtime", "config")}
    ours = {module for module in modules if module.startswith("tests.")}
    reckoning_ = {f"tests.niamey.reckoning.{one.stem}" for one in RECKONING.glob("*.py")}
    assert ours <= {"tests.niamey", "tests.niamey.files"} | reckoning_
