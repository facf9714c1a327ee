"""A person releases a case for the public page, in words that name nobody; anew, or takes it off again."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed, Refusal, refuse
from casework.lifecycle.recording import require_words
from casework.models import Case, Evidence, Person, Unit
from casework.models.evidence import IMAGES, EvidenceKind
from casework.queries import current_measures
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.working_time.deadlines import local_day
from oversight.mechanisms.corrections import length_refusals
from oversight.public_page.masking import mask
from oversight.public_page.queries import NOT_PUBLIC
from oversight.public_page.records import Release, ReleasedPhoto

MOST_PHOTOS = 4
PHOTO_KINDS = (EvidenceKind.BEFORE, EvidenceKind.AFTER, EvidenceKind.LOOK_BACK)


@dataclass(frozen=True)
class Shown:
    """What is to stand in public: problem and measure in words, and photos of the case by their keys."""

    problem: str
    measure: str = ""
    photos: Iterable[int] = field(default=())


def may_release(person: Person, case: Case, on: date) -> bool:
    """Whether the case belongs to an office of this person that releases. One of `queries.releasable` as to the office."""
    units = {case.county_id, case.city_id} - {None}
    return any(held.unit_id in units for held in posts_for(person, OfficeAction.RELEASE_CASE, on))


def proposed(case: Case) -> Shown:
    """The case's own words with names and numbers masked, to be read and changed before they are released."""
    city = city_of(case)
    measures = "；".join(measure.what.rstrip("。；") for measure in current_measures(case))
    return Shown(mask(case.description, city=city).text, mask(measures or case.required_action, city=city).text)


def photos_of(case: Case) -> list[Evidence]:
    """The photos that a release may show: of the problem, of what was done and of look-backs, never a signed sheet."""
    return list(Evidence.objects.filter(case=case, kind__in=PHOTO_KINDS, media_type__in=IMAGES))


def city_of(case: Case) -> Unit:
    if case.city is None:
        raise Conflict("no_city", _("This village belongs to no city, so there is no public page for it."))
    return case.city


@transaction.atomic
def release_case(*, case: Case, shown: Shown, by: Person, at: datetime) -> Release:
    """Put a case on the public page, or put it there anew in other words. Refuses other people, a case that must not be
    public, and words that hold a name of somebody in the system, a masked word, or a number of a phone or identity card.
    """
    _require_releaser(by, case, at)
    locked = Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    if locked.stage in NOT_PUBLIC:
        sentence = _("This case can't stand in public: it is not assigned yet, or was ended without a rectification.")
        raise Conflict("not_public", sentence)
    problem, measure = shown.problem.strip(), shown.measure.strip()
    photos = list(dict.fromkeys(shown.photos))
    refuse(_refusals(locked, problem, measure, photos))
    release = Release.objects.create(
        case=locked, number=_next_number(locked), problem=problem, measure=measure, by=by, at=at
    )
    ReleasedPhoto.objects.bulk_create([ReleasedPhoto(release=release, evidence_id=photo) for photo in photos])
    return release


@transaction.atomic
def withdraw_release(*, case: Case, reason: str, by: Person, at: datetime) -> Release:
    """Take a case off the public page; what had stood there stays to be read by offices."""
    _require_releaser(by, case, at)
    locked = Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    reason = require_words(reason, field="reason", sentence=_("Say why it is taken off the public page."))
    refuse(length_refusals(reason=reason))
    newest = Release.objects.filter(case=locked).order_by("-number").first()
    if newest is None or newest.is_withdrawn:
        raise Conflict("not_released", _("This case does not stand on the public page."))
    return Release.objects.create(
        case=locked, number=_next_number(locked), is_withdrawn=True, reason=reason, by=by, at=at
    )


def _require_releaser(by: Person, case: Case, at: datetime) -> None:
    if not may_release(by, case, local_day(at)):
        sentence = _("A case is released by the supervision office of its county or city.")
        raise NotAllowed("not_your_release", sentence)


def _refusals(case: Case, problem: str, measure: str, photos: list[int]) -> list[Refusal]:
    found = length_refusals(problem=problem, measure=measure)
    if found:
        return found
    if not problem:
        found.append(Invalid("problem_missing", _("Say what the problem is, without names."), field="problem"))
    city = city_of(case)
    for name, words in (("problem", problem), ("measure", measure)):
        if personal := mask(words, city=city).found:
            sentence = _("This names somebody, or holds a number or a word that must not be public: %(words)s.")
            found.append(Invalid("personal", sentence % {"words": "、".join(personal)}, field=name))
    if len(photos) > MOST_PHOTOS:
        found.append(Invalid("too_many_photos", _("Up to %(most)d photos.") % {"most": MOST_PHOTOS}, field="photos"))
    elif set(photos) - {one.pk for one in photos_of(case)}:
        found.append(Invalid("photo_unknown", _("Choose photos of this case."), field="photos"))
    return found


def _next_number(case: Case) -> int:
    last = Release.objects.filter(case=case).aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1
