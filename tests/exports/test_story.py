"""The story of a board: it says what the board says, keeps back what a vote keeps back, and stands on thin boards too."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import languages
from app.domain.closing import with_record
from app.domain.kinds.sheets import DAYS, DISPOSITIONS, LIMITS
from app.domain.records import EVERYONE, visible_to
from app.exports.charts.drawing import lines_of, shortened
from app.exports.charts.matrix import Point, spread
from app.exports.document import Document, Fields, Figure, Heading, Run, Table, letters
from app.exports.story import About, story
from app.exports.text import MASK
from tests.domain.played import BEFORE, ROUNDS, Played
from tests.exports.test_exports import CLUSTER, board, card, comment, round_, row, sheet, tally, words

DAY = datetime.date(2020, 9, 23)


def told(state: dict[str, Any], language: str = "en", days: tuple[datetime.date, ...] = ()) -> Document:
    state["board"] = {"board": {"id": "board", "title": words("Atelier"), **state["board"].get("board", {})}}
    return story(state, languages.speech(language), About(days, DAY))


def held(round_id: str, order: int, kind: str = "vote", **fields: Any) -> dict[str, Any]:
    plan = {"day": 1, "starts": "09:00", "minutes": 10, "roster": 44, "epoch": 1, "release": "sealed"}
    return round_(round_id, order, kind, **{**plan, **fields})


def texts(value: Any) -> Iterator[str]:
    """Every text of a document, wherever it stands."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Run):
        yield value.text
    elif isinstance(value, tuple | list):
        for one in value:
            yield from texts(one)
    elif hasattr(value, "__slots__"):
        for name in value.__slots__:
            yield from texts(getattr(value, name))


def said(document: Document) -> str:
    return "\n".join(texts(document.blocks))


def table(document: Document, caption: str) -> list[list[str]]:
    (found,) = [b for b in document.blocks if isinstance(b, Table) and b.caption == caption]
    return [["\n".join(letters(line) for line in cell) for cell in line] for line in found.rows]


def headings(document: Document, level: int = 1) -> list[str]:
    return [letters(b.text) for b in document.blocks if isinstance(b, Heading) and b.level == level]


def voted(**fields: Any) -> dict[str, Any]:
    """Two groups with actions under one factor, and a vote on them."""
    cards = [card(1, cluster="g1"), card(2, cluster="g1"), card(3, cluster="g2"), card(4)]
    clusters = [CLUSTER, {**CLUSTER, "id": "g2", "name": "Former"}]
    rows = [row("g1", 9, 1, internal=5, external=4, **fields), row("g2", 2, 2)]
    return board(cards=cards, clusters=clusters, rounds=[held("V1", 1)], tallies=[tally("V1", *rows)])


# --- what it says ---


def test_each_group_stands_with_its_actions_its_place_and_what_each_side_gave() -> None:
    lines = table(told(voted()), "Groups and actions · Facteur 1 (en)")
    assert lines == [
        ["1", "Publier\nno. 1 Action 1\nno. 2 Action 2", "9 points", "5", "4"],
        ["2", "Former\nno. 3 Action 3", "2 points", "withheld", "withheld"],
        ["", "no. 4 Action 4", "", "", ""],
    ]


def test_a_side_that_is_withheld_is_in_no_picture_and_the_reason_is_told() -> None:
    state = voted()
    state["tallies"]["V1:1"]["rows"][0] |= {"internal": None, "external": None}
    document = told(state)
    figure = next(b for b in document.blocks if isinstance(b, Figure))
    assert "internal" not in figure.svg and "url(#" not in figure.svg
    assert ["1", "Publier\nno. 1 Action 1\nno. 2 Action 2", "9 points"] in table(
        document, "Groups and actions · Facteur 1 (en)"
    )


def test_dissent_is_told_where_the_vote_marks_it() -> None:
    document = told(voted(marks=["divergent", "low_agreement"], divergence=21.4))
    assert "the sides differ by 21 points of share · opinions are far apart" in said(document)
    assert "Internal and external voices stand far apart on 1 group or action." in said(document)
    assert "Where voices differ" in headings(document, 3)
    assert "Where voices differ" not in headings(told(voted()), 3)


