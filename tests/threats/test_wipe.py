"""Data protection: after a wipe no name, code, id or session of anybody is in any byte, and every result is.

On SQLite and PostgreSQL, with a second workshop whose writing lies between the first one's, so that pages of both are split.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import config
from app import admission, backups, codes, members, old_backups, retention, seats, sessions, upgrades, wiping
from app.boards import boards
from app.domain.records import EVERYONE, STAFF_VIEW
from app.exports import EXPORTS
from app.extensions import db
from app.factory import create_app
from app.store import accounts as account_rows
from app.store import forgetting, keeping
from app.store import sessions as session_rows
from app.store import workshops as workshop_rows
from app.store.passphrases import Lock
from tests import services
from tests.seminar import FACTORS
from tests.threats.test_durable import places_of, server
from tests.threats.workshop import Neighbour, Room, canary, found_in


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def place(request: pytest.FixtureRequest) -> services.Postgres | None:
    return server(request.param)


def migrate(folder: Path, url: str | None) -> None:
    """Tables as a server's own start makes them, which is more than their columns."""
    environ = {"PALABRE_DATA": str(folder), "PALABRE_VOLATILE": str(folder / "volatile")}
    settings = config.from_environment(environ | ({"PALABRE_DATABASE": url} if url else {}))
    app = create_app(settings)
    with app.app_context():
        upgrades.bring_up_to_date(settings)
    boards.database.close()


class Two:
    """Two workshops on one server: the one whose people will be wiped, and its neighbour."""

    def __init__(self, place: services.Postgres | None, folder: Path) -> None:
        url = place.new_database() if place else None
        migrate(folder, url)
        self.room = Room(folder, url, people=24)
        self.other = Neighbour(self.room, "CDFGHK", people=24)
        self.waiting = f"{canary('invite')}@example.org"
        self.signs_in_as = canary("compte").lower()

    def run(self) -> None:
        """In turn, so that what belongs to one lies among what belongs to the other."""
        room, other = self.room, self.other
        for one in (room, other):
            one.command("start", "post")
        for person, neighbour in zip(room.people, other.people, strict=False):
            for factor in FACTORS:
                room.post(person, "post", factor)
                other.post(neighbour, "post", factor)
            for one in (room, other):
                target = {"table": "factors", "id": "F01"}
                one.send(one.expert, "comment.post", target=target, text=f"Remarque {canary('mot')}")
                one.send(one.facilitator, "board.message", text=None)
        for one in (room, other):
            one.command("close", "post")
            one.command("publish", "post")
        with room.app.test_request_context():
            for person in [*room.people, room.facilitator, room.expert]:
                sessions.open_for(person)
            members.change_details(room.people[0], organisation=canary("org"))
            members.remove(room.people[1])
            account = account_rows.Account(seats.new_id(), self.signs_in_as)
            boards.write(lambda c: account_rows.add(c, account, Lock.nobodys()))
            boards.write(lambda c: account_rows.give_seat(c, account.id, room.facilitator.id))
            admission.ask_at_door(
                room.workshop, {"name": self.waiting, "side": "external", "place": "remote"}
            )

    def named(self, room: Room) -> list[bytes]:
        """Whatever names somebody of a workshop, or opens a seat."""
        found: set[str] = set()
        with room.app.app_context():
            handles = seats.read(_sessions)
            everybody = seats.members_of(room.workshop)
            for person in everybody:
                told = {person.id, *person.name.values(), person.organisation, codes.seat_code(person)}
                told |= {codes.link_token(person).partition(".")[2], *handles.get(person.id, ())}
                found |= {word for word in told if word}
            if room is self.room:
                found.add(self.signs_in_as)
        return [word.encode() for word in found]


