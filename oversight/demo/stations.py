"""The demo's supervision stations with their reports, and the departments that help two villages and were there."""

from datetime import datetime, timedelta

from casework.models import Case, Pairing, Source, Unit
from casework.models.unit import UnitLevel
from casework.stages import ENDS, Role, Stage
from casework.working_time.deadlines import local_day, midnight
from oversight.demo.opinions import LOGIN_COUNTY
from oversight.demo.people import Desk, first_holders
from oversight.pairings.records import HelperVisit
from oversight.stations.records import Station, StationNews, StationReport, StationVolunteer
from oversight.stations.reporting import STATES, TAKEN_UP

VOLUNTEERS, REPORTS, HELPED = 3, 12, 3
TOLD = (
    "和监委会一起对上半年票据逐张核对，帮助补齐经办人签字，列出清单。",
    "带设计人员看明白墙新址，协调顶棚材料，约定下周安装。",
)


def seed(desk: Desk, *, now: datetime) -> None:
    county = Unit.objects.filter(name=LOGIN_COUNTY, level=UnitLevel.COUNTY).first()
    officer = first_holders([county], (Role.COUNTY_SUPERVISOR,)).get(county.pk) if county else None
    if county is None or officer is None:
        return
    since = local_day(now) - timedelta(days=200)
    given = {"by": officer, "at": midnight(since)}
    towns = Unit.objects.filter(county.subtree(), level=UnitLevel.TOWN, is_active=True).order_by("path")
    for town in towns:
        station = Station.objects.create(unit=town, name=f"{town.name}监督工作站", opened_on=since, **given)
        volunteers = StationVolunteer.objects.bulk_create(
            StationVolunteer(
                station=station,
                number=number,
                since=since,
                name=f"志愿者{number}（演示）",
                phone=f"1380000{number:04d}",
                **given,
            )
            for number in range(1, VOLUNTEERS + 1)
        )
        cases = Case.objects.filter(town=town, source=Source.STATION, reported_by__isnull=False).order_by("-id")
        reports = StationReport.objects.bulk_create(
            StationReport(
                station=station,
                volunteer=volunteers[number % VOLUNTEERS],
                case=case,
                by=case.reported_by,
                at=case.reported_at,
            )
            for number, case in enumerate(reversed(cases[:REPORTS]))
        )
        StationNews.objects.bulk_create(
            StationNews(report=one, state=one.case.stage if one.case.stage in STATES else TAKEN_UP, at=now)
            for one in reports
            if one.case.stage != Stage.SCREENING
        )
    _pair(county, given, now)


def _pair(county: Unit, given: dict[str, object], now: datetime) -> None:
    """The villages of the county with most that is open each get a department of the city, which was there twice."""
    departments = list(
        Unit.objects.filter(
            parent=county.parent, level=UnitLevel.DEPARTMENT, is_active=True, is_discipline_office=False
        ).order_by("path")[:HELPED]
    )
    people = first_holders(departments, (Role.DEPARTMENT_MEMBER,))
    departments = [one for one in departments if one.pk in people]
    open_cases = Case.objects.filter(county=county, assigned_at__isnull=False).exclude(stage__in=ENDS)
    villages = list(dict.fromkeys(open_cases.order_by("due_on", "id").values_list("village", flat=True)))
    since = local_day(now) - timedelta(days=90)
    for helper, village in zip(departments, villages, strict=False):
        pairing = Pairing.objects.create(helper=helper, village_id=village, valid_from=since, **given)
        HelperVisit.objects.bulk_create(
            HelperVisit(
                pairing=pairing,
                day=since + timedelta(days=20 + 30 * number),
                people=people[helper.pk].name,
                words=words,
                by=people[helper.pk],
                at=midnight(since + timedelta(days=21 + 30 * number)),
            )
            for number, words in enumerate(TOLD)
        )
