"""R17: a phone's page is frozen by its system, unsent words in it; when it wakes, all goes on by itself."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from random import Random

from playwright.sync_api import expect, sync_playwright

from tests.client import Client
from tests.faults.chromium import alone, launch, renderers_of, writing_round
from tests.faults.load import ROUND, within
from tests.faults.proxy import Proxy
from tests.faults.rows import Row, sample
from tests.server import Server

AWAKE_S = 5
SHORTEST_S, LONGEST_S = 3, 8


def scene(seed: int, folder: Path, executable: str) -> None:
    random, server, profile = Random(seed), Server(folder), folder / "profile"
    server.start()
    proxy = Proxy(server.port, 1, seed)
    try:
        with writing_round(server) as facilitator, sync_playwright() as playwright:
            context = launch(playwright, executable, profile)
            page = context.pages[0]
            page.goto(server.links["participants"][0].replace(server.url, proxy.urls[0]))
            box = page.locator("#composer")
            expect(box).to_be_visible()
            proxy.change(0, dark=True)
            box.fill("Publier les délais de dédouanement")
            page.get_by_role("button", name="Seal it").click()
            expect(page.locator(".card-pending")).to_have_count(1)
            asleep = renderers_of(profile)
            assert asleep, "no page to freeze"
            for pid in asleep:
                os.kill(pid, signal.SIGSTOP)
            time.sleep(random.uniform(SHORTEST_S, LONGEST_S))
            facilitator.command("pause", ROUND)
            if random.random() < 0.5:
                server.kill()
                server.start()
            proxy.change(0, dark=False, cut=random.random() < 0.5)
            for pid in asleep:
                os.kill(pid, signal.SIGCONT)
            woken = time.monotonic()
            expect(page.get_by_role("timer", name="Paused")).to_be_visible(timeout=1000 * within(AWAKE_S))
            expect(page.get_by_text("In the urn")).to_be_visible(timeout=1000 * within(AWAKE_S))
            print(f"R17: all there {time.monotonic() - woken:.1f} s after waking")
            context.close()
        reader = Client(server.links["facilitator"]).connect()
        reader.command("close", ROUND)
        assert [card["text"] for card in reader.replica.all("cards")] == [
            "Publier les délais de dédouanement"
        ]
        reader.close()
    finally:
        proxy.close()
        server.kill()


def trial(seed: int, folder: Path) -> None:
    alone(__name__, seed, folder)


R17 = Row("R17", pr=1, rel=50, unit="sleeps", trial=trial)


def test_r17_a_page_that_slept_keeps_its_words_and_catches_up(tmp_path: Path) -> None:
    sample(R17, tmp_path)


if __name__ == "__main__":
    scene(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
