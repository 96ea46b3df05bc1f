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
from tests.faults.ready import ReadyServer
from tests.faults.rows import Row, sample

AWAKE_S = 5
SHORTEST_S, LONGEST_S = 3, 8
SLEEPS = 3  # of one page, as many as cards fit into its urn


def scene(seed: int, folder: Path, executable: str) -> None:
    random, server, profile = Random(seed), ReadyServer(folder), folder / "profile"
    server.start()
    proxy = Proxy(server.port, 1, seed)
    try:
        with writing_round(server) as facilitator, sync_playwright() as playwright:
            context = launch(playwright, executable, profile)
            page = context.pages[0]
            page.goto(server.links["participants"][0].replace(server.url, proxy.urls[0]))
            texts = [f"Publier les délais de dédouanement, {number}" for number in range(1, SLEEPS + 1)]
            for text in texts:
                expect(page.locator("#composer")).to_be_visible(timeout=1000 * within(AWAKE_S))
                proxy.change(0, dark=True)
                page.locator("#composer").fill(text)
                page.get_by_role("button", name="Seal it").click()
                expect(page.locator(".card-pending")).to_have_count(1)
                asleep = fall_asleep(profile)
                time.sleep(random.uniform(SHORTEST_S, LONGEST_S))
                facilitator.command("pause", ROUND)
                if random.random() < 0.5:
                    server.kill()
                    server.start()
                    facilitator.close()
                    facilitator.connect()
                proxy.change(0, dark=False, cut=random.random() < 0.5)
                for pid in asleep:
                    os.kill(pid, signal.SIGCONT)
                woken = time.monotonic()
                expect(page.get_by_role("timer", name="Paused")).to_be_visible(timeout=1000 * within(AWAKE_S))
                sealed = page.locator(".card-own").filter(has_text=text).get_by_text("In the urn")
                expect(sealed).to_be_visible(timeout=1000 * within(AWAKE_S))
                print(f"R17: all there {time.monotonic() - woken:.1f} s after waking")
                facilitator.command("resume", ROUND)
            context.close()
        reader = Client(server.links["facilitator"]).connect()
        reader.command("close", ROUND)
        assert sorted(card["text"] for card in reader.replica.all("cards")) == texts
        reader.close()
    finally:
        proxy.close()
        server.kill()


def fall_asleep(profile: Path) -> list[int]:
    """Its system stops the page; the processes to wake."""
    asleep = renderers_of(profile)
    assert asleep, "no page to freeze"
    for pid in asleep:
        os.kill(pid, signal.SIGSTOP)
    return asleep


def trial(seed: int, folder: Path) -> int:
    alone(__name__, seed, folder)
    return SLEEPS


R17 = Row("R17", pr=5, rel=50, unit="sleeps", trial=trial, batch=SLEEPS, lanes=2)


def test_r17_a_page_that_slept_keeps_its_words_and_catches_up(tmp_path: Path) -> None:
    sample(R17, tmp_path)


if __name__ == "__main__":
    scene(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
