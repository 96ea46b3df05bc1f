"""Adds people of every role to the demo through the application's own store, while no server runs.

    python -m tests.threats.crew 9

A seat may send sixty operations at once and two a second after that, so whoever tries everything at many moments needs many seats.
Their links lie in the data folder afterwards, by role. A process of its own, because it prepares the engine as a server does.
"""

from __future__ import annotations

import json
import sys

import config
import wsgi  # before `app`: it prepares the engine
from app import codes, members, seats
from app.domain.records import ROLES
from app.store import workshops as workshop_rows
from app.store.people import Person

FILE = "crew-links.json"


def main(each: int) -> None:
    settings = config.from_environment()
    app, _ = wsgi.build(settings)
    with app.app_context():
        demo = seats.read(workshop_rows.demo_workshop)
        assert demo
        links: dict[str, list[str]] = {}
        for number in range(each):
            for role in ROLES:
                name = {"fr": f"{role} {number}", "en": f"{role} {number}"}
                table = f"T{1 + number % 5}" if role in ("participant", "scribe") else None
                side = "internal" if role == "participant" else None
                person = members.add_person(demo, Person("", demo.id, 0, name, role, side=side, table=table))
                links.setdefault(role, []).append(f"/l/{codes.link_token(person)}")
    (settings.data / FILE).write_text(json.dumps(links))


if __name__ == "__main__":
    main(int(sys.argv[1]))
