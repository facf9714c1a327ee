"""From the outbox to the people: events become messages and deliveries, each once, in one transaction a batch."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from casework.clocks.resting import in_batches
from casework.database.bulk_sql import insert
from casework.events import UNDO_FOR, UNDOABLE_KINDS
from casework.models import CaseEvent, OfficeEvent
from casework.models.resting_row import ClockName
from casework.working_time.deadlines import LOCAL, local_day
from notifications.audience import Listener, listeners
from notifications.events import telling_of
from notifications.models import Address, Delivery, Digest, Endpoint, Message, Preference
from notifications.office_channels import through_offices
from notifications.office_news import office_listeners, telling_of_office
from notifications.with_link import SMS, is_assignment, numbers_besides

BATCH = 500
# A digest that is opened so late would go out at once: it is the next day's.
CLOSED_BEFORE = timedelta(minutes=5)


class Wishes(NamedTuple):
    wants_digest: bool = True
    digest_at: time = time(8)
    quiet_from: time = time(21)
    quiet_until: time = time(7)


def announce(*, at: datetime, batch: int = BATCH) -> int:
    """Tell everybody of what nobody has been told yet, once it can't be undone any more; gives the number of events."""
    untold = (
        CaseEvent.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(announced_at=None)
        .exclude(kind__in=UNDOABLE_KINDS, at__gt=at - UNDO_FOR)
        .select_related("case__village", "case__referral")
        .order_by("id")
    )
    return in_batches(ClockName.MESSAGES, untold, lambda events: _announce(events, at), at=at, size=batch)


def _announce(events: Sequence[CaseEvent], at: datetime) -> None:
    heard = listeners(events, on=local_day(at))
    messages, news = [], []
    for event in events:
        for one in heard[event.pk]:
            message = Message(
                person_id=one.person,
                event=event,
                case_id=event.case_id,
                unit_id=one.unit,
                is_copy=one.is_copy,
                is_mentioned=one.is_mentioned,
                at=at,
            )
            messages.append(message)
            if (telling_of(event).digest or one.is_follower) and not one.is_mentioned:
                news.append(message)
    hand_out(messages, news, at)
    _tell_units(events, heard, at)
    CaseEvent.objects.filter(pk__in=[event.pk for event in events]).update(announced_at=at)


def announce_office(*, at: datetime, batch: int = BATCH) -> int:
    """Tell of what happened at the offices' desk; gives the number of events."""
    untold = OfficeEvent.objects.select_for_update(skip_locked=True, of=("self",)).filter(announced_at=None)
    return in_batches(
        ClockName.OFFICE_MESSAGES, untold.order_by("id"), lambda events: _announce_office(events, at), at=at, size=batch
    )


def _announce_office(events: Sequence[OfficeEvent], at: datetime) -> None:
    heard = office_listeners(events, on=local_day(at))
    told = [
        (Message(person_id=person, office_event=event, unit_id=event.unit_id, at=at), telling_of_office(event).digest)
        for event in events
        for person in heard[event.pk]
    ]
    hand_out([message for message, _can_wait in told], [message for message, can_wait in told if can_wait], at)
    OfficeEvent.objects.filter(pk__in=[event.pk for event in events]).update(announced_at=at)


def hand_out(messages: list[Message], news: list[Message], at: datetime) -> None:
    """Write the messages. What is only news joins the person's digest; the others go out by each channel at once."""
    by_person = _addresses({message.person_id for message in messages}, at)
    by_number = dict(through_offices([(one, SMS) for one in numbers_besides(messages, local_day(at))], local_day(at)))
    wishes = _wishes(by_person.keys() | by_number.keys())
    _put_into_digests(news, {person: wishes[person] for person in by_person}, at)
    insert(messages)
    insert(
        [
            Delivery(message_id=message.pk, channel=channel, due_at=after_quiet(at, wishes[message.person_id]))
            for message in messages
            if message.digest_id is None
            for channel in _ways(message, by_person, by_number)
        ]
    )


