"""What leaves the board as CSV: what everybody sees, in a fixed order, and nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.kinds.sheets import LIMITS
from app.domain.records import empty_state
from app.exports import EXPORTS, open_urns
from app.exports.text import FLAVOURS, MASK, harmless, masked, to_csv

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def words(text: str) -> dict[str, str]:
    return {"fr": text, "en": f"{text} (en)"}


def card(number: int, factor: str = "F01", **fields: Any) -> dict[str, Any]:
    known = {
        "id": f"c{number}",
        "number": number,
        "factor": factor,
        "text": f"Action {number}",
        "kind": "action",
        "translation": {},
        "round": "B1",
    }
    shown = {"cluster": None, "state": "published", "audience": "all", "kind": "action", "translation": {}}
    return {**known, **shown, **fields}


def comment(number: int, table: str, target: str, by: str = "participant", **fields: Any) -> dict[str, Any]:
    known = {"id": f"m{number}", "target": {"table": table, "id": target}, "text": f"Mot {number}", "by": by}
    return {**known, "name": None, "round": None, **fields}


def row(target: str, total: int, rank: int, **fields: Any) -> dict[str, Any]:
    known = {"target": target, "factor": "F01", "total": total, "rank": rank, "tied": False}
    return {**known, "internal": None, "external": None, "counts": {}, **fields}


def round_(
    round_id: str, order: int, kind: str = "vote", state: str = "published", **fields: Any
) -> dict[str, Any]:
    method = "points" if kind == "vote" else None
    known = {
        "id": round_id,
        "order": order,
        "kind": kind,
        "state": state,
        "method": method,
        "name": words(round_id),
    }
    return {**known, "ballot": None, **fields}


def tally(round_id: str, *rows: dict[str, Any], epoch: int = 1) -> dict[str, Any]:
    known = {"id": f"{round_id}:{epoch}", "round": round_id, "epoch": epoch, "method": "points"}
    return {**known, "seats": 44, "ballots": 42, "split": True, "rows": list(rows)}


def board(**tables: list[dict[str, Any]]) -> dict[str, dict[str, dict[str, Any]]]:
    factors = [{"id": f"F0{n}", "number": n, "title": words(f"Facteur {n}")} for n in (2, 1)]
    state = empty_state()
    for table, records in {"factors": factors, **tables}.items():
        state[table] = {record["id"]: record for record in records}
    return state


def rows_of(name: str, state: Any, language: str = "fr") -> list[dict[str, str]]:
    text = EXPORTS[name].csv(state, language, "plain")
    return list(csv.DictReader(io.StringIO(text, newline="")))


CLUSTER = {"id": "g1", "factor": "F01", "name": "Publier", "merged_into": None, "proposals": []}


# --- cards ---


def test_cards_stand_by_factor_and_number_whatever_the_order_on_the_board() -> None:
    state = board(cards=[card(3), card(1, "F02"), card(2)])
    assert [(r["factor_id"], r["number"]) for r in rows_of("cards", state)] == [
        ("F01", "2"),
        ("F01", "3"),
        ("F02", "1"),
    ]


def test_a_card_carries_its_clusters_name_points_and_sides() -> None:
    vote = tally("V1", row("g1", 7, 1, internal=4, external=3))
    state = board(cards=[card(1, cluster="g1")], clusters=[CLUSTER], rounds=[round_("V1", 1)], tallies=[vote])
    (found,) = rows_of("cards", state)
    assert (found["cluster_name"], found["points"], found["rank"], found["vote_round"]) == (
        "Publier",
        "7",
        "1",
        "V1",
    )
    assert (found["points_internal"], found["points_external"]) == ("4", "3")


def test_the_last_vote_of_the_agenda_is_the_one_that_counts() -> None:
    votes = [
        tally("V3", row("c1", 9, 1)),
        tally("V1", row("c1", 2, 4)),
        tally("V3", row("c1", 5, 2), epoch=2),
    ]
    state = board(cards=[card(1)], rounds=[round_("V1", 1), round_("V3", 8)], tallies=votes)
    assert [(r["vote_round"], r["points"]) for r in rows_of("cards", state)] == [("V3", "5")]


def test_sides_stay_empty_where_the_tally_withholds_them() -> None:
    state = board(cards=[card(1)], rounds=[round_("V1", 1)], tallies=[tally("V1", row("c1", 2, 1))])
    (found,) = rows_of("cards", state)
    assert (found["points"], found["points_internal"], found["points_external"]) == ("2", "", "")


def test_experts_comments_stand_in_a_column_of_their_own() -> None:
    said = [comment(1, "cards", "c1"), comment(2, "cards", "c1", by="expert", name=words("Expert 01"))]
    said += [comment(3, "clusters", "g1"), comment(4, "cards", "c2")]
    state = board(cards=[card(1, cluster="g1"), card(2)], clusters=[CLUSTER], comments=said)
    first, second = rows_of("cards", state)
    assert (first["comments"], first["expert_comments"]) == ("Mot 1 | Mot 3", "Mot 2")
    assert (second["comments"], second["expert_comments"]) == ("Mot 4", "")


def test_what_a_card_is_and_its_translation_stand_beside_its_text() -> None:
    question = card(1, kind="question", translation={"en": "Why? Call +227 90 11 22 33"})
    (found,) = rows_of("cards", board(cards=[question]))
    assert (found["kind"], found["translation_fr"], found["translation_en"]) == (
        "question",
        "",
        f"Why? Call {MASK}",
    )


def test_a_card_in_review_is_not_exported_even_from_a_staff_view() -> None:
    state = board(
        cards=[card(1), card(2, state="review", audience="staff"), card(3, state="held", audience="staff")]
    )
    assert [r["text"] for r in rows_of("cards", state)] == ["Action 1"]


def test_no_column_names_an_author_or_a_time() -> None:
    for export in EXPORTS.values():
        assert not {"author", "person", "seat", "time", "at_ms", "date", "device"} & set(export.columns)


# --- votes and comments ---


def test_votes_stand_as_the_agenda_and_the_ranking_have_them() -> None:
    votes = [
        tally("V3", row("c1", 1, 1)),
        tally("V1", row("c2", 2, 2, tied=True), row("g1", 6, 1, counts={"2": 3})),
    ]
    cards = [card(1), card(2)]
    rounds = [round_("V1", 1), round_("V3", 8)]
    found = rows_of("votes", board(cards=cards, clusters=[CLUSTER], rounds=rounds, tallies=votes))
    assert [(r["round"], r["target_label"], r["total"]) for r in found] == [
        ("V1", "Publier", "6"),
        ("V1", "Action 2", "2"),
        ("V3", "Action 1", "1"),
    ]
    assert (found[0]["counts"], found[1]["tied"], found[0]["seats"], found[0]["ballots"]) == (
        "2=3",
        "yes",
        "44",
        "42",
    )


def test_a_nameless_cluster_is_called_by_its_first_card() -> None:
    nameless = {**CLUSTER, "name": ""}
    votes = [tally("V1", row("g1", 6, 1))]
    cards = [card(5, cluster="g1"), card(4, cluster="g1")]
    state = board(cards=cards, clusters=[nameless], rounds=[round_("V1", 1)], tallies=votes)
    assert rows_of("votes", state)[0]["target_label"] == "Action 4"


def test_factors_are_called_in_the_readers_language() -> None:
    state = board(rounds=[round_("V1", 1)], tallies=[tally("V1", row("F01", 6, 1))])
    assert rows_of("votes", state, "fr")[0]["target_label"] == "Facteur 1"
    assert rows_of("votes", state, "en")[0]["target_label"] == "Facteur 1 (en)"


def test_comments_name_only_who_speaks_under_a_name() -> None:
    said = [comment(1, "cards", "c1"), comment(2, "factors", "F01", by="expert", name=words("Expert 01"))]
    found = rows_of("comments", board(cards=[card(1)], comments=said))
    assert [(r["by"], r["name_fr"], r["target_label"]) for r in found] == [
        ("expert", "Expert 01", "Facteur 1"),
        ("participant", "", "Action 1"),
    ]


def test_a_comment_on_a_card_that_was_held_afterwards_is_not_exported() -> None:
    assert rows_of("comments", board(comments=[comment(1, "cards", "hidden")])) == []


# --- when ---


@pytest.mark.parametrize("state", ["running", "paused", "closed"])
@pytest.mark.parametrize("kind", ["post", "vote"])
def test_f06_an_unopened_urn_is_told_by_its_round(kind: str, state: str) -> None:
    rounds = [
        round_("B9", 2, kind, state),
        round_("B1", 1, "post", "published"),
        round_("A2", 3, "discuss", "running"),
    ]
    assert [found["id"] for found in open_urns(board(rounds=rounds))] == ["B9"]


# --- CSV ---


@pytest.mark.parametrize("sign", DANGEROUS)
def test_c02_a_cell_that_a_spreadsheet_would_run_is_text(sign: str) -> None:
    assert harmless(f"{sign}SUM(1+1)") == f"'{sign}SUM(1+1)"
    assert harmless(f" \u00a0{sign}SUM(1+1)").startswith("'")


def test_c02_ordinary_text_and_numbers_are_left_alone() -> None:
    assert [harmless(cell) for cell in ("guichet unique", 3, -3, None)] == ["guichet unique", "3", "-3", ""]


def test_excel_gets_its_mark_and_semicolons_and_others_plain_csv() -> None:
    lines = [{"a": "é;1", "b": 'dit "oui"'}]
    assert to_csv(("a", "b"), lines, "excel") == '\ufeff"a";"b"\r\n"é;1";"dit ""oui"""\r\n'
    assert to_csv(("a", "b"), lines, "plain") == '"a","b"\r\n"é;1","dit ""oui"""\r\n'


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5), st.sampled_from(sorted(FLAVOURS)))
def test_any_text_comes_back_as_it_was_but_for_the_apostrophe(
    cells: list[tuple[str, str]], flavour: str
) -> None:
    text = to_csv(("a", "b"), [{"a": a, "b": b} for a, b in cells], flavour)
    delimiter = FLAVOURS[flavour].delimiter
    back = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter))[1:]
    assert back == [[harmless(a), harmless(b)] for a, b in cells]
    assert all(not cell.startswith(DANGEROUS) for line in back for cell in line)


