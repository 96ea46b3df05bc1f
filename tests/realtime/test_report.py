"""The report on a real server of each engine: made in a thread beside the event loop, which goes on answering."""

from __future__ import annotations

import io
import time

from pypdf import PdfReader

from tests.client import Client
from tests.server import Server

PATIENCE_S = 60


def test_a_report_is_made_while_the_server_goes_on(on_engine: Server) -> None:
    chair = Client(on_engine.links["rapporteur"])
    at = f"{chair.base}/b/{chair.page['handle']}/report"
    form = {"csrf_token": chair.page["csrf"], "kind": "pdf", "lang": "fr"}
    job = chair.session.post(f"{at}/make", data=form, timeout=20).url
    until = time.monotonic() + PATIENCE_S
    while (told := chair.session.get(job, headers={"Accept": "application/json"}, timeout=20).json())[
        "state"
    ] == "working":
        assert on_engine.is_healthy(), "the loop stands"
        assert time.monotonic() < until
    assert told["state"] == "done"
    made = chair.session.get(f"{job}/file", timeout=20)
    assert len(PdfReader(io.BytesIO(made.content)).pages) > 5
