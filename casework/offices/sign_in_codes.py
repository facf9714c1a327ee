"""One-time codes of six digits: sent to the number that the account has, or given at the desk of the office.

A code holds ten minutes, for five tries and one sign-in; the newest of a person counts alone. It stands nowhere: it
follows from the row's random number and the server's key.
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from casework.clocks.waking import wake
from casework.errors import Refusal
from casework.models import Person, SignInCode, SignInLink, Unit
from casework.models.office_event import OfficeEventKind
from casework.office_events import record_office_event
from casework.offices.sign_in_links import committee_of, refusal_by_code, require_letting_in
from casework.tables.cells import as_plain
from casework.working_time.deadlines import local_day

HOLDS = timedelta(minutes=10)
MOST_TRIES = 5
DIGITS = 6
# Of one person by SMS: one a minute, five an hour.
PAUSE, SPAN, MOST_SENT = timedelta(minutes=1), timedelta(hours=1), 5
# Whoever gave the code has a hand in what is handed in until then (rights/hands.py); the sign-in ends with it.
GIVEN_LASTS = timedelta(hours=12)


def digits_of(code: SignInCode) -> str:
    digest = salted_hmac("casework.sign_in_code", code.seed, algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8]) % 10**DIGITS:0{DIGITS}d}"


def send_code(*, link: SignInLink, number: str, at: datetime) -> SignInCode | None:
    """Have a code sent to the number that is typed, if it is that of somebody of the link's committee. The caller says the
    same whatever comes of it: who is known here is nobody's business.
    """
    if not settings.SMS_GATEWAY_URL:
        return None
    person = person_of(link, number, at=at)
    if person is None or not person.phone:
        return None
    sent = SignInCode.objects.filter(person=person, given_by=None)
    if sent.filter(at__gt=at - PAUSE).exists() or sent.filter(at__gt=at - SPAN).count() >= MOST_SENT:
        return None
    code = _make(person, link.village, at=at, link=link)
    transaction.on_commit(lambda: wake("notifications.tasks.send_sign_in_code", code.pk))
    return code


@transaction.atomic
def give_code(*, person: Person, village: Unit, by: Person, at: datetime) -> SignInCode:
    """A code to be told at the desk or over the phone. The whole committee is told that it was given, and by whom."""
    require_letting_in(village, by=by, at=at)
    refused = refusal_by_code(person, village, on=local_day(at))
    if refused is not None:
        raise refused
    code = _make(person, village, at=at, given_by=by)
    record_office_event(kind=OfficeEventKind.CODE_GIVEN, unit=village, subject=code.pk, about=str(person), by=by, at=at)
    return code


def _make(
    person: Person, village: Unit, *, at: datetime, link: SignInLink | None = None, given_by: Person | None = None
) -> SignInCode:
    seed = secrets.token_hex(16)
    return SignInCode.objects.create(
        person=person, village=village, link=link, seed=seed, given_by=given_by, at=at, ends_at=at + HOLDS
    )


def person_of(link: SignInLink | None, number: str, *, at: datetime) -> Person | None:
    """Whose number this is: of a personal link its person, of a village's paper somebody of its committee of today."""
    if link is not None and link.person is not None:
        return link.person
    number = plain_number(number)
    if not number:
        return None
    if link is not None:
        on = local_day(at)
        people = [term.person for term in committee_of(link.village, on=on)]
        person = next((one for one in people if one.phone == number), None)
        return None if person is None or refusal_by_code(person, link.village, on=on) is not None else person
    return Person.objects.filter(phone=number, is_active=True).first()


def plain_number(words: str) -> str:
    return as_plain(words[:40]).removeprefix("+86").replace("-", "").replace(" ", "")


def use_code(*, link: SignInLink | None, number: str, digits: str, at: datetime) -> SignInCode | None:
    """The code that lets its person in, used up by it; None for anything else, and a try less. One statement each, so
    that twenty tries at the same moment are counted as twenty, and two right ones let in once.
    """
    person = person_of(link, number, at=at)
    if person is None:
        return None
    code = SignInCode.objects.filter(person=person).select_related("village", "person").order_by("-at", "-pk").first()
    if code is None or code.ends_at <= at or (link is not None and code.village_id != link.village_id):
        return None
    if _refused(person, code.village, at=at):
        return None
    living = SignInCode.objects.filter(pk=code.pk, used_at=None, tries__lt=MOST_TRIES)
    if not living.update(tries=F("tries") + 1):
        return None
    if not constant_time_compare(digits_of(code), as_plain(digits[:40]).replace(" ", "")):
        return None
    lasts = at + (GIVEN_LASTS if code.given_by_id else timedelta(seconds=settings.SESSION_COOKIE_AGE))
    if not SignInCode.objects.filter(pk=code.pk, used_at=None).update(used_at=at, lasts_until=lasts):
        return None
    code.used_at, code.lasts_until = at, lasts
    return code


def _refused(person: Person, village: Unit, *, at: datetime) -> Refusal | None:
    return refusal_by_code(person, village, on=local_day(at))
