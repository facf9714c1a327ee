"""An appeal against a line of a published score, within five working days; the level above decides, never who scored."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed
from casework.lifecycle.recording import require_words
from casework.models import Person, Unit
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.values.days_in_words import exact_day
from casework.working_time.deadlines import add_working_days, local_day
from oversight.scorecards.records import AppealDecision, Appraisal, ScoreAppeal, ScoreLine, ScoreSheet

WORKING_DAYS = 5


def appeals_until(sheet: ScoreSheet) -> date:
    """The last day on which the unit can appeal."""
    return add_working_days(local_day(sheet.at), WORKING_DAYS)


def may_appeal(person: Person, sheet: ScoreSheet, on: date) -> bool:
    """Whether this person speaks for the unit that was scored."""
    return any(held.unit_id == sheet.unit_id for held in posts_for(person, OfficeAction.APPEAL_SCORE, on))


def refusal_to_decide(person: Person, appeal: ScoreAppeal, on: date) -> NotAllowed | None:
    """Why this person may not decide: the level above does, and nobody who scored, appraised or appealed."""
    sheet = appeal.line.sheet
    above = [
        held
        for held in posts_for(person, OfficeAction.DECIDE_SCORE_APPEAL, on)
        if sheet.unit.path.startswith(held.unit_path) and held.unit_id != sheet.scheme.county_id
    ]
    if not above:
        return NotAllowed("not_the_level_above", _("An appeal is decided by the office above the one that scored."))
    appraised = Appraisal.objects.filter(
        item=appeal.line.item_id, unit=sheet.unit_id, first_day=sheet.first_day, last_day=sheet.last_day, by=person
    )
    if person.pk in (sheet.by_id, appeal.by_id) or appraised.exists():
        return NotAllowed("own_score", _("You had a part in this score, so somebody else decides. Ask a colleague."))
    return None


@transaction.atomic
def appeal_score(*, line: ScoreLine, words: str, by: Person, at: datetime) -> ScoreAppeal:
    """Refuses others than the unit's own people, a day too late, a line that lost nothing, and a second time."""
    sheet = line.sheet
    if not may_appeal(by, sheet, local_day(at)):
        sentence = _("An appeal comes from %(unit)s itself: its committee, or the reviewer of a town.")
        raise NotAllowed("not_your_score", sentence % {"unit": sheet.unit_name})
    until = appeals_until(sheet)
    if local_day(at) > until:
        sentence = _("The five working days for an appeal ended on %(day)s. The score stands.")
        raise Conflict("appeal_too_late", sentence % {"day": exact_day(until)})
    words = require_words(words, field="words", sentence=_("Say what is wrong with these points."))
    ScoreSheet.objects.select_for_update(no_key=True).get(pk=sheet.pk)
    if line.points is None or line.points >= line.item.weight:
        raise Invalid("nothing_lost", _("This item lost no points, so there is nothing to give back."))
    if ScoreAppeal.objects.filter(line=line).exists():
        raise Conflict("appealed_already", _("There is an appeal against these points already."))
    return ScoreAppeal.objects.create(line=line, words=words, by=by, at=at)


@transaction.atomic
def decide_appeal(*, appeal: ScoreAppeal, points_back: Decimal, words: str, by: Person, at: datetime) -> AppealDecision:
    """Give back some, all or none of the points that the line lost. The published score itself stays as it is."""
    if refusal := refusal_to_decide(by, appeal, local_day(at)):
        raise refusal
    ScoreSheet.objects.select_for_update(no_key=True).get(pk=appeal.line.sheet_id)
    if AppealDecision.objects.filter(appeal=appeal).exists():
        raise Conflict("decided_already", _("This appeal is decided already."))
    lost = appeal.line.item.weight - (appeal.line.points or Decimal(0))
    if not 0 <= points_back <= lost:
        sentence = _("This item lost %(lost)s points: give back from 0 to as many.")
        raise Invalid("points_out_of_range", sentence % {"lost": lost}, field="points_back")
    words = require_words(words, field="words", sentence=_("Say why: the unit and its office will read it."))
    return AppealDecision.objects.create(appeal=appeal, points_back=points_back, words=words, by=by, at=at)


def appeals_to_decide(person: Person, on: date) -> QuerySet[ScoreAppeal]:
    """What waits for this person's decision, the oldest first."""
    paths = [held.unit_path for held in posts_for(person, OfficeAction.DECIDE_SCORE_APPEAL, on)]
    units = Unit.objects.none()
    for path in paths:
        units = units | Unit.objects.filter(path__gte=path, path__lt=Unit.path_after(path))
    appeals = ScoreAppeal.objects.filter(decision=None, line__sheet__unit__in=units.values("pk"))
    mine = appeals.exclude(line__sheet__by=person).exclude(by=person)
    return mine.select_related("line__sheet__unit", "line__item").order_by("id")
