"""C09 on a running server: what was printed with a harmful action is deleted with it, and nobody has to ask for it."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

from pypdf import PdfReader

from tests.client import Client, card, op
from tests.server import Server

PATIENCE_S = 60
HARMFUL = "Zorglub takes bribes"


def test_c09_a_report_that_was_made_goes_with_the_harmful_card(server: Server) -> None:
    people = [Client(link).connect() for link in server.links["participants"][:5]]
    chair = Client(server.links["facilitator"]).connect()
    chair.command("start", "B1")
    people[0].wait(lambda: people[0].round("B1")["state"] == "running")
    at_table = (
        people[0].send(op("card.post", **card(people[0].round("B1"), f"F{n:02}", HARMFUL)))[0]
        for n in range(1, 11)
    )
    assert any(answer.get("sealed") for answer in at_table), "each table writes under its own factors"
    chair.command("close", "B1")
    chair.command("publish", "B1")
    (harmful,) = (c["id"] for c in chair.replica.tables["cards"].values() if c["text"] == HARMFUL)

    at = f"{chair.base}/b/{chair.page['handle']}/report"
    form = {"csrf_token": chair.page["csrf"], "kind": "pdf", "lang": "en"}
    job = chair.session.post(f"{at}/make", data=form, timeout=20).url
    printed = server.volatile / "press"
    until(lambda: list(printed.glob("*.made")))
    pages = PdfReader(io.BytesIO(next(printed.glob("*.made")).read_bytes())).pages
    assert any("Zorglub" in page.extract_text() for page in pages)

    chair.do("card.erase", card=harmful)
    until(lambda: not list(printed.iterdir()))
    assert chair.session.get(job, timeout=20).status_code == 404
    for client in (*people, chair):
        client.close()


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
