"""A full small workshop over a real application, in which every name, word and secret is a canary; and all the bytes it leaves."""

from __future__ import annotations

import hashlib
import io
import re
import secrets
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask

import config
from app import backups, desks, practice, seats
from app.boards import boards
from app.domain.kinds.rounds import slots_of
from app.domain.operations import CLOCK, Actor, Operation
from app.domain.records import EVERYONE
from app.exports import EXPORTS
from app.exports.workbook import workbook
from app.extensions import db
from app.factory import create_app
from app.imports import WorkshopPlan
from app.moments import key_name
from app.store import people as people_rows
from app.store import workshops as workshop_rows
from app.store.people import Person
from app.store.workshops import Workshop
from app.urn.seals import tag
from app.workshops import setup_board
from tests import seminar

PEOPLE = 12
Sent = dict[str, Any]


_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def canary(kind: str) -> str:
    """A word that nobody else says; without digits, which an export could take for a telephone number."""
    return f"{kind}-{secrets.token_hex(8).translate(_LETTERS)}"


@dataclass(slots=True)
class Kept:
    """What nobody may find afterwards, and what everybody may see."""

    people: dict[str, list[str]] = field(default_factory=dict)  # person -> all that names them
    cards: list[str] = field(default_factory=list)  # published words
    gone: dict[str, list[bytes]] = field(default_factory=dict)  # why it must be gone -> bytes


