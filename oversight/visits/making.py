"""Making a visit: arrived, each item answered, what was found reported, the summary signed or not, done."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, Refusal, refuse
from casework.models import Case, Person, Unit
from casework.models.unit import UnitLevel
from casework.values.positions import rounded
from oversight.visits.entries import entered_before, fingerprint, remember
from oversight.visits.positions import is_odd
from oversight.visits.queries import lines_of, standing
from oversight.visits.records import (
    ChecklistItem,
    FoundCase,
    HeadSignature,
    ItemAnswer,
    SignatureOutcome,
    VillageVisit,
    VisitAnswer,
    VisitState,
)
from oversight.visits.rights import require_inspector
from oversight.visits.signing import Signature, signature_refusals


@transaction.atomic
def arrive(
    *,
    visit: VillageVisit,
    by: Person,
    at: datetime,
    latitude: float | None = None,
    longitude: float | None = None,
    is_confirmed: bool = False,
    key: UUID | None = None,
) -> VillageVisit:
    """Say that one is there. A position is taken only if the phone gives one; one that can't be is asked about, and
    stored with that mark where it `is_confirmed`. Refuses who doesn't go there, and a second arrival.
    """
    content = fingerprint(visit=visit.pk, latitude=latitude, longitude=longitude, sure=is_confirmed)
    visit = _locked(visit, by=by, at=at)
    if entered_before(key, step="arrive", content=content, by=by) is not None:
        return visit
    _require_open(visit)
    if visit.state != VisitState.PLANNED:
        raise Conflict("arrived_already", _("Your arrival is entered already. Go on with the checklist."))
    visit.is_position_odd = False
    if latitude is not None and longitude is not None:
        visit.is_position_odd = is_odd(_city_of(visit), latitude, longitude)
        if visit.is_position_odd and not is_confirmed:
            raise Invalid(
                "position_odd",
                _("The phone says a place outside the city. Is that right? Keep it as it is, or leave it out."),
                field="latitude",
                values={"latitude": latitude, "longitude": longitude},
            )
        visit.latitude, visit.longitude = rounded(latitude), rounded(longitude)
    visit.state, visit.arrived_at = VisitState.ARRIVED, at
    visit.save(update_fields=["state", "arrived_at", "latitude", "longitude", "is_position_odd"])
    remember(key, visit, step="arrive", content=content, by=by, at=at)
    return visit


@transaction.atomic
def answer_items(
    *, visit: VillageVisit, answers: Mapping[int, str], by: Person, at: datetime, key: UUID | None = None
) -> VillageVisit:
    """Write down what was seen, by the keys of the checklist's items, one or several at once; an item may be answered
    anew. Refuses before the arrival and after the end, an item of another checklist, an unknown answer, and that an item
    is in order for which a case was reported already.
    """
    content = fingerprint(visit=visit.pk, answers={str(line): answer for line, answer in answers.items()})
    visit = _locked(visit, by=by, at=at)
    if entered_before(key, step="answer", content=content, by=by) is not None:
        return visit
    _require_arrived(visit)
    lines = {line.pk: line for line in lines_of(visit)}
    given = {one.line_id: one for one in ItemAnswer.objects.select_for_update().filter(visit=visit)}
    reported = set(FoundCase.objects.filter(answer__visit=visit).values_list("answer__line", flat=True))
    refuse(_answer_refusals(answers, lines, reported))
    fresh = [ItemAnswer(visit=visit, line_id=pk, answer=said, at=at) for pk, said in answers.items() if pk not in given]
    changed = [one for one in given.values() if answers.get(one.line_id, one.answer) != one.answer]
    for one in changed:
        one.answer, one.at = answers[one.line_id], at
    ItemAnswer.objects.bulk_create(fresh)
    ItemAnswer.objects.bulk_update(changed, ["answer", "at"])
    remember(key, visit, step="answer", content=content, by=by, at=at)
    return visit


def _answer_refusals(
    answers: Mapping[int, str], lines: Mapping[int, ChecklistItem], reported: set[int]
) -> list[Refusal]:
    found: list[Refusal] = []
    if not answers:
        found.append(Invalid("no_answer", _("Answer at least one item.")))
    for pk, said in answers.items():
        if pk not in lines:
            found.append(Invalid("item_unknown", _("This item is not on the visit's checklist. Open the visit again.")))
        elif said not in VisitAnswer.values:
            unknown = _("Answer “in order”, “finding” or “not applicable”.")
            found.append(Invalid("answer_unknown", unknown, field=f"line-{pk}"))
        elif said != VisitAnswer.FINDING and pk in reported:
            stands = _("“%(item)s” was reported as a case, so it stays a finding. The office can refuse the case.")
            found.append(Invalid("case_stands", stands % {"item": lines[pk].item.name}, field=f"line-{pk}"))
    return found


@transaction.atomic
def link_found_case(*, answer: ItemAnswer, case: Case, by: Person, at: datetime) -> FoundCase:
    """Say that a case was found at this item. Refuses other people, before the arrival and after the end, a case of
    another village, and one that stands with a visit already.
    """
    visit = _locked(answer.visit, by=by, at=at)
    _require_arrived(visit)
    answer = ItemAnswer.objects.select_for_update().get(pk=answer.pk)
    if case.village_id != visit.village_id:
        raise Invalid("other_village", _("The case lies in another village than the visit."))
    if FoundCase.objects.filter(case=case).exists():
        raise Conflict("linked_already", _("This case stands with a visit already."))
    if answer.answer != VisitAnswer.FINDING:
        answer.answer, answer.at = VisitAnswer.FINDING, at
        answer.save(update_fields=["answer", "at"])
    return FoundCase.objects.create(answer=answer, case=case, by=by, at=at)


@transaction.atomic
def finish_visit(
    *, visit: VillageVisit, signature: Signature, by: Person, at: datetime, key: UUID | None = None
) -> VillageVisit:
    """End the visit with what the village's head did with the summary. From then on nothing of it changes.

    Refuses before the arrival, while an item is not answered or a finding not reported (saying which), and a summary
    that is neither signed nor said why not.
    """
    content = fingerprint(visit=visit.pk, signature=vars(signature))
    visit = _locked(visit, by=by, at=at)
    if entered_before(key, step="finish", content=content, by=by) is not None:
        return visit
    _require_arrived(visit)
    stands = standing(visit)
    refusals: list[Refusal] = []
    if stands.unanswered:
        unanswered = _("Not answered yet: %(items)s.") % {"items": _named(stands.unanswered)}
        refusals.append(Invalid("items_missing", unanswered, values={"missing": stands.unanswered}))
    if stands.unreported:
        unreported = _("Not reported yet: %(items)s. Report each finding, or answer it anew.")
        said = unreported % {"items": _named(stands.unreported)}
        refusals.append(Invalid("findings_missing", said, values={"missing": stands.unreported}))
    refuse(refusals + signature_refusals(signature))
    is_signed = signature.outcome == SignatureOutcome.SIGNED
    HeadSignature.objects.create(
        visit=visit,
        outcome=signature.outcome,
        name=signature.name.strip(),
        strokes=list(signature.strokes) if is_signed else [],
        reason="" if is_signed else signature.reason.strip(),
        at=at,
    )
    ItemAnswer.objects.filter(visit=visit).update(frozen_at=at)
    visit.checked, visit.wrong, visit.found = stands.checked, stands.wrong, stands.found
    visit.state, visit.done_at, visit.remind_at = VisitState.DONE, at, None
    visit.save(update_fields=["state", "done_at", "remind_at", "checked", "wrong", "found"])
    remember(key, visit, step="finish", content=content, by=by, at=at)
    return visit


def _named(lines: list[ChecklistItem]) -> str:
    return "、".join(line.item.name for line in lines)


def _locked(visit: VillageVisit, *, by: Person, at: datetime) -> VillageVisit:
    """The visit as it is now, under its lock, for whoever makes it."""
    found = VillageVisit.objects.select_for_update(of=("self",)).select_related("village", "inspector").get(pk=visit.pk)
    require_inspector(by, found, at)
    return found


def _require_open(visit: VillageVisit) -> None:
    if visit.state == VisitState.DONE:
        raise Conflict("visit_done", _("This visit is done; nothing of it changes any more."))
    if visit.state == VisitState.CALLED_OFF:
        raise Conflict("visit_called_off", _("This visit was called off: %(reason)s") % {"reason": visit.reason})


def _require_arrived(visit: VillageVisit) -> None:
    _require_open(visit)
    if visit.state != VisitState.ARRIVED:
        raise Conflict("not_arrived", _("Enter first that you have arrived."))


def _city_of(visit: VillageVisit) -> Unit:
    return Unit.objects.get(path__in=visit.village.ancestor_paths(), level=UnitLevel.CITY)
