"""Boards that Hypothesis plays: a list of small moves, each of which does something if it can. Everything a board can hold
comes up.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from app.commits import CLOCK_TIMED, NAMED
from app.domain.changes import Change, applied
from app.domain.errors import Rejected
from app.domain.kinds.notes import KINDS as NOTE_KINDS
from app.domain.kinds.notes import RELEASABLE
from app.domain.kinds.progress import STATUSES
from app.domain.kinds.sheets import LIMITS
from app.domain.kinds.versions import next_number
from app.domain.operations import CLOCK, Actor, Ballot, Contents, Erasure, Text
from app.domain.records import State
from app.domain.wording import CARD_CHARS, clean
from tests.domain.board import Board
from tests.seminar import EXPERT, FACILITATOR, FACTORS, round_plan, seat

POST = {"release": "sealed", "cards_per_person": 3, "per_factor": True, "review": True}
VOTE = {"targets": "clusters", "points": 3, "cap": 2, "review": True}
ROUNDS = [
    round_plan("brief", "brief", order=1),
    round_plan("post", "post", order=2, **POST),
    round_plan("V1", "vote", order=3, method="points", **VOTE),
    round_plan(
        "E1",
        "prioritise",
        order=4,
        method="criteria_1_5:impact+feasibility",
        **{**VOTE, "points": 0, "cap": 0},
    ),
    round_plan("spare", "discuss", order=5),
]
RAPPORTEUR = Actor(person="rap", role="rapporteur", name={"fr": "Rapporteur 01", "en": "Rapporteur 01"})
_PLAN = dict.fromkeys(LIMITS, "") | {
    "title": "Publier les délais",
    "lead": "Direction",
    "deadline": "2021-03-31",
}
_STANDING = {"disposition": "implement", "horizon": "short", "status": "under_way", "percent": 30}
_TITLE = {"fr": "Niamey 2020", "en": "Niamey 2020"}
_FIGURES = {"value": 3.5, "internal": 4.0, "external": None}
# What the workshop begins with: one sheet of the workshop that it follows.
BEFORE = {
    "title": _TITLE,
    "day": "2020-09-23",
    "axes": [{"id": "a0", "name": _TITLE}],
    "sheets": [
        {
            **{"number": 1, "factor": FACTORS[0], "others": [], "axis": "a0", "table": "T1"},
            "plan": {**_PLAN, **_STANDING},
            "chapters": [
                {
                    **{"title": _TITLE, "day": "2020-09-23"},
                    "plan": {**_PLAN, **_STANDING, "version": 1},
                    "cards": [{"number": 7, "text": "Afficher les délais"}],
                    "votes": [
                        {
                            **{"round": _TITLE, "method": "points", "rank": 1, "tied": False},
                            **{"ballots": 10, "seats": 12, **_FIGURES},
                        }
                    ],
                    "notes": [{"by": "expert", "kind": "caution", "text": "Norme 7.3"}],
                    "progress": [{"status": "done", "percent": None, "text": "", "day": "2020-12-01"}],
                }
            ],
        }
    ],
    "scores": [{"factor": FACTORS[0], "answers": 10, "counts": {"3": 5, "4": 5}, **_FIGURES}],
}
# Any text a person can write, and what looks like something else.
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40),
    st.sampled_from(["=1+1", "007", "1/2", "ligne\nligne", 'dit "oui"; puis', "تعزيز", "e\u0301"]),
)
NUMBERS = st.integers(0, 30)
KINDS = (
    "post group group move name merge vote rate comment sheet fill version report note free forget pair hold release erase "
    "translate freeze axes refile set "
    "spotlight skip brief hands"
)
MOVES = st.lists(
    st.tuples(
        st.sampled_from(KINDS.split()),
        NUMBERS,
        NUMBERS,
        TEXTS,
    ),
    max_size=30,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An accepted operation as the log keeps it."""

    seq: int
    kind: str
    changes: list[Change]
    person: str | None
    at_ms: int | None


