"""Planning visits: who goes to which village by when, one by one or all of a draw; and calling one off."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed, Refusal, refuse
from casework.models import Person, Unit
from casework.models.unit import UnitLevel
from casework.rights.held_posts import read_posts
from casework.rights.territories import Line, lines_above
from casework.working_time.deadlines import ONE_DAY, local_day, midnight
from oversight.visits.checklists import current_checklist
from oversight.visits.entries import entered_before, fingerprint, remember
from oversight.visits.records import VillageVisit, VillageVisitKind, VisitState
from oversight.visits.rights import goes_there, may_call_off, office_for, own_village, own_villages

MOST_AT_ONCE = 500
LONGEST_DAYS = 366


def plan_visit(
    *,
    village: Unit,
    inspector: Person,
    due_by: date,
    kind: str,
    by: Person,
    at: datetime,
    draw_key: str = "",
    key: UUID | None = None,
) -> VillageVisit:
    """Plan one visit. The same form handed in again gives the same visit."""
    return plan_visits(
        places=[(village, inspector)], due_by=due_by, kind=kind, by=by, at=at, draw_key=draw_key, key=key
    )[0]


@transaction.atomic
def plan_visits(
    *,
    places: Sequence[tuple[Unit, Person]],
    due_by: date,
    kind: str,
    by: Person,
    at: datetime,
    draw_key: str = "",
    key: UUID | None = None,
) -> list[VillageVisit]:
    """Plan a visit to each of these villages, with who goes there; all of them or none. All lie in one city.

    Refuses a village outside the planner's area or in which they sit, an inspector of elsewhere or of this very village
    or its town, a day that has passed, and a second visit of one draw to one village. So many queries as for one.
    """
    places, on = list(places), local_day(at)
    content = fingerprint(
        places=[(village.pk, inspector.pk) for village, inspector in places], due_by=due_by, kind=kind, draw=draw_key
    )
    # The same form at the same moment: the second waits here and then finds what the first one wrote.
    list(Unit.objects.select_for_update(no_key=True).filter(pk__in=[one.pk for one, _who in places]).order_by("pk"))
    known = entered_before(key, step="plan", content=content, by=by)
    if known is not None:
        return [known.visit]
    lines = lines_above([village for village, _inspector in places], on=on)
    refuse(_refusals(places, lines, due_by=due_by, kind=kind, by=by, on=on))
    offices = {village.pk: office_for(by, village, lines[village.pk], on) for village, _inspector in places}
    if draw_key:
        drawn = VillageVisit.objects.filter(draw_key=draw_key, village__in=[village.pk for village, _who in places])
        if drawn.exists():
            raise Conflict("planned_already", _("The visits of this draw are planned already."))
    cities = {line.city for line in lines.values() if line.city is not None}
    checklists = {city: current_checklist(city, at=at) for city in cities}
    made = VillageVisit.objects.bulk_create(
        [
            VillageVisit(
                village=village,
                county=line.county,
                office_id=office.unit_id,
                kind=kind,
                inspector=inspector,
                due_by=due_by,
                checklist=checklists[line.city],
                draw_key=draw_key,
                planned_by=by,
                planned_at=at,
                remind_at=midnight(due_by + ONE_DAY),
            )
            for village, inspector in places
            if (line := lines[village.pk]).city is not None and (office := offices[village.pk]) is not None
        ]
    )
    remember(key, made[0], step="plan", content=content, by=by, at=at)
    return made


def _refusals(
    places: Sequence[tuple[Unit, Person]], lines: dict[int, Line], *, due_by: date, kind: str, by: Person, on: date
) -> list[Refusal]:
    found: list[Refusal] = []
    if not places or len(places) > MOST_AT_ONCE:
        return [Invalid("number_unfit", _("Choose between one and five hundred villages."), field="village")]
    if kind not in VillageVisitKind.values:
        found.append(Invalid("kind_unknown", _("Choose why somebody goes."), field="kind"))
    if due_by < on:
        found.append(Invalid("day_past", _("This day has passed. Choose today or a later day."), field="due_by"))
    elif (due_by - on).days > LONGEST_DAYS:
        found.append(Invalid("day_far", _("Choose a day within a year."), field="due_by"))
    read_posts([inspector for _village, inspector in places], on)
    own = own_villages([(inspector, village) for village, inspector in places], on)
    for village, inspector in places:
        line = lines.get(village.pk)
        if village.level != UnitLevel.VILLAGE or not village.is_active or line is None or line.county is None:
            found.append(Invalid("no_village", _("Choose a village that is in use."), field="village"))
        elif office_for(by, village, line, on) is None:
            sentence = _("%(village)s lies outside your office's area: its own office plans visits there.")
            raise NotAllowed("not_your_village", sentence % {"village": village.name})
        elif (inspector.pk, village.pk) in own:
            found.append(Invalid("own_village", own_village().sentence, field="inspector"))
        elif not goes_there(inspector, village, line, on):
            sentence = _("%(name)s is no inspector of this county or of the city. Choose somebody who is.")
            found.append(Invalid("no_inspector", sentence % {"name": inspector}, field="inspector"))
    return found


@transaction.atomic
def call_off_visit(*, visit: VillageVisit, reason: str, by: Person, at: datetime) -> VillageVisit:
    """Say that nobody goes there after all; the visit stays with its reason. Refuses who holds no office over the
    village, one where somebody has arrived, and one without a reason.
    """
    visit = VillageVisit.objects.select_for_update().select_related("village").get(pk=visit.pk)
    if not may_call_off(by, visit, local_day(at)):
        raise NotAllowed("not_your_village", _("A visit is called off by the office of its county or city."))
    if visit.state != VisitState.PLANNED:
        raise Conflict("visit_begun", _("Somebody has arrived there already, or it was called off before."))
    if not reason.strip():
        raise Invalid("words_missing", _("Say why nobody goes there."), field="reason")
    visit.state, visit.reason = VisitState.CALLED_OFF, reason.strip()[:300]
    visit.called_off_by, visit.called_off_at, visit.remind_at = by, at, None
    visit.save(update_fields=["state", "reason", "called_off_by", "called_off_at", "remind_at"])
    return visit
