"""The 44 participants of the seminar over real sockets: writing, grouping, voting, disconnections; exports equal the CSV files.

Four have no device and dictate to their table's scribe, seven share three phones and take turns behind their PINs, and in the vote
these eleven are on paper (ten of them vote): what comes out is what comes out when everybody is alone with a device.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

from app.domain.wording import CARD_CHARS, clean
from tests.client import Client, card, op
from tests.niamey.phones import SharedPhone
from tests.server import Server

DATA = Path(__file__).resolve().parents[2] / "app/data/niamey"
WRITING = ("B1", "B3", "B5")
# Of the eleven without a device of their own, one does not vote.
PAPER = 10
TABLE_FACTORS = {"T1": "F01 F10", "T2": "F02 F05", "T3": "F03 F07", "T4": "F04 F06", "T5": "F08 F09"}


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ON_A_DEVICE, SHARING, WITHOUT = "alone", "shared", "none"


class Room:
    """Everybody, each with a socket that may fall; on a shared phone one at a time has it, and the scribes' desks are open.

    Shape: `clients` are of those alone with a device; `phones` lead from who shares one to it; `marks` are the numbers on the
           seat sheets.
    """

    def __init__(self, server: Server) -> None:
        self.random = Random(20200922)
        people = rows("participants.csv")
        links = dict(zip([p["participant_id"] for p in people], server.links["participants"], strict=True))
        self.people = {p["participant_id"]: p for p in people}
        self.marks = {p["participant_id"]: str(number) for number, p in enumerate(people, 1)}
        alone = {p: link for p, link in links.items() if self.kind(p) == ON_A_DEVICE}
        with ThreadPoolExecutor(8) as pool:
            self.clients = dict(
                zip(alone, pool.map(lambda link: Client(link).connect(), alone.values()), strict=True)
            )
        self.facilitator = Client(server.links["facilitator"]).connect()
        self.desks = {
            client.welcome["you"]["table"]: client for client in map(entered, scribes(self.facilitator))
        }
        shared: dict[str, dict[str, str]] = defaultdict(dict)
        for person in links:
            if self.kind(person) == SHARING:
                shared[self.people[person]["shared_device_id"]][person] = links[person]
        phones = [SharedPhone(several) for several in shared.values()]
        self.phones = {person: phone for phone in phones for person in phone.people}
        for person in links:
            if self.kind(person) == WITHOUT:
                self.tick(person)

    def kind(self, person: str) -> str:
        device = self.people[person]["device"]
        return device if device in (SHARING, WITHOUT) else ON_A_DEVICE

    def desk_of(self, person: str) -> Client:
        return self.desks[self.people[person]["table"]]

    def tick(self, person: str) -> None:
        """Before the first round: here without a device."""
        desk = self.desk_of(person)
        answer = desk.session.post(
            desk.base + desk.page["urls"]["here"],
            json={"seat": self.marks[person], "here": True},
            headers={"X-CSRFToken": desk.page["csrf"]},
            timeout=20,
        )
        assert answer.json()["people"][self.marks[person]] == "here"

    def everybody(self, act: object) -> None:
        """Each person alone with a device acts, eight at a time; one in six loses the connection before."""
        falls = {person for person in self.clients if self.random.random() < 1 / 6}

        def one(person: str) -> None:
            client = self.clients[person]
            if person in falls:
                client.close()
                client.connect()
            client.wait(lambda: client.replica.head >= self.facilitator.replica.head)
            act(person, client)  # type: ignore[operator]

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(one, self.clients))

    def sharing(self, act: object) -> None:
        """Each of those who share a phone has it for a turn."""
        for person, phone in self.phones.items():
            with phone.turn(person) as client:
                act(person, client)  # type: ignore[operator]

    def close(self) -> None:
        for client in [*self.clients.values(), *self.desks.values(), self.facilitator]:
            client.close()


def scribes(facilitator: Client) -> list[str]:
    """The scribes' personal links, as the facilitator hands them out."""
    below = f"{facilitator.base}/b/{facilitator.page['handle']}/people"
    listed = facilitator.session.get(below, timeout=20).text
    staff = listed[listed.index('id="staff-title"') : listed.index('id="seats-title"')]
    pages = [
        facilitator.session.get(f"{below}/{person}", timeout=20).text
        for person in re.findall(r"/people/([0-9a-f]{32})\"", staff)
    ]
    return [
        found[1]
        for page in pages
        if ">Scribe<" in page and (found := re.search(r'id="link" value="([^"]+)"', page))
    ]


def entered(link: str) -> Client:
    return Client(link).connect()


def test_the_seminar_with_44_people_ends_as_the_csv_files_say(server: Server) -> None:
    room = Room(server)
    try:
        write(room)
        group(room)
        vote(room)
        check(room)
    finally:
        room.close()