class Played(Board):
    """A board with its log. Shape: `moments` is the state after each entry."""

    def __init__(self, rounds: list[dict[str, Any]]) -> None:
        self.log: list[Entry] = []
        self.moments: list[State] = []
        super().__init__(rounds, earlier=BEFORE)

    def do(
        self, kind: str, /, actor: Actor = FACILITATOR, contents: Contents | None = None, **payload: Any
    ) -> Any:
        decision = super().do(kind, actor, contents, **payload)
        changes = decision.changes if isinstance(decision, Erasure) else decision
        if isinstance(decision, Erasure):
            self.state = applied(self.state, decision.changes)
            self.log = [replace(entry, changes=[*map(decision.blanked, entry.changes)]) for entry in self.log]
        if changes and isinstance(changes, list):
            named = actor.role in NAMED
            at_ms = self.now_ms if named or kind in CLOCK_TIMED else None
            self.log.append(Entry(len(self.log) + 1, kind, changes, actor.person if named else None, at_ms))
            self.moments.append(self.state)
        return decision


def played(moves: list[tuple[str, int, int, str]]) -> Played:
    """The board after the moves; it begins with six cards."""
    board = Played(ROUNDS)
    _post(board, 0, 0, "Afficher les tarifs")
    for what, one, other, words in moves:
        with suppress(Rejected):  # not now: as people hear it many times a day
            globals()[f"_{what}"](board, one, other, words)
    return board


def _some(board: Played, table: str, place: int) -> dict[str, Any]:
    records = list(board.state[table].values())
    if not records:
        raise Rejected("gone")
    return records[place % len(records)]


def _post(board: Played, one: int, other: int, words: str) -> None:
    if board.round("post")["state"] not in ("planned", "published"):
        return
    _begin(board, "post")
    texts = [
        Text(
            f"c{len(board.state['cards'])}-{n}",
            "card",
            {"factor": FACTORS[(one + n) % 2], "text": clean(f"{words} {n}", CARD_CHARS)},
        )
        for n in range(6)
    ]
    board.command("close", "post", contents=Contents(texts, authors=6))
    board.command("publish", "post")


def _begin(board: Played, round_id: str) -> None:
    if board.round(round_id)["state"] == "published":
        board.command("reopen", round_id, minutes=5)
    else:
        board.command("start", round_id)


def _group(board: Played, one: int, other: int, words: str) -> None:
    cards = [_some(board, "cards", place) for place in (one, other)]
    ticked = [{"card": card["id"], "seen": card["cluster"]} for card in cards]
    board.do("cluster.make", factor=cards[0]["factor"], name=words[:60] if one % 2 else "", cards=ticked)


def _move(board: Played, one: int, other: int, words: str) -> None:
    card, to = _some(board, "cards", one), _some(board, "clusters", other)
    board.do(
        "card.move",
        moves=[{"card": card["id"], "to": to["id"] if other % 3 else None, "seen": card["cluster"]}],
    )


def _name(board: Played, one: int, other: int, words: str) -> None:
    cluster = _some(board, "clusters", one)
    if other % 2:
        board.do("cluster.propose", EXPERT, cluster=cluster["id"], name=words[:60])
    else:
        board.do("cluster.name", cluster=cluster["id"], name=words[:60], seen=cluster["name"])


def _merge(board: Played, one: int, other: int, words: str) -> None:
    board.do(
        "cluster.merge",
        **{"from": _some(board, "clusters", one)["id"]},
        into=_some(board, "clusters", other)["id"],
    )


def _ballots(board: Played, round_id: str, answer: Any) -> None:
    _begin(board, round_id)
    targets = board.round(round_id)["ballot"]
    ballots = [
        Ballot({targets[n % len(targets)]["id"]: answer(n)}, "internal" if n % 2 else "external")
        for n in range(12)
    ]
    board.command("close", round_id)
    board.command("publish", round_id, contents=Contents(ballots=ballots, authors=12))


def _vote(board: Played, one: int, other: int, words: str) -> None:
    _ballots(board, "V1", lambda n: 1 + (n + one) % 2)


def _rate(board: Played, one: int, other: int, words: str) -> None:
    _ballots(board, "E1", lambda n: {"impact": 1 + (n + one) % 5, "feasibility": 1 + (n + other) % 5})


def _comment(board: Played, one: int, other: int, words: str) -> None:
    table = ("cards", "clusters", "factors", "sheets")[other % 4]
    target = {"table": table, "id": _some(board, table, one)["id"]}
    board.do("comment.post", EXPERT, target=target, text=words, kind="caution" if one % 2 else None)


def _sheet(board: Played, one: int, other: int, words: str) -> None:
    table = ("clusters", "cards")[other % 2]
    board.do("sheet.make", targets=[{"table": table, "id": _some(board, table, one)["id"]}])


