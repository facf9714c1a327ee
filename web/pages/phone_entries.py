"""What phones send and ask: who is signed in, what travels along, entries with their receipts, how much is unsent."""

import math
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils.datastructures import MultiValueDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from casework.errors import NotAllowed, SeveralRefusals
from casework.models import CatalogueItem, Person, PhoneEntry, PhoneFileState
from casework.phones.area import area_of_phone
from casework.phones.queues import Unsent, tell_queue, unsent_of
from casework.positions import real_position
from casework.proofs.uploads import LARGEST
from casework.rights import OfficeAction
from casework.roles import may_do
from flows.phone_entries import Announced, Entered, entry_of, take_entry
from web.json_answers import Unreadable, in_json, object_of
from web.pages.reports import ReportForm
from web.requests import Request

# What an entry may say, as the report's form calls it.
VALUES = (
    "description",
    "object_name",
    "found_on",
    "fact_on",
    "severity",
    "source",
    "place",
    "clause",
    "required_action",
)
# A phone's clock that is further off is said with the entry.
MOST_SECONDS_OFF = 2_000_000_000


@require_GET
@ensure_csrf_cookie
@in_json
def state(request: Request) -> HttpResponse:
    """Who is signed in here, asked before anything is sent."""
    person = request.user
    return JsonResponse(
        {
            "person": person.pk,
            "name": person.name,
            "language": request.LANGUAGE_CODE,
            "at": request.at.isoformat(),
            "may_report": may_do(person, OfficeAction.REPORT, request.on),
            "reduces": settings.PHONE_REDUCES_PHOTOS,
            "wipes_after_days": settings.PHONE_WIPES_AFTER_DAYS,
            "phones": [
                {"phone": str(one.phone), "unsent": one.unsent, "since": one.unsent_since}
                for one in unsent_of(person)[:20]
            ],
        }
    )


@require_GET
@in_json
def area(request: Request) -> HttpResponse:
    require_reporter(request)
    form = ReportForm(request=request)
    found = area_of_phone(request.user, request.on)
    return JsonResponse({**found, "source": form["source"].value(), "at": request.at.isoformat()})


@require_POST
@in_json
def entries(request: Request) -> HttpResponse:
    """Take an entry, once; the answer is its receipt, each time."""
    said = object_of(request)
    entry = take_entry(entered=entered_of(request, said), by=request.user, at=request.at)
    return JsonResponse(receipt_of(entry))


@require_GET
@in_json
def entry(request: Request, key: UUID) -> HttpResponse:
    return JsonResponse(receipt_of(entry_of(request.user, key)))


@require_POST
@in_json
def queue(request: Request) -> HttpResponse:
    """A phone says how much it holds."""
    said = object_of(request)
    unsent = Unsent(_count(said, "unsent"), _count(said, "refused"), _moment(said.get("since")))
    tell_queue(phone=_key(said.get("phone"), "phone"), unsent=unsent, by=request.user, at=request.at)
    return JsonResponse({"at": request.at.isoformat()})


def require_reporter(request: Request) -> None:
    if not may_do(request.user, OfficeAction.REPORT, request.on):
        raise NotAllowed("no_reporting_post", _("Problems are reported by inspectors, offices, towns and volunteers."))


def receipt_of(entry: PhoneEntry) -> dict[str, Any]:
    """What the server has of an entry. `complete` is judged by the hash of each photo that became evidence."""
    files = list(entry.files.select_related("evidence"))
    has = [
        one for one in files if one.state == PhoneFileState.KEPT and one.evidence and one.evidence.sha256 == one.sha256
    ]
    return {
        "key": str(entry.key),
        "number": entry.case.number,
        "address": reverse("case", args=[entry.case.number]),
        "complete": len(has) == len(files),
        "clock_off": entry.clock_off,
        "files": [
            {
                "key": str(one.key),
                "state": one.state,
                "sha256": one.evidence.sha256 if one.evidence else "",
                "code": one.code,
                "sentence": one.sentence,
            }
            for one in files
        ],
    }


