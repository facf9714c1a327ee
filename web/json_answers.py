"""What programs on a phone ask: answered in JSON, refusals too, each with its code and its sentence."""

import json
import math
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from casework.errors import Invalid, Refusal
from casework.values.plain_text import clean_text
from web.requests import Request

LONGEST = 256 * 1024

# Names of routes that are asked by scripts: who has no sign-in gets 401 and not the page where one signs in.
NAMES = frozenset(
    {
        "phone_state",
        "phone_area",
        "phone_entries",
        "phone_entry",
        "phone_files",
        "phone_file",
        "phone_queue",
        "phone_visits",
        "phone_visit",
    }
)


def signed_out() -> JsonResponse:
    return said(401, "signed_out", _("Your sign-in has ended. Sign in again: what is on this phone is kept."))


def password_first() -> JsonResponse:
    return said(403, "password_first", _("Choose a password of your own first. What is on this phone is kept."))


def said(status: int, code: str, sentence: str, **more: Any) -> JsonResponse:
    return JsonResponse({"code": code, "sentence": sentence, **more}, status=status)


def refused(error: Refusal) -> JsonResponse:
    each = error.each()
    fields = {one.field: str(one.sentence) for one in each if one.field}
    return said(error.status, error.code, " ".join(dict.fromkeys(str(one.sentence) for one in each)), fields=fields)


def in_json(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A refusal becomes JSON with its status."""

    @wraps(view)
    def answered(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refusal as error:
            return refused(error)

    return answered


class Unreadable(Invalid):
    """What was sent can't be read at all."""

    status = 400


def object_of(request: Request) -> dict[str, Any]:
    """The JSON object that was sent. Refuses with Unreadable what is none."""
    if request.content_type != "application/json":  # a form was read already, and has no body any more
        raise Unreadable("unreadable", _("What was sent can't be read. Load the page again; nothing on it is lost."))
    if len(request.body) > LONGEST:
        raise Unreadable("too_long", _("This is longer than any entry. Shorten the text."))
    return object_in(request.body)


def object_in(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body, parse_constant=_no_number, parse_float=_number)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise Unreadable("unreadable", _("What was sent can't be read. Load the page again; nothing on it is lost."))
    plain = _plain(value)
    assert isinstance(plain, dict)
    return plain


def _plain(value: Any) -> Any:
    """Without the characters that no document can hold (web/bad_requests.py does it for forms)."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {clean_text(name): _plain(one) for name, one in value.items()}
    return value


def _no_number(name: str) -> None:
    raise ValueError(name)


def _number(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(digits)
    return number
