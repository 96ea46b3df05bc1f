"""From a measurement to a light and a sentence: one pure function a check. No clock, no disk, no network.

Green: as it should be. Amber: the seminar can begin, and here is what would be better. Red: it will fail in the room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

GREEN, AMBER, RED = "green", "amber", "red"
LIGHTS = (GREEN, AMBER, RED)

PHONES = 44
# What a participant's phone loads before it can write (measured: tests/browser/test_every_page.py).
FIRST_PAGE_BYTES = 50_000


@dataclass(frozen=True, slots=True)
class Finding:
    """Shape: `code` leads to the sentence (`sentences.SENTENCES`), `data` is what it names."""

    check: str
    light: str
    code: str
    data: dict[str, Any] = field(default_factory=dict)


def worst(findings: Sequence[Finding]) -> str:
    return max((finding.light for finding in findings), key=LIGHTS.index, default=GREEN)


def server(answer_ms: float | None, is_ours: bool, about: dict[str, str]) -> Finding:
    """Shape: `answer_ms` is None when nobody answered; `about` has address, version and engine."""
    if answer_ms is None:
        return Finding("server", RED, "server_silent", about)
    if not is_ours:
        return Finding("server", RED, "server_other", about)
    told = {**about, "ms": round(answer_ms)}
    return (
        Finding("server", AMBER, "server_slow", told)
        if answer_ms > 500
        else Finding("server", GREEN, "server_well", told)
    )


def address(is_answered: bool, is_only_here: bool, where: str) -> Finding:
    """The address that people in the room open, asked from this computer."""
    if is_only_here:
        return Finding("address", RED, "address_only_here", {"address": where})
    if not is_answered:
        return Finding("address", RED, "address_silent", {"address": where})
    return Finding("address", GREEN, "address_well", {"address": where})


def database(sync_ms: Sequence[float], is_whole: bool, kind: str) -> Finding:
    """Units: `sync_ms` is how long the disk took to keep a write, several times; empty when it would not."""
    if not is_whole:
        return Finding("database", RED, "database_damaged")
    if not sync_ms:
        return Finding("database", RED, "database_unwritable")
    ms = round(percentile(sync_ms, 95))
    told = {"ms": ms, "kind": kind}
    if ms > 1000:
        return Finding("database", RED, "database_very_slow", told)
    if ms > 200:
        return Finding("database", AMBER, "database_slow", told)
    return Finding("database", GREEN, "database_well", told)


def clock(year: int, oldest_year: int, zone: str, is_zone_known: bool) -> Finding:
    """The server's clock by itself: nothing else may be reachable."""
    if year < oldest_year:
        return Finding("clock", RED, "clock_wrong", {"year": year})
    if not is_zone_known:
        return Finding("clock", AMBER, "zone_unknown", {"zone": zone})
    return Finding("clock", GREEN, "clock_well", {"zone": zone})


def browsers_clock(apart_s: float) -> Finding:
    """How far a browser's clock is from the server's."""
    apart = round(abs(apart_s))
    if apart <= 60:
        return Finding("clock", GREEN, "clocks_together", {"s": apart})
    return Finding("clock", AMBER if apart <= 600 else RED, "clocks_apart", {"min": round(apart / 60)})


def disk(free_mib: int) -> Finding:
    light, code = (
        (RED, "disk_full")
        if free_mib < 200
        else (AMBER, "disk_little")
        if free_mib < 1000
        else (GREEN, "disk_well")
    )
    return Finding("disk", light, code, {"mib": free_mib})


def keys(is_volatile: bool) -> Finding:
    """Whether the keys of sealed rounds lie where a power cut takes them."""
    return Finding("keys", GREEN, "keys_well") if is_volatile else Finding("keys", AMBER, "keys_on_disk")


def swap(is_on: bool) -> Finding:
    return Finding("swap", AMBER, "swap_on") if is_on else Finding("swap", GREEN, "swap_off")


def backup_folder(
    is_there: bool, is_writable: bool, is_elsewhere: bool, free_mib: int, where: str
) -> Finding:
    """`is_elsewhere`: on another disk than the data."""
    told = {"folder": where, "mib": free_mib}
    if not is_there:
        return Finding("backup", RED, "folder_gone", told)
    if not is_writable:
        return Finding("backup", RED, "folder_unwritable", told)
    if free_mib < 200:
        return Finding("backup", RED, "folder_full", told)
    return (
        Finding("backup", GREEN, "folder_well", told)
        if is_elsewhere
        else Finding("backup", AMBER, "folder_on_same_disk", told)
    )


