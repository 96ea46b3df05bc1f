"""A workshop in one sealed file, and opened again from it, here or on another server: an equal board, its people, its settings.

The contents rest on the rows of the log: docs/archive.md describes the members. Urns and sessions are not in it, nor what opens
something: passphrases, the word said at the door, and codes and links, which every server derives for itself. Whoever has the
file and its passphrase has the workshop.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import orjson
from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy import Connection

from app import codes, retention, sealed, seats, wiping
from app.boards import boards
from app.domain.changes import Change, applied
from app.domain.payloads import StrictString, schema, whole, words
from app.domain.records import ROLES, TABLES, State, empty_state
from app.domain.rounds import unfinished
from app.languages import LANGUAGES
from app.store import doors, keeping, log
from app.store import people as people_rows
from app.store import workshops as workshop_rows
from app.store.people import Person
from app.store.workshops import Workshop
from app.workshops import without_word

FORMAT = 1
ABOUT, WORKSHOP, PEOPLE, LOG = "about.json", "workshop.json", "people.jsonl", "log.jsonl"
MOST_BYTES = 256 * 1024 * 1024
_MOST_SEQ = 10_000_000
_MOST_NUMBER = 1_000_000


class Damaged(ValueError):
    """What was in the file does not fit together, or is of a later release; nothing was made."""


class AlreadyHere(Exception):
    """The workshop is on this server already; nothing was made."""


def _text(most: int, **kwargs: Any) -> fields.Field[Any]:
    return StrictString(required=True, validate=validate.Length(max=most), **kwargs)


def _maybe(most: int) -> fields.Field[Any]:
    return _text(most, allow_none=True)


def _hex(size: int) -> fields.Field[Any]:
    return StrictString(required=True, validate=validate.Regexp(rf"[0-9a-f]{{{2 * size}}}\Z"))


def _yes_or_no() -> fields.Field[Any]:
    return fields.Boolean(required=True, truthy={True}, falsy={False})


def _one_of(choices: Iterable[str]) -> fields.Field[Any]:
    return StrictString(required=True, validate=validate.OneOf(tuple(choices)))


ABOUT_SCHEMA = schema(
    format=whole(1, 1000), head=whole(1, _MOST_SEQ), generation=whole(1, _MOST_SEQ), state=_hex(32)
)
WORKSHOP_SCHEMA = schema(
    id=_hex(16),
    title=words(),
    code=_text(12),
    language=_one_of(LANGUAGES),
    door=_text(8),
    created=_text(10),
    board=_hex(16),
    # Archives of before the door had these know nothing of them.
    places=whole(1, 100_000, required=False, load_default=doors.PLACES),
    links_ask=fields.Boolean(load_default=False, truthy={True}, falsy={False}),
    days=whole(1, 3650),
    until=whole(0, 100_000, allow_none=True),
    wiped_at_ms=whole(0, 2**53 - 1, allow_none=True),
    # Nor, for a time, how many numbers had been given; 0: no more than there are people.
    last_number=whole(0, _MOST_NUMBER, required=False, load_default=0),
)
PERSON_SCHEMA = schema(
    id=_hex(16),
    number=whole(0, _MOST_NUMBER),
    name=words(),
    role=_one_of(ROLES),
    side=_maybe(16),
    category=_maybe(60),
    organisation=_maybe(120),
    place=_maybe(16),
    table=_maybe(64),
    device=_maybe(32),
    usual_role=_maybe(16),
    version=whole(1, 1_000_000),
    joined=_yes_or_no(),
)
ENTRY_SCHEMA = schema(
    seq=whole(1, _MOST_SEQ),
    op_hash=_hex(32),
    fingerprint=_hex(16),
    kind=_text(40),
    person=_maybe(32),
    at_ms=whole(0, 2**53 - 1, allow_none=True),
    changes=fields.List(fields.Raw(), required=True),
)


@dataclass(frozen=True, slots=True)
class Contents:
    """A workshop as it is archived. Shape: `about` says what the rest must come to."""

    about: dict[str, Any]
    workshop: dict[str, Any]
    people: list[dict[str, Any]]
    entries: list[log.Entry]


def state_hash(state: State) -> str:
    """What two equal boards have in common, to the last field."""
    return hashlib.sha256(orjson.dumps(state, option=orjson.OPT_SORT_KEYS)).hexdigest()


def seal(workshop: Workshop, passphrase: str) -> tuple[bytes, str]:
    """The workshop as a sealed file, and its SHA-256, by which it is known again.

    Raises: wiping.UnderWay while rounds are under way, sealed.TooShort.
    """
    contents = boards.read(lambda c: _gather(c, workshop))
    file = boards.in_thread(lambda: sealed.seal(pack(contents), passphrase))
    known_by = hashlib.sha256(file).hexdigest()
    made = {"sealed": retention.today(), "sealed_head": contents.about["head"], "sealed_hash": known_by}
    boards.write(lambda c: keeping.change(c, workshop.id, **made))
    return file, known_by


def is_current(workshop: Workshop) -> bool:
    """Whether the newest archive has everything that is on the board."""
    board = seats.main_board(workshop)
    return board is not None and retention.of(workshop).sealed_head == boards.moment(board).head


def _gather(connection: Connection, workshop: Workshop) -> Contents:
    """One moment of everything, whatever the caller knew of it. Raises: wiping.UnderWay."""
    workshop = workshop_rows.workshop(connection, workshop.id) or workshop
    board = workshop_rows.board_of(connection, workshop.id) or ""
    entries, kept = log.read(connection, board), keeping.read(connection, workshop.id)
    head, generation = log.head_of(connection, board) or (0, 0)
    state = applied(empty_state(), log.all_changes(entries))
    if under_way := unfinished(state["rounds"].values()):
        raise wiping.UnderWay(under_way)
    everybody = (p for p in people_rows.people_of(connection, workshop.id) if not p.simulated)
    asked = doors.door(connection, workshop.id)
    described = [_picked(value, WORKSHOP_SCHEMA) for value in (workshop, asked, kept)]
    settings = {name: value for some in described for name, value in some.items()} | {"board": board}
    settings["last_number"] = people_rows.last_number(connection, workshop.id)
    return Contents(
        {"format": FORMAT, "head": head, "generation": generation, "state": state_hash(state)},
        settings,
        [_picked(person, PERSON_SCHEMA) for person in everybody],
        entries,
    )


def _picked(value: Any, described: Schema) -> dict[str, Any]:
    return {name: getattr(value, name) for name in described.fields if hasattr(value, name)}


def pack(contents: Contents) -> bytes:
    """The members in one zip."""
    members = {
        ABOUT: orjson.dumps(contents.about),
        WORKSHOP: orjson.dumps(contents.workshop),
        PEOPLE: b"\n".join(map(orjson.dumps, contents.people)),
        LOG: b"\n".join(orjson.dumps(_line(entry)) for entry in contents.entries),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def _line(entry: log.Entry) -> dict[str, Any]:
    return {
        **_picked(entry, ENTRY_SCHEMA),
        "op_hash": entry.op_hash.hex(),
        "fingerprint": entry.fingerprint.hex(),
        "changes": [change.to_json() for change in entry.changes],
    }


def unpack(packed: bytes) -> Contents:
    """What a zip of ours holds, and nothing else. Raises: Damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
                raise Damaged
            about, workshop, people, lines = (archive.read(name) for name in (ABOUT, WORKSHOP, PEOPLE, LOG))
        contents = Contents(
            ABOUT_SCHEMA.load(orjson.loads(about)),
            WORKSHOP_SCHEMA.load(orjson.loads(workshop)),
            [PERSON_SCHEMA.load(orjson.loads(line)) for line in people.splitlines()],
            [_entry(ENTRY_SCHEMA.load(orjson.loads(line))) for line in lines.splitlines()],
        )
        _check(contents)
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, ValidationError) as error:
        raise Damaged from error
    return contents


