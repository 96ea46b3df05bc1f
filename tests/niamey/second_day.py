"""The second day: a vote again, ratings and ranks, the action sheets and what the room says to them."""

from __future__ import annotations

from tests.niamey import files
from tests.niamey.first_afternoon import on_board
from tests.niamey.seminar import ADMINISTRATOR, CO_FACILITATOR, FACILITATOR, RAPPORTEUR, Half, Seminar
from tests.niamey.tables import hands, scribe_of


def recall(s: Seminar) -> Half:
    """The journal of merges: two are called into question, one of those is undone and one kept."""
    for cluster in (*files.KEPT_IN_D1, *files.SPLIT_IN_D1):
        s.do(hands(s, cluster)[0], "cluster.contest", cluster=s.ids[cluster])
    s.check("D1", "T1")
    yield
    for cluster in files.KEPT_IN_D1:
        s.do(CO_FACILITATOR, "cluster.keep", cluster=s.ids[cluster])
    for cluster in files.SPLIT_IN_D1:
        s.do(FACILITATOR, "cluster.split", cluster=s.ids[cluster])


def debate(s: Seminar) -> Half:
    """The most divergent before everybody; a written argument of three people stays unshown."""
    told = sorted(s.state["tallies"]["V1:1"]["rows"], key=lambda row: -(row["divergence"] or 0))
    for row in told[:4]:
        s.do(FACILITATOR, "board.spotlight", target={"table": row["table"], "id": row["target"]})
    yield
    s.do(FACILITATOR, "board.spotlight", target=None)
    for who, text in files.ARGUMENTS_OF_D2:
        s.ask(who, "D2", (told[0]["table"], told[0]["target"]), text)


def vote_again(s: Seminar) -> Half:
    """Begun on everything by mistake, and anew on the close cases. Then the power fails and the key with it: what was cast is
    void, and everybody's browser casts it again.
    """
    listed = files.flagged(s.figures("V1"))
    s.command("void", "D3")
    s.check("D3")
    s.command("plan", "D3")
    s.check("D3")
    s.do(FACILITATOR, "round.start", round="D3", targets=[s.ids[cluster] for cluster in sorted(listed)])
    cast = list(files.points_of_d3(listed).items())
    for who, given in cast[:25]:
        s.cast(who, "D3", on_board(s, given))
    s.restart(power_cut=True)
    assert s.round("D3")["key"] == 2
    assert s.cast_in("D3") == 0
    s.check("D3")
    yield
    for who, given in cast:
        s.cast(who, "D3", on_board(s, given), revision=2)


def shortlist(s: Seminar) -> list[str]:
    return files.shortlist(s.figures("V1"), s.figures("D3"))


def rate(s: Seminar) -> Half:
    cast = files.ratings_of_e1(shortlist(s))
    yield
    for who, given in cast.items():
        s.cast(who, "E1", on_board(s, given))


def rank(s: Seminar) -> Half:
    cast = files.ranks_of_e4(shortlist(s))
    for who, given in cast.items():
        s.cast(who, "E4", on_board(s, given))
    yield


def make_sheets(s: Seminar) -> Half:
    """The facilitator makes them, each table's scribe fills its own, the rapporteur places them and freezes what is done."""
    chosen = files.top(s.figures("E4"))
    targets = [{"table": "clusters", "id": s.ids[cluster]} for cluster in chosen]
    s.do(FACILITATOR, "sheet.make", targets=targets)
    for sheet in s.state["sheets"].values():
        s.ids[f"sheet {s.names()[sheet['source']['id']]}"] = sheet["id"]
    s.do(FACILITATOR, "sheet.turn", sheet=s.ids[f"sheet {chosen[files.DROPPED_SHEET]}"], state="dropped")
    axes = [{"id": axis, "name": {"fr": name, "en": name}} for axis, (name, _) in files.AXES.items()]
    s.do(ADMINISTRATOR, "board.axes", axes=axes)
    s.check("G1")
    yield
    for cluster in kept_sheets(s):
        fill(s, cluster)
    s.check("G1")


def kept_sheets(s: Seminar) -> list[str]:
    chosen = files.top(s.figures("E4"))
    return [cluster for place, cluster in enumerate(chosen) if place != files.DROPPED_SHEET]


