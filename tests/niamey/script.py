"""What people do in each of the 43 rounds, by the round's id in the agenda: a generator that stops at half time.

A few rounds also get what happens to seminars: an extension, a table that needs longer, a close too early, an outage, a
power cut, latecomers, a result published and a vote begun again by mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from app.moments import NoSuchBoard
from tests.niamey import files
from tests.niamey.seminar import (
    ADMINISTRATOR,
    CO_FACILITATOR,
    FACILITATOR,
    MINUTE_MS,
    RAPPORTEUR,
    Seminar,
)
from tests.seminar import BOARD, Secret, operation

ON_THE_SHORTLIST = ("E1", "E4")
OUTAGE_MS = 40 * MINUTE_MS
PRACTICE = "p" * 32
Half = Iterator[None]


def two_days(seminar: Seminar) -> None:
    """From the arrival to the evaluation."""
    agenda = [row["round_id"] for row in files.rows("agenda")]
    for place, round_id in enumerate(agenda):
        act = SCRIPT.get(round_id, nothing_written)
        beside = [*agenda[max(0, place - 1) : place], *agenda[place + 1 : place + 2]]
        listed = shortlist(seminar) if round_id in ON_THE_SHORTLIST else None
        seminar.play(round_id, act(seminar), beside=beside, targets=listed)


def nothing_written(s: Seminar) -> Half:
    yield


# --- day 1, morning ---


def warm_up(s: Seminar) -> Half:
    """On a board of its own, with the same people; it is gone afterwards, and the seminar's board never held any of it."""
    boards = s.door.boards
    boards.create(PRACTICE)
    setup = {
        "title": {"fr": "Essai", "en": "Trial"},
        "time_zone": "UTC",
        "factors": [{"id": "TEST", "number": 1, "title": {"fr": "Essai"}, "help": {}}],
        "tables": [],
        "rounds": [],
        "practice": True,
    }

    def do(who: str, kind: str, **payload: Any) -> None:
        (answer,) = boards.submit_now(PRACTICE, s.actors[who], [operation(kind, **payload)])
        assert "code" not in answer, answer

    do(ADMINISTRATOR, "board.setup", **setup)
    s.do(FACILITATOR, "board.practice", board=PRACTICE)
    plan = {
        name: value
        for name, value in s.round("B1").items()
        if name
        in ("day", "starts", "minutes", "name", "instruction", "kind", "release", "per_factor", "at_zero")
    }
    plan |= {"cards_per_person": 1, "factors": ["TEST"], "scope": None, "method": None, "targets": None}
    plan |= {"questions": [], "points": 0, "cap": 0, "grace_s": 2, "review": False, "after": None}
    asked = operation("round.add", **plan)
    boards.submit_now(PRACTICE, s.actors[FACILITATOR], [asked])
    do(FACILITATOR, "round.start", round=asked.id)
    for person in s.seats:
        text = {"factor": "TEST", "text": f"Essai de {person}", "secret_hash": Secret().hash}
        do(person, "card.post", round=asked.id, epoch=1, **text)
    do(FACILITATOR, "round.close", round=asked.id, epoch=1)
    assert len(boards.moment(PRACTICE).state["cards"]) == len(s.seats)
    yield
    s.do(FACILITATOR, "board.practice", board=None)
    boards.delete(PRACTICE)
    try:
        boards.moment(PRACTICE)
    except NoSuchBoard:
        return
    raise AssertionError("the practice board is still there")


def ask_in_writing(s: Seminar) -> Half:
    """Questions in two batches; a sixth and seventh person of the second make it one of five and more."""
    asked = files.questions_of_a3()
    for who, target, text in asked[:7]:
        s.ask(who, "A3", target, text)
    assert not s.state["comments"]
    s.batches()
    assert len(s.state["comments"]) == 7
    yield
    for who, target, text in asked[7:]:
        s.ask(who, "A3", target, text)


