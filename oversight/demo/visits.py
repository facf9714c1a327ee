"""The demo's visits: most found nothing, some found what became cases, one was not signed, one is overdue."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from casework.models import Case, Person, Unit
from casework.models.unit import UnitLevel
from casework.rights.territories import villages_under
from casework.stages import Role, Stage
from casework.working_time.deadlines import local_day, midnight
from oversight.demo.people import Desk, first_holders
from oversight.visits.checklists import current_checklist
from oversight.visits.making import answer_items, arrive, finish_visit, link_found_case
from oversight.visits.planning import plan_visit
from oversight.visits.queries import lines_of
from oversight.visits.records import ItemAnswer, VillageVisit
from oversight.visits.rights import own_villages
from oversight.visits.signing import Signature

LOGIN, LOGIN_COUNTY = "inspector", "栖梧区"
# Drawn by nobody's finger: three strokes that look like a name.
STROKES = [
    [[110, 70], [90, 140], [60, 210], [120, 170], [150, 120]],
    [[200, 60], [205, 120], [203, 240], [190, 225]],
    [[270, 110], [350, 100], [330, 160], [280, 220], [350, 190], [440, 215]],
]
REFUSAL = "村监委会主任认为“值班记录”一项与实际不符，当场不签，要求另行说明。"


@dataclass(frozen=True)
class Walk:
    """A visit that was made: where, when, and the case that was found there if one was."""

    village: Unit
    at: datetime
    case: Case | None
    kind: str = "spot_check"


def seed(desk: Desk, *, now: datetime) -> None:
    """A dozen visits in the county of the demo's logins."""
    city = desk.mechanism.lead
    county = Unit.objects.filter(city.subtree(), level=UnitLevel.COUNTY, name=LOGIN_COUNTY).first()
    county = (
        county or Unit.objects.filter(city.subtree(), level=UnitLevel.COUNTY, is_active=True).order_by("path").first()
    )
    inspector = Person.objects.filter(username=LOGIN).first() or first_holders([city], (Role.INSPECTOR,)).get(city.pk)
    office = first_holders([county], (Role.COUNTY_SUPERVISOR,)).get(county.pk) if county else None
    if county is None or inspector is None or office is None:
        return
    # Without those for which a functional zone answers.
    villages = villages_under([(county.path, county.pk)], on=local_day(now))
    chosen = list(villages.order_by("path").select_related("parent")[:40])
    own = own_villages([(inspector, village) for village in chosen], local_day(now))
    chosen = [village for village in chosen if (inspector.pk, village.pk) not in own]
    if len(chosen) < 3:
        return
    current_checklist(city, at=now - timedelta(days=120))
    walks = _walks(chosen, now)
    for number, walk in enumerate(walks):
        _make(walk, number, is_last=walk == walks[-1], inspector=inspector, office=office)
    today = local_day(now)
    _plan(chosen[-1], inspector, office, today - timedelta(2), at=now - timedelta(days=12))
    _plan(chosen[-2], inspector, office, today + timedelta(4), at=now - timedelta(days=3))
    begun = _plan(chosen[-3], inspector, office, today + timedelta(1), at=now - timedelta(days=3), kind="unannounced")
    arrive(visit=begun, by=inspector, at=now - timedelta(minutes=25))
    answers = {line.pk: "in_order" for line in lines_of(begun)[:3]}
    answer_items(visit=begun, answers=answers, by=inspector, at=now - timedelta(minutes=15))


def _walks(villages: list[Unit], now: datetime) -> list[Walk]:
    """With the cases that the city's inspectors found of late where the checklist looks, and as many villages in order."""
    codes = (
        "openness-late",
        "openness-incomplete",
        "openness-badly-placed",
        "finance-no-review",
        "committee-duty-missed",
    )
    cases = Case.objects.filter(
        village__in=villages, item__code__in=codes, source="spot_check", reported_at__gte=now - timedelta(days=100)
    ).exclude(stage=Stage.REFERRED)
    found: dict[int, Case] = {}
    for case in cases.select_related("village", "item").order_by("-reported_at")[:60]:
        found.setdefault(case.village_id, case)
    with_finding = [Walk(case.village, case.reported_at, case) for case in list(found.values())[:4]]
    taken = {walk.village.pk for walk in with_finding}
    quiet = [village for village in villages[:-3] if village.pk not in taken][:7]
    kinds = ("spot_check", "spot_check", "unannounced", "spot_check", "tour", "spot_check", "campaign")
    in_order = [
        Walk(village, _afternoon(local_day(now) - timedelta(6 + 11 * number)), None, kind)
        for number, (village, kind) in enumerate(zip(quiet, kinds, strict=False))
    ]
    return sorted([*with_finding, *in_order], key=lambda walk: walk.at)


def _afternoon(day: date) -> datetime:
    return midnight(day) + timedelta(hours=15)


def _plan(
    village: Unit, inspector: Person, office: Person, due_by: date, *, at: datetime, kind: str = "spot_check"
) -> VillageVisit:
    return plan_visit(village=village, inspector=inspector, due_by=due_by, kind=kind, by=office, at=at)


def _make(walk: Walk, number: int, *, is_last: bool, inspector: Person, office: Person) -> None:
    day = local_day(walk.at)
    begun = walk.at - timedelta(minutes=40)
    visit = _plan(walk.village, inspector, office, day + timedelta(3), at=walk.at - timedelta(days=6), kind=walk.kind)
    visit = arrive(visit=visit, by=inspector, at=begun)
    lines = lines_of(visit)
    answers = {line.pk: "in_order" for line in lines}
    answers[lines[(number * 3 + 4) % len(lines)].pk] = "not_applicable"
    wrong = next((line for line in lines if walk.case and line.item_id == walk.case.item_id), None)
    if wrong is not None:
        answers[wrong.pk] = "finding"
    answer_items(visit=visit, answers=answers, by=inspector, at=begun + timedelta(minutes=20))
    if wrong is not None and walk.case is not None:
        answer = ItemAnswer.objects.select_related("visit__village", "visit__inspector").get(visit=visit, line=wrong)
        link_found_case(answer=answer, case=walk.case, by=inspector, at=walk.at)
    head = first_holders([walk.village], (Role.COMMITTEE_HEAD,)).get(walk.village.pk)
    signature = Signature("signed", name=head.name if head else "村监委会主任", strokes=STROKES)
    if is_last:
        signature = Signature("refused", name=signature.name, reason=REFUSAL)
    finish_visit(visit=visit, signature=signature, by=inspector, at=walk.at + timedelta(minutes=15))