def _fill(board: Played, one: int, other: int, words: str) -> None:
    sheet = _some(board, "sheets", one)
    board.do("sheet.fill", sheet=sheet["id"], field="lead", text=words[:120], seen=sheet["lead"])
    board.do(
        "sheet.sort",
        sheet=sheet["id"],
        disposition=("deepen", "implement", "park")[other % 3],
        seen=sheet["disposition"],
    )


def _freeze(board: Played, one: int, other: int, words: str) -> None:
    board.do(
        "sheet.turn", sheet=_some(board, "sheets", one)["id"], state=("frozen", "dropped", "draft")[other % 3]
    )


def _version(board: Played, one: int, other: int, words: str) -> None:
    """All sheets become a version, and the first one is opened again and says something else."""
    board.do("sheet.freeze", RAPPORTEUR, number=next_number(board.state))
    sheet = _some(board, "sheets", one)
    board.do("sheet.turn", sheet=sheet["id"], state="draft")
    board.do("sheet.fill", sheet=sheet["id"], field="title", text=words[:120], seen=sheet["title"])


def _report(board: Played, one: int, other: int, words: str) -> None:
    status = STATUSES[other % len(STATUSES)]
    said: dict[str, Any] = {"status": status, "percent": one if other % 2 else None, "text": words}
    board.do("sheet.progress", RAPPORTEUR, sheet=_some(board, "sheets", one)["id"], day="2026-12-01", **said)


def _note(board: Played, one: int, other: int, words: str) -> None:
    target = {"table": "sheets", "id": _some(board, "sheets", one)["id"]}
    board.do("note.write", RAPPORTEUR, target=target, kind=NOTE_KINDS[other % 2], text=words)


def _free(board: Played, one: int, other: int, words: str) -> None:
    """What is released, or kept back again."""
    table = RELEASABLE[other % len(RELEASABLE)]
    target = {"table": table, "id": _some(board, table, one)["id"]}
    board.do("text.release", RAPPORTEUR, target=target, released=bool(one % 3))


def _forget(board: Played, one: int, other: int, words: str) -> None:
    board.do("board.forget", CLOCK)


def _pair(board: Played, one: int, other: int, words: str) -> None:
    board.do("pair.dismiss", cards=[_some(board, "cards", one)["id"], _some(board, "cards", other)["id"]])


def _hold(board: Played, one: int, other: int, words: str) -> None:
    board.do("card.hold", card=_some(board, "cards", one)["id"], reason="hors sujet")


def _release(board: Played, one: int, other: int, words: str) -> None:
    board.do("card.release", card=_some(board, "cards", one)["id"])


def _erase(board: Played, one: int, other: int, words: str) -> None:
    board.do("card.erase", card=_some(board, "cards", one)["id"])


def _translate(board: Played, one: int, other: int, words: str) -> None:
    board.do("card.translate", card=_some(board, "cards", one)["id"], language="en", text=words)


def _axes(board: Played, one: int, other: int, words: str) -> None:
    board.do("board.axes", axes=[{"id": "a1", "name": {"fr": words, "en": words}}])


def _refile(board: Played, one: int, other: int, words: str) -> None:
    board.do("card.refile", card=_some(board, "cards", one)["id"], factor=FACTORS[other % 2])


def _set(board: Played, one: int, other: int, words: str) -> None:
    board.do("board.set", names_wait=False, experts_wait=bool(one % 2))


def _spotlight(board: Played, one: int, other: int, words: str) -> None:
    board.do("board.spotlight", target={"table": "factors", "id": FACTORS[one % 2]})


def _skip(board: Played, one: int, other: int, words: str) -> None:
    board.do("round.skip", round="spare")


def _brief(board: Played, one: int, other: int, words: str) -> None:
    """A round that still runs when the board goes out."""
    board.command("start", "brief")


def _hands(board: Played, one: int, other: int, words: str) -> None:
    """A table's hands, after the vote."""
    chair = replace(FACILITATOR, desk={f"m{n}": seat(n) for n in range(1, 9)})
    round_ = board.round("V1")
    counts = {target["id"]: 1 + other % 2 for target in (round_["ballot"] or ())[:2]}
    board.do(
        "handcount.enter",
        chair,
        round="V1",
        epoch=max(1, round_["epoch"]),
        table="T1",
        present=2 + one % 3,
        counts=counts,
    )
