"""A laptop dies in the middle of the seminar: from the backup of the last break a second one, with another address of its own, goes
on under the same name.

Nothing that was acknowledged before the backup is lost, every phone comes back by itself and writes on, what was typed and never
arrived is still there, and it takes less than five minutes of an administrator's time: what the commands take is printed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.client import Client
from tests.faults.proxy import Proxy
from tests.server import ROOT, Server

MOST_S = 300
PHONES = 8
SECOND_ROUND = "Écriture silencieuse, second facteur de la table"
OWN, NEXT = "Publier les délais de dédouanement", "Former les agents des postes frontières"


def restore(server: Server, archive: Path) -> None:
    """What `make restore FILE=...` types for an administrator where Palabre is installed."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PALABRE_")},
        "PALABRE_DATA": str(server.data),
        "PALABRE_VOLATILE": str(server.data / "volatile"),
    }
    command = [sys.executable, "-m", "app.commands", "restore", str(archive)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def post(client: Client, round_id: str, text: str) -> None:
    """Under the first factor that this table works on."""
    table = client.welcome["you"]["table"]
    client.post(round_id, client.round(round_id)["scope"][table][0], text)


def texts(client: Client) -> list[str]:
    return sorted(card["text"] for card in client.replica.all("cards"))


@pytest.mark.slow
def test_a_second_laptop_goes_on_from_the_backup_of_the_break(
    tmp_path: Path, context_for: Callable[..., BrowserContext]
) -> None:
    stick = tmp_path / "stick"
    first, second = Server(tmp_path / "first"), Server(tmp_path / "second")
    # The name that phones know: it leads to the first laptop, then to the second.
    name = Proxy(first.port, 1, seed=6)
    for laptop in (first, second):
        laptop.data.mkdir()
        laptop.environment = {"PALABRE_URL": name.urls[0], "PALABRE_BACKUPS": str(stick)}
    clients: list[Client] = []
    try:
        first.start()
        assert first.port != second.port and first.links["expert"].startswith(name.urls[0])
        chair, expert = (Client(first.links[role]).connect() for role in ("facilitator", "expert"))
        seats = [Client(link).connect() for link in first.links["participants"][1 : PHONES + 1]]
        clients = [chair, expert, *seats]
        phone = context_for("phone").new_page()
        phone.goto(first.links["participants"][0])
        chair.command("start", "B1")
        phone.locator("#board-foot textarea").fill(OWN)
        phone.locator("#board-foot textarea").press("Control+Enter")
        expect(phone.get_by_text("Dans l’urne")).to_be_visible()
        for number, seat in enumerate(seats):
            post(seat, "B1", f"Avant la pause {number}")
        chair.command("close", "B1")
        chair.command("publish", "B1")
        chair.wait(lambda: len(texts(chair)) == PHONES + 1)
        before = texts(chair)
        expert.do("comment.post", target={"table": "factors", "id": "F01"}, text="Avant la sauvegarde")
        chair.command("start", "A7")
        chair.wait(lambda: chair.last("presence").get("backup", {}).get("state") == "made")
        (archive,) = stick.glob("*-A7.zip")
        expert.do("comment.post", target={"table": "factors", "id": "F01"}, text="Après la sauvegarde")

        chair.command("close", "A7")
        chair.command("start", "B3")
        heading = phone.get_by_role("heading", name=SECOND_ROUND)
        expect(heading).to_be_visible()
        first.kill()
        # Sent into the void: it stays on the phone.
        phone.locator("#board-foot textarea").fill(NEXT)
        phone.locator("#board-foot textarea").press("Control+Enter")
        began = time.monotonic()
        restore(second, archive)
        restored_s = time.monotonic() - began
        second.start()
        name.change(0, target=second.port, cut=True)
        started_s = time.monotonic() - began
        for client in clients:
            client.connect()
            client.wait(lambda client=client: client.replica.generation == 2)
        assert all(texts(client) == before for client in clients)
        assert [comment["text"] for comment in chair.replica.all("comments")] == ["Avant la sauvegarde"]
        assert chair.round("A7")["state"] in ("running", "paused")
        # The browser comes back by itself, under its own seat, and is where the backup was.
        expect(phone.get_by_role("heading", name="Pause")).to_be_visible(timeout=60_000)
        chair.command("close", "A7")
        chair.command("start", "B3")
        # What it sent into the void waits to be sent again: that round had not begun here.
        expect(heading).to_be_visible(timeout=30_000)
        expect(phone.get_by_text(NEXT)).to_be_visible()
        back_s = time.monotonic() - began
        phone.get_by_role("button", name="Envoyer dans cette séquence").click()
        expect(phone.get_by_text("Dans l’urne")).to_be_visible(timeout=30_000)
        for number, seat in enumerate(seats):
            post(seat, "B3", f"Après la pause {number}")
        chair.command("close", "B3")
        chair.command("publish", "B3")
        chair.wait(lambda: len(texts(chair)) == 2 * PHONES + 2)
        assert set(before) | {NEXT} <= set(texts(chair))
        print(
            f"second laptop: restored in {restored_s:.1f} s, serving after {started_s:.1f} s, "
            f"{PHONES} clients and a browser back after {back_s:.1f} s"
        )
        assert back_s < MOST_S
    finally:
        for client in clients:
            client.close()
        first.kill()
        second.kill()
        name.close()
