"""What strangers send us, and what goes out of it again, as targets of a coverage-guided fuzzer:

    python -m tests.faults.parsers TARGET SEED SECONDS CORPUS

A process of its own, because libFuzzer never comes back. Each target lets only the declared errors through, and no run may
cost more CPU than 50 ms.
"""

from __future__ import annotations

import csv
import io
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

try:
    import atheris
except ImportError:  # no wheel for this machine: the row says so
    atheris = None

if atheris:
    # Nothing of ours may have been imported before.
    with atheris.instrument_imports(include=["app", "realtime"]):
        from app import messages
        from app.domain import rules, strict_json
        from app.exports import EXPORTS, FLAVOURS
        from app.exports.workbook import workbook
        from app.imports import FILES, ImportFailed, Upload, read_board, read_plan
        from realtime.guard import StrictPacket
else:
    from app import messages
    from app.domain import rules, strict_json
    from app.exports import EXPORTS, FLAVOURS
    from app.exports.workbook import workbook
    from app.imports import FILES, ImportFailed, Upload, read_board, read_plan
    from realtime.guard import StrictPacket


import orjson
from socketio.packet import EVENT

from app.domain.changes import applied
from app.domain.errors import Rejected
from app.domain.operations import CLOCK, Actor, Context, Operation
from app.domain.records import ROLES, State, empty_state
from app.exports.boardfile import board_file
from tests.seminar import ADMINISTRATOR, EXPERT, FACILITATOR, SETUP, Door, seat

SLOWEST_S = 0.05
MOST_BYTES = {"export": 64 * 1024}
LESS_BYTES = 4096
NOW_MS = 1_800_000_000_000
NIAMEY = Path(__file__).parents[2] / "app" / "data" / "niamey"
NEXT_FILE = b"\n---\n"
SECRET = "5" * 64
RAPPORTEUR = Actor("rap", "rapporteur", name={"fr": "Rapporteur", "en": "Rapporteur"})


def board() -> State:
    """A board on which most operations find what they name: a running round, a closed one, a card and a cluster."""
    state = empty_state()
    context = Context(NOW_MS, seats=8)
    facilitator = Actor("fac", "facilitator", name={"fr": "F", "en": "F"})

    def do(actor: Actor, kind: str, **payload: Any) -> None:
        nonlocal state
        decision = rules.decide(state, Operation("0" * 32, kind, payload), actor, context)
        assert isinstance(decision, list)
        state = applied(state, decision)

    do(ADMINISTRATOR, "board.setup", **SETUP)
    card = {"id": "card", "rev": 1, "number": 1, "factor": "F01", "text": "x", "round": "tables", "epoch": 1}
    card |= {"cluster": None, "state": "published", "reason": None, "kind": "action", "translation": {}}
    state["cards"]["card"] = card | {"audience": "all"}
    do(facilitator, "cluster.make", factor="F01", name="", cards=[{"card": "card", "seen": None}])
    do(facilitator, "round.start", round="post")
    return state


BOARD = board()
VOTING = applied(
    BOARD,
    rules.decide(
        {**BOARD, "rounds": {**BOARD["rounds"], "post": {**BOARD["rounds"]["post"], "state": "published"}}},
        Operation("1" * 32, "round.start", {"round": "cards-vote"}),
        Actor("fac", "facilitator"),
        Context(NOW_MS, seats=8),
    ),  # type: ignore[arg-type]
)
ACTORS = [Actor("x", role, name={"fr": "X", "en": "X"}) for role in ROLES] + [seat(1), CLOCK]


def packet(data: bytes) -> None:
    """A websocket message: Socket.IO packet, event, frame, operations."""
    try:
        decoded = StrictPacket(encoded_packet=data.decode("utf-8", "replace"))
    except (ValueError, IndexError, KeyError):
        return  # python-socketio closes the connection for these
    if decoded.packet_type == EVENT and len(decoded.data) == 2:
        name, frame = decoded.data
        if name in messages.FROM_BROWSER:
            submitted(name, frame)


def operation(data: bytes) -> None:
    """The body of POST /submit, or one operation alone."""
    try:
        frame = strict_json.parsed(data)
    except ValueError:
        return
    submitted("submit", frame)
    if isinstance(frame, dict) and isinstance(frame.get("kind"), str):
        decided(Operation("2" * 32, frame["kind"], frame.get("payload", {})))


def submitted(name: str, frame: Any) -> None:
    try:
        read = messages.read(name, frame)
    except Rejected:
        return
    if name == "submit":
        for each in messages.operations(read):
            decided(each)


def decided(each: Operation) -> None:
    for state in (BOARD, VOTING):
        for actor in ACTORS:
            with suppress(Rejected):
                rules.decide(state, each, actor, Context(NOW_MS, seats=8))


