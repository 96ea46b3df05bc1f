"""D: what lies on disks after a workshop, and during a round. SQLite and PostgreSQL, their files, WALs, exports and backups."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.boards import boards
from app.extensions import db
from app.mixing import mix_urns
from app.precautions import RECYCLED, swaps, weaknesses
from app.store import mixing
from app.store.database import Database
from tests import cluster, services
from tests.not_run import or_skip
from tests.seminar import FACTORS
from tests.threats.workshop import Room, all_bytes, found_in, spearman

PAGE = 4096


def server(kind: str) -> services.Postgres | None:
    if kind == "sqlite":
        return None
    with or_skip():
        found = cluster.postgres()
    found.execute("ALTER SYSTEM SET wal_recycle = off")  # as docs/operations.md asks
    found.execute("SELECT pg_reload_conf()")
    return found


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def place(request: pytest.FixtureRequest) -> services.Postgres | None:
    return server(request.param)


def opened(place: services.Postgres | None, folder: Path, people: int = 12) -> Room:
    return Room(folder, place.new_database() if place else None, people)


def places_of(room: Room, place: services.Postgres | None) -> list[tuple[str, bytes]]:
    """All bytes of the data folder; of PostgreSQL everything but the other databases of the tests' server."""
    found = list(all_bytes(room.folder))
    if place:
        name = room.settings.database_url.rsplit("/", 1)[1]
        ((ours,),) = place.execute("SELECT oid::text FROM pg_database WHERE datname = %s", name)
        below = Path(place.data)
        inside = [path for path in below.iterdir() if path.name != "base" and path.is_dir()]
        found += [*all_bytes(below / "base" / ours, *inside), ("log", (below.parent / "log").read_bytes())]
    return found


@pytest.fixture(scope="module")
def after(
    place: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Room, list[tuple[str, bytes]]]]:
    """A whole workshop, and every byte that lies about afterwards, the server still running."""
    room = opened(place, tmp_path_factory.mktemp("workshop")).run()
    room.take_away()
    yield room, places_of(room, place)
    room.close()


def test_d01_after_a_workshop_no_secret_key_tag_or_taken_back_word_is_anywhere(after: Any) -> None:
    room, places = after
    names = {Path(name).name for name, _ in places}
    assert {"board.xlsx!xl/workbook.xml", "backup.zip!database", "cards.csv"} <= {
        re.sub(r".*/(?=board\.xlsx|backup\.zip|cards)", "", name) for name, _ in places
    }
    assert "palabre.db" in names or any("pg_wal" in name for name, _ in places)
    for why, wanted in room.kept.gone.items():
        assert wanted
        assert found_in(places, wanted) == [], why


def test_d01_the_scan_finds_what_is_there(after: Any) -> None:
    """The published words and the people's names are in those bytes: the search that found no secret can find."""
    room, places = after
    stored = [(name, content) for name, content in places if not name.endswith(".csv")]
    names = [known[1].encode() for known in room.kept.people.values()]
    assert {word for _, word in found_in(stored, names)} == set(names)
    words = [word.encode() for word in room.kept.cards]
    assert {word for _, word in found_in(places, words)} == set(words)


def test_d01_no_person_is_beside_a_card(after: Any, place: Any) -> None:
    """No row, no page of the file and no line of a dump holds both a participant and a published word."""
    room, _ = after
    people = [name for known in room.kept.people.values() for name in known]
    with room.asking() as connection:
        for table in db.metadata.sorted_tables:
            for row in connection.execute(sa.select(table)):
                told = " ".join(
                    value.decode("utf-8", "replace")
                    if isinstance(value, bytes)
                    else json.dumps(value, default=str)
                    for value in row
                )
                beside = [name for name in people if name in told]
                assert not (beside and any(word in told for word in room.kept.cards)), table.name
    if not place:
        content = (room.folder / "palabre.db").read_bytes()
        for at in range(0, len(content), PAGE):
            page = content[at : at + PAGE]
            who = [name for name in people if name.encode() in page]
            assert not (who and any(word.encode() in page for word in room.kept.cards)), at