def _entry(line: dict[str, Any]) -> log.Entry:
    hashes = {name: bytes.fromhex(line[name]) for name in ("op_hash", "fingerprint")}
    return log.Entry(**{**line, **hashes, "changes": [_change(stored) for stored in line["changes"]]})


def _change(stored: Any) -> Change:
    change = Change.from_json(stored)
    if change.op not in ("put", "patch", "remove") or change.table not in TABLES:
        raise Damaged
    return change


def _check(contents: Contents) -> None:
    """A log without gaps that comes to the state it was sealed with. Raises: Damaged, or what a broken log raises."""
    about, entries = contents.about, contents.entries
    gapless = [entry.seq for entry in entries] == list(range(1, about["head"] + 1))
    if about["format"] != FORMAT or not gapless:
        raise Damaged
    if state_hash(applied(empty_state(), log.all_changes(entries))) != about["state"]:
        raise Damaged


def _each_with_a_number(described: Iterable[dict[str, Any]], workshop: str, given: int) -> list[Person]:
    """The people of a workshop; of those who share a number, as older releases let them, the later ones get the next.

    Shape: `given` is the last number that was given there. Where its seat was removed, a nameless one holds the place: the sheet
           may still lie about, and must never be another person's.
    """
    people = [Person(workshop=workshop, **person) for person in described]
    taken: set[int] = set()
    last = max((person.number for person in people), default=0)
    if given > last:
        last = given
        people.append(Person(seats.new_id(), workshop, given, {}, "participant", removed=True))
    for place, person in enumerate(people):
        if person.number in taken:
            last += 1
            people[place] = replace(person, number=last)
        taken.add(people[place].number)
    return people


def open_again(file: bytes, passphrase: str) -> Workshop:
    """The workshop that was sealed, made on this server. Codes and links are new ones, unless it was sealed here.

    Raises: sealed.NotSealed, sealed.DoesNotOpen, Damaged, AlreadyHere; then nothing was made.
    """
    contents = boards.in_thread(lambda: unpack(sealed.unseal(file, passphrase)))
    settings = contents.workshop
    known = {name: settings[name] for name in ("id", "title", "code", "language", "door", "created")}

    def work(connection: Connection) -> Workshop:
        workshop, board = Workshop(**known), settings["board"]
        if workshop_rows.workshop(connection, workshop.id) or log.head_of(connection, board):
            raise AlreadyHere
        if workshop_rows.workshop_by_code(connection, workshop.code):
            workshop = Workshop(**{**known, "code": codes.new_workshop_code()})
        workshop = replace(workshop, door=without_word(workshop.door))
        workshop_rows.add_workshop(connection, workshop)
        people_rows.add_people(
            connection, _each_with_a_number(contents.people, workshop.id, settings["last_number"])
        )
        workshop_rows.add_board(connection, board, workshop.id, practice=False)
        log.restore(connection, board, contents.entries, contents.about["generation"] + 1)
        # Not the word said in the room: whoever has the file could try words until one fits.
        doors.change(connection, workshop.id, places=settings["places"], links_ask=settings["links_ask"])
        kept = {name: settings[name] for name in ("days", "until", "wiped_at_ms")}
        keeping.change(connection, workshop.id, **kept)
        return workshop

    made: Workshop = boards.write(work)
    return made
