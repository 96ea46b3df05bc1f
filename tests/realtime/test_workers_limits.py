"""Whoever asks two workers in turn has no more tries, and no more to say, than at one."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import requests

from app.tries import WRONG_CODES, WRONG_PASSPHRASES
from tests import services
from tests.client import WAIT_S, Client, op
from tests.cluster import Cluster
from tests.niamey.phones import PIN, SharedPhone
from tests.server import Server
from tests.workshops import csrf


class Guesser:
    """A browser at one worker's doors."""

    def __init__(self, worker: Server, session: requests.Session | None = None) -> None:
        self.url, self.session = worker.url, session or requests.Session()
        self._token = csrf(self.session.get(f"{self.url}/sign-in", timeout=WAIT_S).text)

    def send(self, path: str, **form: str) -> requests.Response:
        data = {"csrf_token": self._token, **form}
        return self.session.post(self.url + path, data=data, allow_redirects=False, timeout=WAIT_S)

    def code(self, number: int) -> int:
        return self.send("/join", code=f"X{number:05}").status_code

    def passphrase(self, number: int) -> int:
        return self.send("/sign-in", name="nobody at all", passphrase=f"quatre mots {number}").status_code


Guess = Callable[[Guesser, int], int]


@pytest.mark.parametrize(
    ("guess", "wrong", "most"),
    [(Guesser.code, 404, WRONG_CODES.amount), (Guesser.passphrase, 403, WRONG_PASSPHRASES.amount)],
)
def test_o02_whoever_guesses_at_both_workers_has_no_more_tries_than_at_one(
    pair: Cluster, guess: Guess, wrong: int, most: int
) -> None:
    guessers = [Guesser(worker) for worker in pair.workers]
    said = [guess(guessers[number % 2], number) for number in range(most)]
    assert set(said) == {wrong}
    for guesser in guessers:
        # One that was still on its way to the other worker may be one more.
        assert 429 in [guess(guesser, most + number) for number in range(2)]


def test_o02_a_pin_is_tried_five_times_whichever_worker_is_asked(pair: Cluster) -> None:
    phone = SharedPhone({"first": pair.participants(0)[33]})
    pages = [Guesser(worker, phone.session) for worker in pair.workers]
    handle = phone.handles["first"]
    said = [pages[number % 2].send(f"/unlock/{handle}", pin="0000").status_code for number in range(5)]
    assert said == [403, 403, 403, 403, 303]
    assert {page.send(f"/unlock/{handle}", pin=PIN).status_code for page in pages} == {404}


def test_o02_without_redis_each_worker_still_counts_its_own_and_they_tell_again_afterwards(
    pair: Cluster,
) -> None:
    if pair.redis.given:
        pytest.skip("not run: the Redis we are pointed at is not ours to kill")
    door = Client(pair.link("facilitator", 0)).page["join"]["url"].rpartition("/")[2]

    def seat_code(guesser: Guesser, number: int) -> int:
        return guesser.send(f"/join/{door}", seat=f"{number:09}").status_code

    first, second = (Guesser(worker) for worker in pair.workers)
    half = WRONG_CODES.amount // 2
    pair.redis.kill()
    try:
        assert {seat_code(first, number) for number in range(half)} == {404}
        assert {seat_code(second, number) for number in range(half)} == {404}, "counted apart"
    finally:
        pair.redis.start()
    said = [seat_code(first, number) for number in range(half)]
    services.wait_until(lambda: seat_code(second, 0) == 429, "what the first worker counts")
    assert said.count(404) > half / 2, "what was counted apart is not told late"


def test_a_seat_earns_no_second_allowance_on_another_worker(pair: Cluster) -> None:
    first = Client(pair.link("rapporteur", 0)).connect()
    second = first.at(pair.workers[1].url).connect()
    allowed = 0
    deadline = time.monotonic() + 12
    while time.monotonic() < deadline:
        for device in (first, second):
            frame = op("comment.post", target={"table": "factors", "id": "F03"}, text="encore")
            answers = send_once(
                device, frame, op("comment.post", target={"table": "factors", "id": "F03"}, text="et")
            )
            allowed += sum("seq" in answer for answer in answers)
    for device in (first, second):
        device.close()
    # Alone each would give 60 and 2 a second: 168 in all. Together they give one burst more at the most, until they tell.
    assert allowed <= 60 + 60 + 2 * 14, allowed


def send_once(client: Client, *operations: dict) -> list[dict]:
    assert client.socket
    client.socket.emit("submit", {"ops": list(operations)})
    client.wait(lambda: all(made["id"] in client._answers for made in operations))
    return [client._answers[made["id"]] for made in operations]
