"""Which messages their reader may still read: whoever lost a case out of sight, or left a post, is told no more of it."""

from collections.abc import Sequence
from datetime import date

from casework.models import Person
from casework.queries import visible
from notifications.models import Message
from notifications.office_news import still_told


def readable(messages: Sequence[Message], person: Person, on: date) -> list[Message]:
    """Those of a person's messages that may still be read today. Two queries, however many they are."""
    cases = {message.case_id for message in messages if message.case_id is not None}
    seen = set(visible(person, on).filter(pk__in=cases).values_list("pk", flat=True)) if cases else set()
    office = [message.pk for message in messages if message.office_event_id is not None]
    told = Message.objects.filter(still_told(person, on), pk__in=office).values_list("pk", flat=True) if office else ()
    kept = set(told)
    return [message for message in messages if message.case_id in seen or message.pk in kept]