def imported(data: bytes) -> None:
    """The files of a workshop, one after the other, where the missing come from the template; or the file of a board."""
    if data.startswith(b"{"):
        with suppress(ImportFailed):
            whole = Operation("3" * 32, "board.import", read_board(Upload("board", data)))
            rules.decide(empty_state(), whole, ADMINISTRATOR, Context(NOW_MS))
        return
    uploads = {
        name: Upload(name, content) for name, content in zip(FILES, data.split(NEXT_FILE), strict=False)
    }
    template = {name: Upload(name, (NIAMEY / f"{name}.csv").read_bytes()) for name in ("factors", "agenda")}
    with suppress(ImportFailed):
        read_plan({name: upload for name, upload in uploads.items() if upload.content}, template)


TABS = {name: name for name in (*EXPORTS, "decisions", "charts")}
RUNS = ("=", "+", "-", "@", "\t", "\r")


def exported(data: bytes) -> None:
    """The file of a board; when it comes in, it goes out of it again as the same board, and as one of the files for people:
    whole and harmless."""
    try:
        payload = read_board(Upload("board", data))
    except ImportFailed:
        return
    try:
        changes = rules.decide(
            empty_state(), Operation("3" * 32, "board.import", payload), ADMINISTRATOR, Context(NOW_MS)
        )
    except Rejected:
        return
    state = applied(empty_state(), changes)  # type: ignore[arg-type]
    assert read_board(Upload("again", board_file(state))) == payload, "another board comes in again"
    way = [*FLAVOURS, "workbook"][zlib.crc32(data) % (len(FLAVOURS) + 1)]
    if way == "workbook":
        with zipfile.ZipFile(io.BytesIO(workbook(state, "fr", TABS))) as book:
            assert book.testzip() is None
        return
    for export in EXPORTS.values():
        text = export.csv(state, "fr", way).removeprefix(FLAVOURS[way].mark)
        check_cells(list(csv.reader(io.StringIO(text, newline=""), delimiter=FLAVOURS[way].delimiter)))


def check_cells(rows: list[list[str]]) -> None:
    for row in rows:
        assert len(row) == len(rows[0]), f"cells fell out of their columns: {row}"
        for cell in row:
            assert not cell.startswith(RUNS) or is_number(cell), f"a spreadsheet runs this: {cell!r}"


def is_number(cell: str) -> bool:
    with suppress(ValueError):
        return float(cell.replace(",", ".")) < 0
    return False


TARGETS: dict[str, Callable[[bytes], None]] = {
    "packet": packet,
    "operation": operation,
    "import": imported,
    "export": exported,
}


def seminar() -> State:
    """A board with a record of every kind that goes out, made by the rules themselves."""
    with tempfile.TemporaryDirectory() as folder:
        door = Door.with_board(Path(folder))
        cards = door.publish_cards(*(f"Publier les délais {number}" for number in range(1, 7)))
        ticked = [{"card": card, "seen": None} for card in cards[:2]]
        door.do(FACILITATOR, "cluster.make", factor="F01", name="Délais", cards=ticked)
        on_card = {"table": "cards", "id": cards[0]}
        door.do(FACILITATOR, "comment.post", target=on_card, text="Vu avec la direction")
        door.do(EXPERT, "comment.post", target=on_card, text="See Revised Arusha, 3.2")
        door.do(FACILITATOR, "sheet.make", targets=[on_card])
        (sheet,) = door.state["sheets"]
        door.do(FACILITATOR, "sheet.fill", sheet=sheet, field="lead", text="Direction générale", seen="")
        door.do(FACILITATOR, "sheet.freeze", number=1)
        done = {"status": "under_way", "percent": 30, "text": "Commencé", "day": "2021-03-31"}
        door.do(RAPPORTEUR, "sheet.progress", sheet=sheet, **done)
        on_sheet = {"table": "sheets", "id": sheet}
        door.do(RAPPORTEUR, "note.write", target=on_sheet, kind="said", text="Le délai est tenu")
        (note,) = door.state["notes"]
        door.do(RAPPORTEUR, "text.release", target={"table": "notes", "id": note}, released=True)
        door.command("start", "cards-vote")
        for number in range(1, 8):
            at = {"round": "cards-vote", "epoch": 1, "revision": 1, "choices": {cards[number % 6]: 2}}
            door.do(seat(number), "ballot.cast", **at)
        door.command("close", "cards-vote")
        door.command("publish", "cards-vote")
        door.database.close()
        return door.state


