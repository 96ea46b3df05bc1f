"""What people do in each of the 43 rounds, by the round's id in the agenda: a generator that stops at half time.

A few rounds also get what happens to seminars: an extension, a table that needs longer, a close too early, an outage, a
power cut, latecomers, a result published and a vote begun again by mistake. Each half day has a file of its own.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.niamey import files
from tests.niamey.first_afternoon import check_duplicates, group, name, report_back, vote
from tests.niamey.first_morning import (
    ask_in_writing,
    assess,
    say,
    skip_the_break,
    sort_the_noise,
    warm_up,
    write_first,
    write_in_the_carousel,
    write_second,
)
from tests.niamey.second_day import (
    amend,
    conclude,
    consent,
    debate,
    evaluate,
    make_sheets,
    rank,
    rate,
    recall,
    report_sheets,
    shortlist,
    vote_again,
)
from tests.niamey.seminar import (
    Half,
    Seminar,
)

ON_THE_SHORTLIST = ("E1", "E4")


def two_days(seminar: Seminar) -> None:
    """From the arrival to the evaluation."""
    agenda = [row["round_id"] for row in files.rows("agenda")]
    for place, round_id in enumerate(agenda):
        act = SCRIPT.get(round_id, nothing_written)
        beside = [*agenda[max(0, place - 1) : place], *agenda[place + 1 : place + 2]]
        listed = shortlist(seminar) if round_id in ON_THE_SHORTLIST else None
        seminar.play(round_id, act(seminar), beside=beside, targets=listed)


def nothing_written(s: Seminar) -> Half:
    yield


SCRIPT: dict[str, Callable[[Seminar], Half]] = {
    "A1": warm_up,
    "A3": ask_in_writing,
    "A5": assess,
    "A6": skip_the_break,
    "B1": write_first,
    "B3": write_second,
    "B4": sort_the_noise,
    "B5": write_in_the_carousel,
    "B6": say("B6"),
    "C1": group,
    "C2": name,
    "C3": report_back,
    "C4": check_duplicates,
    "V1": vote,
    "V3": say("V3"),
    "D1": recall,
    "D2": debate,
    "D3": vote_again,
    "E1": rate,
    "E4": rank,
    "G1": make_sheets,
    "G3": report_sheets,
    "G4": consent,
    "G5": amend,
    "G6": conclude,
    "G8": evaluate,
}
