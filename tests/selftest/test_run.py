"""The whole self-test as an administrator starts it: beside a running server, with 44 clients; cancelled; and from the page."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import config
from app.selftest import judgements, phones, record, run
from tests.client import Client
from tests.server import ROOT, Server

# What a sound server is told, whatever machine it runs on: one of these sentences for each check.
DOES = {
    "server": {"server_well", "server_slow"},
    "address": {"address_only_here"},
    "database": {"database_well", "database_slow", "database_very_slow"},
    "clock": {"clock_well"},
    "disk": {"disk_well", "disk_little"},
    "keys": {"keys_well", "keys_on_disk"},
    "swap": {"swap_on", "swap_off"},
    "power": {"power_no_battery", "power_well", "power_on_battery"},
    "backup folder": {"folder_well", "folder_on_same_disk"},
    "backup": {"backup_well", "backup_slow"},
    "phones": {"phones_well", "phones_slow"},
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path / "data")
    running.data.mkdir()
    running.start()
    yield running
    running.stop()


def begin(server: Server, *words: str) -> subprocess.Popen[str]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PALABRE_")},
        "PALABRE_HOST": "127.0.0.1",
        "PALABRE_PORT": str(server.port),
        "PALABRE_DATA": str(server.data),
        "PALABRE_VOLATILE": str(server.data / "volatile"),
    }
    command = [sys.executable, "-m", "app.commands", "selftest", *words]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def left_behind(server: Server) -> list[str]:
    return [path.name for path in server.data.glob("selftest-*") if path.name != record.SEEN]


def servers_of(folder: Path) -> list[str]:
    """The processes that have a file open below a folder (Linux)."""
    found = []
    for links in Path("/proc").glob("[0-9]*/fd"):
        try:
            if any(str(folder) in os.readlink(link) for link in links.iterdir()):
                found.append(links.parent.name)
        except OSError:
            continue
    return found


@pytest.mark.slow
def test_the_whole_of_it_passes_beside_a_running_server_and_leaves_nothing(server: Server) -> None:
    reader = Client(server.links["facilitator"]).connect()
    head = reader.replica.head
    began = time.monotonic()
    process = begin(server, "--language", "fr")
    printed, _ = process.communicate(timeout=record.MOST_S)
    took_s = time.monotonic() - began
    run = record.read_run(server.data)
    assert run.state == "done", printed
    found = {one.code: one for one in run.findings}
    print(f"self-test: {took_s:.0f} s; {found['phones_well'].data if 'phones_well' in found else printed}")
    assert took_s < record.MOST_S
    # What the server does is as it should be, sentence by sentence; how fast this machine is may be anything but the wrong colour.
    for check, codes in DOES.items():
        assert found.keys() & codes, (check, found)
    assert found.keys() <= set().union(*DOES.values()), found
    (disk,) = [one for one in run.findings if one.check == "database"]
    assert disk == judgements.database([disk.data["ms"]], True, "SQLite")
    red = {one.check for one in run.findings if one.light == judgements.RED}
    assert red - {"database", "power"} == {"address"}, (
        "a test's server is in no room's network; all else works"
    )
    rehearsed = next(one for one in run.findings if one.check == "phones").data
    assert (rehearsed["joined"], rehearsed["sent"]) == (44, 132)
    assert (rehearsed["lost"], rehearsed["doubled"], rehearsed["wrong"]) == (0, 0, 0)
    assert "44 téléphones simulés" in printed
    # The real server was not written to, and no folder or process of the rehearsal is left.
    assert reader.replica.head == head
    assert Client(server.links["facilitator"]).connect().replica.head == head
    assert left_behind(server) == []
    reader.close()


def test_it_ends_when_it_is_asked_to_and_clears_up(server: Server) -> None:
    process = begin(server)
    until = time.monotonic() + 60
    while not (rehearsing := list(server.data.glob(f"{phones.BEGINS}*/entry-links.json"))):
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < until
        time.sleep(0.1)
    folder = rehearsing[0].parent
    assert servers_of(folder)
    process.send_signal(signal.SIGTERM)
    printed, _ = process.communicate(timeout=60)
    assert record.read_run(server.data).state == "cancelled"
    assert "ended early" in printed or "arrêtée" in printed
    assert left_behind(server) == []
    assert servers_of(folder) == []


def test_an_ending_in_the_moment_in_which_the_server_begins_leaves_no_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def interrupted(*arguments: Any, **named: Any) -> subprocess.Popen[bytes]:
        """The real one, and somebody presses Stop before it has given the process to anybody."""
        begun.append(popen(*arguments, **named))
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0)  # here the handler runs
        return begun[0]

    monkeypatch.setattr(subprocess, "Popen", interrupted)
    settings = config.from_environment({"PALABRE_DATA": str(tmp_path)})
    with pytest.raises(run.Ended), run._ended_by_signals():
        list(phones.phones(settings))
    assert begun[0].poll() is not None
    assert not list(tmp_path.glob(f"{phones.BEGINS}*"))


def test_a_lost_a_doubled_and_a_wrong_vote_are_counted() -> None:
    """A planted fault in what two phones were shown."""

    class Shown:
        join_ms, confirm_ms = 1.0, [1.0]

        def __init__(self, *texts: str) -> None:
            self._texts = list(texts)

        def texts(self) -> list[str]:
            return self._texts

    told = phones._result(2, [Shown("a", "b", "b"), Shown("a")], ["a", "b"], 3, [5.0])  # type: ignore[list-item]
    assert (told.lost, told.doubled, told.wrong, told.sent) == (1, 1, 3, 4)


def test_the_page_starts_it_shows_how_far_it_is_and_stops_it(server: Server) -> None:
    client = Client(server.links["facilitator"])
    page = f"{client.base}/b/{client.page['handle']}/selftest"
    token = csrf(client.session.get(page).text)
    assert client.session.get(f"{page}/state").json()["state"] == ""
    client.session.post(f"{page}/start", data={"csrf_token": token}).raise_for_status()
    wait_for(lambda: client.session.get(f"{page}/state").json()["done"] >= 2)
    assert client.session.get(f"{page}/state").json()["state"] == "running"
    client.session.post(f"{page}/cancel", data={"csrf_token": token}).raise_for_status()
    wait_for(lambda: client.session.get(f"{page}/state").json()["state"] == "cancelled")
    told = client.session.get(f"{page}/state").json()
    assert {"server", "database"} <= {one["check"] for one in told["found"]}
    assert left_behind(server) == []
    assert json.loads((server.data / record.RUN).read_text())["findings"]


def test_it_is_not_held_while_people_write_unseen(server: Server) -> None:
    client = Client(server.links["facilitator"]).connect()
    room = [Client(link).connect() for link in server.links["participants"][:5]]
    client.command("start", "B5")
    page = f"{client.base}/b/{client.page['handle']}/selftest"
    before = client.session.get(page).text
    assert "selftest/start" not in before
    token = csrf(before)
    client.session.post(f"{page}/start", data={"csrf_token": token}).raise_for_status()
    assert record.read_run(server.data) is None
    for one in [client, *room]:
        one.close()


def csrf(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def wait_for(true: object, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < until, "it did not come true"
        time.sleep(0.1)