class Room:
    """The workshop: its people, and what they do on its board."""

    def __init__(self, folder: Path, url: str | None = None, people: int = PEOPLE) -> None:
        self.folder = folder
        environ = {"PALABRE_DATA": str(folder), "PALABRE_VOLATILE": str(folder / "volatile")}
        self.settings = config.from_environment(environ | ({"PALABRE_DATABASE": url} if url else {}))
        self.app: Flask = create_app(self.settings)
        self.kept = Kept()
        self.order: list[str] = []  # the words of the cards in the order in which they came
        self.chance = Random(people)
        self.retries = True
        with self.app.app_context():
            db.create_all()
            self.workshop, self.board = self._open()
            self._seat(people)

    def _seat(self, people: int) -> None:
        self.people = [self._person(number) for number in range(1, people + 1)]
        self.facilitator = self._person(people + 1, role="facilitator")
        self.expert = self._person(people + 2, role="expert")
        boards.write(lambda c: people_rows.add_people(c, [*self.people, self.facilitator, self.expert]))

    def _open(self, code: str = "CDFGHJ") -> tuple[Workshop, str]:
        workshop = Workshop(seats.new_id(), seminar.words("Essai"), code, "fr", created="2026-11-23")
        board = seats.new_id()
        setup = {name: seminar.SETUP[name] for name in ("factors", "tables", "rounds")}
        setup_board(board, workshop.title, WorkshopPlan(**setup, people=[]))

        def work(connection: Any) -> None:
            workshop_rows.add_workshop(connection, workshop)
            workshop_rows.add_board(connection, board, workshop.id, practice=False)

        boards.write(work)
        return workshop, board

    def _person(self, number: int, role: str = "participant") -> Person:
        name, odd = canary("nom"), number % 2 == 1
        person = Person(
            id=seats.new_id(),
            workshop=self.workshop.id,
            number=number,
            name={"fr": name, "en": name},
            role=role,
            side="internal" if odd else "external",
            organisation=canary("org"),
            table="T1" if odd else "T2",
            joined=True,
        )
        if role == "participant":
            self.kept.people[person.id] = [person.id, name, str(person.organisation)]
        return person

    # --- acting ---

    def send(self, person: Person | Actor, kind: str, **payload: Any) -> Sent:
        """One operation whose id is not to be found later; it must be accepted."""
        actor = person if isinstance(person, Actor) else seats.actor_of(person)
        operation = Operation(secrets.token_hex(16), kind, payload)
        if actor.role == "participant" and kind not in ("cluster.make", "cluster.propose"):
            self._must_go("operation ids", operation.id.encode(), bytes.fromhex(operation.id))
        with self.app.app_context():
            (answer,) = boards.submit_now(self.board, actor, [operation])
            assert "code" not in answer, (kind, answer)
            if self.retries:
                # As every browser sends one when an answer was lost.
                assert boards.submit_now(self.board, actor, [operation]) == [answer]
        return answer

    def _must_go(self, why: str, *found: bytes) -> None:
        self.kept.gone.setdefault(why, []).extend(found)

    def round(self, round_id: str) -> dict[str, Any]:
        with self.app.app_context():
            found: dict[str, Any] = boards.moment(self.board).state["rounds"][round_id]
        return found

    def at(self, round_id: str) -> dict[str, Any]:
        return {"round": round_id, "epoch": self.round(round_id)["epoch"]}

    def command(self, verb: str, round_id: str, **payload: Any) -> None:
        at = self.at(round_id) if verb not in ("start", "skip", "plan") else {"round": round_id}
        self.send(self.facilitator, f"round.{verb}", **at, **payload)
        if verb == "start":
            self._remember_key(round_id)

    def _remember_key(self, round_id: str) -> None:
        """The key and every tag that a row could have under it: whoever finds one could tell whose it was."""
        round_ = self.round(round_id)
        if not round_["release"] and not round_["method"]:
            return
        key = boards.custody.keys.get(key_name(self.board, round_))
        self._must_go("keys", key, key.hex().encode())
        for person in self.people:
            for what in ("ballot", "paper"):
                self._must_go("tags", tag(key, what, round_id, round_["epoch"], person.id))
            for slots in slots_of(round_):
                for slot in range(1, slots.budget + 1):
                    slot_tag = tag(key, slots.what, round_id, round_["epoch"], person.id, slots.bucket, slot)
                    self._must_go("tags", slot_tag)

    def post(self, person: Person, round_id: str, factor: str, word: str | None = None) -> tuple[str, str]:
        """A card; returns its word and its secret."""
        word, secret = word or canary("carte"), secrets.token_hex(32)
        hashed = hashlib.sha256(bytes.fromhex(secret)).hexdigest()
        self._must_go(
            "secrets", secret.encode(), bytes.fromhex(secret), hashed.encode(), bytes.fromhex(hashed)
        )
        self.send(
            person, "card.post", **self.at(round_id), factor=factor, text=f"Action {word}", secret_hash=hashed
        )
        self.order.append(word)
        return word, secret

    def comment(self, person: Person, round_id: str) -> None:
        hashed = hashlib.sha256(secrets.token_bytes(32)).hexdigest()
        self._must_go("secrets", hashed.encode(), bytes.fromhex(hashed))
        target = {"table": "factors", "id": "F01"}
        text = canary("remarque")
        self.kept.cards.append(text)
        self.send(person, "comment.post", **self.at(round_id), target=target, text=text, secret_hash=hashed)

    # --- the workshop ---

    def run(self) -> Room:
        """Everything a workshop does, with edits, withdrawals, retries, a void round and a practice board."""
        self._sealed()
        self._batched()
        self._void()
        self._comments()
        self._vote()
        self._practise()
        return self

    def _sealed(self) -> None:
        self.command("start", "post")
        for person in self.people:
            for factor in seminar.FACTORS:
                word, secret = self.post(person, "post", factor)
                if factor == "F02":
                    draft, word = word, canary("carte")
                    self._must_go("first drafts", draft.encode())
                    again = {**self.at("post"), "secret": secret, "revision": 2}
                    self.send(person, "card.edit", **again, text=f"Action {word}")
                self.kept.cards.append(word)
            self.comment(person, "post")
        for person in self.people[:3]:
            word, secret = self.post(person, "post", "F01")
            self._must_go("withdrawn cards", word.encode())
            self.send(person, "card.withdraw", **self.at("post"), secret=secret, revision=2)
        self.command("close", "post")
        self.command("publish", "post")

    def _batched(self) -> None:
        self.command("start", "carousel")
        for n, person in enumerate(self.people[:8]):
            self.kept.cards.append(self.post(person, "carousel", "F01")[0])
            if n == 5:
                self.send(CLOCK, "round.release", **self.at("carousel"), n=0)
        self.command("close", "carousel")

    def _void(self) -> None:
        self.command("start", "tables")
        for person in self.people[:5]:
            word, _ = self.post(person, "tables", "F01" if person.table == "T1" else "F02")
            self._must_go("cards of a void round", word.encode())
        self.command("void", "tables")

    def _comments(self) -> None:
        target = {"table": "cards", "id": self.records("cards")[0]["id"]}
        self.send(self.expert, "comment.post", target=target, text="Une remarque d'expert")

    def _vote(self) -> None:
        cards = [card["id"] for card in self.records("cards") if card["factor"] == "F01"]
        self.command("start", "cluster")
        made = {"factor": "F01", "name": "Groupe", "cards": [{"card": c, "seen": None} for c in cards[:2]]}
        self.send(self.people[0], "cluster.make", **made)
        self.command("close", "cluster")
        self.command("start", "cards-vote")
        for person in self.people:
            for revision in (1, 2):
                chosen = {card: 1 for card in self.chance.sample(cards, 2)}
                if person in self.people[:4]:
                    self._on_paper(person, chosen, instead=revision == 2)
                else:
                    self.send(
                        person, "ballot.cast", **self.at("cards-vote"), revision=revision, choices=chosen
                    )
        self.command("close", "cards-vote")
        self.command("publish", "cards-vote")

    def _on_paper(self, person: Person, chosen: dict[str, int], *, instead: bool) -> None:
        """Read by the facilitator and by somebody who facilitates too."""
        desk = {desks.seat_mark(person): seats.actor_of(person)}
        sheet = {**self.at("cards-vote"), "seat": desks.seat_mark(person), "choices": chosen}
        for hands in (self.facilitator.id, "second-hands"):
            reader = replace(seats.actor_of(self.facilitator), person=hands, desk=desk)
            self.send(reader, "ballot.paper", **sheet, instead=instead and hands == self.facilitator.id)
        self._must_go("whose hands read a sheet", b"second-hands")

    def _practise(self) -> None:
        with self.app.app_context():
            actor = seats.actor_of(self.facilitator)
            board, main = practice.start(self.workshop, actor), self.board
            self.board = board
            self.command("start", "post")
            word, _ = self.post(self.people[0], "post", "F01")
            self._must_go("cards of the practice", word.encode())
            self.board = main
            practice.end(self.workshop, actor)
        self.order.remove(word)

    def records(self, table: str) -> list[dict[str, Any]]:
        with self.app.app_context():
            return list(boards.view(self.board, EVERYONE)[table].values())

    def take_away(self) -> None:
        """The exports in every form and a live backup, beside the database."""
        exports = self.folder / "exports"
        exports.mkdir()
        with self.app.test_request_context():
            state = boards.view(self.board, EVERYONE)
            for name, export in EXPORTS.items():
                (exports / f"{name}.csv").write_text(export.csv(state, "fr", "excel"), encoding="utf-8")
            names = {name: name for name in (*EXPORTS, "charts", "decisions")}
            (exports / "board.xlsx").write_bytes(workbook(state, "fr", names))
        backups.backup(self.settings, self.folder / "backup.zip")

    @contextmanager
    def asking(self) -> Iterator[Any]:
        """A connection that only looks."""
        with self.app.app_context(), db.engine.connect() as connection:
            yield connection

    def close(self) -> None:
        boards.database.close()
        with self.app.app_context():
            db.engine.dispose()


