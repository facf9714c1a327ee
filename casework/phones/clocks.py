"""From when on the clock of a phone counts as wrong."""

from datetime import timedelta

# What is less may be the way of the entry, and misleads nobody.
MARKED_FROM = timedelta(hours=1)
