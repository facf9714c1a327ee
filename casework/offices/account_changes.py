"""Accounts as an administrator keeps them: opened together with a post, corrected, switched off and on again."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed, refuse
from casework.models import Person, Post, Term
from casework.models.history import stamped
from casework.offices.accounts import hand_out_password, one_time_password, refusal_to_keep
from casework.offices.holders import call_off_term, change_holder
from casework.offices.people import PHONE
from casework.offices.terms import end_term
from casework.tables.cells import as_plain
from casework.working_time.deadlines import local_day

LONGEST_NAME = 60


def phone_of(words: str) -> str:
    """A mobile number as it is kept, however it was typed. Refuses what is none."""
    phone = as_plain(words).removeprefix("+86").replace("-", "")
    if not PHONE.match(phone):
        raise Invalid(
            "phone_unreadable",
            _("“%(phone)s” is not a mobile number of 11 digits.") % {"phone": phone[:30]},
            field="phone",
        )
    return phone


@transaction.atomic
def bring_in(
    *,
    post: Post,
    name: str,
    phone: str,
    valid_from: date,
    valid_until: date | None,
    by: Person,
    at: datetime,
) -> tuple[Person, str]:
    """A new account that holds a post from a day on, and its one-time password, which stands nowhere else."""
    name, phone = _name_of(name), phone_of(phone)
    _require_unknown(phone)
    with stamped(step="open_account", by=by, at=at):
        try:
            with transaction.atomic():
                person = Person.objects.create_user(phone, None, name=name, phone=phone)
        except IntegrityError as error:
            raise _taken(phone) from error
    password = one_time_password()
    hand_out_password(person=person, password=password, by=by, at=at)
    change_holder(post=post, person=person, valid_from=valid_from, valid_until=valid_until, by=by, at=at)
    return person, password


def seen_of(person: Person) -> int:
    """The number of the latest state of an account: a form that was filled in before a later one is refused."""
    latest: int = person.history.order_by("-history_id").values_list("history_id", flat=True)[:1].get()
    return latest


@transaction.atomic
def correct_account(*, person: Person, name: str, phone: str, seen: int | None, by: Person, at: datetime) -> Person:
    """Correct the name and the number of an account. Whoever signs in by the number signs in by the new one."""
    locked = _locked(person, seen, by=by, at=at)
    name, phone = _name_of(name), phone_of(phone) if phone.strip() or locked.phone else ""
    if phone and phone != locked.phone:
        _require_unknown(phone, but=locked)
    if locked.username == locked.phone:
        locked.username = phone
    locked.name, locked.phone = name, phone or None
    with stamped(step="correct_account", by=by, at=at):
        try:
            with transaction.atomic():
                locked.save(update_fields=["name", "phone", "username"])
        except IntegrityError as error:
            raise _taken(phone) from error
    return locked


@transaction.atomic
def new_password(*, person: Person, seen: int | None, by: Person, at: datetime) -> str:
    """A one-time password for somebody who has forgotten theirs. A form that is sent twice sets one."""
    locked = _locked(person, seen, by=by, at=at)
    if not locked.is_active:
        raise Invalid(
            "account_off", _("The account of %(name)s is switched off. Switch it on first.") % {"name": person}
        )
    password = one_time_password()
    hand_out_password(person=locked, password=password, by=by, at=at)
    return password


@transaction.atomic
def switch_off(*, person: Person, last_day: date, seen: int | None, by: Person, at: datetime) -> Person:
    """Close an account at once, and end all its posts with this last day; terms that have not begun are called off."""
    on = local_day(at)
    if person.pk == by.pk:
        raise NotAllowed("own_account", _("Nobody switches off their own account. Ask another administrator."))
    if last_day > on:
        raise Invalid(
            "day_to_come", _("The account closes at once: the last day is today or earlier."), field="last_day"
        )
    locked = _locked(person, seen, by=by, at=at)
    to_come = Term.objects.filter(Q(valid_until=None) | Q(valid_until__gte=last_day), person=locked)
    for term in to_come.select_related("post__unit", "person").order_by("id"):
        if term.valid_from is not None and term.valid_from > on:
            call_off_term(term=term, by=by, at=at, with_caretaker=True)
        elif term.valid_until is None or term.valid_until > last_day:
            # An account is closed at once, whoever follows: until then the office above looks after its cases.
            last = max(last_day, term.valid_from or last_day)
            end_term(term=term, valid_until=last, by=by, at=at, with_caretaker=True)
    locked.is_active = False
    with stamped(step="switch_off", by=by, at=at):
        locked.save(update_fields=["is_active"])
    return locked


@transaction.atomic
def switch_on(*, person: Person, seen: int | None, by: Person, at: datetime) -> Person:
    """Open an account again. Its posts stay ended, and its password is the one it had."""
    locked = _locked(person, seen, by=by, at=at)
    locked.is_active = True
    with stamped(step="switch_on", by=by, at=at):
        locked.save(update_fields=["is_active"])
    return locked


def _locked(person: Person, seen: int | None, *, by: Person, at: datetime) -> Person:
    locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    refused = refusal_to_keep(person=locked, by=by, at=at)
    if refused is not None:
        raise refused
    if seen != seen_of(locked):
        raise Conflict(
            "account_changed", _("Somebody changed this account meanwhile. Look at it as it is now, and do it again.")
        )
    return locked


def _name_of(words: str) -> str:
    name = " ".join(words.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid("name_missing", _("The name is missing or longer than 60 characters."), field="name")
    return name


def _require_unknown(phone: str, *, but: Person | None = None) -> None:
    others = Person.objects.filter(Q(phone=phone) | Q(username=phone))
    known = others.exclude(pk=but.pk).first() if but is not None else others.first()
    if known is not None:
        refuse([_taken(phone, known)])


def _taken(phone: str, known: Person | None = None) -> Invalid:
    if known is None:
        return Invalid("phone_taken", _("Somebody has the number %(phone)s already.") % {"phone": phone}, field="phone")
    return Invalid(
        "phone_taken",
        _("%(name)s has the number %(phone)s already: choose %(name)s instead of a new account, or correct the number.")
        % {"name": known, "phone": phone},
        field="phone",
    )
