"""Visits on the phone page: those that travel along with their checklists, and those that were made without a network."""

import json
from typing import Any

from django.conf import settings
from django.http import JsonResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from casework.errors import NotAllowed, Refusal
from casework.models import Person, PhoneEntry
from casework.models.category import local_name
from casework.models.evidence import EvidenceKind
from casework.phones.along import LastPhoto, last_photos, objects_in
from casework.proofs.previews import WIDTHS
from casework.values.numbers import whole_number
from casework.working_time.deadlines import local_day
from oversight.models import ChecklistItem, FoundCase, ItemAnswer, SignatureOutcome, VillageVisit
from oversight.visits.by_phone import MadeVisit, link_found_by_phone, take_made_visit
from oversight.visits.queries import to_make
from oversight.visits.records import VisitState
from oversight.visits.rights import visits_seen_by
from oversight.visits.signing import Signature, strokes_of
from web.json_answers import Unreadable, in_json, object_of
from web.phone_values import clock_off, key_of, parts_of, place_of, stated_moment, text_of
from web.requests import Request

MOST_ANSWERS = 500


@require_GET
@in_json
def phone_visits(request: Request) -> JsonResponse:
    """The visits that wait for this person, what is due first first, up to a cap that the office sets: with checklist,
    objects and last photos of the village. Seven queries.
    """
    most = settings.PHONE_MOST_VISITS
    visits = list(to_make(request.user, request.on)[: most + 1])
    shown = visits[:most]
    lines: dict[int, list[ChecklistItem]] = {}
    for line in ChecklistItem.objects.filter(checklist__in={one.checklist_id for one in shown}).select_related("item"):
        lines.setdefault(line.checklist_id, []).append(line)
    given: dict[int, dict[str, str]] = {}
    for answer in ItemAnswer.objects.filter(visit__in=shown):
        given.setdefault(answer.visit_id, {})[str(answer.line_id)] = answer.answer
    reported: dict[int, list[int]] = {}
    for pk, line_pk in FoundCase.objects.filter(answer__visit__in=shown).values_list("answer__visit", "answer__line"):
        reported.setdefault(pk, []).append(line_pk)
    villages = [one.village_id for one in shown]
    objects, photos = objects_in(villages), last_photos(request.user, villages, request.on)
    return JsonResponse(
        {
            "visits": [
                {
                    "visit": one.pk,
                    "village": one.village.code,
                    "name": one.village.name,
                    "kind": str(one.get_kind_display()),
                    "due": one.due_by.isoformat(),
                    "has_arrived": one.state == VisitState.ARRIVED,
                    "given": given.get(one.pk, {}),
                    "reported": reported.get(one.pk, []),
                    "objects": objects.get(one.village_id, []),
                    "photos": [photo_along(photo) for photo in photos[one.village_id]],
                    "items": [
                        [line.pk, line.item.code, local_name(line.item), line.standard]
                        for line in lines.get(one.checklist_id, ())
                    ],
                }
                for one in shown
            ],
            "has_more_visits": len(visits) > most,
        }
    )


def photo_along(photo: LastPhoto) -> dict[str, str]:
    """A photo as the phone fetches it, when there is a line, and shows it without one."""
    return {
        "address": reverse("evidence_preview", args=[photo.pk, min(WIDTHS)]),
        "words": f"{photo.number} · {EvidenceKind(photo.kind).label} · {local_day(photo.at).isoformat()}",
    }


@require_POST
@in_json
def phone_visit(request: Request) -> JsonResponse:
    """Take a visit, once; the answer is its receipt, each time."""
    visit, made = made_visit_of(request, object_of(request), request.user)
    visit = take_made_visit(visit=visit, made=made, by=request.user, at=request.at)
    return JsonResponse(
        {
            "key": str(made.key),
            "number": visit.village.name,
            "address": reverse("visit", args=[visit.pk]),
            "complete": True,
            "asks": "",
            "files": [],
        }
    )


def made_visit_of(request: Request, said: dict[str, Any], person: Person) -> tuple[VillageVisit, MadeVisit]:
    """A visit of this person, and what the phone says of it. Refuses what can't be read, and a visit that is not theirs."""
    off = clock_off(request, said)
    key = key_of(said.get("key"), "key")
    values, _files = parts_of(said)
    visit = own_visit(request, values.get("visit"), person)
    position = values.get("position")
    return visit, MadeVisit(
        key=key,
        answers=answers_of(values.get("answers")),
        signature=signature_of(values.get("end")),
        position=place_of(position) if isinstance(position, dict) else None,
        arrived_at=stated_moment(values.get("arrived_at"), at=request.at),
        done_at=stated_moment(said.get("entered_at"), at=request.at),
        clock_off=off,
    )


def take_in_visit(request: Request, said: dict[str, Any], person: Person) -> VillageVisit:
    """A visit from an emergency file of this person's phone, by an office in whose area it lies."""
    visit, made = made_visit_of(request, said, person)
    if not visits_seen_by(request.user, request.on).filter(pk=visit.pk).exists():
        raise no_such_visit()
    return take_made_visit(visit=visit, made=made, by=person, at=request.at, taken_in_by=request.user)


def no_such_visit() -> NotAllowed:
    return NotAllowed("no_such_visit", _("You do not see this visit any more."))


def own_visit(request: Request, said: Any, person: Person) -> VillageVisit:
    pk = said if isinstance(said, int) and not isinstance(said, bool) and 0 < said < 2**63 else None
    found = visits_seen_by(person, request.on).filter(pk=pk).select_related("village").first() if pk else None
    if found is None:
        raise no_such_visit()
    return found


def answers_of(said: Any) -> dict[int, str]:
    """By the keys of the items, as they are numbers in JSON's names."""
    if not isinstance(said, dict) or len(said) > MOST_ANSWERS:
        raise Unreadable("unreadable", _("What was sent can't be read. Load the page again; nothing on it is lost."))
    pairs = [(whole_number(name), text_of(words)[:20]) for name, words in said.items()]
    return {pk: words for pk, words in pairs if pk is not None}


def signature_of(said: Any) -> Signature:
    said = said if isinstance(said, dict) else {}
    try:
        strokes = strokes_of(json.loads(text_of(said.get("strokes")) or "[]"))
    except (ValueError, RecursionError):
        strokes = None
    if strokes is None:
        raise Unreadable("unreadable", _("The signature can't be read. Let it be signed once more."))
    return Signature(
        outcome=text_of(said.get("outcome")),
        name=text_of(said.get("name")) if said.get("outcome") == SignatureOutcome.SIGNED else "",
        strokes=strokes,
        is_ticked=said.get("is_ticked") is True,
        reason=text_of(said.get("reason")),
    )


def link_to_visit(request: Request, entry: PhoneEntry) -> None:
    """A finding that was entered at an item of a visit of its person. Where the visit refuses it, the case stands by
    itself.
    """
    values = entry.manifest.get("values")
    at = values.get("on_visit") if isinstance(values, dict) else None
    if not isinstance(at, dict) or not isinstance(at.get("line"), int) or isinstance(at["line"], bool):
        return
    line: int = at["line"]
    try:
        visit = own_visit(request, at.get("visit"), entry.person)
        link_found_by_phone(visit=visit, line=line, case=entry.case, by=entry.person, at=request.at)
    except Refusal:
        return


urlpatterns = [
    path("phone/visits", phone_visits, name="phone_visits"),
    path("phone/visit", phone_visit, name="phone_visit"),
]
