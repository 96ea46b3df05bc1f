"""What the exports of the two days must say, reckoned from the CSV files and the drawn votes alone.

Nothing of the application is imported: every figure is worked out here a second time, in the plainest way that fits, from the
published rule (decision 12 for the sides) or the published method. Records are called by their ids in the files.
"""

from tests.niamey.reckoning.cards import card_rows
from tests.niamey.reckoning.clusters import cluster_rows, merge_rows
from tests.niamey.reckoning.comments import comment_rows
from tests.niamey.reckoning.flat import flat_rows
from tests.niamey.reckoning.results import hand_rows, vote_rows
from tests.niamey.reckoning.sheets import note_rows, progress_rows, sheet_rows

__all__ = [
    "card_rows",
    "cluster_rows",
    "comment_rows",
    "flat_rows",
    "hand_rows",
    "merge_rows",
    "note_rows",
    "progress_rows",
    "sheet_rows",
    "vote_rows",
]
