"""What a run found, in one page: the figures side by side, the goals of issue 3 with their ratios, and how cost grows."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.bench.files import File
from tests.bench.generator import Arrival
from tests.bench.measure import exponent, median
from tests.bench.room import DISTURBED
from tests.bench.trials import MISSED, QUIET_CLIENTS, QUIET_RATE, RATE, Crowd, Growth, Peak

FULL_CORE = 0.9
WITHIN_S = 5
Figure = float | None


@dataclass(slots=True)
class Results:
    """Everything a run measured, by server; several of each are repeats."""

    crowds: dict[str, list[Crowd]] = field(default_factory=dict)
    peaks: dict[str, list[Peak]] = field(default_factory=dict)
    by_cards: list[Growth] = field(default_factory=list)
    by_history: list[Growth] = field(default_factory=list)
    herd: Arrival | None = None
    files: list[File] = field(default_factory=list)

    def crowd(self, server: str, read: Callable[[Crowd], float]) -> Figure:
        """The median over the repeats."""
        return median([read(one) for one in self.crowds[server]]) if self.crowds.get(server) else None

    def peak(self, server: str, read: Callable[[Peak], float]) -> Figure:
        return median([read(one) for one in self.peaks[server]]) if self.peaks.get(server) else None

    @property
    def sizes(self) -> list[int]:
        return list(next(iter(self.crowds.values()))[0].loads) if self.crowds else []


@dataclass(frozen=True, slots=True)
class Goal:
    """One line of the issue's table. `figure` None: not run."""

    text: str
    figure: Figure
    bound: float
    at_least: bool = False

    @property
    def verdict(self) -> str:
        if self.figure is None:
            return "not run"
        is_met = self.figure >= self.bound if self.at_least else self.figure <= self.bound
        if is_met:
            return "reached"
        off = abs(self.figure / self.bound - 1) if self.bound else math.inf
        return f"missed by {off:.0%}".replace("%", " %") if math.isfinite(off) else "missed"


def show(results: Results) -> None:
    for part in (_figures, _goals, _growth, _files):
        lines = part(results)
        if lines:
            print("\n".join(lines), end="\n\n", flush=True)


# --- side by side ---


def _figures(results: Results) -> list[str]:
    names = list(results.crowds) or list(results.peaks)
    rows: list[tuple[str, list[Figure]]] = []

    def crowd_row(label: str, read: Callable[[Crowd], float]) -> None:
        rows.append((label, [results.crowd(name, read) for name in names]))

    def peak_row(label: str, read: Callable[[Peak], float]) -> None:
        rows.append((label, [results.peak(name, read) for name in names]))

    if results.crowds:
        for size in results.sizes:
            at = f"{size} clients, {RATE}/s"
            crowd_row(f"CPU us per delivery, {at}", lambda c, n=size: c.loads[n].us_per_delivery)
            crowd_row(f"p50 ms, {at}", lambda c, n=size: c.loads[n].p50_ms)
            crowd_row(f"p99 ms, {at}", lambda c, n=size: c.loads[n].p99_ms)
        crowd_row(f"p50 ms, {QUIET_CLIENTS} clients, {QUIET_RATE}/s", lambda c: c.quiet.p50_ms)
        crowd_row(f"p99 ms, {QUIET_CLIENTS} clients, {QUIET_RATE}/s", lambda c: c.quiet.p99_ms)
        crowd_row("fsync p99 ms, beside it", lambda c: c.fsync_p99_ms)
        crowd_row("bytes per delivery", lambda c: c.loads[results.sizes[-1]].bytes_per_delivery)
        crowd_row(f"RSS KB per client, {results.sizes[-1]}", lambda c: c.rss_kb)
        crowd_row("load generator's core, at most", lambda c: max(one.own_share for one in c.loads.values()))
        crowd_row(
            "others on these cores, at most", lambda c: max(one.others_share for one in c.loads.values())
        )
    if results.peaks:
        clients = next(iter(results.peaks.values()))[0].clients
        peak_row(f"largest rate/s, {clients} clients", lambda p: p.rate)
        peak_row("  deliveries/s there", lambda p: p.deliveries_per_s)
        peak_row("  CPU us per delivery there", lambda p: p.load.us_per_delivery)
        peak_row("  operations per frame there", lambda p: p.load.operations_per_frame)
        peak_row("  bytes per delivery there", lambda p: p.load.bytes_per_delivery)
        peak_row("  load generator's core there", lambda p: p.load.own_share)
        peak_row("  others on these cores there", lambda p: p.load.others_share)
    if not rows:
        return []
    head = f"{'':40}" + "".join(f"{name:>10}" for name in names)
    return [head, *(f"{label:40}" + "".join(map(_cell, figures)) for label, figures in rows)]