@pytest.mark.parametrize(
    "text",
    [
        "Appelez-moi au +227 00 00 00 00",
        "au 0022790112233 svp",
        "tel 90 11 22 33",
        "90-11-22-33",
        "appelez 90112233.",
        "écrire à a.b@exemple.ne",
    ],
)
def test_n02_telephone_numbers_and_addresses_are_masked(text: str) -> None:
    assert MASK in masked(text)
    assert not any(part in masked(text) for part in ("11", "00 00", "exemple"))


@pytest.mark.parametrize(
    "text",
    [
        "Plan 2021-2024",
        "en 2021 2022 2023",
        "10 000 000 FCFA",
        "10000000 FCFA",
        "le 20200922",
        "33 points",
        "article 12 du 22-09-2020",
        "de 08:30 à 12:20",
    ],
)
def test_years_amounts_and_dates_are_not_telephone_numbers(text: str) -> None:
    assert masked(text) == text


def test_votes_carry_every_statistic_of_the_tally() -> None:
    figures = {
        "value": 4.25,
        "answers": 4,
        "agreement": 0.71,
        "internal": None,
        "external": None,
        "counts": {},
    }
    counted = row(
        "c1", 33, 1, value=4.1, answers=4, low=1, high=3, agreement=0.8, divergence=21.5, across=0.25, first=2, schulze=2,
        quadrant="quick_win", marks=["divergent", "quick_win"],
        criteria={"impact": figures, "feasibility": {**figures, "value": None, "internal": 4.0, "external": 3.5}},
    )  # fmt: skip
    (found,) = rows_of(
        "votes", board(cards=[card(1)], rounds=[round_("V1", 1)], tallies=[tally("V1", counted)])
    )
    wanted = {
        "value": "4.1", "answers": "4", "rank_low": "1", "rank_high": "3", "agreement": "0.8", "divergence": "21.5",
        "across": "0.25", "first_choices": "2", "schulze_rank": "2", "quadrant": "quick_win", "marks": "divergent quick_win",
        "criteria": "impact: 4.25, agreement 0.71, answers 4 | feasibility: agreement 0.71, internal 4.0, external 3.5, answers 4",
    }  # fmt: skip
    assert wanted.items() <= found.items()


