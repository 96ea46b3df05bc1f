"""`python -m tests.bench.seed_board CARDS`: a workshop of 44 people around a whole board; prints the facilitator's link."""

from __future__ import annotations

import json
import sys

import config
import wsgi  # before `app`: it prepares the engine
from app import banner, workshops
from app.imports import FILES
from tests.bench.whole_board import board


def main(cards: int) -> None:
    app, _ = wsgi.build(config.from_environment())
    with app.app_context():
        plan = workshops.plan_from(workshops.niamey_files(*FILES))
        made = workshops.create_from(board(cards), plan.people)
        links = workshops.links_of(made, banner.address(app.config["SETTINGS"]))
    print(json.dumps({"facilitator": links["facilitator"]}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
