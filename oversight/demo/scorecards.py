"""The demo's scorecard: one county's scheme, two months scored, an appeal that was decided and one that waits."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from casework.models import Person, Unit
from casework.models.unit import UnitLevel
from casework.stages import COMMITTEE, Role
from casework.working_time.deadlines import local_day, midnight
from oversight.demo.people import Desk, first_holders
from oversight.figures.standings import end_of, month_of, months_back
from oversight.scorecards.appealing import appeal_score, decide_appeal
from oversight.scorecards.appraising import appraise
from oversight.scorecards.publishing import publish_scores
from oversight.scorecards.records import Grading, ItemMark, ScoreItemKind, ScoreLine, ScoreScheme, ScoreSheet
from oversight.scorecards.schemes import ItemDraft, draft_scheme, publish_scheme

NAME = "村务监督工作百分制考核办法"
APPRAISED = 6


def seed(desk: Desk, *, now: datetime) -> None:
    """Nothing where the city has no county with an office and committees."""
    counties = Unit.objects.filter(desk.mechanism.lead.subtree(), level=UnitLevel.COUNTY, is_active=True)
    keepers = first_holders(counties, (Role.COUNTY_SUPERVISOR,))
    city = first_holders([desk.mechanism.lead], (Role.CITY_SUPERVISOR,)).get(desk.mechanism.lead_id)
    county = next((one for one in counties.order_by("path") if one.pk in keepers), None)
    if county is None or city is None or not _villages(county).exists():
        return
    keeper, running = keepers[county.pk], month_of(local_day(now))
    scheme = _scheme(county, keeper, city, at=_day_after(months_back(running, 3), hour=9))
    for month in (months_back(running, 2), months_back(running, 1)):
        at = _day_after(month, hour=15)
        if month == months_back(running, 1):
            at = max(at, now - timedelta(days=2))
        _score(scheme, month, keeper, city, at=min(at, now), is_decided=month != months_back(running, 1), now=now)


def _scheme(county: Unit, keeper: Person, city: Person, *, at: datetime) -> ScoreScheme:
    items = (
        ItemDraft("按期销号", "overdue", weight="40"),
        ItemDraft("一次通过复核", "returned", weight="20", per_fault="4"),
        ItemDraft("整改不反弹", "relapsed", weight="15", per_fault="5"),
        ItemDraft("整改真实", "never", weight="10", per_fault="10", is_veto=True),
        ItemDraft("工作要求按期签收", "requirements", weight="5", mark=ItemMark.TRACE),
        ItemDraft("群众评议", appraiser=city.username, weight="10"),
    )
    scheme = draft_scheme(county=county, name=NAME, grading=Grading.GRADES, items=items, by=keeper, at=at)
    return publish_scheme(scheme=scheme, by=keeper, at=at)


def _score(
    scheme: ScoreScheme, month: date, keeper: Person, city: Person, *, at: datetime, is_decided: bool, now: datetime
) -> None:
    first, last = month, end_of(month)
    item = scheme.items.get(kind=ScoreItemKind.APPRAISED)
    for number, village in enumerate(_villages(scheme.county)[:APPRAISED]):
        points, words = (Decimal(10), "") if number % 2 else (Decimal(8), "财务公开内容群众看不懂")
        appraise(item=item, unit=village, first=first, last=last, points=points, words=words, by=city, at=at)
    sheets = publish_scores(scheme=scheme, level=UnitLevel.VILLAGE, first=first, last=last, by=keeper, at=at)
    line = _line_to_appeal(sheets)
    if line is None:
        return
    holder = first_holders([line.sheet.unit_id], COMMITTEE)[line.sheet.unit_id]
    appealed = min(at + timedelta(hours=20), now)
    appeal = appeal_score(line=line, words="该问题经乡镇同意延期，延期手续晚一天补录。", by=holder, at=appealed)
    if is_decided:
        back = min(Decimal(4), line.item.weight - (line.points or Decimal(0)))
        words = "经查延期属实，退还部分得分；补录手续仍应当日办理。"
        decide_appeal(appeal=appeal, points_back=back, words=words, by=city, at=min(appealed + timedelta(days=2), now))


def _villages(county: Unit) -> QuerySet[Unit]:
    villages = Unit.objects.filter(county.subtree(), level=UnitLevel.VILLAGE, has_committee=True, is_active=True)
    return villages.order_by("path")


def _line_to_appeal(sheets: list[ScoreSheet]) -> ScoreLine | None:
    """A line that lost points, of a village whose committee has somebody."""
    holders = first_holders([one.unit_id for one in sheets], COMMITTEE)
    lines = ScoreLine.objects.filter(sheet__in=[one.pk for one in sheets], sheet__unit__in=holders, faults__gt=0)
    computed = lines.filter(item__kind=ScoreItemKind.COMPUTED, item__is_veto=False).select_related(
        "sheet__unit", "item"
    )
    return computed.order_by("sheet__unit__path", "item__order").first()


def _day_after(month: date, *, hour: int) -> datetime:
    """On the morning after a month has ended."""
    return midnight(months_back(month, -1)) + timedelta(hours=hour)
