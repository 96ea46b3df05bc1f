"""Commands on rounds: start, pause, resume, extend, close, publish, reopen, void, skip. What opens
an urn, and what comes out of it. The agenda itself is changed in `agenda.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from marshmallow import fields, validate

from app.domain import closing, rounds
from app.domain.changes import Change, applied, patch, put, remove
from app.domain.counting import method_of
from app.domain.counting.change import beside
from app.domain.counting.consent import reserves
from app.domain.counting.tally import tally
from app.domain.errors import Rejected
from app.domain.kinds import comments, handcounts
from app.domain.kinds.ballots import MOST_TARGETS, targets_of
from app.domain.kinds.cards import budget_of
from app.domain.kinds.earlier import scores_then
from app.domain.language import language_of
from app.domain.operations import Actor, Contents, Context, Decision, Opening, Rule, Slots, Text, need
from app.domain.payloads import EPOCH, NOW_MS, optional_id, record_id, schema, whole
from app.domain.policy import live_round
from app.domain.records import ALL, STAFF, Record, State

MINUTE_MS = 60_000
LONGEST_MS = 24 * 60 * MINUTE_MS


def _round(state: State, payload: dict[str, Any], command: str) -> tuple[Record, str]:
    """The round a command is about and the state it leads to. Raises: Rejected("round_over" | "not_in_this_state")."""
    round_ = need(state, "rounds", payload["round"])
    if "epoch" in payload:
        rounds.at_epoch(round_, payload["epoch"])
    return round_, rounds.step(round_, command)


def _opening(round_: Record, then: Callable[[Contents], list[Change]], **how: Any) -> Opening:
    """Shape: `how` are the fields of `Opening` that say what becomes of the urn."""
    return Opening(round_["id"], round_["epoch"], then, slots_of(round_), **how)


def slots_of(round_: Record) -> list[Slots]:
    """Where a seat's texts may lie in this round's urn: what is needed to count the people behind them."""
    slots = [Slots("comment", "*", comments.COMMENTS_PER_ROUND)]
    if rounds.is_text(round_):
        slots += {Slots("card", *budget_of(round_, factor)) for factor in round_["factors"]}
    return slots


def _nothing_else_runs(state: State) -> None:
    if live := live_round(state["rounds"].values()):
        raise Rejected("another_round_runs", round=live["id"])


def _opens_with(round_: Record, context: Context) -> dict[str, Any]:
    """What every beginning of an epoch sets. Raises: Rejected("too_few_seats", seats, needed) for an unnamed round."""
    if rounds.is_unnamed(round_) and context.seats < rounds.MIN_SEATS:
        raise Rejected("too_few_seats", seats=context.seats, needed=rounds.MIN_SEATS)
    return {
        "epoch": round_["epoch"] + 1,
        "key": 1,
        "released": 0,
        "unshown": 0,
        "roster": context.seats,
        "left_ms": None,
        "pause_reason": None,
        "extra": {},
    }


def start(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> Decision:
    return [_begun(state, payload, context)]


def _begun(state: State, payload: dict[str, Any], context: Context) -> Change:
    """Without targets in the payload, a vote is on those it was planned for, or on all there are."""
    round_, after = _round(state, payload, "start")
    _nothing_else_runs(state)
    fields_ = _opens_with(round_, context)
    if rounds.is_ballot(round_):
        method_of(round_)
        fields_["ballot"] = targets_of(state, round_, payload["targets"] or round_.get("chosen"))
    if round_.get("held_up"):
        fields_["held_up"] = None
    ends = context.now_ms + round_["minutes"] * MINUTE_MS
    return patch("rounds", round_, state=after, ends_at_ms=ends, **fields_)


def pause(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> Decision:
    """Stop the round's clock. By the server's clock after an outage, with the time that was left when it began."""
    round_, after = _round(state, payload, "pause")
    outage = actor.role == "clock"
    left = payload["left_ms"] if outage else rounds.left_ms(round_, context.now_ms)
    return [
        patch(
            "rounds",
            round_,
            state=after,
            ends_at_ms=None,
            left_ms=left or 0,
            pause_reason="outage" if outage else "hand",
        )
    ]


def resume(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> Decision:
    round_, after = _round(state, payload, "resume")
    ends = context.now_ms + round_["left_ms"]
    return [patch("rounds", round_, state=after, ends_at_ms=ends, left_ms=None, pause_reason=None)]


def extend(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> Decision:
    """The new end (or, while paused, the time left) as it was shown to the person, so that a retry never adds twice.

    For one table, the end is its own: the others close when the room does.
    """
    round_, _ = _round(state, payload, "extend")
    if payload["table"]:
        return [patch("rounds", round_, extra=_extra_with(state, round_, payload, context))]
    if round_["state"] == "paused":
        if payload["left_ms"] is None:
            raise Rejected("not_in_this_state", state="paused")
        return [patch("rounds", round_, left_ms=payload["left_ms"])]
    end = payload["ends_at_ms"]
    if end is None or not context.now_ms < end <= context.now_ms + LONGEST_MS:
        raise Rejected("bad_payload", fields=["ends_at_ms"])
    return [patch("rounds", round_, ends_at_ms=end)]


def _extra_with(state: State, round_: Record, payload: dict[str, Any], context: Context) -> dict[str, int]:
    """Every table's time beyond the room's, with the table's new one. Back at the room's end, it has none of its own."""
    need(state, "tables", payload["table"])
    asked, room = payload["ends_at_ms"], round_["ends_at_ms"]
    if round_["state"] == "paused":
        asked, room = payload["left_ms"], round_["left_ms"]
    if asked is None or not room <= asked <= room + LONGEST_MS:
        raise Rejected("bad_payload", fields=["ends_at_ms", "left_ms"])
    if round_["state"] == "running" and room < asked <= context.now_ms:
        raise Rejected("bad_payload", fields=["ends_at_ms"])
    extra = {**(round_.get("extra") or {}), payload["table"]: asked - room}
    return {table: ms for table, ms in extra.items() if ms > 0}


def close(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> Decision:
    """End the input. With a review the cards lie shuffled before staff; without one, closing is publishing.

    The clock names the deadline it saw: when that moved, its close is void (`round_over`), so an extension always wins.
    Where the round says so, the clock's close starts the next one in the same operation, so that no crash comes between.
    """
    round_, after = _round(state, payload, "close")
    if actor.role == "clock":
        moved = round_["state"] != "running" or payload["deadline_ms"] != rounds.deadline_ms(round_)
        if moved or context.now_ms <= rounds.deadline_ms(round_):
            raise Rejected("round_over")
    advances = actor.role == "clock" and round_["at_zero"] == "advance"

    def go_on(changes: list[Change]) -> list[Change]:
        return changes + (_next_begun(applied(state, changes), round_, context) if advances else [])

    ended: dict[str, Any] = {"ends_at_ms": None, "left_ms": None, "pause_reason": None, "extra": {}}
    if rounds.is_ballot(round_):
        return go_on([patch("rounds", round_, state=after, **ended)])
    if rounds.has_review(round_):
        return _opening(round_, lambda c: go_on(_lay_out(state, round_, c, ended)))
    return _opening(round_, lambda c: go_on(_finish(state, round_, c, ended)), destroy=True)


def _next_begun(state: State, round_: Record, context: Context) -> list[Change]:
    """The next round of the day as it begins; or why it cannot begin without a decision of the facilitator's."""
    following = rounds.next_of_the_day(state["rounds"].values(), round_)
    if following is None:
        return []
    try:
        if rounds.is_ballot(following) and following["targets"] == "chosen" and not following.get("chosen"):
            raise Rejected("no_targets")
        return [_begun(state, {"round": following["id"], "targets": None}, context)]
    except Rejected as rejected:
        return [patch("rounds", following, held_up={"code": rejected.code, "data": rejected.data})]