def test_a01_f08_no_value_leads_from_a_person_to_a_card_or_a_ballot(after: Any) -> None:
    """Rows are joined by every value they share; what all rows share (workshop, board, round, table) joins nobody to anything."""
    room, _ = after
    state = boards.moment(room.board).state
    shared = {room.workshop.id, room.board, *state["rounds"], *state["tables"], *state["factors"]}
    rows: list[tuple[str, set[str]]] = []
    with room.asking() as connection:
        for table in db.metadata.sorted_tables:
            for row in connection.execute(sa.select(table)):
                rows.append((table.name, {token for value in row for token in tokens(value)} - shared))
    for person in room.people:
        reached, known = set(), {person.id}
        while True:
            found = {n for n, (_, values) in enumerate(rows) if values & known} - reached
            if not found:
                break
            reached |= found
            known |= {token for n in found for token in rows[n][1]}
        assert {rows[n][0] for n in reached} == {"people"}
    # Staff are named, so the same search finds their operations: it can find.
    assert any(name == "log" and room.expert.id in values for name, values in rows)


def tokens(value: Any) -> set[str]:
    """What a value could be joined by: ids, hashes, names; no small number and no word of the program."""
    if isinstance(value, bytes):
        return {value.hex(), *tokens(value.decode("utf-8", "ignore"))}
    return set(re.findall(r"[0-9a-f]{16,}|(?:nom|org)-[a-p]+", json.dumps(value, default=str)))


# --- order ---


