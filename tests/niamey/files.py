"""What the people of the Niamey files do in the two days: from the CSV files, and where these say nothing, drawn with a fixed seed.

Both sides of the comparison read this, the driver that plays the seminar and the reckoning that foretells its exports. So
nothing of the application may be imported here, and nothing here adds anything up.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

DATA = Path(__file__).resolve().parents[2] / "app/data/niamey"
SEED = "Niamey 2020"
SIDES = ("internal", "external")


@cache
def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def by_id(name: str, column: str) -> dict[str, dict[str, str]]:
    return {row[column]: row for row in rows(name)}


def people() -> dict[str, dict[str, str]]:
    return by_id("participants", "participant_id")


def clusters() -> dict[str, dict[str, str]]:
    return by_id("clusters", "cluster_id")


def factor_of(cluster: str) -> str:
    return cluster.partition("-")[0]


def chance(*about: object) -> Random:
    """The same draws for the same matter, whoever asks and in whatever order."""
    return Random("|".join(map(str, (SEED, *about))))


# --- what is written ---

# table -> its factors in B1 and B3, as the agenda has them
TABLE_FACTORS = {
    "T1": ("F01", "F10"),
    "T2": ("F02", "F05"),
    "T3": ("F03", "F07"),
    "T4": ("F04", "F06"),
    "T5": ("F08", "F09"),
}
TABLE_OF = {factor: table for table, factors in TABLE_FACTORS.items() for factor in factors}
LATE_IN_B3 = 8
REFUSED = {"N10": "empty_text", "N11": "empty_text", "N12": "too_long"}
# What a spreadsheet would run: on the board for the exports' sake, and held by any facilitator who has a report to hand out.
FORMULAS = dict.fromkeys(("N13", "N14", "N15"), "hors sujet")
HELD = {"N01": "vise une personne", "N07": "hors sujet", "N23": "accuse un groupe"}
REFILED = {"N05": "F08"}
KIND_OF = {"N06": "question", "N21": "comment"}
TRANSLATED = {"N24": ("fr", "Harmoniser la pratique du transit avec les voisins")}
# Duplicates that somebody puts where they belong.
JOINS = {"N08": "F05-c2", "N09": "F05-c2"}


@dataclass(frozen=True, slots=True)
class Written:
    """A text somebody sends. Shape: `cluster` is where it will be put, or empty; `name` is its id in the files."""

    name: str
    factor: str
    text: str
    author: str
    at_s: int
    cluster: str = ""


@cache
def written(round_id: str) -> list[Written]:
    """What is sent in a round, in the order of the seconds; noise comes from whoever of the table still has a card left."""
    found = [
        Written(
            r["card_id"], r["factor_id"], r["text_fr"], r["author_id"], int(r["offset_s"]), r["cluster_id"]
        )
        for r in rows("cards")
        if r["round_id"] == round_id
    ]
    return sorted(found + _noise(round_id, found), key=lambda one: (one.at_s, one.name))


def _noise(round_id: str, cards: Sequence[Written]) -> list[Written]:
    place = {"B1": 0, "B3": 1}.get(round_id)
    if place is None:
        return []
    used: dict[tuple[str, str], int] = defaultdict(int)
    for card in cards:
        used[card.author, card.factor] += 1
    found = []
    for number, row in enumerate(rows("noise_cards")):
        table = TABLE_OF[row["factor_id"]]
        if TABLE_FACTORS[table][place] != row["factor_id"]:
            continue
        author = next(
            p for p, who in people().items() if who["table"] == table and used[p, row["factor_id"]] < 3
        )
        used[author, row["factor_id"]] += row["noise_id"] not in REFUSED
        name = row["noise_id"]
        found.append(Written(name, row["factor_id"], row["text"], author, 20 * number, JOINS.get(name, "")))
    return found


@cache
def late() -> list[Written]:
    """The last texts of B3, of as many people: their phones were away at the close."""
    last: dict[str, Written] = {}
    for one in reversed(written("B3")):
        if one.name.startswith("C"):
            last.setdefault(one.author, one)
    return list(last.values())[:LATE_IN_B3]


# --- what is grouped ---

# source -> target, and what became of it
MERGED_IN_C3 = {"F01-c1": "F07-c2", "F05-c4": "F04-c5"}
SUGGESTED_IN_C4 = {"F02-c7": "F03-c1"}
MERGED_IN_C4 = {"F09-c6": "F10-c6"}
SPLIT_IN_C4 = ("F05-c4",)
SPLIT_IN_D1 = ("F09-c6",)
KEPT_IN_D1 = ("F01-c1",)
GONE_IN_V1 = ("F01-c1", "F02-c7", "F09-c6")
RENAMED = {"F10-c6": "Enquêtes auprès des usagers et des agents"}

# --- what is said: (who, target, text); targets are (table, id in the files) ---

Target = tuple[str, str]
Said = tuple[str, Target, str]


QUESTIONS_OF_A3 = (
    "Le comité d’éthique se réunit-il encore\u00a0?",
    "Où trouve-t-on le code des douanes à jour\u00a0?",
    "Pourquoi les délais ne sont-ils pas publiés\u00a0?",
    "Quels bureaux ne sont pas encore connectés\u00a0?",
    "Qu’est devenu le plan de réforme de 2018\u00a0?",
    "Combien de plaintes ont été traitées l’an passé\u00a0?",
    "Les agents ont-ils signé le code de conduite\u00a0?",
    "Sur quels critères se font les affectations\u00a0?",
    "Qui reconnaît le travail des agents des frontières\u00a0?",
    "Le comité avec le secteur privé existe-t-il encore\u00a0?",
    "Qui décide des priorités\u00a0?",
    "Les petits opérateurs sont-ils consultés\u00a0?",
    "Comment faire appel d’une décision\u00a0?",
)


@cache
def questions_of_a3() -> list[Said]:
    """Asked unnamed, in batches: seven people at first, six more later."""
    who = [p for p, row in people().items() if row["place"] == "room"][: len(QUESTIONS_OF_A3)]
    return [
        (p, ("factors", f"F{1 + n % 10:02}"), text)
        for n, (p, text) in enumerate(zip(who, QUESTIONS_OF_A3, strict=True))
    ]


# Fewer than five wrote: nothing of it is shown.
ARGUMENTS_OF_D2 = [
    ("P02", "Le coût n’est pas dit."),
    ("P07", "C’est la demande des opérateurs depuis des années."),
    ("P33", "Commencer par un bureau pilote."),
]


REMARKS_OF_G3 = (
    "Précisez qui rend compte, et à qui.",
    "Les petits opérateurs ne lisent pas le site\u00a0: prévoir des affiches.",
    "Il manque les postes de frontière.",
    "Commencer par un bureau pilote.",
    "Le délai tombe en pleine campagne\u00a0: à revoir.",
    "Et si l’indicateur est atteint sans que rien ne change\u00a0?",
    "Qui paie la formation des agents\u00a0?",
    "Associer l’inspection dès le début.",
    "Le point de départ doit être mesuré avant.",
    "D’accord, à condition que ce soit publié.",
    "Il faut un texte, pas seulement une note de service.",
    "Prévoir le cas d’une coupure de réseau.",
    "Les transitaires demandent à être consultés.",
    "Un rapport chaque trimestre suffirait.",
    "Deux actions se recouvrent ici\u00a0: les réunir.",
)


@cache
def remarks_of_g3() -> list[tuple[str, str]]:
    return list(zip(list(people())[::3], REMARKS_OF_G3, strict=True))


# staff, target, kind, text
SPOKEN = {
    "B6": [
        ("S03", ("factors", "F06"), "caution", "Rien sur la protection de ceux qui signalent."),
        ("S04", ("factors", "F04"), "reference", "Voir le Recueil de l’OMD, chapitre 4."),
        ("S01", ("factors", "F06"), None, "=À reprendre au carrousel"),
    ],
    "C4": [
        (
            "S05",
            ("clusters", "F03-c1"),
            "practice",
            "Un port voisin publie ses délais. Appelez le +227 20 30 40 50.",
        )
    ],
    "V3": [
        ("S03", ("clusters", "F07-c2"), "question", "Who signs, and before whom?"),
        ("S07", ("clusters", "F03-c1"), None, "La salle demande un calendrier."),
    ],
}
TAKEN_BACK_IN_V3 = ("S04", ("clusters", "F05-c1"), "caution", "Repris aussitôt.")


# --- what is voted ---


@cache
def scores_of_a5() -> dict[str, dict[str, int]]:
    return _nested("assess_scores", "participant_id", "factor_id", "score_1_5")


@cache
def without_device() -> list[str]:
    """They dictate to their table's scribe, and vote on paper."""
    return [person for person, row in people().items() if row["device"] == "none"]


