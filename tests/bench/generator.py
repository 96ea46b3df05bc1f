"""The load: one process, one epoll, any number of viewers; sends operations at an even rate and notes when each arrives where.

What an operation carries of time is in its text (`speech.py`), so that arrival needs no table. The same bytes go to
many viewers: a frame is read once and remembered, which keeps the load generator cheaper than what it measures.
"""

from __future__ import annotations

import select
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.bench.speech import Speech, stamps_in
from tests.bench.viewer import Floor, Seat, Viewer

AT_ONCE = 32
CONNECT_S = 120
# Our server lets a session send 60 at once and then 2 a second: stay a little below.
BURST, PER_S = 56, 1.9


class NotConnected(Exception):
    """A viewer did not get in."""


@dataclass(slots=True)
class Arrival:
    """Who came in and who did not. Units: seconds from the attempt until the board was there."""

    took: list[float] = field(default_factory=list)
    turned_away: list[str] = field(default_factory=list)


@dataclass(slots=True)
class News:
    """One frame with operations, as all its viewers got it. Units: `stamps` and `arrivals` are seconds, monotonic."""

    count: int
    stamps: Sequence[float]
    arrivals: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Sender:
    """A viewer that may speak, and how often it still may."""

    viewer: Viewer
    limited: bool
    tokens: float = BURST
    at_s: float = 0

    def may_speak(self, now_s: float) -> bool:
        if not self.limited:
            return True
        self.refill(now_s)
        return self.tokens >= 1

    def refill(self, now_s: float) -> None:
        self.tokens = min(BURST, self.tokens + (now_s - self.at_s) * PER_S)
        self.at_s = now_s


@dataclass(slots=True)
class Offered:
    """What came of a stretch of load.

    Units: seconds, until the last was sent and in all; `own_share` is this process's share of its core.
    """

    sent: int
    refused: int
    delivered: int
    expected: int
    frames: int
    bytes: int
    sending_s: float
    seconds: float
    own_share: float
    news: list[News]

    def delays(self, most: int = 200_000) -> list[float]:
        """Seconds from send to arrival, sorted; evenly thinned out when there are very many."""
        step = 1 + self.delivered // most
        return sorted(
            arrival - stamp
            for heard in self.news
            for stamp in heard.stamps
            for arrival in heard.arrivals[:: step if len(heard.arrivals) > step else 1]
        )


