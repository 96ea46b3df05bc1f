"""A second worker that is killed in the middle of one operation: `python -m tests.faults.dying URL FOLDER STEP REDIS OPERATION`;
without an operation, while it mixes the urns.

The steps are functions of the application, wrapped here, so that nothing in it knows of them. It is a process of its own and
ends by SIGKILL, as a worker does whose machine runs out of memory.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from app import urn
from app.commits import Plan
from app.domain.operations import Actor
from app.mixing import mix_urns
from app.store import log
from app.store import urn as rows
from app.store.database import Database
from app.urn.keys import Keys
from realtime.wakeups import Wakeups
from tests.seminar import BOARD, Door, operation

SECRET = b"s" * 32


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def after(owner: Any, name: str) -> Callable[[], None]:
    def arm() -> None:
        real = getattr(owner, name)

        def wrapped(*arguments: Any, **named: Any) -> Any:
            done = real(*arguments, **named)
            die()
            return done

        setattr(owner, name, wrapped)

    return arm


def before(owner: Any, name: str) -> Callable[[], None]:
    return lambda: setattr(owner, name, lambda *_: die())


def before_commit() -> None:
    @event.listens_for(Engine, "commit")
    def _(connection: Connection) -> None:
        if connection.get_execution_options().get("immediate"):
            die()


STEPS: dict[str, Callable[[], None]] = {
    "fenced": after(log, "fence"),
    "key on tmpfs": after(Keys, "create"),
    "key in force": after(rows, "put_key"),
    "looked": after(urn.Urn, "look"),
    "emptied": after(rows, "empty"),
    "key forgotten": after(rows, "forget_key"),
    "appended": after(log, "append"),
    "text in": after(rows, "put_text"),
    "ballot in": after(rows, "put_ballot"),
    "remembered": after(rows, "remember"),
    "about to commit": before_commit,
    "committed": before(Plan, "settle"),
    "key destroyed": after(Keys, "destroy"),
    "mixed": before(Database, "clear_dead_rows"),
}


def connect(door: Door, redis: str) -> Wakeups:
    """Give a door the place where workers of several hosts find keys; `end` it."""
    wakeups = Wakeups(redis, SECRET)
    door.boards.custody.keys.elsewhere = wakeups
    threading.Thread(target=wakeups.send, daemon=True).start()
    return wakeups


def main(url: str, folder: str, step: str, redis: str = "", wanted: str = "") -> None:
    door = Door(Path(folder), url=url)
    if redis:
        connect(door, redis)
    door.boards.moment(BOARD)
    STEPS[step]()
    print("armed", flush=True)
    sys.stdin.readline()
    if not wanted:
        mix_urns(door.boards)
        return
    asked = json.loads(wanted)
    door.boards.submit_now(
        BOARD, Actor(**asked["actor"]), [operation(asked["kind"], asked["id"], **asked["payload"])]
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
