"""The demo's opinions: one that went down to nearly every village and stopped in one town, and one that came yesterday."""

from datetime import datetime, timedelta

from casework.models import Case, Person, Unit
from casework.models.unit import UnitLevel
from casework.stages import OPEN, Role, Stage
from casework.working_time.deadlines import local_day, midnight
from oversight.demo.people import SIGNERS, Desk, first_holders
from oversight.mechanisms.queries import COUNTIES
from oversight.members.records import Mechanism
from oversight.opinions.below import units_below
from oversight.opinions.issuing import Issued, issue_opinion, link_case
from oversight.opinions.passing import pass_on
from oversight.opinions.records import Opinion, Requirement, RequirementReceipt
from oversight.reporting.records import Period

# The demo logins' own village signs by itself; one town of its county did not pass it on.
LOGIN_VILLAGE, LOGIN_COUNTY, LOGIN_TOWN = "青箬村", "栖梧区", "青筠镇"
WORDS = "部分村明白墙位置不合理、不能遮风避雨，有的长期闲置。"
REQUIREMENT = "各村逐面排查明白墙，月底前修复或迁移，公开内容按季更新并由监督人员签名。"
NEWER = "一些村务监督只盖章、签意见，不签监督人员姓名。"
NEWER_REQUIREMENT = "凡盖村监委会印章的材料，须由参与监督的成员签名；各级自查上季度材料并补正。"


def seed(desk: Desk, *, now: datetime) -> None:
    """Write both opinions. Rows and receipts of a level are written at once."""
    mechanism, today = desk.mechanism, local_day(now)
    officer = first_holders([mechanism.lead], (Role.LEAD_OFFICE, Role.CITY_SUPERVISOR)).get(mechanism.lead_id)
    addressees = [one.unit for one in mechanism.memberships.filter(valid_until=None).select_related("unit")]
    if officer is None or not addressees:
        return
    issued = Issued(WORDS, REQUIREMENT, today + timedelta(20), "village", _counties(mechanism) or addressees)
    begun = _begun(mechanism, now)
    opinion = issue_opinion(mechanism=mechanism, issued=issued, by=officer, at=begun)
    _hand_down(opinion, begun)
    for case in _cases(mechanism):
        link_case(opinion=opinion, case=case, by=officer, at=begun)
    newer = Issued(NEWER, NEWER_REQUIREMENT, today + timedelta(30), "village", addressees)
    issue_opinion(mechanism=mechanism, issued=newer, by=officer, at=_morning(now, 1))


def _begun(mechanism: Mechanism, now: datetime) -> datetime:
    """Before the bulletin of the last period is drafted, where that lies far enough back; else sixteen days ago."""
    closed = Period.objects.filter(mechanism=mechanism, closes_at__lt=_morning(now, 14)).order_by("-closes_at").first()
    return _morning(closed.closes_at, 0) if closed else _morning(now, 16)


def _morning(now: datetime, days: int) -> datetime:
    """Ten o'clock, some days ago."""
    return midnight(local_day(now) - timedelta(days)) + timedelta(hours=10)


def _counties(mechanism: Mechanism) -> list[Unit]:
    found = mechanism.memberships.filter(valid_until=None, group__in=COUNTIES, unit__level=UnitLevel.COUNTY)
    return [one.unit for one in found.select_related("unit").order_by("order")]


def _hand_down(opinion: Opinion, begun: datetime) -> None:
    """County by county and town by town: signed for a day after it came, passed on the same day."""
    counties = list(opinion.requirements.select_related("unit", "opinion"))
    signers = _sign(counties, begun + timedelta(days=1))
    towns: list[Requirement] = []
    for row in counties:
        below = list(units_below(row.unit, local_day(begun)))
        if row.unit_id in signers and below:
            at = begun + timedelta(days=1, hours=1)
            towns += pass_on(requirement=row, units=below, by=signers[row.unit_id], at=at)
    # The last town of the logins' county signs and does nothing more; one of another county has not signed.
    of_county = [row for row in towns if row.parent and row.parent.unit.name == LOGIN_COUNTY]
    stuck = next((row for row in reversed(of_county) if row.unit.name != LOGIN_TOWN), None)
    silent = next((row for row in reversed(towns) if row not in of_county), None)
    signing = [row for row in towns if row is not silent]
    signers = _sign(signing, begun + timedelta(days=3))
    villages: list[Requirement] = []
    for row in signing:
        below = list(units_below(row.unit, local_day(begun)))
        if row is not stuck and row.unit_id in signers and below:
            at = begun + timedelta(days=3, hours=2)
            villages += pass_on(requirement=row, units=below, by=signers[row.unit_id], at=at)
    quick = [row for number, row in enumerate(villages) if number % 9 and row.unit.name != LOGIN_VILLAGE]
    _sign(quick, begun + timedelta(days=5))


def _sign(rows: list[Requirement], at: datetime) -> dict[int, Person]:
    """Receipts of a whole level, each by whoever holds a post there; gives these people by their units."""
    people = first_holders([row.unit_id for row in rows], SIGNERS)
    RequirementReceipt.objects.bulk_create(
        [
            RequirementReceipt(requirement=row, name=people[row.unit_id].name, by=people[row.unit_id], at=at)
            for row in rows
            if row.unit_id in people
        ]
    )
    return people


def _cases(mechanism: Mechanism) -> list[Case]:
    """Some that are about clarity walls: two struck off, three open."""
    found = Case.objects.filter(city=mechanism.lead, description__contains="明白墙").order_by("-id")
    return [*found.filter(stage=Stage.CLOSED)[:2], *found.filter(stage__in=OPEN)[:3]]
