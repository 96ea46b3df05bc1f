"""CSV files become a workshop, or nothing at all and a list of what to mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.kinds.board import SETUP
from app.domain.operations import load
from app.imports import FILES, SENTENCES, ImportFailed, Problem, Upload, WorkshopPlan, read_plan

NIAMEY = Path(__file__).resolve().parents[2] / "app/data/niamey"
TEMPLATE = {name: Upload(f"{name}.csv", (NIAMEY / f"{name}.csv").read_bytes()) for name in FILES}

FACTORS = "factor_id,number,title_fr,title_en\nF01,1,Conduite,Leadership\nF02,2,Cadre,Framework\n"
AGENDA_HEADER = (
    "seq,day,start,minutes,round_id,name_fr,name_en,kind,scope,release,cards_per_person,per_factor,"
    "method,targets,points,cap,at_zero,grace_s\n"
)
POST = "1,1,09:00,8,B1,Écriture,Writing,post,T1:F01 T2:F02,sealed,3,yes,,,,,close,2\n"
VOTE = "2,1,10:00,18,V1,Vote,Vote,vote,all,,,,points,clusters,3,2,close,2\n"
PEOPLE = "participant_id,label_fr,label_en,group,table\nP1,Agent 01,Officer 01,internal,T1\nP2,Courtier,Broker,external,T2\n"
STAFF = (
    "staff_id,label_fr,label_en,role\nS1,Facilitateur,Facilitator,facilitator\n"
    "S2,Scribe 1,Scribe 1,scribe\nS3,Scribe 2,Scribe 2,scribe\n"
)


def upload(name: str, text: str | bytes) -> dict[str, Upload]:
    return {name: Upload(f"mon {name}.csv", text if isinstance(text, bytes) else text.encode())}


def read(**files: str | bytes) -> WorkshopPlan:
    uploads = {name: one for name, text in files.items() for one in upload(name, text).values()}
    return read_plan(uploads, TEMPLATE)


def problems(**files: str | bytes) -> list[Problem]:
    with pytest.raises(ImportFailed) as failed:
        read(**files)
    return failed.value.problems


def small(**others: str | bytes) -> dict[str, str | bytes]:
    return {
        "factors": FACTORS,
        "agenda": AGENDA_HEADER + POST + VOTE,
        "participants": PEOPLE,
        "staff": STAFF,
        **others,
    }


def test_the_niamey_files_make_the_whole_seminar() -> None:
    plan = read_plan(TEMPLATE, TEMPLATE)
    assert (len(plan.factors), len(plan.tables), len(plan.rounds), len(plan.people)) == (10, 5, 43, 57)
    assert [table["name"]["fr"] for table in plan.tables] == [f"Table {n}" for n in range(1, 6)]
    load(SETUP, {"title": {"fr": "x", "en": "x"}, "time_zone": "Africa/Niamey", **setup_of(plan)})


def setup_of(plan: WorkshopPlan) -> dict[str, object]:
    return {"factors": plan.factors, "tables": plan.tables, "rounds": plan.rounds}


def test_the_agendas_last_ten_columns_are_the_rules_of_a_round() -> None:
    rounds = {round_["id"]: round_ for round_ in read(**small()).rounds}
    post, vote = rounds["B1"], rounds["V1"]
    assert post["scope"] == {"T1": ["F01"], "T2": ["F02"]}
    assert (post["release"], post["cards_per_person"], post["per_factor"]) == ("sealed", 3, True)
    assert (vote["method"], vote["targets"], vote["points"], vote["cap"]) == ("points", "clusters", 3, 2)
    assert (vote["at_zero"], vote["grace_s"], vote["factors"]) == ("close", 2, ["F01", "F02"])


def test_sealed_cards_and_every_vote_are_reviewed_before_they_are_shown() -> None:
    plan = read_plan(TEMPLATE, TEMPLATE)
    reviewed = {round_["id"] for round_ in plan.rounds if round_["review"]}
    assert reviewed == {
        round_["id"]
        for round_ in plan.rounds
        if round_["method"] or (round_["kind"] == "post" and round_["release"] == "sealed")
    }
    assert len(reviewed) > 5


def test_a_warm_up_on_a_dummy_factor_stays_in_the_agenda_without_rules() -> None:
    warm_up = "1,1,08:45,15,A1,Essai,Warm-up,post,all:TEST,sealed,1,yes,points,cards,1,1,close,2\n"
    (round_,) = read(**small(agenda=AGENDA_HEADER + warm_up)).rounds
    assert (round_["kind"], round_["factors"], round_["scope"]) == ("setup", [], None)
    assert (round_["release"], round_["method"], round_["cards_per_person"]) == (None, None, 0)
    assert (round_["name"]["fr"], round_["minutes"]) == ("Essai", 15)


def test_without_files_the_template_is_a_workshop_with_its_tables_and_nobody() -> None:
    plan = read_plan({}, TEMPLATE)
    assert len(plan.rounds) == 43
    assert len(plan.tables) == 5
    assert plan.people == []


def test_the_templates_agenda_fits_itself_to_other_tables() -> None:
    people = "participant_id,label_fr,group,table\nP1,Agent,internal,Nord\n"
    plan = read(participants=people)
    assert [table["id"] for table in plan.tables] == ["Nord"]
    assert all(round_["scope"] is None for round_ in plan.rounds)


def test_the_templates_agenda_fits_itself_to_other_factors() -> None:
    plan = read(factors=FACTORS.replace("F0", "G"))
    assert all(set(round_["factors"]) <= {"G1", "G2"} for round_ in plan.rounds)


def test_people_keep_their_order_side_and_table() -> None:
    people = read(**small()).people
    assert [(p.name["fr"], p.role, p.side, p.table) for p in people[:2]] == [
        ("Agent 01", "participant", "internal", "T1"),
        ("Courtier", "participant", "external", "T2"),
    ]


def test_scribes_without_a_table_sit_down_in_order_and_others_where_the_list_says() -> None:
    people = read(**small()).people
    assert [p.table for p in people if p.role == "scribe"] == ["T1", "T2"]
    staff = "staff_id,label_fr,role,table\nS1,F,facilitator,\nS2,S,scribe,T2\nS3,S,scribe,\n"
    assert [p.table for p in read(**small(staff=staff)).people if p.role == "scribe"] == ["T2", "T1"]


@pytest.mark.parametrize(("written", "role"), [("co_facilitator", "facilitator"), ("admin", "administrator")])
def test_roles_of_the_list_are_roles_of_the_workshop(written: str, role: str) -> None:
    people = read(**small(staff=f"{STAFF}S4,X,X,{written}\n")).people
    assert people[-1].role == role


def test_a_title_in_one_language_stands_for_both() -> None:
    plan = read(**small(factors="factor_id,number,title_fr,title_en\nF01,1,Conduite,\nF02,2,,Framework\n"))
    assert [factor["title"] for factor in plan.factors] == [
        {"fr": "Conduite", "en": "Conduite"},
        {"fr": "Framework", "en": "Framework"},
    ]


def test_further_languages_of_a_title_and_its_help_are_kept() -> None:
    header = "factor_id,number,title_fr,title_en,title_ar,help_pt\n"
    factors = read(**small(factors=header + "F01,1,Conduite,Leadership,القيادة,Ajuda\nF02,2,B,B,,\n")).factors
    assert (factors[0]["title"]["ar"], factors[0]["help"]["pt"]) == ("القيادة", "Ajuda")
    assert "pt" not in factors[1]["help"]


@pytest.mark.parametrize(
    "content",
    [
        PEOPLE.replace(",", ";"),
        PEOPLE.replace(",", "\t"),
        "\ufeff" + PEOPLE.replace("\n", "\r\n"),
        PEOPLE.replace("Courtier", "Transitaire agréé").encode("cp1252"),
        PEOPLE + "\n\n",
    ],
    ids=["semicolons", "tabs", "Excel's mark and line ends", "Windows code page", "empty lines at the end"],
)
def test_what_spreadsheets_save_is_read(content: str | bytes) -> None:
    assert len([p for p in read(**small(participants=content)).people if p.role == "participant"]) == 2


def test_decomposed_accents_are_composed() -> None:
    people = read(**small(participants=PEOPLE.replace("Courtier", "De\u0301le\u0301gue\u0301"))).people
    assert people[1].name["fr"] == "Délégué"


BROKEN = {
    "a missing column": ({"factors": "factor_id,number,title_fr\nF01,1,A\n"}, (1, "title_en", "no_column")),
    "a column twice": (
        {"factors": "factor_id,number,number,title_fr,title_en\n"},
        (1, "number", "column_twice"),
    ),
    "an empty file": ({"participants": ""}, (1, "", "nothing")),
    "no rows": ({"participants": "participant_id,label_fr,group\n"}, (2, "", "no_rows")),
    "a picture": ({"participants": b"\x89PNG\r\n\x1a\n\x00\x00\x81"}, (1, "", "not_text")),
    "a null byte": ({"participants": PEOPLE.encode() + b"P3,\x00,,internal,T1\n"}, (4, "", "not_text")),
    "open quotes": ({"participants": PEOPLE + 'P3,"Agent,x,internal,T1\n'}, (4, "", "broken_quotes")),
    "too many cells": ({"participants": PEOPLE + "P3,A,B,internal,T1,more\n"}, (4, "", "wrong_width")),
    "too few cells": ({"participants": PEOPLE + "P3,A\n"}, (4, "", "wrong_width")),
    "nobody's name": ({"participants": PEOPLE + "P3,,,internal,T1\n"}, (4, "label_fr", "empty")),
    "no side": ({"participants": PEOPLE + "P3,A,B,,T1\n"}, (4, "group", "empty")),
    "a third side": ({"participants": PEOPLE + "P3,A,B,neutral,T1\n"}, (4, "group", "not_a_choice")),
    "the same person twice": (
        {"participants": PEOPLE + "P1,A,B,internal,T1\n"},
        (4, "participant_id", "twice"),
    ),
    "an id with a blank": (
        {"participants": PEOPLE + "P 3,A,B,internal,T1\n"},
        (4, "participant_id", "not_an_id"),
    ),
    "an endless label": (
        {"participants": PEOPLE + f"P3,{'a' * 601},B,internal,T1\n"},
        (4, "label_fr", "too_long"),
    ),
    "an unknown role": ({"staff": STAFF + "S4,A,B,boss\n"}, (5, "role", "not_a_choice")),
    "one scribe too many": ({"staff": STAFF + "S4,A,B,scribe\n"}, (5, "table", "no_table_left")),
    "nobody to facilitate": (
        {"staff": "staff_id,label_fr,role\nS1,A,expert\n"},
        (1, "role", "no_facilitator"),
    ),
    "a number that is none": ({"factors": FACTORS + "F03,drei,A,B\n"}, (4, "number", "not_a_number")),
    "the same number twice": ({"factors": FACTORS + "F03,1,A,B\n"}, (4, "number", "twice")),
    "an unknown kind": (
        {"agenda": AGENDA_HEADER + POST.replace(",post,", ",pst,")},
        (2, "kind", "not_a_choice"),
    ),
    "an impossible time": (
        {"agenda": AGENDA_HEADER + POST.replace("09:00", "25:00")},
        (2, "start", "not_a_time"),
    ),
    "no minutes": ({"agenda": AGENDA_HEADER + POST.replace(",8,B1", ",,B1")}, (2, "minutes", "empty")),
    "an unknown factor": (
        {"agenda": AGENDA_HEADER + POST.replace("T2:F02", "T2:F99")},
        (2, "scope", "unknown_factor"),
    ),
    "an unknown table": (
        {"agenda": AGENDA_HEADER + POST.replace("T2:F02", "T9:F02")},
        (2, "scope", "unknown_table"),
    ),
    "a scope in prose": (
        {"agenda": AGENDA_HEADER + POST.replace("T1:F01 T2:F02", "everyone")},
        (2, "scope", "bad_scope"),
    ),
    "a vote without a method": (
        {"agenda": AGENDA_HEADER + VOTE.replace("points,clusters,3,2", ",clusters,,")},
        (2, "method", "needs_method"),
    ),
    "a method nobody knows": (
        {"agenda": AGENDA_HEADER + VOTE.replace("points,clusters", "lottery,clusters")},
        (2, "method", "not_a_choice"),
    ),
    "points without points": (
        {"agenda": AGENDA_HEADER + VOTE.replace("clusters,3,2", "clusters,,")},
        (2, "points", "needs_points"),
    ),
    "a cap above the points": (
        {"agenda": AGENDA_HEADER + VOTE.replace("clusters,3,2", "clusters,3,4")},
        (2, "cap", "cap_above_points"),
    ),
    "a round twice": (
        {"agenda": AGENDA_HEADER + POST + POST.replace("1,1,", "3,1,", 1)},
        (3, "round_id", "twice"),
    ),
}


@pytest.mark.parametrize(("files", "expected"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_imports_nothing_and_names_file_line_and_column(
    files: dict[str, str | bytes], expected: tuple[int, str, str]
) -> None:
    found = problems(**small(**files))
    (name,) = files
    assert (f"mon {name}.csv", *expected) in {(p.file, p.line, p.column, p.code) for p in found}
    assert all(problem.sentence for problem in found)


def test_lines_are_counted_as_a_spreadsheet_shows_them_after_a_cell_of_several_lines() -> None:
    people = PEOPLE + 'P3,"Agent\nde nuit",N,internal,T1\nP4,A,B,neutral,T1\n'
    assert [(p.line, p.column) for p in problems(**small(participants=people))] == [(6, "group")]


def test_every_problem_of_every_file_is_told_at_once() -> None:
    found = problems(**small(participants=PEOPLE + "P3,,,neutral,T1\n", staff=STAFF + "S4,,,boss\n"))
    assert {(p.file, p.column) for p in found} == {
        ("mon participants.csv", "label_fr"),
        ("mon participants.csv", "group"),
        ("mon staff.csv", "label_fr"),
        ("mon staff.csv", "role"),
    }


def test_a_thousand_problems_are_told_as_fifty() -> None:
    people = PEOPLE + "".join(f"Q{n},,,internal,T1\n" for n in range(1000))
    assert len(problems(**small(participants=people))) == 50


def test_a_file_that_is_far_too_large_is_not_read() -> None:
    assert problems(**small(participants=PEOPLE.encode() + b"x" * 2_000_000))[0].code == "too_large"
    rows = PEOPLE + "".join(f"Q{n},A,B,internal,T1\n" for n in range(2001))
    assert problems(**small(participants=rows))[0].code == "too_many_rows"


def test_every_sentence_can_be_filled_with_the_data_of_its_problems() -> None:
    for files, _ in BROKEN.values():
        for problem in problems(**small(**files)):
            assert "%(" not in SENTENCES[problem.code] % problem.data


def questions(french: str, english: str, method: str = "score_1_5") -> str:
    header = AGENDA_HEADER.replace("targets,", "targets,questions_fr,questions_en,")
    return f"{header}2,1,15:50,10,G8,Évaluation,Evaluation,assess,all,,,,{method},questions,{french},{english},,,ring,\n"


def test_questions_come_in_pairs_and_one_language_stands_in_for_the_other() -> None:
    (asked,) = read(**small(agenda=questions("Utile ? | Juste ?", "Useful? | Fair?"))).rounds
    assert asked["questions"] == [
        {"fr": "Utile\u202f?", "en": "Useful?"},
        {"fr": "Juste\u202f?", "en": "Fair?"},
    ]
    (asked,) = read(**small(agenda=questions("", "Useful?"))).rounds
    assert asked["questions"] == [{"fr": "Useful?", "en": "Useful?"}]


def test_the_demo_asks_five_questions_at_its_end() -> None:
    (last,) = (round_ for round_ in read_plan(TEMPLATE, TEMPLATE).rounds if round_["id"] == "G8")
    assert len(last["questions"]) == 5
    assert all(question["fr"] != question["en"] for question in last["questions"])


@pytest.mark.parametrize(
    ("french", "english", "method", "expected"),
    [
        ("", "", "score_1_5", ("questions_fr", "needs_questions")),
        ("Une | Deux", "One", "score_1_5", ("questions_en", "not_as_many")),
        ("|".join(["Une"] * 31), "", "score_1_5", ("questions_fr", "too_many_questions")),
        ("Une", "One", "criteria_1_5:<b>", ("method", "not_a_choice")),
        ("Une", "One", "rank", ("points", "needs_points")),
    ],
)
def test_questions_that_do_not_fit_are_told(
    french: str, english: str, method: str, expected: tuple[str, str]
) -> None:
    found = problems(**small(agenda=questions(french, english, method)))
    assert expected in {(p.column, p.code) for p in found}
    assert all(problem.sentence for problem in found)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Vote 1 : trois points", "Vote 1\u00a0: trois points"),
        ("Qui pilote ?", "Qui pilote\u202f?"),
        ("Le « guichet unique » ; vite !", "Le «\u00a0guichet unique\u00a0»\u202f; vite\u202f!"),
        ("à 10:30, http://exemple.invalid ?x=1", "à 10:30, http://exemple.invalid ?x=1"),
        ("Déjà\u00a0: bien", "Déjà\u00a0: bien"),
    ],
)
def test_a_french_title_is_set_as_french_is_printed(typed: str, kept: str) -> None:
    """No keyboard has these spaces, and without them a line of the wall begins with a colon."""
    agenda = AGENDA_HEADER + POST.replace("Écriture", f'"{typed}"').replace("Writing", '"One : two"')
    (round_,) = read(**small(agenda=agenda)).rounds
    assert round_["name"] == {"fr": kept, "en": "One : two"}
