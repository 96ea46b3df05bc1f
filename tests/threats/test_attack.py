"""A slice of `make attack`, the same seeds each time: what the director reaches, and that a planted leak is found by it.

Sized so that a leak of five points fails here. With n guesses at a chance p, luck moves a channel by sqrt(p (1 - p) / n): half a
point for the sealed rounds, eight tenths for the votes, one for the batches. Each bound lies four such steps above what is reached
without a leak, so that the luckiest of ten channels fails it once in thousands of runs; a leak of five points is over it in 99.9 of
100 runs of sealed rounds, 95 of votes, 90 of batches. The two points that are promised need the whole of `make attack`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.store import urn as rows
from tests.attack.__main__ import Score, attack
from tests.attack.simulated import CARDS_EACH, Workshop, voted, written

PEOPLE = 12
# Many people: the less chance gives, the less luck blurs.
CROWD = 30


def best(
    make: Callable[..., Workshop], *how: Any, workshops: int = 6, people: int = PEOPLE, **more: Any
) -> tuple[str, Score]:
    scores = attack([make(seed, people, *how, **more) for seed in range(workshops)])
    return max(scores.items(), key=lambda found: found[1].above)


def test_d03_n02_p09_the_director_gains_nothing_on_a_sealed_round() -> None:
    name, score = best(written, "post", workshops=12, people=CROWD, minutes=1)
    assert score.tries == 12 * CROWD * CARDS_EACH and score.above < 0.025, (name, score)


def test_f01_the_director_gains_nothing_on_a_vote() -> None:
    name, score = best(voted, workshops=40, people=CROWD, targets=CROWD, minutes=1)
    assert score.tries > 950 and score.above < 0.035, (name, score)


def test_p06_in_a_batch_nobody_is_likelier_than_the_others() -> None:
    """Measured: 0.134 (docs/security.md); the threats file allows 0.19 for twelve people."""
    scores = attack([written(seed, PEOPLE, "carousel") for seed in range(30)])
    assert scores["pool"].tries > 1000
    assert max(score.success for score in scores.values() if score.tries > 500) < 0.175


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
    monkeypatch.setattr("app.domain.rounds.drawn", lambda authors: authors)
    name, score = best(written, "carousel")
    assert score.success > 0.4, name