class Generator:
    """All viewers of one server."""

    def __init__(self, port: int, dialect: Floor) -> None:
        self.viewers: list[Viewer] = []
        self._port, self._dialect = port, dialect
        self._epoll = select.epoll()
        self._by_fd: dict[int, Viewer] = {}
        self._heard: dict[bytes, News] = {}
        self._senders: list[Sender] = []
        self._turn = 0
        self.refused = 0

    # --- coming and going ---

    def connect(self, seats: Sequence[Seat | None], head: int = -1) -> list[Viewer]:
        """Connect a viewer for each seat, a few at a time. Raises: NotConnected."""
        arrival = self.arrive(seats, AT_ONCE, head)
        if arrival.turned_away:
            raise NotConnected(f"{len(arrival.turned_away)} of {len(seats)}: {arrival.turned_away[0]}")
        return self.viewers[-len(seats) :] if seats else []

    def arrive(self, seats: Sequence[Seat | None], at_once: int, head: int = -1) -> Arrival:
        """Let a viewer for each seat come in, so many at once."""
        waiting, opening, arrival = deque(seats), {}, Arrival()
        deadline = time.monotonic() + CONNECT_S
        while (waiting or opening) and time.monotonic() < deadline:
            while waiting and len(opening) < at_once:
                began = time.monotonic()
                opening[self._open(waiting.popleft(), head)] = began
            self.listen(0.05)
            for viewer in [viewer for viewer in opening if viewer.live or viewer.fallen]:
                took = time.monotonic() - opening.pop(viewer)
                if viewer.fallen:
                    arrival.turned_away.append(viewer.fallen)
                else:
                    arrival.took.append(took)
        arrival.turned_away += [f"not live within {CONNECT_S} s"] * len(opening)
        return arrival

    def _open(self, seat: Seat | None, head: int) -> Viewer:
        viewer = Viewer(self._port, self._dialect, seat, head)
        self.viewers.append(viewer)
        self._by_fd[viewer.sock.fileno()] = viewer
        self._epoll.register(viewer.sock, select.EPOLLIN | select.EPOLLOUT)
        if seat is None or seat.speaks:
            self._senders.append(Sender(viewer, limited=seat is not None))
        return viewer

    def leave(self, viewers: Sequence[Viewer]) -> None:
        gone = set(viewers)
        for viewer in gone:
            self._by_fd.pop(viewer.sock.fileno(), None)
            viewer.sock.close()
        self.viewers = [viewer for viewer in self.viewers if viewer not in gone]
        self._senders = [sender for sender in self._senders if sender.viewer not in gone]

    def close(self) -> None:
        self.leave(self.viewers)
        self._epoll.close()

    # --- hearing ---

    def listen(self, seconds: float) -> None:
        """Take what has come, waiting at most so long for the first of it."""
        for fd, event in self._epoll.poll(seconds):
            viewer = self._by_fd.get(fd)
            if viewer is None:
                continue
            if event & select.EPOLLOUT and not viewer.asked:
                viewer.ask()
                self._epoll.modify(fd, select.EPOLLIN)
            elif event != select.EPOLLOUT:
                self._hear(viewer)

    def _hear(self, viewer: Viewer) -> None:
        texts = viewer.read()
        now = time.monotonic()
        for text in texts:
            known = self._heard.get(text)
            if known:
                known.arrivals.append(now)
            elif viewer.live and text.startswith(self._dialect.news):
                self._heard[text] = News(self._dialect.count(text), stamps_in(text), [now])
            elif text.startswith(b'42["answers"'):
                self.refused += b'"code"' in text
            else:
                self._dialect.hear(viewer, text)
        if viewer.fallen:
            self._epoll.unregister(viewer.sock)

    def idle(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.listen(left)

    # --- speaking ---

    def wait_until_may_speak(self, count: int) -> None:
        """Until the senders together may send so many at once, or as many as they ever may."""
        limited = [sender for sender in self._senders if sender.limited]
        wanted = min(count, 0.95 * BURST * len(limited))
        while limited:
            now = time.monotonic()
            for sender in limited:
                sender.refill(now)
            if sum(sender.tokens for sender in limited) >= wanted:
                return
            self.idle(0.5)

    def offer(self, rate: float, seconds: float, speech: Speech, drain_s: float = 1.5) -> Offered:
        """Send at an even rate, then wait until all has arrived or `drain_s` is over."""
        self._heard.clear()
        bytes_before = sum(viewer.bytes for viewer in self.viewers)
        frames_before = sum(viewer.frames for viewer in self.viewers)
        refused_before, busy = self.refused, time.process_time()
        began, sent = time.monotonic(), 0
        for due in self._beats(began, rate, seconds):
            while (left := due - time.monotonic()) > 0:
                self.listen(left)
            sent += self._say(speech)
        sending_s = max(seconds, time.monotonic() - began)
        until = time.monotonic() + drain_s
        while time.monotonic() < until and self._missing(sent, refused_before):
            self.listen(0.05)
        ended = time.monotonic()
        news = list(self._heard.values())
        return Offered(
            sent,
            self.refused - refused_before,
            sum(heard.count * len(heard.arrivals) for heard in news),
            sent * len(self.viewers),
            sum(viewer.frames for viewer in self.viewers) - frames_before,
            sum(viewer.bytes for viewer in self.viewers) - bytes_before,
            sending_s,
            ended - began,
            (time.process_time() - busy) / (ended - began),
            news,
        )

    @staticmethod
    def _beats(began: float, rate: float, seconds: float) -> Iterator[float]:
        return (began + number / rate for number in range(round(rate * seconds)))

    def _missing(self, sent: int, refused_before: int) -> int:
        accepted = sent - (self.refused - refused_before)
        arrived = sum(heard.count * len(heard.arrivals) for heard in self._heard.values())
        return accepted * len(self.viewers) - arrived

    def _say(self, speech: Speech) -> bool:
        """Let the next sender that may send one operation. False when none may, or the server does not read."""
        now = time.monotonic()
        for _ in self._senders:
            sender = self._senders[self._turn % len(self._senders)]
            self._turn += 1
            if sender.may_speak(now):
                sender.tokens -= 1
                return sender.viewer.say(self._dialect.operation(speech.next()))
        return False
