"""The SMS of an assignment to a village's committee carries the link to sign in: one message, for people who open no
settings. It goes to the number that their account has, unless they chose by which ways they are reached.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from casework.errors import Invalid
from casework.models import Person
from casework.models.case_event import EventKind
from casework.offices.sign_in_links import handle_of, link_along, refusal_by_code
from casework.rights.held_posts import read_posts
from casework.values.short_codes import code_of
from notifications.channels import channel
from notifications.models import Address, Message, Preference
from notifications.words import Words

SMS = "sms"
KINDS = frozenset({EventKind.ASSIGNED, EventKind.REASSIGNED})


def is_assignment(message: Message) -> bool:
    """Whether somebody is told by it that a case is theirs from now on."""
    return message.event is not None and message.event.kind in KINDS and not message.is_copy


def numbers_besides(messages: Iterable[Message], on: date) -> set[int]:
    """Of the people who are told of an assignment those who get it by SMS although they entered no address: they sign in
    by a code, their account has a number, and they have chosen no other way. Some queries, however many they are, and
    none where no SMS is set up.
    """
    told = {message.person_id for message in messages if is_assignment(message)} if settings.SMS_GATEWAY_URL else set()
    if not told:
        return set()
    chose = Preference.objects.filter(person__in=told).values("person")
    has_one = Address.objects.filter(person__in=told, channel=SMS).values("person")
    people = list(
        Person.objects.filter(pk__in=told, is_active=True)
        .exclude(phone=None)
        .exclude(phone="")
        .exclude(pk__in=chose)
        .exclude(pk__in=has_one)
    )
    read_posts(people, on)
    by_key = {person.pk: person for person in people}
    return {
        person.pk
        for message in messages
        if is_assignment(message) and (person := by_key.get(message.person_id)) is not None
        if message.event is not None and refusal_by_code(person, message.event.case.village, on=on) is None
    }


def number_of(message: Message) -> str:
    """The number to which an assignment goes by SMS where its person entered none."""
    if not is_assignment(message):
        return ""
    try:
        return channel(SMS).check_address(message.person.phone or "")
    except Invalid:  # a telephone of the village's office
        return ""


def with_link(words: Words, message: Message, *, at: datetime) -> Words:
    """The words of an assignment with the link in front, because an SMS is cut at its end; else as they are."""
    event = message.event
    if event is None or not is_assignment(message) or not settings.SMS_GATEWAY_URL:
        return words
    link = link_along(person=message.person, village=event.case.village, by=event.by, at=at)
    if link is None:
        return words
    url = settings.SITE_URL + reverse("sign_in_to_case", args=[handle_of(link), code_of(event.case_id)])
    said = gettext("Open %(url)s and ask there for a code.") % {"url": url}
    return words._replace(text=f"{said}\n{words.text}")
