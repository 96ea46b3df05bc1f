"""R25: whatever comes to whichever address, the answer is a page or a refusal, and never a failure of ours.

Schemathesis makes the requests, from a description made from the routes (`openapi.py`); the sender has a seat of every role.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from app import seats
from app.domain.records import ROLES
from app.exports import EXPORTS
from app.pages.paper import CONTENTS
from tests.pages.conftest import Browser
from tests.threats.openapi import description
from tests.threats.test_routes import MATRIX

CASES = 2000
FRAMES = ("board.submit",)
# What these do to the sender ends the trial: tried once each in tests/pages.
ENDING = ("board.leave",)


@pytest.fixture
def sender(browser: Any, entry: Any) -> tuple[Browser, dict[str, str]]:
    """A browser with a seat of each role, and their handles."""
    one = browser()
    links = {role: entry["links"].get(role, entry["links"]["participants"]) for role in ROLES}
    return one, {role: one.enter(link[0] if isinstance(link, list) else link) for role, link in links.items()}


@pytest.mark.timeout(600)
def test_r25_no_request_makes_the_server_fail(app: Any, demo: Any, entry: Any, sender: Any) -> None:
    one, handles = sender
    people = [person.id for person in seats.members_of(demo) if person.role == "participant"]
    known = {
        "board": [seats.main_board(demo) or ""],
        "code": [entry["code"]],
        "role": list(ROLES),
        "person_id": people[:5],
        "round_id": ["B1", "C1"],
        "name": [*EXPORTS, *CONTENTS],
        "lang": ["fr", "en"],
        "language": ["fr", "en"],
        "flavour": ["excel", "plain"],
        "action": ["start", "end", "crowd"],
        "decision": ["admit", "refuse"],
        "door": ["ask", "seats"],
        "pin": ["1234"],
    }

    def known_at(endpoint: str) -> dict[str, list[str]]:
        if endpoint not in MATRIX:
            return {**known, "handle": ["0" * 32]}  # a PIN that is wrong too often closes the seat
        return {**known, "handle": [*(handles[role] for role in sorted(MATRIX[endpoint])), *handles.values()]}

    schema = schemathesis.openapi.from_dict(description(app, known_at, FRAMES))
    operations = [found.ok() for found in schema.get_all_operations()]
    operations = [each for each in operations if not each.definition.raw["operationId"].startswith(ENDING)]
    token, answers = one.token(), Counter[int]()
    each = -(-CASES // len(operations))
    for operation in operations:

        @settings(
            max_examples=each,
            phases=[Phase.generate],
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: schemathesis.Case) -> None:
            status = answered(one, case, token)
            answers[status] += 1
            assert status < 500 or status == 503, f"{status}: {case.as_curl_command()}"

        ask()
    print(dict(answers))
    assert answers.total() >= CASES
    assert sum(answers[status] for status in (200, 302, 303)) > CASES / 5, "hardly any request led anywhere"


def answered(one: Browser, case: schemathesis.Case, token: str) -> int:
    """The status of the answer. Every page is asked with the token that it would have carried."""
    headers = {
        "X-CSRFToken": token,
        **{str(name): str(value) for name, value in (case.headers or {}).items()},
    }
    body: dict[str, Any] = {}
    if case.method == "POST" and case.media_type == "application/json":
        body = {"data": json.dumps(case.body, default=str), "content_type": case.media_type}
    elif case.method == "POST" and isinstance(case.body, dict):
        body = {"data": {str(name): fitting(value) for name, value in case.body.items()}}
    path = case.formatted_path or "/"
    return int(
        one.open(path, method=case.method, query_string=case.query or {}, headers=headers, **body).status_code
    )


def fitting(value: Any) -> Any:
    """A field as a form sends it: words, or a file."""
    if isinstance(value, bytes):
        return (secrets.token_hex(4), value)
    return value if isinstance(value, str) else str(value)