def assess(s: Seminar) -> Half:
    """Half of them score; the server restarts in between, with the keys; somebody scores again from another phone."""
    scores = list(files.scores_of_a5().items())
    for who, given in scores[:20]:
        s.cast(who, "A5", given)
    s.restart()
    assert s.round("A5")["state"] == "running"
    yield
    for who, given in scores[20:]:
        s.cast(who, "A5", dict.fromkeys(given, 1))
        s.cast(who, "A5", given, revision=2)
    assert s.door.boards.urn_count(BOARD, "A5", 1) == (0, len(scores))


def skip_the_break(s: Seminar) -> Half:
    """Time is short, so the break is skipped; nobody agrees, so it is not."""
    yield
    s.command("skip", "A7")
    s.check("A7")
    s.command("plan", "A7")


def begun_at(s: Seminar, round_id: str) -> int:
    round_ = s.round(round_id)
    return int(round_["ends_at_ms"]) - int(round_["minutes"]) * MINUTE_MS


def write_first(s: Seminar) -> Half:
    """Three more minutes for everybody; then closed too early, and opened again for the last card."""
    *texts, last = files.written("B1")
    begun, half = begun_at(s, "B1"), len(texts) // 2
    send_all(s, "B1", begun, texts[:half])
    yield
    s.command("extend", "B1", ends_at_ms=s.round("B1")["ends_at_ms"] + 3 * MINUTE_MS)
    send_all(s, "B1", begun, texts[half:])
    close_and_reopen(s, last)
    s.end("B1")
    s.learn_cards([*texts, last])
    review(s)


def write_second(s: Seminar) -> Half:
    """Table 2 has two minutes longer; eight people whose phones were away get a round of their own."""
    late = files.late()
    texts = [one for one in files.written("B3") if one not in late]
    last = next(one for one in reversed(texts) if s.actors[one.author].table == "T2")
    texts.remove(last)
    begun, half = begun_at(s, "B3"), len(texts) // 2
    send_all(s, "B3", begun, texts[:half])
    yield
    end = s.round("B3")["ends_at_ms"] + 2 * MINUTE_MS
    s.command("extend", "B3", ends_at_ms=end, table="T2")
    send_all(s, "B3", begun, texts[half:])
    one_table_has_longer(s, last)
    s.end("B3")
    s.learn_cards([*texts, last])
    review(s)
    s.publish("B3")
    latecomers(s, late)


def write_in_the_carousel(s: Seminar) -> Half:
    """In batches, with a restart between two of them."""
    texts = files.written("B5")
    begun, half = begun_at(s, "B5"), len(texts) // 2
    send_all(s, "B5", begun, texts[:half])
    s.batches()
    assert s.round("B5")["released"] >= 1
    s.restart(after_ms=4_000)
    yield
    send_all(s, "B5", begun, texts[half:])
    s.end("B5")
    s.learn_cards(texts)


def send_all(s: Seminar, round_id: str, begun: int, texts: Sequence[files.Written]) -> None:
    """Each at its second. One in twenty first writes something else and puts it right; one in thirty takes a card back."""
    for number, one in enumerate(texts):
        s.door.clock.ms = max(s.now_ms, begun + 1000 * one.at_s)
        if one.name in files.REFUSED:
            assert s.post(one, round_id)["code"] == files.REFUSED[one.name]
            continue
        secret, epoch = Secret(), {"round": round_id, "epoch": s.round(round_id)["epoch"]}
        correct = number % 20 == 0 and round_id != "B5"
        if number % 30 == 1 and round_id != "B5":
            regretted = Secret()
            assert s.post(one, round_id, regretted, text="Regretté").get("sealed")
            s.do(one.author, "card.withdraw", **epoch, secret=regretted.hex, revision=2)
        assert s.post(one, round_id, secret, text="Brouillon" if correct else one.text).get("sealed")
        if correct:
            s.do(one.author, "card.edit", **epoch, secret=secret.hex, revision=2, text=one.text)


