"""What waits for a channel is claimed, sent outside any transaction, and marked.

A worker that dies between sending and marking leaves a claim that runs out; the next one sends again under the same
identifier and counts the repeat. Before each sending it is asked once more whether the person may still see the case.
"""

import logging
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone, translation

from casework.models import Person
from casework.queries import visible
from casework.stages import Stage
from casework.working_time.deadlines import local_day
from notifications.channels import channel as channel_of
from notifications.channels.base import Channel, Outgoing, Passing, Permanent
from notifications.messages import Words, words_of, words_of_digest
from notifications.models import Address, Delivery, Endpoint, Message, State

log = logging.getLogger(__name__)

BATCH = 20
# Minutes until the next try; after the last one it is given up and shown to the administrator.
BACK_OFF = (1, 5, 15, 60, 240, 720)
# So many in a row that did not get out, and the whole channel rests for a minute: a road that hangs holds up itself.
PATIENCE = 2
REST = timedelta(minutes=1)
LONGEST_ERROR = 300


class Target(NamedTuple):
    """Where a delivery goes to, and what it says there."""

    address: str
    secret: str
    words: Words
    language: str


def lease() -> timedelta:
    """How long a worker has for what it has claimed."""
    return timedelta(seconds=settings.DELIVERY_LEASE)


def due_channels(*, at: datetime) -> list[str]:
    """The channels that have something to send."""
    return list(_due(at).order_by("channel").values_list("channel", flat=True).distinct())


def _due(at: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(state__in=(State.WAITING, State.SENDING), due_at__lte=at)


def deliver(code: str, *, at: datetime | None = None, limit: int = 2000) -> int:
    """Send what waits for a channel; gives how many got out. `at` is for drills: without it the wall clock counts."""
    road, sent, in_vain = channel_of(code), 0, 0
    while limit > 0 and (claimed := _claim(code, at or timezone.now())):
        limit -= len(claimed)
        for number, delivery in enumerate(claimed):
            outcome = _send(delivery, road, at or timezone.now())
            sent += outcome == State.SENT
            in_vain = in_vain + 1 if outcome == State.WAITING else 0
            if in_vain >= PATIENCE:
                _rest([one.pk for one in claimed[number + 1 :]], code, at or timezone.now())
                return sent
    return sent


@transaction.atomic
def _claim(code: str, at: datetime) -> list[Delivery]:
    claimed = list(_due(at).select_for_update(skip_locked=True).filter(channel=code).order_by("due_at", "id")[:BATCH])
    left_over = [one.pk for one in claimed if one.state == State.SENDING]
    Delivery.objects.filter(pk__in=left_over).update(repeats=F("repeats") + 1)
    Delivery.objects.filter(pk__in=[one.pk for one in claimed]).update(
        state=State.SENDING, due_at=at + lease(), tries=F("tries") + 1
    )
    for one in claimed:
        one.tries += 1
    return claimed


def _send(delivery: Delivery, road: Channel, at: datetime) -> State:
    target = _target(delivery, on=local_day(at))
    if target is None:
        return _mark(delivery, State.CANCELLED, at)
    message = Outgoing(
        identifier=delivery.identifier,
        address=target.address,
        subject=target.words.subject,
        text=target.words.text,
        url=target.words.url,
        secret=target.secret,
        language=target.language,
    )
    try:
        road.send(message)
    except Permanent as error:
        _let_rest(delivery, str(error), at)
        return _mark(delivery, State.FAILED, at, str(error))
    except Passing as error:
        return _later(delivery, str(error), at)
    except Exception as error:  # a fault of ours must not hold up what waits behind it
        log.exception("delivery %s by %s failed", delivery.pk, delivery.channel)
        return _later(delivery, type(error).__name__, at)
    return _mark(delivery, State.SENT, at)


def _target(delivery: Delivery, *, on: date) -> Target | None:
    """None when there is nobody any more: the person left, the address was taken away, nothing is left to tell."""
    if delivery.endpoint_id is not None:
        endpoint, event = delivery.endpoint, delivery.event
        if endpoint is None or event is None or endpoint.failed_at or event.case.stage == Stage.REFERRED:
            return None
        language = "zh-hans"
        with translation.override(language):
            return Target(endpoint.address, endpoint.secret, words_of(event), language)
    messages = _messages(delivery, on)
    if not messages:
        return None
    person = messages[0].person
    address = Address.objects.filter(person=person, channel=delivery.channel, failed_at=None).first()
    if address is None:
        return None
    language = person.language or "zh-hans"
    with translation.override(language):
        if delivery.digest_id is not None:
            words = words_of_digest(messages)
        else:
            words = words_of(messages[0].event, is_copy=messages[0].is_copy)
    return Target(address.address, "", words, language)


def _messages(delivery: Delivery, on: date) -> list[Message]:
    """What this delivery tells, without the cases that the person may no longer see."""
    if delivery.digest_id is not None:
        told = Message.objects.filter(digest=delivery.digest_id, read_at=None)
    else:
        told = Message.objects.filter(deliveries=delivery)
    messages = list(told.select_related("person", "event__case__village", "event__case__item").order_by("id"))
    if not messages or not messages[0].person.is_active:
        return []
    person: Person = messages[0].person
    cases = {message.case_id for message in messages}
    seen = set(visible(person, on).filter(pk__in=cases).values_list("pk", flat=True))
    return [message for message in messages if message.case_id in seen]


def _mark(delivery: Delivery, state: State, at: datetime, error: str = "") -> State:
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state, sent_at=at if state == State.SENT else None, error=error[:LONGEST_ERROR]
    )
    return state


def _later(delivery: Delivery, error: str, at: datetime) -> State:
    if delivery.tries > len(BACK_OFF):
        return _mark(delivery, State.PARKED, at, error)
    Delivery.objects.filter(pk=delivery.pk).update(
        state=State.WAITING,
        due_at=at + timedelta(minutes=BACK_OFF[delivery.tries - 1]),
        error=error[:LONGEST_ERROR],
    )
    return State.WAITING


def _let_rest(delivery: Delivery, error: str, at: datetime) -> None:
    """An address that is refused for good is not tried again; its owner and the administrator see why."""
    failed = {"failed_at": at, "error": error[:LONGEST_ERROR]}
    if delivery.endpoint_id is not None:
        Endpoint.objects.filter(pk=delivery.endpoint_id).update(**failed)
        return
    person = delivery.message.person_id if delivery.message else delivery.digest.person_id if delivery.digest else None
    Address.objects.filter(person=person, channel=delivery.channel).update(**failed)


def _rest(claimed: list[int], code: str, at: datetime) -> None:
    """Give back what was claimed and not tried, and let all that waits for this channel wait for a minute more."""
    Delivery.objects.filter(pk__in=claimed).update(state=State.WAITING, tries=F("tries") - 1, due_at=at + REST)
    _due(at).filter(channel=code, state=State.WAITING).update(due_at=at + REST)
