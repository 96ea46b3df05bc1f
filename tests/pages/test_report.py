"""The report's pages: refused while an urn is open, made step by step, gone after an erasure; and the close records."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import docx
import pytest
from pypdf import PdfReader

from app import prepared, press, reports, seats, wiping
from app.boards import boards
from app.press import Press
from app.store.workshops import Workshop
from tests.threats.test_routes import do, publish


@pytest.fixture
def board(demo: Any) -> str:
    """A board on which everybody wrote, under every factor."""
    found = seats.main_board(demo) or ""
    publish(found, [p for p in seats.members_of(demo) if p.role == "participant"])
    return found


def order(host: Any, path: str, kind: str, lang: str = "en") -> str:
    """Where the job's page is."""
    answer = host.post(f"{path}/report/make", {"kind": kind, "lang": lang})
    assert answer.status_code == 303
    return str(answer.location)


def told(host: Any, job: str) -> dict[str, Any]:
    found = host.get(job, headers={"Accept": "application/json"}).get_json()
    assert isinstance(found, dict)
    return found


def test_the_report_is_read_on_its_page(facilitator: Any, board: str) -> None:
    host, path = facilitator
    page = host.get(f"{path}/report/")
    assert page.status_code == 200
    for words in ("In short", "Factor by factor", "What can be checked", "Zkarteak"):
        assert words in page.text
    assert "style=" not in page.text, "the page's policy refuses it"


@pytest.mark.parametrize("lang, chapter", [("fr", "Facteur par facteur"), ("en", "Factor by factor")])
def test_both_files_are_made_in_both_languages(facilitator: Any, board: str, lang: str, chapter: str) -> None:
    host, path = facilitator
    job = order(host, path, "pdf", lang)
    assert told(host, job)["state"] == "done"
    made = host.get(f"{job}/file")
    assert made.mimetype == "application/pdf"
    assert re.fullmatch(
        rf'attachment; filename="palabre-\w+-report-{lang}.pdf"', made.headers["Content-Disposition"]
    )
    assert any(chapter in page.extract_text() for page in PdfReader(io.BytesIO(made.data)).pages)
    made = host.get(f"{order(host, path, 'docx', lang)}/file")
    assert chapter in [p.text for p in docx.Document(io.BytesIO(made.data)).paragraphs]


def test_f06_nothing_is_made_while_an_urn_is_open_and_the_round_is_named(
    facilitator: Any, board: str, people: Any
) -> None:
    host, path = facilitator
    ready = order(host, path, "pdf")
    do(board, people("facilitator")[0], "round.start", round="B1")
    page = host.get(f"{path}/report/")
    assert page.status_code == 409
    assert "Silent writing, table’s first factor" in page.text
    assert "Zkarte" not in page.text
    answer = host.post(f"{path}/report/make", {"kind": "pdf", "lang": "en"})
    assert answer.location.endswith("/report/")
    # What was made before is from before.
    assert host.get(f"{ready}/file").status_code == 200


def test_after_an_erasure_what_was_made_with_the_words_is_gone(
    facilitator: Any, board: str, people: Any
) -> None:
    host, path = facilitator
    job = order(host, path, "docx")
    card = next(iter(boards.moment(board).state["cards"]))
    assert "seq" in do(board, people("facilitator")[0], "card.erase", card=card)
    assert host.get(f"{job}/file").status_code == 404
    with host.client.application.app_context():
        assert press.ours().job(job.rpartition("/")[2]) is None


def test_c09_what_was_printed_before_an_erasure_is_deleted_and_what_was_printed_since_is_not(
    facilitator: Any, board: str, people: Any, app: Any
) -> None:
    """Reports and sets, for a set may be the ballots with the actions on them."""
    host, path = facilitator
    printed = app.config["SETTINGS"].volatile / "press"

    def made() -> set[str]:
        prepared.forget_overtaken(press.ours(), boards)
        return {file.name for file in printed.iterdir()}

    order(host, path, "docx")
    host.post(f"{path}/paper/make", {"set": "posters-en"})
    before = made()
    assert len(before) == 4
    card = next(iter(boards.moment(board).state["cards"]))
    do(board, people("facilitator")[0], "card.hold", card=card, reason="names somebody")
    assert made() == before
    assert "seq" in do(board, people("facilitator")[0], "card.erase", card=card)
    assert made() == set()
    order(host, path, "docx")
    since = host.post(f"{path}/paper/make", {"set": "posters-en"}).location
    assert host.get(f"{since}/file").status_code == 200
    assert len(made()) == 4