def test_a_question_is_called_by_its_words_and_equals_stand_as_on_the_list() -> None:
    asked = [
        row(
            f"V1.q{n}",
            5,
            1,
            tied=True,
            table="questions",
            factor="",
            bucket="*",
            words=words(f"Question {n}"),
        )
        for n in (2, 1)
    ]
    found = rows_of("votes", board(rounds=[round_("V1", 1)], tallies=[tally("V1", *asked)]), "en")
    assert [(r["target_kind"], r["target_label"], r["factor_number"]) for r in found] == [
        ("questions", "Question 2 (en)", ""),
        ("questions", "Question 1 (en)", ""),
    ]


# --- merges ---


def test_a_merge_goes_out_with_the_cards_it_brought_and_its_contest() -> None:
    merge = {"cards": ["c2", "c1", "gone"], "by": "scribe", "round": "C1"}
    former = {**CLUSTER, "id": "g2", "name": "Afficher", "former_names": ["Dire", "=1+1"]}
    merged = {**former, "merged_into": "g1", "merge": merge, "contest": "kept"}
    state = board(cards=[card(1), card(2)], clusters=[merged, CLUSTER])
    (found,) = rows_of("merges", state)
    assert (found["cluster_name"], found["into_name"], found["cards"]) == ("Afficher", "Publier", "1 2")
    assert (found["by"], found["round"], found["contest"]) == ("scribe", "C1", "kept")
    assert found["former_names"] == "Dire | =1+1"


