"""The city's office turns its public page on or off, and keeps the list of words that are masked there."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed, refuse
from casework.lifecycle.recording import require_words
from casework.models import Person, Unit
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.working_time.deadlines import local_day
from oversight.mechanisms.corrections import length_refusals
from oversight.public_page.queries import is_on
from oversight.public_page.records import MaskedWord, PublicPageSwitch

LONGEST_WORD = 60
MOST_WORDS = 500


def may_switch(person: Person, city: Unit, on: date) -> bool:
    """Whether this person turns the page of this city on and off: by a post at the city's own office."""
    return any(held.unit_id == city.pk for held in posts_for(person, OfficeAction.SWITCH_PUBLIC_PAGE, on))


@transaction.atomic
def switch_public_page(*, city: Unit, turn_on: bool, reason: str, by: Person, at: datetime) -> PublicPageSwitch:
    """Turn it on or off. Refuses other people, and what it is already."""
    if not may_switch(by, city, local_day(at)):
        raise NotAllowed("not_your_page", _("This is decided by the office of %(city)s.") % {"city": city.name})
    Unit.objects.select_for_update(no_key=True).get(pk=city.pk)
    reason = require_words(reason, field="reason", sentence=_("Say who decided it, and why."))
    refuse(length_refusals(reason=reason))
    if is_on(city) == turn_on:
        sentence = _("It is on already.") if turn_on else _("It is off already.")
        raise Conflict("switched_already", sentence)
    return PublicPageSwitch.objects.create(city=city, is_on=turn_on, reason=reason, by=by, at=at)


def may_keep_words(person: Person, city: Unit, on: date) -> bool:
    """Whether this person changes the list: whoever releases cases of this city."""
    return any(held.unit_path.startswith(city.path) for held in posts_for(person, OfficeAction.RELEASE_CASE, on))


@transaction.atomic
def add_masked_word(*, city: Unit, words: str, by: Person, at: datetime) -> MaskedWord:
    """Put words on the list. Refuses other people, a single sign, and what stands there already."""
    _require_keeper(by, city, at)
    words = require_words(words, field="words", sentence=_("Write the word that is to be masked."))
    if not 2 <= len(words) <= LONGEST_WORD:
        raise Invalid(
            "word_length", _("A word has two to %(most)d characters.") % {"most": LONGEST_WORD}, field="words"
        )
    Unit.objects.select_for_update(no_key=True).get(pk=city.pk)
    listed = MaskedWord.objects.filter(city=city, ended_at=None)
    if listed.filter(words=words).exists():
        raise Conflict("listed_already", _("This word stands on the list already."), field="words")
    if listed.count() >= MOST_WORDS:
        sentence = _("The list holds %(most)d words. Take one off first.") % {"most": MOST_WORDS}
        raise Invalid("list_full", sentence, field="words")
    return MaskedWord.objects.create(city=city, words=words, by=by, at=at)


@transaction.atomic
def end_masked_word(*, word: MaskedWord, by: Person, at: datetime) -> MaskedWord:
    """Take a word off the list; it stays to be read who had put it there."""
    _require_keeper(by, word.city, at)
    ended = MaskedWord.objects.filter(pk=word.pk, ended_at=None).update(ended_by=by, ended_at=at)
    if not ended:
        raise Conflict("ended_already", _("This word was taken off the list already."))
    word.refresh_from_db()
    return word


def _require_keeper(by: Person, city: Unit, at: datetime) -> None:
    if not may_keep_words(by, city, local_day(at)):
        raise NotAllowed("not_your_list", _("The list is kept by the offices of %(city)s.") % {"city": city.name})
