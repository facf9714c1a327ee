"""What phones send and ask: who is signed in, what travels along, entries with their receipts, how much is unsent."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from casework.errors import NotAllowed, SeveralRefusals
from casework.models import Case, CatalogueItem, PhoneAddition, PhoneEntry, PhoneFile, PhoneFileState, Unit
from casework.models.unit import UnitLevel
from casework.phones.area import area_of_phone
from casework.phones.queues import Unsent, tell_queue, unsent_of
from casework.queries import visible
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from flows.phone_entries import Added, Announced, Entered, entry_of, take_any
from oversight.visits.positions import FARTHEST, is_odd, middle_of
from web.json_answers import in_json, object_of
from web.pages.phone_visits import link_to_visit
from web.pages.reports import ReportForm
from web.phone_values import (
    Unprocessable,
    clock_off,
    count_of,
    day_by_right_clock,
    key_of,
    moment_of,
    parts_of,
    place_of,
    text_of,
)
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
    found["middle"] = middle_for(Unit(path=found.pop("path")))
    return JsonResponse({**found, "source": form["source"].value(), "at": request.at.isoformat()})


def middle_for(village: Unit) -> dict[str, float] | None:
    """Where a village's city lies and how far it reaches, so that a phone can ask about a position without a line."""
    cities = {"city__path__in": village.ancestor_paths(), "city__level": UnitLevel.CITY}
    middle = middle_of(Case.objects.filter(**cities)) if village.path else None
    return {"latitude": middle[0], "longitude": middle[1], "farthest": FARTHEST} if middle else None


@require_POST
@in_json
def entries(request: Request) -> HttpResponse:
    """Take an entry, once; the answer is its receipt, each time."""
    said = object_of(request)
    entry = take_any(entered=entered_of(request, said), by=request.user, at=request.at)
    link_to_visit(request, entry)
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
    unsent = Unsent(count_of(said, "unsent"), count_of(said, "refused"), moment_of(said.get("since")))
    tell_queue(phone=key_of(said.get("phone"), "phone"), unsent=unsent, by=request.user, at=request.at)
    return JsonResponse({"at": request.at.isoformat()})


def require_reporter(request: Request) -> None:
    if not may_do(request.user, OfficeAction.REPORT, request.on):
        raise NotAllowed("no_reporting_post", _("Problems are reported by inspectors, offices, towns and volunteers."))


def receipt_of(entry: PhoneEntry) -> dict[str, Any]:
    """What the server has of an entry. `complete` is judged by the hash of each photo as it was stored."""
    files = list(entry.files.select_related("evidence"))
    addition = PhoneAddition.objects.filter(pk=entry.pk).first()
    stored = {one.key: _stored(one, addition) for one in files}
    has = [one for one in files if one.state == PhoneFileState.KEPT and stored[one.key] == one.sha256]
    is_complete = len(has) == len(files)
    return {
        "key": str(entry.key),
        "number": entry.case.number,
        "address": reverse("case", args=[entry.case.number]),
        "complete": is_complete,
        "asks": reverse("phone_addition", args=[entry.key])
        if is_complete and addition and addition.decided_at is None
        else "",
        "clock_off": entry.clock_off,
        "files": [
            {
                "key": str(one.key),
                "state": one.state,
                "sha256": stored[one.key],
                "code": one.code,
                "sentence": one.sentence,
            }
            for one in files
        ],
    }


def _stored(file: PhoneFile, addition: PhoneAddition | None) -> str:
    """The hash of what became of a photo: evidence, or a file of a comment."""
    if addition is not None:
        return str(addition.files.get(str(file.key), {}).get("sha256", ""))
    return file.evidence.sha256 if file.evidence else ""


def entered_of(request: Request, said: dict[str, Any]) -> Entered | Added:
    """An entry as its door wants it. What the phone states besides is kept as it came."""
    key = key_of(said.get("key"), "key")
    off = clock_off(request, said)
    values, files = parts_of(said)
    if "visit" in values:
        raise Unprocessable("visit_elsewhere", _("A visit is no finding: the phone sends it under its own address."))
    if "addition" in values:
        return added_of(request, key, values, files, said, off)
    require_reporter(request)
    data = form_values(values, key, request)
    data["found_on"] = day_by_right_clock(data["found_on"], said.get("entered_at"), off, on=request.on)
    form = ReportForm(data, MultiValueDict(), request=request)
    if not form.is_valid():
        raise refusals_of(form)
    return Entered(key=key, finding=form.finding(), files=files, said=said, clock_off=off)


def added_of(
    request: Request,
    key: UUID,
    values: dict[str, Any],
    files: list[Announced],
    said: dict[str, Any],
    off: int | None,
) -> Added:
    """What is added to a case that the phone had with it, as it stood then."""
    stood = values["addition"] if isinstance(values["addition"], dict) else {}
    case = visible(request.user, request.on).filter(number=text_of(stood.get("number"))[:40]).first()
    if case is None:
        raise NotAllowed(
            "no_such_case",
            _("You do not see this case any more. Edit the entry and make it a new finding, or discard it."),
        )
    return Added(
        key=key,
        case=case,
        words=text_of(values.get("description")).strip(),
        seen_version=count_of(stood, "version"),
        seen_event=count_of(stood, "event", below=2**63),
        files=files,
        said=said,
        clock_off=off,
    )


def form_values(values: dict[str, Any], key: UUID, request: Request) -> dict[str, str]:
    data = {name: text_of(values.get(name)) for name in VALUES}
    village = text_of(values.get("village"))
    item = CatalogueItem.objects.filter(code=text_of(values.get("item"))[:50]).first()
    position = values.get("position")
    place = place_of(position) if isinstance(position, dict) else None
    data |= {"key": str(key), "village": village, "village_code": village, "item": str(item.pk) if item else ""}
    data["source"] = data["source"] or str(ReportForm(request=request)["source"].value())
    # (0, 0) and what lies outside the city is no place: kept as the phone said it, and never measured from.
    if place is not None and not lies_elsewhere(village, place):
        data |= {"latitude": str(place[0]), "longitude": str(place[1])}
    return data


def lies_elsewhere(village: str, place: tuple[float, float]) -> bool:
    found = Unit.objects.filter(code=village).first()
    city = Unit.objects.filter(path__in=found.ancestor_paths(), level=UnitLevel.CITY).first() if found else None
    return city is not None and is_odd(city, *place)


def refusals_of(form: ReportForm) -> SeveralRefusals:
    found = [
        Unprocessable("not_as_it_is", sentence, field="" if name == "__all__" else name)
        for name, sentences in form.errors.items()
        for sentence in sentences
    ]
    return SeveralRefusals(list(found))


urlpatterns = [
    path("phone/state", state, name="phone_state"),
    path("phone/area", area, name="phone_area"),
    path("phone/entries", entries, name="phone_entries"),
    path("phone/entries/<uuid:key>", entry, name="phone_entry"),
    path("phone/queue", queue, name="phone_queue"),
]
