"""A workshop in one sealed file: opened on another server it is the same; without the passphrase it is nothing."""

from __future__ import annotations

import hashlib
import io
import json
import secrets
import zipfile
from pathlib import Path
from typing import Any

import orjson
import pytest

import config
from app import admission, archives, codes, members, retention, sealed, seats, wiping, workshops
from app.boards import boards
from app.domain.records import EVERYONE
from app.domain.retention import Keeping
from app.exports import EXPORTS
from app.exports.history import decisions
from app.extensions import db
from app.factory import create_app
from app.store import doors, keeping
from app.store import workshops as workshop_rows
from app.store.people import Person
from tests.threats.workshop import Room

PHRASE = "AAAAA-BBBBB-CCCCC-DDDDD"
# The cost of a guess is not what is tried here.
CHEAP = min(sealed.COSTS)


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "COST", CHEAP)


@pytest.fixture
def room(tmp_path: Path) -> Any:
    made = Room(tmp_path / "here").run()
    yield made
    made.close()


def elsewhere(folder: Path) -> Any:
    """Another server, with a secret of its own."""
    environ = {"PALABRE_DATA": str(folder), "PALABRE_VOLATILE": str(folder / "volatile")}
    app = create_app(config.from_environment(environ))
    with app.app_context():
        db.create_all()
    return app


def seen(app: Any, board: str) -> dict[str, Any]:
    with app.test_request_context():
        state = boards.view(board, EVERYONE)
        return {
            "state": boards.moment(board).state,
            "exports": {name: export.csv(state, "fr", "excel") for name, export in EXPORTS.items()},
            "history": list(decisions(boards.log_of(board))),
        }


def seal(room: Room) -> bytes:
    with room.app.app_context():
        file, known_by = archives.seal(room.workshop, PHRASE)
    assert hashlib.sha256(file).hexdigest() == known_by
    return file


def test_opened_on_another_server_it_is_the_same_workshop(room: Room, tmp_path: Path) -> None:
    before, file = seen(room.app, room.board), seal(room)
    with room.app.app_context():
        people = seats.members_of(room.workshop)
        code = codes.seat_code(people[0])
        assert archives.is_current(room.workshop)
    app = elsewhere(tmp_path / "there")
    with app.app_context():
        made = archives.open_again(file, PHRASE)
        assert seats.members_of(made) == people
        assert seats.main_board(made) == room.board
        assert (made.title, made.code, made.created) == (
            room.workshop.title,
            room.workshop.code,
            "2026-11-23",
        )
        # Codes are derived from the other server's secret.
        assert codes.seat_code(seats.members_of(made)[0]) != code
        assert seen(app, room.board) == before
        # It is a board that goes on.
        answer = boards.submit_now(
            room.board,
            seats.actor_of(room.facilitator),
            [{"id": secrets.token_hex(16), "kind": "round.start", "payload": {"round": "discuss"}}],
        )
        assert "seq" in answer[0], answer
        db.engine.dispose()


def test_on_the_same_server_it_comes_back_after_its_removal_with_its_old_codes(room: Room) -> None:
    before, file = seen(room.app, room.board), seal(room)
    with room.app.app_context():
        link = codes.link_token(room.facilitator)
        with pytest.raises(archives.AlreadyHere):
            archives.open_again(file, PHRASE)
        wiping.remove(room.workshop)
        assert codes.person_by_link(link) is None
        archives.open_again(file, PHRASE)
        assert codes.person_by_link(link) == room.facilitator
        assert seen(room.app, room.board) == before


# What each column of a workshop's settings is set to before it is sealed: never what it would be by itself.
SET: dict[str, dict[str, Any]] = {
    "workshops": {
        **{"id": None, "title": None, "code": None},  # the room's own
        **{"language": "en", "door": workshop_rows.OPEN, "created": "2026-11-23"},
    },
    "doors": {"workshop": None, "places": 61, "links_ask": True},
    "keeping": {"workshop": None, "days": 30, "until": 30_000, "wiped_at_ms": 5},
}
USUAL = {"workshops": workshop_rows.Workshop("", {}, "", "fr"), "doors": doors.Door(), "keeping": Keeping()}
# And what stays behind, with the reason.
LEFT = {
    "workshops.demo": "a server makes its own demo",
    "doors.word_hash": "a secret: whoever has the file could try words",
    "keeping.announced": "told anew where it is opened",
    "keeping.wiping": "never under way while it is sealed",
    "keeping.sealed": "of the server where it was sealed",
    "keeping.sealed_head": "the same",
    "keeping.sealed_hash": "the same",
}
# Tables that lead to a workshop and hold no setting: people are compared above, the rest is never sealed.
NO_SETTINGS = {"people", "workshop_boards", "door_requests"}


