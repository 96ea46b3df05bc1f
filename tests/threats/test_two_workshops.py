"""Several workshops on one server: from one, nothing of another is found on any page or by any id, and nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app import admission, archives, codes, members, seats, workshops
from app.boards import boards
from app.domain.records import EVERYONE, ROLES
from app.exports import EXPORTS
from app.store import people as people_rows
from app.store import workshops as workshop_rows
from tests.pages.conftest import Browser
from tests.threats.test_routes import MATRIX, NAMES, do, job_of, publish, rules
from tests.threats.workshop import canary


class Neighbours:
    """The demo, full of canaries, and another workshop with a seat of each role, from which it is searched."""

    def __init__(self, app: Any, demo: Any) -> None:
        self.app, self.demo = app, demo
        self.board = seats.main_board(demo) or ""
        self.plan = workshops.plan_from(workshops.niamey_files("factors", "agenda", "participants", "staff"))
        self.move_in()
        self.people = [p for p in seats.members_of(demo) if p.role == "participant"]
        self.words = publish(self.board, self.people)
        self.chair = next(p for p in seats.members_of(demo) if p.role == "facilitator")
        self.fill()
        admission.ask_at_door(demo, {"name": canary("invite"), "side": "external", "place": "room"})
        self.asked = admission.waiting_for(demo)[0]

    def move_in(self) -> None:
        """A fresh workshop from which to look: some routes end the one before."""
        self.other = workshops.create({"fr": "Autre", "en": "Other"}, self.plan)
        self.own_board = seats.main_board(self.other) or ""

    def fill(self) -> None:
        """A group, a comment, a sheet and an axis, each of a word of its own; every person under a new name."""
        state = boards.moment(self.board).state
        cards = [c for c in state["cards"].values() if c["state"] == "published"]
        self.card = cards[0]["id"]
        word = self.words
        word += [canary("groupe"), canary("remarque"), canary("axe"), canary("nom")]
        pair = [{"card": c["id"], "seen": None} for c in cards if c["factor"] == cards[0]["factor"]][:2]
        do(self.board, self.chair, "cluster.make", factor=cards[0]["factor"], name=word[-4], cards=pair)
        target = {"table": "cards", "id": self.card}
        do(self.board, self.chair, "comment.post", target=target, text=word[-3])
        do(
            self.board,
            self.chair,
            "board.axes",
            axes=[{"id": "AX", "name": {"fr": word[-2], "en": word[-2]}}],
        )
        do(self.board, self.chair, "sheet.make", targets=[target])
        members.change_details(self.people[0], name={"fr": word[-1], "en": word[-1]})

    def secrets(self) -> list[str]:
        """Whatever tells of the demo: words, ids, codes, and the names that only it has."""
        state = boards.moment(self.board).state
        records = [key for table in ("cards", "clusters", "comments", "sheets") for key in state[table]]
        found = [*self.words, *records, self.board, self.demo.id, self.demo.code, self.asked.id]
        found += [str(self.asked.answers["name"])]
        for person in self.people:
            found += [person.id, codes.seat_code(person), codes.link_token(person)]
        return found

    def kept(self) -> tuple[Any, ...]:
        """Everything of the demo that a request could have changed."""
        moment = boards.moment(self.board)
        workshop = seats.read(lambda c: workshop_rows.workshop(c, self.demo.id))
        practice = seats.read(lambda c: workshop_rows.board_of(c, self.demo.id, practice=True))
        waiting = [(asked.id, asked.state) for asked in admission.waiting_for(self.demo)]
        return moment.head, moment.generation, seats.members_of(self.demo), workshop, practice, waiting

    def addresses(self, rule: Any, handle: str) -> list[str]:
        """A route under an own handle, with every id of the other workshop that its place takes."""
        values = {"handle": handle, "name": NAMES.get(rule.endpoint, "x"), "round_id": "B5"}
        values |= {"person_id": self.people[0].id, "request_id": self.asked.id}
        if "job_id" in rule.arguments:
            values["job_id"] = job_of(rule.endpoint, self.demo)
        with self.app.test_request_context():
            adapter = self.app.url_map.bind("127.0.0.1:5000")
            path = str(adapter.build(rule.endpoint, {k: v for k, v in values.items() if k in rule.arguments}))
        return [path, f"{path}?board={self.board}"]


@pytest.fixture
def neighbours(app: Any, demo: Any) -> Neighbours:
    return Neighbours(app, demo)


def link_of(workshop: Any, role: str) -> str:
    person = next((p for p in seats.members_of(workshop) if p.role == role and not p.device), None)
    found = person or members.add_person(
        workshop, people_rows.Person("", workshop.id, 0, {"fr": role, "en": role}, role)
    )
    return f"/l/{codes.link_token(found)}"


# Whoever does these ends the seat from which the rest is tried, or the workshop; they are tried last.
ENDING = ("board.leave", "keeping.remove", "keeping.wipe")


def test_s04_no_route_tells_or_changes_anything_of_another_workshop(
    neighbours: Neighbours, browser: Callable[..., Browser]
) -> None:
    secrets, before = neighbours.secrets(), neighbours.kept()
    for role in ROLES:
        neighbours.move_in()
        crawl(neighbours, browser(), role, secrets)
    assert neighbours.kept() == before


def crawl(neighbours: Neighbours, visitor: Browser, role: str, secrets: list[str]) -> None:
    handle, looked_at = visitor.enter(link_of(neighbours.other, role)), 0
    for rule in sorted(rules(neighbours.app), key=lambda rule: rule.endpoint in ENDING):
        if rule.endpoint not in MATRIX:
            continue
        for path in neighbours.addresses(rule, handle):
            for answer in ask(visitor, rule, path, neighbours):
                looked_at += 1
                told = answer.get_data().decode(errors="replace")
                # A page may repeat the address it was asked under, and nothing else.
                told = told.replace(path, "").replace(f"board={neighbours.board}", "")
                found = [secret for secret in secrets if secret in told]
                assert found == [], (rule.endpoint, path, answer.status_code)
                assert answer.status_code < 500, (rule.endpoint, path)
    assert looked_at > 60


def ask(visitor: Browser, rule: Any, path: str, neighbours: Neighbours) -> list[Any]:
    """The request as a page makes it; posts as a form and as JSON that name the other workshop wherever they can."""
    if "POST" not in rule.methods:
        return [visitor.get(path)]
    named = {
        "board": neighbours.board,
        "workshop": neighbours.demo.id,
        "person": neighbours.people[0].id,
        "code": neighbours.demo.code,
        "role": "facilitator",
        "decision": "admit",
        "action": "start",
        "passphrase": "AAAAA-BBBBB-CCCCC-DDDDD",
    }
    operation = {
        "id": seats.new_id(),
        "kind": "card.hold",
        "payload": {"card": neighbours.card, "reason": "x"},
    }
    headers = {"X-CSRFToken": visitor.token()}
    return [
        visitor.open(path, method="POST", data=named, headers=headers),
        visitor.open(path, method="POST", json={**named, "ops": [operation]}, headers=headers),
    ]


def test_s04_ids_of_another_board_mean_nothing_on_ones_own(neighbours: Neighbours) -> None:
    """The same answer as for an id that never was: nobody can ask whether something exists elsewhere."""
    chair = next(p for p in seats.members_of(neighbours.other) if p.role == "facilitator")
    state = boards.moment(neighbours.board).state
    cluster, comment, sheet = (next(iter(state[t])) for t in ("clusters", "comments", "sheets"))
    made_up = "0" * 32
    for kind, field, theirs, more in (
        ("card.hold", "card", neighbours.card, {"reason": "x"}),
        ("card.erase", "card", neighbours.card, {}),
        ("card.translate", "card", neighbours.card, {"language": "en", "text": "x"}),
        ("cluster.name", "cluster", cluster, {"name": "x", "seen": ""}),
        ("cluster.dissolve", "cluster", cluster, {}),
        ("comment.remove", "comment", comment, {}),
        ("sheet.turn", "sheet", sheet, {"state": "dropped"}),
    ):
        answers = [
            do(neighbours.own_board, chair, kind, **{field: asked}, **more) for asked in (theirs, made_up)
        ]
        assert answers[0]["code"] == answers[1]["code"] == "gone", kind
    target = {"table": "cards", "id": neighbours.card}
    assert do(neighbours.own_board, chair, "comment.post", target=target, text="x")["code"] == "gone"
    assert do(neighbours.own_board, chair, "sheet.make", targets=[target])["code"] == "gone"
    assert do(neighbours.own_board, chair, "board.spotlight", target=target)["code"] == "gone"


def test_exports_archives_and_copies_of_one_hold_nothing_of_the_other(neighbours: Neighbours) -> None:
    secrets = neighbours.secrets()
    state = boards.view(neighbours.own_board, EVERYONE)
    told = "".join(export.csv(state, "fr", "excel") for export in EXPORTS.values())
    contents = boards.read(lambda c: archives._gather(c, neighbours.other))
    told += str(contents) + str(boards.log_of(neighbours.own_board))
    copy = workshops.duplicate(neighbours.other, {"fr": "Copie", "en": "Copy"})
    told += str(boards.log_of(seats.main_board(copy) or "")) + str(seats.members_of(copy))
    # Of the demo itself a copy takes the plan alone; its axes are the administration's own.
    twin = workshops.duplicate(neighbours.demo, {"fr": "Jumeau", "en": "Twin"})
    of_twin = str(boards.log_of(seats.main_board(twin) or "")) + str(seats.members_of(twin))
    axis = next(word for word in neighbours.words if word.startswith("axe"))
    assert [secret for secret in secrets if secret in told] == []
    assert [secret for secret in secrets if secret in of_twin] == [axis]
