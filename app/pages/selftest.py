"""Check the kit: the administrator's page for the self-test, and the two pages that other devices open for it, with no seat:
a phone measures the network as it has it, the projector's machine shows a test picture.

Their address holds a key of the day, derived from the server's secret: whoever has it can measure, and see nothing of any workshop.
"""

from __future__ import annotations

import datetime
import hmac
import os
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from app import languages
from app.boards import boards
from app.clock import zone
from app.domain.policy import live_round
from app.domain.records import HOSTS
from app.domain.rounds import is_sealed
from app.pages.board import base_url, qr_code
from app.pages.member import main_board, needs_role, workshop
from app.pages.words import say_moment
from app.selftest import judgements, process, record
from app.selftest.judgements import Finding
from app.selftest.sentences import CHECKS, said

pages = Blueprint("selftest", __name__)

PIECE_BYTES = judgements.FIRST_PAGE_BYTES
MOST_MS, MOST_BYTES_PER_S, MOST_POINTS = 120_000, 10**10, 20_000


def _settings() -> Any:
    return current_app.config["SETTINGS"]


def _key(days_ago: int = 0) -> str:
    day = datetime.datetime.now(datetime.UTC).date() - datetime.timedelta(days=days_ago)
    return hmac.digest(_settings().secret, f"kit|{day}".encode(), "sha256")[:9].hex()


def _with_key(view: Callable[..., Any]) -> Callable[..., Any]:
    """For whoever has today's key, or yesterday's: a check before midnight is still good after it."""

    @wraps(view)
    def guarded(key: str, **named: Any) -> Any:
        if not any(hmac.compare_digest(key.encode(), _key(days_ago).encode()) for days_ago in (0, 1)):
            abort(404)
        return view(key, **named)

    return guarded


def _in_words(findings: list[Finding]) -> list[dict[str, str]]:
    return [said(finding, _, _written) for finding in record.in_order(findings, CHECKS)]


def _written(figure: float) -> str:
    """With the reader's comma; in threes only from five digits up, for a screen is 1920 by 1080."""
    return format_decimal(figure, format="#,##0.#" if figure >= 10_000 else "0.#")


# --- the administrator's page ---


@pages.get("/b/<handle>/selftest")
@needs_role(*HOSTS)
def page(handle: str) -> Any:
    now = _state()
    phone = f"{base_url()}{url_for('selftest.phone', key=_key())}"
    return render_template(
        "pages/selftest.html",
        handle=handle,
        workshop=workshop(),
        found=_in_words(now["found"]),
        run=now["run"],
        step_names=_step_names(),
        ended=_ended(now["run"]),
        is_sealed=_is_sealed(),
        phone_url=phone,
        phone_qr=qr_code(phone),
        projector_url=url_for("selftest.projector", key=_key()),
        page_config=_config(
            state=url_for("selftest.state", handle=handle),
            measured=url_for("selftest.browser", handle=handle),
        ),
    )


def _config(**urls: str) -> dict[str, Any]:
    language = languages.chosen_language()
    strings = {
        **languages.browser_strings(language, "page"),
        **languages.browser_strings(language, "selftest"),
    }
    return {"lang": language, "urls": urls, "csrf": generate_csrf(), "strings": strings}


def _state() -> dict[str, Any]:
    process.collect()
    last = record.read_run(_settings().data)
    found = [*(last.findings if last else []), *record.read_seen(_settings().data)]
    return {"run": last, "found": found}


def _step_names() -> dict[str, str]:
    return {name: _(CHECKS[name]) for name in process.STEPS}


def _ended(last: record.Run | None) -> str:
    """When the last run ended, by the clock on the room's wall."""
    if last is None or not last.ended_ms:
        return ""
    here = zone(boards.moment(main_board()).state["board"]["board"]["time_zone"])
    return say_moment(datetime.datetime.fromtimestamp(last.ended_ms / 1000, here))


def _is_sealed() -> bool:
    """Whether people write or vote unseen on any board of this server: 44 more phones would slow them, and a backup hold it."""
    live = (live_round(boards.moment(board).state["rounds"].values()) for board in boards.loaded())
    return any(round_ is not None and is_sealed(round_) for round_ in live)


