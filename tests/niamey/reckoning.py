"""What the exports of the two days must say, reckoned from the CSV files and the drawn votes alone.

Nothing of the application is imported: every figure is worked out here a second time, in the plainest way that fits, from the
published rule (decision 12 for the sides) or the published method. Records are called by their ids in the files.
"""

from __future__ import annotations

import hashlib
import struct
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from itertools import product
from math import log2
from typing import Any

from tests.niamey import files
from tests.niamey.files import SIDES, Figure, factor_of

Row = dict[str, str]
Ballots = Mapping[str, Mapping[str, Any]]
MASK = "[…]"
# What the files hold of telephone numbers, as it goes out.
TELEPHONES = ("+227 00 00 00 00", "+227 20 30 40 50")
CRITERIA = ("impact", "feasibility")
WHOLE = "*"


def out(text: str) -> str:
    """A text in a cell: no telephone number, and nothing that a spreadsheet would run."""
    for number in TELEPHONES:
        text = text.replace(number, MASK)
    return "'" + text if text[:1] in tuple("=+-@") else text


def number(value: Any) -> str:
    return "" if value is None else str(value)


# --- votes ---


@dataclass(frozen=True)
class Vote:
    """One vote. Shape: `targets` is target -> the list it stands in; `ballots` is voter -> target -> answer."""

    round: str
    method: str
    targets: Mapping[str, str]
    ballots: Ballots
    points: int = 0
    epoch: int = 1

    @property
    def criteria(self) -> tuple[str, ...]:
        return CRITERIA if self.method.startswith("criteria") else ("",)

    @property
    def is_mean(self) -> bool:
        return self.method in ("score_1_5", "criteria_1_5:impact+feasibility")

    @property
    def blank_is_zero(self) -> bool:
        return self.method in ("points", "rank")

    def worth(self, answer: Any, criterion: str) -> int | None:
        """What one answer adds to the figure; None for "don't know"."""
        match self.method:
            case "rank":
                return self.points + 1 - int(answer)
            case "consent":
                return int(answer == "agree")
            case "criteria_1_5:impact+feasibility":
                said: int | None = answer.get(criterion)
                return said
            case _:
                return int(answer)

    def answers(self, target: str, voters: Iterable[str]) -> list[Any]:
        return [self.ballots[voter][target] for voter in voters if target in self.ballots[voter]]

    def worths(self, target: str, criterion: str, voters: Iterable[str]) -> list[int]:
        """What those said who had a say on the target's list, blanks as nothing where leaving out says something."""
        listed = {other for other, bucket in self.targets.items() if bucket == self.targets[target]}
        found = []
        for voter in voters:
            given = self.ballots[voter]
            if target in given:
                worth = self.worth(given[target], criterion)
                found += [] if worth is None else [worth]
            elif self.blank_is_zero and listed & given.keys():
                found.append(0)
        return found


@dataclass
class Result:
    """What is known of one target after the count."""

    target: str
    bucket: str
    total: int
    answers: int
    key: tuple[Fraction | int, ...]
    value: float | int | None
    counts: dict[str, int]
    rank: int = 0
    tied: bool = False
    sides: dict[str, Any] = field(default_factory=lambda: dict.fromkeys(SIDES))
    divergence: float | None = None
    across: float | None = None
    interval: tuple[int, int] | None = None
    agreement: float | None = None
    first: int | None = None
    schulze: int | None = None
    quadrant: str = ""
    marks: set[str] = field(default_factory=set)
    criteria: str = ""


def of_side(side: str, ballots: Ballots) -> list[str]:
    return [voter for voter in ballots if files.people()[voter]["group"] == side]


def consensus(counts: Sequence[int]) -> float | None:
    """Tastle & Wierman 2007, as in the paper: one plus the weighted logarithms of the distance from the mean."""
    n = sum(counts)
    if not n:
        return None
    categories = range(1, len(counts) + 1)
    mean = sum(x * c for x, c in zip(categories, counts, strict=True)) / n
    width = len(counts) - 1
    return 1 + sum(
        c / n * log2(1 - abs(x - mean) / width) for x, c in zip(categories, counts, strict=True) if c
    )