@cache
def on_paper(round_id: str) -> list[str]:
    """In the first vote those who share a phone take a sheet too."""
    sharing = [person for person, row in people().items() if row["device"] == "shared"]
    return without_device() + (sharing if round_id == "V1" else [])


# What a table showed by hands after the first vote.
HANDS_AT, HANDS_PRESENT = "T4", 6
HANDS_ON_V1 = {"F04-c1": 5, "F06-c2": 2}


@cache
def points_of_v1() -> dict[str, dict[str, int]]:
    """By voter; what was merged before the vote stood on no list, so nobody gave it anything."""
    cast = _nested("votes_round1", "voter_id", "cluster_id", "points")
    return {
        voter: {cluster: points for cluster, points in given.items() if cluster not in GONE_IN_V1}
        for voter, given in cast.items()
    }


def _nested(name: str, who: str, what: str, how: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows(name):
        found[row[who]][row[what]] = int(row[how])
    return dict(found)


def voters(round_id: str, away: int) -> list[str]:
    """Who votes: everybody but so many, who left the room."""
    absent = set(chance(round_id, "away").sample(sorted(people()), away))
    return [person for person in people() if person not in absent]


def _appeal(person: str, cluster: str) -> int:
    return int(clusters()[cluster][f"appeal_{people()[person]['group']}"])


def points_of_d3(listed: Iterable[str]) -> dict[str, dict[str, int]]:
    """Three points a factor, two at most for one: drawn one by one, more likely where it appeals."""
    cast = {}
    for person in voters("D3", 3):
        draw = chance("D3", person)
        given: dict[str, int] = {}
        for factor in sorted({factor_of(cluster) for cluster in listed}):
            here = sorted(cluster for cluster in listed if factor_of(cluster) == factor)
            for _ in range(draw.choice((2, 3, 3, 3))):
                room = [cluster for cluster in here if given.get(cluster, 0) < 2]
                if room:
                    liked = draw.choices(room, [_appeal(person, cluster) ** 2 for cluster in room])[0]
                    given[liked] = given.get(liked, 0) + 1
        cast[person] = given
    return cast


def ratings_of_e1(listed: Iterable[str]) -> dict[str, dict[str, dict[str, int]]]:
    """Impact follows the appeal, feasibility the cluster; one answer in ten is "don't know"."""
    cast = {}
    for person in voters("E1", 2):
        draw = chance("E1", person)
        given = {}
        for cluster in sorted(listed):
            easy = chance("E1", "feasible", cluster).randint(1, 5)
            both = {"impact": _appeal(person, cluster), "feasibility": easy}
            said = {
                name: min(5, max(1, about + draw.choice((-1, 0, 0, 1))))
                for name, about in both.items()
                if draw.random() > 0.1
            }
            if said:
                given[cluster] = said
        cast[person] = given
    return cast


def ranks_of_e4(listed: Iterable[str]) -> dict[str, dict[str, int]]:
    """Five at most, the most appealing first as a rule."""
    cast = {}
    for person in voters("E4", 2):
        draw = chance("E4", person)
        liking = {cluster: _appeal(person, cluster) + 2 * draw.random() for cluster in sorted(listed)}
        order = sorted(liking, key=lambda cluster: -liking[cluster])[: draw.choice((3, 5, 5, 5, 5))]
        cast[person] = {cluster: place for place, cluster in enumerate(order, 1)}
    return cast


RESERVES = (
    "Qui paie\u00a0?",
    "Le délai est trop court.",
    "Pas sans les transitaires.",
    "+1 si le DG signe",
    "À condition que les agents soient formés avant.",
    "L’indicateur ne dit rien des petits bureaux.",
    "Seulement après un essai dans un bureau.",
    "Le responsable n’a pas les moyens de le faire.",
    "Il faut d’abord mesurer la situation.",
    "Pas de sanction sans voie de recours.",
)


def consent_of_g4(listed: Iterable[str]) -> dict[str, dict[str, Any]]:
    """By voter and the cluster behind the sheet."""
    cast: dict[str, dict[str, Any]] = {}
    for person in voters("G4", 1):
        draw = chance("G4", person)
        given: dict[str, Any] = {}
        for cluster in sorted(listed):
            match draw.randint(0, 11) + _appeal(person, cluster):
                case 1 | 2:
                    given[cluster] = "opposed"
                case 3:
                    given[cluster] = "reserve"
                case 4:
                    given[cluster] = {"reserve": draw.choice(RESERVES)}
                case 5:
                    pass
                case _:
                    given[cluster] = "agree"
        cast[person] = given
    return cast


def answers_of_g8(questions: int) -> dict[str, dict[int, int]]:
    return {
        person: {
            number: chance("G8", person, number).choice((2, 3, 3, 4, 4, 4, 5, 5))
            for number in range(1, questions + 1)
            if chance("G8", person, number, "knows").random() > 0.15
        }
        for person in voters("G8", 6)
    }


# --- what is on the sheets ---

NOTE = "La salle demande un premier bureau pilote à Zinder."
AMENDED_TITLE = "Budget dédié au plan intégrité, dès la loi de finances 2021"
AMENDMENT = (
    "Reformulé en séance\u00a0: une ligne du budget, et un état de l’exécution au DG chaque trimestre."
)
PROGRESS = {"status": "under_way", "percent": 10, "text": "Une note de service circule.", "day": "2020-09-23"}
DROPPED_SHEET = 3  # by its place in the list of those that were made
DISPOSITIONS = ("implement", "deepen", "implement", "implement", "park")
ASKED = {
    "deepen": ("question", "lead", "deadline"),
    "implement": (
        "lead",
        "support",
        "partner",
        "first_step",
        "start",
        "deadline",
        "indicator",
        "baseline",
        "target",
        "means",
        "risk",
    ),
    "park": ("reason",),
}


# Who leads or studies what a factor asks for.
LEADS = {
    "F01": "Direction générale",
    "F02": "Direction de la réglementation",
    "F03": "Direction de la communication",
    "F04": "Direction de l’informatique",
    "F05": "Cellule de la réforme",
    "F06": "Inspection générale des services",
    "F07": "Cellule éthique",
    "F08": "Direction des ressources humaines",
    "F09": "Direction des ressources humaines",
    "F10": "Direction des relations avec les usagers",
}
# An indicator with where it stands and where it is to stand.
MEASURED = (
    {
        "indicator": "Part des bureaux où elle est appliquée",
        "baseline": "2 bureaux sur 14",
        "target": "Tous les bureaux",
    },
    {
        "indicator": "Part des agents qui la connaissent, par enquête",
        "baseline": "Inconnue\u00a0: à mesurer d’ici décembre",
        "target": "Neuf agents sur dix",
    },
    {
        "indicator": "Plaintes à ce sujet, par trimestre",
        "baseline": "12 au dernier trimestre",
        "target": "Moins de 3",
    },
)
WORDS_OF = {
    "question": (
        "Combien coûterait-elle, et sur quelle ligne du budget\u00a0?",
        "Quel texte faut-il modifier, et qui le signe\u00a0?",
        "Que font les douanes voisines, et avec quel résultat\u00a0?",
    ),
    "support": (
        "Chambre de commerce",
        "Ministère des Finances",
        "Commissionnaires agréés",
        "OMD, programme A-CPI",
    ),
    "partner": ("OMD", "Union européenne", "JICA", "Banque mondiale"),
    "first_step": (
        "Désigner un responsable et réunir les services concernés.",
        "Écrire une note d’une page pour le comité de direction.",
        "Essayer dans un bureau pilote pendant trois mois.",
        "Publier l’état de la situation sur le site.",
    ),
    "means": (
        "Deux agents à mi-temps",
        "Budget de fonctionnement\u00a0; aucun achat",
        "Appui du programme A-CPI",
    ),
    "risk": ("Un changement de direction", "La surcharge des services", "Une coupure longue du réseau"),
    "reason": ("Dépend d’une loi en préparation.", "À reprendre quand la première mesure aura un an."),
}


def sheet_of(cluster: str) -> dict[str, str]:
    """Disposition and fields that the scribe of the table writes for a cluster."""
    draw = chance("G1", cluster)
    disposition = draw.choice(DISPOSITIONS)
    words = {name: draw.choice(some) for name, some in WORDS_OF.items()}
    words |= draw.choice(MEASURED) | {"lead": LEADS[factor_of(cluster)]}
    fields = {name: words[name] for name in ASKED[disposition] if name in words}
    if "deadline" in ASKED[disposition]:
        fields["deadline"] = f"2021-{draw.randint(1, 12):02}-15"
    if "start" in ASKED[disposition]:
        fields["start"] = "2020-10-01"
    return {"disposition": disposition, **fields}


# axis of the strategy -> its name, and the factors whose sheets the rapporteur puts there
AXES = {
    "A1": ("Intégrité et exemplarité", ("F01", "F07", "F09")),
    "A2": ("Facilitation des échanges", ("F03", "F10")),
    "A3": ("Modernisation et numérique", ("F04", "F05")),
    "A4": ("Ressources humaines et contrôle", ("F02", "F06", "F08")),
}


def axis_of(factor: str) -> str:
    return next(axis for axis, (_, factors) in AXES.items() if factor in factors)


# --- what the facilitator chooses from a result; on both sides from figures reckoned apart ---


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of a result. Shape: `target` is its id in the files; `rank` counts within `bucket`."""

    target: str
    bucket: str
    total: int
    rank: int
    divergent: bool = False


def flagged(result: Iterable[Figure], places: int = 3) -> set[str]:
    """Where one point could turn the last place that counts, and where the sides are far apart."""
    found: set[str] = set()
    for listed in _by_bucket(result).values():
        found |= {one.target for one in listed if one.divergent}
        inside = [one for one in listed if one.rank <= places]
        cut = min(one.total for one in inside)
        edge = {one.target for one in inside if one.total == cut}
        near = {one.target for one in listed if one.rank > places and cut - one.total <= 1}
        if near or len(inside) > places:
            found |= edge | near
    return found


def shortlist(first: Iterable[Figure], second: Iterable[Figure], places: int = 3) -> list[str]:
    """Three a factor: those of the first vote that were not called into question, then the second vote's; no tie is cut."""
    again = _by_bucket(second)
    asked_again = {one.target for listed in again.values() for one in listed}
    chosen: list[str] = []
    for factor, listed in _by_bucket(first).items():
        sure = [one.target for one in listed if one.rank <= places and one.target not in asked_again]
        left = places - len(sure)
        chosen += sure + [one.target for one in again.get(factor, []) if one.rank <= left]
    return sorted(chosen)


def top(result: Iterable[Figure], places: int = 12) -> list[str]:
    return sorted(one.target for one in result if one.rank <= places and one.total > 0)


def _by_bucket(result: Iterable[Figure]) -> Mapping[str, list[Figure]]:
    found: dict[str, list[Figure]] = defaultdict(list)
    for one in sorted(result, key=lambda one: (one.bucket, one.rank, one.target)):
        found[one.bucket].append(one)
    return found


def lone_cards() -> Collection[str]:
    """Noise that stands on the board and in no cluster, by its name in the files."""
    gone = {*REFUSED, *HELD, *JOINS}
    return [row["noise_id"] for row in rows("noise_cards") if row["noise_id"] not in gone]


def noted_sheet(sheets: Sequence[str]) -> str:
    """The sheet of which the rapporteur notes what was said."""
    return sheets[-1]


def amended(sheets: Sequence[str]) -> str:
    """The first sheet about which somebody wrote a reserve."""
    cast = consent_of_g4(sheets).values()
    return next(s for s in sheets if any(isinstance(given.get(s), dict) for given in cast))


# --- reading and writing as others do ---


def kept(text: str) -> str:
    """A text as a board keeps it: composed accents, one kind of line break, no blanks around, French signs with their word."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip().replace("« ", "«\u00a0")
    for sign in ":;!?»":
        space = "\u00a0" if sign in ":»" else "\u202f"
        text = f"{text} ".replace(f" {sign} ", f"{space}{sign} ")[:-1]
    return text


def read_csv(content: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content, newline="")))
