"""A laptop in the room whose tunnel is cut: the facilitator's console says so, and says no more when it stands again."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from tests.realtime.test_tunnel import Outside
from tests.server import Server

# The server as it is, except that it asks, and gives up, every second: the console would else be watched for half a minute.
HASTY = """
import os
from realtime import engine
engine.prepare(os.environ.get("PALABRE_ENGINE", "eventlet"))
from realtime import tunnel
tunnel.ASK_S = tunnel.PATIENCE_S = 1
import wsgi
wsgi.main()
"""


def test_the_console_says_that_the_remote_side_is_cut_until_its_address_answers_again(
    tmp_path: Path, context_for: Callable[..., BrowserContext]
) -> None:
    outside = Outside()
    server = Server(tmp_path, program=("-c", HASTY), environment={"PALABRE_REMOTE": outside.url})
    server.start()
    outside.lay(server.port)
    try:
        console = context_for("laptop", locale="en-GB").new_page()
        console.goto(server.links["facilitator"])
        round_ = console.get_by_role("region", name="The round")
        expect(round_).to_be_visible()
        cut = console.get_by_text("The remote side is cut.")
        with socket.create_server(("127.0.0.1", 0)) as silent:
            outside.cut()
            outside.lay(silent.getsockname()[1])
            expect(cut).to_be_visible(timeout=20_000)
            expect(round_).to_be_visible()
            outside.cut()
        outside.lay(server.port)
        expect(cut).to_be_hidden(timeout=20_000)
    finally:
        outside.cut()
        server.stop()
