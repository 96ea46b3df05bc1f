"""How a director would put names to texts and votes: one function a channel. Each names one person for each text or choice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from random import Random
from typing import Any

from app.domain import rounds
from tests.attack.simulated import Seen, Sent, words_of

# What is seen, chance for ties -> text (or target) -> person.
Channel = Callable[[Seen, Random], dict[str, str]]
# Of what a pool may have held, so many draws.
COURSES = 200


def in_the_order_of(order: Callable[[Seen], Iterable[str]], *, backwards: bool = False) -> Channel:
    """The n-th text was the n-th to be sent, among those who could have written it."""

    def guess(seen: Seen, chance: Random) -> dict[str, str]:
        texts, sent = list(order(seen)), sorted(seen.sent, key=lambda one: one.at_ms, reverse=backwards)
        found = {}
        for group in set(seen.able.values()):
            mine = [text for text in texts if seen.able[text] == group]
            able = [one for one in sent if one.person in group]
            for n, text in enumerate(mine):
                found[text] = able[n * len(able) // len(mine)].person
        return found

    return guess


def by_batch(seen: Seen, chance: Random) -> dict[str, str]:
    """Whoever sent most since the last release before the text appeared."""
    found, since = {}, 0
    for at_ms, shown in seen.showings():
        between = [one.person for one in seen.sent if since <= one.at_ms < at_ms]
        for text in shown:
            able = Counter(person for person in between if person in seen.able[text])
            if able:
                most = max(able.values())
                found[text] = chance.choice(sorted(person for person, n in able.items() if n == most))
        since = at_ms
    return found


def by_pool(seen: Seen, chance: Random) -> dict[str, str]:
    """As the rule of the batches has it: many courses that the pool could have taken, given when each person sent and how many
    texts each batch had; whoever is in most of them at that moment."""
    found: dict[str, str] = {}
    sent = sorted(seen.sent, key=lambda one: one.at_ms)
    courses: list[Counter[str]] = [Counter() for _ in range(COURSES)]
    showings = seen.showings()
    for at_ms, shown in showings:
        while sent and sent[0].at_ms < at_ms:
            person = sent.pop(0).person
            for course in courses:
                course[person] += 1
        is_last = at_ms == showings[-1][0]
        likely: Counter[str] = Counter()
        for course in courses:
            likely.update(course if is_last else dict.fromkeys(course, 1))
        for text in shown:
            able = {person: n for person, n in likely.items() if person in seen.able[text]}
            if able:
                most = max(able.values())
                found[text] = chance.choice(sorted(person for person, n in able.items() if n == most))
        courses = _gone_on(courses, len(shown), chance)
    return found


def _gone_on(courses: list[Counter[str]], taken: int, chance: Random) -> list[Counter[str]]:
    """The courses after a batch of so many; those in which it would have had another size were not what happened."""
    fitting = [course for course in courses if rounds.drawn(len(course)) == taken] or [
        course for course in courses if len(course) >= taken
    ]
    after = []
    for _ in courses if fitting else ():
        left = Counter(chance.choice(fitting))
        left.subtract(chance.sample(sorted(left), taken))
        after.append(+left)
    return after or courses


def by_size(seen: Seen, chance: Random) -> dict[str, str]:
    """The frame whose size fits the text best, among those who could have written it."""
    found = {}
    by_bytes = sorted(seen.sent, key=lambda one: one.bytes)
    longest = sorted((card["text"] for card in seen.cards), key=len)
    for card in seen.cards:
        able = [one for one in by_bytes if one.person in seen.able[card["text"]]]
        # Frames are the text and an envelope that is the same for all.
        envelope = min(one.bytes for one in by_bytes) - len(longest[0])
        best = min(abs(one.bytes - envelope - len(card["text"])) for one in able)
        fitting = [one for one in able if abs(one.bytes - envelope - len(card["text"])) == best]
        found[card["text"]] = chance.choice(fitting).person
    return found


def by_turnout(seen: Seen, chance: Random) -> dict[str, str]:
    """Whoever sent last before the turnout that staff saw moved, for the texts in their order."""
    moves, count = [], None
    for at_ms, event, data in seen.frames:
        turnout = data.get("turnout", {}).get("count") if event == "presence" else None
        if turnout is not None and turnout != count:
            moves.append(at_ms)
            count = turnout
    sent = sorted(seen.sent, key=lambda one: one.at_ms)
    movers = [last.person for at in moves if (last := _last_before(sent, at))]
    texts = [card["text"] for card in seen.cards]
    return {text: movers[n * len(movers) // len(texts)] for n, text in enumerate(texts)} if movers else {}


def _last_before(sent: list[Sent], at_ms: int) -> Sent | None:
    return next((one for one in reversed(sent) if one.at_ms <= at_ms), None)


def as_numbered(seen: Seen) -> list[str]:
    return [card["text"] for card in seen.cards]


def by_id(seen: Seen) -> list[str]:
    return [card["text"] for card in sorted(seen.cards, key=lambda card: card["id"])]


def as_exported(seen: Seen) -> list[str]:
    return sorted(as_numbered(seen), key=lambda text: seen.exported.find(text))


def as_they_lay(seen: Seen) -> list[str]:
    """The order of the urn's rows in a copy of the database, and under keyed tags."""
    shown = set(as_numbered(seen))
    return [words for _, body in seen.during if (words := words_of(body)) in shown]