def test_every_setting_there_is_comes_along_or_says_why_not(room: Room, tmp_path: Path) -> None:
    """A new column fails here until somebody says whether it belongs into the archive."""
    tables = {
        name for name, table in db.metadata.tables.items() if "workshop" in table.c or name == "workshops"
    }
    assert tables == SET.keys() | NO_SETTINGS
    columns = {f"{table}.{column.name}" for table in SET for column in db.metadata.tables[table].c}
    assert columns == {f"{table}.{name}" for table, values in SET.items() for name in values} | LEFT.keys()
    own = room.workshop.id
    with room.app.app_context():
        admission.set_door(room.workshop, workshop_rows.OPEN, 61, "Zongo")
        admission.set_links_ask(room.workshop, True)
        boards.write(lambda c: workshop_rows.change_workshop(c, own, language="en", door=workshop_rows.OPEN))
        boards.write(lambda c: keeping.change(c, own, **given("keeping"), announced=29_990))
        room.send(room.facilitator, "board.set", names_wait=True, experts_wait=True)
        file, before = seal(room), settings_of(own)
    for table in SET:
        assert {name: before[table][name] for name in given(table)} == given(table)
        assert not [n for n, value in given(table).items() if value == getattr(USUAL[table], n)], (
            "tells nothing"
        )
    app = elsewhere(tmp_path / "there")
    with app.app_context():
        made = archives.open_again(file, PHRASE)
        after = settings_of(made.id)
        for table, values in SET.items():
            assert {n: after[table][n] for n in values} == {n: before[table][n] for n in values}, table
        assert after["doors"]["word_hash"] is None and before["doors"]["word_hash"]
        assert not admission.is_word(made, "Zongo")
        board = boards.moment(room.board).state["board"]["board"]
        assert board["names_wait"] and board["experts_wait"]
        db.engine.dispose()


def given(table: str) -> dict[str, Any]:
    return {name: value for name, value in SET[table].items() if value is not None}


def settings_of(workshop: str) -> dict[str, dict[str, Any]]:
    def work(connection: Any) -> dict[str, dict[str, Any]]:
        found = {}
        for name in SET:
            table = db.metadata.tables[name]
            key = table.c.id if name == "workshops" else table.c.workshop
            found[name] = dict(connection.execute(table.select().where(key == workshop)).mappings().one())
        return found

    read: dict[str, dict[str, Any]] = boards.read(work)
    return read


def test_a_door_that_asked_for_a_word_asks_the_facilitator_where_none_was_said(
    room: Room, tmp_path: Path
) -> None:
    with room.app.app_context():
        admission.set_door(room.workshop, workshop_rows.WORD, 40, "Zongo")
    file = seal(room)
    app = elsewhere(tmp_path / "there")
    with app.app_context():
        made = archives.open_again(file, PHRASE)
        assert (made.door, admission.door_of(made)) == (workshop_rows.ASK, doors.Door(places=40))
        db.engine.dispose()


def older(file: bytes, *unknown: str) -> bytes:
    """The same archive from before its workshop had these settings."""
    packed = sealed.unseal(file, PHRASE)
    workshop = orjson.loads(member(packed, archives.WORKSHOP))
    for name in unknown:
        del workshop[name]
    return sealed.seal(repacked(packed, {archives.WORKSHOP: orjson.dumps(workshop)}), PHRASE)


def test_an_archive_of_before_the_door_had_places_opens_with_the_usual_ones(room: Room) -> None:
    file = older(seal(room), "places", "links_ask")
    with room.app.app_context():
        wiping.remove(room.workshop)
        assert admission.door_of(archives.open_again(file, PHRASE)) == doors.Door()


