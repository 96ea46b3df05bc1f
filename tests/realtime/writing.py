"""A sealed round from its start to its publication, by whichever road its people come."""

from __future__ import annotations

from collections.abc import Sequence

from tests.client import Client, card, op


def write_a_round(facilitator: Client, writers: Sequence[Client], round_id: str) -> None:
    """Each writes one card, and everybody sees them all."""
    facilitator.command("start", round_id)
    for number, writer in enumerate(writers):
        writer.wait(lambda writer=writer: writer.round(round_id)["state"] == "running")
        round_ = writer.round(round_id)
        assert writer.welcome
        factors = (round_["scope"] or {}).get(writer.welcome["you"]["table"]) or round_["factors"]
        (answer,) = writer.send(op("card.post", **card(round_, factors[0], f"{round_id} {number}")))
        assert answer.get("sealed"), answer
    facilitator.command("close", round_id)
    facilitator.command("publish", round_id)
    for client in (facilitator, *writers):
        client.wait(lambda client=client: client.replica.head >= facilitator.replica.head)
        shown = [one["text"] for one in client.replica.all("cards") if one["round"] == round_id]
        assert sorted(shown) == [f"{round_id} {number}" for number in range(len(writers))]
