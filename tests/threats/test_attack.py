"""A slice of `make attack`, the same seeds each time: what the director reaches, and that a planted leak is found by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.store import urn as rows
from tests.attack.__main__ import Score, attack
from tests.attack.simulated import Workshop, voted, written

PEOPLE = 12


def best(make: Callable[..., Workshop], *how: Any, **more: Any) -> tuple[str, Score]:
    scores = attack([make(seed, PEOPLE, *how, **more) for seed in range(6)])
    return max(scores.items(), key=lambda found: found[1].above)


def test_d03_n02_p09_the_director_gains_nothing_on_a_sealed_round() -> None:
    """The best of nine channels on 216 cards: chance alone gives the luckiest a few points; the planted leaks give fifty."""
    name, score = best(written, "post")
    assert score.tries > 200 and score.above < 0.08, name


def test_f01_the_director_gains_nothing_on_a_vote() -> None:
    name, score = best(voted)
    assert score.tries > 40 and score.above < 0.2, name


def test_p06_in_a_batch_nobody_is_likelier_than_the_others() -> None:
    scores = attack([written(seed, PEOPLE, "carousel") for seed in range(6)])
    assert scores["release"].success < 0.26


def test_the_attack_finds_frames_without_padding() -> None:
    name, score = best(written, "post", padded=False)
    assert name == "size" and score.above > 0.5


def test_the_attack_finds_an_order_that_was_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a table with row numbers and an opening without a shuffle would have it."""
    came: list[bytes] = []
    put, read = rows.put_text, rows.all_texts

    def put_in_order(connection: Any, epoch: Any, key: bytes, *more: Any) -> None:
        came.append(key)
        put(connection, epoch, key, *more)

    def in_order(connection: Any, epoch: Any) -> Any:
        return sorted(read(connection, epoch), key=lambda row: came.index(row.key))

    class NoShuffle:
        def shuffle(self, _: Any) -> None: ...

    monkeypatch.setattr(rows, "put_text", put_in_order)
    monkeypatch.setattr(rows, "all_texts", in_order)
    monkeypatch.setattr("app.urn.SystemRandom", NoShuffle)
    name, score = best(written, "post")
    assert name in ("number", "frames") and score.above > 0.5


def test_the_attack_finds_a_batch_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.domain.rounds.MIN_AUTHORS", 1)
    name, score = best(written, "carousel")
    assert score.success > 0.4, name