def _too_few_latecomers(round_: Record, contents: Contents) -> bool:
    """Whether a round for latecomers has fewer than five authors: they were known to be offline, so it would name them."""
    return bool(round_.get("late_of")) and contents.authors < rounds.MIN_AUTHORS


def _lay_out(state: State, round_: Record, contents: Contents, ended: dict[str, Any]) -> list[Change]:
    """The review tray: every card to staff alone, in shuffled order. The urn stays until publication."""
    texts = () if _too_few_latecomers(round_, contents) else contents.texts
    unshown = sum(text.what == "card" for text in contents.texts) if not texts else 0
    return [
        patch("rounds", round_, state="closed", unshown=unshown, **ended),
        *_cards(state, round_, texts, state_="review", audience=STAFF),
    ]


def _finish(state: State, round_: Record, contents: Contents, ended: dict[str, Any]) -> list[Change]:
    """What waited to the end, of a batched round and of its comments, unless fewer than five people are behind it."""
    enough = contents.authors >= rounds.MIN_AUTHORS
    any_number = rounds.is_text(round_) and round_["release"] != "batched"
    any_number &= not _too_few_latecomers(round_, contents)
    shown = [t for t in contents.texts if enough or (any_number and t.what == "card")]
    unshown = len(contents.texts) - len(shown)
    texts = _texts(state, round_, shown)
    closings = _recorded(applied(state, texts), round_, unshown, shown)
    return [patch("rounds", round_, state="published", unshown=unshown, **closings, **ended), *texts]


