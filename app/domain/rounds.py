"""The round as a machine: its states, which commands lead where, and whether it still takes what people send.

Table-driven and pure: no clock of its own (`now_ms` is an argument), no board, no operation.
"""

from __future__ import annotations

from app.domain.errors import Rejected
from app.domain.records import Record

LIVE = ("running", "paused")
TEXT_KINDS = frozenset({"post"})
BALLOT_KINDS = frozenset({"vote", "assess", "prioritise"})
MIN_SEATS = 5
MIN_AUTHORS = 5

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


def has_review(round_: Record) -> bool:
    """Whether close and publish are two steps: ballots always, sealed cards when the round says so."""
    return is_ballot(round_) or (is_text(round_) and round_["release"] != "batched" and round_["review"])


def at_epoch(round_: Record, epoch: int) -> None:
    """Refuse what was meant for another epoch of the round. Raises: Rejected("round_over" | "round_not_open")."""
    if round_["epoch"] == 0 or round_["state"] == "planned":
        raise Rejected("round_not_open")
    if round_["epoch"] != epoch:
        raise Rejected("round_over")


def takes_input(round_: Record, epoch: int, now_ms: int) -> None:
    """Refuse what comes to a round that is not live, or after its end and grace.

    While a round is paused only its clock stands still: what people send is taken.
    Raises: Rejected("round_over" | "round_not_open").
    """
    at_epoch(round_, epoch)
    if round_["state"] not in LIVE:
        raise Rejected("round_over")
    if round_["state"] == "running" and round_["at_zero"] == "close" and now_ms > deadline_ms(round_):
        raise Rejected("round_over", ended_ms=round_["ends_at_ms"])


def deadline_ms(round_: Record) -> int:
    """The last moment at which something may arrive: the end and the grace for what was under way."""
    end: int = round_["ends_at_ms"]
    return end + 1000 * int(round_["grace_s"] or 0)


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
