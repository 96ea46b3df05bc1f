"""The Director General's page: the two days on one sheet, in numbers, for a phone in a car and for the printer."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask_babel import format_decimal
from flask_babel import gettext as _

from app.boards import boards
from app.domain.records import EVERYONE
from app.exports.summary import summary
from app.pages.member import board_id, main_board, needs_role, workshop
from app.pages.words import language

pages = Blueprint("summary", __name__, url_prefix="/b/<handle>/summary")

READERS = ("observer", "rapporteur", "facilitator", "administrator")
MOST_NUMBERS = 6
SCORES = ("score_1_5", "criteria_1_5")


@pages.get("/")
@needs_role(*READERS)
def page(handle: str) -> Any:
    return render_template(
        "pages/summary.html",
        handle=handle,
        workshop=workshop(),
        board=None if board_id() == main_board() else board_id(),
        told=summary(boards.view(board_id(), EVERYONE), language()),
        figure=_figure,
        mean=_mean,
        numbers=_numbers,
        units=_units(),
        dispositions=_dispositions(),
    )


def _mean(value: float) -> str:
    return format_decimal(value, format="0.0")


def _figure(value: float, method: str) -> str:
    """What stands for a target in a vote: a mean with its one decimal, and a sum as it is."""
    return _mean(value) if method in SCORES else format_decimal(value, format="#,##0.##")


def _numbers(cards: list[int]) -> str:
    """The numbers of a group's cards, the first few of many."""
    return ", ".join(map(str, cards[:MOST_NUMBERS])) + ("…" if len(cards) > MOST_NUMBERS else "")


def _units() -> dict[str, str]:
    """What the figure of a vote counts, by its method."""
    points, voices = _("points"), _("voices")
    return {
        **dict.fromkeys(("points", "rank", "hundred", "quadratic"), points),
        **dict.fromkeys(("approval", "choose"), voices),
        **dict.fromkeys(SCORES, _("out of 5")),
    }


def _dispositions() -> dict[str, str]:
    return {
        "implement": _("To implement"),
        "deepen": _("To deepen"),
        "park": _("Parked"),
        "undecided": _("Still to be decided"),
    }
