"""Ways of voting: each method checks a whole ballot and counts many. Pure; ties are shown as ties and never cut.

A method is two functions. `check(choices, round_, targets)` raises Rejected; `value(choice)` says what one choice adds to its
target's total. What a method cannot do is refused before its round starts, never after people voted.
"""

from __future__ import annotations

from app.domain.counting import approval, consent, points, scores
from app.domain.counting.method import Method

METHODS: dict[str, Method] = {
    "points": points.METHOD,
    "approval": approval.METHOD,
    "score_1_5": scores.METHOD,
    "consent": consent.METHOD,
}
