"""The rows of the action sheets, of their progress and of what was noted on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tests.niamey import files
from tests.niamey.files import factor_of
from tests.niamey.reckoning.cells import Row, out
from tests.niamey.reckoning.clusters import cards_of, figures_of, in_the_end
from tests.niamey.reckoning.labels import label, numbered, sheet_number
from tests.niamey.reckoning.results import vote_rows
from tests.niamey.reckoning.seven_votes import kept_sheets


def sheet_rows(order: Callable[[str], Any]) -> list[Row]:
    rows = vote_rows(order)
    return [_sheet_row(cluster, rows) for cluster in kept_sheets()]


def _sheet_row(cluster: str, rows: Sequence[Row]) -> Row:
    """Every sheet was voted on itself, in G4; the means are those of its group, in E1."""
    voted, rated = (figures_of(target, rows) for target in (f"sheet {cluster}", cluster))
    words = files.sheet_of(cluster)
    factor = factor_of(cluster)
    name = f"sheet {cluster}"
    behind = [c for c in files.clusters() if in_the_end(c) == cluster]
    return {
        "sheet_number": sheet_number(name),
        "sheet_id": name,
        "title": label(name),
        "disposition": words["disposition"],
        "state": "frozen",
        "version": "2",
        "factor_id": factor,
        "factor_number": numbered(factor),
        "other_factors": "",
        "axis": files.AXES[files.axis_of(factor)][0],
        "table": f"Table {files.TABLE_OF[factor][1:]}",
        **{field: words.get(field, "") for fields in files.ASKED.values() for field in fields},
        "horizon": _term(words),
        "status": files.PROGRESS["status"] if cluster == kept_sheets()[0] else "",
        "percent": str(files.PROGRESS["percent"]) if cluster == kept_sheets()[0] else "",
        "reserves": _reserves(cluster),
        "source_kind": "clusters",
        "source_id": cluster,
        "source_cards": " ".join(sorted(cards_of(*behind))),
        **voted,
        **{name: rated[name] for name in ("impact_mean", "feasibility_mean", "quadrant")},
    }


def _term(words: Row) -> str:
    """Everything begins in October 2020, but what is deepened: that counts from the day on which the clock of the play stands."""
    if "deadline" not in words:
        return ""
    year, month, _ = map(int, words["deadline"].split("-"))
    months = 12 * (year - 2020) + month - 10
    if "start" not in words:
        return "short"  # the play's clock is years after 2020
    return "short" if months < 6 else "medium"


def _reserves(cluster: str) -> str:
    said = [
        given[cluster]["reserve"]
        for given in files.consent_of_g4(kept_sheets()).values()
        if isinstance(given.get(cluster), dict)
    ]
    return out("\n".join(sorted(said)))


def progress_rows() -> list[Row]:
    first = kept_sheets()[0]
    title = "Niamey\u00a0: séminaire sur l’intégrité en douane"
    told = {name: str(value) for name, value in files.PROGRESS.items()}
    row = {"sheet_number": sheet_number(f"sheet {first}"), "sheet_id": f"sheet {first}", "workshop": title}
    return [{**row, "step": "1", **told, "by": "rapporteur"}]


def note_rows() -> list[Row]:
    kept = kept_sheets()
    noted, amended = files.noted_sheet(kept), files.amended(kept)
    return [
        _note_row(noted, "said", files.NOTE, "yes"),
        _note_row(amended, "amendment", files.AMENDMENT, "no"),
    ]


def _note_row(cluster: str, kind: str, text: str, released: str) -> Row:
    name = f"sheet {cluster}"
    about = {"target_kind": "sheets", "target_id": name, "target_label": out(label(name))}
    said = {"kind": kind, "text": out(files.kept(text)), "by": "rapporteur", "released": released}
    return {**about, **said, "name": files.by_id("staff", "staff_id")["S07"]["label_fr"]}
