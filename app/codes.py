"""Codes and links of seats, and codes of workshops. They are derived from the server's secret and never stored.

Knows the accounts; nothing of sessions, cards, ballots or pages.
"""

from __future__ import annotations

import hmac
import secrets

from flask import current_app

from app.seats import members_of, read
from app.store import people as people_rows
from app.store import workshops as workshop_rows
from app.store.people import Person
from app.store.workshops import Workshop

# Crockford's alphabet: no I, L, O, U, so that a printed code is read as it is written.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SEAT_CODE_LENGTH = 9  # 45 bits
# Read aloud from a wall: without vowels it spells nothing, without 0, 2, 5, 8 it is heard and read once.
CODE_ALPHABET = "CDFGHJKMNPQRTVWXY34679"
WORKSHOP_CODE_LENGTH = 6
_LOOKALIKES = str.maketrans("ILOU", "110V")


def _derive(purpose: str, person: Person) -> bytes:
    secret: bytes = current_app.config["SETTINGS"].secret
    return hmac.digest(secret, f"{purpose}|{person.id}|{person.version}".encode(), "sha256")


def seat_code(person: Person) -> str:
    """The printed code of a seat: XXX-XXX-XXX."""
    digits = [ALPHABET[byte % 32] for byte in _derive("seat", person)[:SEAT_CODE_LENGTH]]
    return "-".join("".join(digits[at : at + 3]) for at in range(0, SEAT_CODE_LENGTH, 3))


def link_token(person: Person) -> str:
    """The secret part of a personal link, with the id that finds the person."""
    return f"{person.id}.{_derive('link', person)[:18].hex()}"


def new_workshop_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(WORKSHOP_CODE_LENGTH))


def tidy_code(text: str) -> str:
    """A code as it was meant: capitals, no separators, look-alikes put right."""
    return "".join(ch for ch in text.upper().translate(_LOOKALIKES) if ch in ALPHABET)


def workshop_by_code(text: str) -> Workshop | None:
    return read(lambda c: workshop_rows.workshop_by_code(c, tidy_code(text)))


def person_by_link(token: str) -> Person | None:
    person_id, _, _ = token.partition(".")
    person = read(lambda c: people_rows.person(c, person_id))
    if (
        person is None
        or person.removed
        or not hmac.compare_digest(link_token(person).encode(), token.encode())
    ):
        return None
    return person


def person_by_seat_code(workshop: Workshop, code: str) -> Person | None:
    """The participant or scribe of a workshop whose seat has this code; every code is compared, so time tells nothing."""
    wanted, found = tidy_code(code), None
    for person in members_of(workshop):
        if hmac.compare_digest(tidy_code(seat_code(person)), wanted) and has_seat_code(person):
            found = person
    return found


def has_seat_code(person: Person) -> bool:
    """Whether a short code opens this seat. Those who may do more get a link, which cannot be guessed."""
    return person.role in ("participant", "scribe") and not person.simulated