def test_experts_have_their_names_and_participants_none() -> None:
    state = voted()
    state["comments"] = {
        one["id"]: one
        for one in (
            comment(1, "clusters", "g1", "expert", name=words("Expert 1"), kind="caution"),
            comment(2, "factors", "F01"),
        )
    }
    document = told(state)
    assert "Expert 1 (en) · Caution · on “Publier” — \nMot 1" in said(document)
    assert "What participants remarked, without a name" in headings(document, 3)


def test_a_sheet_leads_back_to_the_numbers_of_its_actions_and_to_every_vote() -> None:
    state = voted()
    state["sheets"] = {"s1": {**sheet(1), "id": "s1", "source": {"table": "clusters", "id": "g1"}}}
    words_ = said(told(state))
    assert "Actions no. 1, 2" in words_
    assert "9 points · place 1 · internal 5, external 4" in words_


def test_a_reserve_is_told_apart_from_a_remark() -> None:
    state = voted()
    state["sheets"] = {"s1": {**sheet(1), "id": "s1", "source": {"table": "clusters", "id": "g1"}}}
    consent = {**tally("G4", row("s1", 3, 1, table="sheets", counts={"agree": 3, "reserve": 1}))}
    state["tallies"]["G4:1"] = consent | {"method": "consent"}
    state["rounds"]["G4"] = held("G4", 2)
    for number, round_id in ((1, "G4"), (2, "G3")):
        state["comments"][f"m{number}"] = comment(number, "sheets", "s1", round=round_id)
    words_ = said(told(state))
    assert "Reserve — \nMot 1" in words_
    assert "Remark — \nMot 2" in words_
    assert "3 agree · 1 with a reserve, 0 opposed" in words_


def test_ballots_on_paper_are_told_when_the_tally_counts_them() -> None:
    state = voted()
    caption = "Taking part, round by round"
    assert table(told(state), caption) == [["V1 (en)", "44", "42 ballots", "95%", "", ""]]
    state["tallies"]["V1:1"] |= {
        "paper": {"counted": 10, "unconfirmed": 0, "overruled": 1},
        "voters": {"internal": 25, "external": 17},
    }
    assert table(told(state), caption) == [["V1 (en)", "44", "42 ballots", "95%", "25", "17", "10"]]
    assert "10 of the ballots were on paper." in said(told(state))


def test_each_time_a_round_was_held_has_its_own_seats_and_what_was_not_shown_of_it() -> None:
    def closing(epoch: int, seats: int, unshown: int) -> dict[str, Any]:
        counts = {"cards": 0, "held": 0, "comments": 0, "ballots": None, "mark": "0" * 64}
        return {"epoch": epoch, "seats": seats, "unshown": unshown, **counts}

    again = held("B1", 1, "post", epoch=3, roster=12, unshown=0, review=False)
    again["closings"] = [closing(1, 40, 3), closing(2, 30, 2), closing(3, 12, 0)]
    state = board(cards=[card(1, epoch=1), card(2, epoch=3)], rounds=[again])
    lines = [line[:3] for line in table(told(state), "Taking part, round by round")]
    not_shown = "not shown: fewer than five people wrote."
    assert lines == [
        ["B1 (en)", "40", f"1 action\n3 texts are {not_shown}"],
        ["B1 (en) (held again, no. 2)", "30", f"0 actions\n2 texts are {not_shown}"],
        ["B1 (en) (held again, no. 3)", "12", "1 action"],
    ]
    # Older releases kept no close records: of an earlier time nothing is made up.
    del again["closings"]
    lines = [line[:3] for line in table(told(state), "Taking part, round by round")]
    assert lines == [["B1 (en)", "", "1 action"], ["B1 (en) (held again, no. 3)", "12", "1 action"]]


