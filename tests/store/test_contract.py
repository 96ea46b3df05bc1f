"""What every database must do for the store, and what only becomes visible when two workers use it at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, OperationalError

from app.extensions import db
from app.store import accounts as account_rows
from app.store import clocks, doors, log, urn
from app.store import people as people_rows
from app.store import sessions as session_rows
from app.store import workshops as workshop_rows
from app.store.database import Database, Overtaken
from app.store.log import Entry, HeadMoved
from app.store.passphrases import Lock
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
    people = [
        people_rows.Person(p * 32, "w" * 32, number, {"fr": p}, "participant", table="T1")
        for number, p in enumerate("ac", 1)
    ]

    def work(connection: Connection) -> None:
        workshop_rows.add_workshop(connection, workshop_rows.Workshop("w" * 32, {"fr": "A"}, "CODE", "fr"))
        people_rows.add_people(connection, people)
        for person in people:
            session_rows.open_session(connection, person.id, b"t" * 32, person.id)
        people_rows.change_person(connection, people[0].id, removed=True)

    database.write(work)
    handles = [*(person.id for person in people), "x" * 32]
    stands = session_rows.Standing("participant", "T1", locked=False, due=False, token_hash=b"t" * 32)
    assert database.read(lambda c: session_rows.standing(c, handles)) == {people[1].id: stands}
    assert database.read(lambda c: session_rows.seated(c, [person.id for person in people])) == {people[1].id}


def seat(database: Database) -> people_rows.Person:
    """A workshop with one expert."""
    person = people_rows.Person("p" * 32, "w" * 32, 1, {"fr": "E"}, "expert")
    database.write(
        lambda c: workshop_rows.add_workshop(c, workshop_rows.Workshop("w" * 32, {"fr": "A"}, "CODE", "fr"))
    )
    database.write(lambda c: people_rows.add_people(c, [person]))
    return person


def test_a_workshops_people_are_found_by_the_index_of_their_numbers(database: Database) -> None:
    """The one index that begins with the workshop serves both: which person has a number, and who is there."""

    def work(connection: Connection) -> str:
        explain = "EXPLAIN QUERY PLAN" if database.is_file else "EXPLAIN"
        if not database.is_file:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # a table of no rows is read whole
        plan = connection.exec_driver_sql(
            f"{explain} SELECT * FROM people WHERE workshop = 'w' ORDER BY number"
        )
        return "\n".join(str(row) for row in plan)

    found = database.read(work)
    assert "ix_people_workshop_number" in found and "Sort" not in found and "TEMP B-TREE" not in found, found


def test_of_two_that_renew_one_token_one_does(database: Database) -> None:
    person = seat(database)
    database.write(lambda c: session_rows.open_session(c, "h" * 32, b"1" * 32, person.id))
    database.write(lambda c: session_rows.renew_all(c, person.id))
    before = database.read(lambda c: session_rows.session(c, "h" * 32))
    assert before and before.due
    assert database.write(lambda c: session_rows.renew_session(c, before, b"2" * 32))
    assert not database.write(lambda c: session_rows.renew_session(c, before, b"3" * 32))
    after = database.read(lambda c: session_rows.session(c, "h" * 32))
    assert after and (after.token_hash, after.former_hash, after.due) == (b"2" * 32, b"1" * 32, False)


def test_an_account_without_a_seat_is_gone_and_its_name_is_free(database: Database) -> None:
    person, account = seat(database), account_rows.Account("a" * 32, "moussa")
    database.write(lambda c: account_rows.add(c, account, Lock("hash")))
    database.write(lambda c: account_rows.give_seat(c, account.id, person.id))
    database.write(lambda c: account_rows.open_session(c, "s" * 32, b"t" * 32, account.id))
    assert database.read(lambda c: account_rows.account_of_session(c, "s" * 32, b"t" * 32)) == account
    assert database.read(lambda c: account_rows.account_of_session(c, "s" * 32, b"u" * 32)) is None
    database.write(lambda c: account_rows.take_seat(c, person.id))
    assert database.read(lambda c: account_rows.account_by_name(c, "moussa")) is None
    assert database.read(lambda c: account_rows.account_of_session(c, "s" * 32, b"t" * 32)) is None


def test_a_door_keeps_what_is_not_named(database: Database) -> None:
    seat(database)
    assert database.read(lambda c: doors.door(c, "w" * 32)) == doors.Door()
    database.write(lambda c: doors.change(c, "w" * 32, word=Lock("hash"), places=7))
    database.write(lambda c: doors.change(c, "w" * 32, links_ask=True))
    assert database.read(lambda c: doors.door(c, "w" * 32)) == doors.Door(7, links_ask=True, has_word=True)


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


def end_all_but_its_own(database: Database) -> None:
    """Every other connection to this database is ended, as a restart of the server does."""
    end_all = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )
    database.write(lambda c: c.exec_driver_sql(end_all))


def test_a_restarted_server_is_asked_again(two: tuple[Database, Database]) -> None:
    assert two[0].read(lambda c: log.head_of(c, BOARD)) == (0, 1)
    end_all_but_its_own(two[1])
    assert two[0].read(lambda c: log.head_of(c, BOARD)) == (0, 1)


def test_after_a_restart_of_the_server_the_first_to_write_does_not_fail(
    two: tuple[Database, Database],
) -> None:
    two[0].write(lambda c: log.append(c, BOARD, 0, [entry(1)]))
    end_all_but_its_own(two[1])
    two[0].write(lambda c: log.append(c, BOARD, 1, [entry(2)]))
    assert [one.seq for one in two[0].read(lambda c: log.read(c, BOARD))] == [1, 2]


def test_what_a_restart_interrupted_is_not_done_a_second_time(two: tuple[Database, Database]) -> None:
    """Whether it was committed may be unknown: whoever sent it finds out."""
    begun = []

    def work(connection: Connection) -> None:
        begun.append(1)
        end_all_but_its_own(two[1])
        log.append(connection, BOARD, 0, [entry(1)])

    two[0].write(lambda c: log.head_of(c, BOARD))
    with pytest.raises(OperationalError):
        two[0].write(work)
    assert len(begun) == 1
