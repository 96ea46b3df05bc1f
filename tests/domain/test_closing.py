"""The close record of an urn: its numbers, and a mark that anybody can make again from what was published."""

from __future__ import annotations

import hashlib
import json

from app.domain.closing import mark_of_cards, mark_of_tally, with_record
from tests.exports.test_exports import board, card, round_, row, tally


def sha256(listed: object) -> str:
    """The same as another program would do it."""
    text = json.dumps(listed, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def closed(**fields: object) -> dict[str, object]:
    return round_("B1", 1, "post", epoch=1, roster=44, **fields)


def test_the_mark_is_that_of_the_shown_list_in_the_order_of_the_numbers() -> None:
    state = board(cards=[card(2, text="Écrire", epoch=1), card(1, origin="F02", epoch=1)])
    (record,) = with_record(state, closed(), unshown=0)
    assert record["mark"] == sha256([["c1", "F02", "Action 1"], ["c2", "F01", "Écrire"]])


def test_a_word_changed_later_has_another_mark_and_a_group_or_a_translation_has_not() -> None:
    shown = [card(1), card(2)]
    mark = mark_of_cards(shown)
    assert mark_of_cards([{**shown[0], "text": "action 1"}, shown[1]]) != mark
    assert mark_of_cards([{**shown[0], "cluster": "g1", "translation": {"en": "Act"}}, shown[1]]) == mark


def test_what_is_held_back_is_counted_and_not_in_the_mark() -> None:
    held = card(2, state="held", audience="staff", epoch=1)
    state = board(cards=[card(1, epoch=1), held])
    (record,) = with_record(state, closed(), unshown=3)
    assert (record["cards"], record["held"], record["unshown"]) == (2, 1, 3)
    assert record["mark"] == mark_of_cards([card(1)])


def test_a_vote_has_the_mark_of_its_totals_and_its_number_of_ballots() -> None:
    counted = tally("V1", row("g1", 9, 1, counts={"3": 3}), row("c2", 1, 2, counts={"1": 1}))
    (record,) = with_record(board(), round_("V1", 1, epoch=1, roster=44), unshown=0, tally=counted)
    assert (record["seats"], record["ballots"], record["cards"]) == (44, 42, 0)
    assert record["mark"] == sha256([["g1", 9, {"3": 3}], ["c2", 1, {"1": 1}]])
    other = tally("V1", row("g1", 8, 1, counts={"3": 3}), row("c2", 1, 2, counts={"1": 1}))
    assert mark_of_tally(other) != record["mark"]


def test_each_epoch_has_a_record_of_its_own() -> None:
    state = board(cards=[card(1, epoch=1), card(2, epoch=2)])
    first = with_record(state, closed(), unshown=0)
    both = with_record(state, closed(closings=first) | {"epoch": 2}, unshown=0)
    assert [one["epoch"] for one in both] == [1, 2]
    assert [one["cards"] for one in both] == [1, 1]
    assert both[0] == first[0]
