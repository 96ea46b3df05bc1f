"""The rows of the flat table: every card beside its group, its sheet and all votes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tests.niamey.reckoning.cards import card_rows
from tests.niamey.reckoning.cells import Row
from tests.niamey.reckoning.clusters import cluster_rows, figures_of
from tests.niamey.reckoning.results import vote_rows
from tests.niamey.reckoning.sheets import sheet_rows


def flat_rows(order: Callable[[str], Any]) -> list[Row]:
    """Every card with its group, its sheet and all votes: put together from the other tables."""
    rows = vote_rows(order)
    sheets = {row["source_id"]: row for row in sheet_rows(order)}
    clusters = {row["cluster_id"]: row for row in cluster_rows(order)}
    by_vote = {vote: {row["target_id"]: row for row in some} for vote, some in _by_vote(rows).items()}
    return [_flat_row(card, clusters.get(card["cluster_id"]), sheets, rows, by_vote) for card in card_rows()]


def _by_vote(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["round"] if row["epoch"] == "1" else f"{row['round']}.{row['epoch']}"].append(row)
    return found


OF_A_VOTE = ("total", "value", "rank", "internal", "external")


def _flat_row(
    card: Row,
    cluster: Row | None,
    sheets: Mapping[str, Row],
    rows: Sequence[Row],
    votes_: Mapping[str, Mapping[str, Row]],
) -> Row:
    own = cluster["cluster_id"] if cluster else card["name"]
    sheet = sheets.get(own, {})
    found = {
        name: value
        for name, value in figures_of(own, rows).items()
        if name not in ("total", "internal", "external")
    }
    targets = [own, sheet.get("sheet_id", ""), card["factor_id"]]
    for vote, listed in votes_.items():
        row = next((listed[target] for target in targets if target in listed), dict.fromkeys(OF_A_VOTE, ""))
        found |= {f"{vote}_{figure}": row[figure] for figure in OF_A_VOTE}
    return {
        **found,
        **card,
        "cluster_factor_id": cluster["factor_id"] if cluster else "",
        "cluster_cards": cluster["card_count"] if cluster else "",
        "comment_count": cluster["comments"] if cluster else "0",
        "expert_comment_count": cluster["expert_comments"] if cluster else "0",
        "sheet_number": sheet.get("sheet_number", ""),
        "sheet_title": sheet.get("title", ""),
        "sheet_state": sheet.get("state", ""),
        **{column: sheet.get(column, "") for column in ("disposition", "axis", "lead", "deadline")},
    }
