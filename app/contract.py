"""What is generated from the Python declarations: the browser's constants and types, `docs/protocol.md`, `docs/permissions.md`.

`python -m app.contract` writes them; a test fails when they drift.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from marshmallow import Schema, fields, validate

from app import messages, rates, tickets
from app.domain import plans, policy, rounds, wording
from app.domain.advice import ADVICE
from app.domain.counting import METHODS, consent, scores
from app.domain.errors import CODES, PASSING
from app.domain.kinds import notes, progress, sheets
from app.domain.kinds.board import NOT_BEGUN, ROUND_KINDS, RoundSchema
from app.domain.records import ROLES, TABLES
from app.domain.rules import RULES

ROOT = Path(__file__).resolve().parent.parent
# What no page says on its first screen: a phone on a thin line loads it afterwards.
LATER: dict[str, Any] = {
    "ADVICE": [{"code": one.code, "pattern": one.pattern} for one in ADVICE],
    "HANDS": {"roles": sorted(policy.HANDS), "during": sorted(policy.SPOKEN)},
    "SCORES": list(scores.SCALE),
    "CRITERIA_WORDS": scores.CRITERIA_WORDS,
    "METHOD_WORDS": {method.name: method.words for method in METHODS.values()},
    "RESERVE_CHARS": consent.RESERVE_CHARS,
    "SHEET_FIELDS": {name: list(asked) for name, asked in sheets.DISPOSITIONS.items()},
    "SHEET_CHARS": sheets.LIMITS,
    "SHEET_SPARE": sorted(sheets.SPARE),
    "SHEET_DAYS": list(sheets.DAYS),
    "STATUSES": list(progress.STATUSES),
    "PROGRESS_CHARS": progress.PROGRESS_CHARS,
    "NOTE_CHARS": notes.NOTE_CHARS,
}
# What only these may is the console's, which shows it by the round's state and asks no table.
CONSOLE = frozenset({"facilitator", "administrator", "clock"})
# Sheets, notes, paper, and what goes to every screen: other pages' than a participant's first.
DESKS = ("sheet.", "progress.", "note.", "text.", "board.", "ballot.paper", "handcount.")
ROLES_AND_CLOCK = (*ROLES, "clock")


def outputs() -> dict[Path, str]:
    """Path -> text of every generated file."""
    return {
        ROOT / "app/static/js/contract.js": _javascript(),
        ROOT / "app/static/js/contract-later.js": _constants(
            {**LATER, "DESK_GRANTS": _grants(lambda row: row.kind.startswith(DESKS))}
        )
        + "\n",
        ROOT / "docs/protocol.md": _protocol(),
        ROOT / "docs/permissions.md": _permissions(),
    }


def write() -> None:
    for path, text in outputs().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


# --- types -----------------------------------------------------------------------------------------------------------


def _type(field: fields.Field[Any]) -> str:
    """A field as a JSDoc type."""
    kind = _bare_type(field)
    return f"{kind} | null" if field.allow_none else kind


def _bare_type(field: fields.Field[Any]) -> str:
    choices = next((v.choices for v in field.validators if isinstance(v, validate.OneOf)), None)
    if choices:
        return " | ".join(json.dumps(choice) for choice in choices)
    if isinstance(field, fields.Nested):
        return _object(field.schema)
    if isinstance(field, fields.List):
        return f"Array<{_type(field.inner)}>"
    if isinstance(field, fields.Dict):
        return "Record<string, any>"
    if isinstance(field, fields.Integer):
        return "number"
    if isinstance(field, fields.Boolean):
        return "boolean"
    return "string" if isinstance(field, fields.String) else "any"


def _object(schema: Schema) -> str:
    described = (
        f"{field.data_key or name}{'' if field.required else '?'}: {_type(field)}"
        for name, field in schema.fields.items()
    )
    return "{" + ", ".join(described) + "}"


# --- JavaScript ------------------------------------------------------------------------------------------------------


def _javascript() -> str:
    constants = {
        "PROTOCOL": messages.PROTOCOL,
        "MOST_OPERATIONS": messages.MOST_OPERATIONS,
        "MOST_BYTES": messages.MOST_BYTES,
        "PAD_BYTES": messages.PAD_BYTES,
        "UNANSWERED_FRAMES": messages.UNANSWERED_FRAMES,
        "CARD_CHARS": wording.CARD_CHARS,
        "NAME_CHARS": wording.NAME_CHARS,
        "COMMENT_CHARS": wording.COMMENT_CHARS,
        "ROUND_KINDS": list(ROUND_KINDS),
        "ROUND_DEFAULTS": plans.DEFAULTS,
        "RELEASES": list(rounds.RELEASES),
        "AT_ZERO": list(rounds.AT_ZERO),
        "METHODS": {
            method.name: {
                "settings": method.settings,
                "scope": method.scope,
                "power": method.power,
                "limit": method.limit,
            }
            for method in METHODS.values()
        },
        "CRITERIA": list(scores.CRITERIA),
        "PASSING_CODES": sorted(PASSING),
        "ERROR_CODES": list(CODES),
        "ANY_TIME": next(iter(policy.ANY_TIME)),
        "GRANTS": _grants(lambda row: not row.kind.startswith(DESKS) and not row.grants.keys() <= CONSOLE),
    }
    lines = [_constants(constants), "/**"]
    lines += [
        f" * @typedef {{{_object(schema)}}} {event.capitalize()}Frame"
        # Where both directions have an event of the same name, a view reads the server's.
        for event, schema in {**messages.FROM_BROWSER, **messages.FROM_SERVER}.items()
    ]
    lines += [" */", ""]
    return "\n".join(lines)


def _grants(is_told: Callable[[policy.Row], bool]) -> dict[str, dict[str, list[str]]]:
    return {
        row.kind: {role: sorted(during) for role, during in sorted(row.grants.items()) if role != "clock"}
        for row in policy.ROWS
        # What only the server sends is nobody's to ask for.
        if is_told(row) and row.kind not in policy.BY_SERVER
    }


def _constants(values: dict[str, Any]) -> str:
    lines = ["// Generated by `python -m app.contract`. Do not edit: change the Python declarations.", ""]
    for name, value in values.items():
        text = json.dumps(value, ensure_ascii=False, indent=2 if isinstance(value, dict) else None)
        lines += [f"export const {name} = {text};", ""]
    return "\n".join(lines)


# --- documents -------------------------------------------------------------------------------------------------------


def _fields_table(schema: Schema) -> Iterator[str]:
    yield "| field | type | |"
    yield "|---|---|---|"
    for name, field in schema.fields.items():
        kind = _type(field).replace("|", "\\|")
        yield f"| `{field.data_key or name}` | `{kind}` | {'' if field.required else 'optional'} |"


def _frames(described: dict[str, Schema]) -> Iterator[str]:
    for event, schema in described.items():
        yield f"### `{event}`"
        yield ""
        if own := _doc(schema):
            yield own
            yield ""
        if schema.fields:
            yield from _fields_table(schema)
        else:
            yield "No fields."
        yield ""


def _doc(schema: Schema) -> str:
    return " ".join((type(schema).__doc__ or "").split())


def _protocol() -> str:
    text = (ROOT / "docs/templates/protocol.md").read_text(encoding="utf-8")
    operations = [
        f"| `{kind}` | `{_object(rule.schema)}` |".replace(" | ", " \\| ").replace("` \\| `", "` | `")
        for kind, rule in RULES.items()
        if kind not in policy.BY_SERVER
    ]
    round_fields = ", ".join(f"`{name}`" for name in [*RoundSchema().fields, *NOT_BEGUN])
    parts = {
        "PROTOCOL": str(messages.PROTOCOL),
        "FROM_BROWSER": "\n".join(_frames(messages.FROM_BROWSER)).rstrip(),
        "FROM_SERVER": "\n".join(_frames(messages.FROM_SERVER)).rstrip(),
        "OPERATIONS": "\n".join(["| kind | payload |", "|---|---|", *operations]),
        "CODES": "\n".join(
            ["| code | meaning | |", "|---|---|---|"]
            + [f"| `{c}` | {text_} | {'send again' if c in PASSING else ''} |" for c, text_ in CODES.items()]
        ),
        "GOODBYES": "\n".join(f"- `{reason}`: {why}" for reason, why in messages.GOODBYES.items()),
        "ROUND_FIELDS": round_fields,
        "TICKET_S": str(tickets.LIFE_MS // 1000),
        "BURST": str(rates.BURST),
        "PER_S": str(rates.PER_S),
        "FRAMES_BURST": str(rates.FRAMES_BURST),
        "FRAMES_PER_S": str(rates.FRAMES_PER_S),
        "MOST_OPERATIONS": str(messages.MOST_OPERATIONS),
        "MOST_KIB": str(messages.MOST_BYTES // 1024),
        "PAD_BYTES": str(messages.PAD_BYTES),
        "MESSAGE_KIB": str(messages.MOST_MESSAGE_BYTES // 1024),
        "TABLES": ", ".join(f"`{table}`" for table in TABLES),
    }
    for name, part in parts.items():
        text = text.replace("{{" + name + "}}", part)
    return text


def _permissions() -> str:
    lines = [
        "# Who may do what, and when",
        "",
        "Generated by `python -m app.contract` from `app/domain/policy.py`: do not edit.",
        "",
        "`always`: at any time. A list: only while a round of one of these kinds is live. `-`: never.",
        "What belongs to one table only is checked beside the payload, in `app/domain/kinds/`.",
        "",
        "| operation | " + " | ".join(ROLES_AND_CLOCK) + " |",
        "|---" * (len(ROLES_AND_CLOCK) + 1) + "|",
    ]
    for row in policy.ROWS:
        cells = [_cell(row.grants.get(role)) for role in ROLES_AND_CLOCK]
        lines.append(f"| `{row.kind}` | " + " | ".join(cells) + " |")
    lines += ["", "## States of the round that an operation names", "", "| operation | states |", "|---|---|"]
    for kind, states in policy.NAMED_STATES.items():
        named = ", ".join(state for state in rounds.STATES if state in states)
        lines.append(f"| `{kind}` | {named} |")
    roles, during = ", ".join(sorted(policy.HANDS)), ", ".join(sorted(policy.SPOKEN))
    lines += [
        "",
        f"A hand may be raised by {roles}: between rounds, and while a round of {during} without a ballot is live.",
    ]
    lines += ["", "## States of a round", "", "| command | from | to |", "|---|---|---|"]
    for command, steps in rounds.TRANSITIONS.items():
        lines += [f"| `round.{command}` | {before} | {after} |" for before, after in steps.items()]
    return "\n".join(lines) + "\n"


def _cell(during: frozenset[str] | None) -> str:
    if not during:
        return "-"
    return "always" if during == policy.ANY_TIME else ", ".join(sorted(during))


if __name__ == "__main__":
    write()
    sys.stdout.write("written: " + ", ".join(str(p.relative_to(ROOT)) for p in outputs()) + "\n")
