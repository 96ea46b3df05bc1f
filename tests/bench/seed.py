"""Fills the demo through the application's own store, while no server runs: `python -m tests.bench.seed CARDS HISTORY`.

Experts who may speak at any time, so that no one seat sends more than it may. One operation with all the cards and two clusters;
then HISTORY operations that each touch one card and leave it as it was.
"""

from __future__ import annotations

import json
import secrets
import sys

import config
import wsgi  # before `app`: it prepares the engine
from app import codes, seats
from app.boards import boards
from app.domain.changes import Change, patch, put
from app.store import log
from app.store import people as people_rows
from app.store import workshops as workshop_rows
from app.store.log import Entry
from app.store.people import Person
from tests.bench.speech import CLUSTERS, card_id

EXPERTS = 200
TEXT = "Afficher les tarifs et les délais à chaque guichet, en français et en langues locales."


def main(cards: int, history: int) -> None:
    settings = config.from_environment()
    app, links = wsgi.build(settings)
    (board,) = boards.boards()
    with app.app_context():
        links["experts"] = [f"/l/{codes.link_token(person)}" for person in _experts(board)]
    (settings.data / "bench-links.json").write_text(json.dumps(links))
    first = boards.moment(board).head + 1
    laid = [put("cards", _card(number)) for number in range(1, cards + 1)]
    entries = [_entry(first, [*map(_cluster, CLUSTERS), *laid])]
    for number in range(history):
        card = {**laid[number % cards].fields, "rev": 1 + number // cards}
        entries.append(_entry(first + 1 + number, [patch("cards", card, reason=None)]))
    if cards:
        boards.write(lambda connection: log.append(connection, board, first - 1, entries))


def _experts(board: str) -> list[Person]:
    workshop = boards.read(lambda c: workshop_rows.workshop_of_board(c, board))
    name = {"fr": "Un expert", "en": "An expert"}
    added = [Person(seats.new_id(), workshop, 1000 + n, name, "expert") for n in range(EXPERTS)]
    boards.write(lambda c: people_rows.add_people(c, added))
    return added


def _card(number: int) -> dict:
    where = {"factor": f"F{1 + number % 10:02d}", "round": "seed", "epoch": 1, "cluster": None}
    said = {"id": card_id(number), "number": number, "text": f"{number} {TEXT}"[:80]}
    return {**said, **where, "state": "published", "reason": None, "audience": "all"}


def _cluster(cluster: str) -> Change:
    record = {"id": cluster, "factor": "F01", "name": "", "merged_into": None, "proposals": []}
    return put("clusters", record)


def _entry(seq: int, changes: list[Change]) -> Entry:
    return Entry(seq, secrets.token_bytes(32), secrets.token_bytes(16), "card.move", changes)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