def entered_of(request: Request, said: dict[str, Any], person: Person | None = None) -> Entered:
    """An entry as the report door wants it, checked by the report's own form. What the phone states besides is kept."""
    key = _key(said.get("key"), "key")
    require_reporter(request)
    sent_at = _moment(said.pop("sent_at", None))
    values, files = said.get("values"), said.get("files", [])
    if not isinstance(values, dict) or not isinstance(files, list):
        raise Unreadable("unreadable", _("What was sent can't be read. Load the page again; nothing on it is lost."))
    announced = [_announced(one) for one in files]
    form = ReportForm(form_values(values, key, request), MultiValueDict(), request=request)
    if not form.is_valid():
        raise refusals_of(form)
    clock_off = round((sent_at - request.at).total_seconds()) if sent_at else None
    if clock_off is not None and abs(clock_off) > MOST_SECONDS_OFF:
        clock_off = None
    return Entered(key=key, finding=form.finding(), files=announced, said=said, clock_off=clock_off)


def form_values(values: dict[str, Any], key: UUID, request: Request) -> dict[str, str]:
    data = {name: _text(values.get(name)) for name in VALUES}
    village = _text(values.get("village"))
    item = CatalogueItem.objects.filter(code=_text(values.get("item"))[:50]).first()
    position = values.get("position")
    place = _place(position) if isinstance(position, dict) else None
    data |= {"key": str(key), "village": village, "village_code": village, "item": str(item.pk) if item else ""}
    data["source"] = data["source"] or str(ReportForm(request=request)["source"].value())
    # (0, 0) and what lies outside the earth is no place: kept as the phone said it, and never measured from.
    if place is not None:
        data |= {"latitude": str(place[0]), "longitude": str(place[1])}
    return data


def refusals_of(form: ReportForm) -> SeveralRefusals:
    found = [
        Unprocessable("not_as_it_is", sentence, field="" if name == "__all__" else name)
        for name, sentences in form.errors.items()
        for sentence in sentences
    ]
    return SeveralRefusals(list(found))


class Unprocessable(Unreadable):
    """One field of an entry, as the form's own sentence says it."""

    status = 422


def _announced(said: Any) -> Announced:
    if not isinstance(said, dict):
        raise Unreadable("files_unclear", _("The list of photos is not clear. Save the entry again."))
    size = said.get("size")
    if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size <= 100 * LARGEST:
        raise Unreadable("files_unclear", _("The list of photos is not clear. Save the entry again."))
    return Announced(
        key=_key(said.get("key"), "file"), name=_text(said.get("name")), size=size, sha256=_text(said.get("sha256"))
    )


def _key(value: Any, field: str) -> UUID:
    """A number that the phone gave. Refuses with Unreadable (400) an entry without one: it could come twice."""
    try:
        return UUID(value) if isinstance(value, str) and len(value) == 36 else UUID("")
    except ValueError as error:
        raise Unreadable(
            "key_missing",
            _("This has no number of its own, so it could be taken twice. Load the page again."),
            field=field,
        ) from error


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _count(said: dict[str, Any], name: str) -> int:
    value = said.get(name, 0)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else 0


def _moment(value: Any) -> datetime | None:
    """A moment with its offset, as a phone's clock says it; None for what is none."""
    try:
        found = parse_datetime(value) if isinstance(value, str) and len(value) < 40 else None
        return found if found is not None and found.tzinfo and abs(found.utcoffset() or timedelta()) < DAY else None
    except (ValueError, OverflowError):
        return None


DAY = timedelta(days=1)


def _place(said: dict[str, Any]) -> tuple[float, float] | None:
    numbers = [said.get("latitude"), said.get("longitude")]
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in numbers):
        return None
    try:
        latitude, longitude = (float(one) for one in numbers if one is not None)
    except OverflowError:
        return None
    return real_position(latitude, longitude) if math.isfinite(latitude) and math.isfinite(longitude) else None


urlpatterns = [
    path("phone/state", state, name="phone_state"),
    path("phone/area", area, name="phone_area"),
    path("phone/entries", entries, name="phone_entries"),
    path("phone/entries/<uuid:key>", entry, name="phone_entry"),
    path("phone/queue", queue, name="phone_queue"),
]