def backup(seconds: float | None, boards: int, is_equal: bool | None = None) -> Finding:
    """A backup made, and restored into a folder of its own.

    Shape: `seconds` is None when one of the two failed; `is_equal` is None when it was read and not restored.
    """
    if seconds is None:
        return Finding("backup", RED, "backup_failed")
    if is_equal is False:
        return Finding("backup", RED, "backup_differs")
    told = {"s": round(seconds, 1), "boards": boards}
    if is_equal is None:
        return Finding("backup", GREEN, "backup_read", told)
    return (
        Finding("backup", AMBER, "backup_slow", told)
        if seconds > 60
        else Finding("backup", GREEN, "backup_well", told)
    )


def backup_later() -> Finding:
    """A round is open: a backup now would hold what lies sealed."""
    return Finding("backup", AMBER, "backup_later")


def power(is_on_mains: bool | None, percent: int | None) -> Finding:
    """Shape: `is_on_mains` is None when the computer does not say; `percent` is None without a battery."""
    if percent is None:
        return Finding("power", AMBER, "power_no_battery")
    if is_on_mains:
        return Finding("power", GREEN, "power_well", {"percent": percent})
    return Finding("power", RED if percent < 50 else AMBER, "power_on_battery", {"percent": percent})


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What the simulated phones did and saw.

    Units:  milliseconds: from sending to the confirmation, from publishing to the phone, from the link to the board.
    Shape:  `joined` phones came in; `lost` and `doubled` are texts that a phone never saw or saw twice, `wrong` votes that were
            not counted as cast.
    """

    phones: int
    joined: int
    sent: int
    lost: int
    doubled: int
    wrong: int
    join_ms: Sequence[float]
    confirm_ms: Sequence[float]
    show_ms: Sequence[float]


def phones(rehearsal: Rehearsal | None) -> Finding:
    if rehearsal is None:
        return Finding("phones", RED, "phones_failed")
    told = {
        "phones": rehearsal.phones,
        "joined": rehearsal.joined,
        "sent": rehearsal.sent,
        "lost": rehearsal.lost,
        "doubled": rehearsal.doubled,
        "wrong": rehearsal.wrong,
        "join_ms": round(percentile(rehearsal.join_ms, 95)),
        "confirm_ms": round(percentile(rehearsal.confirm_ms, 95)),
        "show_ms": round(percentile(rehearsal.show_ms, 95)),
    }
    if rehearsal.joined < rehearsal.phones:
        return Finding("phones", RED, "phones_outside", told)
    if rehearsal.lost or rehearsal.doubled or rehearsal.wrong:
        return Finding("phones", RED, "phones_lost", told)
    slow = max(told["confirm_ms"], told["show_ms"]) > 2000
    return Finding("phones", AMBER if slow else GREEN, "phones_slow" if slow else "phones_well", told)


def wifi(trip_ms: float, jitter_ms: float, bytes_per_s: float, has_socket: bool) -> Finding:
    """The network as one phone has it, and what it means for a whole room that loads at once."""
    room_s = PHONES * FIRST_PAGE_BYTES / max(1.0, bytes_per_s)
    told = {
        "trip_ms": round(trip_ms),
        "jitter_ms": round(jitter_ms),
        "mbits": round(bytes_per_s * 8 / 1e6, 1),
        "phones": PHONES,
        "s": max(1, round(room_s)),
    }
    if not has_socket:
        return Finding("wifi", AMBER, "wifi_no_socket", told)
    if room_s > 180:
        return Finding("wifi", RED, "wifi_too_slow", told)
    if room_s > 45 or trip_ms > 1000:
        return Finding("wifi", AMBER, "wifi_slow", told)
    if jitter_ms > 300:
        return Finding("wifi", AMBER, "wifi_uneven", told)
    return Finding("wifi", GREEN, "wifi_well", told)


def projector(width: int, height: int, is_readable: bool, has_corners: bool, numbers_read: int) -> Finding:
    """What somebody at the back of the room said of the test picture. `numbers_read`: of five, each paler than the one before."""
    told = {"width": width, "height": height, "read": numbers_read}
    if not is_readable:
        return Finding("projector", RED, "projector_small", told)
    if numbers_read < 2:
        return Finding("projector", RED, "projector_pale", told)
    if not has_corners:
        return Finding("projector", AMBER, "projector_cut", told)
    if numbers_read < 4:
        return Finding("projector", AMBER, "projector_light", told)
    if width < 1000:
        return Finding("projector", AMBER, "projector_coarse", told)
    return Finding("projector", GREEN, "projector_well", told)


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many percent do not exceed (nearest rank); 0 without values."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else 0.0
