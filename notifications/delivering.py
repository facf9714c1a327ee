"""What waits for a channel is claimed, sent outside any transaction, and marked.

A worker that dies between sending and marking leaves a claim that runs out; the next one sends again under the same
identifier and counts the repeat. Every mark is bound to the claim it was made under: a worker whose claim ran out
changes nothing any more. Before each sending it is asked once more whether the person may still see the case.
"""

import logging
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone, translation

from casework.clocks.resting import NOT_THE_ROW, leave, rest
from casework.models.resting_row import ClockName
from casework.stages import Stage
from casework.working_time.deadlines import local_day
from notifications import blocking
from notifications.channels.base import Blocked, Channel, Outgoing, Passing, Permanent, Refused
from notifications.messages import case_events_of, letters_of, words_of, words_of_digest, words_of_message
from notifications.models import Address, BlockedChannel, Delivery, Digest, Endpoint, Message, State
from notifications.office_channels import kind_of, road_of
from notifications.sight import readable
from notifications.with_link import SMS, number_of, with_link
from notifications.words import Words

log = logging.getLogger(__name__)

BATCH = 20
# Minutes until the next try; after the last one it is given up and shown to the administrator.
BACK_OFF = (1, 5, 15, 60, 240, 720)
# So many in a row that did not get out, and the whole channel rests for a minute: a road that hangs holds up itself.
# So many letters in a row that were refused, and it is the office that is refused and not the letters.
PATIENCE = 2
REST = timedelta(minutes=1)
LONGEST_ERROR = 300


class Target(NamedTuple):
    """Where a delivery goes to, and what it says there."""

    address: str
    secret: str
    words: Words
    language: str


class Outcome(NamedTuple):
    """What became of a delivery; `SENDING` says that the claim was lost, so that nothing became of it here."""

    state: State
    error: Exception | None = None


def lease() -> timedelta:
    """How long a worker has for what it has claimed."""
    return timedelta(seconds=settings.DELIVERY_LEASE)


def due_channels(*, at: datetime) -> list[str]:
    """The channels that have something to send."""
    blocked = BlockedChannel.objects.filter(endpoint=None, next_try__gt=at).values("channel")
    channels = _due(at).exclude(channel__in=blocked).order_by("channel")
    return list(channels.values_list("channel", flat=True).distinct())


def _due(at: datetime) -> QuerySet[Delivery]:
    resting = Q(endpoint__blocked__next_try__gt=at)
    return Delivery.objects.filter(state__in=(State.WAITING, State.SENDING), due_at__lte=at).exclude(resting)


def deliver(code: str, *, at: datetime | None = None, limit: int = 2000) -> int:
    """Send what waits for a channel; gives how many got out. `at` is for drills: without it the wall clock counts.

    A channel that is blocked is tried with one message; when that gets out, the others follow.
    """
    run = Run(code, road_of(code), at)
    while limit > 0 and (claimed := _claim(code, run.now(), size=blocking.most_at_once(code, run.now(), BATCH))):
        limit -= len(claimed)
        if not run.send_all(claimed):
            break
    return run.sent


