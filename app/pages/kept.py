"""What is kept, until when, and who sees it: the page for those it is about."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _

from app import retention
from app.domain.retention import DEFAULT_DAYS
from app.pages.door import workshop_at
from app.pages.keeping import say_day
from app.store.workshops import Workshop

pages = Blueprint("kept", __name__)


@pages.get("/kept")
def general() -> Any:
    """For whoever has not come to a workshop yet."""
    return _page(None)


@pages.get("/join/<code>/kept")
def of_workshop(code: str) -> Any:
    """For the people of one workshop, with its own days."""
    return _page(workshop_at(code))


def _page(workshop: Workshop | None) -> Any:
    return render_template("pages/kept.html", workshop=workshop, parts=parts(_term(workshop)))


def _term(workshop: Workshop | None) -> str:
    """Until when names are kept, in words."""
    if workshop is None:
        return _(
            "as long as the administrator chose, as a rule %(days)s days after the last round",
            days=DEFAULT_DAYS,
        )
    kept = retention.of(workshop)
    if day := retention.announced(workshop):
        return _("until %(day)s", day=say_day(day))
    if kept.until is not None:
        return _("until %(day)s", day=say_day(retention.date_of(kept.until)))
    return _("for %(days)s days after the last round", days=kept.days)


def parts(term: str) -> list[tuple[str, str, list[str]]]:
    """The page in parts: icon, heading, sentences; each sentence says one thing."""
    return [
        (
            "lock",
            _("While a round is open"),
            [
                _(
                    "What you write and how you vote lies in a sealed box. Nobody looks into it: "
                    "not the facilitator, not your director."
                ),
                _(
                    "Your own phone keeps your words, so that none is lost when the connection fails. "
                    "On a shared phone, choose four digits of your own."
                ),
                _(
                    "The server has a list: names, seat codes, sides (internal or external), tables. "
                    "The facilitator and the administrator see it. It stands beside no action and no vote."
                ),
            ],
        ),
        (
            "eye",
            _("After a round is published"),
            [
                _(
                    "The actions are on the board, shuffled, without names. Everybody in the workshop sees them."
                ),
                _(
                    "Of the votes only the sums are left. The key of the box is destroyed: "
                    "nobody can find out any more who voted what."
                ),
                _("Your phone forgets which actions were yours."),
                _(
                    "If a round shows actions at once, or with your name, it says so above the box before you write."
                ),
                _(
                    "Facilitators, experts and rapporteurs speak under their own names. "
                    "What they decide is noted with the time."
                ),
            ],
        ),
        (
            "clock",
            _("After the workshop"),
            [
                _(
                    "Actions, sums, comments and action sheets stay, so that the work can go on. "
                    "Files taken out of Palabre hold what the board shows."
                ),
                _(
                    "The list of people stays %(term)s. Every page says so two weeks before it is erased.",
                    term=term,
                ),
                _(
                    "Safety copies of the server hold the list too. The administrator can replace the old ones."
                ),
            ],
        ),
        (
            "trash",
            _("After the list is erased"),
            [
                _(
                    "Names, codes and sides are gone, also the names of facilitators and experts. "
                    "Your code and your link open nothing any more."
                ),
                _("Actions, sums and action sheets stay. Palabre can no longer say who was there."),
                _(
                    "A name that somebody wrote inside an action or a comment stays there. "
                    "Ask the facilitator to erase that text."
                ),
                _("Paper, and copies that somebody took away before, cannot be reached from here."),
            ],
        ),
        (
            "eye-off",
            _("What is never kept"),
            [
                _("Who wrote an action without a name. Who cast which vote. At what time you wrote."),
                _("The address of your phone. What you looked at."),
            ],
        ),
    ]