def close_and_reopen(s: Seminar, last: files.Written) -> None:
    """Closed by hand too early: the tray is laid out and taken away again, the same urn goes on, and a last card comes."""
    s.command("close", "B1")
    tray = len(s.state["cards"])
    s.check("B1")
    assert s.post(last, "B1")["code"] == "round_over"
    s.command("reopen", "B1", minutes=2)
    s.check("B1")
    assert tray and not s.state["cards"]
    assert s.post(last, "B1").get("sealed")


def one_table_has_longer(s: Seminar, last: files.Written) -> None:
    """Past the end and the grace of the others, only table 2 still writes."""
    s.until(s.round("B3")["ends_at_ms"] + 2_500)
    assert s.round("B3")["state"] == "running"
    assert s.actors[last.author].table == "T2"
    for other in ("T1", "T3", "T4", "T5"):
        table_mate = next(p for p in s.seats if s.actors[p].table == other)
        factor = files.TABLE_FACTORS[other][1]
        assert s.post(replace(last, author=table_mate, factor=factor), "B3")["code"] == "round_over"
    assert s.post(last, "B3").get("sealed")
    s.check("B3", "T1")
    s.check("B3", "T2")


def review(s: Seminar) -> None:
    for name, reason in files.HELD.items():
        card = s.state["cards"].get(s.ids.get(name, ""))
        if card and card["state"] == "review":
            s.do(FACILITATOR, "card.hold", card=card["id"], reason=reason)


def latecomers(s: Seminar, late: Sequence[files.Written]) -> None:
    """Those whose phones were away hear that it is over, and get a short round of their own."""
    for one in late:
        assert s.post(one, "B3")["code"] == "round_over"
    s.command("late", "B3", minutes=3)
    (round_id,) = [r["id"] for r in s.state["rounds"].values() if r["late_of"] == "B3"]
    s.ids["late of B3"] = round_id
    s.check(round_id)
    s.command("start", round_id)
    s.check(round_id)
    for one in late:
        assert s.post(one, round_id).get("sealed")
    s.end(round_id)
    s.learn_cards(late)
    s.publish(round_id)


def sort_the_noise(s: Seminar) -> Half:
    """Under another factor, not an action, put into French: what the facilitator and the rapporteur do with odd cards."""
    yield
    for name, factor in files.REFILED.items():
        s.do(FACILITATOR, "card.refile", card=s.ids[name], factor=factor)
    for name, kind in files.KIND_OF.items():
        s.do(CO_FACILITATOR, "card.mark", card=s.ids[name], kind=kind)
    for name, (language, text) in files.TRANSLATED.items():
        s.do(RAPPORTEUR, "card.translate", card=s.ids[name], language=language, text=text)


def say(round_id: str) -> Callable[[Seminar], Half]:
    def act(s: Seminar) -> Half:
        yield
        for who, target, kind, text in files.SPOKEN[round_id]:
            s.speak(who, target, kind, text, round_id)
        if round_id == "V3":
            who, target, kind, text = files.TAKEN_BACK_IN_V3
            s.do(who, "comment.remove", comment=s.speak(who, target, kind, text, "V3"))

    return act


# --- day 1, afternoon ---


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


def hands(s: Seminar, cluster: str) -> tuple[str, str]:
    table = files.TABLE_OF[files.factor_of(cluster)]
    first, second, *_ = (p for p in s.seats if s.actors[p].table == table)
    return first, second


def scribe_of(s: Seminar, table: str) -> str:
    return next(p for p, actor in s.actors.items() if actor.role == "scribe" and actor.table == table)


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
    assert s.door.boards.urn_count(BOARD, "V1", 1) == (0, len(cast))
    assert not [t for t in s.state["tallies"].values() if t["round"] == "V1"]


