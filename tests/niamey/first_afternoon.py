"""The first afternoon: groups, their names and merges, and the first vote."""

from __future__ import annotations

from typing import Any

from tests.niamey import files
from tests.niamey.first_morning import say
from tests.niamey.seminar import CO_FACILITATOR, FACILITATOR, MINUTE_MS, Half, Seminar
from tests.niamey.tables import hands, scribe_of

OUTAGE_MS = 40 * MINUTE_MS


def group(s: Seminar) -> Half:
    """Each table its two factors: somebody makes a cluster of some cards, others move the rest into it."""
    members: dict[str, list[str]] = {cluster: [] for cluster in files.clusters()}
    for round_id in ("B1", "B3", "B5"):
        for one in files.written(round_id):
            if one.cluster:
                members[one.cluster].append(one.name)
    for cluster, names in members.items():
        maker, mover = hands(s, cluster)
        ticked = [{"card": s.ids[name], "seen": None} for name in names[:2]]
        s.ids[cluster] = s.do(maker, "cluster.make", factor=files.factor_of(cluster), cards=ticked, name="")
        if names[2:]:
            moves = [{"card": s.ids[name], "to": s.ids[cluster], "seen": None} for name in names[2:]]
            s.do(mover, "card.move", moves=moves)
            # The maker still sees it loose.
            s.refused(maker, "card.move", "moved_meanwhile", moves=[{**moves[0], "to": None}])
    yield
    maker, _ = hands(s, "F01-c1")
    s.refused(maker, "cluster.dissolve", "not_allowed", cluster=s.ids["F01-c1"])
    s.refused(
        maker,
        "card.move",
        "wrong_factor",
        moves=[{"card": s.ids["C018"], "to": s.ids["F02-c1"], "seen": s.ids["F01-c4"]}],
    )


def name(s: Seminar) -> Half:
    """Others propose, the table's scribe decides."""
    for cluster, row in files.clusters().items():
        proposer, _ = hands(s, cluster)
        s.do(proposer, "cluster.propose", cluster=s.ids[cluster], name=row["label_fr"])
    yield
    for cluster, row in files.clusters().items():
        scribe = scribe_of(s, files.TABLE_OF[files.factor_of(cluster)])
        s.do(scribe, "cluster.name", cluster=s.ids[cluster], name=row["label_fr"], seen="")


def merge(s: Seminar, pairs: dict[str, str], who: str) -> None:
    for source, target in pairs.items():
        s.do(who, "cluster.merge", **{"from": s.ids[source]}, into=s.ids[target])


def report_back(s: Seminar) -> Half:
    yield
    merge(s, files.MERGED_IN_C3, FACILITATOR)


def check_duplicates(s: Seminar) -> Half:
    """During the break: merges between factors, one of them on an expert's word, one of them taken back."""
    for source, target in files.SUGGESTED_IN_C4.items():
        s.do("S03", "suggestion.merge", **{"from": s.ids[source]}, into=s.ids[target])
    s.check("C4")
    yield
    (suggestion,) = s.state["suggestions"]
    s.do(FACILITATOR, "suggestion.accept", suggestion=suggestion)
    merge(s, files.MERGED_IN_C4, CO_FACILITATOR)
    for cluster in files.SPLIT_IN_C4:
        s.do(CO_FACILITATOR, "cluster.split", cluster=s.ids[cluster])
    for cluster, label in files.RENAMED.items():
        seen = files.clusters()[cluster]["label_fr"]
        s.do(FACILITATOR, "cluster.name", cluster=s.ids[cluster], name=label, seen=seen)
    yield from say("C4")(s)


def vote(s: Seminar) -> Half:
    """A national outage in the middle, ballots replaced, and a close that forgot somebody."""
    cast = [(who, on_board(s, given)) for who, given in files.points_of_v1().items()]
    for who, given in cast[:20]:
        s.cast(who, "V1", dict(list(given.items())[:4]))
    left = s.round("V1")["ends_at_ms"] - s.now_ms
    s.until(s.now_ms)
    s.restart(after_ms=OUTAGE_MS)
    round_ = s.round("V1")
    assert (round_["state"], round_["pause_reason"], round_["left_ms"]) == ("paused", "outage", left)
    s.check("V1")
    s.command("resume", "V1")
    yield
    for who, given in cast[:20]:
        s.cast(who, "V1", given, revision=2)
    for who, given in cast[20:-1]:
        s.cast(who, "V1", given)
    s.refused(cast[0][0], "ballot.cast", "over_points", round="V1", epoch=1, revision=3, choices=too_many(s))
    s.end("V1")
    forgotten, given = cast[-1]
    s.refused(forgotten, "ballot.cast", "round_over", round="V1", epoch=1, revision=1, choices=given)
    s.command("reopen", "V1", minutes=1)
    s.check("V1")
    s.cast(forgotten, "V1", given)
    assert s.cast_in("V1") == len(cast)
    assert not [t for t in s.state["tallies"].values() if t["round"] == "V1"]


def on_board(s: Seminar, given: dict[str, Any]) -> dict[str, Any]:
    return {s.ids.get(name, name): choice for name, choice in given.items()}


def too_many(s: Seminar) -> dict[str, int]:
    return on_board(s, {"F03-c1": 2, "F03-c2": 2})
