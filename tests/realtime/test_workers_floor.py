"""The floor, the wheel and who is here, over two workers: no database holds them, so the workers report them to one another."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.client import Client
from tests.cluster import Cluster

WITHIN_S = 3  # "within a second", on a machine that other tests keep busy


@pytest.fixture
def quiet(pair: Cluster) -> Iterator[Client]:
    """The facilitator on the first worker; no round is live, so hands may go up."""
    facilitator = Client(pair.link("facilitator", 0)).connect()
    for round_ in facilitator.replica.all("rounds"):
        if round_["state"] in ("running", "paused"):
            facilitator.command("close", round_["id"])
    yield facilitator
    facilitator.close()


def ask_to_speak(client: Client, *, up: bool = True) -> None:
    assert client.socket
    client.socket.emit("hand", {"up": up})


def call(client: Client, act: str, person: Client) -> None:
    """The facilitator gives the floor to somebody, or ends the turn."""
    assert client.socket
    client.socket.emit("floor", {"act": act, "hand": row_of(client, person)["id"]})


def row_of(client: Client, person: Client) -> dict:
    assert person.welcome
    rows = client.last("floor").get("hands", ())
    return next((row for row in rows if row["name"] == person.welcome["you"]["name"]), {})


def test_who_is_connected_is_counted_over_both_workers(pair: Cluster) -> None:
    people = [Client(pair.participants(n % 2)[n]).connect() for n in range(30, 34)]
    here = Client(pair.link("facilitator", 0)).connect()
    here.wait(lambda: any(e == "presence" and d["online"] == 5 for e, d in here.frames))
    for person in (*people, here):
        person.close()


def test_a_hand_raised_through_one_worker_is_given_the_floor_through_the_other(
    pair: Cluster, quiet: Client
) -> None:
    first = Client(pair.participants(1)[26]).connect()
    second = Client(pair.participants(0)[27]).connect()
    ask_to_speak(first)
    quiet.wait(lambda: row_of(quiet, first), WITHIN_S)
    assert row_of(quiet, first)["here"]
    ask_to_speak(second)
    second.wait(lambda: second.last("floor").get("hand"), WITHIN_S)
    call(quiet, "give", first)
    first.wait(lambda: (first.last("floor").get("hand") or {}).get("speaking"), WITHIN_S)
    other = Client(pair.link("co_facilitator", 1)).connect()
    other.wait(lambda: row_of(other, first).get("speaking") and row_of(other, second), WITHIN_S)
    call(other, "done", first)
    first.wait(lambda: first.last("floor")["hand"] is None, WITHIN_S)
    quiet.wait(lambda: not row_of(quiet, first), WITHIN_S)
    # Whoever leaves the other worker is seen to have left.
    ask_to_speak(first)
    quiet.wait(lambda: row_of(quiet, first), WITHIN_S)
    first.close()
    quiet.wait(lambda: row_of(quiet, first).get("here") is False, WITHIN_S)
    call(quiet, "done", first)
    ask_to_speak(second, up=False)
    other.wait(lambda: not other.last("floor")["hands"], WITHIN_S)
    for client in (second, other):
        client.close()


def test_the_wheel_is_handed_from_one_worker_to_the_other_and_stays_while_its_holder_is_there(
    pair: Cluster, quiet: Client
) -> None:
    assert quiet.socket
    other = Client(pair.link("co_facilitator", 1)).connect()
    quiet.socket.emit("wheel", {"to": None})
    other.wait(lambda: other.last("floor").get("wheel", {}).get("mine") is False, WITHIN_S)
    quiet.wait(lambda: quiet.last("floor")["wheel"]["others"], WITHIN_S)
    (offered,) = quiet.last("floor")["wheel"]["others"]
    quiet.socket.emit("wheel", {"to": offered["id"]})
    other.wait(lambda: other.last("floor")["wheel"]["mine"], WITHIN_S)
    quiet.wait(lambda: not quiet.last("floor")["wheel"]["mine"], WITHIN_S)
    # Acting takes no wheel, on whichever worker.
    quiet.do("comment.post", target={"table": "factors", "id": "F05"}, text="je continue")
    late = quiet.at(pair.workers[1].url).connect()
    late.wait(lambda: late.last("floor").get("wheel", {}).get("mine") is False, WITHIN_S)
    assert other.last("floor")["wheel"]["mine"]
    for client in (other, late):
        client.close()


def test_who_took_part_on_either_worker_and_is_gone_at_the_close_is_counted_on_both(
    pair: Cluster, quiet: Client
) -> None:
    other = Client(pair.link("co_facilitator", 1)).connect()
    stays = Client(pair.participants(1)[28]).connect()
    leaves = [Client(pair.participants(worker)[29 + worker]).connect() for worker in (0, 1)]
    for console in (quiet, other):
        console.wait(lambda console=console: console.last("presence").get("online") == 5, WITHIN_S)
    begin = "start" if quiet.round("B1")["state"] == "planned" else "reopen"
    quiet.command(begin, "B1", **({"minutes": 10} if begin == "reopen" else {}))
    for console in (quiet, other):
        console.wait(lambda console=console: console.last("presence")["frozen"], WITHIN_S)
    for client in leaves:
        client.close()
    pause = time.monotonic() + 1  # its last report may be so old
    quiet.wait(lambda: time.monotonic() > pause or quiet.last("presence")["online"] != 5, WITHIN_S)
    assert quiet.last("presence")["online"] == other.last("presence")["online"] == 5
    quiet.command("close", "B1")
    epoch = quiet.round("B1")["epoch"]
    for console in (quiet, other):
        console.wait(lambda console=console: "absent" in console.last("presence"), WITHIN_S)
        assert console.last("presence")["absent"] == {"round": "B1", "epoch": epoch, "count": 2}
    for client in (other, stays):
        client.close()


def test_without_redis_each_worker_goes_on_with_its_own_and_says_so_and_they_agree_again(
    pair: Cluster, quiet: Client
) -> None:
    if pair.redis.given:
        pytest.skip("not run: the Redis we are pointed at is not ours to kill")
    other = Client(pair.link("co_facilitator", 1)).connect()
    here, there = (Client(pair.participants(worker)[32 + worker]).connect() for worker in (0, 1))
    for console in (quiet, other):
        console.wait(lambda console=console: console.last("presence").get("online") == 4, WITHIN_S)
    ask_to_speak(here)
    other.wait(lambda: row_of(other, here), WITHIN_S)
    pair.redis.kill()
    try:
        for console in (quiet, other):
            console.wait(lambda console=console: console.last("presence").get("incomplete"))
            console.wait(lambda console=console: console.last("presence")["online"] == 2)
        assert row_of(other, here)["here"], "whom we do not hear of may well be there"
        ask_to_speak(there)
        other.wait(lambda: row_of(other, there), WITHIN_S)
        call(quiet, "give", here)
        here.wait(lambda: here.last("floor")["hand"]["speaking"], WITHIN_S)
        assert not row_of(quiet, there)
    finally:
        pair.redis.start()
    for console in (quiet, other):
        console.wait(lambda console=console: "incomplete" not in console.last("presence"))
        console.wait(lambda console=console: console.last("presence")["online"] == 4)
        console.wait(lambda console=console: row_of(console, here).get("speaking") and row_of(console, there))
    for client in (here, there):
        ask_to_speak(client, up=False)
        quiet.wait(lambda client=client: not row_of(quiet, client), WITHIN_S)
        client.close()
    other.close()


def test_whoever_reads_redis_learns_of_no_person(pair: Cluster, quiet: Client) -> None:
    speaker = Client(pair.participants(1)[26]).connect()
    heard: list[bytes] = []
    client = pair.redis.client
    (channel,) = client.pubsub_channels("palabre:*")
    with client.pubsub(ignore_subscribe_messages=True) as line:
        line.subscribe(channel)
        ask_to_speak(speaker)
        quiet.wait(lambda: row_of(quiet, speaker), WITHIN_S)
        while len(heard) < 4:
            if message := line.get_message(timeout=WITHIN_S):
                heard.append(message["data"])
    kept = [key + repr(client.dump(key)).encode() for key in client.keys(f"{channel.decode()}*")]
    assert speaker.welcome
    for secret in (
        speaker.page["handle"],
        speaker.welcome["you"]["name"]["fr"],
        "facilitator",
        speaker.board,
    ):
        assert not [text for text in heard + kept if secret.encode() in text], secret
    ask_to_speak(speaker, up=False)
    speaker.close()
