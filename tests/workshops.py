"""Workshops made through the page for it, from files, for tests that need an agenda or people of their own."""

from __future__ import annotations

import re

from tests.client import Client
from tests.server import Server

AGENDA_HEADER = (
    "seq,day,start,end,minutes,round_id,name_fr,name_en,kind,scope,release,cards_per_person,per_factor,method,targets,"
    "points,cap,at_zero,grace_s"
)
STAFF = "staff_id,label_fr,label_en,role,place\nS1,Animatrice,Facilitator,facilitator,room\n"


def people(many: int) -> str:
    """A list of participants, one internal and one external in turn."""
    return "participant_id,label_fr,label_en,group,category,place,table\n" + "".join(
        f"P{n:02},Personne {n},Person {n},{'internal' if n % 2 else 'external'},,room,\n"
        for n in range(1, many + 1)
    )


def workshop(server: Server, agenda: str, many: int) -> tuple[Client, list[str]]:
    """A workshop with this agenda and so many people: its facilitator, and the codes on their sheets."""
    founder = Client(server.links["facilitator"])
    new = f"{founder.base}{founder.page['urls']['new']}"
    files = {"agenda": agenda, "participants": people(many), "staff": STAFF}
    answer = founder.session.post(
        new,
        data={"csrf_token": csrf(founder.session.get(new).text), "title_fr": "Essai", "title_en": "Trial"},
        files={part: (f"{part}.csv", content.encode()) for part, content in files.items()},
    )
    answer.raise_for_status()
    console = re.sub(r"/people.*", "/console", answer.url)
    facilitator = Client(console, session=founder.session)
    sheets = founder.session.get(re.sub(r"/console.*", "/people/sheets", console)).text
    codes = re.findall(r'class="code"[^>]*>\s*([0-9A-Z-]{9,})\s*<', sheets)
    assert len(codes) == many, len(codes)
    return facilitator.connect(), codes


def csrf(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found.group(1)
