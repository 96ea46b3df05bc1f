"""The two days in brief: numbers of what is published, no word that was not released, the sides only where a tally shows them."""

from __future__ import annotations

import json
from typing import Any

from app.exports.summary import summary
from tests.exports.test_exports import CLUSTER, board, card, round_, row, tally


def scored(target: str, mean: float, counts: dict[str, int], **fields: Any) -> dict[str, Any]:
    figures = {
        "value": mean,
        "answers": sum(counts.values()),
        "agreement": 0.7,
        "divergence": None,
        "marks": [],
    }
    return row(target, 10, 1, factor=target, bucket="*", counts=counts, **{**figures, **fields})


def ranked(target: str, total: int, rank: int, **fields: Any) -> dict[str, Any]:
    return row(target, total, rank, **{"bucket": "*", "divergence": None, "marks": [], **fields})


def assessed(**fields: Any) -> dict[str, Any]:
    rows = (scored("F02", 2.5, {"2": 4, "3": 4}), scored("F01", 4.0, {"4": 8}, **fields))
    return {**tally("A5", *rows), "method": "score_1_5"}


A5, E4 = round_("A5", 1, "assess"), round_("E4", 2)


def test_an_empty_board_has_nothing_to_tell() -> None:
    told = summary(board(), "fr")
    assert (told["people"], told["turnout"], told["factors"], told["gaps"], told["top"]) == (
        0,
        [],
        [],
        [],
        None,
    )


def test_factors_stand_by_number_with_their_mean_and_spread() -> None:
    told = summary(board(rounds=[A5], tallies=[assessed()]), "en")
    assert [(f["number"], f["mean"], f["spread"]) for f in told["factors"]] == [
        (1, 4.0, [0, 0, 0, 8, 0]),
        (2, 2.5, [0, 4, 4, 0, 0]),
    ]
    assert told["factors"][0]["title"] == "Facteur 1 (en)"
    assert (told["people"], told["turnout"]) == (
        44,
        [{"round": "A5 (en)", "again": False, "ballots": 42, "seats": 44}],
    )


def test_the_sides_of_a_factor_stay_away_where_the_tally_withholds_them() -> None:
    shown = assessed(internal=4.2, external=3.1, divergence=27.5, marks=["divergent"])
    told = summary(board(rounds=[A5], tallies=[shown]), "fr")
    first, second = told["factors"]
    assert (first["internal"], first["external"]) == (4.2, 3.1)
    assert (second["internal"], second["external"]) == (None, None)
    (gap,) = told["gaps"]
    assert (gap["name"], gap["points"], gap["is_wide"]) == ("Facteur 1", 27.5, True)


def test_no_text_of_a_card_or_group_is_told_unless_it_was_released() -> None:
    held = {"cards": [card(7, cluster="g1"), card(9, cluster="g1"), card(4)], "rounds": [E4]}
    vote = {**tally("E4", ranked("g1", 9, 1), ranked("c4", 5, 2)), "method": "rank"}
    told = summary(board(**held, clusters=[CLUSTER], tallies=[vote]), "fr")
    said = json.dumps(told, ensure_ascii=False)
    assert "Publier" not in said
    assert "Action" not in said
    assert [(r["name"], r["cards"], r["factor"]) for r in told["top"]["rows"]] == [
        ("", [7, 9], 1),
        ("", [4], 1),
    ]
    released = summary(board(**held, clusters=[{**CLUSTER, "released": True}], tallies=[vote]), "fr")
    assert [r["name"] for r in released["top"]["rows"]] == ["Publier", ""]


def test_a_released_sheet_names_its_group() -> None:
    sheet = {
        **{
            "id": "s1",
            "number": 3,
            "state": "frozen",
            "disposition": "implement",
            "title": "Publier les délais",
        },
        **{"source": {"table": "clusters", "id": "g1"}, "released": True},
    }
    vote = {**tally("E4", ranked("g1", 9, 1)), "method": "rank"}
    state = board(
        cards=[card(7, cluster="g1")], clusters=[CLUSTER], rounds=[E4], sheets=[sheet], tallies=[vote]
    )
    (first,) = summary(state, "fr")["top"]["rows"]
    assert (first["name"], first["sheet"]) == ("Publier les délais", 3)


def test_sheets_are_counted_by_what_becomes_of_them_without_the_dropped_ones() -> None:
    def sheet(number: int, disposition: str | None, state: str = "draft") -> dict[str, Any]:
        return {"id": f"s{number}", "number": number, "state": state, "disposition": disposition}

    kept = [sheet(1, "implement"), sheet(2, "implement"), sheet(3, "park"), sheet(4, None)]
    told = summary(board(sheets=[*kept, sheet(5, "deepen", "dropped")]), "fr")
    assert told["dispositions"] == {"implement": 2, "deepen": 0, "park": 1, "undecided": 1}


def test_ties_are_kept_whole_and_what_nobody_chose_is_no_top_action() -> None:
    rows = [ranked(f"c{n}", 9 - min(n, 5), min(n, 5), tied=n >= 5) for n in range(1, 8)] + [
        ranked("c8", 0, 8)
    ]
    vote = {**tally("E4", *rows), "method": "rank"}
    cards = [card(n) for n in range(1, 9)]
    top = summary(board(cards=cards, rounds=[E4], tallies=[vote]), "fr")["top"]
    assert [r["rank"] for r in top["rows"]] == [1, 2, 3, 4, 5, 5, 5]


def test_where_votes_were_by_factor_the_first_of_each_stands() -> None:
    rows = [ranked("c1", 5, 1, bucket="F01"), ranked("c2", 3, 2, bucket="F01")]
    rows += [ranked("c3", 4, 1, factor="F02", bucket="F02")]
    cards = [card(1), card(2), card(3, "F02")]
    top = summary(board(cards=cards, rounds=[E4], tallies=[tally("E4", *rows)]), "fr")["top"]
    assert (top["is_one_list"], [r["cards"] for r in top["rows"]]) == (False, [[1], [3]])


def test_of_a_target_voted_on_twice_the_newer_gap_counts() -> None:
    first = tally("V1", ranked("c1", 5, 1, internal=4, external=1, divergence=30.0))
    second = tally("E4", ranked("c1", 5, 1, internal=3, external=3, divergence=2.0))
    state = board(cards=[card(1)], rounds=[round_("V1", 1), E4], tallies=[second, first])
    assert [(g["points"], g["is_wide"]) for g in summary(state, "fr")["gaps"]] == [(2.0, False)]


def test_a_title_masks_what_a_name_must_not_carry() -> None:
    cluster = {**CLUSTER, "name": "Appeler +227 90 11 22 33", "released": True}
    vote = {**tally("E4", ranked("g1", 9, 1)), "method": "rank"}
    state = board(cards=[card(7, cluster="g1")], clusters=[cluster], rounds=[E4], tallies=[vote])
    assert "90 11" not in summary(state, "fr")["top"]["rows"][0]["name"]