def test_the_close_records_are_printed_with_their_marks_and_tell_what_changed_since() -> None:
    state = board(cards=[card(1, epoch=1), card(2, epoch=1)])
    state["rounds"]["B1"] = held("B1", 1, "post")
    state["rounds"]["B1"]["closings"] = with_record(state, state["rounds"]["B1"], unshown=0)
    mark = state["rounds"]["B1"]["closings"][0]["mark"]
    (line,) = table(told(state), "What came out of each urn")
    assert line[:3] == ["B1 (en)", "44", "2 actions"]
    assert line[3].replace(" ", "") == mark
    state["cards"]["c2"] = {**state["cards"]["c2"], "text": "Autre chose"}
    (line,) = table(told(state), "What came out of each urn")
    assert "Changed since" in line[3]


def test_no_telephone_number_and_no_address_is_printed() -> None:
    state = voted()
    state["cards"]["c1"] = card(1, cluster="g1", text="Appelez le +227 90 12 34 56 ou a.b@exemple.ne")
    document = told(state)
    assert f"Appelez le {MASK} ou {MASK}" in said(document)
    assert "90 12" not in said(document) and "exemple.ne" not in said(document)


def test_the_days_are_said_as_people_say_them() -> None:
    first = DAY - datetime.timedelta(1)
    assert told(board(), "fr", (first, DAY)).subtitle == "22–23 septembre 2020"
    assert told(board(), "fr", (datetime.date(2020, 10, 1),)).subtitle == "1er octobre 2020"
    assert told(board(), "en", (DAY,)).subtitle == "23 September 2020"
    assert (
        told(board(), "en", (datetime.date(2020, 8, 31), DAY)).subtitle
        == "31 August 2020 to 23 September 2020"
    )


# --- what is in no vote ---


def shown_hands(state: dict[str, Any], table_id: str = "T4", **counts: int) -> None:
    state["tables"]["T4"] = {"id": "T4", "name": words("Table 4")}
    state["handcounts"][f"V1:1:{table_id}"] = {
        "id": f"V1:1:{table_id}",
        **{"round": "V1", "epoch": 1, "table": table_id, "present": 6, "counts": counts},
    }


def test_a_show_of_hands_has_a_chapter_of_its_own_and_changes_no_figure_anywhere() -> None:
    state, without = voted(), told(voted())
    shown_hands(state, g1=5, g2=0)
    shown_hands(state, "T5", g2=1)
    document = told(state)
    assert table(document, "Show of hands, not secret · V1 (en)") == [
        ["Table 4 (en)\n6 people", "Publier", "5"],
        ["T5\n6 people", "Former", "1"],
    ]
    assert "it is in no figure of a vote" in said(document)
    place = headings(document).index("Shows of hands")
    assert headings(document)[place - 1 : place + 2] == ["Factor by factor", "Shows of hands", "The plan"]
    start = next(i for i, b in enumerate(document.blocks) if getattr(b, "key", "") == "hands")
    others = [b for b in document.blocks[:start] + document.blocks[start + 3 :] if b.kind != "heading"]
    assert others == [b for b in without.blocks if b.kind != "heading"], "all else as without hands"
    assert "Shows of hands" not in headings(without)


def test_hands_that_only_staff_see_are_in_no_story() -> None:
    state = voted()
    shown_hands(state, g1=5)
    state["handcounts"]["V1:1:T4"]["audience"] = "staff"
    assert "Shows of hands" not in headings(told(visible_to(state, EVERYONE)))


def test_a_question_is_named_beside_the_hands_that_rose_for_it() -> None:
    state = voted()
    state["rounds"]["V1"]["ballot"] = [{"id": "V1.q1", "table": "questions", "words": words("Utile ?")}]
    shown_hands(state, **{"V1.q1": 4})
    assert ["Table 4 (en)\n6 people", "Utile ? (en)", "4"] in table(
        told(state), "Show of hands, not secret · V1 (en)"
    )


# --- sheets, here and before ---