@pages.get("/b/<handle>/selftest/state")
@needs_role(*HOSTS)
def state(handle: str) -> Any:
    """How far the run is, and what the server's clock says: for the page that waits."""
    now = _state()
    last: record.Run | None = now["run"]
    return jsonify(
        now_ms=boards.clock.now_ms(),
        state=last.state if last else "",
        step=_step_names().get(last.now, "") if last else "",
        done=last.done if last else 0,
        steps=last.steps if last else 0,
        found=_in_words(now["found"]),
    )


@pages.post("/b/<handle>/selftest/start")
@needs_role(*HOSTS)
def start(handle: str) -> Any:
    if _is_sealed():
        flash(_("People are writing or voting now: check the kit in a break."), "danger")
    else:
        record.forget_seen(_settings().data)
        process.start(_settings(), boards.moment(main_board()).state["board"]["board"]["time_zone"])
    return redirect(url_for("selftest.page", handle=handle), 303)


@pages.post("/b/<handle>/selftest/cancel")
@needs_role(*HOSTS)
def cancel(handle: str) -> Any:
    process.cancel(_settings())
    return redirect(url_for("selftest.page", handle=handle), 303)


@pages.post("/b/<handle>/selftest/browser")
@needs_role(*HOSTS)
def browser(handle: str) -> Any:
    """How far this browser's clock is from ours, as it measured."""
    apart_ms = _number("apart_ms", -(10**15), 10**15)
    record.add_seen(_settings().data, judgements.browsers_clock(apart_ms / 1000))
    return jsonify(kept=True)


def _told() -> dict[str, Any]:
    told = request.get_json(silent=True)
    return told if isinstance(told, dict) else {}


def _number(name: str, low: float, high: float) -> float:
    """A number that a browser measured, within reason."""
    value = _told().get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        abort(400)
    return float(value)


# --- a phone ---


@pages.get("/kit/<key>/phone")
@_with_key
def phone(key: str) -> Any:
    urls = {"piece": url_for("selftest.piece", key=key), "measured": url_for("selftest.measured", key=key)}
    return render_template("pages/selftest_phone.html", page_config=_config(**urls))


@pages.get("/kit/<key>/piece")
@_with_key
def piece(key: str) -> Response:
    """As many bytes as a phone's first page, which nothing on the way can make smaller."""
    answer = Response(os.urandom(PIECE_BYTES), mimetype="application/octet-stream")
    answer.headers["Cache-Control"] = "no-store, no-transform"
    return answer


@pages.post("/kit/<key>/measured")
@_with_key
def measured(key: str) -> Any:
    """What a phone measured; judged here, told to it and to the administrator's page."""
    finding = judgements.wifi(
        _number("trip_ms", 0, MOST_MS),
        _number("jitter_ms", 0, MOST_MS),
        _number("bytes_per_s", 0, MOST_BYTES_PER_S),
        _told().get("has_socket") is True,
    )
    record.add_seen(_settings().data, finding)
    return jsonify(found=_in_words([finding]))


# --- the projector ---


@pages.get("/kit/<key>/projector")
@_with_key
def projector(key: str) -> Any:
    return render_template(
        "pages/selftest_projector.html", key=key, page_config=_config(), factors=range(1, 11), found=[]
    )


@pages.post("/kit/<key>/projector")
@_with_key
def judged(key: str) -> Any:
    """What somebody at the back of the room said of the picture."""
    form = request.form
    width, height = (form.get(name, 0, type=int) for name in ("width", "height"))
    read = form.get("read", -1, type=int)
    if not 0 <= read <= 5 or not (0 <= width <= MOST_POINTS and 0 <= height <= MOST_POINTS):
        abort(400)
    finding = judgements.projector(
        width, height, form.get("text") == "yes", form.get("corners") == "yes", read
    )
    record.add_seen(_settings().data, finding)
    return render_template(
        "pages/selftest_projector.html",
        key=key,
        page_config=_config(),
        factors=range(1, 11),
        found=_in_words([finding]),
    )
