"""What people change about their own account, and who hands out a one-time password."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.models import Person, Unit
from casework.models.history import stamped
from casework.rights import OfficeAction
from casework.roles import may_do, posts_held
from casework.working_time.deadlines import local_day


def first_password_end(at: datetime) -> datetime:
    """Until when a one-time password that is handed out now opens the door."""
    return at + timedelta(days=settings.FIRST_PASSWORD_DAYS)


def refusal_to_hand_out(*, person: Person, by: Person, at: datetime) -> Refusal | None:
    """Why this one may not set a one-time password for that person; None if they may.

    Whoever sets it could sign in with it: for those who hold a post of a discipline office, now or from a later day on,
    only a colleague there does, and no administrator, who would read the referred cases by it.
    """
    on = local_day(at)
    to_come = Q(posts__terms__valid_until=None) | Q(posts__terms__valid_until__gte=on)
    keys: set[int] = set()
    if person.pk is not None:  # a new person holds nothing yet
        offices = Unit.objects.filter(to_come, posts__terms__person=person, is_discipline_office=True)
        keys = set(offices.values_list("pk", flat=True))
    if not keys:
        return None if may_do(by, OfficeAction.ADMINISTER, on) else _not_administrator()
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


def _not_administrator() -> Refusal:
    return NotAllowed("not_administrator", _("One-time passwords are set by an administrator."), field="first_password")


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