def on_board(s: Seminar, given: dict[str, Any]) -> dict[str, Any]:
    return {s.ids.get(name, name): choice for name, choice in given.items()}


def too_many(s: Seminar) -> dict[str, int]:
    return on_board(s, {"F03-c1": 2, "F03-c2": 2})


# --- day 2 ---


def recall(s: Seminar) -> Half:
    """The journal of merges: two are called into question, one of those is undone and one kept."""
    for cluster in (*files.KEPT_IN_D1, *files.SPLIT_IN_D1):
        s.do(hands(s, cluster)[0], "cluster.contest", cluster=s.ids[cluster])
    s.check("D1", "T1")
    yield
    for cluster in files.KEPT_IN_D1:
        s.do(CO_FACILITATOR, "cluster.keep", cluster=s.ids[cluster])
    for cluster in files.SPLIT_IN_D1:
        s.do(FACILITATOR, "cluster.split", cluster=s.ids[cluster])


def debate(s: Seminar) -> Half:
    """The most divergent before everybody; a written argument of three people stays unshown."""
    told = sorted(s.state["tallies"]["V1:1"]["rows"], key=lambda row: -(row["divergence"] or 0))
    for row in told[:4]:
        s.do(FACILITATOR, "board.spotlight", target={"table": row["table"], "id": row["target"]})
    yield
    s.do(FACILITATOR, "board.spotlight", target=None)
    for who, text in files.ARGUMENTS_OF_D2:
        s.ask(who, "D2", (told[0]["table"], told[0]["target"]), text)


def vote_again(s: Seminar) -> Half:
    """Begun on everything by mistake, and anew on the close cases. Then the power fails and the key with it: what was cast is
    void, and everybody's browser casts it again.
    """
    listed = files.flagged(s.figures("V1"))
    s.command("void", "D3")
    s.check("D3")
    s.command("plan", "D3")
    s.check("D3")
    s.do(FACILITATOR, "round.start", round="D3", targets=[s.ids[cluster] for cluster in sorted(listed)])
    cast = list(files.points_of_d3(listed).items())
    for who, given in cast[:25]:
        s.cast(who, "D3", on_board(s, given))
    s.restart(power_cut=True)
    assert s.round("D3")["key"] == 2
    assert s.door.boards.urn_count(BOARD, "D3", 2) == (0, 0)
    s.check("D3")
    yield
    for who, given in cast:
        s.cast(who, "D3", on_board(s, given), revision=2)


def shortlist(s: Seminar) -> list[str]:
    return files.shortlist(s.figures("V1"), s.figures("D3"))


def rate(s: Seminar) -> Half:
    cast = files.ratings_of_e1(shortlist(s))
    yield
    for who, given in cast.items():
        s.cast(who, "E1", on_board(s, given))


def rank(s: Seminar) -> Half:
    cast = files.ranks_of_e4(shortlist(s))
    for who, given in cast.items():
        s.cast(who, "E4", on_board(s, given))
    yield


def make_sheets(s: Seminar) -> Half:
    """The facilitator makes them, each table's scribe fills its own, the rapporteur places them and freezes what is done."""
    chosen = files.top(s.figures("E4"))
    targets = [{"table": "clusters", "id": s.ids[cluster]} for cluster in chosen]
    s.do(FACILITATOR, "sheet.make", targets=targets)
    for sheet in s.state["sheets"].values():
        s.ids[f"sheet {s.names()[sheet['source']['id']]}"] = sheet["id"]
    s.do(FACILITATOR, "sheet.turn", sheet=s.ids[f"sheet {chosen[files.DROPPED_SHEET]}"], state="dropped")
    s.do(ADMINISTRATOR, "board.axes", axes=[{"id": "A1", "name": {"fr": "Intégrité", "en": "Integrity"}}])
    s.check("G1")
    yield
    for cluster in kept_sheets(s):
        fill(s, cluster)
    s.check("G1")


