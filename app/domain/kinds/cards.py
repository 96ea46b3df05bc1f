"""Cards: dropped into the urn while a round runs, moved between clusters afterwards, held by the facilitator with a reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from marshmallow import fields, validate

from app.domain import rounds, wording
from app.domain.changes import Change, patch
from app.domain.erasure import QUOTING, blanking, unquoted, wordless, words_of
from app.domain.errors import Rejected
from app.domain.kinds import translations
from app.domain.language import LANGUAGES
from app.domain.operations import Actor, Context, Drop, Erasure, Rule, at_desk, need
from app.domain.payloads import (
    EPOCH,
    REVISION,
    StrictString,
    choice,
    hex64,
    optional_id,
    raw_text,
    record_id,
    schema,
    whole,
)
from app.domain.policy import live_round
from app.domain.records import ALL, STAFF, Record, State

IN_ROUND = {"round": record_id(), "epoch": whole(*EPOCH)}
MOST_MOVES = 100
KINDS = ("action", "question", "comment")


def budget_of(round_: Record, factor: str) -> tuple[str, int]:
    """The bucket a card counts in, and how many one seat may have there."""
    return (factor if round_["per_factor"] else "*"), round_["cards_per_person"] or 1


def _open_post_round(state: State, payload: dict[str, Any], actor: Actor, context: Context) -> Record:
    round_ = need(state, "rounds", payload["round"])
    if not rounds.is_text(round_):
        raise Rejected("not_in_this_state", state=round_["state"])
    rounds.takes_input(round_, payload["epoch"], context.now_ms, actor.table)
    return round_


def _card(state: State, card_id: str) -> Record:
    """A card whose words are still there. Raises: Rejected("gone")."""
    card = need(state, "cards", card_id)
    if card["state"] == "erased":
        raise Rejected("gone")
    return card


def post(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> Drop:
    round_ = _open_post_round(state, payload, actor, context)
    rounds.in_scope(round_, actor.table, payload["factor"])
    bucket, budget = budget_of(round_, payload["factor"])
    body = {"factor": payload["factor"], "text": wording.clean(payload["text"], wording.CARD_CHARS)}
    body |= _signature(round_, payload, actor)
    return Drop("put", round_["id"], round_["epoch"], "card", bucket, budget, body, payload["secret_hash"])


def enter(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> Drop:
    """A card that somebody without a device dictates: decided, counted and kept as if that person had written it."""
    author = at_desk(actor, payload["seat"])
    return replace(post(state, payload, author, context, op_id), seat=author.seat or "")


def _signature(round_: Record, payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """The author's name, in a round whose cards are signed: by the own tick of each author, never by default.

    Raises: Rejected("unsigned") in such a round; Rejected("bad_payload") where a name would break what was promised.
    """
    if round_["release"] == "signed":
        if not payload["signed"]:
            raise Rejected("unsigned")
        return {"name": actor.name}
    if payload["signed"]:
        raise Rejected("bad_payload", fields=["signed"])
    return {}


def edit(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> Drop:
    round_ = _open_post_round(state, payload, actor, context)
    return Drop(
        "edit",
        round_["id"],
        round_["epoch"],
        "card",
        body={"text": wording.clean(payload["text"], wording.CARD_CHARS)},
        secret=payload["secret"],
        revision=payload["revision"],
    )


def withdraw(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> Drop:
    round_ = _open_post_round(state, payload, actor, context)
    return Drop(
        "withdraw",
        round_["id"],
        round_["epoch"],
        "card",
        secret=payload["secret"],
        revision=payload["revision"],
    )


def claim(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> Drop:
    """After the urn's key was lost: count an own text under the new key again. The secret proves that it is one's own.

    What a desk entered is claimed by the desk, which alone has the secret, for the seat that it was entered for.
    """
    seat = at_desk(actor, payload["seat"]).seat if payload["seat"] else None
    round_ = need(state, "rounds", payload["round"])
    rounds.at_epoch(round_, payload["epoch"])
    if round_["state"] not in rounds.UNOPENED:
        raise Rejected("round_over")  # the urn is gone, and nothing is anybody's any more
    if round_["key"] == 1:
        raise Rejected("not_in_this_state", state=round_["state"])
    bucket, budget = budget_of(round_, payload["factor"])
    body = {"factor": payload["factor"]}
    drop = Drop(
        "claim", round_["id"], round_["epoch"], "card", bucket, budget, body, secret=payload["secret"]
    )
    return replace(drop, seat=seat or "")


def may_group(state: State, actor: Actor, factor: str) -> None:
    """During a cluster round people group what lies on their table; the facilitator groups anything, but never under a vote
    that is not counted yet.
    """
    for round_ in state["rounds"].values():
        if rounds.is_ballot(round_) and round_["state"] in rounds.UNOPENED:
            raise Rejected("not_in_this_state", state=round_["state"])
    live = live_round(state["rounds"].values())
    if actor.role == "facilitator":
        return
    if live:
        rounds.in_scope(live, actor.table, factor)


def where_now(state: State, cluster_id: str) -> Record:
    """The cluster, or the one it was merged into."""
    cluster = need(state, "clusters", cluster_id)
    while cluster["merged_into"]:
        cluster = need(state, "clusters", cluster["merged_into"])
    return cluster


def move(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """Move cards that are still where the mover saw them; those that somebody moved first stay.

    Raises: Rejected("moved_meanwhile", card, to) when none of them is where it was seen.
    """
    changes: list[Change] = []
    elsewhere: Record | None = None
    for asked in payload["moves"]:
        card = _card(state, asked["card"])
        target = where_now(state, asked["to"]) if asked["to"] else None
        may_group(state, actor, card["factor"])
        if target and actor.role != "facilitator":
            may_group(state, actor, target["factor"])
        to = target["id"] if target else None
        if card["cluster"] == to:
            continue
        if card["cluster"] != asked["seen"]:
            elsewhere = card
            continue
        changes.append(patch("cards", card, cluster=to))
    if not changes and elsewhere:
        raise Rejected("moved_meanwhile", card=elsewhere["id"], to=elsewhere["cluster"])
    return changes


def hold(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """Take a card out of sight, with a reason that staff can read."""
    card = _card(state, payload["card"])
    if card["state"] == "held":
        raise Rejected("not_in_this_state", state="held")
    reason = wording.clean(payload["reason"], wording.REASON_CHARS)
    return [patch("cards", card, state="held", reason=reason, audience=STAFF, cluster=None)]


def release(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str
) -> list[Change]:
    """Give a held card back: to the review tray while its round is closed, to everyone afterwards."""
    card = _card(state, payload["card"])
    if card["state"] != "held":
        raise Rejected("not_in_this_state", state=card["state"])
    round_ = state["rounds"][card["round"]]
    reviewing = round_["state"] == "closed" and round_["epoch"] == card["epoch"]
    if reviewing:
        return [patch("cards", card, state="review", reason=None)]
    return [patch("cards", card, state="published", reason=None, audience=ALL)]


def erase(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> Erasure:
    """Take a card's words from the board and out of its whole history; a mark that one was taken away stays for everybody.

    Not while its urn still has it (hold it, publish, then erase it), and not under a vote that is not counted yet.
    """
    card = _card(state, payload["card"])
    for round_ in state["rounds"].values():
        waits = round_["id"] == card["round"] and round_["epoch"] == card["epoch"]
        votes = rounds.is_ballot(round_) and _is_on(round_["ballot"], card)
        if round_["state"] in rounds.UNOPENED and (waits or votes):
            raise Rejected("not_in_this_state", state=round_["state"])
    words = words_of(card)
    quoted = [
        patch(table, record, **blank)
        for table in QUOTING
        for record in state[table].values()
        if (blank := unquoted(record, words))
    ]
    gone = patch("cards", card, state="erased", reason=None, cluster=None, audience=ALL, **wordless(card))
    return Erasure([gone, *quoted], blanking(state, card))


def _is_on(ballot: list[Record] | None, card: Record) -> bool:
    return any(target["id"] in (card["id"], card["cluster"]) for target in ballot or ())


def mark(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """Say what a card is: only actions are put to the vote, a question or remark stays on the board as such; or in which
    language it is. What is put to the vote is the facilitator's to say.
    """
    card = _card(state, payload["card"])
    if payload["kind"] and actor.role != "facilitator":
        raise Rejected("not_allowed")
    return translations.marked("cards", card, kind=payload["kind"], language=payload["language"])


def refile(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """Put a card under another factor; it leaves its cluster, which has a home of its own. `origin` stays where it was written."""
    card = _card(state, payload["card"])
    need(state, "factors", payload["factor"])
    if card["factor"] == payload["factor"]:
        return []
    may_group(state, actor, card["factor"])
    return [patch("cards", card, factor=payload["factor"], cluster=None)]


def translate(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str
) -> list[Change]:
    card = _card(state, payload["card"])
    return translations.translated("cards", card, payload["language"], payload["text"], wording.CARD_CHARS)


MOVES = fields.List(
    fields.Nested(schema(card=record_id(), to=optional_id(), seen=optional_id())),
    required=True,
    validate=validate.Length(1, MOST_MOVES),
)

OWN_TICK = fields.Boolean(load_default=False, truthy={True}, falsy={False})

CARD = {**IN_ROUND, "factor": record_id(), "text": raw_text(), "secret_hash": hex64(), "signed": OWN_TICK}

RULES = {
    "card.post": Rule(schema(**CARD), post),
    "card.enter": Rule(schema(**CARD, seat=record_id()), enter),
    "card.edit": Rule(schema(**IN_ROUND, secret=hex64(), revision=whole(*REVISION), text=raw_text()), edit),
    "card.withdraw": Rule(schema(**IN_ROUND, secret=hex64(), revision=whole(*REVISION)), withdraw),
    "card.claim": Rule(
        schema(
            **IN_ROUND,
            factor=record_id(),
            secret=hex64(),
            seat=optional_id(required=False, load_default=None),
        ),
        claim,
    ),
    "card.move": Rule(schema(moves=MOVES), move),
    "card.hold": Rule(
        schema(card=record_id(), reason=StrictString(required=True, validate=validate.Length(max=1000))), hold
    ),
    "card.release": Rule(schema(card=record_id()), release),
    "card.erase": Rule(schema(card=record_id()), erase),
    "card.mark": Rule(schema(card=record_id(), kind=choice(*KINDS), language=choice(*LANGUAGES)), mark),
    "card.refile": Rule(schema(card=record_id(), factor=record_id()), refile),
    "card.translate": Rule(
        schema(
            card=record_id(),
            language=StrictString(required=True, validate=validate.OneOf(LANGUAGES)),
            text=raw_text(),
        ),
        translate,
    ),
}
