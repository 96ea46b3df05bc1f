"""A board's view as rows: cards, votes and comments. Deterministic order, English
column names, no time and no person but staff who signed."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from app.domain import rounds
from app.domain.records import Record, State

Rows = list[dict[str, Any]]

CARD_COLUMNS = (
    "number", "factor_number", "factor_id", "factor_fr", "factor_en", "text", "round",
    "cluster_id", "cluster_name", "vote_round", "points", "rank", "tied", "points_internal", "points_external",
    "comments", "expert_comments",
)  # fmt: skip
VOTE_COLUMNS = (
    "round", "round_fr", "round_en", "epoch", "method", "seats", "ballots", "factor_number", "factor_id",
    "target_kind", "target_id", "target_label", "total", "internal", "external", "rank", "tied",
)  # fmt: skip
COMMENT_COLUMNS = (
    "factor_number", "target_kind", "target_id", "target_label", "by", "name_fr", "name_en", "text", "round",
)  # fmt: skip


def unopened_round(state: State) -> Record | None:
    """A round whose urn is not opened yet: nothing is exported while there is one."""
    return next(
        (
            round_
            for round_ in state["rounds"].values()
            if rounds.is_sealed(round_) and round_["state"] in ("running", "paused", "closed")
        ),
        None,
    )


def cards(state: State) -> Rows:
    """One row a card, by factor and number, with its cluster's newest tally."""
    tallied = _newest_tally(state)
    comments, expert_comments = _comments_by_target(state)
    rows = []
    for card in sorted(_published(state), key=lambda c: (_number(state, c["factor"]), c["number"])):
        cluster = state["clusters"].get(card["cluster"] or "")
        target = card["cluster"] or card["id"]
        round_id, tally = tallied.get(target, ("", {}))
        rows.append(
            {
                "number": card["number"],
                **_factor(state, card["factor"]),
                "text": card["text"],
                "round": card["round"],
                "cluster_id": cluster["id"] if cluster else "",
                "cluster_name": cluster["name"] if cluster else "",
                "vote_round": round_id,
                "points": tally.get("total", ""),
                "rank": tally.get("rank", ""),
                "tied": _yes(tally.get("tied")),
                "points_internal": _blank(tally.get("internal")),
                "points_external": _blank(tally.get("external")),
                "comments": _joined(comments, card, cluster),
                "expert_comments": _joined(expert_comments, card, cluster),
            }
        )
    return rows


def votes(state: State) -> Rows:
    """One row a target of each published vote, in the order of the agenda and of the ranking."""
    rows = []
    in_order = sorted(
        state["tallies"].values(), key=lambda t: (state["rounds"][t["round"]]["order"], t["epoch"])
    )
    for tally in in_order:
        round_ = state["rounds"][tally["round"]]
        tables = {target["id"]: target["table"] for target in round_["ballot"] or ()}
        ranked = sorted(
            tally["rows"], key=lambda row: (_number(state, row["factor"]), row["rank"], row["target"])
        )
        for row in ranked:
            kind = tables.get(row["target"]) or _kind(state, row["target"])
            rows.append(
                {
                    "round": round_["id"],
                    "round_fr": round_["name"].get("fr", ""),
                    "round_en": round_["name"].get("en", ""),
                    "epoch": tally["epoch"],
                    "method": tally["method"],
                    "seats": tally["seats"],
                    "ballots": tally["ballots"],
                    "factor_number": _number(state, row["factor"]),
                    "factor_id": row["factor"],
                    "target_kind": kind,
                    "target_id": row["target"],
                    "target_label": label(state, kind, row["target"]),
                    "total": row["total"],
                    "internal": _blank(row["internal"]),
                    "external": _blank(row["external"]),
                    "rank": row["rank"],
                    "tied": _yes(row["tied"]),
                }
            )
    return rows


def comments(state: State) -> Rows:
    """One row a comment, by factor, target and text: not in the order they were said."""
    rows = []
    for comment in state["comments"].values():
        target = comment["target"]
        name = comment["name"] or {}
        rows.append(
            {
                "factor_number": _number(state, _factor_of(state, target)),
                "target_kind": target["table"],
                "target_id": target["id"],
                "target_label": label(state, target["table"], target["id"]),
                "by": comment["by"],
                "name_fr": name.get("fr", ""),
                "name_en": name.get("en", ""),
                "text": comment["text"],
                "round": comment["round"] or "",
            }
        )
    return sorted(rows, key=lambda r: (r["factor_number"], r["target_id"], r["by"], r["text"]))


TABLES = {
    "cards": (CARD_COLUMNS, cards),
    "votes": (VOTE_COLUMNS, votes),
    "comments": (COMMENT_COLUMNS, comments),
}


def label(state: State, table: str, record_id: str) -> str:
    """What a target is called: a cluster's name, a card's text, a factor's title."""
    record = state[table].get(record_id, {})
    if table == "factors":
        title: str = record.get("title", {}).get("fr", record_id)
        return title
    text: str = record.get("name") or record.get("text") or ""
    if not text and table == "clusters":
        inside = [c["text"] for c in _published(state) if c["cluster"] == record_id]
        text = min(inside, default="")
    return text


def _published(state: State) -> list[Record]:
    return [card for card in state["cards"].values() if card["state"] == "published"]


def _newest_tally(state: State) -> dict[str, tuple[str, dict[str, Any]]]:
    """target -> (round, row) of the last vote that asked about it."""
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    in_order = sorted(
        state["tallies"].values(), key=lambda t: (state["rounds"][t["round"]]["order"], t["epoch"])
    )
    for tally in in_order:
        found |= {row["target"]: (tally["round"], row) for row in tally["rows"]}
    return found


def _comments_by_target(state: State) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    plain: dict[str, list[str]] = defaultdict(list)
    expert: dict[str, list[str]] = defaultdict(list)
    for comment in state["comments"].values():
        kept = expert if comment["by"] == "expert" else plain
        kept[comment["target"]["id"]].append(comment["text"])
    return plain, expert


def _joined(by_target: dict[str, list[str]], card: Record, cluster: Record | None) -> str:
    found = by_target.get(card["id"], []) + (by_target.get(cluster["id"], []) if cluster else [])
    return " | ".join(sorted(found))


def _factor_of(state: State, target: dict[str, str]) -> str:
    if target["table"] == "factors":
        return target["id"]
    factor: str = state[target["table"]].get(target["id"], {}).get("factor", "")
    return factor


def _factor(state: State, factor_id: str) -> dict[str, Any]:
    title = state["factors"][factor_id]["title"]
    return {
        "factor_number": _number(state, factor_id),
        "factor_id": factor_id,
        "factor_fr": title.get("fr", ""),
        "factor_en": title.get("en", ""),
    }


def _number(state: State, factor_id: str) -> int:
    number: int = state["factors"].get(factor_id, {}).get("number", 0)
    return number


def _kind(state: State, record_id: str) -> str:
    return next((t for t in ("clusters", "cards", "factors") if record_id in state[t]), "")


def _blank(value: Any) -> Any:
    return "" if value is None else value


def _yes(value: Any) -> str:
    return {True: "yes", False: "no"}.get(value, "")