@pytest.fixture(scope="module")
def ordered(place: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """More cards in one round than the three hundred that the row asks for, so that chance does not fail it."""
    room = opened(place, tmp_path_factory.mktemp("order"), people=70)
    room.retries = False
    room.command("start", "post")
    turns = [(person, factor) for person in room.people for factor in FACTORS for _ in range(3)]
    room.chance.shuffle(turns)
    for person, factor in turns:
        room.post(person, "post", factor)
    yield room
    room.close()


def test_d02_d03_during_a_round_rows_lie_in_no_order_and_lead_to_nobody(ordered: Room, place: Any) -> None:
    with ordered.asking() as connection:
        rows = connection.execute(sa.text("SELECT * FROM urn_texts")).mappings().all()
        kept = [word_of(row["body"]) for row in rows]
        assert len({row["key"] for row in rows}) == len(rows) == len(ordered.order) == 420
        assert set(rows[0]) == {
            "board",
            "round",
            "epoch",
            "key",
            "what",
            "body",
            "secret_hash",
            "revision",
            "state",
        }
    if place:
        # As they came: the search can find an order. The timekeeper mixes them every fifteen seconds.
        assert spearman(ordered.order, kept) > 0.9
        with ordered.app.app_context():
            mix_urns(boards)
        kept = as_they_lie(ordered, place)
    assert abs(spearman(ordered.order, kept)) < 0.2
    # One author's tags: as far from each other as from anybody's.
    assert len({row["key"][:8] for row in rows}) == 420


def as_they_lie(room: Room, place: services.Postgres) -> list[str]:
    """The words of an urn in PostgreSQL's own order, which is the same to a look-up, in the file and in a dump; and of one hand."""
    with room.asking() as connection:
        rows = connection.execute(sa.text("SELECT body FROM urn_texts ORDER BY ctid")).scalars().all()
        for table in mixing.TABLES:
            hands = sa.text(f"SELECT count(DISTINCT xmin::text) FROM {table}")
            assert connection.execute(hands).scalar() in (0, 1), table
        (file,) = connection.execute(sa.text("SELECT pg_relation_filepath('urn_texts')")).scalars()
    place.execute("CHECKPOINT")
    lying = re.findall(rb"carte-[a-p]{16}", (Path(place.data) / file).read_bytes())
    found = [word_of(body) for body in rows]
    # Nothing else lies in the file: no row that was there before. A page is filled from its end.
    assert sorted(word.decode() for word in lying) == sorted(found)
    assert abs(spearman(room.order, [word.decode() for word in lying])) < 0.2
    return found


def word_of(body: bytes) -> str:
    found = re.search(rb"carte-[a-p]{16}", bytes(body))
    assert found
    return found[0].decode()


def test_d03_what_is_published_exported_and_stored_has_another_order(ordered: Room, place: Any) -> None:
    if ordered.round("post")["state"] == "running":
        ordered.command("close", "post")
        ordered.command("publish", "post")
    ordered.take_away()
    shown = [
        word_of(card["text"].encode()) for card in sorted(ordered.records("cards"), key=lambda c: c["number"])
    ]
    assert abs(spearman(ordered.order, shown)) < 0.2
    exported = (ordered.folder / "exports/cards.csv").read_text(encoding="utf-8")
    assert abs(spearman(ordered.order, list(dict.fromkeys(re.findall(r"carte-[a-p]{16}", exported))))) < 0.2
    looked_at = 0
    for name, content in places_of(ordered, place):
        stored = list(dict.fromkeys(re.findall(rb"carte-[a-p]{16}", content)))
        if set(ordered.order) <= {word.decode() for word in stored}:
            looked_at += 1
            stored_order = [word.decode() for word in stored if word.decode() in set(ordered.order)]
            assert abs(spearman(ordered.order, stored_order)) < 0.2, name
    assert looked_at >= 2, "neither the database nor an export was looked at"
    if place:
        # What PostgreSQL compresses is read back: no dead row, and one transaction for all that was published.
        with ordered.asking() as connection:
            assert connection.execute(sa.text("SELECT pg_relation_size('urn_texts')")).scalar() == 0
            assert (
                connection.execute(
                    sa.text("SELECT count(DISTINCT xmin::text) FROM log WHERE kind = 'round.close'")
                ).scalar()
                == 1
            )


# --- times ---

TIMES_OF_STAFF = {
    ("log", "at_ms"),  # staff's own commands, checked below
    ("log", "changes"),  # rounds begin and end at staff's command; checked below
    ("round_clocks", "alive_at_ms"),  # the server's own sign of life
    ("urn_keys", "held_at_ms"),  # as above
    ("workshops", "created"),  # a day
    ("door_requests", "asked_at_ms"),  # before any act, gone when the seat is taken
}


def test_d04_nothing_that_a_participant_did_has_a_time(after: Any) -> None:
    room, places = after
    with room.asking() as connection:
        for table in db.metadata.sorted_tables:
            for row in connection.execute(sa.select(table)).mappings():
                for column, value in row.items():
                    if times_in(value):
                        assert (table.name, str(column)) in TIMES_OF_STAFF
        participants = ("cluster.make", "cluster.propose", "card.move")
        log = connection.execute(sa.text("SELECT kind, person, at_ms, changes FROM log")).all()
    seen = {row.kind for row in log}
    assert "cluster.make" in seen
    for row in log:
        if row.kind in participants:
            assert row.person is None and row.at_ms is None and not times_in(row.changes)
        changes = json.loads(bytes(row.changes))
        for change in changes:
            if times_in(json.dumps(change)):
                assert change[1] == "rounds", "a time outside a round's own end"
    for name, content in places:
        if "/exports/" in name and name.endswith(".csv"):
            assert not re.search(r"\b\d{1,2}:\d{2}\b", content.decode("utf-8", "ignore")), name
        assert not re.search(r"\d{2}[-:h]\d{2}[-:]\d{2}", Path(name.partition("!")[0]).name)


def times_in(value: Any) -> list[str]:
    """Numbers of today in seconds, milliseconds or finer, and clock times."""
    told = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    now = str(int(time.time()))[:5]
    return re.findall(
        rf"(?<![0-9a-f]){now}[0-9]{{5}}(?:[0-9]{{3}}|[0-9]{{6}})?(?![0-9a-f])|\d{{4}}-\d\d-\d\dT\d\d", told
    )


def test_d02_a_ballot_row_is_ciphertext_of_one_size(place: Any, tmp_path: Path) -> None:
    room = opened(place, tmp_path)
    room._sealed()
    cards = [card["id"] for card in room.records("cards")]
    room.command("start", "cards-vote")
    for n, person in enumerate(room.people):
        chosen = {card: 1 for card in cards[: n % 3]}
        room.send(person, "ballot.cast", **room.at("cards-vote"), revision=1, choices=chosen)
    with room.asking() as connection:
        rows = connection.execute(sa.text("SELECT key, sealed FROM urn_ballots")).all()
    assert len(rows) == len({bytes(row.sealed) for row in rows}) == len(room.people)
    assert len({len(row.sealed) for row in rows}) == 1
    places = [(name, content) for name, content in places_of(room, place) if "/volatile/" not in name]
    for row in rows:
        assert not any(card.encode() in bytes(row.sealed) for card in cards)
    # The key that opens them is in the volatile folder and in no durable place.
    assert found_in(places, room.kept.gone["keys"]) == []
    room.close()


# --- secrets at rest, dumps ---


def test_d05_secrets_at_rest(after: Any) -> None:
    """The server's secret is in its own file and in the backup, and in no table or dump of one; operation ids are keyed hashes.

    Argon2id keeps what people choose, the passphrases of staff and the word at the door (`tests/pages/test_accounts.py`,
    `test_modes.py`); codes and links are kept nowhere, session tokens have 256 bits, PINs are keyed hashes (`test_door.py`,
    `test_pins.py`).
    """
    room, places = after
    secret = room.settings.secret
    holding = {
        Path(name.partition("!")[0]).name + name.partition("!")[2]
        for name, _ in found_in(places, [secret, secret.hex().encode()])
    }
    assert holding == {"secret", "backup.zipsecret"}
    with room.asking() as connection:
        for query in ("SELECT op_hash FROM log", "SELECT op_hash FROM urn_ops"):
            assert all(len(hashed) == 32 for hashed in connection.execute(sa.text(query)).scalars())


def test_d06_what_the_operator_gets_from_us_writes_no_dump() -> None:
    """Redis without a file, no core, and swap spoken of: in the very files of deploy/ and their page."""
    deploy = Path(__file__).parents[2] / "deploy"
    redis = (deploy / "redis-palabre.conf").read_text()
    assert 'save ""' in redis.splitlines() and "appendonly no" in redis.splitlines()
    assert "LimitCORE=0" in (deploy / "palabre@.service").read_text().splitlines()
    assert "swap" in (deploy.parent / "docs/operations.md").read_text()


def test_d06_swap_is_told_unless_it_is_memory(tmp_path: Path) -> None:
    table = tmp_path / "swaps"
    head = "Filename\tType\tSize\tUsed\tPriority\n"
    for lines, told in (
        ("", False),
        ("/dev/zram0 partition 1 0 100\n", False),
        ("/swapfile file 1 0 -2\n", True),
    ):
        table.write_text(head + lines)
        assert swaps(table) is told
    assert swaps(tmp_path / "nowhere") is False


def test_d04_old_wal_files_that_keep_their_bytes_are_told(place: Any, tmp_path: Path) -> None:
    """SQLite's log is truncated; a PostgreSQL's is deleted only where recycling is off, which the start looks at."""
    if not place:
        assert RECYCLED not in weaknesses(Database(f"sqlite:///{tmp_path / 'x.db'}"))
        return
    url = place.new_database()
    for setting, told in (("on", True), ("off", False)):
        place.execute(f"ALTER SYSTEM SET wal_recycle = {setting}")
        place.execute("SELECT pg_reload_conf()")
        services.wait_until(lambda told=told: (RECYCLED in asked(url)) is told, f"wal_recycle = {setting}")
    place.drop_database(url)


def asked(url: str) -> list[str]:
    database = Database(url)
    found = weaknesses(database)
    database.close()
    return found