class Neighbour(Room):
    """Another workshop of the same application."""

    def __init__(self, room: Room, code: str, people: int = PEOPLE) -> None:
        self.folder, self.settings, self.app = room.folder, room.settings, room.app
        self.kept, self.order, self.chance, self.retries = Kept(), [], Random(people), True
        with self.app.app_context():
            self.workshop, self.board = self._open(code)
            self._seat(people)


_EMPTY = re.compile(rb"\0{64,}")


def all_bytes(*folders: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below the folders, and every member of an archive (XLSX is one), by name; long runs of zeroes cut short."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield from _opened(str(path), path.read_bytes())


def _opened(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield from _opened(f"{name}!{member}", archive.read(member))
    elif content[:5] == b"PGDMP":
        yield name, _dumped(content)
    else:
        yield name, _EMPTY.sub(bytes(64), content)


def _dumped(dump: bytes) -> bytes:
    """A dump of PostgreSQL as it says, a line for each row, its bytes as they are: in the file they are compressed."""
    asked = subprocess.run(["pg_restore", "--file=-"], input=dump, capture_output=True, check=True)
    return re.sub(
        rb"\\\\x([0-9a-f]*)",
        lambda found: bytes.fromhex(found[1].decode()).replace(b"\n", b" "),
        asked.stdout,
    )


def found_in(places: list[tuple[str, bytes]], wanted: list[bytes]) -> list[tuple[str, bytes]]:
    return [(name, word) for name, content in places for word in wanted if word in content]


def spearman(one: list[Any], other: list[Any]) -> float:
    """Rank correlation of two orders of the same things (no ties)."""
    place = {thing: n for n, thing in enumerate(other)}
    assert len(place) == len(one) == len(other)
    n = len(one)
    square = sum((at - place[thing]) ** 2 for at, thing in enumerate(one))
    return 1 - 6 * square / (n * (n * n - 1))
