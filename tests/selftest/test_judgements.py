"""From a measurement to a light and a sentence; and every sentence in both languages, with what it names."""

from __future__ import annotations

import re
from typing import Any

import pytest

from app.catalogues import translator
from app.languages import LANGUAGES
from app.selftest import judgements
from app.selftest.judgements import AMBER, GREEN, RED, Finding, Rehearsal, percentile, worst
from app.selftest.sentences import CHECKS, SENTENCES, said

ABOUT = {"address": "http://127.0.0.1:5000", "version": "1", "engine": "eventlet"}


def rehearsal(**told: Any) -> Rehearsal:
    known = {"phones": 44, "joined": 44, "sent": 132, "lost": 0, "doubled": 0, "wrong": 0}
    return Rehearsal(**{**known, "join_ms": [300.0], "confirm_ms": [20.0], "show_ms": [50.0], **told})


CASES: list[tuple[Finding, str, str]] = [
    (judgements.server(None, False, ABOUT), RED, "server_silent"),
    (judgements.server(3, False, ABOUT), RED, "server_other"),
    (judgements.server(501, True, ABOUT), AMBER, "server_slow"),
    (judgements.server(500, True, ABOUT), GREEN, "server_well"),
    (judgements.address(True, True, "http://127.0.0.1:5000"), RED, "address_only_here"),
    (judgements.address(False, False, "http://10.0.0.2:5000"), RED, "address_silent"),
    (judgements.address(True, False, "http://10.0.0.2:5000"), GREEN, "address_well"),
    (judgements.database([5], False, "SQLite"), RED, "database_damaged"),
    (judgements.database([], True, "SQLite"), RED, "database_unwritable"),
    (judgements.database([1001], True, "SQLite"), RED, "database_very_slow"),
    (judgements.database([201], True, "SQLite"), AMBER, "database_slow"),
    (judgements.database([200], True, "SQLite"), GREEN, "database_well"),
    (judgements.clock(1970, 2026, "Africa/Niamey", True), RED, "clock_wrong"),
    (judgements.clock(2026, 2026, "Africa/Nowhere", False), AMBER, "zone_unknown"),
    (judgements.clock(2026, 2026, "Africa/Niamey", True), GREEN, "clock_well"),
    (judgements.browsers_clock(-60), GREEN, "clocks_together"),
    (judgements.browsers_clock(61), AMBER, "clocks_apart"),
    (judgements.browsers_clock(-3600), RED, "clocks_apart"),
    (judgements.disk(199), RED, "disk_full"),
    (judgements.disk(200), AMBER, "disk_little"),
    (judgements.disk(1000), GREEN, "disk_well"),
    (judgements.keys(False), AMBER, "keys_on_disk"),
    (judgements.keys(True), GREEN, "keys_well"),
    (judgements.swap(True), AMBER, "swap_on"),
    (judgements.swap(False), GREEN, "swap_off"),
    (judgements.backup_folder(False, False, False, 0, "/x"), RED, "folder_gone"),
    (judgements.backup_folder(True, False, False, 0, "/x"), RED, "folder_unwritable"),
    (judgements.backup_folder(True, True, True, 199, "/x"), RED, "folder_full"),
    (judgements.backup_folder(True, True, False, 900, "/x"), AMBER, "folder_on_same_disk"),
    (judgements.backup_folder(True, True, True, 900, "/x"), GREEN, "folder_well"),
    (judgements.backup(None, 0), RED, "backup_failed"),
    (judgements.backup(2, 3, False), RED, "backup_differs"),
    (judgements.backup(61, 3, True), AMBER, "backup_slow"),
    (judgements.backup(2, 3, True), GREEN, "backup_well"),
    (judgements.backup(2, 3), GREEN, "backup_read"),
    (judgements.backup_later(), AMBER, "backup_later"),
    (judgements.power(None, None), AMBER, "power_no_battery"),
    (judgements.power(False, 49), RED, "power_on_battery"),
    (judgements.power(None, 80), AMBER, "power_on_battery"),
    (judgements.power(True, 49), GREEN, "power_well"),
    (judgements.phones(None), RED, "phones_failed"),
    (judgements.phones(rehearsal(joined=43)), RED, "phones_outside"),
    (judgements.phones(rehearsal(lost=1)), RED, "phones_lost"),
    (judgements.phones(rehearsal(doubled=1)), RED, "phones_lost"),
    (judgements.phones(rehearsal(wrong=1)), RED, "phones_lost"),
    (judgements.phones(rehearsal(confirm_ms=[2001.0])), AMBER, "phones_slow"),
    (judgements.phones(rehearsal(show_ms=[2001.0])), AMBER, "phones_slow"),
    (judgements.phones(rehearsal()), GREEN, "phones_well"),
    (judgements.wifi(20, 5, 10**6, False), AMBER, "wifi_no_socket"),
    (judgements.wifi(20, 5, 12_000, True), RED, "wifi_too_slow"),
    (judgements.wifi(20, 5, 40_000, True), AMBER, "wifi_slow"),
    (judgements.wifi(1001, 5, 10**6, True), AMBER, "wifi_slow"),
    (judgements.wifi(20, 301, 10**6, True), AMBER, "wifi_uneven"),
    (judgements.wifi(20, 5, 0, True), RED, "wifi_too_slow"),
    (judgements.wifi(20, 5, 325_000, True), GREEN, "wifi_well"),  # the 2.6 Mbit/s of a room
    (judgements.projector(1920, 1080, False, True, 5), RED, "projector_small"),
    (judgements.projector(1920, 1080, True, True, 1), RED, "projector_pale"),
    (judgements.projector(1920, 1080, True, False, 5), AMBER, "projector_cut"),
    (judgements.projector(1920, 1080, True, True, 3), AMBER, "projector_light"),
    (judgements.projector(800, 600, True, True, 5), AMBER, "projector_coarse"),
    (judgements.projector(1280, 720, True, True, 4), GREEN, "projector_well"),
]


@pytest.mark.parametrize(("found", "light", "code"), CASES, ids=lambda value: str(value)[:40])
def test_a_measurement_has_its_light_and_sentence(found: Finding, light: str, code: str) -> None:
    assert (found.light, found.code) == (light, code)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_is_said_in_full_and_whatever_is_not_green_says_what_to_do(language: str) -> None:
    for found, _, _ in CASES:
        told = said(found, translator(language))
        assert told["title"], found
        assert told["text"], found
        assert not re.search(r"%[(%]", told["text"] + told["todo"]), told
        assert bool(told["todo"]) == (found.light != GREEN), found


def test_every_sentence_can_be_said_and_every_check_has_a_title() -> None:
    assert {code for _, _, code in CASES} == SENTENCES.keys()
    assert {found.check for found, _, _ in CASES} == CHECKS.keys()


def test_the_room_of_44_loads_at_once_what_one_phone_measured() -> None:
    assert judgements.wifi(20, 5, 325_000, True).data == {
        "trip_ms": 20,
        "jitter_ms": 5,
        "mbits": 2.6,
        "phones": 44,
        "s": 7,
    }


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile([], 95) == 0
    assert percentile([7.0], 95) == 7
    assert percentile(list(range(1, 101)), 95) == 95
    assert percentile([3.0, 1.0, 2.0], 95) == 3


def test_the_worst_light_speaks_for_all() -> None:
    assert worst([]) == GREEN
    assert worst([judgements.disk(5000), judgements.swap(True)]) == AMBER
    assert worst([judgements.disk(0), judgements.swap(True)]) == RED
