"""What the press makes, as its page: how far it is, also for the page's script; a way to stop it; and the file, once it is made."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, jsonify, render_template, request
from flask_babel import gettext as _

from app import press
from app.press import Job


def found(job_id: str, of: str, also: str = "") -> Job:
    """A job made from what `of` begins with; any other is as if it did not exist, and one that only `also` fits is deleted."""
    job = press.ours().job(job_id) if job_id.isalnum() else None
    if job is None or not job.of.startswith(of):
        if job and also and job.of.startswith(also):
            press.ours().forget(job_id)
        abort(404)
    return job


def page(job: Job, doing: str, **shown: Any) -> Any:
    """Shape: `shown` is what `pages/job.html` names in its first lines."""
    if request.accept_mimetypes.best == "application/json":
        return jsonify(state=job.state, step=job.step, steps=len(job.steps), doing=doing)
    return render_template("pages/job.html", job=job, doing=doing, why=_why(job), **shown)


def file(job: Job, mimetype: str, name: str, *, inline: bool = False) -> Response:
    made = press.ours().content(job) if job.state == "done" else None
    if made is None:
        abort(404)
    answer = Response(made, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}"'
    return answer


def _why(job: Job) -> str:
    if job.state != "failed":
        return ""
    if job.why == "full":
        return _(
            "There is no room left in the server’s memory disk. Ask the administrator to free some, then make it again."
        )
    return _(
        "Something went wrong while it was made; the server’s log says what. Nothing on the board has changed. Make it again."
    )
