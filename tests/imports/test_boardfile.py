"""The file of a board as somebody may hand it in: every fault is told with its path, and then nothing comes in."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from app.exports.boardfile import board_file
from app.imports import SENTENCES, ImportFailed, Problem, Upload, read_board
from tests.domain.test_boardfile import a_full_board

GOOD = board_file(a_full_board().state)


def problems(content: bytes) -> list[Problem]:
    with pytest.raises(ImportFailed) as failed:
        read_board(Upload("tableau.json", content))
    return failed.value.problems


def altered(**changes: Any) -> bytes:
    """Shape: a path with double underscores -> what stands there instead; Ellipsis takes it away."""
    document = orjson.loads(GOOD)
    for path, value in changes.items():
        *steps, last = (int(step) if step.isdigit() else step for step in path.split("__"))
        here = document
        for step in steps:
            here = here[step]
        if value is ...:
            del here[last]
        else:
            here[last] = value
    return orjson.dumps(document)


def test_the_file_comes_in_and_so_does_one_that_an_editor_saved_with_a_mark() -> None:
    assert read_board(Upload("a.json", GOOD)) == read_board(Upload("a.json", b"\xef\xbb\xbf" + GOOD))


@pytest.mark.parametrize(
    ("content", "code", "path"),
    [
        (b"{", "not_json", ""),
        (b"PK\x03\x04", "not_json", ""),
        (b'{"format": 1, "format": 2}', "not_json", ""),
        (b"[" * 5000 + b"]" * 5000, "not_json", ""),
        (b'{"format": "palabre-board", "version": NaN}', "not_json", ""),
        (b"[]", "not_a_board_file", "format"),
        (b'{"format": "elsewhere"}', "not_a_board_file", "format"),
        (altered(version=2), "other_version", "version"),
        (altered(cards=...), "no_field", "cards"),
        (altered(surprise=[]), "unknown_field", "surprise"),
        (altered(cards__0__text=...), "no_field", "cards[0].text"),
        (altered(cards__0__author="P01"), "unknown_field", "cards[0].author"),
        (altered(cards__3__text="x" * 281), "wrong_value", "cards[3].text"),
        (altered(cards__0__text=7), "wrong_value", "cards[0].text"),
        (altered(cards__0__audience="staff"), "wrong_value", "cards[0].audience"),
        (altered(cards__0__state="held"), "wrong_value", "cards[0].state"),
        (altered(rounds__0__state="running"), "wrong_value", "rounds[0].state"),
        (altered(rounds__0__ends_at_ms=5), "wrong_value", "rounds[0].ends_at_ms"),
        (altered(board__0__practice=True), "wrong_value", "board[0].practice"),
        (altered(factors__0__title={"fr": 5}), "wrong_value", "factors[0].title.fr"),
        (altered(tallies__0__rows__0__total=True), "wrong_value", "tallies[0].rows[0].total"),
        (altered(tallies__0__rows__0__counts={"1": -3}), "wrong_value", "tallies[0].rows[0].counts.1"),
        (altered(cards__0__cluster="nirgends"), "leads_nowhere", "cards[0].cluster"),
        (altered(cards__1__number=1), "value_twice", "cards[1].number"),
    ],
)
def test_a_fault_is_told_with_its_path(content: bytes, code: str, path: str) -> None:
    found = problems(content)
    assert (found[0].code, found[0].column) == (code, path)
    assert found[0].sentence == SENTENCES[code] % found[0].data


def test_all_faults_are_told_at_once_and_no_more_than_anybody_mends() -> None:
    document = orjson.loads(GOOD)
    for card in document["cards"]:
        card["text"] = 1
        card["kind"] = "?"
    found = problems(orjson.dumps(document))
    assert len(found) == min(50, 2 * len(document["cards"]))


def test_a_wrong_value_is_shown_but_not_all_of_it() -> None:
    (found,) = problems(altered(cards__0__kind="é" * 500))
    assert found.sentence.startswith('This cannot stand here: "éé') and len(found.sentence) < 100
