"""The rows of the groups and of the merges, and the newest figures of a target."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tests.niamey import files
from tests.niamey.files import factor_of
from tests.niamey.reckoning.cells import Row, out
from tests.niamey.reckoning.labels import label, numbered, sheet_number
from tests.niamey.reckoning.results import vote_rows
from tests.niamey.reckoning.seven_votes import kept_sheets
from tests.niamey.reckoning.vote import CRITERIA


def in_the_end(cluster: str) -> str:
    """Where the cards of a cluster lie when all merges are done and undone."""
    merged = {**files.MERGED_IN_C3, **files.SUGGESTED_IN_C4, **files.MERGED_IN_C4}
    undone = {*files.SPLIT_IN_C4, *files.SPLIT_IN_D1}
    return cluster if cluster in undone else merged.get(cluster, cluster)


def cards_of(*clusters: str) -> list[str]:
    return [
        one.name
        for round_id in ("B1", "B3", "B5")
        for one in files.written(round_id)
        if one.cluster and one.cluster in clusters
    ]


def merge_rows() -> list[Row]:
    """What is one in the end: by whom, when, with which cards, and what came of the doubt."""
    found = []
    rounds = {**dict.fromkeys(files.MERGED_IN_C3, "C3"), **dict.fromkeys(files.SUGGESTED_IN_C4, "C4")}
    for cluster, round_id in rounds.items():
        into = in_the_end(cluster)
        if into == cluster:
            continue
        found.append(
            {
                "factor_id": factor_of(cluster),
                "factor_number": numbered(factor_of(cluster)),
                "cluster_id": cluster,
                "cluster_name": label(cluster),
                "former_names": "",
                "into_id": into,
                "into_name": label(into),
                "cards": " ".join(sorted(cards_of(cluster))),
                "by": "facilitator",
                "round": round_id,
                "contest": "kept" if cluster in files.KEPT_IN_D1 else "",
            }
        )
    return found


NEWEST = {
    **{name: name for name in ("ballots", "total", "value", "rank", "rank_low", "rank_high", "tied")},
    **{name: name for name in ("internal", "external", "agreement", "divergence")},
    "vote_round": "round",
}


RATED = ("impact_mean", "feasibility_mean", "quadrant", "with_reserve")


def figures_of(target: str, rows: Sequence[Row]) -> Row:
    """The newest vote on a target; and from the newest that has them, means, the quadrant and the reserves."""
    about = [row for row in rows if row["target_id"] == target]
    found = {name: about[-1][column] if about else "" for name, column in NEWEST.items()}
    return {**found, **dict.fromkeys(RATED, ""), **_rated(about)}


def _rated(about: Iterable[Row]) -> Row:
    found: Row = {}
    for row in about:
        for criterion in CRITERIA:
            if said := re.search(rf"{criterion}: ([\d.]+)", row["criteria"]):
                found[f"{criterion}_mean"] = said[1]
        if row["method"].startswith("criteria"):
            found["quadrant"] = row["quadrant"]
        if row["method"] == "consent":
            found["with_reserve"] = dict(part.split("=") for part in row["counts"].split()).get(
                "reserve", "0"
            )
    return found


def cluster_rows(order: Callable[[str], Any]) -> list[Row]:
    """Every group that was made, merged ones with what they went into."""
    rows = vote_rows(order)
    return [_cluster_row(cluster, rows) for cluster in files.clusters()]


def _cluster_row(cluster: str, rows: Sequence[Row]) -> Row:
    into = in_the_end(cluster)
    from_ = [c for c in files.clusters() if in_the_end(c) == cluster]
    cards = cards_of(*from_) if into == cluster else []
    sheets = {c: sheet_number(f"sheet {c}") for c in kept_sheets()}
    spoken = [
        who for said in files.SPOKEN.values() for who, target, _, _ in said if target == ("clusters", cluster)
    ]
    experts = [who for who in spoken if files.by_id("staff", "staff_id")[who]["role"] == "expert"]
    return {
        "factor_number": numbered(factor_of(cluster)),
        "factor_id": factor_of(cluster),
        "cluster_id": cluster,
        "name": out(label(cluster)),
        "label": out(label(cluster)),
        "state": "merged" if into != cluster else "standing",
        "card_count": str(len(cards)),
        "cards": " ".join(sorted(cards)),
        "merged_into_id": into if into != cluster else "",
        "merged_from_ids": " ".join(sorted(c for c in from_ if c != cluster)),
        "contest": "kept" if cluster in files.KEPT_IN_D1 else "",
        "comments": str(len(spoken) - len(experts)),
        "expert_comments": str(len(experts)),
        "sheet_number": sheets.get(cluster, ""),
        **figures_of(cluster, rows),
    }