def test_c09_an_order_that_an_erasure_overtakes_while_its_board_is_read_leaves_nothing(
    facilitator: Any, board: str, people: Any, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, path = facilitator
    card = next(iter(boards.moment(board).state["cards"]))
    about = reports._about

    def slowly(board_id: str) -> Any:
        do(board, people("facilitator")[0], "card.erase", card=card)
        return about(board_id)

    monkeypatch.setattr(reports, "_about", slowly)
    order(host, path, "docx")
    assert not list((app.config["SETTINGS"].volatile / "press").iterdir())


@pytest.mark.parametrize("end", [wiping.wipe_people, wiping.remove])
def test_after_a_wipe_or_a_removal_nothing_that_was_printed_is_left(
    facilitator: Any, board: str, demo: Any, app: Any, end: Callable[[Workshop], None]
) -> None:
    host, path = facilitator
    order(host, path, "docx")
    printed = app.config["SETTINGS"].volatile / "press"
    assert list(printed.iterdir())
    end(demo)
    assert list(printed.iterdir()) == []


def test_a_job_can_be_stopped_and_one_that_failed_says_why_and_is_made_again(
    facilitator: Any, board: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, path = facilitator
    held: list[Any] = []
    spawn = boards.spawn
    monkeypatch.setattr(boards, "spawn", held.append)
    job = order(host, path, "pdf")
    page = host.get(job).text
    assert "The board is read and its story told." in page and "Stop it" in page
    host.post(f"{job}/cancel")
    held.pop()()
    assert "It was stopped" in host.get(job).text
    assert host.get(f"{job}/file").status_code == 404

    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(boards, "spawn", spawn)
    monkeypatch.setattr(Press, "_write", _write_but_the_file(fail))
    failed = order(host, path, "pdf")
    page = host.get(failed).text
    assert "It could not be made" in page and "no room left" in page
    monkeypatch.undo()
    assert told(host, order(host, path, "pdf"))["state"] == "done"


def _write_but_the_file(fail: Any) -> Any:
    """A disk that is full when the file itself comes."""
    write = Press._write

    def written(press: Press, path: Any, content: bytes) -> None:
        return fail() if path.suffix == ".made" else write(press, path, content)

    return written


def test_a_job_of_another_board_or_of_nobody_is_not_there(
    facilitator: Any, board: str, browser: Any, entry: Any
) -> None:
    host, path = facilitator
    job = order(host, path, "pdf")
    name = job.rpartition("/")[2]
    practice = (
        host.post_json(f"{path}/practice", {"action": "start"}).get_json()["url"].partition("board=")[2]
    )
    assert host.get(f"{path}/report/made/{name}?board={practice}").status_code == 404
    for other in ("0" * 32, "..", "a.json"):
        assert host.get(f"{path}/report/made/{other}").status_code == 404
    assert host.post(f"{path}/report/make", {"kind": "exe"}).status_code == 404


def test_every_member_reads_the_close_records_and_that_the_key_is_gone(
    board: str, browser: Any, entry: Any
) -> None:
    (record,) = boards.moment(board).state["rounds"]["B5"]["closings"]
    for link in (
        entry["links"]["participants"][5],
        entry["links"]["observer"],
        entry["links"]["administrator"],
    ):
        visitor = browser()
        page = visitor.get(f"/b/{visitor.enter(link)}/closings/").text
        assert record["mark"] in page.replace(" ", "")
        assert f"{record['cards']} actions" in page
        assert "destroyed; the urn is empty" in page and "not destroyed yet" not in page


def test_a_key_that_is_still_there_is_told(facilitator: Any, board: str) -> None:
    """What a crash between the publication and the destruction would leave."""
    from app.moments import key_name

    host, path = facilitator
    name = key_name(board, boards.moment(board).state["rounds"]["B5"])
    boards.custody.keys.keep(name, bytes(32))
    assert "not destroyed yet" in host.get(f"{path}/closings/").text
