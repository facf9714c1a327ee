"""Channels that are blocked as a whole: said once to whoever watches, tried with one message at a time, and free again
with the first one that gets out.
"""

import logging
from datetime import datetime, timedelta

from notifications.models import BlockedChannel

log = logging.getLogger(__name__)

# A limit is often over within minutes; one that lasts is asked about less and less.
RESTS = (
    (timedelta(minutes=15), timedelta(minutes=1)),
    (timedelta(hours=2), timedelta(minutes=5)),
    (timedelta.max, timedelta(minutes=15)),
)


def block(code: str, endpoint: int | None, error: str, *, at: datetime) -> None:
    """Let it rest; the longer it has been blocked, the longer."""
    row = BlockedChannel.objects.filter(channel=code, endpoint=endpoint).first()
    is_new = row is None
    if row is None:
        row = BlockedChannel(channel=code, endpoint_id=endpoint, since=at, error=error, next_try=at)
        # Another worker may have met the same.
        BlockedChannel.objects.bulk_create([row], ignore_conflicts=True)
    if is_new:
        log.warning("channel %s is blocked%s: %s", code, f" at endpoint {endpoint}" if endpoint else "", error)
    rest = next(rest for lasting, rest in RESTS if at - row.since < lasting)
    BlockedChannel.objects.filter(channel=code, endpoint=endpoint).update(error=error, next_try=at + rest)


def unblock(code: str, endpoint: int | None) -> None:
    """Something got out."""
    if BlockedChannel.objects.filter(channel=code, endpoint=endpoint).delete()[0]:
        log.warning("channel %s works again%s", code, f" at endpoint {endpoint}" if endpoint else "")


def is_known(code: str, endpoint: int | None) -> bool:
    return BlockedChannel.objects.filter(channel=code, endpoint=endpoint).exists()


def most_at_once(code: str, at: datetime, usual: int) -> int:
    """How many may be claimed: none while the channel rests, one to try whether it works again."""
    row = BlockedChannel.objects.filter(channel=code, endpoint=None).first()
    if row is None:
        return usual
    return 1 if row.next_try <= at else 0
