"""A ballot for each way of voting, cast in a real browser by touch or keyboard; and its result on the phone and on the wall."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.client import Client
from tests.server import Server
from tests.workshops import AGENDA_HEADER, workshop

FACTOR = "F03"  # Transparency
PEOPLE = 8
ACTIONS = [
    "Publier les délais de dédouanement de chaque bureau",
    "Afficher les droits et taxes aux guichets",
    "Ouvrir un guichet pour les réclamations",
    "Publier les décisions de classement",
    "Tenir une réunion publique par trimestre",
    "Mettre les formulaires en ligne",
]
# round -> (method, targets, points, cap)
VOTES = {
    "points": ("points", "cards", 3, 2),
    "approval": ("approval", "cards", 0, 0),
    "choose": ("choose", "cards", 2, 0),
    "rank": ("rank", "cards", 3, 0),
    "scores": ("score_1_5", "factors", 0, 0),
    "criteria": ("criteria_1_5:impact+feasibility", "chosen", 0, 0),
    "consent": ("consent", "chosen", 0, 0),
    "hundred": ("hundred", "cards", 0, 0),
    "quadratic": ("quadratic", "cards", 9, 0),
    "questions": ("score_1_5", "questions", 0, 0),
}
QUESTIONS = "Utile ? | Juste ?", "Was it useful? | Was it fair?"
AGENDA = f"{AGENDA_HEADER},questions_fr,questions_en\n" + "".join(
    f"{number},1,09:00,09:30,30,{name},{name},{name},{kind},all,{rules},ring,,{questions}\n"
    for number, (name, kind, rules, questions) in enumerate(
        [("post", "post", "sealed,3,no,,,,", ",")]
        + [
            (name, "vote", f",,,{method},{on},{points or ''},{cap or ''}", ",".join(QUESTIONS) if on == "questions" else ",")
            for name, (method, on, points, cap) in VOTES.items()
        ],
        1,
    )
)  # fmt: skip


class Room:
    """A phone and a wall in Chromium, a facilitator and seven more seats behind sockets."""

    def __init__(self, server: Server, context_for: Callable[..., BrowserContext]) -> None:
        self.facilitator, codes = workshop(server, AGENDA, PEOPLE)
        join = self.facilitator.page["join"]["url"]
        self.seats = [Client.with_code(join, code).connect() for code in codes[1:]]
        self.phone = context_for("phone", locale="en-GB", reduced_motion="reduce").new_page()
        self.phone.goto(join)
        self.phone.locator('input[name="seat"]').fill(codes[0])
        self.phone.locator('input[name="seat"]').press("Enter")
        self.wall = self.page_of(context_for("wall", locale="en-GB"), "wall")
        self.post()

    def page_of(self, context: BrowserContext, name: str) -> Page:
        """One of the facilitator's pages, under the facilitator's own session."""
        cookies = self.facilitator.session.cookies
        context.add_cookies(
            [{"name": c.name, "value": c.value, "url": self.facilitator.base} for c in cookies]
        )
        page = context.new_page()
        page.goto(self.facilitator.base + self.facilitator.page["urls"][name])
        return page

    def post(self) -> None:
        self.facilitator.command("start", "post")
        for seat, text in zip(self.seats, ACTIONS, strict=False):
            self.follow(seat)
            seat.post("post", FACTOR, text)
        self.facilitator.command("close", "post")
        self.facilitator.command("publish", "post")
        self.cards = {card["text"]: card["id"] for card in self.facilitator.replica.all("cards")}

    def follow(self, seat: Client) -> None:
        seat.wait(lambda: seat.replica.head >= self.facilitator.replica.head)

    def start(self, name: str) -> None:
        more = {"targets": list(self.cards.values())} if VOTES[name][1] == "chosen" else {}
        self.facilitator.command("start", name, **more)
        if VOTES[name][0] in ("points", "approval"):
            self.phone.get_by_role("tab", name=re.compile("^3. Transparency")).click()

    def others(self, name: str, ballots: list[dict[str, Any]]) -> None:
        """Everybody else casts one of these ballots, in turn."""
        for seat, choices in zip(self.seats, cycle(ballots), strict=False):
            self.follow(seat)
            epoch = seat.round(name)["epoch"]
            seat.do("ballot.cast", round=name, epoch=epoch, revision=1, choices=choices)

    def publish(self, name: str) -> dict[str, dict[str, Any]]:
        """Close and publish: target -> row."""
        self.facilitator.command("close", name)
        self.facilitator.command("publish", name)
        tally = self.facilitator.replica.get("tallies", f"{name}:1")
        assert tally
        assert tally["ballots"] == PEOPLE
        return {row["target"]: row for row in tally["rows"]}

    def close(self) -> None:
        for client in [*self.seats, self.facilitator]:
            client.close()


@pytest.fixture
def room(server: Server, context_for: Callable[..., BrowserContext]) -> Iterator[Room]:
    room = Room(server, context_for)
    yield room
    room.close()


def button(page: Page, words: str) -> Any:
    return page.get_by_role("button", name=words)


def give_points(phone: Page) -> None:
    for _ in range(2):
        button(phone, f"Give one: {ACTIONS[0]}").click()
    # At the cap: the next tap does nothing, and the bar says what is left.
    button(phone, f"Give one: {ACTIONS[0]}").click(force=True)
    expect(phone.get_by_text("1 point left on Transparency")).to_be_visible()


def approve(phone: Page) -> None:
    phone.get_by_role("checkbox", name=ACTIONS[1]).check()


def choose_two(phone: Page) -> None:
    for action in ACTIONS[:2]:
        phone.get_by_role("checkbox", name=action).check()
    phone.get_by_role("checkbox", name=ACTIONS[2]).click(force=True)
    expect(phone.get_by_role("checkbox", name=ACTIONS[2])).not_to_be_checked()
    expect(phone.get_by_text("All choices are made.")).to_be_visible()


def rank_three(phone: Page) -> None:
    """By the keyboard alone: added, moved, taken out; the focus stays on what was moved."""
    for place, action in enumerate(ACTIONS[:3], 1):
        add = button(phone, f"Add as number {place}: {action}")
        add.focus()
        phone.keyboard.press("Enter")
    up = button(phone, f"Move up: {ACTIONS[2]}")
    up.focus()
    phone.keyboard.press("Enter")
    expect(button(phone, f"Move up: {ACTIONS[2]}")).to_be_focused()
    phone.keyboard.press("Enter")
    expect(phone.locator(".rank-row").first).to_contain_text(ACTIONS[2])
    expect(phone.get_by_text("Full").first).to_be_visible()


def score(phone: Page) -> None:
    group = phone.get_by_role("radiogroup", name=re.compile("Transparency"))
    group.get_by_role("radio", name="4").focus()
    phone.keyboard.press("ArrowRight")
    expect(group.get_by_role("radio", name="5")).to_be_checked()


def score_twice(phone: Page) -> None:
    for criterion, value in (("Impact", "5"), ("Feasibility", "4")):
        phone.get_by_role("radiogroup", name=f"{criterion} {ACTIONS[0]}").get_by_role(
            "radio", name=value
        ).check()


def consent(phone: Page) -> None:
    phone.get_by_role("radiogroup", name=ACTIONS[0]).get_by_role("radio", name="with a reserve").check()
    words = phone.get_by_role("textbox", name="Which reserve?")
    words.fill("Pas avant la formation des agents")
    words.press("Tab")  # whoever has words under the cursor is not taken along when the vote is published


def go_on_from_a_vote_that_is_over(phone: Page) -> None:
    """With words under the cursor the page stays; it does not say that the ballot is empty, and offers the way on."""
    expect(phone.get_by_text("The round is closed.")).to_be_visible()
    expect(phone.get_by_text("Your ballot is empty")).to_have_count(0)
    button(phone, "Go on").click()


def share_hundred(phone: Page) -> None:
    field = phone.get_by_role("spinbutton", name=f"Points for: {ACTIONS[0]}")
    field.fill("70")
    field.press("Tab")
    button(phone, f"Give one: {ACTIONS[1]}").click()
    expect(phone.get_by_text("25 points left", exact=True)).to_be_visible()


def give_squares(phone: Page) -> None:
    for _ in range(2):
        button(phone, f"Give one: {ACTIONS[0]}").click()
    expect(phone.get_by_text("costs 4 points")).to_be_visible()
    expect(phone.get_by_text("5 points left", exact=True)).to_be_visible()


def answer(phone: Page) -> None:
    phone.get_by_role("radiogroup", name="Was it fair?").get_by_role("radio", name="3").check()


# round -> what the phone does, what the others cast, and the counts of the target that the phone spoke of
Ids = dict[str, str]
ON_PHONE: dict[str, tuple[Callable[[Page], None], Callable[[Ids], dict[str, Any] | list[dict[str, Any]]], str, dict[str, int]]] = {
    "points": (give_points, lambda ids: {ids[ACTIONS[1]]: 1}, ACTIONS[0], {"2": 1}),
    "approval": (approve, lambda ids: {ids[ACTIONS[1]]: True}, ACTIONS[1], {"yes": PEOPLE}),
    "choose": (choose_two, lambda ids: {ids[ACTIONS[2]]: True}, ACTIONS[0], {"yes": 1}),
    "rank": (
        rank_three,  # each of the six is somebody's first, and says so on the wall
        lambda ids: [{ids[first]: 1, ids[ACTIONS[2]]: 2} for first in ACTIONS if first != ACTIONS[2]],
        ACTIONS[2],
        {"1": 1, "2": PEOPLE - 1},
    ),
    "scores": (score, lambda ids: {FACTOR: 3}, FACTOR, {"5": 1, "3": PEOPLE - 1}),
    "criteria": (
        score_twice,
        lambda ids: {ids[a]: {"impact": 1 + n % 5, "feasibility": 5 - n % 3} for n, a in enumerate(ACTIONS)},
        ACTIONS[0],
        {"impact:5": 1, "feasibility:4": 1, "impact:1": PEOPLE - 1, "feasibility:5": PEOPLE - 1},
    ),
    "consent": (
        consent,
        lambda ids: {ids[ACTIONS[0]]: {"reserve": "Avec un budget"}, ids[ACTIONS[1]]: "opposed"},
        ACTIONS[0],
        {"reserve": PEOPLE},
    ),
    "hundred": (share_hundred, lambda ids: {ids[ACTIONS[0]]: 100}, ACTIONS[0], {"70": 1, "100": PEOPLE - 1}),
    "quadratic": (give_squares, lambda ids: {ids[ACTIONS[0]]: 3}, ACTIONS[0], {"2": 1, "3": PEOPLE - 1}),
    "questions": (answer, lambda ids: {"questions.q2": 5}, "questions.q2", {"3": 1, "5": PEOPLE - 1}),
}  # fmt: skip


def test_every_way_of_voting_is_cast_counted_and_shown(room: Room) -> None:
    assert set(ON_PHONE) == set(VOTES)
    for name, (on_phone, others, spoken_of, counts) in ON_PHONE.items():
        room.start(name)
        on_phone(room.phone)
        expect(room.phone.get_by_text("Your ballot is in the urn.")).to_be_visible()
        accessible(room.phone, name)
        ballots = others(room.cards)
        room.others(name, ballots if isinstance(ballots, list) else [ballots])
        # Nowhere a figure before the publication.
        expect(room.wall.locator(".wall-ranking")).to_have_count(0)
        if name == "consent":
            room.phone.get_by_role("textbox", name="Which reserve?").focus()
        rows = room.publish(name)
        if name == "consent":
            go_on_from_a_vote_that_is_over(room.phone)
        assert rows[room.cards.get(spoken_of, spoken_of)]["counts"] == counts, name
        expect(room.phone.get_by_role("heading", name=f"Result: {name}")).to_be_visible()
        expect(room.wall.locator(".wall-ranking")).to_be_visible()
        accessible(room.phone, f"result of {name}")
        legible(room.wall, name)
    nobody_votes(room)
    said = [comment["text"] for comment in room.facilitator.replica.all("comments")]
    assert sorted(said) == sorted(["Avec un budget"] * (PEOPLE - 1) + ["Pas avant la formation des agents"])


def nobody_votes(room: Room) -> None:
    """An empty urn is said in a sentence, not in empty pictures."""
    room.facilitator.command("reopen", "questions", minutes=1)
    room.facilitator.command("close", "questions")
    room.facilitator.command("publish", "questions")
    for page in (room.phone, room.wall):
        expect(page.get_by_text("No ballot was in the urn.")).to_be_visible()
        expect(page.locator(".multiples")).to_have_count(0)


def accessible(page: Page, what: str) -> None:
    found = Axe().run(page).response["violations"]
    assert not [(what, v["id"], [node["target"] for node in v["nodes"]][:3]) for v in found]
    assert page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"
    ), what


# The pixels a text has on the screen: inside a map its size is in the map's own units.
SMALL_TEXTS = """() => [...document.querySelectorAll(".wall-scene *")]
  .filter((node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim()))
  .filter((node) => !node.closest(".visually-hidden") && node.getClientRects().length)
  .map((node) => {
    const map = node.getScreenCTM?.();
    const scale = map ? Math.hypot(map.a, map.b) : 1;
    return [node.textContent.trim().slice(0, 30), parseFloat(getComputedStyle(node).fontSize) * scale];
  })
  .filter(([, size]) => size < 23.9)"""
OUTSIDE = """() => {
  const scene = document.querySelector(".wall-scene").getBoundingClientRect();
  return [...document.querySelectorAll(".wall-scene :is(li, text, circle)")]
    .filter((node) => !node.closest(".visually-hidden"))
    .map((node) => [node.textContent.trim().slice(0, 30), node.getBoundingClientRect()])
    .filter(([, box]) => box.width && (box.bottom > scene.bottom + 2 || box.right > scene.right + 2 || box.top < scene.top - 2))
    .map(([words]) => words);
}"""


def legible(wall: Page, what: str) -> None:
    """From ten metres: nothing under 24 px, and nothing cut off."""
    assert wall.evaluate(SMALL_TEXTS) == [], what
    assert wall.evaluate(OUTSIDE) == [], what