def fields_of(document: Document) -> dict[str, str]:
    (found,) = [b for b in document.blocks if isinstance(b, Fields)]
    return {name: "\n".join(letters(line) for line in cell) for name, cell in found.rows}


@pytest.mark.parametrize("language", languages.LANGUAGES)
@pytest.mark.parametrize("disposition", DISPOSITIONS)
def test_every_field_of_every_sheet_has_a_name_in_words(disposition: str, language: str) -> None:
    state = voted()
    filled = {field: f"Mot de {field}" for field in DISPOSITIONS[disposition] if field not in DAYS}
    state["sheets"]["s1"] = {
        **sheet(1),
        **{"id": "s1", "source": {"table": "clusters", "id": "g1"}, "disposition": disposition},
        **{**filled, "start": "2020-10-01", "deadline": "2021-03-31", "horizon": "short"},
    }
    found = fields_of(told(state, language))
    assert not set(found) & set(LIMITS), "a field is called by its name in the code"
    for words_ in filled.values():
        assert words_ in found.values()
    if "start" in DISPOSITIONS[disposition]:
        assert languages.speech(language).day(datetime.date(2020, 10, 1)) in found.values()


def test_what_was_said_in_the_room_is_told_once_its_note_is_released_and_what_was_decided_always() -> None:
    state = voted()
    state["sheets"]["s1"] = {**sheet(1), "id": "s1", "source": {"table": "clusters", "id": "g1"}}
    for number, (kind, target, audience) in enumerate(
        (("said", "s1", "all"), ("amendment", "s1", "all"), ("said", "g1", "all"), ("said", "g1", "notes"))
    ):
        note = {"kind": kind, "text": f"Note {number}", "by": "rapporteur", "name": words("Rapporteur")}
        about = {"table": "sheets" if target == "s1" else "clusters", "id": target}
        state["notes"][f"n{number}"] = {"id": f"n{number}", **note, "target": about, "audience": audience}
    told_ = said(told(visible_to(state, EVERYONE)))
    assert "Said in the room — \nNote 0" in told_ and "Amendment — \nNote 1" in told_
    assert told_.count("Note 2") == 2, "under its factor, and on the sheet of its group"
    assert "Note 3" not in told_


def test_a_sheet_says_how_far_it_is() -> None:
    state = voted()
    state["sheets"]["s1"] = {**sheet(1), "id": "s1", "source": {"table": "clusters", "id": "g1"}}
    step = {"sheet": "s1", "number": 1, "status": "under_way", "percent": 10, "text": "Une note circule."}
    state["progress"]["p1"] = {"id": "p1", **step, "day": "2020-09-23", "by": "rapporteur", "name": None}
    assert (
        fields_of(told(state))["What has become of it"]
        == "23 September 2020 — Under way · 10% · Une note circule."
    )


@pytest.mark.parametrize("language", languages.LANGUAGES)
def test_a_sheet_of_an_earlier_workshop_keeps_its_history(language: str) -> None:
    board_ = Played(ROUNDS)
    document = told(visible_to(board_.state, EVERYONE), language)
    (chapter,) = BEFORE["sheets"][0]["chapters"]
    say = languages.speech(language)
    before = fields_of(document)
    assert chapter["cards"][0]["number"] == 7 and "Niamey 2020" in before[say.gettext("Where it comes from")]
    assert before[say.gettext("Where it comes from")].endswith(("n°\u00a07", "no. 7"))
    assert before[say.gettext("Votes")].startswith("Niamey 2020 · Niamey 2020 — ")
    assert say.gettext("Carried out") in before[say.gettext("What has become of it")]
    assert "Norme 7.3" in said(document)


