"""What was said about something on the board: by staff under their names, by participants without one; what was noted of it."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.kinds.notes import AMENDMENT, SAID
from app.domain.records import Record, State
from app.exports.document import Run, Text, said
from app.exports.order import where_it_stands
from app.exports.speech import Speech
from app.exports.text import masked


def on(state: State, *targets: str) -> list[Record]:
    """The comments on these records, and on groups that went into them, in the order in which the board received them,
    target by target.
    """
    place = {target: number for number, target in enumerate(targets)}
    about = [(where_it_stands(state, comment["target"]), comment) for comment in state["comments"].values()]
    found = [(place[target], comment) for target, comment in about if target in place]
    return [comment for _, comment in sorted(found, key=lambda pair: pair[0])]


def by_name(comments: Iterable[Record]) -> list[Record]:
    return [comment for comment in comments if comment["by"] != "participant"]


def unnamed(comments: Iterable[Record]) -> list[Record]:
    return [comment for comment in comments if comment["by"] == "participant"]


def kind_words(say: Speech) -> dict[str, str]:
    return {
        "question": say.gettext("Question"),
        "practice": say.gettext("Good practice"),
        "caution": say.gettext("Caution"),
        "reference": say.gettext("Reference"),
    }


def noted(state: State, say: Speech, *targets: str) -> list[Text]:
    """What was said in the room, as far as its note was released, and what was decided on it: target by target."""
    kinds = {SAID: say.gettext("Said in the room"), AMENDMENT: say.gettext("Amendment")}
    place = {target: number for number, target in enumerate(targets)}
    found = [note for note in state["notes"].values() if note["target"]["id"] in place]
    return [
        (Run(f"{kinds[note['kind']]} — ", soft=True), *said(masked(note["text"])))
        for note in sorted(found, key=lambda note: place[note["target"]["id"]])
    ]


def line(comment: Record, say: Speech, about: str = "") -> Text:
    """The words, after who says them under a name, what they are, and what they are about."""
    kinds = kind_words(say)
    who = masked(say.of(comment["name"])) if comment.get("name") else ""
    before = " · ".join(filter(None, [who, kinds.get(comment.get("kind") or "", ""), about]))
    other = masked((comment.get("translation") or {}).get(say.language, ""))
    text: Text = (Run(f"{before} — ", soft=True),) if before else ()
    text += said(masked(comment["text"]))
    return (*text, Run(f" ({other})", soft=True, said=True)) if other else text
