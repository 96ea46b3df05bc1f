"""A stock Socket.IO client that enters by a personal link and keeps a replica: what docs/protocol.md lets a stranger write."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import threading
from typing import Any

import requests
import socketio

from tests.replica import Replica
from tests.turn_by_turn import TurnByTurn

WAIT_S = 20


def enter(
    link: str, session: requests.Session | None = None, patience_s: float = WAIT_S
) -> tuple[requests.Session, dict[str, Any], str]:
    """Open a personal link as a browser would: the session, the page's config, and the server's address."""
    session = session or requests.Session()
    return session, *config_of(session.get(link, timeout=patience_s))


def config_of(page: requests.Response) -> tuple[dict[str, Any], str]:
    page.raise_for_status()
    found = re.search(r'<script type="application/json" id="page">(.*?)</script>', page.text, re.DOTALL)
    assert found, f"no page config at {page.url}"
    return json.loads(found.group(1)), re.match(r"https?://[^/]+", page.url)[0]  # type: ignore[index]


class Client:
    """One seat: connects, follows the board, sends operations and waits for their answers."""

    def __init__(
        self,
        link: str,
        transports: list[str] | None = None,
        board: str | None = None,
        session: requests.Session | None = None,
        patience_s: float = WAIT_S,
    ) -> None:
        self.patience_s = patience_s
        self.session, self.page, self.base = enter(link, session, patience_s)
        self.board = board or self.page["board"]
        self.transports = transports or ["websocket"]
        self.replica = Replica()
        self.welcome: dict[str, Any] | None = None
        self.goodbye: str | None = None
        self.fallen = False
        self.frames: list[tuple[str, Any]] = []
        self._answers: dict[str, dict[str, Any]] = {}
        self._news = threading.Condition()
        self.socket: socketio.Client | None = None

    @classmethod
    def with_code(cls, join: str, code: str, session: requests.Session | None = None) -> Client:
        """Come in by the workshop's door with a seat code."""
        session = session or requests.Session()
        door = session.get(join, timeout=WAIT_S)
        token = re.search(r'name="csrf_token" value="([^"]+)"', door.text)
        assert token, "the door has no form"
        board = session.post(join, data={"csrf_token": token.group(1), "seat": code}, timeout=WAIT_S)
        return cls(board.url, session=session)

    def at(self, base: str) -> Client:
        """The same browser and seat at another address: another worker's, say."""
        return Client(f"{base}{self.page['urls']['board']}", session=self.session)

    def connect(self) -> Client:
        self.socket = socketio.Client(
            reconnection=False, http_session=self.session, websocket_extra_options={"class_": TurnByTurn}
        )
        self.welcome = None
        for event in ("welcome", "changes", "answers", "presence", "floor", "heartbeat", "goodbye"):
            self.socket.on(event, lambda data, event=event: self._on(event, data))
        self.fallen = True  # until it stands: a try that fails is tried again
        self.socket.on("disconnect", self._fall)
        self.socket.connect(
            self.base,
            auth=self._auth,
            transports=self.transports,
            wait_timeout=self.patience_s,  # type: ignore[arg-type]
        )
        self.fallen = False
        self.hello(self.replica.head, self.replica.generation)
        self.wait(lambda: self.welcome is not None and self.replica.head >= self.welcome["head"])
        return self

    def _auth(self) -> dict[str, str]:
        """The seat, and a fresh ticket: this is no browser, and sends no Origin."""
        return {"seat": self.page["handle"], "ticket": self.fetch_ticket()}

    def fetch_ticket(self) -> str:
        answer = self.session.post(
            self.base + self.page["urls"]["ticket"],
            headers={"X-CSRFToken": self.page["csrf"]},
            timeout=WAIT_S,
        )
        answer.raise_for_status()
        ticket: str = answer.json()["ticket"]
        return ticket

    def hello(self, head: int, generation: int) -> None:
        assert self.socket
        frame = {"board": self.board, "head": head, "generation": generation, "protocol": 1}
        self.socket.emit("hello", frame)

    def close(self) -> None:
        if self.socket:
            self.socket.disconnect()
            self.socket = None

    def _fall(self, *_: object) -> None:
        with self._news:
            self.fallen = True
            self._news.notify_all()

    def _on(self, event: str, data: Any) -> None:
        with self._news:
            self.frames.append((event, data))
            if event == "welcome":
                self.welcome = data
            elif event == "goodbye":
                self.goodbye = data["reason"]
            elif event == "answers":
                self._answers |= {result["id"]: result for result in data["results"]}
            elif event == "changes" and not self.replica.receive(data):
                self.hello(self.replica.head, self.replica.generation)
            elif event == "heartbeat" and (asked := self.replica.beat(data)):
                self.hello(*asked)
            self._news.notify_all()

    def wait(self, true: Any, seconds: float | None = None) -> None:
        """Until something is true of what this client has received. Raises: ConnectionError when the connection falls."""
        with self._news:
            came = self._news.wait_for(lambda: true() or self.fallen, seconds or self.patience_s)
            if not true():
                assert came, "it did not come true"
                raise ConnectionError("the connection fell")

    def last(self, event: str) -> dict[str, Any]:
        """The newest frame of an event; empty when none has come."""
        return next((data for name, data in reversed(self.frames) if name == event), {})

    def send(self, *operations: dict[str, Any]) -> list[dict[str, Any]]:
        """Send operations in one frame and wait for the answers; what is only passing is sent again."""
        assert self.socket
        ids = [operation["id"] for operation in operations]
        for _ in range(200):
            for op_id in ids:
                self._answers.pop(op_id, None)  # of an earlier try
            self.socket.emit("submit", {"ops": list(operations)})
            self.wait(lambda ids=ids: all(op_id in self._answers for op_id in ids))
            answers = [self._answers[op_id] for op_id in ids]
            if not any(answer.get("code") in ("slow_down", "retry") for answer in answers):
                return answers
            threading.Event().wait(0.25)
        raise AssertionError("the server never took it")

    def do(self, kind: str, /, **payload: Any) -> dict[str, Any]:
        """Send one operation that must be accepted."""
        (answer,) = self.send(op(kind, **payload))
        assert "code" not in answer, (kind, payload, answer)
        return answer

    def round(self, round_id: str) -> dict[str, Any]:
        found = self.replica.get("rounds", round_id)
        assert found, round_id
        return found

    def command(self, verb: str, round_id: str, **payload: Any) -> dict[str, Any]:
        """A facilitator's command on the newest epoch of a round, and wait until its effect is here."""
        if verb not in ("start", "skip", "plan"):
            payload.setdefault("epoch", self.round(round_id)["epoch"])
        answer = self.do(f"round.{verb}", round=round_id, **payload)
        self.wait(lambda: self.replica.head >= answer["seq"])
        return answer

    def post(self, round_id: str, factor: str, text: str) -> dict[str, Any]:
        return self.do("card.post", **card(self.round(round_id), factor, text))


def op(kind: str, /, **payload: Any) -> dict[str, Any]:
    return {"id": secrets.token_hex(16), "kind": kind, "payload": payload}


def card(round_: dict[str, Any], factor: str, text: str) -> dict[str, Any]:
    secret_hash = hashlib.sha256(secrets.token_bytes(32)).hexdigest()
    at = {"round": round_["id"], "epoch": round_["epoch"]}
    return {**at, "factor": factor, "text": text, "secret_hash": secret_hash}
