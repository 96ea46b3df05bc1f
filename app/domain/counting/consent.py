"""Consent: agree, agree with a reserve and say which, or opposed. The figure counts those who agree; the three shares stand
beside it.

Source: decision by consent as in sociocracy (Endenburg 1998), where an objection is heard, never outvoted: so a reserve
carries its words, and more opposition stands lower among equals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain import wording
from app.domain.counting.agreement import agreement
from app.domain.counting.method import Choices, Measures, Method, Targets, Vote
from app.domain.errors import Rejected
from app.domain.language import words_of
from app.domain.operations import Ballot

ANSWERS = ("agree", "reserve", "opposed")
RESERVE_CHARS = 200
# Of all reserves on one ballot: every ballot of the urn is padded to this, so that its size says nothing.
RESERVES_CHARS = 3000
_BYTES_A_CHAR = 4


@dataclass(frozen=True, slots=True)
class Reserve:
    """The words of a reserve, and the target they are about."""

    target: str
    text: str


def answer_of(choice: Any) -> str:
    return "reserve" if isinstance(choice, Mapping) else str(choice)


def _check(choices: Choices, vote: Vote, targets: Targets) -> Choices:
    """Raises: Rejected("too_long", limit), Rejected("bad_payload")."""
    kept = {target: _kept(choice) for target, choice in choices.items()}
    if sum(len(text) for text in map(_words, kept.values())) > RESERVES_CHARS:
        raise Rejected("too_long", limit=RESERVES_CHARS)
    return kept


def _kept(choice: Any) -> Any:
    if choice in ANSWERS:
        return choice
    if not isinstance(choice, Mapping) or choice.keys() != {"reserve"} or type(choice["reserve"]) is not str:
        raise Rejected("bad_payload", fields=["choices"])
    if not choice["reserve"].strip():
        return "reserve"
    return {"reserve": wording.clean(choice["reserve"], RESERVE_CHARS)}


def _words(choice: Any) -> str:
    return choice["reserve"] if isinstance(choice, Mapping) else ""


def _essence(choice: Any) -> Any:
    """The words of a reserve without their accents, capitals and points: two people copy one handwriting."""
    return ["reserve", *words_of(_words(choice))] if isinstance(choice, Mapping) else choice


def reserves(ballots: Sequence[Ballot]) -> tuple[list[Reserve], int]:
    """Every reserve that has words, in the order of the words: one that says nothing of whose they are. And how many wrote."""
    said = [
        [Reserve(target, _words(choice)) for target, choice in ballot.choices.items() if _words(choice)]
        for ballot in ballots
    ]
    together = sorted((one for some in said for one in some), key=lambda one: (one.text, one.target))
    return together, sum(map(bool, said))


def _row(answers: Sequence[Any], vote: Vote) -> dict[str, Any]:
    counts = Counter(map(answer_of, answers))
    spread = agreement([counts[answer] for answer in ANSWERS])
    return {
        "total": counts["agree"],
        "value": counts["agree"],
        "answers": len(answers),
        "agreement": None if spread is None else round(spread, 4),
        "counts": {answer: counts[answer] for answer in ANSWERS if counts[answer]},
    }


def _key(row: Mapping[str, Any]) -> tuple[int, ...]:
    return (row["total"], -row["counts"].get("opposed", 0))


def _measures(choice: Any, vote: Vote) -> Measures:
    return (int(answer_of(choice) == "agree"),)


CONSENT = Method(
    "consent",
    {"fr": "Adhésion", "en": "Consent"},
    _check,
    _row,
    _key,
    _measures,
    blank_is_zero=False,
    bytes_of=lambda vote: 32,
    text_bytes=RESERVES_CHARS * _BYTES_A_CHAR,
    essence=_essence,
)