def scale(answers: Sequence[Any], categories: Sequence[Any]) -> float | None:
    found = consensus([list(answers).count(category) for category in categories])
    return None if found is None else round(found, 4)


def answer_name(answer: Any) -> str:
    return "reserve" if isinstance(answer, dict) else str(answer)


def mean(values: Sequence[int]) -> Fraction | None:
    return Fraction(sum(values), len(values)) if values else None


def exact(vote: Vote, target: str, voters: Sequence[str]) -> Fraction | None:
    """The figure of a target over some of the voters: a sum, or the mean of the criteria's means."""
    if not vote.is_mean:
        return Fraction(sum(vote.worths(target, "", voters)))
    means = [mean(vote.worths(target, criterion, voters)) for criterion in vote.criteria]
    known = [m for m in means if m is not None]
    return sum(known, Fraction()) / len(known) if len(known) == len(means) else None


def figure(vote: Vote, target: str, voters: Sequence[str]) -> float | int | None:
    """The same as it is printed."""
    found = exact(vote, target, voters)
    if found is None:
        return None
    return round(float(found), 4) if vote.is_mean else int(found)


def count(vote: Vote, order: Callable[[str], Any] | None = None) -> dict[str, Result]:
    """Every figure of a vote. Shape: `order` sorts targets as the server's ids do; intervals need it, for their draws."""
    everybody = list(vote.ballots)
    results = {target: _figures(vote, target, everybody) for target in vote.targets}
    for listed in _lists(vote):
        for target in listed:
            greater = [other for other in listed if results[other].key > results[target].key]
            equal = [other for other in listed if results[other].key == results[target].key]
            results[target].rank, results[target].tied = 1 + len(greater), len(equal) > 1
        _part(vote, listed, results)
    for target, interval in (intervals(vote, order) if order else {}).items():
        results[target].interval = interval
    if vote.method == "rank":
        for target, place in schulze(vote).items():
            results[target].schulze = place
            if place != results[target].rank:
                results[target].marks.add("schulze_differs")
    return results


