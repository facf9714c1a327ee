"""The scores of a period: computed for all units of a level at once, published as they stand, and counted again later."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, Refusal, refuse
from casework.models import Person, Term, Unit
from casework.models.unit import UnitLevel, on_day
from casework.stages import Role
from casework.working_time.deadlines import local_day
from oversight.scorecards.computed import COMPUTED, Fault, Known, Measured, Scope
from oversight.scorecards.records import (
    Appraisal,
    LostPoint,
    ScoreItem,
    ScoreItemKind,
    ScoreLine,
    ScoreScheme,
    ScoreSheet,
)
from oversight.scorecards.schemes import require_keeper
from oversight.scorecards.scoring import Scored, score

LEVELS = (UnitLevel.VILLAGE, UnitLevel.TOWN)
LONGEST = timedelta(days=366)
EARLIEST = date(2015, 1, 1)


@dataclass(frozen=True)
class UnitScore:
    unit: Unit
    since: date | None
    scored: Scored


def units_scored(county: Unit, level: str) -> QuerySet[Unit]:
    return Unit.objects.filter(county.subtree(), level=level, is_active=True).order_by("path")


def span_refusals(level: str, first: date, last: date, *, at: datetime) -> list[Refusal]:
    found: list[Refusal] = []
    if level not in LEVELS:
        found.append(Invalid("level_unknown", _("Choose villages or towns."), field="level"))
    if last < first:
        found.append(
            Invalid("ends_before", _("The last day lies before the first. Exchange the two."), field="last_day")
        )
    elif first < EARLIEST or last - first > LONGEST:
        found.append(
            Invalid(
                "span_too_long",
                _("A score is about a year at most, from 2015 on. Choose the days again."),
                field="first_day",
            )
        )
    if last >= local_day(at):
        sentence = _("This period is still open. Score it from the day after its last one.")
        found.append(Invalid("period_open", sentence, field="last_day"))
    return found


def scores_of(scheme: ScoreScheme, level: str, first: date, last: date, *, at: datetime) -> list[UnitScore]:
    """What the records say at this moment of every unit of the level, in the order of the tree. Nothing is written, and
    the number of queries does not hang on how many units there are.
    """
    units = list(units_scored(scheme.county, level))
    since = heads_since(units, on=last) if level == UnitLevel.VILLAGE else {}
    scope = Scope(level, tuple(one.pk for one in units), first, last, at, since)
    scored = score_all(list(scheme.items.all()), scope)
    return [UnitScore(one, since.get(one.pk), scored[one.pk]) for one in units]


def score_all(items: Sequence[ScoreItem], scope: Scope) -> dict[int, Scored]:
    known = Known(scope)
    measured: dict[str, dict[int, Measured]] = {
        item.code: COMPUTED[item.code].measure(known) for item in items if item.kind == ScoreItemKind.COMPUTED
    }
    given = appraisals_of(items, scope)
    return {
        unit: score(items, {code: by_unit[unit] for code, by_unit in measured.items()}, given.get(unit, {}))
        for unit in scope.units
    }


def appraisals_of(items: Iterable[ScoreItem], scope: Scope) -> dict[int, dict[int, tuple[Decimal, Fault]]]:
    """By unit and item the last that was said. One query."""
    found: dict[int, dict[int, tuple[Decimal, Fault]]] = {}
    rows = Appraisal.objects.filter(
        item__in=[one.pk for one in items],
        unit__in=scope.units,
        first_day=scope.first,
        last_day=scope.last,
        at__lte=scope.as_of,
    ).order_by("id")
    for row in rows.select_related("by"):
        record = Fault("appraisal", row.pk, f"{row.by}: {row.words}"[:200])
        found.setdefault(row.unit_id, {})[row.item_id] = row.points, record
    return found


def heads_since(units: Iterable[Unit], *, on: date) -> dict[int, date]:
    """By village the first day of the term of whoever heads its committee on this day, where one is known. One query."""
    terms = Term.objects.filter(
        on_day(on), post__unit__in=[one.pk for one in units], post__role=Role.COMMITTEE_HEAD, valid_from__isnull=False
    )
    rows = terms.order_by("valid_from").values_list("post__unit", "valid_from")
    return {unit: begun for unit, begun in rows if begun is not None}


@transaction.atomic
def publish_scores(
    *, scheme: ScoreScheme, level: str, first: date, last: date, by: Person, at: datetime
) -> list[ScoreSheet]:
    """Publish the scores of all villages or towns of a county. Refuses other people, a period that is still open, and one
    that overlaps with what is published.
    """
    require_keeper(by, scheme.county, at)
    if scheme.published_at is None:
        raise Conflict("scheme_is_draft", _("This scheme is a draft. Publish it first: everybody must know it before."))
    refuse(span_refusals(level, first, last, at=at))
    Unit.objects.select_for_update(no_key=True).get(pk=scheme.county_id)
    overlapping = ScoreSheet.objects.filter(
        unit__in=units_scored(scheme.county, level), first_day__lte=last, last_day__gte=first
    )
    if overlapping.exists():
        raise Conflict("scored_already", _("These days are scored already. Published scores stay as they are."))
    found = [one for one in scores_of(scheme, level, first, last, at=at) if one.scored.total is not None]
    if not found:
        raise Invalid("nothing_to_score", _("There is nothing to score in these days: no unit has a record."))
    sheets = ScoreSheet.objects.bulk_create(
        ScoreSheet(
            scheme=scheme,
            unit=one.unit,
            unit_name=one.unit.name,
            first_day=first,
            last_day=last,
            holder_since=one.since,
            points=one.scored.points,
            weight=one.scored.weight,
            total=one.scored.total,
            is_vetoed=one.scored.is_vetoed,
            by=by,
            at=at,
        )
        for one in found
    )
    lines = [
        (
            ScoreLine(sheet=sheet, item_id=line.item.pk, points=line.points, whole=line.whole, faults=len(line.lost)),
            line,
        )
        for sheet, one in zip(sheets, found, strict=True)
        for line in one.scored.lines
    ]
    ScoreLine.objects.bulk_create([row for row, _line in lines])
    LostPoint.objects.bulk_create(
        LostPoint(
            line=row,
            kind=lost.fault.kind,
            row=lost.fault.row,
            words=lost.fault.words,
            is_half=lost.fault.is_half,
            cost=lost.cost,
        )
        for row, line in lines
        for lost in line.lost
    )
    return sheets


def score_again(sheet: ScoreSheet) -> Scored:
    """What the records of the day of its publication say of a published score today: the same."""
    since = {sheet.unit_id: sheet.holder_since} if sheet.holder_since else {}
    scope = Scope(sheet.unit.level, (sheet.unit_id,), sheet.first_day, sheet.last_day, sheet.at, since)
    return score_all(list(sheet.scheme.items.all()), scope)[sheet.unit_id]
