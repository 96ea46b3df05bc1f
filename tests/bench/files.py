"""What the files of a large board cost: each asked for over HTTP, as a browser does, of a server that did nothing before."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from urllib.parse import urljoin

import requests

from tests.bench import measure
from tests.bench.room import running
from tests.bench.servers import ROOT, Palabre

ASK_S = 120
# As often as the page of a job asks (static/js/page.js).
ASK_AGAIN_S = 1.0


@dataclass(frozen=True, slots=True)
class File:
    """Units: `rss_kb` is what the process holds more than before, `seconds` includes the journey on this machine."""

    name: str
    seconds: float
    cpu_s: float
    kb: float
    rss_kb: float


class Filled(Palabre):
    """Ours, with a workshop of 44 people around a whole board."""

    link = ""

    def seed(self, cards: int, history: int) -> None:
        command = [sys.executable, "-W", "ignore", "-m", "tests.bench.seed_board", str(cards)]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        )
        self.link = json.loads(done.stdout.splitlines()[-1])["facilitator"]


def files(cards: int) -> list[File]:
    """Every file that the pages of exports, report and paper offer, and the replay: whoever adds one there is measured here."""
    with running(Filled, cards) as server, requests.Session() as session:
        assert isinstance(server, Filled)
        seat = re.match(r".*/b/[^/]+/", session.get(server.link, timeout=ASK_S).url)
        assert seat, server.link
        listing = session.get(f"{seat[0]}exports/", timeout=ASK_S)
        offered = re.findall(r'<a [^>]*\bdownload\b[^>]*href="([^"]+)"', listing.text)
        assert len(offered) > 5, listing.url
        asked = [urljoin(listing.url, path.replace("&amp;", "&")) for path in offered]
        got = [_one(session, server.pid, url) for url in [*asked, f"{seat[0]}replay/steps.json"]]
        report = [_made(session, server.pid, f"{seat[0]}report/", "kind", kind) for kind in ("pdf", "docx")]
        sets = re.findall(r'name="set" value="([^"]+)"', session.get(f"{seat[0]}paper/", timeout=ASK_S).text)
        assert len(sets) > 10, sets
        french = [name for name in sets if not name.endswith("-en")]
        return [*got, *report, *(_made(session, server.pid, f"{seat[0]}paper/", "set", n) for n in french)]


def _one(session: requests.Session, pid: int, url: str) -> File:
    held, used, began = measure.rss_kb(pid), measure.cpu_s(pid), time.monotonic()
    answer = session.get(url, timeout=ASK_S)
    took = time.monotonic() - began
    answer.raise_for_status()
    name = "/".join(url.split("/")[-2:]).replace("?flavour=", " ")
    return File(name, took, measure.cpu_s(pid) - used, len(answer.content) / 1024, measure.rss_kb(pid) - held)


def _made(session: requests.Session, pid: int, page: str, field: str, what: str) -> File:
    """What the press makes, from the order to the file; asked now and then how far it is, as its page does."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', session.get(page, timeout=ASK_S).text)
    assert token, page
    held, used, began = measure.rss_kb(pid), measure.cpu_s(pid), time.monotonic()
    form = {"csrf_token": token[1], field: what, "lang": "fr"}
    job = session.post(
        f"{page}make", data=form, headers={"Origin": page.partition("/b/")[0]}, timeout=ASK_S
    ).url
    while (told := session.get(job, headers={"Accept": "application/json"}, timeout=ASK_S).json())[
        "state"
    ] == "working":
        assert time.monotonic() - began < ASK_S, told
        time.sleep(ASK_AGAIN_S)
    answer = session.get(f"{job}/file", timeout=ASK_S)
    answer.raise_for_status()
    took = time.monotonic() - began
    kind = {"application/pdf": "pdf", "application/zip": "zip"}.get(answer.headers["Content-Type"], "docx")
    name = f"{page.split('/')[-2]}: {what.removesuffix('-fr').removesuffix(kind) or 'report'}.{kind}"
    return File(name, took, measure.cpu_s(pid) - used, len(answer.content) / 1024, measure.rss_kb(pid) - held)
