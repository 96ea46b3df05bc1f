"""What a published vote says in words: its name, its figures with their units, what is to be noted. The same in every chapter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.domain.counting import METHODS
from app.domain.counting.method import WHOLE, split_name, vote_of
from app.domain.counting.scores import CRITERIA_WORDS, criteria_of
from app.domain.records import Record, State
from app.domain.rounds import tallies_in_order
from app.exports.order import bucket_of, label, on_paper, target_of
from app.exports.speech import Speech

Row = dict[str, Any]


def method_of(tally: Record) -> str:
    return split_name(tally["method"])[0]


def is_mean(tally: Record) -> bool:
    return METHODS[method_of(tally)].is_mean


def is_about(tally: Record, *tables: str) -> bool:
    """Whether a vote was on such things alone. Tallies of older versions do not say; then a factor is its own target."""
    return all(
        row.get("table", "factors" if row["target"] == row["factor"] else "clusters") in tables
        for row in tally["rows"]
    )


def is_one_list(tally: Record) -> bool:
    return all(bucket_of(row) == WHOLE for row in tally["rows"])


def votes_on(state: State, *tables: str, one_list: bool | None = None) -> list[Record]:
    """The votes on such things, as in the agenda; on one list, on a list for each factor, or either."""
    return [
        tally
        for tally in tallies_in_order(state)
        if tally["rows"] and is_about(tally, *tables) and one_list in (None, is_one_list(tally))
    ]


def ranked(rows: Sequence[Row]) -> list[Row]:
    """By place; among equals in the order of the list that was voted on."""
    return sorted(rows, key=lambda row: row["rank"])


def name_of(state: State, tally: Record, say: Speech) -> str:
    round_ = state["rounds"].get(tally["round"])
    return round_name(round_, tally["epoch"], say) if round_ else str(tally["round"])


def round_name(round_: Record, epoch: int, say: Speech) -> str:
    """What a round is called; of a later epoch, that it was held again."""
    name = say.of(round_["name"])
    return name if epoch <= 1 else say.gettext("%(round)s (held again, no. %(n)s)", round=name, n=epoch)


def label_of(state: State, row: Row, say: Speech) -> str:
    table, record = target_of(state, row["target"])
    return label(state, table, record, say.language) or say.of(row.get("words", {}))


def value_of(tally: Record, row: Row) -> float:
    if row.get("value") is not None or "value" in row:
        return float(row["value"] or 0)
    answers = sum(row.get("counts", {}).values())
    if is_mean(tally):
        return float(row["total"]) / answers if answers else 0.0
    return float(row["total"])


def figure_words(tally: Record, row: Row, say: Speech) -> str:
    """The figure with its unit."""
    total = row["total"]
    match method_of(tally):
        case "score_1_5" | "criteria_1_5":
            if not total:
                return say.gettext("no answer")
            return say.gettext("%(mean)s of 5", mean=say.decimal(value_of(tally, row)))
        case "consent":
            return say.ngettext("%(num)s agrees", "%(num)s agree", total)
        case "approval" | "choose":
            return say.ngettext("%(num)s person", "%(num)s people", total)
        case "quadratic":
            return say.ngettext("%(num)s vote", "%(num)s votes", total)
        case _:
            return say.ngettext("%(num)s point", "%(num)s points", total)


def turnout_words(tally: Record, say: Speech) -> str:
    told = say.gettext(
        "%(ballots)s of %(seats)s seats voted (%(share)s).",
        ballots=say.number(tally["ballots"]),
        seats=say.number(tally["seats"]),
        share=say.percent(tally["ballots"], tally["seats"]),
    )
    paper = on_paper(tally)
    if paper:
        told += " " + say.ngettext(
            "%(num)s of the ballots was on paper.", "%(num)s of the ballots were on paper.", paper
        )
    return told


def split_words(tally: Record, say: Speech) -> str:
    """Why the sides do not stand apart everywhere; empty where they do."""
    shown = [row["internal"] is not None for row in tally["rows"]]
    if all(shown):
        return ""
    if any(shown):
        return say.gettext("The sides stand apart only where nobody’s choice could be told from them.")
    return say.gettext(
        "Not split by side: fewer than five voters on one side, or the figures would tell too much."
    )


def marks_words(row: Row, say: Speech) -> list[str]:
    told = {
        "divergent": lambda: say.gettext(
            "the sides differ by %(n)s points of share", n=round(row.get("divergence") or 0)
        ),
        "low_agreement": lambda: say.gettext("opinions are far apart"),
        "quick_win": lambda: say.gettext("quick win"),
        "schulze_differs": lambda: say.gettext(
            "place %(n)s when compared pair by pair", n=row.get("schulze")
        ),
    }
    return [told[mark]() for mark in row.get("marks", []) if mark in told]


def places_words(row: Row, say: Speech) -> str:
    """Between which places it would stand if others of the same kind had voted; empty where that says nothing."""
    low, high = row.get("low"), row.get("high")
    if not row["total"] or not low or not high or low == high:
        return ""
    return say.gettext("%(low)s to %(high)s", low=low, high=high)


def answer_words(say: Speech) -> dict[str, str]:
    return {
        "agree": say.gettext("agree"),
        "reserve": say.gettext("with a reserve"),
        "opposed": say.gettext("opposed"),
    }


def criterion_words(name: str, say: Speech) -> str:
    return say.of(CRITERIA_WORDS.get(name, {})) or name.replace("_", " ").capitalize()


def criteria_in(tally: Record) -> tuple[str, ...]:
    return criteria_of(vote_of({"method": tally["method"], "points": 0, "cap": 0}))


def rule_words(tally: Record, rows: Sequence[Row], say: Speech) -> str:
    told: list[str] = []
    if is_matrix(tally) or is_assessment(tally):
        # They show no places whose order would need a rule.
        return ""
    if method_of(tally) == "rank":
        told.append(
            say.gettext("Points by Borda: the first place counts most, what is not ranked counts nothing.")
        )
    if any(row["tied"] for row in rows):
        told.append(say.gettext("Equal figures share a place; among equals the order is that of the list."))
    if any(places_words(row, say) for row in rows):
        told.append(
            say.gettext(
                "“Between” is where it would stand in 95 of 100 votes by other people of the same kind."
            )
        )
    return " ".join(told)


def is_matrix(tally: Record) -> bool:
    return any(len(row.get("criteria", {})) == 2 for row in tally["rows"])


def is_assessment(tally: Record) -> bool:
    """Scores on few things that everybody knows by name."""
    return method_of(tally) == "score_1_5" and is_about(tally, "factors", "questions")


def numbered(rows: Sequence[Row]) -> list[tuple[int, Row]]:
    """The rows that stand somewhere on a map, numbered by their places."""
    standing = [
        row
        for row in ranked(rows)
        if row.get("criteria") and all(c["answers"] for c in row["criteria"].values())
    ]
    return list(enumerate(standing, 1))


def quarter_words(say: Speech) -> dict[str, str]:
    return {
        "quick_win": say.gettext("Quick wins"),
        "major_work": say.gettext("Major works"),
        "small_step": say.gettext("Small steps"),
        "not_now": say.gettext("Not now"),
    }