def _cell(figure: Figure) -> str:
    return f"{_number(figure):>10}"


def _number(figure: Figure) -> str:
    if figure is None:
        return "-"
    if math.isinf(figure):
        return "never"
    if abs(figure) >= 1000:
        return f"{figure:,.0f}"
    return f"{figure:.1f}" if abs(figure) >= 10 else f"{figure:.2f}"


# --- the goals ---


def goals(results: Results) -> list[Goal]:
    """The issue's table. What was not measured says so."""
    return [*_crowd_goals(results), *_peak_goals(results), *_return_goals(results)]


def _crowd_goals(results: Results) -> list[Goal]:
    found = []
    for size in (200, 800):
        for other, bound in (("node", 0.7), ("floor", 1.5)):
            cost = [
                results.crowd(name, lambda c, n=size: c.loads[n].us_per_delivery)
                if size in results.sizes
                else None
                for name in ("ours", other)
            ]
            found.append(Goal(f"CPU per delivery, {size} clients: times {other}'s", _ratio(*cost), bound))
    ours, node = (results.crowd(name, lambda c: c.quiet.p99_ms) for name in ("ours", "node"))
    fsync = results.crowd("ours", lambda c: c.fsync_p99_ms)
    allowed = math.nan if node is None or fsync is None else 1.5 * node + fsync
    text = f"p99 ms, {QUIET_CLIENTS} clients, {QUIET_RATE}/s: 1.5 x node's and an fsync's"
    found.append(Goal(text, ours if node else None, allowed))
    size = results.sizes[-1] if results.sizes else 0
    sizes = [results.crowd(name, lambda c: c.loads[size].bytes_per_delivery) for name in ("ours", "node")]
    found.append(Goal(f"bytes per delivery, {RATE}/s: times node's", _ratio(*sizes), 1.2))
    found.append(Goal("RSS KB per client", results.crowd("ours", lambda c: c.rss_kb), 45))
    found.append(Goal("RSS KB per client, at the least", results.crowd("ours", lambda c: c.rss_kb), 60))
    return found


def _peak_goals(results: Results) -> list[Goal]:
    rates = [results.peak(name, lambda p: p.deliveries_per_s) for name in ("ours", "node")]
    at_peak = results.peak("ours", lambda p: p.load.bytes_per_delivery)
    size = results.sizes[-1] if results.sizes else 0
    steady = results.crowd("ours", lambda c: c.loads[size].bytes_per_delivery)
    return [
        Goal("deliveries/s at saturation: times node's", _ratio(*rates), 6, at_least=True),
        Goal(f"bytes per delivery there: times those at {RATE}/s", _ratio(at_peak, steady), 0.99),
    ]


def _return_goals(results: Results) -> list[Goal]:
    by_cards = results.by_cards
    joins = hour = answers = None
    if len(by_cards) > 1:
        small, large = by_cards[0], by_cards[-1]
        joins = large.join_us / small.join_us
        hour = large.catch_up_us[MISSED] / small.catch_up_us[MISSED]
        answers = float(max(one.answers + one.resets for one in by_cards))
    of = f"{by_cards[-1].cards:,} cards: times that at {by_cards[0].cards:,}" if by_cards else "cards"
    slowest = max(results.herd.took, default=math.inf) if results.herd else None
    turned_away = float(len(results.herd.turned_away)) if results.herd else None
    return [
        Goal(f"CPU of a first load, {of}", joins, 1.2),
        Goal("400 back at once: the slowest, s", slowest, WITHIN_S),
        Goal("400 back at once: refused", turned_away, 0),
        Goal(f"{MISSED} operations missed: answers", answers, 1),
        Goal(f"  their CPU, {of}", hour, 1.2),
    ]


