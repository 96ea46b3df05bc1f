"""The round as a machine: its states, which commands lead where, and whether it still takes what people send.

Table-driven and pure: no clock of its own (`now_ms` is an argument), no board, no operation.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.errors import Rejected
from app.domain.records import Record, State

LIVE = ("running", "paused")
# Begun, and what people sent is not opened yet.
UNOPENED = (*LIVE, "closed")
TEXT_KINDS = frozenset({"post"})
BALLOT_KINDS = frozenset({"vote", "assess", "prioritise"})
MIN_SEATS = 5
MIN_AUTHORS = 5
# What happens at zero: it only rings; it closes after the grace; it closes and the next round of the day starts.
AT_ZERO = ("ring", "close", "advance")
# When what people write is shown: at the opening; in batches out of a pool of five authors; each text by itself, unnamed or signed.
RELEASES = ("sealed", "batched", "at_once", "signed")
SHOWN_AT_ONCE = frozenset({"at_once", "signed"})
STATES = ("planned", "running", "paused", "closed", "published", "skipped", "void")
# What people see. `closing` and `reopened` are read from the record and the clock, never stored (decision 13).
PHASES = (*STATES, "closing", "reopened")

# command -> {state before: state after}
TRANSITIONS: dict[str, dict[str, str]] = {
    "start": {"planned": "running"},
    "pause": {"running": "paused"},
    "resume": {"paused": "running"},
    "extend": {"running": "running", "paused": "paused"},
    "release": {"running": "running", "paused": "paused"},
    "rekey": {"running": "running", "paused": "paused", "closed": "closed"},
    "close": {"running": "closed", "paused": "closed"},
    "publish": {"closed": "published"},
    "reopen": {"closed": "running", "published": "running"},
    "void": {"running": "void", "paused": "void", "closed": "void"},
    "skip": {"planned": "skipped"},
    "plan": {"skipped": "planned", "void": "planned"},
}


def step(round_: Record, command: str) -> str:
    """The state after a command. Raises: Rejected("not_in_this_state")."""
    try:
        return TRANSITIONS[command][round_["state"]]
    except KeyError:
        raise Rejected("not_in_this_state", state=round_["state"]) from None


def is_ballot(round_: Record) -> bool:
    return round_["kind"] in BALLOT_KINDS and bool(round_["method"])


def is_text(round_: Record) -> bool:
    return round_["kind"] in TEXT_KINDS


def is_sealed(round_: Record) -> bool:
    """Whether people's words or choices of this round lie in an urn until it is opened."""
    return is_text(round_) or is_ballot(round_)


def unfinished(rounds: Iterable[Record]) -> list[Record]:
    """The rounds that are under way, or whose urn is not opened yet."""
    return [r for r in rounds if r["state"] in (UNOPENED if is_sealed(r) else LIVE)]


def is_shown_at_once(round_: Record) -> bool:
    """Whether each text is shown by itself, as soon as it has come; its slot in the urn stays spent."""
    return is_text(round_) and round_["release"] in SHOWN_AT_ONCE