def fill(s: Seminar, cluster: str) -> None:
    sheet = s.state["sheets"][s.ids[f"sheet {cluster}"]]
    scribe = scribe_of(s, sheet["table"])
    stranger = scribe_of(s, "T1" if sheet["table"] != "T1" else "T2")
    words = files.sheet_of(cluster)
    s.refused(stranger, "sheet.sort", "not_allowed", sheet=sheet["id"], disposition="park", seen=None)
    s.do(scribe, "sheet.sort", sheet=sheet["id"], disposition=words["disposition"], seen=None)
    for field, text in words.items():
        if field != "disposition":
            s.do(scribe, "sheet.fill", sheet=sheet["id"], field=field, text=text, seen="")
    place = {
        "factor": sheet["factor"],
        "others": [],
        "axis": files.axis_of(sheet["factor"]),
        "table": sheet["table"],
    }
    s.do(RAPPORTEUR, "sheet.place", sheet=sheet["id"], **place)
    s.do(RAPPORTEUR, "sheet.turn", sheet=sheet["id"], state="frozen")


def report_sheets(s: Seminar) -> Half:
    listed = kept_sheets(s)
    for number, (who, text) in enumerate(files.remarks_of_g3()):
        s.ask(who, "G3", ("sheets", f"sheet {listed[number % len(listed)]}"), text)
    note(s, files.noted_sheet(listed), "said", files.NOTE)
    s.check("G3")
    yield


def note(s: Seminar, cluster: str, kind: str, text: str) -> None:
    """The rapporteur's; what was said is released at once, so that it may be read back."""
    target = {"table": "sheets", "id": s.ids[f"sheet {cluster}"]}
    s.refused(scribe_of(s, "T1"), "note.write", "not_allowed", target=target, kind=kind, text=text)
    s.do(RAPPORTEUR, "note.write", target=target, kind=kind, text=text)
    if kind == "said":
        (written,) = s.state["notes"].values()
        assert written["audience"] == "notes"
        s.do(RAPPORTEUR, "text.release", target={"table": "notes", "id": written["id"]}, released=True)


def consent(s: Seminar) -> Half:
    listed = kept_sheets(s)
    assert {t["id"] for t in s.round("G4")["ballot"]} == {s.ids[f"sheet {cluster}"] for cluster in listed}
    yield
    for who, given in files.consent_of_g4(listed).items():
        s.cast(who, "G4", {s.ids[f"sheet {cluster}"]: choice for cluster, choice in given.items()})


def amend(s: Seminar) -> Half:
    """The first sheet with a reserve is opened again and amended by the rapporteur."""
    yield
    cluster = files.amended(kept_sheets(s))
    sheet = s.ids[f"sheet {cluster}"]
    s.do(RAPPORTEUR, "sheet.turn", sheet=sheet, state="draft")
    seen = s.state["sheets"][sheet]["title"]
    s.do(RAPPORTEUR, "sheet.fill", sheet=sheet, field="title", text=files.AMENDED_TITLE, seen=seen)
    note(s, cluster, "amendment", files.AMENDMENT)
    # Left open: it is frozen with the others when the conclusions are read.


def conclude(s: Seminar) -> Half:
    """All sheets become one version, and the first one has begun already."""
    s.check("G6")
    yield
    s.do(RAPPORTEUR, "sheet.freeze", number=2)
    s.refused(RAPPORTEUR, "sheet.freeze", "changed_meanwhile", number=2)
    first = s.ids[f"sheet {kept_sheets(s)[0]}"]
    s.do(RAPPORTEUR, "sheet.progress", sheet=first, **files.PROGRESS)


def evaluate(s: Seminar) -> Half:
    """Published; then begun again by mistake, and the second epoch thrown away: the figures of the first stay."""
    asked = len(s.round("G8")["questions"])
    yield
    for who, given in files.answers_of_g8(asked).items():
        s.cast(who, "G8", {f"G8.q{number}": score for number, score in given.items()})
    s.end("G8")
    s.publish("G8")
    s.command("reopen", "G8", minutes=3)
    s.check("G8")
    s.cast("P05", "G8", {"G8.q1": 1})
    s.command("void", "G8")
    s.check("G8")
