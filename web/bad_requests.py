"""Requests that no page can take: each is answered with a sentence that says what to do, never as a fault of ours.

Drawn without static files, without the navigation and without a query, because what is wrong may be anything.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError
from django.http import HttpResponse, QueryDict, UnreadablePostError, parse_cookie
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from casework.values.numbers import whole_number
from casework.values.plain_text import clean_text
from web.json_answers import said as said_in_json
from web.requests import Request

Handler = Callable[[Request], HttpResponse]

NUL = "\0"
# Nobody's password is changed behind their back, however odd it is.
AS_TYPED = "password"
MEGABYTE = 1024 * 1024
# Where somebody without an account may send a photo, while a public page is on, and how large with the words around it.
PHOTO_PATH = "/public/not-fixed"
MOST_OF_PHOTO = 21 * MEGABYTE
# What fits into it are the forms before a sign-in: a name and a password.
MOST_BEFORE_SIGN_IN = 64 * 1024
# Where other platforms' programs send clues: they read JSON.
CLUES_PATH = "/clues"


def bad_request(request: Request, exception: Exception) -> HttpResponse:
    """Django's `handler400`: what it refuses before a page is asked."""
    with translation.override(_language_of(request)):
        status, sentence = _what_to_do(exception)
        return page(status, sentence)


def page(status: int, sentence: str) -> HttpResponse:
    return HttpResponse(render_to_string("400.html", {"sentence": sentence, "status": status}), status=status)


def _what_to_do(error: Exception) -> tuple[int, str]:
    if isinstance(error, DisallowedHost):
        return 400, _(
            "This site does not know the name in your address bar. Use the address that your office gave you."
        )
    if isinstance(error, TooManyFilesSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        return 413, _(
            "More than %(most)d files at once can't be taken. Go back, keep the first ones, then add the others."
        ) % {"most": most}
    if isinstance(error, TooManyFieldsSent):
        return 413, _(
            "This form has more fields than any form here. Go back, load the page again and repeat the change."
        )
    if isinstance(error, RequestDataTooBig):
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // MEGABYTE
        return 413, _("The text is longer than %(most)d MB. Go back and shorten it, or attach it as a file.") % {
            "most": most
        }
    if isinstance(error, MultiPartParserError) and "header size" in str(error):
        return 400, _("The name of a file is too long. Go back, rename the file and choose it again.")
    if isinstance(error, MultiPartParserError | UnreadablePostError):
        return 400, _("The form did not arrive whole. Go back and send it again.")
    return 400, _("The address or the form holds something that can't be read. Go back and enter it anew.")


def _language_of(request: Request) -> str:
    """As far as it is known: what is wrong may have been found before the reader was."""
    known = getattr(request, "LANGUAGE_CODE", "") or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return known if known in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class PlainAddress:
    """No NUL in path, query or cookies, which a database could not be asked for, and a length that is one."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: Request) -> HttpResponse:
        has_nul = NUL in request.path_info or _holds_nul(request.GET) or NUL in "".join(request.COOKIES.values())
        if has_nul or not _length_of(request).isdecimal():
            return bad_request(request, ValueError("can't be read"))
        return self.handler(request)


class SmallBeforeSignIn:
    """Who has not signed in has nothing large to send: it is refused unread, before the CSRF check parses it."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: Request) -> HttpResponse:
        if _is_large(request) and not (request.user.is_authenticated or _is_public_photo(request)):
            with translation.override(_language_of(request)):
                if request.path_info == CLUES_PATH:
                    sentence = _("A clue has at most 64 kB. Send the words alone; photos are not taken here.")
                    return said_in_json(413, "too_long", sentence)
                return page(413, _("Sign in first, then send it again. Nothing of it was read."))
        return self.handler(request)


def _is_large(request: Request) -> bool:
    return whole_number(_length_of(request), most=MOST_BEFORE_SIGN_IN) is None


def _is_public_photo(request: Request) -> bool:
    length = whole_number(_length_of(request), most=MOST_OF_PHOTO)
    return length is not None and takes_photo(request.path_info, length)


def takes_photo(path: str, length: int) -> bool:
    """Whether a body of this length is a villager's photo, of a public page that is on."""
    if path != PHOTO_PATH or length > MOST_OF_PHOTO:
        return False
    from oversight.public_page.queries import cities_on

    try:
        return cities_on().exists()
    except DatabaseError:
        return False


def _length_of(request: Request) -> str:
    return str(request.META.get("CONTENT_LENGTH") or "0")


def is_signed_in(cookies: str) -> bool:
    """Whether a cookie header names a session of somebody: what the server asks before it reads a large body."""
    key = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, "")
    if not key or NUL in key:
        return False
    try:
        return SESSION_KEY in SessionStore(key)
    except DatabaseError:
        return False


class PlainForm:
    """What a form says, without the characters that no document can hold; NUL is refused. Stands behind the sign-in."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: Request) -> HttpResponse:
        return self.handler(request)

    def process_view(self, request: Request, view: object, args: object, kwargs: object) -> HttpResponse | None:
        if request.method != "POST":
            return None
        if _holds_nul(request.POST):
            return bad_request(request, ValueError("NUL"))
        request.POST = _plain(request.POST)
        return None

    def process_exception(self, request: Request, error: Exception) -> HttpResponse | None:
        """Whoever goes away in the middle of sending is no fault of ours."""
        return bad_request(request, error) if isinstance(error, UnreadablePostError) else None


def _holds_nul(said: QueryDict) -> bool:
    return any(NUL in name or any(NUL in value for value in values) for name, values in said.lists())


def _plain(said: QueryDict) -> Any:
    if all(clean_text(value) == value for _name, values in said.lists() for value in values):
        return said
    plain = said.copy()
    for name, values in said.lists():
        if AS_TYPED not in name:
            plain.setlist(name, [clean_text(value) for value in values])
    plain._mutable = False
    return plain
