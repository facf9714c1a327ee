"""A photo as large as a screen, with what is known of it and the photos beside it; and before and after compared."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from casework.errors import Refusal
from casework.lists.reporters import reporter_name
from casework.models import Case, Evidence, PhotoPrint
from casework.models.case_event import EventKind
from casework.models.evidence import EvidenceKind
from casework.proofs.previews import SCREEN
from casework.proofs.turning import may_turn, quarters_of, turn_photo
from casework.rights.roles import sees_originals
from casework.values.numbers import whole_number
from casework.values.positions import metres_between, real_position
from web.pages.case_forms import readable_case
from web.pages.evidence import readable
from web.pages.flags import FlagLine, flag_lines
from web.requests import Request

# How photos follow one another: what was found, what was done, the papers.
ORDER = (EvidenceKind.BEFORE, EvidenceKind.AFTER, EvidenceKind.SIGNED_SHEET, EvidenceKind.DOCUMENT)


@dataclass(frozen=True)
class AmongOthers:
    """Where a photo stands among those of its case."""

    place: int
    total: int
    previous: Evidence | None
    next: Evidence | None


def photo(request: Request, pk: int) -> HttpResponse:
    """A photo as large as a screen; its original, which may be large or no picture to a browser, is a click further."""
    evidence = readable(request, pk)
    if not evidence.is_image:
        raise Http404
    case = evidence.case
    sees_original = sees_originals(request.user, case, request.on)
    photos = photos_of(case, of_look_backs=evidence.kind == EvidenceKind.LOOK_BACK)
    kinds = {one.kind for one in photos}
    quarters = quarters_of(evidence)
    return render(
        request,
        "cases/photo.html",
        {
            "evidence": evidence,
            "case": case,
            "among": among(evidence, photos),
            # The width of a photo on its side is its height; a browser keeps a picture by its address.
            "source": reverse("evidence_preview", args=[pk, SCREEN])
            + (f"?turned={quarters}" if hasattr(evidence, "turn") else ""),
            "width": evidence.height if quarters % 2 else evidence.width,
            "height": evidence.width if quarters % 2 else evidence.height,
            "next_quarters": (quarters + 1) % 4,
            "may_turn": may_turn(request.user, case, request.on),
            "comparison": comparison_of(evidence) if kinds >= {EvidenceKind.BEFORE, EvidenceKind.AFTER} else "",
            "sees_original": sees_original,
            "by": added_by(evidence),
            "flags": flags_of(request, evidence),
            **(of_the_camera(evidence) if sees_original else {}),
        },
    )


def photos_of(case: Case, *, of_look_backs: bool = False) -> list[Evidence]:
    """The photos that are looked through together: those of a look-back among themselves, since nobody knows of it yet."""
    found = [one for one in case.evidence.select_related("turn").order_by("number") if one.is_image]
    if of_look_backs:
        return [one for one in found if one.kind == EvidenceKind.LOOK_BACK]
    shown = [one for one in found if one.kind in ORDER]
    return sorted(shown, key=lambda one: ORDER.index(EvidenceKind(one.kind)))


def among(evidence: Evidence, photos: list[Evidence]) -> AmongOthers | None:
    """None for a photo that somebody takes back just now: it stands among no others any more."""
    place = next((n for n, one in enumerate(photos) if one.pk == evidence.pk), None)
    if place is None:
        return None
    following = photos[place + 1] if place + 1 < len(photos) else None
    return AmongOthers(place + 1, len(photos), photos[place - 1] if place else None, following)


def comparison_of(evidence: Evidence) -> str:
    """The query of the comparison that begins with this photo; none for a paper."""
    name = {EvidenceKind.BEFORE: "before", EvidenceKind.AFTER: "after"}.get(EvidenceKind(evidence.kind))
    return f"{name}={evidence.pk}" if name else ""


def added_by(evidence: Evidence) -> str:
    """Who handed it in, and for which unit; of a station's report only that it is one."""
    case = evidence.case
    if evidence.uploaded_by_id == case.reported_by_id and evidence.kind == EvidenceKind.BEFORE:
        return reporter_name(case)
    added = case.events.filter(
        kind=EventKind.EVIDENCE_ADDED, by=evidence.uploaded_by_id, at=evidence.uploaded_at, by_unit__isnull=False
    )
    event = added.select_related("by_unit").first()
    return f"{evidence.uploaded_by} · {event.by_unit}" if event else str(evidence.uploaded_by)


def of_the_camera(evidence: Evidence) -> dict[str, Any]:
    """What the photo's own data says: the camera, and how far from the place of the problem it stood."""
    printed = PhotoPrint.objects.filter(evidence=evidence).first()
    found = {"camera": printed.camera if printed else ""}
    here = real_position(evidence.latitude, evidence.longitude)
    there = real_position(evidence.case.latitude, evidence.case.longitude)
    if here is None or there is None:
        return found
    metres = round(metres_between(*here, *there))
    return found | {"far": _("%(km).1f km") % {"km": metres / 1000} if metres >= 1000 else _("%(m)d m") % {"m": metres}}


def flags_of(request: Request, evidence: Evidence) -> list[FlagLine]:
    lines = flag_lines(evidence.case, request.user, request.on)
    return [line for line in lines if evidence.pk in (line.flag.evidence_id, line.flag.other_evidence_id)]


@require_POST
def turn(request: Request, pk: int) -> HttpResponse:
    """Show a photo turned from now on, to everybody. The file stays as it is."""
    evidence = readable(request, pk)
    if not evidence.is_image:
        raise Http404
    quarters = whole_number(request.POST.get("quarters", ""))
    try:
        turn_photo(
            evidence=evidence,
            quarters=-1 if quarters is None else quarters,
            by=request.user,
            on=request.on,
            at=request.at,
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("evidence_photo", pk=pk)


def comparison(request: Request, number: str) -> HttpResponse:
    """One photo from before and one from after, side by side; which ones are said in the address."""
    case = readable_case(request, number)
    photos = photos_of(case)
    before = [one for one in photos if one.kind == EvidenceKind.BEFORE]
    after = [one for one in photos if one.kind == EvidenceKind.AFTER]
    return render(
        request,
        "cases/comparison.html",
        {
            "case": case,
            "before": before,
            "after": after,
            "left": chosen(before, request.GET.get("before", "")) or (before[0] if before else None),
            "right": chosen(after, request.GET.get("after", "")) or latest(after),
        },
    )


def latest(photos: list[Evidence]) -> Evidence | None:
    """The first photo of the last round: what it looks like now, the first measure first."""
    return next((one for one in photos if one.round == photos[-1].round), None)


def chosen(photos: list[Evidence], key: str) -> Evidence | None:
    pk = whole_number(key)
    return next((one for one in photos if one.pk == pk), None)


urlpatterns = [
    path("evidence/<int:pk>/photo", photo, name="evidence_photo"),
    path("evidence/<int:pk>/turn", turn, name="evidence_turn"),
    path("cases/<str:number>/comparison", comparison, name="photo_comparison"),
]