def write(room: Room) -> None:
    cards = rows("cards.csv")
    for round_id in WRITING:
        room.facilitator.command("start", round_id)
        of_round = defaultdict(list)
        for row in cards:
            if row["round_id"] == round_id:
                of_round[row["author_id"]].append(row)

        def post(person: str, client: Client, of_round: object = of_round, round_id: str = round_id) -> None:
            written = of_round[person]  # type: ignore[index]
            if written:
                round_ = client.round(round_id)
                posts = [op("card.post", **card(round_, row["factor_id"], row["text_fr"])) for row in written]
                assert all(answer.get("sealed") for answer in client.send(*posts)), (
                    person,
                    client.send(*posts),
                )

        room.everybody(post)
        room.sharing(post)
        for person in room.people:
            if room.kind(person) == WITHOUT:
                dictate(room, person, round_id, of_round[person])
        room.facilitator.command("close", round_id)
        if room.facilitator.round(round_id)["state"] == "closed":
            room.facilitator.command("publish", round_id)


def dictate(room: Room, person: str, round_id: str, written: list[dict[str, str]]) -> None:
    """To the scribe, who enters it for the number on the person's sheet."""
    desk = room.desk_of(person)
    desk.wait(lambda: desk.replica.head >= room.facilitator.replica.head)
    for row in written:
        entry = card(desk.round(round_id), row["factor_id"], row["text_fr"])
        assert desk.do("card.enter", **entry, seat=room.marks[person]).get("sealed")


def text_of(row: dict[str, str]) -> str:
    return clean(row["text_fr"], CARD_CHARS)


def group(room: Room) -> None:
    """Each table groups its own two factors; the facilitator names the clusters."""
    facilitator = room.facilitator
    facilitator.command("start", "C1")
    by_text = defaultdict(list)
    for shown in facilitator.replica.all("cards"):
        by_text[shown["factor"], shown["text"]].append(shown["id"])
    members = defaultdict(list)
    for row in rows("cards.csv"):
        members[row["cluster_id"]].append(by_text[row["factor_id"], text_of(row)].pop())
    table_of = {factor: table for table, factors in TABLE_FACTORS.items() for factor in factors.split()}
    hands = {room.people[p]["table"]: client for p, client in room.clients.items()}
    for cluster in rows("clusters.csv"):
        client = hands[table_of[cluster["factor_id"]]]
        client.wait(lambda client=client: client.replica.head >= facilitator.replica.head)
        ticked = [{"card": card_id, "seen": None} for card_id in members[cluster["cluster_id"]]]
        made = op("cluster.make", factor=cluster["factor_id"], cards=ticked, name="")
        (answer,) = client.send(made)
        assert "seq" in answer, answer
        facilitator.do("cluster.name", cluster=made["id"], name=cluster["label_fr"], seen="")
    facilitator.command("close", "C1")


def vote(room: Room) -> None:
    """Everybody votes factor by factor, the whole ballot each time, as a phone sends it."""
    facilitator = room.facilitator
    facilitator.command("start", "V1")
    by_label = {cluster["name"]: cluster["id"] for cluster in facilitator.replica.all("clusters")}
    label = {cluster["cluster_id"]: cluster["label_fr"] for cluster in rows("clusters.csv")}
    of_voter: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows("votes_round1.csv"):
        target = by_label[label[row["cluster_id"]]]
        of_voter[row["voter_id"]][row["factor_id"]][target] = int(row["points"])

    def cast(person: str, client: Client) -> None:
        choices: dict[str, int] = {}
        round_ = client.round("V1")
        for revision, spent in enumerate(of_voter[person].values(), 1):
            choices |= spent
            client.do("ballot.cast", round="V1", epoch=round_["epoch"], revision=revision, choices=choices)

    room.everybody(cast)
    on_paper = {
        person: {target: points for spent in of_voter[person].values() for target, points in spent.items()}
        for person in of_voter
        if room.kind(person) != ON_A_DEVICE
    }
    assert len(on_paper) == PAPER
    halves = list(on_paper.items())
    for person, choices in halves[:5]:
        enter(room, room.desk_of(person), person, choices)
    facilitator.command("close", "V1")
    # The box is emptied after the bell: sheets are entered, and confirmed, until the count.
    for person, choices in halves[5:]:
        enter(room, room.desk_of(person), person, choices)
    for person, choices in halves:
        enter(room, facilitator, person, choices)
    overruled(room, of_voter)
    assert not facilitator.replica.all("tallies")
    facilitator.command("publish", "V1")


def enter(room: Room, desk: Client, person: str, choices: dict[str, int]) -> None:
    desk.wait(lambda: desk.replica.head >= room.facilitator.replica.head)
    round_ = desk.round("V1")
    sheet = {"round": "V1", "epoch": round_["epoch"], "seat": room.marks[person], "choices": choices}
    assert desk.do("ballot.paper", **sheet).get("sealed")


