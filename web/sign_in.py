"""People sign in with their phone number or their user name; whoever guesses is slowed down."""

import unicodedata
from datetime import datetime, timedelta
from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_ip_address, get_client_username
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth.backends import ModelBackend
from django.db.models import Q, Sum
from django.http import HttpRequest
from django.utils import timezone

from casework.models import Person, SignInLink
from casework.offices.sign_in_codes import use_code

# Failures within AXES_COOLOFF_TIME: of one address whatever the names, of one account wherever from. A town hall of fifty
# people behind one address, and an account that three strangers try, stay below.
MOST_OF_ADDRESS, MOST_OF_ACCOUNT = 30, 100
KNOWN_FOR = timedelta(days=90)
# In the session of somebody who came by a one-time code: no password is asked for, and none is chosen without the old one.
BY_CODE = "by_code"


class PhoneOrName(ModelBackend):
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Person | None:
        if not username or password is None:
            return None
        person = person_named(username)
        if person is None:
            Person().set_password(password)  # takes as long as a real one, so that names can't be guessed by the clock
            return None
        if person.check_password(password) and self.user_can_authenticate(person):
            return person
        return None


class OneTimeCode(ModelBackend):
    """By a code that was sent or given. It is asked through `authenticate` as a password is, so that guessing is counted,
    slowed down and kept as there; the sign-in by it is in the same account of sign-ins.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        *,
        digits: str | None = None,
        link: SignInLink | None = None,
        at: datetime | None = None,
        **kwargs: Any,
    ) -> Person | None:
        if request is None or username is None or digits is None or at is None:
            return None
        code = use_code(link=link, number=username, digits=digits, at=at)
        if code is None or not self.user_can_authenticate(code.person):
            return None
        request.__dict__["sign_in_code"] = code
        return code.person


def person_named(words: str) -> Person | None:
    """Whose phone number or user name this is. A phone number wins over a user name of the same digits."""
    name = words.strip()
    people = list(Person.objects.filter(Q(phone=name) | Q(username=name)))
    return next((one for one in people if one.phone == name), people[0] if people else None)


def account_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Under which name failures are counted: phone number and user name are one account. For AXES_USERNAME_CALLABLE."""
    said = (credentials or {}).get("username") or request.POST.get("username", "")
    name = unicodedata.normalize("NFKC", str(said)).strip()
    known: dict[str, str] = request.__dict__.setdefault("_account_names", {})
    if name not in known:
        person = person_named(name) if name else None
        known[name] = person.username if person else name.lower()
    return known[name]


class Brake(AxesDatabaseHandler):
    """Beside the pair of account and address (settings): one address that tries many names, one account tried from many
    addresses. Whoever has signed in from this very address before is judged by the pair alone, so that neither a
    stranger at one's own line nor a crowd elsewhere locks anybody out of the computer they work at.
    """

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        if super().is_locked(request, credentials):
            return True
        account, address = get_client_username(request, credentials), get_client_ip_address(request)
        lately = AccessAttempt.objects.filter(attempt_time__gte=get_cool_off_threshold(request))
        if (
            _failures(lately.filter(ip_address=address)) < MOST_OF_ADDRESS
            and _failures(lately.filter(username=account)) < MOST_OF_ACCOUNT
        ):
            return False
        since = timezone.now() - KNOWN_FOR
        return not AccessLog.objects.filter(username=account, ip_address=address, attempt_time__gte=since).exists()


def _failures(attempts: Any) -> int:
    return attempts.aggregate(sum=Sum("failures_since_start"))["sum"] or 0