def test_a_merge_of_an_older_board_goes_out_without_what_was_not_kept_then() -> None:
    state = board(clusters=[{**CLUSTER, "id": "g2", "merged_into": "g1"}, CLUSTER])
    (found,) = rows_of("merges", state)
    assert (found["cluster_id"], found["cards"], found["contest"]) == ("g2", "", "")


def test_an_experts_comment_keeps_its_kind_in_the_cards_column() -> None:
    said = comment(1, "cards", "c1", "expert", kind="caution", name=words("Expert"))
    state = board(cards=[card(1, language="fr", origin="F02")], comments=[said])
    (found,) = rows_of("cards", state)
    assert found["expert_comments"] == "[caution] Mot 1"
    assert (found["language"], found["origin_factor_id"]) == ("fr", "F02")


def test_what_was_said_of_a_group_follows_it_into_the_one_it_went_into() -> None:
    said = [
        comment(1, "clusters", "g2", "expert"),
        comment(2, "clusters", "g3"),
        comment(3, "clusters", "g1"),
    ]
    gone = [{**CLUSTER, "id": "g2", "merged_into": "g3"}, {**CLUSTER, "id": "g3", "merged_into": "g1"}]
    state = board(cards=[card(1, cluster="g1"), card(2)], clusters=[*gone, CLUSTER], comments=said)
    first, second = rows_of("cards", state)
    assert (first["expert_comments"], first["comments"]) == ("Mot 1", "Mot 2 | Mot 3")
    assert (second["expert_comments"], second["comments"]) == ("", "")
    flat, _ = rows_of("flat", state)
    assert (flat["expert_comment_count"], flat["comment_count"]) == ("1", "2")


def test_no_vote_takes_the_columns_of_another_one() -> None:
    added = "0123456789abcdef0123456789abcdef"
    rounds = [round_(added, 17), round_("r17", 18), round_("points", 19)]
    votes = [tally(added, row("c1", 3, 1)), tally("r17", row("c1", 5, 1)), tally("points", row("c1", 7, 1))]
    (found,) = rows_of("flat", board(cards=[card(1)], rounds=rounds, tallies=votes))
    assert (found["r17__total"], found["r17_total"], found["points__total"]) == ("3", "5", "7")
    columns = EXPORTS["flat"].columns_of(board(rounds=rounds, tallies=votes))
    assert len(columns) == len(set(columns))


# --- sheets ---


def sheet(number: int, **fields: Any) -> dict[str, Any]:
    blank = dict.fromkeys(LIMITS, "")
    known = {
        "id": f"s{number}",
        "number": number,
        "source": {"table": "clusters", "id": "g1"},
        "factor": "F01",
    }
    shown = {"others": [], "axis": None, "table": None, "disposition": None, "state": "draft", "version": 0}
    return {**blank, **known, **shown, "title": f"Fiche {number}", **fields}


def test_a_sheet_stands_beside_its_cards_and_its_newest_votes() -> None:
    filled = sheet(1, disposition="implement", lead="Direction", deadline="2021-03-31", others=["F02"])
    parked = sheet(3, source={"table": "cards", "id": "c3"}, disposition="park", reason="Appeler le 90123456")
    cards = [card(1, cluster="g1"), card(2, cluster="g1"), card(3)]
    votes = [tally("V1", row("g1", 6, 1)), tally("V2", row("g1", 9, 2, internal=5, external=4))]
    rounds = [round_("V1", 1), round_("V2", 2)]
    sheets = [parked, filled, sheet(2, state="dropped")]
    found = rows_of(
        "sheets", board(cards=cards, clusters=[CLUSTER], rounds=rounds, tallies=votes, sheets=sheets)
    )
    assert [(r["sheet_number"], r["title"], r["lead"], r["deadline"]) for r in found] == [
        ("1", "Fiche 1", "Direction", "2021-03-31"),
        ("3", "Fiche 3", "", ""),
    ]
    assert (found[0]["source_cards"], found[0]["vote_round"], found[0]["total"], found[0]["internal"]) == (
        "1 2",
        "V2",
        "9",
        "5",
    )
    assert (found[1]["source_cards"], found[1]["total"], found[1]["reason"]) == (
        "3",
        "",
        f"Appeler le {MASK}",
    )
