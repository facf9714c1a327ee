"""Which schemes and scores a reader sees, and how a score reads with what an appeal gave back."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum

from casework.models import Person, Unit
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from oversight.scorecards.records import AppealDecision, ScoreLine, ScoreScheme, ScoreSheet
from oversight.scorecards.scoring import HUNDRED, grade, tenth


def areas_seen(person: Person, on: date) -> QuerySet[Unit]:
    """The units at and below the posts by which this person sees scores."""
    units = Unit.objects.none()
    for held in posts_for(person, OfficeAction.SEE_SCORES, on):
        units = units | Unit.objects.filter(path__gte=held.unit_path, path__lt=Unit.path_after(held.unit_path))
    return units


def schemes_seen_by(person: Person, on: date) -> QuerySet[ScoreScheme]:
    """A scheme is for all to know whom it scores; a draft is its office's own."""
    held = posts_for(person, OfficeAction.SEE_SCORES, on)
    above = {path for one in held for path in Unit.paths_down_to(one.unit_path)}
    counties = Unit.objects.filter(path__in=above).values("pk") | areas_seen(person, on).values("pk")
    own = [one.unit_id for one in posts_for(person, OfficeAction.SCORE, on)]
    schemes = ScoreScheme.objects.filter(county__in=counties).select_related("county")
    return (schemes.exclude(published_at=None) | schemes.filter(county__in=own)).order_by("county__path", "-version")


def sheets_seen_by(person: Person, on: date) -> QuerySet[ScoreSheet]:
    return ScoreSheet.objects.filter(unit__in=areas_seen(person, on).values("pk"))


@dataclass(frozen=True)
class ReadSheet:
    """A published score with what was given back since."""

    sheet: ScoreSheet
    back: Decimal
    has_open_appeal: bool
    is_vetoed: bool

    @property
    def total(self) -> Decimal | None:
        sheet = self.sheet
        return tenth(HUNDRED * (sheet.points + self.back) / sheet.weight) if sheet.weight else None

    @property
    def grade(self) -> str:
        return grade(self.total, self.sheet.scheme.grading, is_vetoed=self.is_vetoed)


def read_sheets(sheets: Sequence[ScoreSheet]) -> list[ReadSheet]:
    """Three queries, however many sheets. A veto falls with the points that stand for it."""
    keys = [one.pk for one in sheets]
    given = AppealDecision.objects.filter(appeal__line__sheet__in=keys).values_list("appeal__line__sheet")
    back = dict(given.annotate(points=Sum("points_back")))
    waiting = ScoreLine.objects.filter(sheet__in=keys, appeal__isnull=False, appeal__decision=None)
    open_ = set(waiting.values_list("sheet", flat=True))
    vetoed = set()
    lines = ScoreLine.objects.filter(sheet__in=keys, item__is_veto=True, faults__gt=0)
    for sheet, points, weight, given_back in lines.values_list(
        "sheet", "points", "item__weight", "appeal__decision__points_back"
    ):
        if (points or Decimal(0)) + (given_back or Decimal(0)) < weight:
            vetoed.add(sheet)
    return [ReadSheet(one, back.get(one.pk, Decimal(0)), one.pk in open_, one.pk in vetoed) for one in sheets]


@dataclass(frozen=True)
class ScoredPeriod:
    scheme: ScoreScheme
    level: str
    first: date
    last: date
    count: int


def periods_scored(sheets: QuerySet[ScoreSheet]) -> list[ScoredPeriod]:
    """The periods in which something is published, the newest first. Two queries."""
    counted: dict[tuple[int, str, date, date], int] = defaultdict(int)
    rows = sheets.order_by("-last_day", "scheme").values_list("scheme", "unit__level", "first_day", "last_day")
    for row in rows:
        counted[row] += 1
    schemes = ScoreScheme.objects.select_related("county").in_bulk({key[0] for key in counted})
    return [
        ScoredPeriod(schemes[scheme], level, first, last, count)
        for (scheme, level, first, last), count in counted.items()
    ]
