"""What every database must do for the store, and what only becomes visible when two workers use it at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.store import accounts, clocks, log, urn
from app.store.database import Database, Overtaken
from app.store.log import Entry, HeadMoved
from tests.stores import database_url, postgres_url  # noqa: F401

BOARD = "b" * 32
EPOCH = urn.Epoch(BOARD, "post", 1)
KEY = b"k" * 32


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:  # noqa: F811
    made = Database(database_url)
    made.write(db.metadata.create_all)
    made.write(lambda c: log.create(c, BOARD))
    yield made
    made.close()


@pytest.fixture
def two(postgres_url: str) -> Iterator[tuple[Database, Database]]:  # noqa: F811
    """Two workers on one database; one file has one worker."""
    pair = Database(postgres_url), Database(postgres_url)
    pair[0].write(db.metadata.create_all)
    pair[0].write(lambda c: log.create(c, BOARD))
    yield pair
    for made in pair:
        made.close()


def entry(seq: int) -> Entry:
    return Entry(seq, bytes([seq]) * 32, b"f" * 16, "card.post", [])


def put(connection: Connection, body: str = "Idée", key: bytes = KEY) -> None:
    urn.put_text(connection, EPOCH, key, "card", {"text": body}, key)


def text(connection: Connection) -> urn.TextRow:
    (row,) = urn.all_texts(connection, EPOCH)
    return row


def test_the_log_gives_back_what_was_appended_in_order(database: Database) -> None:
    database.write(lambda c: log.append(c, BOARD, 0, [entry(1), entry(2)]))
    database.write(lambda c: log.append(c, BOARD, 2, [entry(3)]))
    assert [e.seq for e in database.read(lambda c: log.read(c, BOARD, 1))] == [2, 3]
    assert database.read(lambda c: log.head_of(c, BOARD)) == (3, 1)


def test_nothing_is_appended_after_a_head_that_has_moved(database: Database) -> None:
    database.write(lambda c: log.append(c, BOARD, 0, [entry(1)]))
    with pytest.raises(HeadMoved):
        database.write(lambda c: log.append(c, BOARD, 0, [entry(1)]))
    assert len(database.read(lambda c: log.read(c, BOARD))) == 1


def test_an_operation_id_is_written_once(database: Database) -> None:
    database.write(lambda c: log.append(c, BOARD, 0, [entry(1)]))
    twin = Entry(2, entry(1).op_hash, b"f" * 16, "card.post", [])
    with pytest.raises(IntegrityError):
        database.write(lambda c: log.append(c, BOARD, 1, [twin]))
    assert database.read(lambda c: log.head_of(c, BOARD)) == (1, 1)


def test_an_exception_leaves_nothing(database: Database) -> None:
    def work(connection: Connection) -> None:
        put(connection)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        database.write(work)
    assert database.read(lambda c: urn.all_texts(c, EPOCH)) == []


def test_a_reader_sees_one_moment_while_a_writer_goes_on(database: Database) -> None:
    def work(connection: Connection) -> tuple[Any, Any]:
        before = log.head_of(connection, BOARD)
        database.write(lambda c: log.append(c, BOARD, 0, [entry(1)]))
        return before, log.head_of(connection, BOARD)

    assert database.read(work) == ((0, 1), (0, 1))


def test_a_ballot_is_replaced_by_newer_ones_only(database: Database) -> None:
    def cast(revision: int) -> int | None:
        return database.write(lambda c: urn.put_ballot(c, EPOCH, KEY, revision, bytes([revision])))

    assert [cast(2), cast(1), cast(2), cast(3)] == [None, 2, 2, None]
    assert database.read(lambda c: urn.all_ballots(c, EPOCH)) == [(KEY, bytes([3]))]


def test_a_text_is_altered_as_it_was_read_or_not_at_all(database: Database) -> None:
    database.write(put)
    read = database.read(text)
    database.write(lambda c: urn.alter_text(c, EPOCH, read, 2, {"text": "Autre"}, urn.IN))
    with pytest.raises(Overtaken):
        database.write(lambda c: urn.alter_text(c, EPOCH, read, 2, {}, urn.WITHDRAWN))
    assert database.read(text).body == {"text": "Autre"}


def test_a_slot_is_filled_once_unless_it_was_withdrawn(database: Database) -> None:
    database.write(put)
    with pytest.raises(IntegrityError):
        database.write(lambda c: put(c, "une autre"))
    read = database.read(text)
    database.write(lambda c: urn.alter_text(c, EPOCH, read, 2, {}, urn.WITHDRAWN))
    database.write(lambda c: put(c, "à la place"))
    assert database.read(text).body == {"text": "à la place"}


def test_of_what_was_dropped_only_the_id_stays(database: Database) -> None:
    database.write(put)
    database.write(lambda c: urn.remember(c, BOARD, b"h" * 32, b"f" * 16))
    database.write(lambda c: urn.empty(c, EPOCH))
    assert database.read(lambda c: urn.count(c, EPOCH)) == (0, 0)
    assert database.read(lambda c: urn.known_among(c, BOARD, [b"h" * 32, b"i" * 32])) == {
        b"h" * 32: b"f" * 16
    }


def test_one_key_is_in_force_for_an_epoch(database: Database) -> None:
    for number in (1, 2):
        row = urn.KeyRow(EPOCH, number, bytes([number]) * 16, 1000)
        database.write(lambda c, row=row: urn.put_key(c, row))
    database.write(lambda c: urn.still_held(c, [EPOCH], 2000))
    assert database.read(urn.keys_in_force) == [urn.KeyRow(EPOCH, 2, bytes([2]) * 16, 2000)]
    database.write(lambda c: urn.delete(c, BOARD))
    assert database.read(lambda c: urn.key_in_force(c, EPOCH)) is None


def test_a_clock_is_kept_and_kept_again(database: Database) -> None:
    for left in (5, 4):
        clock = clocks.Clock("post", left, 1000)
        database.write(lambda c, clock=clock: clocks.keep(c, BOARD, clock))
    assert database.read(lambda c: clocks.read(c, BOARD)) == clocks.Clock("post", 4, 1000)


def test_a_session_stands_until_its_person_is_removed(database: Database) -> None:
    people = [accounts.Person(p * 32, "w" * 32, 1, {"fr": p}, "participant", table="T1") for p in "ac"]

    def work(connection: Connection) -> None:
        accounts.add_workshop(connection, accounts.Workshop("w" * 32, {"fr": "A"}, "CODE", "fr"))
        accounts.add_people(connection, people)
        for person in people:
            accounts.open_session(connection, person.id, b"t" * 32, person.id)
        accounts.change_person(connection, people[0].id, removed=True)

    database.write(work)
    handles = [*(person.id for person in people), "x" * 32]
    stands = accounts.Standing("participant", "T1", locked=False)
    assert database.read(lambda c: accounts.standing(c, handles)) == {people[1].id: stands}
    assert database.read(lambda c: accounts.seated(c, [person.id for person in people])) == {people[1].id}


def test_a_new_generation_is_another_board_to_every_replica(database: Database) -> None:
    database.write(log.new_generation)
    assert database.read(log.all_heads) == {BOARD: (0, 2)}


# --- two workers ---


def together(*works: Callable[[], Any]) -> list[Any]:
    """What each returned or raised, all begun at once."""
    found: list[Any] = [None] * len(works)
    barrier = Barrier(len(works))

    def run(place: int) -> None:
        barrier.wait()
        try:
            found[place] = works[place]()
        except Exception as error:
            found[place] = error

    threads = [Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_of_two_workers_one_appends_and_the_other_hears_that_the_head_moved(
    two: tuple[Database, Database],
) -> None:
    def append(database: Database, op: int) -> Callable[[], None]:
        added = Entry(1, bytes([op]) * 32, b"f" * 16, "card.post", [])

        def work(connection: Connection) -> None:
            log.fence(connection, BOARD, (0, 1), alone=True)
            log.append(connection, BOARD, 0, [added])

        return lambda: database.write(work)

    found = together(append(two[0], 1), append(two[1], 2))
    assert [type(f) for f in found].count(HeadMoved) == 1
    assert found.count(None) == 1


def test_whoever_opens_waits_for_a_drop_under_way_and_sees_it(two: tuple[Database, Database]) -> None:
    dropped, inside = Barrier(2), []

    def drop(connection: Connection) -> None:
        log.fence(connection, BOARD, (0, 1), alone=False)
        dropped.wait()
        connection.exec_driver_sql("SELECT pg_sleep(0.2)")
        put(connection)

    def open_(connection: Connection) -> None:
        log.fence(connection, BOARD, (0, 1), alone=True)
        inside.extend(urn.all_texts(connection, EPOCH))

    thread = Thread(target=two[0].write, args=(drop,))
    thread.start()
    dropped.wait()
    two[1].write(open_)
    thread.join()
    assert len(inside) == 1


def test_drops_of_two_workers_do_not_wait_for_one_another(two: tuple[Database, Database]) -> None:
    both = Barrier(2, timeout=4)

    def drop(database: Database, key: bytes) -> Callable[[], None]:
        def work(connection: Connection) -> None:
            log.fence(connection, BOARD, (0, 1), alone=False)
            put(connection, key=key)
            both.wait()  # broken, if one waited for the other's commit

        return lambda: database.write(work)

    assert together(drop(two[0], b"1" * 32), drop(two[1], b"2" * 32)) == [None, None]


def test_a_restarted_server_is_asked_again(two: tuple[Database, Database]) -> None:
    database = two[0]
    assert database.read(lambda c: log.head_of(c, BOARD)) == (0, 1)
    end_all = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )
    two[1].write(lambda c: c.exec_driver_sql(end_all))
    assert database.read(lambda c: log.head_of(c, BOARD)) == (0, 1)