def drawn(authors: int) -> int:
    """Of how many of the authors who wait a batch shows one text each: a third stay behind, and five at the least.

    They are drawn by lot, so that who wrote last is not who is shown next.
    """
    return max(0, authors - max(MIN_AUTHORS, authors // 3))


def makes_a_batch(round_: Record, authors: int) -> bool:
    """Whether what so many authors have waiting may go: any number, where each card is shown at once."""
    return bool(authors if is_shown_at_once(round_) else drawn(authors))


def is_unnamed(round_: Record) -> bool:
    """Whether people take part without a name, which fewer than five cannot."""
    return is_sealed(round_) and round_["release"] != "signed"


def has_review(round_: Record) -> bool:
    """Whether close and publish are two steps: ballots always, sealed cards when the round says so."""
    return is_ballot(round_) or (is_text(round_) and round_["release"] == "sealed" and round_["review"])


def closes_itself(round_: Record) -> bool:
    return bool(round_["at_zero"] != "ring")


def phase(round_: Record, now_ms: int) -> str:
    """What people see: the state, or `closing` between the end and the grace, or `reopened` while it runs again."""
    if round_["state"] != "running":
        state: str = round_["state"]
        return state
    if closes_itself(round_) and now_ms > last_end_ms(round_):
        return "closing"
    return "reopened" if round_["reopened"] else "running"


def at_epoch(round_: Record, epoch: int) -> None:
    """Refuse what was meant for another epoch of the round. Raises: Rejected("round_over" | "round_not_open")."""
    if round_["epoch"] == 0 or round_["state"] == "planned":
        raise Rejected("round_not_open")
    if round_["epoch"] != epoch:
        raise Rejected("round_over")


def takes_input(round_: Record, epoch: int, now_ms: int, table: str | None = None) -> None:
    """Refuse what comes to a round that is not live, or after its end and grace; a table may have an end of its own.

    While a round is paused only its clock stands still: what people send is taken.
    Raises: Rejected("round_over" | "round_not_open").
    """
    at_epoch(round_, epoch)
    if round_["state"] not in LIVE:
        raise Rejected("round_over")
    if has_ended(round_, now_ms, table):
        running = round_["state"] == "running"
        raise Rejected("round_over", **({"ended_ms": end_ms(round_, table)} if running else {}))


def has_ended(round_: Record, now_ms: int, table: str | None) -> bool:
    """Whether a live round is over for a table, with its grace; one that only rings never is."""
    if not closes_itself(round_):
        return False
    if round_["state"] == "paused":
        # The clock stands; below zero it was stopped while another table had longer.
        return int(round_.get("left_ms") or 0) + extra_ms(round_, table) < 0
    return now_ms > end_ms(round_, table) + grace_ms(round_)


def extra_ms(round_: Record, table: str | None) -> int:
    """How much longer than the room a table has: so a pause, an outage or an extension for all moves every end alike."""
    extra: dict[str, int] = round_.get("extra") or {}
    return extra.get(table, 0) if table else 0


def longest_extra_ms(round_: Record) -> int:
    return max((round_.get("extra") or {}).values(), default=0)


def end_ms(round_: Record, table: str | None = None) -> int:
    """When a running round ends for a table; without one, for the room."""
    end: int = round_["ends_at_ms"]
    return end + extra_ms(round_, table)


def last_end_ms(round_: Record) -> int:
    return end_ms(round_) + longest_extra_ms(round_)


def grace_ms(round_: Record) -> int:
    """How long what was under way at the end is still taken."""
    return 1000 * int(round_["grace_s"] or 0)


def deadline_ms(round_: Record) -> int:
    """The last moment at which something may arrive from any table: then the round closes."""
    return last_end_ms(round_) + grace_ms(round_)


def left_ms(round_: Record, now_ms: int) -> int:
    """The time a running round has left; below zero only while a table that has longer still runs."""
    longest = longest_extra_ms(round_)
    return max(0, end_ms(round_) - now_ms + longest) - longest


def in_order(rounds: Iterable[Record]) -> list[Record]:
    return sorted(rounds, key=lambda round_: (round_["order"], round_["id"]))


def tallies_in_order(state: State) -> list[Record]:
    """As their rounds stand in the agenda, then by epoch."""
    place = {round_["id"]: number for number, round_ in enumerate(in_order(state["rounds"].values()))}
    return sorted(
        state["tallies"].values(), key=lambda tally: (place.get(tally["round"], -1), tally["epoch"])
    )


def next_of_the_day(rounds: Iterable[Record], after: Record) -> Record | None:
    """The planned round that follows one in the agenda, on the same day: nothing starts by itself the next morning."""
    later = (r for r in in_order(rounds) if r["order"] > after["order"] and r["day"] == after["day"])
    return next((r for r in later if r["state"] == "planned"), None)


def factors_for(round_: Record, table: str | None) -> list[str]:
    """The factors a person at this table works on in this round; without a scope, all of the round's."""
    if round_["scope"] is None:
        factors: list[str] = round_["factors"]
        return factors
    if table is None:
        return []
    return list(round_["scope"].get(table, []))


def in_scope(round_: Record, table: str | None, factor: str) -> None:
    """Raises: Rejected("wrong_factor")."""
    if factor not in factors_for(round_, table):
        raise Rejected("wrong_factor", factor=factor)
