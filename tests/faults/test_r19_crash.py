"""R19: two tabs of one seat write as fast as they may, and the browser is killed in the middle; what it shows then is true."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from random import Random

from playwright.sync_api import BrowserContext, Error, expect, sync_playwright

from tests.faults.chromium import alone, browser_of, launch, writing_round
from tests.faults.load import ROUND
from tests.faults.ready import ReadyServer
from tests.faults.rows import Row, sample

KILLS = 10  # of one profile
BUDGET = 3
MOST_MS, FIRST_STEPS = 1000, 2
# Fills and seals until the budget is spent, then takes one back and seals anew: every step goes through the outbox. Never all
# of them: what nobody kept, nobody could lose.
HURRY = """label => {
  let number = 0;
  window.steps = 0;
  const step = () => {
    window.steps++;
    const box = document.getElementById("composer");
    if (box) {
      box.value = `${label} ${++number}`;
      box.dispatchEvent(new InputEvent("input", { bubbles: true }));
      box.form.requestSubmit();
    } else if (document.querySelectorAll(".card-own").length >= BUDGET) {
      document.querySelector('[data-act="withdraw"]')?.click();
    }
    setTimeout(step, 80);
  };
  step();
}""".replace("BUDGET", str(BUDGET))


def scene(seed: int, folder: Path, executable: str) -> None:
    random, server, profile = Random(seed), ReadyServer(folder), folder / "profile"
    server.start()
    try:
        with writing_round(server) as facilitator, sync_playwright() as playwright:
            context = launch(playwright, executable, profile)
            page = context.pages[0]
            page.goto(server.links["participants"][0])
            address, cookies = page.url, context.cookies()
            for kill in range(KILLS):
                hurry(context, address, f"Action {kill}")
                page.wait_for_timeout(random.uniform(200, MOST_MS))
                os.kill(browser_of(profile), signal.SIGKILL)
                with suppress(Error):
                    context.close()
                context = launch(playwright, executable, profile)
                # A cookie reaches the disk within half a minute; this browser lives shorter than that.
                context.add_cookies(cookies)
                page = context.pages[0]
            shown = settled(context, address)
            context.close()
            facilitator.command("close", ROUND)
            facilitator.wait(lambda: facilitator.round(ROUND)["state"] == "closed")
            kept = sorted(card["text"] for card in facilitator.replica.all("cards"))
        assert len(kept) == len(set(kept)) <= BUDGET, f"twice, or over the budget: {kept}"
        assert kept, "nothing was ever written"
        assert shown == kept, f"shown {shown}, kept {kept}"
    finally:
        server.kill()
    print(f"R19: {KILLS} kills, {len(kept)} kept, all of them shown")


# What is kept on this device and waits for an answer: operations, and own texts that one of them is about.
WAITING = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("palabre");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const reading = opening.result.transaction("kept").objectStore("kept");
    const [names, values] = [reading.getAllKeys(), reading.getAll()];
    values.onsuccess = () => {
      const kept = (ending) => values.result.filter((_, n) => String(names.result[n]).endsWith(ending));
      const unsent = kept("/outbox").flat().length;
      opening.result.close();
      resolve(unsent + kept("/mine").flatMap(({ texts }) => texts).filter(({ sending }) => sending).length);
    };
  };
})"""


def hurry(context: BrowserContext, address: str, label: str) -> None:
    """Two tabs of the seat at work."""
    for name, page in (("A", context.pages[0]), ("B", context.new_page())):
        page.goto(address)
        expect(page.locator("#composer, [data-act=withdraw]").first).to_be_visible(timeout=30_000)
        page.evaluate(HURRY, f"{label}{name}")
    deadline = time.monotonic() + 30
    for page in context.pages:
        # On a busy machine nobody begins at once. (The page's own policy forbids a condition that it would evaluate itself.)
        while page.evaluate("window.steps") < FIRST_STEPS:
            assert time.monotonic() < deadline, "nobody began"
            page.wait_for_timeout(20)


def settled(context: BrowserContext, address: str) -> list[str]:
    """What the page says is in the urn, once nothing is on its way any more."""
    page = context.pages[0]
    page.goto(address)
    expect(page.locator(".countdown")).to_be_visible(timeout=30_000)
    deadline = time.monotonic() + 90
    while waiting := page.evaluate(WAITING):
        assert time.monotonic() < deadline, f"{waiting} never had an answer"
        page.wait_for_timeout(300)
    shown = page.locator(".card-own .card-text")
    # What is on its way is asked of the device, which knows it before the page has drawn.
    expect(shown.first).to_be_visible(timeout=30_000)
    return sorted(shown.all_text_contents())


def trial(seed: int, folder: Path) -> int:
    alone(__name__, seed, folder)
    return KILLS


R19 = Row("R19", pr=2 * KILLS, rel=200, unit="kills", trial=trial, batch=KILLS, lanes=2)


def test_r19_each_operation_has_one_effect_or_none_when_the_browser_dies(tmp_path: Path) -> None:
    sample(R19, tmp_path)


if __name__ == "__main__":
    scene(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
