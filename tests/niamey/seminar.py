"""The seminar of the Niamey files behind the real door: its people, its clock, its timekeeper, and what is checked at each moment.

Time passes by moving the clock; what happens at zero, after an outage or every fifteen seconds is left to the server's own
timekeeper. What the people do is in `script.py`.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from app.desks import box_of
from app.domain import rounds
from app.domain.errors import Rejected
from app.domain.operations import CLOCK, Actor, Context
from app.domain.records import EVERYONE, Record, State, view_of
from app.domain.rules import decide
from app.exports import EXPORTS, open_urns
from app.imports import FILES
from app.workshops import TIME_ZONE, TITLE, niamey_files, plan_from
from tests.keeper import Keeper
from tests.niamey import files
from tests.niamey.matrix import UNCOUNTED, Moment, expected
from tests.seminar import BOARD, Door, Secret, operation

DAYS = {1: datetime(2020, 9, 22, tzinfo=UTC), 2: datetime(2020, 9, 23, tzinfo=UTC)}
# Niamey is an hour ahead of UTC, all year.
HOUR_MS = 3_600_000
MINUTE_MS = 60_000
RELEASE_MS = 15_000
RAPPORTEUR, ADMINISTRATOR, FACILITATOR, CO_FACILITATOR = "S07", "S08", "S01", "S02"
ROLES_BESIDE = {"expert": "S03", "observer": "S06", "rapporteur": RAPPORTEUR, "administrator": ADMINISTRATOR}
# What people do in a round; it stops at half time.
Half = Iterator[None]


class Seminar:
    """Shape: `ids` is id in the files -> id on the board; `cases` counts what the matrix tried, by answer; `granted` is
    (live round, role, kind) wherever the board said yes; `held` is what the facilitator holds, and why.
    """

    def __init__(self, folder: Path, held: Mapping[str, str] = files.HELD) -> None:
        self.held = held
        plan = plan_from(niamey_files(*FILES))
        listed = [r["participant_id"] for r in files.rows("participants")]
        listed += [r["staff_id"] for r in files.rows("staff")]
        self.actors = {
            person: Actor(
                person=person,
                role=planned.role,
                table=planned.table,
                side=planned.side,
                seat=person if planned.role == "participant" else None,
                name=planned.name,
            )
            for person, planned in zip(listed, plan.people, strict=True)
        }
        self.seats = [person for person, actor in self.actors.items() if actor.seat]
        self.marks = {person: str(number) for number, person in enumerate(self.seats, 1)}
        self.door = Door.with_board(
            folder,
            len(self.seats),
            title=TITLE,
            time_zone=TIME_ZONE,
            factors=plan.factors,
            tables=plan.tables,
            rounds=plan.rounds,
        )
        self._open()
        self.ids: dict[str, str] = {}
        self.commands: list[tuple[str, str, int]] = []
        self.cases: Counter[str | None] = Counter()
        self.tried = self.answered = 0
        self.moments: list[tuple[str, str, str]] = []
        self.granted: set[tuple[str, str, str]] = set()
        self.wrong: list[tuple[object, ...]] = []

    def _open(self) -> None:
        self.door.seats = self.seats
        self.keeper = Keeper(self.door)
        # SQLite raises this number when anybody else commits anything at all.
        self.onlooker = sqlite3.connect(self.door.folder / "test.db", isolation_level=None)

    def restart(self, *, after_ms: int = 2_000, power_cut: bool = False) -> None:
        """The server goes and comes back; after a power cut the keys of the urns are gone, and the browsers tell it all again."""
        self.onlooker.close()
        self.door.clock.ms += after_ms
        if power_cut:
            for key in self.door.volatile.iterdir():
                key.unlink()
        self.door = self.door.again()
        self._open()
        self.keeper.timekeeper.resume()

    # --- acting ---

    @property
    def state(self) -> State:
        return self.door.state

    @property
    def now_ms(self) -> int:
        return self.door.clock.ms

    def send(self, who: str, kind: str, /, **payload: Any) -> dict[str, Any]:
        return self.door.boards.submit_now(BOARD, self.actors[who], [operation(kind, **payload)])[0]

    def do(self, who: str, kind: str, /, **payload: Any) -> str:
        """Send what must be accepted. Returns the operation's id, by which a new record is named."""
        asked = operation(kind, **payload)
        before = self.door.boards.moment(BOARD).head
        (answer,) = self.door.boards.submit_now(BOARD, self.actors[who], [asked])
        assert "code" not in answer, (who, kind, payload, answer)
        if answer.get("seq", 0) > before and self.actors[who].role == "facilitator":
            self.commands.append((who, kind, self.now_ms))
        return asked.id

    def at_desk(self, who: str) -> Actor:
        """A scribe with the seats of the own table, or a facilitator with all."""
        actor = self.actors[who]
        seats = {self.marks[p]: self.actors[p] for p in self.seats}
        own = {
            m: seat for m, seat in seats.items() if actor.role == "facilitator" or seat.table == actor.table
        }
        return replace(actor, desk=own)

    def from_desk(self, who: str, kind: str, /, **payload: Any) -> dict[str, Any]:
        return self.door.boards.submit_now(BOARD, self.at_desk(who), [operation(kind, **payload)])[0]

    def hands_of(self, person: str) -> str:
        """Who sends what a person says: the person, or the table's scribe where that person has no device."""
        if person not in files.without_device():
            return person
        table = self.actors[person].table
        return next(p for p, a in self.actors.items() if a.role == "scribe" and a.table == table)

    def refused(self, who: str, kind: str, code: str, /, **payload: Any) -> None:
        assert self.send(who, kind, **payload).get("code") == code, (who, kind, payload)

    def command(self, verb: str, round_id: str, who: str = FACILITATOR, **payload: Any) -> None:
        if verb not in ("start", "skip", "plan", "late"):
            payload.setdefault("epoch", self.round(round_id)["epoch"])
        self.do(who, f"round.{verb}", round=round_id, **payload)

    def round(self, round_id: str) -> Record:
        return self.door.round(round_id)

    def post(
        self, one: files.Written, round_id: str, secret: Secret | None = None, text: str | None = None
    ) -> dict[str, Any]:
        """Somebody sends a text, or dictates it, or first something else. Returns the door's answer."""
        card = {
            "round": round_id,
            "epoch": self.round(round_id)["epoch"],
            "factor": one.factor,
            "text": one.text if text is None else text,
            "secret_hash": (secret or Secret()).hash,
        }
        hands = self.hands_of(one.author)
        if hands == one.author:
            return self.send(one.author, "card.post", **card)
        return self.from_desk(hands, "card.enter", **card, seat=self.marks[one.author])

    def cast(self, who: str, round_id: str, choices: dict[str, Any], revision: int = 1) -> None:
        """A ballot from a device; or on paper, which the table's scribe and the facilitator enter, later ones instead of it."""
        at = {"round": round_id, "epoch": self.round(round_id)["epoch"]}
        if who not in files.on_paper(round_id):
            self.do(who, "ballot.cast", **at, revision=revision, choices=choices)
            return
        table = self.actors[who].table
        scribe = next(p for p, a in self.actors.items() if a.role == "scribe" and a.table == table)
        sheet = {**at, "seat": self.marks[who], "choices": choices}
        assert self.from_desk(scribe, "ballot.paper", **sheet, instead=revision > 1).get("sealed")
        assert self.from_desk(FACILITATOR, "ballot.paper", **sheet).get("sealed")

    def cast_in(self, round_id: str) -> int:
        """How many ballots would be counted now, from devices and confirmed on paper."""
        _, ballots = self.door.boards.urn_count(BOARD, round_id, self.round(round_id)["epoch"])
        box = box_of(self.door.boards, BOARD)
        assert box
        assert box[0]["id"] == round_id
        papers = self.door.boards.read(box[1].papers.standing)
        assert not papers.waiting
        return ballots + papers.confirmed

    def ask(self, who: str, round_id: str, target: files.Target, text: str) -> None:
        """A participant's unnamed comment."""
        self.do(
            who,
            "comment.post",
            target=self.target(target),
            text=text,
            round=round_id,
            epoch=self.round(round_id)["epoch"],
            secret_hash=Secret().hash,
        )

    def speak(self, who: str, target: files.Target, kind: str | None, text: str, round_id: str) -> str:
        return self.do(who, "comment.post", target=self.target(target), text=text, kind=kind, round=round_id)

    def target(self, named: files.Target) -> dict[str, str]:
        table, name = named
        return {"table": table, "id": self.ids.get(name, name)}

    def learn_cards(self, texts: Iterable[files.Written]) -> None:
        """Which card on the board is which of the files: by factor and words, as they are kept."""
        shown = defaultdict(list)
        for card in self.state["cards"].values():
            if card["id"] not in self.ids.values():
                shown[card["factor"], card["text"]].append(card["id"])
        for one in texts:
            if one.name not in files.REFUSED:
                self.ids[one.name] = shown[one.factor, files.kept(one.text)].pop()

    def names(self) -> dict[str, str]:
        """id on the board -> id in the files."""
        return {found: name for name, found in self.ids.items()}

    def figures(self, round_id: str) -> list[files.Figure]:
        """A published result, as the facilitator sees it."""
        names = self.names()
        tally = self.state["tallies"][f"{round_id}:{self.round(round_id)['epoch']}"]
        return [
            files.Figure(
                names[r["target"]], r["bucket"], r["total"], r["rank"], divergent="divergent" in r["marks"]
            )
            for r in tally["rows"]
        ]

    # --- time ---

    def until(self, ms: int) -> None:
        """The clock goes on to a moment, and the timekeeper looks; it never goes back."""
        self.door.clock.ms = max(self.now_ms, ms)
        self.keeper.timekeeper.tick()

    def batches(self) -> None:
        """Long enough for the timekeeper to release what waits."""
        self.keeper.pass_time(RELEASE_MS)

    # --- a round ---

    def play(
        self,
        round_id: str,
        halves: Iterable[None],
        *,
        beside: Iterable[str] = (),
        targets: list[str] | None = None,
    ) -> None:
        """One round of the agenda from planned to published; it is paused at half time, and what people do goes on after that."""
        plan = self.round(round_id)
        hour, minute = map(int, plan["starts"].split(":"))
        of_the_day = (60 * hour + minute) * MINUTE_MS - HOUR_MS
        self.until(int(DAYS[plan["day"]].timestamp() * 1000) + of_the_day)
        self.check(round_id)
        chosen = [self.ids[name] for name in targets] if targets else None
        self.command("start", round_id, targets=chosen)
        self.check(round_id)
        for other in beside:
            # What comes too late or too early, for a round that another one took the place of.
            self.check(other)
        first_half = iter(halves)
        next(first_half, None)
        self.command("pause", round_id, who=CO_FACILITATOR)
        self.check(round_id)
        self.door.clock.ms += 3 * MINUTE_MS
        self.command("resume", round_id)
        for _ in first_half:
            pass
        self.end(round_id)
        self.publish(round_id)

    def end(self, round_id: str) -> None:
        """To zero: the grace, the moment after it, and the close; by the clock where the round says so, else by hand."""
        round_ = self.round(round_id)
        if round_["state"] != "running":
            return
        if not rounds.closes_itself(round_):
            self.until(rounds.end_ms(round_) + MINUTE_MS)
            assert self.round(round_id)["state"] == "running"
            self.command("close", round_id)
        else:
            self.until(rounds.last_end_ms(round_) + 1_000)
            self.check(round_id)
            self.door.clock.ms = rounds.deadline_ms(round_) + 1
            self.check(round_id)
            self.until(self.now_ms)
        assert self.round(round_id)["state"] in ("closed", "published")
        self.check(round_id)

    def publish(self, round_id: str) -> None:
        if self.round(round_id)["state"] == "closed":
            self.command("publish", round_id)
            self.check(round_id)

    # --- what everybody may do and see ---

    def check(self, round_id: str, table: str | None = None) -> None:
        """Try every kind of operation as every role, and look at the board as each of them. Nothing is changed by it.

        For a round that is not the live one only what names a round is tried: the rest would be the same again.
        """
        round_ = self.round(round_id)
        moment = Moment(self.state, round_, self.now_ms, table or f"T{1 + round_['order'] % 5}")
        elsewhere = moment.live is not None and moment.live is not round_
        kinds = [kind for kind, payload in moment.payloads.items() if "round" in payload or not elsewhere]
        actors = self._one_of_each(moment.table)
        self.moments.append((round_id, round_["kind"], rounds.phase(round_, self.now_ms)))
        self.tried += len(kinds) * len(actors)
        before = self._fingerprint()
        with self._one_group():
            for actor in actors:
                self._try(moment, actor, kinds)
        assert self._fingerprint() == before, round_id
        for actor in actors:
            self._look(actor)
        sealed = [r["id"] for r in self.state["rounds"].values() if _is_shut(r)]
        assert [r["id"] for r in open_urns(self.state)] == sealed

    @contextmanager
    def _one_group(self) -> Iterator[None]:
        """What is sent meanwhile is committed together, as the door does with what comes while it is busy."""
        boards, waiting = self.door.boards, []
        spawn = boards.spawn
        boards.on_engine(waiting.append, boards.in_thread)
        yield
        boards.on_engine(spawn, boards.in_thread)
        for commit in waiting:
            commit()

    def _one_of_each(self, table: str) -> list[Actor]:
        at_table = [a for a in self.actors.values() if a.table == table]
        participant = next(a for a in at_table if a.role == "participant")
        scribe = next(a for a in at_table if a.role == "scribe")
        others = [self.actors[person] for person in ROLES_BESIDE.values()]
        return [participant, scribe, self.actors[FACILITATOR], *others, CLOCK]

    def _try(self, moment: Moment, actor: Actor, kinds: Iterable[str]) -> None:
        """What the table grants is decided and thrown away; what it does not goes through the door, to be refused there."""
        asked, wanted = [], []
        for kind in kinds:
            code = expected(kind, moment, actor)
            self.cases[code] += 1
            one = operation(kind, **moment.payloads[kind])
            if code is not None:
                asked.append(one)
                wanted.append((kind, code))
                continue
            try:
                decide(moment.state, one, actor, Context(moment.now_ms, len(self.seats)))
            except Rejected as rejected:
                self._note(moment, actor, kind, "granted", rejected.code)
            else:
                self.granted.add((moment.live["id"] if moment.live else "", actor.role, kind))

        def compare(answers: list[dict[str, Any]]) -> None:
            for (kind, code), answer in zip(wanted, answers, strict=True):
                self.answered += 1
                if answer.get("code") != code:
                    self._note(moment, actor, kind, code, answer.get("code", "granted"))

        self.door.boards.submit(BOARD, actor, asked, compare)

    def _note(self, moment: Moment, actor: Actor, *found: object) -> None:
        self.wrong.append((moment.round["id"], moment.round["state"], actor.role, *found))

    def _fingerprint(self) -> tuple[object, ...]:
        moment = self.door.boards.moment(BOARD)
        content = orjson.dumps(moment.state)
        (version,) = self.onlooker.execute("PRAGMA data_version").fetchone()
        return moment.head, moment.digest, hashlib.sha256(content).digest(), version

    def _look(self, actor: Actor) -> None:
        """Nobody sees a count before it is published; only the facilitator sees what lies in the tray or was held."""
        seen = self.door.boards.view(BOARD, view_of(actor.role, actor.table))
        for tally in seen["tallies"].values():
            round_ = self.state["rounds"][tally["round"]]
            assert tally["epoch"] < round_["epoch"] or round_["state"] == "published", tally["id"]
        if actor.role != "facilitator":
            assert {card["state"] for card in seen["cards"].values()} <= {"published"}
            assert not seen["pairs"]
        if actor.role not in ("facilitator", "expert"):
            assert not seen["suggestions"]

    # --- what comes out ---

    def export(self, name: str) -> list[dict[str, str]]:
        """An export as everybody may have it, read back by another reader."""
        view = self.door.boards.view(BOARD, EVERYONE)
        return files.read_csv(EXPORTS[name].csv(view, "fr", "plain"))


def _is_shut(round_: Record) -> bool:
    return round_["state"] in UNCOUNTED and rounds.is_sealed(round_)
