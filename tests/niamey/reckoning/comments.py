"""The rows of everything that was said and shown."""

from __future__ import annotations

from tests.niamey import files
from tests.niamey.reckoning.cells import Row, out
from tests.niamey.reckoning.labels import kind_and_factor, label, numbered, sheet_number
from tests.niamey.reckoning.seven_votes import kept_sheets


def comment_rows() -> list[Row]:
    """Everything that was said and shown, without the language that the server reads in it."""
    found = [_comment(target, text, "A3") for _, target, text in files.questions_of_a3()]
    for round_id, remarks in files.SPOKEN.items():
        found += [_comment(target, text, round_id, who, kind) for who, target, kind, text in remarks]
    kept = kept_sheets()
    for place, (_, text) in enumerate(files.remarks_of_g3()):
        found.append(_comment(("sheets", f"sheet {kept[place % len(kept)]}"), text, "G3"))
    for given in files.consent_of_g4(kept).values():
        for cluster, answer in given.items():
            if isinstance(answer, dict):
                found.append(_comment(("sheets", f"sheet {cluster}"), answer["reserve"], "G4"))
    return found


def _comment(target: files.Target, text: str, round_id: str, who: str = "", kind: str | None = None) -> Row:
    table, name = target
    factor = kind_and_factor(name)[1]
    staff = files.by_id("staff", "staff_id").get(who, {"role": "participant", "label_fr": "", "label_en": ""})
    return {
        "factor_id": factor,
        "factor_number": numbered(factor),
        "target_kind": table,
        "target_id": name,
        "target_number": numbered(factor)
        if table == "factors"
        else sheet_number(name)
        if table == "sheets"
        else "",
        "target_label": out(label(name)),
        "by": staff["role"],
        "name_fr": staff["label_fr"],
        "name_en": staff["label_en"],
        "kind": kind or "",
        "text": out(text),
        "translation_fr": "",
        "translation_en": "",
        "round": round_id,
    }