def corpus(target: str) -> list[bytes]:
    """Where the fuzzer begins: true frames of every kind, and the files of Niamey, a board's file."""
    if target == "import":
        files = [(NIAMEY / f"{name}.csv").read_bytes().splitlines()[:6] for name in FILES]
        return [NEXT_FILE.join(b"\n".join(lines) for lines in files), board_file(BOARD)]
    if target == "export":
        return [board_file(seminar()), board_file(BOARD)]
    at = {"round": "post", "epoch": 1}
    payloads: dict[str, dict[str, Any]] = {
        "card.post": {**at, "factor": "F01", "text": "Publier", "secret_hash": SECRET},
        "card.edit": {**at, "secret": SECRET, "revision": 2, "text": "Publier"},
        "card.withdraw": {**at, "secret": SECRET, "revision": 2},
        "card.move": {"moves": [{"card": "card", "to": None, "seen": "0" * 32}]},
        "card.hold": {"card": "card", "reason": "hors sujet"},
        "card.translate": {"card": "card", "language": "en", "text": "Publish"},
        "cluster.make": {"factor": "F01", "cards": [{"card": "card", "seen": None}], "name": "G"},
        "cluster.name": {"cluster": "0" * 32, "name": "G", "seen": ""},
        "cluster.merge": {"from": "0" * 32, "into": "0" * 32},
        "ballot.cast": {"round": "cards-vote", "epoch": 1, "revision": 1, "choices": {"card": 2}},
        "comment.post": {"target": {"table": "cards", "id": "card"}, "text": "Oui", **at},
        "round.extend": {**at, "ends_at_ms": NOW_MS + 60_000},
        "round.start": {"round": "vote", "targets": ["card"]},
        "board.setup": SETUP,
    }
    ops = [{"id": "a" * 32, "kind": kind, "payload": payload} for kind, payload in payloads.items()]
    if target == "operation":
        return [orjson.dumps(op) for op in ops] + [orjson.dumps({"ops": ops[:3]})]
    hello = {"board": "b" * 32, "head": 3, "generation": 1, "protocol": 1}
    events = [["hello", hello], ["hand", {"up": False}], ["clock", {}]]
    events += [["submit", {"ops": [op]}] for op in ops]
    return [b"2" + orjson.dumps(event) for event in events] + [
        b'213["clock",{}]',
        b"0",
        b"1",
        b'40{"seat":"x"}',
    ]


# What a value may be replaced by: of another type, out of bounds, known elsewhere, or made to hurt.
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, 2, -1, 2**53, -(2**63), 1e308, 0.5, "", "x", "\u0000", "\u202e", "é" * 300),
    *(
        [],
        {},
        [[]],
        "card",
        "0" * 32,
        "post",
        "vote",
        "cards-vote",
        "F01",
        "T1",
        "running",
        "all",
        "*",
        SECRET,
    ),
)


def mutated(value: Any, random: Random) -> Any:
    """The value with one place altered, somewhere inside."""
    if isinstance(value, dict) and value and random.random() < 0.9:
        key = random.choice(list(value))
        rest = {other: kept for other, kept in value.items() if other != key}
        match random.randrange(8):
            case 0:
                return rest
            case 1:
                return {**value, random.choice([str(odd) for odd in ODD]): value[key]}
            case _:
                return {**rest, key: mutated(value[key], random)}
    if isinstance(value, list) and value and random.random() < 0.9:
        place = random.randrange(len(value))
        match random.randrange(8):
            case 0:
                return value[:place] + value[place + 1 :]
            case 1:
                return value + value[place:]
            case _:
                return [*value[:place], mutated(value[place], random), *value[place + 1 :]]
    if isinstance(value, int) and random.random() < 0.5:
        return value + random.choice((-1, 1, 1000))
    return random.choice(ODD)


def mutate(data: bytes, most: int, seed: int) -> bytes:
    """Mostly inside the JSON, so that the rules are reached and not only the parser before them."""
    random, start = Random(seed), data[: len(data) - len(data.lstrip(b"0123456789"))]
    if random.random() < 0.8:
        try:
            return (start + orjson.dumps(mutated(orjson.loads(data[len(start) :]), random)))[:most]
        except (orjson.JSONDecodeError, orjson.JSONEncodeError):
            pass
    return bytes(atheris.Mutate(data, most))


def one(target: str) -> Callable[[bytes], None]:
    """One run of a target, held to its time."""

    def run(data: bytes) -> None:
        start = time.thread_time()
        TARGETS[target](data)
        spent = time.thread_time() - start
        # Once more before we complain: the first may have paid for something else, as an import or a full collection.
        if spent > SLOWEST_S:
            start = time.thread_time()
            TARGETS[target](data)
            spent = time.thread_time() - start
            assert spent <= SLOWEST_S, f"{spent * 1000:.0f} ms of CPU for {len(data)} bytes"

    return run


def main(target: str, seed: str, seconds: str, folder: str) -> None:
    begin = Path(folder) / "begin"
    begin.mkdir()
    for number, content in enumerate(corpus(target)):
        (begin / str(number)).write_bytes(content)
    flags = [f"-seed={seed}", f"-max_total_time={seconds}", f"-max_len={MOST_BYTES.get(target, LESS_BYTES)}"]
    arguments = ["parsers", *flags, f"-artifact_prefix={folder}/found-", "-print_final_stats=1", str(begin)]
    atheris.Setup(arguments, one(target), **({} if target == "import" else {"custom_mutator": mutate}))
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
