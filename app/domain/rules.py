"""From operation to decision: the rules of all kinds gathered in one table, and the only way to a change.

`decide` reads the state, never alters it, and knows no clock and no chance: the context brings them. The rules themselves
live in `kinds/`, one noun a file; who may send what stands in `policy.py`.
"""

from __future__ import annotations

from app.domain import policy
from app.domain.errors import Rejected
from app.domain.kinds import (
    agenda,
    ballots,
    board,
    boardfile,
    cards,
    clusters,
    comments,
    handcounts,
    keeping,
    notes,
    pairs,
    papers,
    progress,
    rounds,
    sheets,
    suggestions,
    versions,
)
from app.domain.operations import Actor, Context, Decision, Operation, Rule, load
from app.domain.records import State

RULES: dict[str, Rule] = {
    **board.RULES,
    **boardfile.RULES,
    **rounds.RULES,
    **agenda.RULES,
    **cards.RULES,
    **clusters.RULES,
    **ballots.RULES,
    **papers.RULES,
    **handcounts.RULES,
    **comments.RULES,
    **suggestions.RULES,
    **pairs.RULES,
    **sheets.RULES,
    **versions.RULES,
    **progress.RULES,
    **notes.RULES,
    **keeping.RULES,
}


def decide(state: State, operation: Operation, actor: Actor, context: Context) -> Decision:
    """What becomes of an operation: changes for the log, a drop for an urn, or the opening of one.

    Raises: Rejected with a code of `errors.CODES`.
    """
    rule = RULES.get(operation.kind)
    if rule is None:
        raise Rejected("unknown_kind")
    payload = load(rule.schema, operation.payload)
    live = policy.live_round(state["rounds"].values())
    policy.check(state, live, operation.kind, payload, actor)
    policy.on_time(live, operation.kind, actor, context.now_ms)
    return rule.decide(state, payload, actor, context, operation.id)
