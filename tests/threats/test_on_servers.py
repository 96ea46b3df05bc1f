"""F06, O02, P13, S09, S13, S16, S27, S36, B02: rows of the pages, asked once more on each database, as all of this folder."""

from __future__ import annotations

from tests.pages.test_door import (
    test_b02_a_full_door_takes_no_more,
    test_o02_guessing_is_slowed_down_and_people_with_the_right_code_still_come_in,
    test_p13_leaving_closes_the_seat_in_this_browser,
)
from tests.pages.test_pages import (
    test_s27_no_form_is_taken_without_its_token,
    test_s36_a_forged_host_adds_nothing_to_the_policy,
)
from tests.pages.test_workshops import (
    test_f06_nothing_is_exported_while_an_urn_is_unopened,
    test_s09_a_body_larger_than_a_frame_is_refused,
    test_s13_what_is_not_a_frame_is_refused_before_any_rule,
    test_s16_a_flood_from_one_seat_is_slowed_down_and_another_seat_is_not,
)

__all__ = [
    "test_b02_a_full_door_takes_no_more",
    "test_f06_nothing_is_exported_while_an_urn_is_unopened",
    "test_o02_guessing_is_slowed_down_and_people_with_the_right_code_still_come_in",
    "test_p13_leaving_closes_the_seat_in_this_browser",
    "test_s09_a_body_larger_than_a_frame_is_refused",
    "test_s13_what_is_not_a_frame_is_refused_before_any_rule",
    "test_s16_a_flood_from_one_seat_is_slowed_down_and_another_seat_is_not",
    "test_s27_no_form_is_taken_without_its_token",
    "test_s36_a_forged_host_adds_nothing_to_the_policy",
]
