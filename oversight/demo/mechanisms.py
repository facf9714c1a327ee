"""The demo's county mechanisms and visits: most counties show all four, one is a mechanism in name only."""

from datetime import datetime, timedelta

from casework.models import Case, Person, Source, Unit
from casework.models.unit import UnitLevel
from casework.stages import Role, Stage
from casework.working_time.deadlines import local_day, midnight
from oversight.demo.people import Desk, first_holders
from oversight.mechanisms.meetings import Held, correct_meeting
from oversight.mechanisms.queries import COUNTIES, Span, spans_of
from oversight.mechanisms.records import Meeting, MeetingKind, VisitKind
from oversight.mechanisms.visits import Visited, enter_visit, link_finding
from oversight.members.records import Mechanism, Membership

# What each kind leaves behind, the day of the period on which it takes place, and who was there.
TELLS: dict[MeetingKind, tuple[int, str, str]] = {
    MeetingKind.CONSULTATION: (
        9,
        "会商明白墙管护和村级合同清理，明确三家单位分工。",
        "县委办、农业农村局、民政局、财政局",
    ),
    MeetingKind.INSPECTION: (23, "抽查六个村的财务公开和值班记录，当场交办问题四件。", "县纪委、农业农村局"),
    MeetingKind.SUMMARY: (45, "小结本期整改进度，未销号问题逐件定人定时限。", "各成员单位联络人"),
    MeetingKind.BULLETIN: (52, "", "印发各乡镇（街道）和成员单位"),
}
SEEN = (
    ("村务公开栏内容更新及时，低保名单按季张贴。", "公开栏旁设意见箱，每月开箱一次并回复。"),
    ("明白墙位置偏僻，遮雨棚破损，第三季度收支未上墙。", ""),
    ("村监委会例会记录齐全，重大事项有会前通知。", "监督事项编号登记，签字人姓名写全。"),
    ("新任监委会主任对四议两公开流程不熟，现场作了讲解。", ""),
)


def seed(desk: Desk, *, now: datetime) -> None:
    """Write the logs of the last periods and some visits. Most of it in one statement a table."""
    mechanism, today = desk.mechanism, local_day(now)
    members = list(mechanism.memberships.filter(valid_until=None).select_related("unit").order_by("order"))
    counties = [one for one in members if one.group in COUNTIES]
    keepers = first_holders([one.unit for one in counties], (Role.MEMBER_REPORTER, Role.COUNTY_SUPERVISOR))
    spans = spans_of(mechanism, today, most=4)
    _write_logs([one for one in counties if one.unit_id in keepers], keepers, spans, now)
    _write_visits(mechanism, members, spans, now)


def _write_logs(counties: list[Membership], keepers: dict[int, Person], spans: list[Span], now: datetime) -> None:
    rows = []
    for number, county in enumerate(counties):
        for span in spans:
            for kind, (days, minutes, present) in TELLS.items():
                day = min(span.first + timedelta(days + number % 5), span.last)
                if day > local_day(now) or day < county.valid_from or not _is_shown(number, len(counties), kind):
                    continue
                document = (
                    f"{county.unit.name}阳光办〔{day.year}〕{day.month}号" if kind == MeetingKind.BULLETIN else ""
                )
                rows.append(
                    Meeting(
                        unit=county.unit,
                        kind=kind,
                        held_on=day,
                        document_number=document,
                        minutes=minutes,
                        present=present,
                        by=keepers[county.unit_id],
                        at=min(now, midnight(day) + timedelta(hours=16)),
                    )
                )
    Meeting.objects.bulk_create(rows)
    corrected = next((row for row in rows if row.kind == MeetingKind.SUMMARY), None)
    if corrected is not None:
        held = Held(MeetingKind.SUMMARY, corrected.held_on, minutes=corrected.minutes, present="各成员单位分管领导")
        keeper = keepers[corrected.unit_id]
        correct_meeting(meeting=corrected, held=held, reason="参会人员写错", by=keeper, at=now - timedelta(hours=3))


def _is_shown(number: int, of: int, kind: MeetingKind) -> bool:
    """The last county meets and does nothing more; the one before it issues no bulletins."""
    if number == of - 1:
        return kind == MeetingKind.CONSULTATION
    return number != of - 2 or kind != MeetingKind.BULLETIN


def _write_visits(mechanism: Mechanism, members: list[Membership], spans: list[Span], now: datetime) -> None:
    """In the period that has passed every member but two went somewhere, in the one that runs every other one so far;
    from the lead office's observation tour a problem was reported.
    """
    people = first_holders([one.unit for one in members], (Role.MEMBER_REPORTER, Role.COUNTY_SUPERVISOR))
    people |= first_holders([mechanism.lead], (Role.LEAD_OFFICE,))
    went = [mechanism.lead, *(one.unit for one in members[:-2])]
    villages = _villages_of(mechanism.lead, went)
    for span, units in ((spans[1], went), (spans[0], went[::2])):
        for number, unit in enumerate(units):
            day = min(span.first + timedelta(4 + 3 * number), span.last, local_day(now))
            if unit.pk not in people or unit.pk not in villages:
                continue
            seen, good = SEEN[number % len(SEEN)]
            visited = Visited(
                kind=VisitKind.TOUR if number % 3 == 0 else VisitKind.GUIDANCE,
                day=day,
                places=[villages[unit.pk]],
                people="分管领导带队，责任科室两人",
                seen=seen,
                good_practice=good,
            )
            at = min(now, midnight(day) + timedelta(hours=17))
            visit = enter_visit(mechanism=mechanism, unit=unit, visited=visited, by=people[unit.pk], at=at)
            case = _found_on_a_tour(mechanism.lead) if unit == mechanism.lead and span == spans[0] else None
            if case is not None:
                link_finding(visit=visit, case=case, by=people[unit.pk], at=at)


def _villages_of(city: Unit, units: list[Unit]) -> dict[int, Unit]:
    """A village for each unit to go to: its own for a county, any for the others."""
    villages = list(Unit.objects.filter(city.subtree(), level=UnitLevel.VILLAGE, is_active=True).order_by("path"))
    found = _found_on_a_tour(city)
    meant: dict[int, Unit] = {}
    for number, unit in enumerate(units):
        own = [one for one in villages if one.path.startswith(unit.path)] or villages
        meant[unit.pk] = own[number * 7 % len(own)]
    if found is not None:
        meant[city.pk] = found.village
    return meant


def _found_on_a_tour(city: Unit) -> Case | None:
    found = Case.objects.filter(city=city, source=Source.OBSERVATION_TOUR).exclude(stage=Stage.REFERRED)
    return found.select_related("village").order_by("-id").first()
