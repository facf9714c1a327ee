"""Somebody says what is wrong with the system or could be better; the city's office answers, once."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed, refuse
from casework.lifecycle.recording import require_words
from casework.models import Person, Unit
from casework.models.unit import UnitLevel
from casework.rights.held_posts import posts_held
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.working_time.deadlines import local_day
from oversight.mechanisms.corrections import length_refusals
from oversight.suggestions.records import Suggestion, SuggestionAnswer, SuggestionKind

LONGEST_CONTACT = 100


def city_of_person(person: Person, on: date) -> Unit | None:
    """The city whose office reads what this person says: that of the first post, else the only one there is."""
    paths = {path for held in posts_held(person, on)[:1] for path in Unit.paths_down_to(held.unit_path)}
    cities = list(Unit.objects.filter(level=UnitLevel.CITY, is_active=True).order_by("path")[:2])
    above = Unit.objects.filter(path__in=paths, level=UnitLevel.CITY).first() if paths else None
    return above or (cities[0] if len(cities) == 1 else None)


@transaction.atomic
def make_suggestion(
    *, city: Unit, kind: str, words: str, contact: str = "", by: Person | None, at: datetime
) -> Suggestion:
    """Write it down. `by` is nobody where it came over the public page. Refuses no words, too many, and the same twice."""
    words = require_words(words, field="words", sentence=_("Say what it is about."))
    refuse(length_refusals(words=words))
    if kind not in SuggestionKind.values:
        raise Invalid("kind_unknown", _("Choose what it is."), field="kind")
    if len(contact.strip()) > LONGEST_CONTACT:
        sentence = _("A contact has at most %(most)d characters.") % {"most": LONGEST_CONTACT}
        raise Invalid("too_long", sentence, field="contact")
    Unit.objects.select_for_update(no_key=True).get(pk=city.pk)
    if Suggestion.objects.filter(city=city, by=by, words=words, answer=None).exists():
        raise Conflict("said_already", _("This was sent already, and waits for an answer."))
    return Suggestion.objects.create(city=city, kind=kind, words=words, contact=contact.strip(), by=by, at=at)


def suggestions_for(person: Person, on: date) -> QuerySet[Suggestion]:
    """What this person's office answers: of the own city."""
    cities = [held.unit_id for held in posts_for(person, OfficeAction.ANSWER_SUGGESTION, on)]
    return Suggestion.objects.filter(city__in=cities).select_related("by", "answer__by")


def may_answer(person: Person, suggestion: Suggestion, on: date) -> bool:
    """Whether it is one of `suggestions_for`, and not the own."""
    return suggestion.by_id != person.pk and suggestions_for(person, on).filter(pk=suggestion.pk).exists()


def said_by(person: Person) -> QuerySet[Suggestion]:
    """What this person said, the newest first, with the answers."""
    return Suggestion.objects.filter(Q(by=person)).select_related("answer")


def clear_contacts(*, answered_before: datetime, said_before: datetime, most: int) -> int:
    """Remove how people can be reached, from what was answered before a moment and what was said before another; the
    words stay. Gives how many.
    """
    over = Q(answer__at__lt=answered_before) | Q(at__lt=said_before)
    keys = list(Suggestion.objects.filter(over).exclude(contact="").order_by("pk").values_list("pk", flat=True)[:most])
    return Suggestion.objects.filter(pk__in=keys).update(contact="") if keys else 0


@transaction.atomic
def answer_suggestion(*, suggestion: Suggestion, words: str, by: Person, at: datetime) -> SuggestionAnswer:
    """Answer it. Refuses other people, the own suggestion, and a second answer."""
    if not may_answer(by, suggestion, local_day(at)):
        sentence = _("This is answered by the city's office, and never by whoever said it.")
        raise NotAllowed("not_your_answer", sentence)
    words = require_words(words, field="words", sentence=_("Write the answer."))
    refuse(length_refusals(words=words))
    Suggestion.objects.select_for_update(no_key=True).get(pk=suggestion.pk)
    if SuggestionAnswer.objects.filter(suggestion=suggestion).exists():
        raise Conflict("answered_already", _("Somebody answered this already. Open it again."))
    return SuggestionAnswer.objects.create(suggestion=suggestion, words=words, by=by, at=at)