def test_factor_scores_stand_beside_those_of_then() -> None:
    then = {"value": 2.5, "answers": 10, "interval": [2.0, 3.0], "internal": None, "external": None}
    figures = {"value": 3.4, "answers": 40, "counts": {"3": 24, "4": 16}}
    rows = [
        row("F01", 136, 1, table="factors", factor="F01", **figures, interval=[3.2, 3.6], then=then),
        row("F02", 136, 1, table="factors", factor="F02", **figures, interval=None, then=None),
    ]
    state = board(rounds=[held("A5", 1, "assess")], tallies=[tally("A5", *rows) | {"method": "score_1_5"}])
    state["earlier"]["workshop"] = {
        "id": "workshop",
        "title": words("Niamey"),
        "day": "2019-09-23",
        "scores": [],
    }
    document = told(state)
    assert [line[1:3] for line in table(document, "A5 (en)")] == [["3.4", "2.5"], ["3.4", "–"]]
    assert "the means of Niamey (en), 23 September 2019" in said(document)


# --- thin boards ---


@pytest.mark.parametrize("language", languages.LANGUAGES)
def test_a_board_with_nothing_on_it_has_a_story_that_says_so(language: str) -> None:
    document = told(board(), language)
    assert len(headings(document)) == 6
    assert not [b for b in document.blocks if isinstance(b, Figure)]
    assert not [b for b in document.blocks if isinstance(b, Table) and not b.rows]


def test_one_round_of_writing_makes_a_whole_report() -> None:
    state = board(cards=[card(1, epoch=1)], rounds=[held("B1", 1, "post")])
    document = told(state)
    assert "1 action was written." in said(document)
    assert "Nobody wrote an action under this factor." in said(document)
    assert "No list of priorities was voted on." in said(document)
    assert "No action sheet was made." in said(document)


def test_a_vote_in_which_nobody_said_anything_is_drawn_all_the_same() -> None:
    rows = [
        row("F01", 0, 1, table="factors", factor="F01", counts={}, answers=0, value=None, tied=True),
        row("F02", 0, 1, table="factors", factor="F02", counts={}, answers=0, value=None, tied=True),
    ]
    state = board(rounds=[held("A5", 1, "assess")], tallies=[tally("A5", *rows) | {"method": "score_1_5"}])
    assert "Where the factors stand" in headings(told(state))


def test_thin_chapters_share_a_page_and_a_long_one_has_its_own() -> None:
    def begins(document: Document) -> list[str]:
        return [b.key for b in document.blocks if isinstance(b, Heading) and b.new_page]

    assert begins(told(board())) == ["short"]
    many = [card(number) for number in range(1, 40)]
    assert begins(told(board(cards=many))) == ["short", "factors", "plan"]
    state = voted()
    state["cards"] |= {f"c{n}": card(n) for n in range(5, 40)}
    shown_hands(state, g1=5)
    assert begins(told(state)) == ["short", "factors", "plan"], "hands stay where their vote is told"


# --- pictures ---


@given(st.text(max_size=300))
def test_c01_any_text_in_a_picture_is_text(text: str) -> None:
    state = voted()
    state["clusters"]["g1"] = {**CLUSTER, "name": "".join(c for c in text if c.isprintable())}
    for block in told(state).blocks:
        if isinstance(block, Figure):
            tree = ElementTree.fromstring(block.svg)
            names = {element.tag.rpartition("}")[2] for element in tree.iter()}
            assert names <= {"svg", "defs", "pattern", "rect", "text", "line", "circle", "g"}


@given(st.text(max_size=400), st.integers(60, 600), st.integers(1, 4))
def test_words_in_a_picture_are_never_longer_than_their_place(text: str, width: int, most: int) -> None:
    assert len(lines_of(text, width, most)) <= most
    for line in (*lines_of(text, width, most), shortened(text, width)):
        assert len(line) * 6.5 <= width + 6.5


@given(st.lists(st.tuples(st.floats(0, 420), st.floats(0, 420)), max_size=30))
def test_no_two_marks_of_a_map_lie_on_one_another(points: list[tuple[float, float]]) -> None:
    placed = spread([Point(x, y) for x, y in points], 25, 420)
    for place, one in enumerate(placed):
        assert 0 <= one.x <= 420 and 0 <= one.y <= 420
        for other in placed[place + 1 :]:
            assert (one.x - other.x) ** 2 + (one.y - other.y) ** 2 > 20**2
