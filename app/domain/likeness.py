"""Which cards probably say the same: lexical likeness of short texts, in French and English, computed here and nowhere else.

Advice and never a rule: nothing in the domain acts on it. A text is its stems and, for typing errors and word families, pieces of
its stems; each weighs by how rare it is on the board (tf-idf); two texts are as alike as their directions (cosine). There is no
list of synonyms: one of forty word families gained two pairs in a hundred and would have had to be kept for every subject.
Pure, and the same on every worker: the scores follow from the texts alone, not from the order in which they came.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

import snowballstemmer

from app.domain.language import SMALL_WORDS, language_of, words_of
from app.domain.records import Record

# Chosen on all ten factors of the synthetic seminar, both halves side by side: a plateau, so that round figures do as well as any.
# No half was kept unseen; that neither carries the other is what tests/domain/test_likeness.py shows.
PIECE_CHARS = 4
PIECES_WEIGH = 0.5
RARITY_POWER = 1.5
# Worth a look when cards are grouped; and so close that a vote should not open before somebody has looked.
ALIKE, LIKELY = 0.08, 0.3
# A stem or piece that is in more cards than this, and in more than one of fifty, finds no pair by itself: it only adds to one.
FINDS_UP_TO, SHARE = 20, 50

Features = dict[str, float]
Ids = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two cards, in the order of their ids, and how alike their words are, from 0 to 1."""

    cards: Ids
    score: float


@cache
def _stemmer(language: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer({"fr": "french", "en": "english"}[language])


def stems_of(text: str) -> list[str]:
    """What is left of a text without small words and endings. Without accents throughout: half of the room types none."""
    language = language_of(text, "fr") or "fr"
    content = [word for word in words_of(text) if len(word) > 1 and word not in SMALL_WORDS[language]]
    stems: list[str] = _stemmer(language).stemWords(content)
    return stems


def features_of(text: str) -> Features:
    """Stems and pieces of stems, with their weight in this text; a long word's pieces weigh no more than twice a short one's."""
    found: Counter[str] = Counter()
    for stem in stems_of(text):
        found[f"={stem}"] += 1
        edged = f"^{stem}$"
        pieces = [edged[at : at + PIECE_CHARS] for at in range(max(1, len(edged) - PIECE_CHARS + 1))]
        for piece in pieces:
            found[piece] += PIECES_WEIGH / math.sqrt(len(pieces))  # type: ignore[assignment]
    return dict(found)


@dataclass(slots=True)
class Likeness:
    """The texts of a board and what they are made of. Texts come and go; each is taken apart once."""

    _texts: dict[str, str] = field(default_factory=dict)
    _features: dict[str, Features] = field(default_factory=dict)
    _pairs: list[Pair] | None = None

    def follow(self, texts: Mapping[str, str]) -> None:
        """Hold exactly these texts from now on. Shape: id -> text."""
        if texts == self._texts:
            return
        for gone in self._texts.keys() - texts.keys():
            del self._features[gone]
        for id_, text in texts.items():
            if self._texts.get(id_) != text:
                self._features[id_] = features_of(text)
        self._texts, self._pairs = dict(texts), None

    def pairs(self) -> list[Pair]:
        """All pairs that are alike at all, the closest first."""
        if self._pairs is None:
            self._pairs = sorted(self._alike(), key=lambda pair: (-pair.score, pair.cards))
        return self._pairs

    def _alike(self) -> Iterator[Pair]:
        has: dict[str, list[str]] = defaultdict(list)
        for id_ in sorted(self._features):
            for feature in self._features[id_]:
                has[feature].append(id_)
        count = len(self._features)
        rarity = {feature: math.log((count + 1) / len(ids)) ** RARITY_POWER for feature, ids in has.items()}
        # However many say exactly the same, each of them is found beside another one.
        same: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for id_ in sorted(self._features):
            same[tuple(sorted(self._features[id_]))].append(id_)
        vectors = {id_: _direction(features, rarity) for id_, features in self._features.items()}
        found = {
            (a, b)
            for ids in has.values()
            if 1 < len(ids) <= max(FINDS_UP_TO, count / SHARE)
            for place, a in enumerate(ids)
            for b in ids[place + 1 :]
        }
        found.update(pair for ids in same.values() for pair in pairwise(ids))
        for a, b in found:
            score = _cosine(vectors[a], vectors[b])
            if score >= ALIKE:
                yield Pair((a, b), score)


def _direction(features: Features, rarity: dict[str, float]) -> Features:
    weighed = {feature: weight * rarity[feature] for feature, weight in features.items()}
    length = math.sqrt(sum(weight * weight for weight in weighed.values())) or 1.0
    return {feature: weight / length for feature, weight in weighed.items()}


def _cosine(a: Features, b: Features) -> float:
    if len(b) < len(a):
        a, b = b, a
    return sum(weight * b[feature] for feature, weight in a.items() if feature in b)


def texts_of(cards: Iterable[Record]) -> dict[str, str]:
    """The texts to compare: what is held from everybody's sight is not grouped."""
    return {card["id"]: card["text"] for card in cards if card["state"] != "held"}
