"""The Celery shells of the notifications' clocks: they call and decide nothing."""

from celery import shared_task
from django.utils import timezone

from casework.clocks.waking import wake
from notifications.announcing import announce as announce_at
from notifications.announcing import announce_office
from notifications.delivering import deliver as deliver_by
from notifications.delivering import due_channels
from notifications.sign_in_texts import send_code_by_sms, send_link_by_sms


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


@shared_task
def send_sign_in_code(key: int) -> None:
    send_code_by_sms(key, at=timezone.now())


@shared_task
def send_sign_in_link(key: int) -> None:
    send_link_by_sms(key, at=timezone.now())
