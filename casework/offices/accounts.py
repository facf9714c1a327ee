"""What people change about their own account."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from casework.models import Person
from casework.models.history import stamped


def first_password_end(at: datetime) -> datetime:
    """Until when a one-time password that is handed out now opens the door."""
    return at + timedelta(days=settings.FIRST_PASSWORD_DAYS)


def choose_password(*, person: Person, password: str, at: datetime) -> Person:
    """Set a password that the person chose; an initial one is spent with it."""
    with transaction.atomic(), stamped(step="choose_password", by=person, at=at):
        person.set_password(password)
        person.must_choose_password, person.first_password_until = False, None
        person.save(update_fields=["password", "must_choose_password", "first_password_until"])
    return person


def choose_language(*, person: Person, language: str, at: datetime) -> Person:
    """Remember in which language this person reads."""
    with transaction.atomic(), stamped(step="choose_language", by=person, at=at):
        person.language = language
        person.save(update_fields=["language"])
    return person
