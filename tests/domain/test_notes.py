"""The rapporteur's notes and the release of texts: who reads what, and when."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.changes import applied, visible
from app.domain.operations import Actor, Context, Operation
from app.domain.records import EVERYONE, State, View, view_of
from app.domain.rules import decide
from tests.domain.test_sheets import FACILITATOR, SCRIBE, board, do, made, refusal, sheet_of

__all__ = ["board"]

RAPPORTEUR = Actor(person="r", role="rapporteur", name={"fr": "Rapporteur", "en": "Rapporteur"})
OTHER = Actor(person="r2", role="rapporteur", name={"fr": "Adjointe", "en": "Deputy"})
EXPERT = Actor(person="e", role="expert", name={"fr": "Expert", "en": "Expert"})
SAID = "La salle demande un pilote à Zinder."


def written(state: State, target: dict[str, str], kind: str = "said", actor: Actor = RAPPORTEUR) -> State:
    payload = {"target": target, "kind": kind, "text": SAID}
    changes = decide(state, Operation("note", "note.write", payload), actor, Context(0))
    assert isinstance(changes, list)
    return applied(state, changes)


def notes_in(state: State, view: View) -> list[dict[str, Any]]:
    return [record for _, table, record in visible(state, view) if table == "notes"]


def on_group(state: State) -> State:
    return written(state, {"table": "clusters", "id": "k"})


def readers(state: State) -> set[str]:
    roles = ("participant", "scribe", "expert", "observer", "rapporteur", "facilitator", "administrator")
    return {role for role in roles if notes_in(state, view_of(role, "T1"))}


def test_what_was_said_is_read_by_rapporteurs_and_facilitators_until_it_is_released(board: State) -> None:
    state = on_group(board)
    assert readers(state) == {"rapporteur", "facilitator"}
    target = {"table": "notes", "id": "note"}
    released = do(state, RAPPORTEUR, "text.release", target=target, released=True)
    (note,) = notes_in(released, EVERYONE)
    assert (note["text"], note["released"], note["name"]) == (SAID, True, RAPPORTEUR.name)
    back = do(released, RAPPORTEUR, "text.release", target=target, released=False)
    assert readers(back) == {"rapporteur", "facilitator"}


def test_an_amendment_was_heard_by_all_and_is_read_by_all_but_released_apart(board: State) -> None:
    state = made(board, "k")
    target = {"table": "sheets", "id": sheet_of(state, "k")["id"]}
    state = written(state, target, "amendment")
    (note,) = notes_in(state, EVERYONE)
    assert note["released"] is False
    refused = refusal(
        board, RAPPORTEUR, "note.write", target={"table": "clusters", "id": "k"}, kind="amendment", text=SAID
    )
    assert refused.code == "bad_target"


@pytest.mark.parametrize("actor", [SCRIBE, EXPERT], ids=lambda actor: actor.role)
def test_nobody_else_writes_notes_or_releases_texts(board: State, actor: Actor) -> None:
    target = {"table": "clusters", "id": "k"}
    assert refusal(board, actor, "note.write", target=target, kind="said", text=SAID).code == "not_allowed"
    assert refusal(board, actor, "text.release", target=target, released=True).code == "not_allowed"


def test_a_note_about_what_not_everybody_sees_is_refused(board: State) -> None:
    hidden = applied(board, [])
    hidden["clusters"] = {**board["clusters"], "k": {**board["clusters"]["k"], "audience": "staff"}}
    target = {"table": "clusters", "id": "k"}
    assert refusal(hidden, RAPPORTEUR, "note.write", target=target, kind="said", text=SAID).code == "gone"


def test_a_note_is_altered_by_who_signed_it_or_the_facilitator_and_never_unseen(board: State) -> None:
    state = on_group(board)
    said = {"note": "note", "text": "Un pilote à Zinder.", "seen": SAID}
    assert refusal(state, OTHER, "note.edit", **said).code == "not_allowed"
    assert refusal(state, OTHER, "note.remove", note="note").code == "not_allowed"
    state = do(state, FACILITATOR, "note.edit", **said)
    refused = refusal(state, RAPPORTEUR, "note.edit", **{**said, "text": "Autre chose"})
    assert (refused.code, refused.data["now"]) == ("changed_meanwhile", "Un pilote à Zinder.")
    assert do(state, RAPPORTEUR, "note.remove", note="note")["notes"] == {}


def test_groups_and_sheets_are_released_and_kept_back_again(board: State) -> None:
    state = made(board, "k")
    sheet = sheet_of(state, "k")["id"]
    for table, record in (("clusters", "k"), ("sheets", sheet)):
        target = {"table": table, "id": record}
        released = do(state, RAPPORTEUR, "text.release", target=target, released=True)
        assert released[table][record]["released"] is True
        back = do(released, FACILITATOR, "text.release", target=target, released=False)
        assert back[table][record]["released"] is False
        again = decide(
            released,
            Operation("x", "text.release", {"target": target, "released": True}),
            RAPPORTEUR,
            Context(0),
        )
        assert again == []
