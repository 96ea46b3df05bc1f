"""Paper ballots: what a seat decided on paper. One person at a desk enters it, a second one enters the same; then it counts.

The seat's own hand goes before other people's: where a seat has cast a ballot from a device, that ballot counts and the paper
does not, in whatever order they came (decision 26). So nobody can vote over somebody else's head with a sheet of paper.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from marshmallow import fields

from app.domain import rounds
from app.domain.counting import method_of
from app.domain.errors import Rejected
from app.domain.kinds import ballots
from app.domain.operations import Actor, Context, Drop, Rule, at_desk
from app.domain.payloads import record_id, schema
from app.domain.records import Record, State

# Two readings, and around them whose hands they are of and what they agree in.
_READINGS, _BYTES_AROUND = 2, 640


def enter(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> Drop:
    """One reading of one paper ballot, held until a second person has read the same. Without choices: the one that is held is
    taken back, because it was entered for the wrong seat.
    """
    voter = at_desk(actor, payload["seat"])
    round_ = ballots.voting(state, payload)
    rounds.at_epoch(round_, payload["epoch"])
    # The box is collected at the bell; what was in it may be entered until the count.
    if round_["state"] not in rounds.UNOPENED:
        raise Rejected("round_over")
    ballot = ballots.filled_in(round_, payload["choices"] or {}, voter)
    return replace(
        ballot,
        action="take_back" if payload["choices"] is None else "paper",
        size_bytes=_READINGS * ballot.size_bytes + _BYTES_AROUND,
        seat=voter.seat or "",
        hands=actor.person or "",
        essence=_essence(round_, ballot.body),
        instead=payload["instead"],
    )


def _essence(round_: Record, choices: dict[str, Any]) -> str:
    essence = method_of(round_).essence
    read = [[target, essence(choices[target])] for target in sorted(choices)]
    return hashlib.sha256(json.dumps(read, sort_keys=True).encode()).hexdigest()


def round_for_paper(some: Iterable[Record]) -> Record | None:
    """The vote whose paper is being entered: the live one, else the last that waits for its count."""
    takes = [r for r in rounds.in_order(some) if rounds.is_ballot(r) and r["state"] in rounds.UNOPENED]
    live = [round_ for round_ in takes if round_["state"] in rounds.LIVE]
    return next(iter([*live, *takes[::-1]]), None)


def list_mark(targets: Iterable[dict[str, Any]]) -> str:
    """What tells one list of a vote from another: printed on its ballots, shown where they are entered."""
    ids = "\n".join(target["id"] for target in targets)
    return hashlib.sha256(ids.encode()).hexdigest()[:4].upper()


RULES = {
    "ballot.paper": Rule(
        schema(
            **ballots.IN_ROUND,
            seat=record_id(),
            choices=ballots.choices(allow_none=True),
            instead=fields.Boolean(load_default=False, truthy={True}, falsy={False}),
        ),
        enter,
    ),
}
