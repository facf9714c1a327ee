"""An election in the demo's county: one nominee barred, one passed with a warning and a reason, and one village that
did not report of yesterday.
"""

from datetime import datetime, timedelta

from casework.models import Person, Term, Unit
from casework.models.history import stamped
from casework.models.unit import UnitLevel
from casework.stages import COMMITTEE, Role
from casework.working_time.deadlines import local_day, midnight
from oversight.demo.opinions import LOGIN_COUNTY, LOGIN_VILLAGE
from oversight.demo.people import Desk, first_holders
from oversight.eligibility.election_records import Election, ElectionReport, ElectionStep
from oversight.eligibility.records import (
    DepartmentOpinion,
    EligibilityAnswer,
    EligibilityDecision,
    EligibilityItem,
    EligibilityKind,
    EligibilityList,
    Nominee,
)

STEPS = ("推选准备", "资格联审", "确定候选人", "投票推选", "公示备案")
BARS, WARNS = "被判处刑罚，刑满释放未满五年", "上届任期内履职测评不称职"


def seed(desk: Desk, *, now: datetime) -> None:
    county = Unit.objects.filter(name=LOGIN_COUNTY, level=UnitLevel.COUNTY).first()
    city = Unit.objects.filter(pk=desk.mechanism.lead_id).first()
    while city is not None and city.level != UnitLevel.CITY:
        city = city.parent
    if county is None or city is None:
        return
    signer = Term.objects.filter(
        post__role=Role.DEPARTMENT_MEMBER, post__unit__in=Unit.objects.filter(city.subtree()), valid_until=None
    )
    term = signer.select_related("post__unit", "person").order_by("id").first()
    officers = first_holders([county], (Role.COUNTY_SUPERVISOR,)) | first_holders([city], (Role.CITY_SUPERVISOR,))
    villages = list(Unit.objects.filter(county.subtree(), level=UnitLevel.VILLAGE, is_active=True).order_by("path"))
    heads = first_holders(villages, COMMITTEE)
    villages = [one for one in villages if one.pk in heads]
    if term is None or len(officers) < 2 or len(villages) < 3:
        return
    begun = local_day(now) - timedelta(days=3)
    by, at = officers[county.pk], midnight(begun)
    bars = EligibilityList.objects.create(city=city, valid_from=begun, by=officers[city.pk], at=at)
    department = term.post.unit
    items = [
        EligibilityItem(
            list=bars, kind=kind, order=order, words=words, department=department, department_name=department.name
        )
        for order, (kind, words) in enumerate([(EligibilityKind.CANNOT, BARS), (EligibilityKind.SHOULD_NOT, WARNS)], 1)
    ]
    EligibilityItem.objects.bulk_create(items)
    with stamped(step="seed_desk", by=None, at=at):
        election = Election.objects.create(
            unit=county, name="村务监督委员会推选", begins_on=begun, ends_on=begun + timedelta(days=30), by=by, at=at
        )
        steps = [ElectionStep.objects.create(election=election, order=n, name=name) for n, name in enumerate(STEPS, 1)]
    silent = next(one for one in reversed(villages) if one.name != LOGIN_VILLAGE)
    ElectionReport.objects.bulk_create(
        ElectionReport(
            election=election,
            village=village,
            day=begun + timedelta(days=day),
            step=steps[min(day, 1)],
            step_name=STEPS[min(day, 1)],
            is_done=day == 0,
            happened="召开动员会，公布推选办法。" if day == 0 else "张贴公告，接受报名。",
            by=heads[village.pk],
            at=midnight(begun + timedelta(days=day)) + timedelta(hours=18),
        )
        for village in villages
        for day in range(3)
        if not (village == silent and day == 2)
    )
    for name, village, item in (("荀守成", villages[0], items[0]), ("蔺和平", villages[1], items[1])):
        _write_check(election, bars, items, name, village, item, signer=term.person, by=by, at=at + timedelta(days=1))


def _write_check(
    election: Election,
    bars: EligibilityList,
    items: list[EligibilityItem],
    name: str,
    village: Unit,
    applying: EligibilityItem,
    *,
    signer: Person,
    by: Person,
    at: datetime,
) -> None:
    one = Nominee.objects.create(election=election, village=village, list=bars, name=name, by=by, at=at)
    opinion = DepartmentOpinion.objects.create(nominee=one, department=items[0].department, by=signer, at=at)
    EligibilityAnswer.objects.bulk_create(
        EligibilityAnswer(
            opinion=opinion, item=item, applies=item == applying, words="查有记录。" if item == applying else ""
        )
        for item in items
    )
    if applying.kind == EligibilityKind.SHOULD_NOT:
        reason = "测评后已整改，村民代表会议同意。"
        EligibilityDecision.objects.create(nominee=one, is_eligible=True, reason=reason, by=by, at=at)
