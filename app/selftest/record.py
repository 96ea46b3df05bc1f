"""The one record of a self-test, in the data folder: written by its process, read by every page; and what browsers measured.

Two files, for two writers: the process that runs, and the server that takes what phones and the projector's machine say.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from app.selftest.judgements import LIGHTS, Finding

RUN, SEEN = "selftest.json", "selftest-seen.json"
# So many phones are remembered; one tells of the room, twenty of its corners.
MOST_SEEN = 20
# How long a run may take, and then its leaving.
MOST_S, CLEARS_UP_S = 300, 60


@dataclass(slots=True)
class Run:
    """Shape: `state` is running, done, cancelled or failed; `now` the step that is done now, `steps` how many there are."""

    pid: int
    started_ms: int
    state: str = "running"
    now: str = ""
    done: int = 0
    steps: int = 0
    ended_ms: int = 0
    findings: list[Finding] = field(default_factory=list)


def read_run(data: Path) -> Run | None:
    """The last run; None before the first. One whose process is gone without a word, or cannot be it any more, has failed."""
    kept = _read(data / RUN)
    if not isinstance(kept, dict):
        return None
    run = Run(**{**kept, "findings": [_finding(one) for one in kept["findings"]]})
    is_over = time.time() - run.started_ms / 1000 > MOST_S + CLEARS_UP_S
    if run.state == "running" and (is_over or not is_alive(run.pid)):
        run.state = "failed"
    return run


def write_run(data: Path, run: Run) -> None:
    _write(data / RUN, asdict(run))


def read_seen(data: Path) -> list[Finding]:
    """What browsers measured: the newest last."""
    kept = _read(data / SEEN)
    return [_finding(one) for one in kept] if isinstance(kept, list) else []


def add_seen(data: Path, finding: Finding) -> None:
    """The projector and the administrator's browser are one each; phones are many."""
    others = [one for one in read_seen(data) if one.check == "wifi" or one.check != finding.check]
    _write(data / SEEN, [asdict(one) for one in [*others, finding][-MOST_SEEN:]])


def forget_seen(data: Path) -> None:
    (data / SEEN).unlink(missing_ok=True)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def in_order(findings: Iterable[Finding], checks: Iterable[str]) -> list[Finding]:
    """By check, the worst of each first."""
    place = {check: number for number, check in enumerate(checks)}
    return sorted(findings, key=lambda one: (place.get(one.check, len(place)), -LIGHTS.index(one.light)))


def _finding(kept: dict[str, Any]) -> Finding:
    return Finding(**kept)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _write(path: Path, content: Any) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps(content), encoding="utf-8")
    fresh.replace(path)