def kept_sheets(s: Seminar) -> list[str]:
    chosen = files.top(s.figures("E4"))
    return [cluster for place, cluster in enumerate(chosen) if place != files.DROPPED_SHEET]


def fill(s: Seminar, cluster: str) -> None:
    sheet = s.state["sheets"][s.ids[f"sheet {cluster}"]]
    scribe = scribe_of(s, sheet["table"])
    stranger = scribe_of(s, "T1" if sheet["table"] != "T1" else "T2")
    words = files.sheet_of(cluster)
    s.refused(stranger, "sheet.sort", "not_allowed", sheet=sheet["id"], disposition="park", seen=None)
    s.do(scribe, "sheet.sort", sheet=sheet["id"], disposition=words["disposition"], seen=None)
    for field, text in words.items():
        if field != "disposition":
            s.do(scribe, "sheet.fill", sheet=sheet["id"], field=field, text=text, seen="")
    place = {"factor": sheet["factor"], "others": [], "axis": "A1", "table": sheet["table"]}
    s.do(RAPPORTEUR, "sheet.place", sheet=sheet["id"], **place)
    s.do(RAPPORTEUR, "sheet.turn", sheet=sheet["id"], state="frozen")


def report_sheets(s: Seminar) -> Half:
    listed = kept_sheets(s)
    for number, (who, text) in enumerate(files.remarks_of_g3()):
        s.ask(who, "G3", ("sheets", f"sheet {listed[number % len(listed)]}"), text)
    yield


def consent(s: Seminar) -> Half:
    listed = kept_sheets(s)
    assert {t["id"] for t in s.round("G4")["ballot"]} == {s.ids[f"sheet {cluster}"] for cluster in listed}
    yield
    for who, given in files.consent_of_g4(listed).items():
        s.cast(who, "G4", {s.ids[f"sheet {cluster}"]: choice for cluster, choice in given.items()})


def amend(s: Seminar) -> Half:
    """The first sheet with a reserve is opened again, amended by the rapporteur, and frozen as its second version."""
    yield
    cluster = files.amended(kept_sheets(s))
    sheet = s.ids[f"sheet {cluster}"]
    s.do(RAPPORTEUR, "sheet.turn", sheet=sheet, state="draft")
    seen = s.state["sheets"][sheet]["title"]
    s.do(RAPPORTEUR, "sheet.fill", sheet=sheet, field="title", text=files.AMENDED_TITLE, seen=seen)
    s.do(RAPPORTEUR, "sheet.turn", sheet=sheet, state="frozen")


def evaluate(s: Seminar) -> Half:
    """Published; then begun again by mistake, and the second epoch thrown away: the figures of the first stay."""
    asked = len(s.round("G8")["questions"])
    yield
    for who, given in files.answers_of_g8(asked).items():
        s.cast(who, "G8", {f"G8.q{number}": score for number, score in given.items()})
    s.end("G8")
    s.publish("G8")
    s.command("reopen", "G8", minutes=3)
    s.check("G8")
    s.cast("P05", "G8", {"G8.q1": 1})
    s.command("void", "G8")
    s.check("G8")


SCRIPT: dict[str, Callable[[Seminar], Half]] = {
    "A1": warm_up,
    "A3": ask_in_writing,
    "A5": assess,
    "A6": skip_the_break,
    "B1": write_first,
    "B3": write_second,
    "B4": sort_the_noise,
    "B5": write_in_the_carousel,
    "B6": say("B6"),
    "C1": group,
    "C2": name,
    "C3": report_back,
    "C4": check_duplicates,
    "V1": vote,
    "V3": say("V3"),
    "D1": recall,
    "D2": debate,
    "D3": vote_again,
    "E1": rate,
    "E4": rank,
    "G1": make_sheets,
    "G3": report_sheets,
    "G4": consent,
    "G5": amend,
    "G8": evaluate,
}
