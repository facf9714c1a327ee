"""The Celery shells of the notifications' clocks: they call and decide nothing."""

from celery import shared_task
from django.utils import timezone

from casework.waking import wake
from notifications.announcing import announce as announce_at
from notifications.announcing import announce_office
from notifications.delivering import deliver as deliver_by
from notifications.delivering import due_channels


@shared_task
def announce() -> None:
    """Turn what nobody has been told yet into messages, and wake the channels that have something to send."""
    at = timezone.now()
    announce_at(at=at)
    announce_office(at=at)
    for code in due_channels(at=at):
        wake("notifications.tasks.deliver", code)


@shared_task
def deliver(code: str) -> None:
    """Send what waits for one channel."""
    deliver_by(code)