def _lists(vote: Vote) -> list[list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for target, bucket in vote.targets.items():
        found[bucket].append(target)
    return list(found.values())


def _figures(vote: Vote, target: str, voters: Sequence[str]) -> Result:
    answers = vote.answers(target, voters)
    worths = {criterion: vote.worths(target, criterion, voters) for criterion in vote.criteria}
    total = sum(map(sum, worths.values()))
    means = [mean(some) for some in worths.values()]
    known = [m for m in means if m is not None]
    key: tuple[Fraction | int, ...] = (total,)
    if vote.is_mean:
        key = (sum(known) if len(known) == len(means) else -1,)
    elif vote.method == "consent":
        key = (total, -answers.count("opposed"))
    result = Result(target, vote.targets[target], total, len(answers), key, figure(vote, target, voters), {})
    match vote.method:
        case "consent":
            said = [answer_name(answer) for answer in answers]
            result.counts = {a: said.count(a) for a in ("agree", "opposed", "reserve") if a in said}
            result.agreement = scale(said, ("agree", "reserve", "opposed"))
            _low(result, 3, len(said), result.agreement)
        case "score_1_5":
            result.counts = dict(sorted(Counter(map(str, answers)).items()))
            result.agreement = scale(answers, range(1, 6))
            _low(result, 5, len(answers), result.agreement)
        case "criteria_1_5:impact+feasibility":
            result.counts = {
                f"{name}:{score}": worths[name].count(score)
                for name, score in product(sorted(CRITERIA), range(1, 6))
                if score in worths[name]
            }
            result.quadrant = _quadrant(worths)
            for some in worths.values():
                _low(result, 5, len(some), scale(some, range(1, 6)))
            if result.quadrant == "quick_win":
                result.marks.add("quick_win")
        case _:
            result.counts = dict(sorted(Counter(map(str, answers)).items()))
    if vote.method == "rank":
        result.first = answers.count(1)
    return result


def _low(result: Result, categories: int, answers: int, found: float | None) -> None:
    even = consensus([1] * categories)
    if answers >= 8 and found is not None and even is not None and found < even:
        result.marks.add("low_agreement")


def _quadrant(worths: Mapping[str, Sequence[int]]) -> str:
    if not all(worths.values()):
        return ""
    high = [sum(worths[name]) >= 3 * len(worths[name]) for name in CRITERIA]
    return {
        (True, True): "quick_win",
        (True, False): "major_work",
        (False, True): "small_step",
        (False, False): "not_now",
    }[high[0], high[1]]


# --- the sides, by decision 12 ---


def _part(vote: Vote, listed: Sequence[str], results: Mapping[str, Result]) -> None:
    voters = {side: of_side(side, vote.ballots) for side in SIDES}
    shown = _told(vote, listed, results, voters)
    for target in shown:
        results[target].sides = {side: figure(vote, target, voters[side]) for side in SIDES}
    given = {side: sum(results[target].sides[side] for target in shown) for side in SIDES}
    for target in shown:
        _compare(vote, results[target], voters, given)
    if len(vote.criteria) > 1:
        for target in listed:
            results[target].criteria = _criteria(vote, target, voters if target in shown else None)


def _told(
    vote: Vote, listed: Sequence[str], results: Mapping[str, Result], voters: Mapping[str, Sequence[str]]
) -> list[str]:
    def mixed(target: str, side: str) -> bool:
        """Five had a say, and fewer than four fifths of them said the same."""
        for criterion in vote.criteria:
            said = vote.worths(target, criterion, voters[side])
            if len(said) < 5 or 10 * max(map(said.count, said)) >= 8 * len(said):
                return False
        return True

    shown = [target for target in listed if all(mixed(target, side) for side in SIDES)]
    if not vote.blank_is_zero:
        return shown
    had_a_say = {side: max(len(vote.worths(t, "", voters[side])) for t in listed) for side in SIDES}
    chosen = [target for target in listed if results[target].total]
    spent = sum(results[target].total for target in chosen)
    unspent = vote.points * sum(had_a_say.values()) - spent if vote.method == "points" else 0

    def could_be_otherwise(hidden: Sequence[str]) -> bool:
        if min(had_a_say.values()) < 10 or len(hidden) < 3:
            return False
        whole = sum(results[target].total for target in hidden)
        for side in SIDES:
            theirs = sum(sum(vote.worths(target, "", voters[side])) for target in hidden)
            for target in hidden:
                total = results[target].total
                low = max(0, theirs - unspent - (whole - total))
                high = min(total, theirs + unspent)
                if 10 * (high - low) < 3 * had_a_say[side]:
                    return False
        return True

    while shown:
        hidden = [target for target in chosen if target not in shown]
        if not hidden or could_be_otherwise(hidden):
            break
        smallest = min(results[target].total for target in shown)
        shown = [target for target in shown if results[target].total > smallest]
    return shown


def _compare(
    vote: Vote, result: Result, voters: Mapping[str, Sequence[str]], given: Mapping[str, int]
) -> None:
    here = {side: len(vote.worths(result.target, "", voters[side])) for side in SIDES}
    if vote.is_mean:
        here = {side: len(vote.answers(result.target, voters[side])) for side in SIDES}
    figures_ = {side: exact(vote, result.target, voters[side]) or Fraction() for side in SIDES}
    if vote.is_mean:
        share = {side: (figures_[side] - 1) / 4 for side in SIDES}
    elif vote.blank_is_zero:
        share = {side: figures_[side] / (given[side] or 1) for side in SIDES}
    else:
        share = {side: figures_[side] / here[side] for side in SIDES}
        both = [(figures_[side] + 1) / (here[side] + 2) for side in SIDES]
        result.across = round(float(both[0] * both[1]), 4)
    apart = 100 * abs(share["internal"] - share["external"])
    result.divergence = round(float(apart), 1)
    if apart >= 15 and min(here.values()) >= 8:
        result.marks.add("divergent")


def _criteria(vote: Vote, target: str, sides: Mapping[str, Sequence[str]] | None) -> str:
    said = []
    for name in vote.criteria:
        worths = vote.worths(target, name, list(vote.ballots))
        parts = [f"{_mean(worths)}", f"agreement {scale(worths, range(1, 6))}"] if worths else []
        for side, voters in (sides or {}).items():
            own = vote.worths(target, name, voters)
            parts.append(f"{side} {_mean(own)}")
        said.append(f"{name}: {', '.join([*parts, f'answers {len(worths)}'])}")
    return " | ".join(said)


def _mean(values: Sequence[int]) -> float:
    return round(sum(values) / len(values), 4)


# --- intervals and Schulze ---


def intervals(vote: Vote, order: Callable[[str], Any]) -> dict[str, tuple[int, int]]:
    """The middle 95 % of a thousand resamples, with the draws that the server makes: SHAKE-256 of its seed, two bytes each.

    Which ballot a number draws depends on their order: by their figures, target after target, the last one first.
    """
    n = len(vote.ballots)
    if n < 20:
        return {}
    targets = sorted(vote.targets, key=order)

    def worth(voter: str, target: str, criterion: str) -> int | None:
        given = vote.ballots[voter]
        return vote.worth(given[target], criterion) if target in given else None

    def lanes(voter: str) -> list[int]:
        found: list[int] = []
        for criterion in vote.criteria:
            said = [worth(voter, target, criterion) for target in targets]
            found += [figure or 0 for figure in said]
            found += [int(figure is not None) for figure in said] if vote.is_mean else []
        return found[::-1]

    cast = sorted(vote.ballots, key=lanes)
    said = {
        (target, criterion): [
            (place, w)
            for place, voter in enumerate(cast)
            if (w := worth(voter, target, criterion)) is not None
        ]
        for target in targets
        for criterion in vote.criteria
    }
    stream = struct.unpack(f"<{1000 * n}H", hashlib.shake_256(b"palabre rank intervals").digest(2000 * n))
    places: dict[str, list[int]] = {target: [] for target in targets}
    for start in range(0, len(stream), n):
        times = [0] * n
        for draw in stream[start : start + n]:
            times[draw * n >> 16] += 1
        values = {target: _resampled(vote, target, said, times) for target in targets}
        for listed in _lists(vote):
            first = _places([values[target] for target in listed])
            for target in listed:
                places[target].append(first[values[target]])
    return {target: (found[25], found[-26]) for target, found in ((t, sorted(p)) for t, p in places.items())}


def _resampled(
    vote: Vote, target: str, said: Mapping[tuple[str, str], Sequence[tuple[int, int]]], times: Sequence[int]
) -> float:
    whole = 0.0
    for criterion in vote.criteria:
        answers = said[target, criterion]
        total = sum(times[place] * worth for place, worth in answers)
        if not vote.is_mean:
            return total
        many = sum(times[place] for place, _ in answers)
        if not many:
            return -1.0
        whole += total / many
    return whole


def _places(values: Sequence[float]) -> dict[float, int]:
    """The place of each value, the highest first; equals share one."""
    found, place = {}, 1
    for value, many in sorted(Counter(values).items(), reverse=True):
        found[value] = place
        place += many
    return found


def schulze(vote: Vote) -> dict[str, int]:
    """Schulze 2011 with winning votes: a link beats another way round when more ballots have it; paths by their weakest link."""
    targets = list(vote.targets)
    unranked = vote.points + 1
    wins: dict[tuple[str, str], int] = {}
    for a, b in product(targets, targets):
        wins[a, b] = sum(given.get(a, unranked) < given.get(b, unranked) for given in vote.ballots.values())
    strength = {(a, b): wins[a, b] if wins[a, b] > wins[b, a] else 0 for a, b in wins}
    for via, a, b in product(targets, targets, targets):
        strength[a, b] = max(strength[a, b], min(strength[a, via], strength[via, b]))
    return {a: 1 + sum(strength[b, a] > strength[a, b] for b in targets) for a in targets}


# --- the seven votes of the two days ---


@cache
def votes() -> tuple[Vote, ...]:
    """In the order of the agenda; what one is about follows from those before it."""
    factors = {row["factor_id"]: WHOLE for row in files.rows("factors")}
    a5 = Vote("A5", "score_1_5", factors, files.scores_of_a5())
    v1 = Vote("V1", "points", _on_v1(), files.points_of_v1(), 3)
    again = sorted(files.flagged(figures(v1)))
    d3 = Vote("D3", "points", {c: factor_of(c) for c in again}, files.points_of_d3(again), 3, epoch=2)
    short = files.shortlist(figures(v1), figures(d3))
    whole = dict.fromkeys(short, WHOLE)
    e1 = Vote("E1", "criteria_1_5:impact+feasibility", whole, files.ratings_of_e1(short))
    e4 = Vote("E4", "rank", whole, files.ranks_of_e4(short), 5)
    kept = sheets_of(e4)
    cast = files.consent_of_g4(kept)
    g4 = Vote("G4", "consent", {f"sheet {c}": WHOLE for c in kept}, {
        voter: {f"sheet {c}": answer for c, answer in given.items()} for voter, given in cast.items()
    })  # fmt: skip
    asked = len(_questions("fr"))
    answers = files.answers_of_g8(asked)
    g8 = Vote("G8", "score_1_5", {f"G8.q{n}": WHOLE for n in range(1, asked + 1)}, {
        voter: {f"G8.q{n}": score for n, score in given.items()} for voter, given in answers.items()
    })  # fmt: skip
    return a5, v1, d3, e1, e4, g4, g8


def _on_v1() -> dict[str, str]:
    """Clusters that were not merged, and the cards that stand alone and are actions."""
    stand = {c: factor_of(c) for c in files.clusters() if c not in files.GONE_IN_V1}
    noise = files.by_id("noise_cards", "noise_id")
    alone = {
        name: files.REFILED.get(name, noise[name]["factor_id"])
        for name in files.lone_cards()
        if name not in files.KIND_OF
    }
    return stand | alone


def figures(vote: Vote) -> list[Figure]:
    return [
        Figure(one.target, one.bucket, one.total, one.rank, divergent="divergent" in one.marks)
        for one in count(vote).values()
    ]


def sheets_of(e4: Vote) -> list[str]:
    chosen = files.top(figures(e4))
    return [cluster for place, cluster in enumerate(chosen) if place != files.DROPPED_SHEET]


def _questions(language: str) -> list[str]:
    row = files.by_id("agenda", "round_id")["G8"]
    return [part.strip() for part in row[f"questions_{language}"].split("|")]


# --- the rows of each export ---


def label(name: str) -> str:
    """What a person reads for it, in French, before it goes into a cell."""
    if name.startswith("sheet "):
        cluster = name.removeprefix("sheet ")
        return files.AMENDED_TITLE if cluster == files.amended(kept_sheets()) else label(cluster)
    if name.startswith("G8.q"):
        return _questions("fr")[int(name.removeprefix("G8.q")) - 1]
    if name in files.clusters():
        return files.RENAMED.get(name, files.clusters()[name]["label_fr"])
    if name in files.by_id("factors", "factor_id"):
        return files.by_id("factors", "factor_id")[name]["title_fr"]
    return files.kept(files.by_id("noise_cards", "noise_id")[name]["text"])


@cache
def made_sheets() -> list[str]:
    """The clusters that got a sheet, in the order of the sheets' numbers."""
    return files.top(figures(votes()[4]))


@cache
def kept_sheets() -> list[str]:
    return sheets_of(votes()[4])


def kind_and_factor(name: str) -> tuple[str, str]:
    if name.startswith("sheet "):
        return "sheets", factor_of(name.removeprefix("sheet "))
    if name.startswith("G8.q"):
        return "questions", ""
    if name in files.clusters():
        return "clusters", factor_of(name)
    if name.startswith("F"):
        return "factors", name
    return "cards", files.REFILED.get(name, files.by_id("noise_cards", "noise_id")[name]["factor_id"])


def numbered(factor: str) -> str:
    return files.by_id("factors", "factor_id")[factor]["number"] if factor else ""


def vote_rows(order: Callable[[str], Any]) -> list[Row]:
    return [_vote_row(vote, one) for vote in votes() for one in count(vote, order).values()]


def _vote_row(vote: Vote, one: Result) -> Row:
    named = files.by_id("agenda", "round_id")[vote.round]
    kind, factor = kind_and_factor(one.target)
    low, high = one.interval or (None, None)
    return {
        "round": vote.round,
        "epoch": str(vote.epoch),
        "round_fr": named["name_fr"],
        "round_en": named["name_en"],
        "method": vote.method,
        "seats": str(len(files.people())),
        "ballots": str(len(vote.ballots)),
        "target_kind": kind,
        "target_id": one.target,
        "target_label": out(label(one.target)),
        "factor_id": factor,
        "factor_number": numbered(factor),
        "total": str(one.total),
        "internal": number(one.sides["internal"]),
        "external": number(one.sides["external"]),
        "rank": str(one.rank),
        "rank_within": "round" if one.bucket == WHOLE else "factor",
        "tied": "yes" if one.tied else "no",
        "counts": " ".join(f"{answer}={many}" for answer, many in one.counts.items()),
        "value": number(one.value),
        "answers": str(one.answers),
        "rank_low": number(low),
        "rank_high": number(high),
        "agreement": number(one.agreement),
        "divergence": number(one.divergence),
        "across": number(one.across),
        "first_choices": number(one.first),
        "schulze_rank": number(one.schulze),
        "quadrant": one.quadrant,
        "marks": " ".join(sorted(one.marks)),
        "criteria": one.criteria,
    }


def card_rows() -> list[Row]:
    """Every card that was published, by its name in the files, without the number and the language that the server gives."""
    last = _last_votes()
    late = {one.name for one in files.late()}
    return [
        _card_row(one, "late of B3" if one.name in late else round_id, last)
        for round_id in ("B1", "B3", "B5")
        for one in files.written(round_id)
        if one.name not in files.REFUSED and one.name not in files.HELD
    ]


def _card_row(one: files.Written, round_id: str, last: Mapping[str, Row]) -> Row:
    factor = files.REFILED.get(one.name, one.factor)
    titles = files.by_id("factors", "factor_id")[factor]
    cluster = in_the_end(one.cluster)
    language, translation = files.TRANSLATED.get(one.name, ("", ""))
    return {
        "name": one.name,
        "factor_number": titles["number"],
        "factor_id": factor,
        "factor_fr": titles["title_fr"],
        "factor_en": titles["title_en"],
        "text": out(files.kept(one.text)),
        "kind": files.KIND_OF.get(one.name, "action"),
        "translation_fr": translation if language == "fr" else "",
        "translation_en": translation if language == "en" else "",
        "round": round_id,
        "origin_factor_id": one.factor,
        "cluster_id": cluster,
        "cluster_name": out(label(cluster)) if cluster else "",
        **last.get(cluster or one.name, dict.fromkeys(VOTE_COLUMNS, "")),
        "comments": _said_of(cluster, "S01", "S07"),
        "expert_comments": _said_of(cluster, "S03", "S04", "S05"),
        "state": "published",
    }


VOTE_COLUMNS = ("vote_round", "points", "rank", "tied", "points_internal", "points_external")


def _last_votes() -> dict[str, Row]:
    """Target -> what the last vote on it gave."""
    return {
        one.target: {
            "vote_round": vote.round,
            "points": str(one.total),
            "rank": str(one.rank),
            "tied": "yes" if one.tied else "no",
            "points_internal": number(one.sides["internal"]),
            "points_external": number(one.sides["external"]),
        }
        for vote in votes()
        for one in count(vote).values()
    }


def in_the_end(cluster: str) -> str:
    """Where the cards of a cluster lie when all merges are done and undone."""
    merged = {**files.MERGED_IN_C3, **files.SUGGESTED_IN_C4, **files.MERGED_IN_C4}
    undone = {*files.SPLIT_IN_C4, *files.SPLIT_IN_D1}
    return cluster if cluster in undone else merged.get(cluster, cluster)


def _said_of(cluster: str, *staff: str) -> str:
    said = [
        f"[{kind}] {text}" if kind else text
        for remarks in files.SPOKEN.values()
        for who, target, kind, text in remarks
        if target == ("clusters", cluster) and who in staff
    ]
    return out(" | ".join(said)) if cluster else ""


def comment_rows() -> list[Row]:
    """Everything that was said and shown, without the language that the server reads in it."""
    found = [_comment(target, text, "A3") for _, target, text in files.questions_of_a3()]
    for round_id, remarks in files.SPOKEN.items():
        found += [_comment(target, text, round_id, who, kind) for who, target, kind, text in remarks]
    kept = kept_sheets()
    for place, (_, text) in enumerate(files.remarks_of_g3()):
        found.append(_comment(("sheets", f"sheet {kept[place % len(kept)]}"), text, "G3"))
    for given in files.consent_of_g4(kept).values():
        for cluster, answer in given.items():
            if isinstance(answer, dict):
                found.append(_comment(("sheets", f"sheet {cluster}"), answer["reserve"], "G4"))
    return found


def _comment(target: files.Target, text: str, round_id: str, who: str = "", kind: str | None = None) -> Row:
    table, name = target
    factor = kind_and_factor(name)[1]
    staff = files.by_id("staff", "staff_id").get(who, {"role": "participant", "label_fr": "", "label_en": ""})
    return {
        "factor_id": factor,
        "factor_number": numbered(factor),
        "target_kind": table,
        "target_id": name,
        "target_number": numbered(factor)
        if table == "factors"
        else sheet_number(name)
        if table == "sheets"
        else "",
        "target_label": out(label(name)),
        "by": staff["role"],
        "name_fr": staff["label_fr"],
        "name_en": staff["label_en"],
        "kind": kind or "",
        "text": out(text),
        "translation_fr": "",
        "translation_en": "",
        "round": round_id,
    }


def sheet_number(name: str) -> str:
    return str(1 + made_sheets().index(name.removeprefix("sheet ")))


def merge_rows() -> list[Row]:
    """What is one in the end: by whom, when, with which cards, and what came of the doubt."""
    found = []
    rounds = {**dict.fromkeys(files.MERGED_IN_C3, "C3"), **dict.fromkeys(files.SUGGESTED_IN_C4, "C4")}
    for cluster, round_id in rounds.items():
        into = in_the_end(cluster)
        if into == cluster:
            continue
        found.append(
            {
                "factor_id": factor_of(cluster),
                "factor_number": numbered(factor_of(cluster)),
                "cluster_id": cluster,
                "cluster_name": label(cluster),
                "former_names": "",
                "into_id": into,
                "into_name": label(into),
                "cards": " ".join(sorted(cards_of(cluster))),
                "by": "facilitator",
                "round": round_id,
                "contest": "kept" if cluster in files.KEPT_IN_D1 else "",
            }
        )
    return found


def cards_of(*clusters: str) -> list[str]:
    return [
        one.name
        for round_id in ("B1", "B3", "B5")
        for one in files.written(round_id)
        if one.cluster and one.cluster in clusters
    ]


def sheet_rows() -> list[Row]:
    g4 = votes()[5]
    counted = count(g4)
    return [_sheet_row(cluster, counted[f"sheet {cluster}"], len(g4.ballots)) for cluster in kept_sheets()]


def _sheet_row(cluster: str, voted: Result, ballots: int) -> Row:
    words = files.sheet_of(cluster)
    factor = factor_of(cluster)
    name = f"sheet {cluster}"
    behind = [c for c in files.clusters() if in_the_end(c) == cluster]
    return {
        "sheet_number": sheet_number(name),
        "sheet_id": name,
        "title": label(name),
        "disposition": words["disposition"],
        "state": "frozen",
        "version": "2" if label(name) == files.AMENDED_TITLE else "1",
        "factor_id": factor,
        "factor_number": numbered(factor),
        "other_factors": "",
        "axis": "Intégrité",
        "table": f"Table {files.TABLE_OF[factor][1:]}",
        **{field: words.get(field, "") for fields in files.ASKED.values() for field in fields},
        "source_kind": "clusters",
        "source_id": cluster,
        "source_cards": " ".join(sorted(cards_of(*behind))),
        "vote_round": "G4",
        "total": str(voted.total),
        "internal": number(voted.sides["internal"]),
        "external": number(voted.sides["external"]),
        "rank": str(voted.rank),
        "ballots": str(ballots),
    }
