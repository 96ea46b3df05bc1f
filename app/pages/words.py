"""The words for roles, sides, places and categories on the pages that the server writes."""

from __future__ import annotations

from flask_babel import get_locale
from flask_babel import gettext as _

from app.store.accounts import Person

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


def name_of(person: Person) -> str:
    """A person's name in the reader's language."""
    return in_language(person.name)


def in_language(words: dict[str, str]) -> str:
    """Text that is data, in the reader's language or in any."""
    return words.get(language()) or words.get("fr") or next(iter(words.values()), "")