class Run:
    """One worker's way through what waits for a channel."""

    def __init__(self, code: str, road: Channel, at: datetime | None) -> None:
        self.code, self.road, self.at = code, road, at
        self.sent = self.in_vain = self.refused = 0
        self.blocked: set[int] = set()  # robots and webhooks

    def now(self) -> datetime:
        return self.at or timezone.now()

    def send_all(self, claimed: list[Delivery]) -> bool:
        """Whether it makes sense to claim more."""
        for number, delivery in enumerate(claimed):
            at = self.now()
            if at >= delivery.due_at:
                return True  # the claim of all of these has run out: they are another worker's
            if delivery.endpoint_id in self.blocked:
                _give_back([delivery], at)
                continue
            outcome = _send(delivery, self.road, at)
            self._count(outcome, delivery)
            if self._is_blocked(outcome, delivery):
                _give_back(claimed[number + 1 :], at)
                return False
            if self.in_vain >= PATIENCE:
                _rest(claimed[number + 1 :], self.code, self.now())
                return False
        return True

    def _count(self, outcome: Outcome, delivery: Delivery) -> None:
        self.sent += outcome.state == State.SENT
        self.in_vain = self.in_vain + 1 if outcome.state == State.WAITING else 0
        self.refused = self.refused + 1 if isinstance(outcome.error, Refused) else 0
        # A robot's group that refuses one letter, or a server that knows no such mailbox, is there and answers.
        is_answered = isinstance(outcome.error, Refused) and delivery.endpoint_id is not None
        if outcome.state in (State.SENT, State.FAILED) or is_answered:
            blocking.unblock(self.code, delivery.endpoint_id)

    def _is_blocked(self, outcome: Outcome, delivery: Delivery) -> bool:
        """Whether the whole channel is blocked; a robot or webhook is alone with its block."""
        error, endpoint = outcome.error, delivery.endpoint_id
        is_blocked = isinstance(error, Blocked) or (
            isinstance(error, Refused)
            and endpoint is None
            and (self.refused >= PATIENCE or blocking.is_known(self.code, None))
        )
        if not is_blocked or outcome.state == State.SENDING:
            return False
        at = self.now()
        blocking.block(self.code, endpoint, str(error)[:LONGEST_ERROR], at=at)
        # Not this letter's fault, as it turns out: it goes to the end of those that wait, its try is given back.
        refused = Delivery.objects.filter(pk=delivery.pk, state=State.WAITING, tries=delivery.tries)
        refused.update(tries=F("tries") - 1, due_at=at)
        if endpoint is None:
            return True
        self.blocked.add(endpoint)
        self.in_vain = self.refused = 0
        return False


@transaction.atomic
def _claim(code: str, at: datetime, *, size: int) -> list[Delivery]:
    due = _due(at).select_for_update(skip_locked=True, of=("self",)).filter(channel=code)
    claimed = list(due.order_by("due_at", "id")[:size])
    left_over = [one.pk for one in claimed if one.state == State.SENDING]
    Delivery.objects.filter(pk__in=left_over).update(repeats=F("repeats") + 1)
    Delivery.objects.filter(pk__in=[one.pk for one in claimed]).update(
        state=State.SENDING, due_at=at + lease(), tries=F("tries") + 1
    )
    for one in claimed:
        one.state, one.due_at, one.tries = State.SENDING, at + lease(), one.tries + 1
    _close({one.digest_id for one in claimed if one.digest_id}, at)
    return claimed


def _close(digests: set[int], at: datetime) -> None:
    """From now on nothing joins these digests. Locked, so that whoever is just adding a message has finished."""
    if digests:
        pks = [one.pk for one in Digest.objects.select_for_update().filter(pk__in=digests).order_by("person", "pk")]
        Digest.objects.filter(pk__in=pks, closed_at=None).update(closed_at=at)


def _send(delivery: Delivery, road: Channel, at: datetime) -> Outcome:
    try:
        target = _target(delivery, at=at)
        if target is None:
            return Outcome(_mark(delivery, State.CANCELLED, at))
        road.send(_outgoing(delivery, target))
    except Permanent as error:
        state = _mark(delivery, State.FAILED, at, str(error))
        if state == State.FAILED:
            _let_rest(delivery, str(error), at)
        return Outcome(state, error)
    except Blocked as error:
        return Outcome(_give_back([delivery], at, str(error)), error)
    except Passing as error:
        return Outcome(_later(delivery, str(error), at), error)
    except NOT_THE_ROW:
        raise
    except Exception as error:  # a fault of ours must not hold up what waits behind it
        rest(ClockName.DELIVERIES, delivery.pk, error, at=at, case=_case_of(delivery))
        return Outcome(_later(delivery, type(error).__name__, at), error)
    return Outcome(_mark(delivery, State.SENT, at))


def _outgoing(delivery: Delivery, target: Target) -> Outgoing:
    return Outgoing(
        identifier=delivery.identifier,
        address=target.address,
        subject=target.words.subject,
        text=target.words.text,
        url=target.words.url,
        secret=target.secret,
        language=target.language,
    )


