"""What stands on each set to print, in the language of the moment: words, names, codes and addresses, as the layouts want them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from app import codes, desks, seats
from app.boards import boards
from app.domain.records import EVERYONE, State
from app.pages.board import base_url
from app.pages.guides import guides
from app.pages.member import main_board, workshop
from app.pages.words import in_language, name_of, promise

CARDS_A_FACTOR = 4


def names() -> dict[str, tuple[str, str]]:
    """What each set is called, and what it is for."""
    return {
        "seats": (_("Seat sheets"), _("One for each person, with code and QR: eight a page, to cut.")),
        "promise": (
            _("The promise"),
            _("What nobody can learn, and what nobody can promise: for the wall and each table."),
        ),
        "guides": (_("A guide for each role"), _("One page each.")),
        "signs": (_("Table signs"), _("To fold and stand up, with the table’s factors.")),
        "posters": (_("Factor posters"), _("One for each factor.")),
        "cards": (_("Numbered cards"), _("For those who write by hand: four a page.")),
    }


def _state() -> State:
    return boards.view(main_board(), EVERYONE)


def _tables() -> dict[str, str]:
    return {table["id"]: in_language(table["name"]) for table in seats.tables_of(workshop())}


def _seats() -> dict[str, Any]:
    listed = [person for person in seats.members_of(workshop()) if codes.has_seat_code(person)]
    listed.sort(key=lambda person: (person.table or "\uffff", person.number))
    door, tables = f"{base_url()}/join/{workshop().code}", _tables()
    return {
        "place": door,
        "words": {
            "code": _("Your personal code"),
            "mark": _("Seat"),
            "keep": _("Whoever has it has your seat: show it to nobody."),
            "promise": _("Nobody can learn from Palabre who wrote or voted what."),
        },
        "seats": [
            {
                "name": name_of(person),
                "table": tables.get(person.table or "", ""),
                "mark": desks.seat_mark(person) if person.role == "participant" else "",
                "code": codes.seat_code(person),
                "qr_of": f"{door}?seat={codes.seat_code(person)}",
            }
            for person in listed
        ],
    }


def _factors(state: State) -> list[dict[str, Any]]:
    in_order = sorted(state["factors"].values(), key=lambda factor: factor["number"])
    return [
        {
            "id": factor["id"],
            "number": factor["number"],
            "title": in_language(factor["title"]),
            "help": in_language(factor["help"]),
        }
        for factor in in_order
    ]


def _factors_by_table(state: State) -> list[tuple[str, list[dict[str, Any]]]]:
    """Each table with the factors that any round of the agenda gives to it and not to all tables at once."""
    tables, factors = _tables(), {factor["id"]: factor for factor in _factors(state)}
    worked: dict[str, dict[str, None]] = {table: {} for table in tables}
    for round_ in sorted(state["rounds"].values(), key=lambda round_: round_["order"]):
        for table, ids in (round_["scope"] or {}).items():
            if table in worked and len(ids) <= len(factors) // 2:
                worked[table] |= dict.fromkeys(ids)
    return [(name, [factors[f] for f in worked[table] if f in factors]) for table, name in tables.items()]


def _cards() -> dict[str, Any]:
    cards: list[dict[str, Any]] = []
    for table, factors in _factors_by_table(_state()):
        for factor in factors:
            cards += [
                {"number": len(cards) + n, "table": table, "factor": factor}
                for n in range(1, CARDS_A_FACTOR + 1)
            ]
    return {
        "words": {"action": _("One action:"), "verb": _("a verb and an object, nobody’s name.")},
        "cards": cards,
    }


def _signs() -> dict[str, Any]:
    tables = [{"name": table, "factors": factors} for table, factors in _factors_by_table(_state())]
    door = f"{base_url()}/join/{workshop().code}"
    words = {"code": _("Code of the workshop:")}
    return {"words": words, "code": workshop().code, "qr_of": door, "tables": tables}


def _posters() -> dict[str, Any]:
    return {
        "words": {"source": _("A factor of the WCO Revised Arusha Declaration")},
        "factors": _factors(_state()),
    }


def _promise() -> dict[str, Any]:
    address = f"{base_url()}/join/{workshop().code}/kept"
    more = {"more": _("What is kept, and who sees it:"), "address": address}
    return {"words": {**promise(), **more}, "qr_of": address}


def _guides() -> dict[str, Any]:
    words = {"begin": _("To begin"), "rounds": _("What you do"), "trouble": _("When something is not right")}
    return {"words": words, "guides": guides()}


CONTENTS: dict[str, Callable[[], dict[str, Any]]] = {
    "seats": _seats,
    "cards": _cards,
    "signs": _signs,
    "posters": _posters,
    "promise": _promise,
    "guides": _guides,
}