@pytest.mark.parametrize("typed", ["", "AAAAA-BBBBB-CCCCC-DDDDE", PHRASE.lower()])
def test_another_passphrase_opens_nothing(room: Room, typed: str) -> None:
    file = seal(room)
    with room.app.app_context():
        wiping.remove(room.workshop)
        with pytest.raises(sealed.DoesNotOpen):
            archives.open_again(file, typed)
        assert seats.read(workshop_rows.all_workshops) == []


def test_every_byte_of_the_file_counts(room: Room) -> None:
    file = bytearray(seal(room))
    for at in (0, 8, 9, 25, 37, len(file) // 2, len(file) - 1):
        altered = bytes(file[:at]) + bytes([file[at] ^ 1]) + bytes(file[at + 1 :])
        with pytest.raises((sealed.NotSealed, sealed.DoesNotOpen)):
            sealed.unseal(altered, PHRASE)
    for cut in (0, 10, 36, len(file) - 1):
        with pytest.raises((sealed.NotSealed, sealed.DoesNotOpen)):
            sealed.unseal(bytes(file[:cut]), PHRASE)


def test_nothing_in_the_file_can_be_read(room: Room) -> None:
    file = seal(room)
    for word in [*room.kept.cards, *(name for known in room.kept.people.values() for name in known)]:
        assert word.encode() not in file


def test_blanks_around_and_other_forms_of_a_letter_are_the_same_passphrase() -> None:
    file = sealed.seal(b"x", "  une tre\u0301s longue phrase ")
    assert sealed.unseal(file, "une tr\u00e9s longue phrase\n") == b"x"


def test_a_short_passphrase_is_refused(room: Room) -> None:
    with room.app.app_context(), pytest.raises(sealed.TooShort):
        archives.seal(room.workshop, "fifteen signs..")


def test_the_proposed_passphrase_has_a_hundred_bits() -> None:
    proposed = {sealed.new_passphrase() for _ in range(100)}
    assert len(proposed) == 100
    assert all(len(phrase.replace("-", "")) * 5 == 100 for phrase in proposed)


def test_it_is_refused_while_an_urn_is_unopened(room: Room) -> None:
    room.command("start", "discuss")
    with room.app.app_context(), pytest.raises(wiping.UnderWay) as refused:
        archives.seal(room.workshop, PHRASE)
    assert [round_["id"] for round_ in refused.value.rounds] == ["discuss"]


def test_what_does_not_fit_together_makes_nothing(room: Room) -> None:
    """Whoever knows the passphrase could write anything: it is looked at before anything is made."""
    packed = sealed.unseal(seal(room), PHRASE)
    lines = member(packed, archives.LOG).splitlines()
    first = orjson.loads(lines[0])
    entry = orjson.loads(lines[-1])
    person = orjson.loads(member(packed, archives.PEOPLE).splitlines()[0])
    broken = [
        {archives.LOG: b"\n".join(lines[:-1])},
        {archives.LOG: b"\n".join([*lines[:-2], lines[-1]])},
        {
            archives.LOG: b"\n".join(
                [*lines[:-1], orjson.dumps({**entry, "changes": [["put", "people", "x", {}]]})]
            )
        },
        {archives.LOG: b"\n".join([*lines[:-1], orjson.dumps({**entry, "changes": [["put"]]})])},
        {archives.LOG: b"\n".join([orjson.dumps({**first, "changes": []}), *lines[1:]])},
        {archives.LOG: b"[" * 50_000},
        {archives.PEOPLE: orjson.dumps({**person, "role": "king"})},
        {archives.PEOPLE: orjson.dumps({**person, "more": 1})},
        {archives.ABOUT: orjson.dumps({"format": 2})},
        {archives.WORKSHOP: b"{}"},
        {archives.WORKSHOP: None},
    ]
    with room.app.app_context():
        wiping.remove(room.workshop)
        for changed in broken:
            with pytest.raises(archives.Damaged):
                archives.open_again(sealed.seal(repacked(packed, changed), PHRASE), PHRASE)
        with pytest.raises(archives.Damaged):
            archives.open_again(sealed.seal(b"no zip", PHRASE), PHRASE)
        assert seats.read(workshop_rows.all_workshops) == [] and boards.boards() == []
        archives.open_again(sealed.seal(repacked(packed, {}), PHRASE), PHRASE)


def member(packed: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return archive.read(name)


def repacked(packed: bytes, changed: dict[str, bytes | None]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as before, zipfile.ZipFile(made, "w") as after:
        for name in before.namelist():
            content = changed.get(name, before.read(name))
            if content is not None:
                after.writestr(name, content)
    return made.getvalue()


def test_after_a_wipe_the_archive_holds_nobody(room: Room, tmp_path: Path) -> None:
    with room.app.app_context():
        wiping.wipe_people(room.workshop)
    before, packed = seen(room.app, room.board), sealed.unseal(seal(room), PHRASE)
    for known in room.kept.people.values():
        for name in (archives.PEOPLE, archives.LOG):
            assert not any(word.encode() in member(packed, name) for word in known)
    app = elsewhere(tmp_path / "there")
    with app.app_context():
        made = archives.open_again(sealed.seal(packed, PHRASE), PHRASE)
        assert seen(app, room.board) == before
        assert retention.due(made) is None
        db.engine.dispose()


def test_the_page_of_the_format_reads_a_real_file(room: Room) -> None:
    """The lines of docs/archive.md, run as they stand there."""
    page = (Path(__file__).parents[1] / "docs/archive.md").read_text(encoding="utf-8")
    code = "\n".join(line[4:] for line in page.splitlines() if line.startswith("    ") or not line)
    there: dict[str, Any] = {}
    exec(code, there)
    archive = there["contents"](seal(room), PHRASE)
    about = json.loads(archive.read("about.json"))
    with room.app.app_context():
        assert about["state"] == archives.state_hash(boards.moment(room.board).state)
    assert set(archive.namelist()) == {archives.ABOUT, archives.WORKSHOP, archives.PEOPLE, archives.LOG}


def test_seats_that_shared_a_number_in_an_older_release_come_back_apart() -> None:
    described = [
        {"id": name, "number": number, "name": {"fr": "A", "en": "A"}, "role": "participant"}
        for name, number in (("a", 1), ("b", 1), ("c", 2), ("d", 1))
    ]
    people = archives._each_with_a_number(described, "w", 0)
    assert [person.number for person in people] == [1, 3, 2, 4]


def test_a_removed_persons_number_is_nobody_elses_on_any_server(room: Room, tmp_path: Path) -> None:
    """Their sheet may still lie about."""
    with room.app.app_context():
        *others, last = seats.members_of(room.workshop)
        members.remove(last)
    file, folders = seal(room), [tmp_path / "there", tmp_path / "further"]
    for folder in folders:
        app = elsewhere(folder)
        with app.app_context():
            made = archives.open_again(file, PHRASE)
            assert seats.members_of(made) == others
            file, _known_by = archives.seal(made, PHRASE)  # from server to server
            added = members.add_person(
                made, Person("", made.id, 0, {"fr": "Neuf", "en": "New"}, "participant")
            )
            assert added.number == last.number + 1


def test_an_archive_of_before_it_told_the_last_number_opens_and_goes_on_from_its_people(
    room: Room, tmp_path: Path
) -> None:
    file = older(seal(room), "last_number")
    with elsewhere(tmp_path / "there").app_context():
        made = archives.open_again(file, PHRASE)
        numbers = [person.number for person in seats.members_of(made)]
        added = members.add_person(made, Person("", made.id, 0, {"fr": "Neuf", "en": "New"}, "participant"))
        assert added.number == max(numbers) + 1


def test_a_code_that_is_taken_is_another_one(room: Room, tmp_path: Path) -> None:
    file = seal(room)
    app = elsewhere(tmp_path / "there")
    with app.app_context():
        plan = workshops.plan_from(workshops.niamey_files("factors", "agenda"))
        taken = workshops.create({"fr": "A", "en": "A"}, plan)
        boards.write(lambda c: workshop_rows.change_workshop(c, taken.id, code=room.workshop.code))
        made = archives.open_again(file, PHRASE)
        assert made.code != room.workshop.code
        db.engine.dispose()
