"""The rows of the cards, each with the newest vote on it or on its group."""

from __future__ import annotations

from collections.abc import Mapping

from tests.niamey import files
from tests.niamey.reckoning.cells import Row, number, out
from tests.niamey.reckoning.clusters import in_the_end
from tests.niamey.reckoning.count import count
from tests.niamey.reckoning.labels import label
from tests.niamey.reckoning.seven_votes import votes


def card_rows() -> list[Row]:
    """Every card that was published, by its name in the files, without the number and the language that the server gives."""
    last = _last_votes()
    late = {one.name for one in files.late()}
    return [
        _card_row(one, "late of B3" if one.name in late else round_id, last)
        for round_id in ("B1", "B3", "B5")
        for one in files.written(round_id)
        if one.name not in files.REFUSED and one.name not in files.HELD
    ]


def _card_row(one: files.Written, round_id: str, last: Mapping[str, Row]) -> Row:
    factor = files.REFILED.get(one.name, one.factor)
    titles = files.by_id("factors", "factor_id")[factor]
    cluster = in_the_end(one.cluster)
    language, translation = files.TRANSLATED.get(one.name, ("", ""))
    return {
        "name": one.name,
        "factor_number": titles["number"],
        "factor_id": factor,
        "factor_fr": titles["title_fr"],
        "factor_en": titles["title_en"],
        "text": out(files.kept(one.text)),
        "kind": files.KIND_OF.get(one.name, "action"),
        "translation_fr": translation if language == "fr" else "",
        "translation_en": translation if language == "en" else "",
        "round": round_id,
        "origin_factor_id": one.factor,
        "cluster_id": cluster,
        "cluster_name": out(label(cluster)) if cluster else "",
        **last.get(cluster or one.name, dict.fromkeys(VOTE_COLUMNS, "")),
        "comments": _said_of(cluster, "S01", "S07"),
        "expert_comments": _said_of(cluster, "S03", "S04", "S05"),
        "state": "published",
    }


VOTE_COLUMNS = ("vote_round", "points", "rank", "tied", "points_internal", "points_external")


def _last_votes() -> dict[str, Row]:
    """Target -> what the last vote on it gave."""
    return {
        one.target: {
            "vote_round": vote.round,
            "points": str(one.total),
            "rank": str(one.rank),
            "tied": "yes" if one.tied else "no",
            "points_internal": number(one.sides["internal"]),
            "points_external": number(one.sides["external"]),
        }
        for vote in votes()
        for one in count(vote).values()
    }


def _said_of(cluster: str, *staff: str) -> str:
    said = [
        f"[{kind}] {text}" if kind else text
        for remarks in files.SPOKEN.values()
        for who, target, kind, text in remarks
        if target == ("clusters", cluster) and who in staff
    ]
    return out(" | ".join(said)) if cluster else ""
