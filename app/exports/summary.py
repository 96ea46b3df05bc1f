"""The two days on one page, for whoever answers for them: numbers, factors, and what was released by name. PURE.

Reads what everybody may see, and of that only what is published: tallies, and the action sheets. A text stands here only when
the rapporteur released it (`released` on a group or a sheet); else the action is told by its factor and the numbers of its
cards. The sides stand apart where their tally says so and nowhere else (decision 12).
"""

from __future__ import annotations

from typing import Any

from app.domain.counting.change import is_assessment
from app.domain.counting.method import WHOLE, split_name
from app.domain.records import Record, State, board_of, cards_of
from app.domain.rounds import tallies_in_order
from app.exports.order import factor_number, in_language, sheets_by_source, target_of
from app.exports.text import masked

TOP = 5
WIDEST_GAPS = 5
DISPOSITIONS = ("implement", "deepen", "park", "undecided")


def summary(state: State, language: str) -> Record:
    """Shape: {title, people, actions, turnout [..], factors [..], gaps [..], top {round, lists [..]} or None, dispositions}.

    `people` is the most seats any published vote had; nothing of a vote is here before it is published.
    """
    tallies = tallies_in_order(state)
    assessed = _newest(tallies, is_assessment)
    return {
        "title": in_language(board_of(state).get("title", {}), language),
        "people": max((tally["seats"] or 0 for tally in tallies), default=0),
        "actions": sum(card["state"] == "published" for card in state["cards"].values()),
        "turnout": [_turnout(state, tally, language) for tally in tallies],
        "factors": [_factor(state, row, language) for row in _by_number(state, assessed)],
        "gaps": _gaps(state, tallies, language),
        "top": _top(state, tallies, language),
        "dispositions": _dispositions(state),
    }


def _newest(tallies: list[Record], fits: Any) -> Record | None:
    return next((tally for tally in reversed(tallies) if fits(tally)), None)


def _round_name(state: State, tally: Record, language: str) -> str:
    return in_language(state["rounds"].get(tally["round"], {}).get("name", {}), language)


def _turnout(state: State, tally: Record, language: str) -> Record:
    """Shape: `ballots` counts those on paper too."""
    return {
        "round": _round_name(state, tally, language),
        "again": tally["epoch"] > 1,
        "ballots": tally["ballots"],
        "seats": tally["seats"] or 0,
    }


def _by_number(state: State, tally: Record | None) -> list[Record]:
    rows = tally["rows"] if tally else []
    return sorted(rows, key=lambda row: factor_number(state, row["target"]))


def _factor(state: State, row: Record, language: str) -> Record:
    """Shape: `spread` is how many gave each score from 1 to 5; `agreement` from 0 to 1; the sides only where they may be shown."""
    return {
        "number": factor_number(state, row["target"]),
        "title": in_language(state["factors"][row["target"]]["title"], language),
        "mean": row.get("value"),
        "answers": row.get("answers", 0),
        "spread": [row.get("counts", {}).get(str(score), 0) for score in range(1, 6)],
        "agreement": row.get("agreement"),
        "internal": row["internal"],
        "external": row["external"],
        "marks": row.get("marks", []),
    }


def _about(state: State, row: Record, language: str) -> Record:
    """What a row is about, in what may be said of it here.

    Shape: `name` is empty unless it is a factor's title or was released; `cards` are the numbers of the actions behind it.
    """
    table, record = target_of(state, row["target"])
    number = factor_number(state, row["factor"])
    factor = state["factors"].get(row["factor"])
    told = {"factor": number, "factor_title": in_language(factor["title"], language) if factor else ""}
    if record is None:
        return {**told, "name": "", "cards": [], "sheet": None}
    if table == "factors":
        return {**told, "name": told["factor_title"], "cards": [], "sheet": None}
    sheet = record if table == "sheets" else sheets_by_source(state).get(record["id"])
    inside = cards_of(state, record["id"]) if table == "clusters" else [record] if table == "cards" else []
    return {
        **told,
        "name": _released(record, "name" if table == "clusters" else "title") or _released(sheet, "title"),
        "cards": [card["number"] for card in inside],
        "sheet": sheet["number"] if sheet else None,
    }


def _released(record: Record | None, field: str) -> str:
    return masked(record.get(field) or "") if record and record.get("released") else ""


def _gaps(state: State, tallies: list[Record], language: str) -> list[Record]:
    """Where the sides are furthest apart, widest first; of a target that was voted on twice, the newer figures."""
    newest: dict[str, tuple[Record, Record]] = {}
    for tally in tallies:
        newest |= {row["target"]: (tally, row) for row in tally["rows"] if row["factor"]}
    shown = [(tally, row) for tally, row in newest.values() if row.get("divergence") is not None]
    widest = sorted(shown, key=lambda pair: -pair[1]["divergence"])[:WIDEST_GAPS]
    return [
        {
            **_about(state, row, language),
            "round": _round_name(state, tally, language),
            "method": split_name(tally["method"] or "")[0],
            "internal": row["internal"],
            "external": row["external"],
            "points": row["divergence"],
            "is_wide": "divergent" in row.get("marks", []),
        }
        for tally, row in widest
        if row["divergence"] > 0
    ]


def _top(state: State, tallies: list[Record], language: str) -> Record | None:
    """The best of the newest ranking in one list; where votes were by factor, the first of each. Ties are kept whole."""
    ranked = [tally for tally in tallies if _is_ranking(state, tally)]
    chosen = _newest(ranked, _is_one_list) or _newest(ranked, bool)
    if chosen is None:
        return None
    first = TOP if _is_one_list(chosen) else 1
    rows = [row for row in chosen["rows"] if row["rank"] <= first and row["total"]]
    rows.sort(
        key=lambda row: (0 if _is_one_list(chosen) else factor_number(state, row["factor"]), row["rank"])
    )
    return {
        "round": _round_name(state, chosen, language),
        "is_one_list": _is_one_list(chosen),
        "method": split_name(chosen["method"] or "")[0],
        "rows": [
            {
                **_about(state, row, language),
                "rank": row["rank"],
                "tied": row["tied"],
                "value": row.get("value", row["total"]),
                "internal": row["internal"],
                "external": row["external"],
            }
            for row in rows
        ],
    }


def _is_ranking(state: State, tally: Record) -> bool:
    """Whether a vote put actions in an order; consent asks of each whether it may pass."""
    method, _ = split_name(tally["method"] or "")
    tables = {row.get("table") or target_of(state, row["target"])[0] for row in tally["rows"]}
    return method != "consent" and bool(tables) and tables <= {"clusters", "cards"}


def _is_one_list(tally: Record) -> bool:
    return all(row.get("bucket") == WHOLE for row in tally["rows"])


def _dispositions(state: State) -> dict[str, int]:
    kept = [sheet for sheet in state["sheets"].values() if sheet["state"] != "dropped"]
    return {
        name: sum((sheet["disposition"] or "undecided") == name for sheet in kept) for name in DISPOSITIONS
    }