def as_framed(seen: Seen) -> list[str]:
    """The order in the frames to staff."""
    return list(dict.fromkeys(text for _, shown in seen.showings() for text in shown))


CARDS: dict[str, Channel] = {
    "number": in_the_order_of(as_numbered),
    "number, backwards": in_the_order_of(as_numbered, backwards=True),
    "id": in_the_order_of(by_id),
    "export": in_the_order_of(as_exported),
    "rows of the urn": in_the_order_of(as_they_lay),
    "frames": in_the_order_of(as_framed),
    "release": by_batch,
    "pool": by_pool,
    "size": by_size,
    "turnout": by_turnout,
}


# --- votes: which of the seats stands behind a target ---


def _voters(pick: Callable[[Seen, list[str], dict[str, Any], Random], str]) -> Channel:
    def guess(seen: Seen, chance: Random) -> dict[str, str]:
        who = sorted({one.person for one in seen.sent})
        return {row["target"]: pick(seen, who, row, chance) for row in seen.tally["rows"] if row["total"]}

    return guess


def _largest(seen: Seen, who: list[str], row: dict[str, Any], chance: Random) -> str:
    """Whoever's frames were largest chose most."""
    size = Counter({p: max(one.bytes for one in seen.sent if one.person == p) for p in who})
    return chance.choice(sorted(p for p in who if size[p] == max(size.values())))


def _by_rows(seen: Seen, who: list[str], row: dict[str, Any], chance: Random) -> str:
    """The n-th row of the urn is the n-th voter's, and the largest row chose most."""
    if not seen.during:
        return chance.choice(who)
    order = list(dict.fromkeys(one.person for one in sorted(seen.sent, key=lambda one: one.at_ms)))
    most = max(range(len(seen.during)), key=lambda n: len(seen.during[n][1]))
    return order[most % len(order)]


def _changed(seen: Seen, who: list[str], row: dict[str, Any], chance: Random) -> str:
    """Whoever sent twice thought about it longest."""
    return Counter(one.person for one in seen.sent).most_common(1)[0][0]


VOTES: dict[str, Channel] = {
    "size": _voters(_largest),
    "rows of the urn": _voters(_by_rows),
    "sent twice": _voters(_changed),
    "first": _voters(lambda seen, who, row, chance: min(seen.sent, key=lambda one: one.at_ms).person),
    "last": _voters(lambda seen, who, row, chance: max(seen.sent, key=lambda one: one.at_ms).person),
}
