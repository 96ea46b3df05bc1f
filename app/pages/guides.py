"""The one-page guide for each role, in words: what it is for, how it begins, what it does, what to do when something fails."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.pages.words import role_names


def guides() -> list[dict[str, Any]]:
    """Shape: {role, lead, begin [..], rounds [{kind, does}], trouble [..]} for whoever gets a page in the hand."""
    names = role_names()
    return [
        {"role": names["participant"], **_participant()},
        {"role": names["scribe"], **_scribe()},
        {"role": names["facilitator"], **_facilitator()},
        {"role": names["expert"], **_expert()},
        {"role": names["rapporteur"], **_rapporteur()},
        {"role": names["observer"], **_observer()},
    ]


def _does(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"kind": kind, "does": does} for kind, does in pairs]


def _participant() -> dict[str, Any]:
    return {
        "lead": _("You write, you group, you vote. Nobody learns who wrote or voted what."),
        "begin": [
            _("Scan the code on your sheet, or type the address and your personal code."),
            _("Read the promise. Then wait: the page follows the seminar by itself."),
            _("On a phone that several people use, choose four digits of your own."),
        ],
        "rounds": _does(
            (
                _("Writing"),
                _("One action on each card: a verb and an object. Name no person. Change it until the end."),
            ),
            (
                _("Grouping"),
                _("Tick what belongs together, then Group. Nothing is lost: a card keeps its words."),
            ),
            (_("Voting"), _("Spend your points; change them until the close. Nobody sees a figure before.")),
            (_("Discussion"), _("Raise your hand on the page. What you comment is shown without your name.")),
        ),
        "trouble": [
            _("No connection: go on. What you write is kept on your device and sent by itself."),
            _("Another phone: enter your code there; your seat moves."),
            _("No phone: share one at your table; each of you opens the own seat with four digits."),
            _(
                "No device at all: dictate to your table’s scribe. It counts as if you had written it yourself."
            ),
            _(
                "A vote on paper is read by the two people who enter it. If nobody is to see it, vote on a borrowed device."
            ),
        ],
    }


def _scribe() -> dict[str, Any]:
    return {
        "lead": _(
            "You lend your hands to those who have no device. What you enter carries neither your name nor theirs."
        ),
        "begin": [
            _("Open your personal link."),
            _("Sit where you hear the whole table."),
            _("Tick who is here without a device, before the first round: so they count from the beginning."),
        ],
        "rounds": _does(
            (
                _("Writing"),
                _("Type the number on the person’s sheet, Enter, then card after card with Enter."),
            ),
            (
                _("Voting"),
                _(
                    "Collect the sheets of paper at the bell. Type the number on the stub, then what stands on the sheet; a "
                    "second person types the same again. Then tear off the stub and destroy it."
                ),
            ),
            (_("Grouping"), _("Group and name your table’s factors: verb and object, sixty characters.")),
            (
                _("Action sheets"),
                _("Fill your table’s sheets: who leads, first step, by when, how it is measured."),
            ),
        ),
        "trouble": [
            _(
                "Only this browser shows what you entered, and only until the close: change or withdraw it here."
            ),
            _("Never read a card aloud before it is published."),
            _(
                "Two readings of a sheet differ: look at it together. One that nobody can read goes back to its person, "
                "never to a guess."
            ),
            _("A mistake: undo stands at the foot of the page."),
        ],
    }


def _facilitator() -> dict[str, Any]:
    return {
        "lead": _(
            "One button a step. The server keeps the time, counts the votes and keeps the secret, also from you."
        ),
        "begin": [
            _("Open the console with your personal link, and the wall on the projector’s machine."),
            _("Practise once with the simulated crowd: it leaves no trace."),
            _("Print the seat sheets and let people in at the door."),
        ],
        "rounds": _does(
            (_("Before"), _("Read the checklist; then Start.")),
            (_("During"), _("Pause, +1, +3. Turnout is shown from ten up; never who.")),
            (
                _("Paper"),
                _(
                    "Sheets are entered, and confirmed by a second person, until you publish. The console says how many wait."
                ),
            ),
            (
                _("After"),
                _("Close, read the cards, hold what names a person, Publish. Publishing cannot be undone."),
            ),
        ),
        "trouble": [
            _(
                "Your machine fails: the round goes on. Open the console on another one, or hand over to the co-facilitator."
            ),
            _("A power cut: the round waits with the time it had left. Press Resume."),
            _("Fewer than five seats: an unnamed round does not start. This cannot be switched off."),
        ],
    }


def _expert() -> dict[str, Any]:
    return {
        "lead": _("You comment live, under your name, from wherever you are. You do not vote."),
        "begin": [
            _("Open your personal link; the board follows the room."),
            _("Choose the language at the top."),
        ],
        "rounds": _does(
            (
                _("Discussion"),
                _(
                    "Comment on a card, a group or a factor: a question, a good practice, a caution, a reference."
                ),
            ),
            (_("Grouping"), _("Suggest a name or a merge; the room decides.")),
            (_("Voting"), _("Wait: nobody sees a figure before it is published, and neither do you.")),
        ),
        "trouble": [_("The link is slow: write all the same; it is sent when it can be.")],
    }


def _rapporteur() -> dict[str, Any]:
    return {
        "lead": _("You keep what was decided, and carry it out of the room."),
        "begin": [_("Open your personal link. Exports and action sheets stand at the top of the page.")],
        "rounds": _does(
            (_("Discussion"), _("Note what is said against a group, under your name.")),
            (_("Action sheets"), _("Read them for gaps; freeze a version before it is read aloud.")),
            (_("The end"), _("Export the board once every round is opened.")),
        ),
        "trouble": [_("An export is refused while a round is open: this protects those who write.")],
    }


def _observer() -> dict[str, Any]:
    return {
        "lead": _("You see what everybody sees, at the same moment, and nothing before."),
        "begin": [_("Open your personal link.")],
        "rounds": _does(
            (_("Writing"), _("Nothing is to be seen before the facilitator opens the round.")),
            (_("Results"), _("Figures by side appear only where nobody can be recognised in them.")),
        ),
        "trouble": [
            _("Do not ask anybody for their screen: this is what people fear, and it spoils the result.")
        ],
    }
