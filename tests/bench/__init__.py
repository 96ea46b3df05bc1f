"""`make bench`: what an operation costs here and in three relays that keep nothing, side by side in one run."""