def _ways(message: Message, by_person: dict[int, list[str]], by_number: dict[int, str]) -> list[str]:
    """The channels of this message; an assignment goes to the account's number as well (with_link.py)."""
    ways = by_person.get(message.person_id, [])
    return [*ways, by_number[message.person_id]] if message.person_id in by_number and is_assignment(message) else ways


def _addresses(people: set[int], at: datetime) -> dict[int, list[str]]:
    """The channels by which these people can be reached; those without any read in the application."""
    found: dict[int, list[str]] = {}
    rows = Address.objects.filter(person__in=people, failed_at=None).values_list("person", "channel")
    for person, channel in through_offices(list(rows), local_day(at)):
        found.setdefault(person, []).append(channel)
    return found


def _wishes(people: set[int]) -> dict[int, Wishes]:
    rows = Preference.objects.filter(person__in=people).values_list("person", *Wishes._fields)
    chosen = {person: Wishes(*values) for person, *values in rows}
    return {person: chosen.get(person, Wishes()) for person in people}


def _put_into_digests(news: list[Message], wishes: dict[int, Wishes], at: datetime) -> None:
    """Every message that can wait joins the digest of its person that is still open, or opens the next one."""
    waiting = [message for message in news if message.person_id in wishes and wishes[message.person_id].wants_digest]
    people = {message.person_id for message in waiting}
    moments = {person: digest_moment(at, wishes[person]) for person in people}
    digests = _open_digests(moments)
    for message in waiting:
        message.digest_id = digests[message.person_id].pk
    addresses = _addresses(people, at)
    Delivery.objects.bulk_create(
        [
            Delivery(digest=digest, channel=channel, due_at=moments[person])
            for person, digest in digests.items()
            for channel in addresses[person]
        ],
        ignore_conflicts=True,
    )


def _open_digests(moments: dict[int, datetime]) -> dict[int, Digest]:
    """The open digest of each of these people, locked: it can't be claimed before what joins it now is written."""
    found: dict[int, Digest] = {}
    while missing := sorted(moments.keys() - found.keys()):
        Digest.objects.bulk_create(
            [Digest(person_id=person, day=local_day(moments[person])) for person in missing], ignore_conflicts=True
        )
        # One that is claimed at this moment is closed by now, and not among these: then another is opened.
        locked = Digest.objects.select_for_update().filter(person__in=missing, closed_at=None).order_by("person")
        found |= {digest.person_id: digest for digest in locked}
    return found


def _tell_units(events: Sequence[CaseEvent], heard: dict[int, list[Listener]], at: datetime) -> None:
    """What is addressed to a unit (not its copies) goes to the unit's robots and webhooks too."""
    units = {
        event.pk: {one.unit for one in heard[event.pk] if one.unit and not one.is_copy}
        for event in events
        if telling_of(event).units
    }
    endpoints = Endpoint.objects.filter(unit__in={unit for found in units.values() for unit in found}, failed_at=None)
    by_unit: dict[int, list[Endpoint]] = {}
    for endpoint in endpoints:
        by_unit.setdefault(endpoint.unit_id, []).append(endpoint)
    Delivery.objects.bulk_create(
        [
            Delivery(event_id=event, endpoint=endpoint, channel=endpoint.channel, due_at=at)
            for event, found in units.items()
            for unit in sorted(found)
            for endpoint in by_unit.get(unit, ())
        ]
    )


def digest_moment(at: datetime, wishes: Wishes) -> datetime:
    """When the digest goes out that a message of this moment still gets into."""
    day = local_day(at)
    moment = datetime.combine(day, wishes.digest_at, LOCAL)
    if at > moment - CLOSED_BEFORE:
        moment = datetime.combine(day + timedelta(days=1), wishes.digest_at, LOCAL)
    return after_quiet(moment, wishes)


def after_quiet(at: datetime, wishes: Wishes) -> datetime:
    """This moment, or the end of the quiet hours that it falls into."""
    local = at.astimezone(LOCAL)
    start, end, now = wishes.quiet_from, wishes.quiet_until, local.time()
    if start == end:
        return at
    is_quiet = start <= now < end if start < end else now >= start or now < end
    if not is_quiet:
        return at
    day = local.date() + timedelta(days=1 if now >= start and start > end else 0)
    return datetime.combine(day, end, LOCAL)