def _ratio(ours: Figure, theirs: Figure) -> Figure:
    return ours / theirs if ours is not None and theirs else None


def _goals(results: Results) -> list[str]:
    lines = [f"{'goal (issue 3)':62}{'measured':>10}{'bound':>10}"]
    for goal in goals(results):
        sign = ">=" if goal.at_least else "<="
        bound = "-" if math.isnan(goal.bound) else f"{sign} {_number(goal.bound)}"
        lines.append(f"{goal.text:62}{_cell(goal.figure)}{bound:>10}  {goal.verdict}")
    return lines + _doubts(results)


def _doubts(results: Results) -> list[str]:
    """What the reader must know of the figures before believing them."""
    doubts = [
        f"{name}: its largest rate is a lower bound, the load generator's own core was full."
        for name in results.peaks
        if results.peak(name, lambda p: p.load.own_share) > FULL_CORE
    ]
    loads = [load for crowds in results.crowds.values() for one in crowds for load in one.loads.values()]
    loads += [one.load for peaks in results.peaks.values() for one in peaks]
    disturbed = max((load.others_share for load in loads), default=0)
    if disturbed > DISTURBED:
        doubts.append(
            f"Others used up to {disturbed:.0%} of these cores meanwhile: run it again for times and rates that are ours."
        )
    return doubts


# --- how cost grows ---


def _growth(results: Results) -> list[str]:
    lines = []
    if results.crowds.get("ours"):
        costs = [
            (n, results.crowd("ours", lambda c, n=n: c.loads[n].us_per_operation)) for n in results.sizes
        ]
        lines.append(_line("CPU us per operation against clients", costs))
        costs = [(n, results.crowd("ours", lambda c, n=n: c.loads[n].us_per_delivery)) for n in results.sizes]
        lines.append(_line("CPU us per delivery against clients", costs))
    for name, found in (("cards", results.by_cards), ("history", results.by_history)):
        if found:
            sizes = [getattr(one, name) for one in found]
            for what, read in (("operation", lambda g: g.operation_us), ("first load", lambda g: g.join_us)):
                costs = [(size, read(one)) for size, one in zip(sizes, found, strict=True)]
                lines.append(_line(f"CPU us per {what} against {name}", costs))
            costs = [(size, one.catch_up_us[MISSED]) for size, one in zip(sizes, found, strict=True)]
            lines.append(_line(f"CPU us to catch up {MISSED} against {name}", costs))
    if results.by_cards:
        missed = [(n, cost) for n, cost in results.by_cards[0].catch_up_us.items() if n]
        lines.append(_line("CPU us to catch up against what was missed", missed))
    return lines


def _line(label: str, costs: Sequence[tuple[int, float]]) -> str:
    points = "  ".join(f"{size:,}: {_number(cost)}" for size, cost in costs)
    grows = f"grows with exponent {exponent(costs):.2f}" if len(costs) > 1 else ""
    return f"{label:44}{points:48}{grows}"


# --- files ---

# Seconds of a processor, by how a file's name ends (issue 6): what a machine does beside it is not the file's.
MOST_S = {"csv": 1, "json": 1, "xlsx": 10, "pdf": 10, "docx": 10, "zip": 20}


def _files(results: Results) -> list[str]:
    if not results.files:
        return []
    lines = [
        f"{'file of the large board (issue 6)':44}{'s':>10}{'CPU s':>10}{'KB':>10}{'RSS +KB':>10}{'bound':>10}"
    ]
    for one in results.files:
        bound = next((most for ending, most in MOST_S.items() if f".{ending}" in one.name), 1)
        figures = "".join(map(_cell, (one.seconds, one.cpu_s, one.kb, one.rss_kb, bound)))
        lines.append(f"{one.name:44}{figures}  {'reached' if one.cpu_s <= bound else 'missed'}")
    return lines
