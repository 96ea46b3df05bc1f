"""The digest: published vectors of FNV-1a, and the same value kept step by step as computed afresh."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.changes import Change, applied, patch, project, put, remove, visible
from app.domain.digest import Digest, fnv1a
from app.domain.records import empty_state
from tests.replica import Replica

VIEWS = (frozenset({"all"}), frozenset({"all", "staff"}), frozenset({"all", "table:T1"}))
AUDIENCES = st.sampled_from(["all", "staff", "table:T1"])


def test_fnv1a_gives_the_published_values() -> None:
    # http://www.isthe.com/chongo/tech/comp/fnv/ : 32-bit FNV-1a of "", "a", "foobar"
    assert [fnv1a(text) for text in ("", "a", "foobar")] == [0x811C9DC5, 0xE40C292C, 0xBF9CF968]


@given(st.lists(st.tuples(st.sampled_from("abcde"), AUDIENCES, st.booleans()), max_size=40))
def test_frames_applied_to_the_old_view_equal_the_new_view_fetched(
    steps: list[tuple[str, str, bool]],
) -> None:
    state, digest = empty_state(), Digest.of_state(empty_state())
    replicas = {view: Replica() for view in VIEWS}
    for head, (record_id, audience, leave) in enumerate(steps, 1):
        changes = [step(state, record_id, audience, leave)]
        before, state = state, applied(state, changes)
        digest = digest.moved(before, state, changes)
        for view, replica in replicas.items():
            wire = [w for change in changes if (w := project(change, view))]
            replica.receive(
                {"from": replica.head, "to": head, "reset": False, "generation": 0, "changes": wire}
            )
    for view, replica in replicas.items():
        fetched = {record["id"]: record for _, _, record in visible(state, view)}
        assert {card["id"]: card for card in replica.all("cards")} == fetched
        assert replica.digest() == digest.of(view) == Digest.of_state(state).of(view)


def step(
    state: dict[str, dict[str, dict[str, object]]], record_id: str, audience: str, leave: bool
) -> Change:
    record = state["cards"].get(record_id)
    if record is None:
        return put("cards", {"id": record_id, "audience": audience})
    return remove("cards", record) if leave else patch("cards", record, audience=audience)