def _target(delivery: Delivery, *, at: datetime) -> Target | None:
    """None when there is nobody any more: the person left, the address was taken away, nothing is left to tell."""
    if delivery.endpoint_id is not None:
        endpoint, event = delivery.endpoint, delivery.event
        if endpoint is None or event is None or endpoint.failed_at or event.case.stage == Stage.REFERRED:
            return None
        language = "zh-hans"
        with translation.override(language):
            return Target(endpoint.address, endpoint.secret, words_of(event), language)
    on, kind = local_day(at), kind_of(delivery.channel)
    messages = _messages(delivery, on)
    if not messages:
        return None
    person, is_one = messages[0].person, delivery.digest_id is None
    entered = Address.objects.filter(person=person, channel=kind).first()
    if entered is not None:
        address = "" if entered.failed_at else entered.address
    else:
        address = number_of(messages[0]) if kind == SMS and is_one else ""
    if not address:
        return None
    language = person.language or "zh-hans"
    with translation.override(language):
        letters = letters_of(case_events_of(messages), reader=person, on=on)
        if delivery.digest_id is not None:
            words = words_of_digest(messages, letters=letters)
        else:
            words = words_of_message(messages[0], letters=letters)
        if kind == SMS and is_one:
            words = with_link(words, messages[0], at=at)
    return Target(address, "", words, language)


def _messages(delivery: Delivery, on: date) -> list[Message]:
    """What this delivery tells, without what the person may no longer see."""
    if delivery.digest_id is not None:
        told = Message.objects.filter(digest=delivery.digest_id, read_at=None)
    else:
        told = Message.objects.filter(deliveries=delivery)
    needs = ("person", "event__case__village", "event__case__item", "office_event")
    messages = list(told.select_related(*needs).order_by("id"))
    if not messages or not messages[0].person.is_active:
        return []
    return readable(messages, messages[0].person, on)


def _case_of(delivery: Delivery) -> int | None:
    if delivery.event is not None:
        return delivery.event.case_id
    return delivery.message.case_id if delivery.message else None


def _mine(delivery: Delivery) -> QuerySet[Delivery]:
    """The delivery as long as it is claimed by this worker; none once another has taken it over."""
    return Delivery.objects.filter(pk=delivery.pk, state=State.SENDING, due_at=delivery.due_at)


def _mark(delivery: Delivery, state: State, at: datetime, error: str = "") -> State:
    kept = _mine(delivery).update(state=state, sent_at=at if state == State.SENT else None, error=error[:LONGEST_ERROR])
    if kept and delivery.tries > 1:
        leave(ClockName.DELIVERIES, [delivery.pk])
    return state if kept else State.SENDING


def _later(delivery: Delivery, error: str, at: datetime) -> State:
    if delivery.tries > len(BACK_OFF):
        return _mark(delivery, State.PARKED, at, error)
    kept = _mine(delivery).update(
        state=State.WAITING,
        due_at=at + timedelta(minutes=BACK_OFF[delivery.tries - 1]),
        error=error[:LONGEST_ERROR],
    )
    return State.WAITING if kept else State.SENDING


def _give_back(claimed: list[Delivery], at: datetime, error: str = "") -> State:
    """What was claimed and is none's fault waits as if it had not been tried."""
    kept = 0
    for one in claimed:
        kept += _mine(one).update(
            state=State.WAITING, tries=F("tries") - 1, due_at=at, error=error[:LONGEST_ERROR] or F("error")
        )
    return State.WAITING if kept else State.SENDING


def _let_rest(delivery: Delivery, error: str, at: datetime) -> None:
    """An address that is refused for good is not tried again; its owner and the administrator see why."""
    failed = {"failed_at": at, "error": error[:LONGEST_ERROR]}
    if delivery.endpoint_id is not None:
        Endpoint.objects.filter(pk=delivery.endpoint_id).update(**failed)
        return
    person = delivery.message.person_id if delivery.message else delivery.digest.person_id if delivery.digest else None
    Address.objects.filter(person=person, channel=kind_of(delivery.channel)).update(**failed)


def _rest(claimed: list[Delivery], code: str, at: datetime) -> None:
    """Give back what was claimed and not tried, and let all that waits for this channel wait for a minute more."""
    _give_back(claimed, at)
    _due(at).filter(channel=code, state=State.WAITING).update(due_at=at + REST)
