"""One simulated phone: a stock Socket.IO client that comes in by a personal link as a browser does, and keeps what it is shown.

Written from docs/protocol.md. Pages by the standard library, the live side by python-socketio over a websocket.
"""

from __future__ import annotations

import hashlib
import http.cookiejar
import json
import re
import secrets
import threading
import time
import urllib.request
from collections.abc import Callable
from typing import Any

import socketio

PATIENCE_S = 30
PASSING = ("slow_down", "retry")
_CONFIG = re.compile(r'<script type="application/json" id="page">(.*?)</script>', re.DOTALL)
Record = dict[str, Any]


class Patience:
    """How long phones wait for anything; `end` makes all of them give up, from a signal handler too."""

    is_over = False

    @classmethod
    def end(cls) -> None:
        cls.is_over = True


class PhoneFailed(Exception):
    """The phone did not get in, or was not answered in time."""


class Phone:
    """Shape: `tables` is table -> id -> record, as shown to it; `shown_s` is when each text was first shown (perf_counter)."""

    def __init__(self, link: str) -> None:
        self._link = link
        self.tables: dict[str, dict[str, Record]] = {}
        self.shown_s: dict[str, float] = {}
        self.confirm_ms: list[float] = []
        self.join_ms = 0.0
        self._head, self._generation = -1, 0
        self._answers: dict[str, Record] = {}
        self._news = threading.Condition()
        self._socket: socketio.Client | None = None

    # --- coming in ---

    def join(self) -> None:
        """From the link to the board. Raises: PhoneFailed."""
        began = time.perf_counter()
        jar = http.cookiejar.CookieJar()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        try:
            with browser.open(self._link, timeout=PATIENCE_S) as answer:
                page = _CONFIG.search(answer.read().decode())
                base = re.match(r"https?://[^/]+", answer.url)
            if not page or not base:
                raise PhoneFailed("the link leads to no board")
            told = json.loads(page[1])
            cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
            self._connect(base[0], told, {"Cookie": cookies})
        except (OSError, ValueError, socketio.exceptions.ConnectionError) as error:
            raise PhoneFailed(str(error)) from error
        self.wait(lambda: self._head >= 0)
        self.join_ms = 1000 * (time.perf_counter() - began)

    def _connect(self, base: str, told: Record, headers: dict[str, str]) -> None:
        self._board = told["board"]
        self._socket = socketio.Client(reconnection=False)
        self._socket.on("changes", self._changed)
        self._socket.on("answers", self._answered)
        self._socket.connect(
            base,
            headers=headers,
            auth={"seat": told["handle"]},
            transports=["websocket"],
            wait_timeout=PATIENCE_S,
        )
        self._hello()

    def _hello(self) -> None:
        assert self._socket
        asked = {"board": self._board, "head": self._head, "generation": self._generation, "protocol": 1}
        self._socket.emit("hello", asked)

    def leave(self) -> None:
        if self._socket:
            self._socket.disconnect()

    # --- being shown ---

    def _changed(self, frame: Record) -> None:
        with self._news:
            if frame["reset"]:
                self.tables = {}
            elif frame["to"] <= self._head:
                return
            elif frame["from"] != self._head:
                return self._hello()
            for verb, table, *rest in frame["changes"]:
                rows = self.tables.setdefault(table, {})
                if verb == "put":
                    rows[rest[0]["id"]] = rest[0]
                    if table == "cards":
                        self.shown_s.setdefault(rest[0]["text"], time.perf_counter())
                elif verb == "patch":
                    rows[rest[0]] = {**rows[rest[0]], **rest[1]}
                else:
                    rows.pop(rest[0], None)
            self._head, self._generation = frame["to"], frame["generation"]
            self._news.notify_all()

    def wait(self, is_so: Callable[[], bool]) -> None:
        """Until something is true of what this phone was shown. Raises: PhoneFailed."""
        until = time.monotonic() + PATIENCE_S
        with self._news:
            while not is_so():
                if Patience.is_over or time.monotonic() > until:
                    raise PhoneFailed("it was not shown in time")
                self._news.wait(0.5)

    def round(self, round_id: str) -> Record:
        return self.tables.get("rounds", {}).get(round_id, {"state": "", "epoch": 0})

    # --- sending ---

    def send(self, kind: str, /, **payload: Any) -> Record:
        """Send one operation and wait until it is confirmed, as a browser's outbox does. Raises: PhoneFailed."""
        assert self._socket
        op_id = secrets.token_hex(16)
        operation = {"id": op_id, "kind": kind, "payload": payload}
        began = time.perf_counter()
        until = began + PATIENCE_S
        while True:
            self._answers.pop(op_id, None)
            self._socket.emit("submit", {"ops": [operation]})
            self.wait(lambda: op_id in self._answers)
            answer = self._answers[op_id]
            if answer.get("code") not in PASSING or time.perf_counter() > until:
                break
            time.sleep(0.25)
        if "code" in answer:
            raise PhoneFailed(f"{kind} was refused: {answer['code']}")
        self.confirm_ms.append(1000 * (time.perf_counter() - began))
        return answer

    def _answered(self, frame: Record) -> None:
        with self._news:
            self._answers |= {one["id"]: one for one in frame["results"]}
            self._news.notify_all()

    def texts(self) -> list[str]:
        """The texts of the cards on the board, as often as they stand there."""
        return [card["text"] for card in self.tables.get("cards", {}).values()]

    def write(self, round_: Record, factor: str, text: str) -> None:
        """One card into a round."""
        secret_hash = hashlib.sha256(secrets.token_bytes(32)).hexdigest()
        at = {"round": round_["id"], "epoch": round_["epoch"]}
        self.send("card.post", **at, factor=factor, text=text, secret_hash=secret_hash)
