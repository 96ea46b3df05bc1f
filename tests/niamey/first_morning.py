"""The first morning: questions, scores, and cards in sealed rounds, late ones and refused ones among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    Half,
    Seminar,
)
from tests.niamey.tables import scribe_of
from tests.seminar import Secret, operation

PRACTICE = "p" * 32


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
    """Questions of seven people: two are shown in a batch, those of five wait with the others for the end."""
    asked = files.questions_of_a3()
    for who, target, text in asked[:7]:
        s.ask(who, "A3", target, text)
    assert not s.state["comments"]
    s.batches()
    assert len(s.state["comments"]) == 2
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
    assert s.cast_in("A5") == len(scores)


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
            s.do(s.hands_of(one.author), "card.withdraw", **epoch, secret=regretted.hex, revision=2)
        assert s.post(one, round_id, secret, text="Brouillon" if correct else one.text).get("sealed")
        if correct:
            s.do(s.hands_of(one.author), "card.edit", **epoch, secret=secret.hex, revision=2, text=one.text)


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
    for name, reason in s.held.items():
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
            show_hands(s)
            who, target, kind, text = files.TAKEN_BACK_IN_V3
            s.do(who, "comment.remove", comment=s.speak(who, target, kind, text, "V3"))

    return act


def show_hands(s: Seminar) -> None:
    """After the result of the vote a table shows by hands what it would do first; counted twice, the second time rightly."""
    at = {"round": "V1", "epoch": 1, "table": files.HANDS_AT}
    raised = {s.ids[cluster]: n for cluster, n in files.HANDS_ON_V1.items()}
    scribe = scribe_of(s, files.HANDS_AT)
    most = s.from_desk(scribe, "handcount.enter", **at, present=len(s.seats), counts={})
    assert most["code"] == "over_hands"
    for counts in (dict.fromkeys(raised, 1), raised):
        answer = s.from_desk(scribe, "handcount.enter", **at, present=files.HANDS_PRESENT, counts=counts)
        assert "seq" in answer, answer
