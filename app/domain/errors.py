"""The one closed list of refusals. The domain raises `Rejected`; only the edges turn it into HTTP or frames."""

from __future__ import annotations

from typing import Any

CODES: dict[str, str] = {
    "not_allowed": "this role may not do this now",
    "round_over": "the round ended, or another one took its place; the text goes back as a draft",
    "round_not_open": "the round has not begun",
    "wrong_factor": "the factor is not among those of this table in this round",
    "no_such_seat": "no seat at the sender's desk has this mark",
    "budget_spent": "every card of this round is used",
    "board_full": "the board holds all it may: `most` cards, comments or bytes of log",
    "empty_text": "nothing readable is left of the text",
    "too_long": "the text is longer than `limit` characters",
    "bad_payload": "the payload has an unknown field, a wrong type or a value out of bounds",
    "unknown_kind": "no operation has this kind",
    "id_reused": "the same operation id came with another payload",
    "archived": "the board was put away: it is read, and no longer changed",
    "gone": "the record does not exist, or the secret does not fit",
    "moved_meanwhile": "somebody moved the card first; `to` is where it is now",
    "name_taken_meanwhile": "somebody renamed the cluster first; `name` is what it is called now",
    "names_wait": "on this board names come after the sorting: once a grouping round of the factor is over",
    "changed_meanwhile": "somebody changed it first; `now`, where it is one value, is what stands there",
    "bad_target": "the ballot names something that is not on the list",
    "over_points": "the ballot spends more points than the budget; `left` says by how many (negative)",
    "over_choices": "the ballot marks more targets than `most`; `over` says by how many",
    "over_cap": "one target has more points than `cap`",
    "paper_differs": "another person has read something else on this seat's paper ballot",
    "over_hands": "more hands than people: `most` says how many there can be",
    "too_few_seats": "an unnamed round needs at least `needed` seats; `seats` have joined",
    "too_few_authors": "fewer than five people wrote; nothing is shown unnamed",
    "not_in_this_state": "the round or record is in a state where this has no meaning",
    "another_round_runs": "only one round runs at a time; `round` is running",
    "no_targets": "there is nothing to vote on",
    "unsigned": "cards of this round carry their author's name; the sender did not agree to that",
    "bad_plan": "the rules of the round do not fit together; `field` says where",
    "slow_down": "too many operations from this seat; try again shortly",
    "retry": "the server could not decide now; send the same operation again",
    "storage": "the server cannot write; the operation is not kept, send it again later",
    "internal": "our mistake; nothing was changed",
    "not_joined": "say hello to a board first",
    "reload": "this page is older than the server; load it again",
}

# After these the browser sends the same operation again; after any other the answer is final.
PASSING = frozenset({"slow_down", "retry", "storage"})


class Rejected(Exception):
    """A refusal with a code from `CODES` and the data its sentence needs."""

    def __init__(self, code: str, **data: Any) -> None:
        if code not in CODES:
            raise KeyError(code)
        super().__init__(code)
        self.code = code
        self.data = data