def _recorded(state: State, round_: Record, unshown: int, shown: Sequence[Text]) -> dict[str, Any]:
    """The close record, of a round that had anything in its urn or could have had."""
    comments = sum(text.what == "comment" for text in shown)
    if not (rounds.is_text(round_) or comments or unshown):
        return {}
    return {"closings": closing.with_record(state, round_, unshown=unshown, comments=comments)}


def release(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> Decision:
    """A batch out of the urn of a live round, when texts of at least five people stay behind it; the caller has looked.

    Where each card is shown at once, any number is a batch; unnamed comments wait there for the end.
    """
    round_, _ = _round(state, payload, "release")
    if payload["n"] != round_["released"]:
        raise Rejected("round_over")
    at_once = rounds.is_shown_at_once(round_)

    def then(contents: Contents) -> list[Change]:
        if not rounds.makes_a_batch(round_, contents.authors):
            raise Rejected("too_few_authors")
        return [
            patch("rounds", round_, released=round_["released"] + 1),
            *_texts(state, round_, contents.texts),
        ]

    how: dict[str, Any] = {"what": "card"} if at_once else {"drawn": rounds.drawn}
    return _opening(round_, then, release=True, **how)


def rekey(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> Decision:
    """The urn's key was lost everywhere: a new one is in force, ballots are void, browsers claim their cards and cast again."""
    round_, _ = _round(state, payload, "rekey")
    if payload["key"] != round_["key"]:
        raise Rejected("round_over")
    return [patch("rounds", round_, key=round_["key"] + 1)]


def publish(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> Decision:
    """Show everyone what the urn held, or what it counts to, and destroy the urn. There is no way back."""
    round_, after = _round(state, payload, "publish")
    if rounds.is_ballot(round_):
        return _opening(
            round_,
            lambda c: [*_counted(state, round_, c, after, op_id), *handcounts.shown(state, round_)],
            destroy=True,
        )

    def then(contents: Contents) -> list[Change]:
        said = [text for text in contents.texts if text.what == "comment"]
        shown = said if contents.authors >= rounds.MIN_AUTHORS else []
        unshown = round_["unshown"] + len(said) - len(shown)
        changes = [
            *(
                patch("cards", card, state="published", audience=ALL)
                for card in _laid_out(state, round_)
                if card["state"] == "review"
            ),
            *_texts(state, round_, shown),
        ]
        closings = _recorded(applied(state, changes), round_, unshown, shown)
        return [patch("rounds", round_, state=after, unshown=unshown, **closings), *changes]

    return _opening(round_, then, destroy=True)


def _counted(state: State, round_: Record, contents: Contents, after: str, op_id: str) -> list[Change]:
    """The tally, in a workshop that follows another beside its scores; and the reserves of a vote on consent as unnamed comments,
    unless fewer than five people wrote any.

    They are numbered under the operation, in the order of their words: what stood on one ballot does not stand together.
    """
    said, authors = reserves(contents.ballots) if method_of(round_).name == "consent" else ([], 0)
    shown = said if authors >= rounds.MIN_AUTHORS else []
    about = {target["id"]: target["table"] for target in round_["ballot"]}
    unshown = len(said) - len(shown)
    counted = beside(tally(round_, contents.ballots, contents.set_aside), scores_then(state))
    closings = closing.with_record(state, round_, unshown=unshown, comments=len(shown), tally=counted)
    return [
        patch("rounds", round_, state=after, unshown=unshown, closings=closings),
        put("tallies", counted),
        *(
            comments.opened(
                Text(
                    f"{op_id}:{number}",
                    "comment",
                    {"target": {"table": about[one.target], "id": one.target}, "text": one.text},
                ),
                round_,
            )
            for number, one in enumerate(shown, 1)
        ),
    ]


def reopen(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> Decision:
    """From closed: the same epoch goes on, its cards leave the tray. From published: a new, empty epoch; the old tally stays."""
    round_, after = _round(state, payload, "reopen")
    _nothing_else_runs(state)
    ends = context.now_ms + payload["minutes"] * MINUTE_MS
    again: dict[str, Any] = {"state": after, "ends_at_ms": ends, "unshown": 0}
    again["reopened"] = round_["reopened"] + 1
    if round_["state"] == "published":
        again |= _opens_with(round_, context)
        return [patch("rounds", round_, **again)]
    return [
        patch("rounds", round_, **again),
        *(remove("cards", card) for card in _laid_out(state, round_)),
        *handcounts.taken_back(state, round_),
    ]


def void(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> Decision:
    """Destroy the urn unread. The round may be planned again, with a new epoch."""
    round_, after = _round(state, payload, "void")
    tray = _laid_out(state, round_)

    def then(contents: Contents) -> list[Change]:
        cleared: dict[str, Any] = {
            "ends_at_ms": None,
            "left_ms": None,
            "pause_reason": None,
            "ballot": None,
            "extra": {},
        }
        return [
            patch("rounds", round_, state=after, **cleared),
            *(remove("cards", card) for card in tray),
            *handcounts.taken_back(state, round_),
        ]

    return _opening(round_, then, destroy=True)


def skip(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> Decision:
    round_, after = _round(state, payload, "skip")
    return [patch("rounds", round_, state=after)]


def plan(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> Decision:
    """Undo a skip, or plan a void round again."""
    round_, after = _round(state, payload, "plan")
    return [patch("rounds", round_, state=after)]


def _laid_out(state: State, round_: Record) -> list[Record]:
    """The cards that staff alone see since the round's close, in the tray or held from it."""
    if round_["state"] != "closed":
        return []
    return [
        card
        for card in state["cards"].values()
        if card["round"] == round_["id"] and card["epoch"] == round_["epoch"]
    ]


def _texts(state: State, round_: Record, texts: Sequence[Text]) -> list[Change]:
    said = [comments.opened(text, round_) for text in texts if text.what == "comment"]
    return _cards(state, round_, texts, state_="published", audience=ALL) + said


def _cards(
    state: State, round_: Record, texts: Sequence[Text], *, state_: str, audience: str
) -> list[Change]:
    first = 1 + max((card["number"] for card in state["cards"].values()), default=0)
    written = [text for text in texts if text.what == "card"]
    return [
        put(
            "cards",
            {
                "id": text.id,
                "number": number,
                "factor": text.body["factor"],
                "origin": text.body["factor"],
                "text": text.body["text"],
                "round": round_["id"],
                "epoch": round_["epoch"],
                "cluster": None,
                "state": state_,
                "reason": None,
                "kind": "action",
                "language": language_of(text.body["text"]),
                "translation": {},
                "name": text.body.get("name"),
                "audience": audience,
            },
        )
        for number, text in enumerate(written, first)
    ]


THE_ROUND = {"round": record_id(), "epoch": whole(*EPOCH)}
MOMENT: dict[str, Any] = {"required": False, "load_default": None, "allow_none": True}

RULES = {
    "round.start": Rule(
        schema(
            round=record_id(),
            targets=fields.List(record_id(), load_default=None, validate=validate.Length(max=MOST_TARGETS)),
        ),
        start,
    ),
    "round.pause": Rule(schema(**THE_ROUND, left_ms=whole(-LONGEST_MS, LONGEST_MS, **MOMENT)), pause),
    "round.resume": Rule(schema(**THE_ROUND), resume),
    "round.extend": Rule(
        schema(
            **THE_ROUND,
            ends_at_ms=whole(*NOW_MS, **MOMENT),
            left_ms=whole(0, LONGEST_MS, **MOMENT),
            table=optional_id(required=False, load_default=None),
        ),
        extend,
    ),
    "round.close": Rule(schema(**THE_ROUND, deadline_ms=whole(*NOW_MS, **MOMENT)), close),
    "round.release": Rule(schema(**THE_ROUND, n=whole(0, 1_000_000)), release),
    "round.rekey": Rule(schema(**THE_ROUND, key=whole(1, 1_000_000)), rekey),
    "round.publish": Rule(schema(**THE_ROUND), publish),
    "round.reopen": Rule(schema(**THE_ROUND, minutes=whole(1, 24 * 60)), reopen),
    "round.void": Rule(schema(**THE_ROUND), void),
    "round.skip": Rule(schema(round=record_id()), skip),
    "round.plan": Rule(schema(round=record_id()), plan),
}
