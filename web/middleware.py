"""What every request passes through: the reader's language, the sign-in, and refusals as designed pages."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation

from casework.database.trouble import refusal_of
from casework.errors import Refusal, Unavailable
from casework.working_time.deadlines import local_day
from web import json_answers
from web.bad_requests import page
from web.requests import Request
from web.sign_in import BY_CODE

Handler = Callable[[HttpRequest], HttpResponse]

# The public page, which answers 404 while no city has turned it on (web/pages/public_page.py).
PUBLIC_NAMES = frozenset(
    {
        "public_pages",
        "public_unit",
        "public_photo",
        "not_fixed",
        "public_thanks",
        "public_suggestion",
        "public_language",
    }
)
# Open without a sign-in. Everything else asks for one: a new page can't be forgotten.
# The phone page holds nothing of anybody: what it shows stands in the phone, under the person who entered it.
OPEN_NAMES = (
    frozenset(
        {
            "sign_in",
            "sign_in_by_code",
            "sign_in_by_link",
            "sign_in_to_case",
            "forgotten",
            "health",
            "language",
            "icon",
            "help",
            "phone",
            "phone_check",
            "phone_worker",
            "phone_manifest",
            # Programs of other platforms, by a key of their own.
            "clues",
        }
    )
    | PUBLIC_NAMES
)
CHOOSE_PASSWORD_NAMES = frozenset({"choose_password", "sign_out", "language", "help"})


class Moment:
    """One moment a request: midnight can't split what a page says of today."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: Request) -> HttpResponse:
        at = timezone.now()
        request.at, request.on = at, local_day(at)
        return self.handler(request)


class ReaderLanguage:
    """The person's own language, else what the language switch remembered, else Chinese."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = getattr(request.user, "language", "") or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if language not in dict(settings.LANGUAGES):
            language = settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.handler(request)
        response.headers.setdefault("Content-Language", language)
        return response


class SignedIn:
    """Nobody gets further without a sign-in, and nobody further than the password page without a password."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.handler(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        name = request.resolver_match.url_name if request.resolver_match else None
        if name in OPEN_NAMES:
            return None
        if name in json_answers.NAMES and (answer := self._in_json(request)) is not None:
            return answer
        if not request.user.is_authenticated:
            return redirect(f"{reverse('sign_in')}?{urlencode({'next': way_back(request)})}")
        if request.session.get(BY_CODE):
            return None
        if request.user.first_password_is_over(timezone.now()):
            logout(request)
            return redirect("sign_in")
        if request.user.must_choose_password and name not in CHOOSE_PASSWORD_NAMES:
            return redirect("choose_password")
        return None

    def _in_json(self, request: HttpRequest) -> HttpResponse | None:
        """A script can't follow to the sign-in page, and what it holds must not be lost on the way."""
        if not request.user.is_authenticated:
            return json_answers.signed_out()
        asks_first = request.user.must_choose_password and not request.session.get(BY_CODE)
        return json_answers.password_first() if asks_first else None


def way_back(request: HttpRequest) -> str:
    """Where the sign-in leads: to this page, or after a form to the page where the form stood, to be filled again."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    try:
        came_from = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # a header may hold anything, "http://[" too
        return request.get_full_path()
    if came_from.netloc != request.get_host() or came_from.path.startswith("//"):
        return request.get_full_path()
    return came_from.path + (f"?{came_from.query}" if came_from.query else "")


class Unshared:
    """What a person was shown stays in no cache: a village's computer is used by many, and "back" needs no password."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Asked before: signing out ends it.
        is_private = request.user.is_authenticated
        response = self.handler(request)
        if is_private or request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class Refusals:
    """A refusal that no form has caught becomes a page that says what to do."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.handler(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, OperationalError):
            trouble = refusal_of(error)
            return page(trouble.status, str(trouble)) if trouble else None
        if isinstance(error, Unavailable):
            return page(error.status, str(error))  # whoever draws more of a page may need what is not there
        if not isinstance(error, Refusal):
            return None
        return render(request, "errors/refusal.html", {"refusal": error}, status=error.status)
