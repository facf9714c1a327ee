"""The moment at which the real clocks run: this machine's, as long as the database's clock agrees.

Letters that were issued a day early can't be taken back. A worker whose clock has jumped does nothing and says so; its
silence is shown to the office. What was done already is never repeated, whatever the clock says: each step has its key.
"""

import logging
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

# Clocks of two machines differ by seconds; a quarter of an hour is what `silent_since` allows as well.
FURTHEST_APART = timedelta(minutes=15)
logger = logging.getLogger(__name__)


def agreed_now() -> datetime | None:
    """Now, or None when the database's clock says otherwise."""
    at, other = timezone.now(), database_now()
    if abs(at - other) <= FURTHEST_APART:
        return at
    logger.error("This machine's clock says %s, the database's %s: nothing is done until they agree.", at, other)
    return None


def database_now() -> datetime:
    """The database's own clock. SQLite has none but this machine's."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
