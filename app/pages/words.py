"""The words for roles, sides, places and categories on the pages that the server writes."""

from __future__ import annotations

import datetime
from typing import Any

from flask_babel import format_datetime, get_locale
from flask_babel import gettext as _

from app.store.people import Person

CATEGORIES = {
    "internal": ("director", "head_of_department", "officer"),
    "external": ("private_sector", "economic_operator", "institutional_partner"),
}


def language() -> str:
    locale = get_locale()
    return locale.language if locale else "fr"


def role_names() -> dict[str, str]:
    return {
        "participant": _("Participant"),
        "scribe": _("Scribe"),
        "facilitator": _("Facilitator"),
        "expert": _("Expert"),
        "observer": _("Observer"),
        "rapporteur": _("Rapporteur"),
        "administrator": _("Administrator"),
    }


def side_names() -> dict[str, str]:
    return {"internal": _("internal"), "external": _("external")}


def place_names() -> dict[str, str]:
    return {"room": _("in the room"), "remote": _("remote")}


def category_names() -> dict[str, str]:
    return {
        "director": _("Director"),
        "head_of_department": _("Head of department"),
        "officer": _("Officer"),
        "private_sector": _("Private sector"),
        "economic_operator": _("Economic operator"),
        "institutional_partner": _("Institutional partner"),
    }


def say_moment(moment: datetime.datetime) -> str:
    """A day and a time of twenty-four hours, as it stands in `moment`'s own zone."""
    return str(format_datetime(moment, "d MMMM y, HH:mm", rebase=False))


def name_of(person: Person) -> str:
    """A person's name in the reader's language."""
    return in_language(person.name)


def in_language(words: dict[str, str]) -> str:
    """Text that is data, in the reader's language or in any."""
    return words.get(language()) or words.get("fr") or next(iter(words.values()), "")


def promise() -> dict[str, Any]:
    """The promise and its limit, as the door shows it and the kit prints it. Shape: {title, kept [..], limit_title, limit}."""
    return {
        "title": _("What we promise you"),
        "kept": [
            _(
                "Palabre does not tell anybody what you wrote or how you voted: not your director, not the facilitator, "
                "not whoever later holds the files."
            ),
            _(
                "What you write and how you vote lies in a sealed box. It comes out shuffled, for everybody together, "
                "and in the end the key is destroyed."
            ),
            _(
                "Internal and external voices are shown apart only where at least five people of each side voted, and "
                "never when all of a side chose alike."
            ),
        ],
        "limit_title": _("What nobody can promise:"),
        "limit": _(
            "someone may look over your shoulder, recognise your way of writing, or control this very server while a "
            "round is open. Name no person, and write the way everybody does."
        ),
    }


def takes_nothing() -> str:
    """What is told where an operation of the server's own was refused."""
    return _(
        "The board takes nothing just now, so nothing was changed. Try again in a minute; a workshop that was put away is "
        "taken out first."
    )
