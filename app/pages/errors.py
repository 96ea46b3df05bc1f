"""What people read when something is not there, not theirs, too much, or our fault."""

from __future__ import annotations

from typing import Any

from flask import Flask, jsonify, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException


def register(app: Flask) -> None:
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _show)
    app.register_error_handler(Exception, _ours)


def _show(error: HTTPException) -> Any:
    return _answer(error.code or 500)


def _stale(error: CSRFError) -> Any:
    return _answer(400)


def _ours(error: Exception) -> Any:
    from flask import current_app

    current_app.logger.exception("a page failed: %s", request.endpoint)
    return _answer(500)


def _answer(code: int) -> Any:
    sentences = {
        400: (_("This form is too old"), _("Go back, load the page again and repeat what you did.")),
        403: (_("Not for this role"), _("Your role does not open this page. Ask the facilitator.")),
        404: (
            _("Nothing here"),
            _("The address is wrong, or the seat was opened on another device. Enter with your code again."),
        ),
        413: (_("This file is too large"), _("Files up to 4 MB can be imported.")),
        429: (_("Too many tries"), _("Wait a minute and try again.")),
    }
    ours = (
        _("Our mistake"),
        _("Nothing was lost. Load the page again; if it stays, tell the administrator."),
    )
    title, text = sentences.get(code, ours)
    if request.is_json:
        return jsonify(error=title, text=text), code
    return render_template("pages/error.html", code=code, title=title, text=text), code
