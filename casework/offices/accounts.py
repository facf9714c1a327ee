"""What people change about their own account, and who hands out a one-time password."""

import secrets
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.models import Person, Term, Unit
from casework.models.history import stamped
from casework.rights.held_posts import posts_held
from casework.rights.office_table import OfficeAction
from casework.rights.roles import administers, may_do
from casework.working_time.deadlines import local_day

# Digits and letters that nobody confuses when they are read out over the phone.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
ONE_TIME_LENGTH = 10
# Ten random letters (50 bits) need no slow hash against guessing, and 2,700 slow hashes take a quarter of an hour. The
# password that the person then chooses gets the full one.
ONE_TIME_ITERATIONS = 1000


def one_time_password() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(ONE_TIME_LENGTH))


def hashed(password: str) -> str:
    """A one-time password as it is kept."""
    return PBKDF2PasswordHasher().encode(password, secrets.token_hex(11), ONE_TIME_ITERATIONS)


def first_password_end(at: datetime) -> datetime:
    """Until when a one-time password that is handed out now opens the door."""
    return at + timedelta(days=settings.FIRST_PASSWORD_DAYS)


def refusal_to_hand_out(*, person: Person, by: Person, at: datetime) -> Refusal | None:
    """Why this one may not set a one-time password for that person; None if they may.

    Whoever sets it could sign in with it: for those who hold a post of a discipline office, now or from a later day on,
    only a colleague there does, and no administrator, who would read the referred cases by it.
    """
    on = local_day(at)
    keys = {unit.pk for unit in units_held(person, on=on) if unit.is_discipline_office}
    if not keys:
        return refusal_to_keep(person=person, by=by, at=at)
    if person.pk == by.pk or not keys <= {held.unit_id for held in posts_held(by, on)}:
        return NotAllowed(
            "discipline_office",
            _(
                "%(name)s holds a post of a discipline office, and whoever sets a password could read its cases. "
                "A colleague of that office sets it, on the page of its posts."
            )
            % {"name": person},
            field="first_password",
        )
    return None


def units_held(person: Person, *, on: date) -> list[Unit]:
    """The units at which this person holds a post on this day or later."""
    if person.pk is None:  # a new person holds nothing yet
        return []
    to_come = Term.objects.filter(Q(valid_until=None) | Q(valid_until__gte=on), person=person)
    return [term.post.unit for term in to_come.select_related("post__unit")]


def refusal_to_keep(*, person: Person, by: Person, at: datetime) -> Refusal | None:
    """Why this one may not keep that person's account; None if they may.

    Whoever keeps an account could sign in with it: so an administrator keeps those of the own area, and the account of
    somebody who holds a post beyond it is kept by whoever administers both.
    """
    on = local_day(at)
    if not may_do(by, OfficeAction.ADMINISTER, on):
        return NotAllowed("not_administrator", _("Accounts are kept by an administrator."), field="first_password")
    beyond = next((unit for unit in units_held(person, on=on) if not administers(by, unit, on)), None)
    if beyond is not None:
        return NotAllowed(
            "not_your_area",
            _("%(name)s holds a post at %(unit)s, outside the area that you administer. Ask its administrator.")
            % {"name": person, "unit": beyond.name},
            field="first_password",
        )
    return None


def hand_out_password(*, person: Person, password: str, by: Person, at: datetime) -> Person:
    """Set a password for the first sign-in, which the person then replaces with one of their own."""
    refused = refusal_to_hand_out(person=person, by=by, at=at)
    if refused is not None:
        raise refused
    with transaction.atomic(), stamped(step="hand_out_password", by=by, at=at):
        person.set_password(password)
        person.must_choose_password, person.first_password_until = True, first_password_end(at)
        person.save(update_fields=["password", "must_choose_password", "first_password_until"])
    return person


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
