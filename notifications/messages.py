"""Event → subject and text, in the reader's language. Nothing in it names a person, but for the words
of a comment: who did what stands on the page.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from casework.models import CaseEvent, Letter, Person
from casework.models.category import local_name
from casework.rights.letter_rights import letters_visible_to
from casework.values.days_in_words import exact_day
from notifications.events import telling_of
from notifications.models import Message
from notifications.office_news import page_of_office, words_of_office
from notifications.talk import Said, said_in
from notifications.words import Words


def words_of(
    event: CaseEvent,
    *,
    is_copy: bool = False,
    is_mentioned: bool = False,
    letters: Mapping[int, int] | None = None,
    said: Mapping[int, Said] | None = None,
) -> Words:
    """Subject, text and address of what is told of an event, in the language that is active.

    What is about a letter or a comment leads to it; `letters` and `said` are those of many events, as `letters_of` and
    `said_in` give them.
    """
    telling, case = telling_of(event), event.case
    if letters is None:
        letters = letters_of([event])
    if said is None:
        said = said_in([event])
    subject = gettext("%(title)s: %(number)s %(village)s") % {
        "title": telling.mention if is_mentioned and telling.mention else telling.title,
        "number": case.number,
        "village": case.village.name,
    }
    if is_copy:
        subject = gettext("Copy: %(subject)s") % {"subject": subject}
    comment = said.get(event.pk)
    lines = [comment.beginning if comment else local_name(case.item) or case.category_words]
    if case.due_on and case.is_open and not comment:
        lines.append(gettext("Deadline: %(day)s.") % {"day": exact_day(case.due_on)})
    # Nobody signs for a letter that wasn't issued, or that isn't the reader's to open.
    is_advised = not is_copy and (not telling.letter or event.pk in letters)
    lines.append(str(telling.advice) if is_advised else "")
    page = page_of(event, letters, said)
    return Words(subject, "\n".join(line for line in lines if line), settings.SITE_URL + page)


def page_of(event: CaseEvent, letters: Mapping[int, int], said: Mapping[int, Said]) -> str:
    """The page that an event is about: a letter, a comment, or the case."""
    if event.pk in letters:
        return reverse("letter", args=[letters[event.pk]])
    if event.pk in said:
        return reverse("comment", args=[said[event.pk].comment])
    return reverse("case", args=[event.case.number])


def letters_of(events: Iterable[CaseEvent], *, reader: Person | None = None, on: date | None = None) -> dict[int, int]:
    """The letters that these events are about, by the events' keys; with a `reader`, those that may be opened that day.

    Two queries where an event is about a letter, however many they are.
    """
    about = [event for event in events if telling_of(event).letter]
    if not about:
        return {}
    found = Letter.objects.all()
    if reader is not None and on is not None:
        found = found.filter(letters_visible_to(reader, on))
    numbers = {event.pk: event.words.partition(" · ")[0] for event in about if event.words}
    by_number = dict(found.filter(number__in=numbers.values()).values_list("number", "pk"))
    issued = found.filter(escalation__event__in=[event.pk for event in about])
    letters: dict[int, int] = dict(issued.values_list("escalation__event", "pk"))
    return letters | {event: by_number[number] for event, number in numbers.items() if number in by_number}


def case_events_of(messages: Iterable[Message]) -> list[CaseEvent]:
    """The events of cases that these messages are about; those of the offices' desk are left out."""
    return [message.event for message in messages if message.event is not None]


def words_of_message(
    message: Message, *, letters: Mapping[int, int] | None = None, said: Mapping[int, Said] | None = None
) -> Words:
    """Of whichever kind of event the message is about."""
    if message.office_event is not None:
        return words_of_office(message.office_event)
    return words_of(
        case_events_of([message])[0],
        is_copy=message.is_copy,
        is_mentioned=message.is_mentioned,
        letters=letters,
        said=said,
    )


def page_of_message(message: Message, letters: Mapping[int, int], said: Mapping[int, Said]) -> str:
    if message.office_event is not None:
        return page_of_office(message.office_event)
    return page_of(case_events_of([message])[0], letters, said)


def words_of_digest(
    messages: Sequence[Message], *, letters: Mapping[int, int] | None = None, said: Mapping[int, Said] | None = None
) -> Words:
    """One letter for the messages of a day, those that ask for something first."""
    count = len(messages)
    if case_events_of(messages):
        subject = ngettext("%(count)d message on your cases", "%(count)d messages on your cases", count) % {
            "count": count
        }
    else:
        subject = ngettext("%(count)d message of the office", "%(count)d messages of the office", count) % {
            "count": count
        }
    events = case_events_of(messages)
    if letters is None:
        letters = letters_of(events)
    if said is None:
        said = said_in(events)
    told = [words_of_message(message, letters=letters, said=said) for message in messages]
    text = "\n\n".join(f"{one.subject}\n{one.text}\n{one.url}".replace("\n\n", "\n") for one in told)
    return Words(subject, text, settings.SITE_URL + reverse("messages"))
