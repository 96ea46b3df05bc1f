"""What people read when something is not there, not theirs, too much, or our fault."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, jsonify, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

logger = logging.getLogger("palabre.pages")


def register(app: Flask) -> None:
    app.register_error_handler(CSRFError, _show)
    app.register_error_handler(HTTPException, _show)
    app.register_error_handler(OperationalError, _storage)
    app.register_error_handler(Exception, _ours)


def _show(error: HTTPException) -> Any:
    if error.code is not None and 300 <= error.code < 400:
        return error
    return answer(error.code or 500)


def _ours(error: Exception) -> Any:
    # The route, never the address: an address may hold a ticket or a token.
    logger.exception("a page failed: %s", request.endpoint)
    return answer(500)


def _storage(error: OperationalError) -> Any:
    logger.error("storage: %s on a page: %s", type(error.orig).__name__, request.endpoint)
    return answer(503)


def answer(code: int) -> Any:
    """What happened and what to do next, as a page or as JSON."""
    title, text = _sentences(code)
    if (
        request.is_json
        or request.path.endswith(".json")
        or request.accept_mimetypes.best == "application/json"
    ):
        return jsonify(error=title, text=text), code
    return render_template("pages/error.html", code=code, title=title, text=text), code


def _sentences(code: int) -> tuple[str, str]:
    sentences = {
        400: (_("This form is too old"), _("Go back, load the page again and repeat what you did.")),
        403: (_("Not for this role"), _("Your role does not open this page. Ask the facilitator.")),
        404: (
            _("Nothing here"),
            _("The address is wrong, or the seat was opened on another device. Enter with your code again."),
        ),
        405: (_("Nothing here"), _("This address takes no such request. Go back to the entrance.")),
        413: (_("This is too large"), _("Files of up to 4 MB can be imported.")),
        503: (
            _("The server cannot write"),
            _(
                "Nothing was changed. Try again in a minute; if it stays, tell the administrator that the disk may be full."
            ),
        ),
        429: (_("Too many tries"), _("Wait a minute and try again.")),
    }
    ours = _("Our mistake"), _("Nothing was lost. Load the page again; if it stays, tell the administrator.")
    return sentences.get(code, ours)
