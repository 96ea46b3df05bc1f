"""Backups and the self-test on their pages: who chooses a folder, what a page says, and what devices without a seat may tell."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import backup_folder, safekeeping
from app.selftest import judgements, record
from app.selftest.judgements import FIRST_PAGE_BYTES


@pytest.fixture
def settings(app: Flask) -> Any:
    return app.config["SETTINGS"]


@pytest.fixture
def administrator(browser: Any, entry: Any) -> tuple[Any, str]:
    opened = browser("en")
    return opened, f"/b/{opened.enter(entry['links']['administrator'])}"


# --- backups ---


def test_the_administrator_chooses_among_what_is_offered_and_nothing_else(
    administrator: Any, facilitator: Any, settings: Any, tmp_path: Path
) -> None:
    admin, path = administrator
    own = str(settings.data / "backups")
    assert admin.post(f"{path}/backups/folder", {"folder": own, "keep": "4"}).status_code == 303
    assert backup_folder.chosen(settings) == backup_folder.BackupFolder(Path(own), keep=4)
    admin.post(f"{path}/backups/folder", {"folder": str(tmp_path), "keep": "4"})
    assert "no longer there" in admin.get(f"{path}/backups/").text
    assert str(backup_folder.chosen(settings).path) == own
    assert admin.post(f"{path}/backups/folder", {"folder": own, "keep": "0"}).status_code == 400
    host, host_path = facilitator
    assert host.post(f"{host_path}/backups/folder", {"folder": own, "keep": "8"}).status_code == 404
    assert "The administrator chooses the folder" in host.get(f"{host_path}/backups/").text


def test_the_page_says_what_became_of_the_last_backup_and_what_to_do(
    administrator: Any, settings: Any
) -> None:
    admin, path = administrator
    page = f"{path}/backups/"
    assert "the first comes with the first break" in admin.get(page).text
    for code, remedy in (
        ("gone", "pulled out"),
        ("full", "is full"),
        ("read_only", "switch"),
        ("failed", "Try again"),
    ):
        safekeeping.tell(settings, "failed", code)
        assert remedy in admin.get(page).text
    for state, said in (
        ("waiting", "One waits"),
        ("making", "One is being made"),
        ("made", "The last one was made"),
    ):
        safekeeping.tell(settings, state)
        assert said in admin.get(page).text


def test_the_newest_backup_stands_first_and_in_the_command_to_restore_it(
    administrator: Any, settings: Any
) -> None:
    folder = backup_folder.chosen(settings).path
    folder.mkdir()
    names = [backup_folder.file_name(settings.mark, f"2026-11-26-1{hour}0000", "A7") for hour in (1, 0, 2)]
    for name in [*names, "somebody-else.zip"]:
        (folder / name).write_bytes(b"x" * 2_000_000)
    admin, path = administrator
    text = admin.get(f"{path}/backups/").text
    assert f"make restore FILE={folder}/{names[2]}" in text
    assert text.index(names[2]) < text.index(names[0]) < text.index(names[1])
    assert "somebody-else" not in text
    assert "1.9 MB" in text


def test_a_folder_whose_stick_is_gone_is_told_in_red(
    administrator: Any, settings: Any, tmp_path: Path
) -> None:
    gone = tmp_path / "STICK"
    gone.mkdir()
    backup_folder.choose(settings, backup_folder.BackupFolder(gone / "palabre-backups", str(gone)))
    admin, path = administrator
    assert "This folder is not there now" in admin.get(f"{path}/backups/").text


# --- the self-test ---


def key_of(page: str) -> str:
    found = re.search(r"/kit/([0-9a-f]+)/phone", page)
    assert found
    return found[1]


@pytest.fixture
def key(administrator: Any) -> str:
    admin, path = administrator
    return key_of(admin.get(f"{path}/selftest").text)


def test_a_phone_without_a_seat_measures_and_both_it_and_the_administrator_read_the_judgement(
    browser: Any, administrator: Any, key: str
) -> None:
    phone = browser("fr")
    assert phone.get(f"/kit/{key}/phone").status_code == 200
    piece = phone.get(f"/kit/{key}/piece")
    assert len(piece.data) == FIRST_PAGE_BYTES
    assert "Content-Encoding" not in piece.headers
    measured = {"trip_ms": 30.5, "jitter_ms": 8, "bytes_per_s": 325_000, "has_socket": True}
    (told,) = phone.post_json(f"/kit/{key}/measured", measured).json["found"]
    assert told["light"] == "green"
    assert "44 téléphones ont le tableau en 7 s" in told["text"]
    admin, path = administrator
    assert "44 phones have the board within 7 s" in admin.get(f"{path}/selftest").text


def test_what_no_phone_measures_is_refused(browser: Any, key: str, settings: Any) -> None:
    phone = browser()
    good = {"trip_ms": 30, "jitter_ms": 8, "bytes_per_s": 325_000, "has_socket": True}
    for wrong in (
        {"trip_ms": -1},
        {"trip_ms": "30"},
        {"jitter_ms": True},
        {"bytes_per_s": 10**12},
        {"trip_ms": None},
    ):
        assert phone.post_json(f"/kit/{key}/measured", {**good, **wrong}).status_code == 400
    assert phone.post_json(f"/kit/{key}/measured", [1]).status_code == 400
    assert record.read_seen(settings.data) == []


def test_without_the_key_of_the_day_there_is_no_page(browser: Any, key: str) -> None:
    stranger = browser()
    for path in ("phone", "piece", "projector"):
        assert stranger.get(f"/kit/{'0' * len(key)}/{path}").status_code == 404
    assert stranger.post_json(f"/kit/{'0' * len(key)}/measured", {}).status_code == 404


def test_the_projector_is_judged_by_what_the_last_row_says(
    browser: Any, administrator: Any, key: str
) -> None:
    machine = browser("en")
    answer = machine.post(
        f"/kit/{key}/projector",
        {"width": "1280", "height": "720", "text": "yes", "corners": "no", "read": "5"},
    )
    assert "The corners of the picture are not all to be seen" in answer.text
    admin, path = administrator
    assert "Press F11" in admin.get(f"{path}/selftest").text
    assert machine.post(f"/kit/{key}/projector", {"text": "yes", "read": "9"}).status_code == 400


def test_the_browsers_clock_is_compared_with_the_servers(administrator: Any) -> None:
    admin, path = administrator
    assert admin.post_json(f"{path}/selftest/browser", {"apart_ms": -7_200_000}).json == {"kept": True}
    found = admin.get(f"{path}/selftest/state").json["found"]
    assert [(one["check"], one["light"]) for one in found] == [("clock", "red")]
    assert "120 minutes" in found[0]["text"]


def test_a_run_is_shown_while_it_runs_and_told_when_it_broke_off(administrator: Any, settings: Any) -> None:

    admin, path = administrator
    now_ms = time.time_ns() // 1_000_000
    record.write_run(settings.data, record.Run(os.getpid(), now_ms, now="backup", done=5, steps=7))
    page = admin.get(f"{path}/selftest").text
    assert "Step 6 of 7: Backup and restore" in page
    assert "selftest/cancel" in page
    kept = json.loads((settings.data / record.RUN).read_text())
    (settings.data / record.RUN).write_text(json.dumps({**kept, "started_ms": now_ms - 10**7}))
    assert "The last check broke off" in admin.get(f"{path}/selftest").text


def test_figures_are_written_as_the_reader_writes_them(browser: Any, entry: Any, settings: Any) -> None:
    record.add_seen(settings.data, judgements.disk(70_818))
    record.add_seen(settings.data, judgements.backup(0.2, boards=2, is_equal=True))
    for language, room, seconds in (("fr", "70\u202f818 Mo", "0,2 s"), ("en", "70,818 MB", "0.2 s")):
        admin = browser(language)
        page = admin.get(f"/b/{admin.enter(entry['links']['administrator'])}/selftest").text
        assert room in page
        assert seconds in page
