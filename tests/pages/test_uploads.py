"""A file that is wrong or too large, on every page that takes one: a sentence to act on in the reader's language, nothing made,
and what was typed comes back."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import pytest

from app import codes, seats
from app.boards import boards
from app.store import workshops as workshop_rows
from tests.pages.conftest import Browser

PHOTO = (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "photo.png")
NOTHING = (b"", "rien.csv")
LARGE = (b"a,b\n" * 300_000, "grand.csv")
ANOTHER = ("prénom;nom\nA;B\n".encode("cp1252"), "contacts.csv")
TABLE = (b'{"format": 7}', "autre.json")

NEW = ("factors", "agenda", "participants", "staff")
TYPED = {"title_fr": "Un titre tapé", "days": "90", "time_zone": "Africa/Dakar", "passphrase": "AAAAA-BBBBB"}


@pytest.fixture
def keeper(browser: Any, entry: Any, people: Any) -> tuple[Browser, str]:
    opened, link = browser("fr"), codes.link_token(people("administrator")[0])
    return opened, f"/b/{opened.enter(f'/l/{link}')}"


def said(page: Any) -> str:
    """The words of a page's main part, as somebody reads them."""
    main = re.sub(r"<[^>]+>", " ", page.text.split("<main", 1)[1])
    return re.sub(r"\s+", " ", html.unescape(main))


@pytest.mark.parametrize(
    "page, field, file, words",
    [
        *(
            ("agenda", "agenda", file, words)
            for file, words in (
                (PHOTO, "Ce n’est pas un fichier texte"),
                (NOTHING, "Le fichier est vide"),
                (LARGE, "dépasse 1024"),
                (ANOTHER, "n’a pas de colonne"),
            )
        ),
        *(("workshops/new", field, PHOTO, "Ce n’est pas un fichier texte") for field in NEW),
        *(("workshops/new", field, LARGE, "dépasse 1024") for field in NEW),
        *(("workshops/new", field, ANOTHER, "n’a pas de colonne") for field in NEW),
        ("workshops/new", "board", PHOTO, "photo.png"),
        ("workshops/new", "board", TABLE, "autre.json"),
        ("workshops/open", "file", PHOTO, "Ce n’est pas un atelier scellé"),
        ("workshops/open", "file", NOTHING, "Ce n’est pas un atelier scellé"),
        ("workshops/open", "file", (b"", ""), "Choisissez d’abord le fichier scellé"),
        ("agenda", "agenda", (b"", ""), "Choisissez d’abord un fichier CSV"),
    ],
)
def test_a_wrong_file_is_told_and_nothing_typed_is_lost(
    keeper: tuple[Browser, str], demo: Any, page: str, field: str, file: tuple[bytes, str], words: str
) -> None:
    host, path = keeper
    before = boards.moment(seats.main_board(demo) or "").head
    content, name = file
    form = {**TYPED, field: (io.BytesIO(content), name)}
    answer = host.post(f"{path}/{page}", form, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert words in said(answer), said(answer)[200:900]
    assert name in said(answer), "which file it was"
    kept = {"agenda": (), "workshops/new": ("title_fr", "time_zone"), "workshops/open": ("passphrase",)}[page]
    for one in kept:
        assert f'value="{TYPED[one]}"' in answer.text
    assert len(seats.read(workshop_rows.all_workshops)) == 1
    assert boards.moment(seats.main_board(demo) or "").head == before


@pytest.mark.parametrize(
    "page, field", [("agenda", "agenda"), ("workshops/new", "board"), ("workshops/open", "file")]
)
def test_what_is_larger_than_the_server_takes_is_told_by_the_form_and_by_the_server(
    keeper: tuple[Browser, str], app: Any, page: str, field: str
) -> None:
    """The form says it beforehand (tests/browser); whoever sends it all the same reads what to do."""
    host, path = keeper
    most = app.config["MAX_CONTENT_LENGTH"]
    shown = host.get(f"{path}/{page.removesuffix('/open')}")
    assert f'data-most="{most}"' in shown.text
    form = {**TYPED, field: (io.BytesIO(b"a" * most), "tout.csv")}
    answer = host.post(f"{path}/{page}", form, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert "Les fichiers de 4" in said(answer) and "revenez en arrière" in said(answer)
