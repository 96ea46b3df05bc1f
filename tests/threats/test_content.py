"""C: hostile and harmful content. What a text may be (C04, C05, C08), and a harmful card taken away to the last byte (C09).

Scripts, markup and formulas are held in a real browser and in the exports: `tests/browser/test_hostile.py`, `tests/exports`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.records import EVERYONE, STAFF_VIEW
from app.exports import EXPORTS
from app.prepared import Overtaken
from app.press import Press
from tests.seminar import BOARD, FACILITATOR, Door, operation, seat
from tests.threats.test_durable import server
from tests.threats.workshop import all_bytes, canary


@pytest.fixture
def door(tmp_path: Path, database_url: str) -> Iterator[Door]:
    if "postgresql" in database_url:
        server("postgresql")  # set as docs/operations.md asks
    opened = Door.with_board(tmp_path, url=database_url)
    yield opened
    opened.database.close()


def published(door: Door, *texts: str) -> dict[str, str]:
    """Text -> id of cards that everybody sees."""
    door.publish_cards(*texts, *(f"Idée {n}" for n in range(5 - len(texts))))
    return {card["text"]: card["id"] for card in door.cards()}


def everything(door: Door) -> bytes:
    """All bytes of the data folder and, where there is one, of PostgreSQL."""
    folders = [door.folder]
    if "postgresql" in door.url:
        place = server("postgresql")
        assert place
        folders.append(Path(place.data))
    return b"\0".join(content for _, content in all_bytes(*folders))


def made_of(words: str, door: Door, folder: str) -> Overtaken:
    """A host whose press has just made a file with these words from the board, and is making another."""
    (door.volatile / folder).mkdir()
    now_ms = door.clock.now_ms
    press = Press(door.volatile / folder, now_ms, lambda run: run(), lambda work, *given: work(*given))
    at = f"{BOARD}:{door.boards.moment(BOARD).generation}:1"
    job = press.order(at, "report", [("set", lambda _: words.encode())])
    assert press.content(job) == words.encode()
    return Overtaken(press, door.boards)


def test_c09_a_harmful_card_is_gone_from_board_exports_and_bytes_and_a_mark_stays(door: Door) -> None:
    harmful, translated = f"Un nom et une accusation {canary('mal')}", f"A name {canary('harm')}"
    ids = published(door, harmful, "À garder")
    card = ids[harmful]
    door.do(FACILITATOR, "card.translate", card=card, language="en", text=translated)
    door.do(FACILITATOR, "sheet.make", targets=[{"table": "cards", "id": card}])
    other = door.beside()
    other.boards.moment(BOARD)
    hosts = [made_of(harmful, one, folder) for one, folder in ((door, "press"), (other, "other-host"))]
    door.boards.on_commit(hosts[0].noticed)
    before = door.boards.moment(BOARD)
    if "sqlite" in door.url:
        assert harmful.encode() in everything(door)
    door.do(FACILITATOR, "card.hold", card=card, reason="accuse une personne")
    door.do(FACILITATOR, "card.erase", card=card)

    for view in (EVERYONE, STAFF_VIEW):
        shown = door.boards.view(BOARD, view)
        assert harmful not in str(shown) and translated not in str(shown)
        assert shown["cards"][card]["state"] == "erased"
        assert "À garder" in str(shown)
        for export in EXPORTS.values():
            assert harmful[:20] not in export.csv(shown, "fr", "excel")
    hosts[1].look()  # as every worker does each second
    found = everything(door)
    for words in (harmful, translated):
        assert words.encode() not in found and words[-20:].encode() not in found

    # Whoever was there begins anew, whatever they had; no sequence number moved.
    after = door.boards.moment(BOARD)
    assert (after.head, after.generation) == (before.head + 2, before.generation + 1)
    told = door.boards.catch_up(BOARD, EVERYONE, before.head, before.generation)
    assert told and b'"reset":true' in told.json and harmful.encode() not in told.json
    late = door.boards.catch_up(BOARD, STAFF_VIEW, 3, after.generation)
    assert late and harmful.encode() not in late.json
    other.boards.follow_now(BOARD)
    assert other.state == door.state
    assert harmful not in str(list(other.boards._shelf.board(BOARD).recent))
    other.database.close()
    again = door.again()
    assert again.state == after.state
    assert [card["id"] for card in again.cards()] == [card["id"] for card in door.cards()]
    again.database.close()


def test_c09_words_that_lay_in_an_earlier_tray_go_too(door: Door) -> None:
    harmful = f"Une accusation {canary('mal')}"
    door.command("start", "post")
    for number, text in enumerate((harmful, "un", "deux", "trois", "quatre"), 1):
        door.post(number, text)
    door.command("close", "post")
    door.command("reopen", "post", minutes=5)
    door.command("close", "post")
    (waiting,) = [card for card in door.cards("all", "staff") if card["text"] == harmful]
    # While the urn has it, it would come back with the next close.
    assert door.send(FACILITATOR, "card.erase", card=waiting["id"])["code"] == "not_in_this_state"
    door.command("publish", "post")
    door.do(FACILITATOR, "card.erase", card=waiting["id"])
    assert harmful.encode() not in everything(door)
    assert door.again().state == door.state


def test_c09_who_may_and_what_is_left_to_do_with_the_mark(door: Door) -> None:
    ids = published(door, "Mauvais", "Bon")
    assert door.send(seat(1), "card.erase", card=ids["Mauvais"])["code"] == "not_allowed"
    door.command("start", "cards-vote")
    assert door.send(FACILITATOR, "card.erase", card=ids["Mauvais"])["code"] == "not_in_this_state"
    door.command("void", "cards-vote")
    erased = door.do(FACILITATOR, "card.erase", card=ids["Mauvais"])
    assert erased["seq"] == door.boards.moment(BOARD).head
    for kind, more in {
        "card.erase": {},
        "card.hold": {"reason": "x"},
        "card.translate": {"language": "en", "text": "Bad"},
        "card.refile": {"factor": "F02"},
    }.items():
        assert door.send(FACILITATOR, kind, card=ids["Mauvais"], **more)["code"] == "gone"
    assert "Bon" in {card["text"] for card in door.cards()}


def test_c04_c05_a_text_has_no_hidden_signs_and_no_endless_ones(door: Door) -> None:
    door.command("start", "post")
    assert door.post(1, "x" * 100_000)["code"] in ("too_long", "bad_payload")
    assert door.post(1, "e" + "\u0301" * 10_000)["code"] in ("too_long", "bad_payload")
    assert door.post(1, "\u200b\u202e\u2066 \u200d")["code"] == "empty_text"
    assert door.post(1, "a\u202eb\u200bc\u2069\u0000\u0007e\u0301")["sealed"]
    for number in range(2, 6):
        door.post(number, f"Idée {number}")
    door.command("close", "post")
    door.command("publish", "post")
    (shown,) = [card["text"] for card in door.cards() if card["text"].startswith("a")]
    assert shown == "abcé"


def test_c08_no_text_of_anybody_reaches_a_log(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    """There is no line to split: what people send is not logged at all, not even when a rule of ours fails over it."""
    caplog.set_level(logging.DEBUG)
    word = canary("log")
    door.command("start", "post")
    door.post(1, f"x\r\nINFO root: {word}")
    door.boards.submit_now(BOARD, seat(1), [operation("card.post", text=f"\n{word}", round="post")])
    door.boards.submit_now(BOARD, seat(1), [operation(f"card.\n{word}")])
    assert word not in caplog.text