def _sessions(connection: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in connection.execute(sa.select(session_rows.sessions)):
        found.setdefault(row.person, []).append(row.handle)
    return found


@pytest.fixture(scope="module")
def two(place: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    made = Two(place, tmp_path_factory.mktemp("wipe"))
    made.run()
    yield made
    made.room.close()


def stored_rows(room: Room, wanted: list[bytes]) -> list[str]:
    """The tables with a row in which one of these stands: what PostgreSQL compresses is read back."""
    with room.asking() as connection:
        return [
            table.name
            for table in db.metadata.sorted_tables
            for row in connection.execute(sa.select(table))
            for value in row
            if any(word in (value if isinstance(value, bytes) else str(value).encode()) for word in wanted)
        ]


def results(room: Room) -> dict[str, Any]:
    """The board without the names and the revisions that went with them."""
    with room.app.test_request_context():
        state = boards.view(room.board, STAFF_VIEW)
        kept = {
            table: {
                key: {**record, "name": None, "rev": 0}
                if table in ("cards", "comments", "suggestions")
                else record
                for key, record in rows.items()
            }
            for table, rows in state.items()
            if table != "board"
        }
        everybody = boards.view(room.board, EVERYONE)
        return kept | {
            "exports": {
                name: export.csv(everybody, "fr", "excel")
                for name, export in EXPORTS.items()
                if name != "comments"
            }
        }


def test_a_wipe_leaves_no_name_code_or_session_in_any_byte_and_every_result(two: Two, place: Any) -> None:
    room, other = two.room, two.other
    names = [*two.named(room), two.waiting.encode()]
    neighbours = two.named(other)
    before = results(room)
    if place:
        # As autovacuum does in its own time: the planner's samples must hold no name.
        with room.app.app_context(), db.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
    assert len(found_in(places_of(room, place), names)) > 60, "the search that will find nothing can find"

    with room.app.app_context():
        cut: list[str] = []
        sessions.on_cut.append(lambda handle, reason: cut.append(handle))
        wiping.wipe_people(room.workshop)
        sessions.on_cut.pop()
    assert len(cut) == 25

    left = places_of(room, place)
    assert found_in(left, names) == []
    assert stored_rows(room, names) == []
    assert results(room) == before
    # The neighbour lost nobody.
    assert {word for _, word in found_in(left, neighbours)} >= {
        name.encode() for known in other.kept.people.values() for name in known[:2]
    }
    with room.app.app_context():
        assert sorted(p.role for p in seats.members_of(room.workshop)) == ["administrator", "rapporteur"]
        assert retention.of(room.workshop).wiping is False
        assert retention.due(room.workshop) is None


def test_old_backups_are_known_and_replaced(two: Two, place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs after the wipe above on the same server: a backup that was begun before is found, one of now takes its place."""
    room, dump = two.room, backups._dump

    def while_people_are_wiped(settings: config.Settings, content: Path) -> None:
        dump(settings, content)
        wiped = {"wiped_at_ms": time.time_ns() // 1_000_000 + 1}
        boards.write(lambda c: keeping.change(c, room.workshop.id, **wiped))

    with room.app.app_context():
        since, old = (room.settings.data / "backups" / f"{name}.zip" for name in ("since", "old"))
        if retention.of(room.workshop).wiped_at_ms is None:
            wiping.wipe_people(room.workshop)
        backups.backup(room.settings, since)
        os.utime(
            since, (1_700_000_000, 1_700_000_000)
        )  # copied from a camera's clock: what it holds is no older for it
        assert old_backups.holding_people(room.settings) == []
        since.unlink()
        with monkeypatch.context() as dumping:
            dumping.setattr(backups, "_dump", while_people_are_wiped)
            backups.backup(room.settings, old)
        assert old_backups.holding_people(room.settings) == [old], (
            "younger than the wipe, and begun before it"
        )
        assert old_backups.replace(room.settings) == 1
        assert not old.exists()
        (fresh,) = old_backups.known(room.settings)
        assert old_backups.holding_people(room.settings) == []
        assert fresh.stat().st_mode & 0o077 == 0


def test_every_table_says_whether_it_is_about_people(two: Two) -> None:
    said = {table.name for table, _ in (*forgetting.OF_PEOPLE, *forgetting.OF_ACCOUNTS)}
    said |= {table.name for table in (*forgetting.ENDED_WITH, *forgetting.OF_RESULTS)}
    assert said == set(db.metadata.tables), "say in app/store/forgetting.py what the new table is about"
    for table in db.metadata.tables.values():
        leads = {key.column.table.name for key in table.foreign_keys}
        if leads & {"people", "sessions"}:
            assert table in [one for one, _ in forgetting.OF_PEOPLE], table.name


def test_removing_a_workshop_leaves_nothing_of_it_and_everything_of_its_neighbour(
    place: Any, tmp_path: Path
) -> None:
    made = Two(place, tmp_path)
    made.run()
    room, other = made.room, made.other
    gone = [
        *made.named(room),
        *(word.encode() for word in room.order),
        room.board.encode(),
        room.workshop.id.encode(),
    ]
    kept = results(other)
    with room.app.app_context():
        wiping.remove(room.workshop)
    left = places_of(room, place)
    assert found_in(left, gone) == []
    assert stored_rows(other, gone) == []
    assert results(other) == kept
    with room.app.app_context():
        assert [w.code for w in seats.read(workshop_rows.all_workshops)] == [other.workshop.code]
        assert boards.boards() == [other.board]
    room.close()
