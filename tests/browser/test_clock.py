"""The countdown is the server's: right on phones whose clocks are hours off and drift, after a pause, an extension, a restart and
more time for one table; and gone everywhere at the close."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.server import Server


def wrong_clock(hours: float, rate: float) -> str:
    """A phone's clock that is so many hours off and runs so much too fast."""
    return f"""
      const real = Date;
      const begun = real.now();
      const wrong = () => begun + {hours} * 3600 * 1000 + (real.now() - begun) * {rate};
      window.Date = class extends real {{
        constructor(...given) {{ given.length ? super(...given) : super(wrong()); }}
        static now() {{ return wrong(); }}
      }};
    """


DRAWN_WITHIN_S = 15


def seconds_left(page: Page) -> int:
    timer = page.get_by_role("timer")
    expect(timer).to_have_text(re.compile(r"\d+:\d\d"))
    minutes, seconds = re.search(r"(\d+):(\d\d)", timer.inner_text()).groups()  # type: ignore[union-attr]
    return int(minutes) * 60 + int(seconds)


def test_all_screens_count_alike(tmp_path: Path, context_for: Callable[..., BrowserContext]) -> None:
    server = Server(tmp_path)
    server.start()
    try:
        console = context_for("laptop", locale="en-GB").new_page()
        wall = context_for("wall", locale="en-GB").new_page()
        ahead, behind = context_for("phone", locale="en-GB"), context_for("phone", locale="en-GB")
        ahead.add_init_script(wrong_clock(2, 1.5))
        behind.add_init_script(wrong_clock(-2, 0.5))
        phone, slow = ahead.new_page(), behind.new_page()
        for page, link in (
            (console, server.links["facilitator"]),
            (wall, server.links["wall"]),
            (phone, server.links["participants"][0]),
            (slow, server.links["participants"][1]),
        ):
            page.goto(link)
        stage = console.get_by_role("region", name="The round")
        agenda = console.get_by_role("navigation", name="Agenda")
        agenda.get_by_role("button", name="Silent grouping per table").click()
        stage.get_by_role("button", name=re.compile("^Start")).click()
        expect(stage.get_by_role("button", name="Pause")).to_be_visible()

        def alike(ahead: int = 0) -> int:
            """What all screens show, within a second; the phone `ahead` of the others. A busy machine draws late."""
            for _ in range(DRAWN_WITHIN_S):
                shown = [seconds_left(page) for page in (console, wall, phone, slow)]
                shown[2] -= ahead
                if max(shown) - min(shown) <= 1:
                    return min(shown)
                phone.wait_for_timeout(1000)
            raise AssertionError(shown)

        begun = alike()
        assert 25 * 60 - 15 <= begun <= 25 * 60
        stage.get_by_role("button", name="+3 min").click()
        expect(phone.get_by_role("timer")).to_have_text(re.compile("2[78]:"))
        assert alike() > begun + 150
        stage.get_by_role("button", name="Pause").click()
        expect(stage.get_by_role("button", name="Resume")).to_be_visible()
        paused = alike()
        phone.wait_for_timeout(2000)
        assert alike() == paused
        stage.get_by_role("button", name="Resume").click()
        expect(stage.get_by_role("button", name="Pause")).to_be_visible()
        server.kill()
        server.start()
        phone.wait_for_timeout(4000)
        assert paused - 30 <= alike() <= paused
        # The phone's table alone gets three minutes more: its clock moves, the room's does not.
        stage.get_by_text("More time for one table").click()
        stage.get_by_role("button", name="3 more minutes for Table 4").click()
        expect(stage.get_by_role("button", name="With the others")).to_be_visible()
        alike(ahead=180)
        stage.get_by_role("button", name="With the others").click()
        expect(stage.get_by_role("button", name="With the others")).to_have_count(0)
        alike()
        stage.get_by_role("button", name="End the grouping").click()
        for page in (console, wall, phone):
            expect(page.get_by_role("timer")).to_have_count(0, timeout=1000 * DRAWN_WITHIN_S)
    finally:
        server.stop()
