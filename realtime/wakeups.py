"""The one file that knows Redis: wake-ups between workers, their reports of themselves, the urns' keys for another host.

Redis is a hint and never truth: it may vanish, be flushed or stand still at any moment, and what comes from it only makes us
look into the database, say goodbye to a socket that comes back, count guesses, or count and queue people, of whom nothing is in
the log. Messages and keys are sealed under the server's secret: a forged one is nothing, and whoever reads Redis learns of no
person and opens no urn.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Collection
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from redis import Redis, RedisError, ResponseError
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger("palabre.wakeups")

PATIENCE_S = 1.0
PULSE_S = 2
# Between two reports, when something changed meanwhile.
LEAST_PULSE_S = 0.25
# Longer than two pulses: whose worker died is still counted for this long.
ALIVE_S = 8
MOST_WAITING = 1000
_NONCE_BYTES = 12
# What is raised for a report that is none.
UNREADABLE = (TypeError, ValueError, LookupError, AttributeError)
# How a Redis is set that has nothing on its disk.
_FORGETFUL = {"save": "", "appendonly": "no"}

Listener = Callable[..., None]


def kept_on_disk(url: str) -> list[str]:
    """The settings by which a Redis writes what it holds to its disk; none when it does not answer, or does not tell us."""
    found: dict[str, str] = {}
    try:
        with _redis(url) as asked:
            for name in _FORGETFUL:
                found |= asked.config_get(name)
    except ResponseError:
        logger.warning("Redis does not tell whether it writes to its disk: %s.", ", ".join(_FORGETFUL))
    except RedisError as error:
        logger.warning("Redis does not answer: %s", type(error).__name__)
    return [f"{name} = {value}" for name, value in found.items() if value != _FORGETFUL.get(name)]


def _redis(url: str) -> Redis:
    return Redis.from_url(
        url,
        socket_timeout=PATIENCE_S,
        socket_connect_timeout=PATIENCE_S,
        retry=Retry(NoBackoff(), 0),
    )


class Wakeups:
    """This worker's line to the others. `tell` never waits; what cannot be sent is dropped, because nothing depends on it."""

    def __init__(self, url: str, secret: bytes) -> None:
        self._redis = _redis(url)
        wakeups = hmac.digest(secret, b"wakeups", "sha256")
        self._messages = AESGCM(wakeups)
        self._keys = AESGCM(hmac.digest(secret, b"keys elsewhere", "sha256"))
        # Two installations on one Redis never hear each other.
        self._name = f"palabre:{hashlib.sha256(wakeups).hexdigest()[:16]}"
        self._worker = secrets.token_hex(8)
        self._heads: dict[str, int] = {}
        self._errands: deque[Callable[[], object]] = deque(maxlen=MOST_WAITING)
        self._something = threading.Event()
        self._listeners: dict[str, Listener] = {}
        self._heard_at = 0.0
        # When something was heard that cannot be read.
        self._puzzled_at = float("-inf")
        # What each other worker reported last, and when.
        self._reports: dict[str, tuple[float, Any]] = {}
        self._next_pulse = 0.0
        self._last_pulse = 0.0
        self.report: Callable[[], Any] = dict
        # Raises one of UNREADABLE.
        self.read_report: Callable[[Any], Any] = lambda told: told
        self.on_reports: Callable[[dict[str, Any]], None] = lambda reports: None
        self.is_up = True
        self._has_ended = False

    def on(self, kind: str, listener: Listener) -> None:
        """Call the listener for every message of a kind from another worker."""
        self._listeners[kind] = listener

    # --- telling ---

    def tell(self, kind: str, *words: str | int) -> None:
        """Tell all other workers something, soon."""
        self._soon(lambda: self._publish(kind, *words))

    def tell_head(self, board: str, head: int) -> None:
        """Tell that a board has moved; of several heads of one board only the newest is told."""
        self._heads[board] = head
        self._something.set()

    def report_soon(self) -> None:
        """What we report has changed: tell it without waiting for the next pulse."""
        self._next_pulse = min(self._next_pulse, self._last_pulse + LEAST_PULSE_S)
        self._something.set()

    def _soon(self, errand: Callable[[], object]) -> None:
        self._errands.append(errand)
        self._something.set()

    def _publish(self, kind: str, *words: Any) -> None:
        self._redis.publish(self._name, self._sealed([self._worker, kind, *words]))

    def end(self) -> None:
        """Tell and hear nothing more."""
        self._has_ended = True
        self._something.set()

    def send(self) -> None:
        """Until the end: send what is to be told, and every other second say that we live and whom we serve."""
        while not self._has_ended:
            self._something.wait(max(0.0, self._next_pulse - time.monotonic()))
            self._something.clear()
            try:
                if time.monotonic() >= self._next_pulse:
                    self._pulse()
                self._send_waiting()
                self._is_now(True)
            except RedisError as error:
                self._heads.clear()
                self._errands.clear()
                self._is_now(False, type(error).__name__)
                self._heard_at = 0.0
                self._reports.clear()
                self._safely(self._tell_reports)

    def _send_waiting(self) -> None:
        while self._heads:
            self._publish("board", *self._heads.popitem())
        while self._errands:
            self._safely(self._errands.popleft())

    @staticmethod
    def _safely(step: Callable[[], object]) -> None:
        """One step of the sender: a mistake of ours is logged and ends that step alone. Raises: RedisError, which ends all."""
        try:
            step()
        except RedisError:
            raise
        except Exception:
            logger.exception("the sender failed at a step")

    def _is_now(self, up: bool, why: str = "") -> None:
        if up == self.is_up:
            return
        self.is_up = up
        logger.warning("Redis answers again") if up else logger.warning("Redis does not answer: %s", why)

    # --- what each worker reports of itself ---

    @property
    def is_hearing(self) -> bool:
        """Whether the others are heard: what one says on the line comes back on it, and what they say can be read."""
        now_s = time.monotonic()
        return self.is_up and now_s - self._heard_at < ALIVE_S and now_s - self._puzzled_at > ALIVE_S

    def _pulse(self) -> None:
        self._last_pulse = time.monotonic()
        self._next_pulse = self._last_pulse + PULSE_S
        self._safely(lambda: self._publish("report", self.report()))
        self._safely(self._tell_reports)

    def _reported(self, worker: str, told: Any) -> None:
        """Keep a report that can be read; another release, while workers start one by one, may tell what none of ours does."""
        try:
            report = self.read_report(told)
        except UNREADABLE as error:
            logger.warning("a worker's report cannot be read: %s", type(error).__name__)
            self._puzzled_at = time.monotonic()
            return
        if worker not in self._reports:
            self.report_soon()  # it has just come, and knows nothing of us
        self._reports[worker] = (time.monotonic(), report)
        self._tell_reports()

    def _tell_reports(self) -> None:
        """Hand on what the workers reported that still live."""
        alive_s = time.monotonic() - ALIVE_S
        self._reports = {worker: told for worker, told in self._reports.items() if told[0] > alive_s}
        self.on_reports({worker: report for worker, (_, report) in self._reports.items()})

    # --- hearing ---

    def listen(self) -> None:
        """Until the end: hear what the others tell; a line that fell, or is silent, is laid anew."""
        while not self._has_ended:
            try:
                self._listen()
            except (RedisError, OSError, ValueError) as error:
                logger.info("listening anew: %s", type(error).__name__)
            except Exception:
                logger.exception("listening failed")
            threading.Event().wait(PATIENCE_S / 2)

    def _listen(self) -> None:
        with self._redis.pubsub(ignore_subscribe_messages=True) as line:
            line.subscribe(self._name)
            self._heard_at = time.monotonic()
            # Our own report comes back on it: a line without one is dead, whatever the socket says.
            while time.monotonic() - self._heard_at < ALIVE_S and not self._has_ended:
                message = line.get_message(timeout=PATIENCE_S)
                if message:
                    self._hear(message["data"])

    def _hear(self, text: bytes) -> None:
        told = self._opened(text)
        if told is None:
            return
        self._heard_at = time.monotonic()
        worker, kind, *words = told
        if worker == self._worker:
            return
        try:
            if kind == "report":
                self._reported(worker, *words)
            elif listener := self._listeners.get(kind):
                listener(*words)
        except Exception:
            logger.exception("a wake-up failed: %s", kind)

    def _sealed(self, told: list[Any]) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._messages.encrypt(nonce, orjson.dumps(told), None)

    def _opened(self, sealed: Any) -> Any:
        """What was said, if one of us said it; else None."""
        try:
            return orjson.loads(self._messages.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None))
        except (InvalidTag, ValueError, TypeError):
            return None

    # --- keys: what `app.urn.keys.Keys` asks of a place elsewhere ---

    @property
    def _key_ring(self) -> str:
        return f"{self._name}:keys"

    def offer(self, file: str, key: bytes) -> None:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + self._keys.encrypt(nonce, key, file.encode())
        self._soon(lambda: self._redis.hset(self._key_ring, file, sealed))

    def ask(self, file: str) -> bytes | None:
        """The key that somebody offered; whoever holds it is asked once, for Redis may have forgotten it."""
        try:
            for tries in range(5 if self.is_up else 0):
                sealed = self._redis.hget(self._key_ring, file)
                if isinstance(sealed, bytes):
                    return self._keys.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], file.encode())
                if tries == 0:
                    self._publish("key", file)
                threading.Event().wait(0.1)
        except (RedisError, InvalidTag, ValueError):
            pass
        return None

    def withdraw(self, file: str) -> None:
        self._soon(lambda: self._redis.hdel(self._key_ring, file))

    def withdraw_all_but(self, files: Collection[str]) -> None:
        def work() -> None:
            offered: Any = self._redis.hkeys(self._key_ring)
            if left_over := [file for file in offered if file.decode(errors="replace") not in files]:
                self._redis.hdel(self._key_ring, *left_over)

        self._soon(work)
