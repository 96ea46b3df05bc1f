"""What a record of the files is called in an export, and where it belongs."""

from __future__ import annotations

from tests.niamey import files
from tests.niamey.files import factor_of
from tests.niamey.reckoning.seven_votes import kept_sheets, made_sheets, questions


def label(name: str) -> str:
    """What a person reads for it, in French, before it goes into a cell."""
    if name.startswith("sheet "):
        cluster = name.removeprefix("sheet ")
        return files.AMENDED_TITLE if cluster == files.amended(kept_sheets()) else label(cluster)
    if name.startswith("G8.q"):
        return questions()[int(name.removeprefix("G8.q")) - 1]
    if name in files.clusters():
        return files.RENAMED.get(name, files.clusters()[name]["label_fr"])
    if name in files.by_id("factors", "factor_id"):
        return files.by_id("factors", "factor_id")[name]["title_fr"]
    return files.kept(files.by_id("noise_cards", "noise_id")[name]["text"])


def kind_and_factor(name: str) -> tuple[str, str]:
    if name.startswith("sheet "):
        return "sheets", factor_of(name.removeprefix("sheet "))
    if name.startswith("G8.q"):
        return "questions", ""
    if name in files.clusters():
        return "clusters", factor_of(name)
    if name.startswith("F"):
        return "factors", name
    return "cards", files.REFILED.get(name, files.by_id("noise_cards", "noise_id")[name]["factor_id"])


def numbered(factor: str) -> str:
    return files.by_id("factors", "factor_id")[factor]["number"] if factor else ""


def sheet_number(name: str) -> str:
    return str(1 + made_sheets().index(name.removeprefix("sheet ")))
