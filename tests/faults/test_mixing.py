"""A worker is killed between the mixing of the urns' rows and the clearing of those that were: another one clears them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.mixing import mix_urns
from app.store import mixing
from tests import cluster
from tests.seminar import BOARD, Door
from tests.server import ROOT
from tests.stores import postgres_url  # noqa: F401

WORDS = re.compile(rb"carte-[0-9]{2}")


def lying(door: Door) -> list[bytes]:
    """The words of the urn as they lie in the table's file, dead ones too."""
    place = cluster.postgres()
    place.execute("CHECKPOINT")
    asked = sa.text("SELECT pg_relation_filepath('urn_texts')")
    file: str = door.boards.read(lambda c: c.execute(asked).scalar_one())
    return WORDS.findall((Path(place.data) / file).read_bytes())


def test_what_lay_in_its_old_order_when_a_worker_died_is_cleared_at_the_next_tick(
    tmp_path: Path,
    postgres_url: str,  # noqa: F811
) -> None:
    ours = Door.with_board(tmp_path, url=postgres_url)
    ours.command("start", "post")
    texts = [f"carte-{10 + n}" for n in range(16)]
    for n, text in enumerate(texts):
        assert ours.post(n % 8 + 1, text, factor=("F01", "F02")[n // 8]).get("sealed")

    command = [sys.executable, "-m", "tests.faults.dying", postgres_url, str(tmp_path), "mixed"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout and other.stdout.readline() == "armed\n"
        other.communicate("now\n", timeout=30)
    assert other.returncode == -9, "it never came to the clearing"
    assert len(lying(ours)) == 2 * len(texts), "mixed, and not cleared: the search can find both"
    assert ours.boards.read(mixing.ordered) == [], "nothing else would bring the next tick to it"

    mix_urns(ours.boards)
    assert sorted(lying(ours)) == sorted(text.encode() for text in texts)
    assert ours.boards.read(mixing.uncleared) == []
    assert ours.boards.urn_count(BOARD, "post", 1) == (len(texts), 0)
    ours.database.close()


@pytest.mark.parametrize("texts", [0, 3])
def test_a_tick_with_nothing_to_do_writes_no_file_anew(
    tmp_path: Path,
    postgres_url: str,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    texts: int,
) -> None:
    door = Door.with_board(tmp_path, url=postgres_url)
    door.command("start", "post")
    for number in range(texts):
        door.post(number + 1, f"carte-{10 + number}")
    mix_urns(door.boards)
    cleared: list[str] = []
    monkeypatch.setattr(door.database, "clear_dead_rows", cleared.extend)
    mix_urns(door.boards)
    assert cleared == []
    door.database.close()