def overruled(room: Room, of_voter: dict[str, object]) -> None:
    """Somebody who voted on a phone hands in a sheet as well: two people enter it, and it changes nothing."""
    person = next(p for p in room.clients if p in of_voter)
    for desk in (room.desk_of(person), room.facilitator):
        enter(room, desk, person, {})


def check(room: Room) -> None:
    expected_cards = sorted(
        (row["factor_id"], text_of(row), cluster_label(row["cluster_id"])) for row in rows("cards.csv")
    )
    exported = download(room, "cards")
    assert sorted((r["factor_id"], r["text"], r["cluster_name"]) for r in exported) == expected_cards
    votes = {row["target_label"]: row for row in download(room, "votes") if row["round"] == "V1"}
    assert len(votes) == len(rows("clusters.csv"))
    voters = {row["voter_id"] for row in rows("votes_round1.csv")}
    told = ("seats", "ballots", "on_paper", "paper_unconfirmed", "paper_overruled")
    assert {tuple(row[name] for name in told) for row in votes.values()} == {
        ("44", str(len(voters)), str(PAPER), "0", "1")
    }
    for cluster_id, (total, internal, external) in expected_totals().items():
        row = votes[cluster_label(cluster_id)]
        assert int(row["total"]) == total, cluster_id
        assert row["internal"] == ("" if internal is None else str(internal)), cluster_id
        assert row["external"] == ("" if external is None else str(external)), cluster_id
    assert any(row["internal"] for row in votes.values()), "no side is told apart at all"
    for client in room.clients.values():
        client.wait(lambda client=client: client.replica.head >= room.facilitator.replica.head)
        assert not any("staff" in str(record.get("audience")) for record in client.replica.all("cards"))


def cluster_label(cluster_id: str) -> str:
    return next(row["label_fr"] for row in rows("clusters.csv") if row["cluster_id"] == cluster_id)


def expected_totals() -> dict[str, tuple[int, int | None, int | None]]:
    """The tally, computed from the CSV files without the product: sums, and the split where nobody can be singled out."""
    side = {p["participant_id"]: p["group"] for p in rows("participants.csv")}
    votes = rows("votes_round1.csv")
    voters = {
        s: len({v["voter_id"] for v in votes if side[v["voter_id"]] == s}) for s in ("internal", "external")
    }
    assert min(voters.values()) >= 5
    expected: dict[str, tuple[int, int | None, int | None]] = {}
    for factor in dict.fromkeys(cluster["factor_id"] for cluster in rows("clusters.csv")):
        here = [vote for vote in votes if vote["factor_id"] == factor]
        # side -> voter of this factor -> cluster -> points
        given: dict[str, dict[str, dict[str, int]]] = {"internal": {}, "external": {}}
        for vote in here:
            mine = given[side[vote["voter_id"]]].setdefault(vote["voter_id"], {})
            mine[vote["cluster_id"]] = int(vote["points"])
        expected |= split([c["cluster_id"] for c in rows("clusters.csv") if c["factor_id"] == factor], given)
    return expected


def split(
    clusters: list[str], given: dict[str, dict[str, dict[str, int]]]
) -> dict[str, tuple[int, int | None, int | None]]:
    """One factor's sums, with the sides where decision 12 lets them be told."""
    points = {c: {s: [mine.get(c, 0) for mine in given[s].values()] for s in given} for c in clusters}
    sums = {c: {s: sum(points[c][s]) for s in given} for c in clusters}
    total = {c: sum(sums[c].values()) for c in clusters}
    voters = {s: len(given[s]) for s in given}
    unspent = 3 * sum(voters.values()) - sum(total.values())
    told = [
        c for c in clusters
        if all(len(p) >= 5 and max(map(p.count, set(p))) < 0.8 * len(p) for p in points[c].values())
    ]  # fmt: skip
    while told:
        rest = [c for c in clusters if total[c] and c not in told]
        room = [
            min(total[c], own + unspent) - max(0, own - unspent - sum(total[o] for o in rest if o != c)) >= 0.3 * voters[s]
            for s in given
            for own in [sum(sums[o][s] for o in rest)]
            for c in rest
        ]  # fmt: skip
        if not rest or (min(voters.values()) >= 10 and len(rest) >= 3 and all(room)):
            break
        told = [c for c in told if total[c] > min(total[t] for t in told)]
    return {
        c: (total[c], sums[c]["internal"], sums[c]["external"]) if c in told else (total[c], None, None)
        for c in clusters
    }


def download(room: Room, name: str) -> list[dict[str, str]]:
    client = room.facilitator
    url = f"{client.base}/b/{client.page['handle']}/exports/{name}.csv?flavour=plain"
    answer = client.session.get(url, timeout=20)
    answer.raise_for_status()
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8"), newline="")))
