"""One action sheet whole: its fields, where it comes from, its votes, what became of it, and what was said of it. Of a sheet that
an earlier workshop made, what that workshop knew of it, too.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from app.domain.counting import METHODS
from app.domain.kinds.progress import steps_of
from app.domain.kinds.sheets import DAYS, DISPOSITIONS, is_complete
from app.domain.records import Record, State, board_of, cards_of
from app.domain.rounds import tallies_in_order
from app.exports.document import Blocks, Bullets, Cell, Fields, Heading, Run, Text, plain, said, soft
from app.exports.order import factor_number, label
from app.exports.speech import Speech
from app.exports.story import remarks
from app.exports.story.votes import figure_words, method_of, name_of
from app.exports.text import masked


def disposition_words(say: Speech) -> dict[str | None, str]:
    return {
        "implement": say.gettext("Implement"),
        "deepen": say.gettext("Deepen"),
        "park": say.gettext("Park"),
        None: say.gettext("To be decided"),
    }


def field_words(disposition: str | None, say: Speech) -> dict[str, str]:
    return {
        "question": say.gettext("What must be found out"),
        "lead": say.gettext("Who studies it") if disposition == "deepen" else say.gettext("Who leads"),
        "support": say.gettext("Who helps"),
        "partner": say.gettext("External partner"),
        "first_step": say.gettext("First step"),
        "start": say.gettext("Begins on"),
        "deadline": say.gettext("By when"),
        "indicator": say.gettext("Indicator"),
        "baseline": say.gettext("Where it stands today"),
        "target": say.gettext("Target"),
        "means": say.gettext("Means"),
        "risk": say.gettext("Risk"),
        "reason": say.gettext("Why it is parked"),
    }


def day_words(day: str, say: Speech) -> str:
    try:
        return say.day(datetime.date.fromisoformat(day)) if day else ""
    except ValueError:
        # 30 February passes for a day where it is typed; it is printed as it stands.
        return day


def tell(state: State, sheet: Record, say: Speech) -> Blocks:
    number = say.gettext("Sheet %(n)s", n=sheet["number"])
    yield Heading(
        3,
        (Run(f"{number} · "), *said(masked(sheet["title"]))),
        f"sheet-{sheet['number']}",
        factor_number(state, sheet["factor"]),
    )
    yield Fields(tuple(_fields(state, sheet, say)))
    if lines := [*_said_before(state, sheet, say), *_said(state, sheet, say)]:
        yield Bullets(tuple(lines))


def _fields(state: State, sheet: Record, say: Speech) -> list[tuple[str, Cell]]:
    words = field_words(sheet["disposition"], say)
    rows: list[tuple[str, Cell]] = [
        (say.gettext("What becomes of it"), (plain(_standing(sheet, say)),)),
        (say.gettext("Factor"), tuple(plain(line) for line in _factors(state, sheet, say))),
    ]
    axes = {axis["id"]: axis["name"] for axis in board_of(state).get("axes") or []}
    if sheet["axis"] in axes:
        rows.append((say.gettext("Axis of the strategy"), (plain(say.of(axes[sheet["axis"]])),)))
    for field in DISPOSITIONS.get(sheet["disposition"] or "", ()):
        written = sheet.get(field) or ""
        text = day_words(written, say) if field in DAYS else masked(written)
        rows.append((words[field], (said(text) if text else soft(say.gettext("not filled in")),)))
    rows.append((say.gettext("Where it comes from"), tuple(_origin(state, sheet, say))))
    if votes := (*_votes_before(state, sheet, say), *_votes(state, sheet, say)):
        rows.append((say.gettext("Votes"), votes))
    if reports := tuple(_reports(state, sheet, say)):
        rows.append((say.gettext("What has become of it"), reports))
    return rows


def _standing(sheet: Record, say: Speech) -> str:
    terms = {
        "short": say.gettext("short term"),
        "medium": say.gettext("medium term"),
        "long": say.gettext("long term"),
    }
    told = [disposition_words(say)[sheet["disposition"]]]
    if sheet.get("horizon"):
        told.append(terms[sheet["horizon"]])
    if sheet["state"] == "frozen":
        told.append(say.gettext("frozen, version %(n)s", n=sheet["version"]))
    elif not is_complete(sheet):
        told.append(say.gettext("not complete"))
    return " · ".join(told)


def _factors(state: State, sheet: Record, say: Speech) -> list[str]:
    found = [state["factors"].get(factor) for factor in (sheet["factor"], *sheet["others"])]
    return [f"{factor['number']} {say.of(factor['title'])}" for factor in found if factor]


# --- where it comes from ---


def _chapters(state: State, sheet: Record) -> Sequence[Record]:
    """What each earlier workshop knew of it, the oldest first."""
    found: Sequence[Record] = state["earlier"].get(sheet["source"]["id"], {}).get("chapters", ())
    return found


def _workshop(chapter: Record, say: Speech) -> str:
    return masked(say.of(chapter["title"]))


def _origin(state: State, sheet: Record, say: Speech) -> list[Text]:
    """Traceable: the group, and the numbers of its actions; or the workshops before, and the actions there."""
    source = sheet["source"]
    if source["table"] == "earlier":
        return [line for chapter in _chapters(state, sheet) for line in _from_before(chapter, say)]
    record = state[source["table"]].get(source["id"])
    if record is None:
        return [soft(say.gettext("no longer on the board"))]
    if source["table"] == "cards":
        return [
            (
                Run(say.gettext("Action no. %(n)s", n=record["number"]) + " — ", soft=True),
                *said(masked(record["text"])),
            )
        ]
    cards = cards_of(state, source["id"])
    group = Run(say.gettext("Group") + " — ", soft=True)
    return [
        (group, *said(label(state, "clusters", record, say.language))),
        *_numbers(cards, say),
    ]


def _numbers(cards: Sequence[Record], say: Speech) -> list[Text]:
    listed = ", ".join(str(card["number"]) for card in cards)
    if not listed:
        return []
    return [plain(say.ngettext("Action no. %(list)s", "Actions no. %(list)s", len(cards), list=listed))]


def _from_before(chapter: Record, say: Speech) -> list[Text]:
    day = day_words(chapter["day"], say)
    when = Run(f", {day}", soft=True) if day else Run("")
    return [
        (Run(say.gettext("Workshop") + " — ", soft=True), *said(_workshop(chapter, say)), when),
        *_numbers(chapter["cards"], say),
    ]


# --- votes ---


def _votes(state: State, sheet: Record, say: Speech) -> list[Text]:
    """Every published figure on the sheet or on what it comes from, as the agenda has the votes."""
    about = {sheet["id"], sheet["source"]["id"]}
    found: list[Text] = []
    for tally in tallies_in_order(state):
        for row in tally["rows"]:
            if row["target"] not in about:
                continue
            told = [figure_words(tally, row, say)]
            if method_of(tally) == "consent":
                told.append(
                    say.gettext(
                        "%(reserve)s with a reserve, %(opposed)s opposed",
                        reserve=row["counts"].get("reserve", 0),
                        opposed=row["counts"].get("opposed", 0),
                    )
                )
            else:
                told.append(_place(row, say))
            if row["internal"] is not None and row["external"] is not None:
                figure = say.decimal if isinstance(row["internal"], float) else say.number
                told.append(_sides(row, figure, say))
            found.append((Run(f"{name_of(state, tally, say)} — ", soft=True), *plain(" · ".join(told))))
    return found


def _place(row: Record, say: Speech) -> str:
    return say.gettext("place %(n)s", n=f"{row['rank']}{' =' if row['tied'] else ''}")


def _sides(row: Record, figure: Any, say: Speech) -> str:
    return say.gettext(
        "internal %(internal)s, external %(external)s",
        internal=figure(row["internal"]),
        external=figure(row["external"]),
    )


def _votes_before(state: State, sheet: Record, say: Speech) -> list[Text]:
    """The figures of earlier workshops, under their names."""
    found: list[Text] = []
    for chapter in _chapters(state, sheet):
        for vote in chapter["votes"]:
            method = METHODS.get(vote["method"])
            is_mean = method is not None and method.is_mean
            value = (vote["value"] or 0.0) if is_mean else round(vote["value"] or 0)
            figure = say.decimal if is_mean else say.number
            told = [figure_words(vote, {"total": value, "value": value}, say) if method else figure(value)]
            if vote["method"] != "consent":
                told.append(_place(vote, say))
            if vote["internal"] is not None and vote["external"] is not None:
                told.append(_sides(vote, figure, say))
            where = f"{_workshop(chapter, say)} · {say.of(vote['round'])} — "
            found.append((Run(where, soft=True), *plain(" · ".join(told))))
    return found


# --- what became of it ---


def _reports(state: State, sheet: Record, say: Speech) -> list[Text]:
    """How far it was, each time somebody reported; of earlier workshops under their names."""
    told = [
        (_workshop(chapter, say), step) for chapter in _chapters(state, sheet) for step in chapter["progress"]
    ]
    told += [("", step) for step in steps_of(state, sheet["id"])]
    return [_report(where, step, say) for where, step in told]


def _report(where: str, step: Record, say: Speech) -> Text:
    statuses = {
        "not_begun": say.gettext("Not begun"),
        "under_way": say.gettext("Under way"),
        "done": say.gettext("Carried out"),
        "dropped": say.gettext("Given up"),
    }
    before = " · ".join(filter(None, [where, day_words(step["day"], say)]))
    told = statuses.get(step["status"], "")
    if step["percent"] is not None:
        told += f" · {say.percent(step['percent'], 100)}"
    words = masked(step["text"])
    status = (Run(f"{before} — ", soft=True), Run(f"{told} · " if words else told))
    return (*status, *said(words)) if words else status


# --- what was said ---


def _said(state: State, sheet: Record, say: Speech) -> list[Text]:
    found = remarks.on(state, sheet["id"], sheet["source"]["id"])
    lines = [remarks.line(one, say) for one in remarks.by_name(found)]
    lines += remarks.noted(state, say, sheet["id"], sheet["source"]["id"])
    consent = {t["round"] for t in tallies_in_order(state) if method_of(t) == "consent"}
    for one in remarks.unnamed(found):
        about = say.gettext("Reserve") if one.get("round") in consent else say.gettext("Remark")
        lines.append(remarks.line(one, say, about))
    return lines


def _said_before(state: State, sheet: Record, say: Speech) -> list[Text]:
    """What was said in earlier workshops: by whom is not carried, only in which task."""
    kinds = {
        **remarks.kind_words(say),
        "reserve": say.gettext("Reserve"),
        "amendment": say.gettext("Amendment"),
        "said": say.gettext("Said in the room"),
    }
    return [
        (
            Run(
                " · ".join(filter(None, [_workshop(chapter, say), kinds.get(note["kind"], "")])) + " — ",
                soft=True,
            ),
            *said(masked(note["text"])),
        )
        for chapter in _chapters(state, sheet)
        for note in chapter["notes"]
    ]
