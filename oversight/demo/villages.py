"""What the demo's villages did between two bulletins: one county's duty days and meetings with some gaps, a gap that
became a case, a training with one person missing, and two decisions, one of them out of order.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Model

from casework.models import Case, Person, Post, Term, Unit
from casework.models.history import record_many, stamped
from casework.models.unit import UnitLevel
from casework.stages import COMMITTEE, Role, Stage
from casework.working_time.deadlines import local_day, midnight
from oversight.decisions.records import Decision, DecisionStep, MeetingForm, StepKind
from oversight.demo.opinions import LOGIN_COUNTY, LOGIN_VILLAGE
from oversight.demo.people import Desk, first_holders
from oversight.duty.records import (
    DutyRule,
    DutyTurn,
    GapKind,
    GapVerdict,
    Minutes,
    MinutesAttendance,
    MinutesKind,
    Roster,
)
from oversight.duty.rosters import duty_days, next_month, propose_turns
from oversight.training.holding import keep_material
from oversight.training.queries import half_year_of
from oversight.training.records import Attendance, HowAttended, TrainingSession

WEEKS = 13
TOLD = (
    "上午在村室值班，接待两户，登记低保公示疑问一件。",
    "查看本周收支票据，两张缺经办人签字，退回补签。",
    "走访东片三户，核对厕改补贴到户情况。",
    "查看明白墙，更换破损页一张。",
)
MET = "通报上月值班情况，研究鱼塘发包监督分工。"
MATTER, OTHER_MATTER = "村东鱼塘发包（三年）", "三组生产路硬化"
SURNAMES, GIVEN = "祁项祝滕邢嵇管倪", ("守田", "春和", "立本", "望舒", "禾丰", "牧之", "承远", "时雨")


def seed(desk: Desk, *, now: datetime) -> None:
    county = Unit.objects.filter(name=LOGIN_COUNTY, level=UnitLevel.COUNTY).first()
    officers = first_holders([county], (Role.COUNTY_SUPERVISOR,)) if county else {}
    if county is None or not officers:
        return
    villages = list(
        Unit.objects.filter(county.subtree(), level=UnitLevel.VILLAGE, has_committee=True, is_active=True).order_by(
            "path"
        )
    )
    officer, members = officers[county.pk], _members(villages)
    villages = [one for one in villages if members[one.pk]]
    today = local_day(now)
    monday = today - timedelta(days=today.weekday(), weeks=WEEKS)
    DutyRule.objects.create(
        county=county,
        valid_from=monday,
        duty_every="week",
        meets_monthly=True,
        no_absences=True,
        basis=f"栖梧阳光办〔{monday.year}〕2号",
        by=officer,
        at=midnight(monday),
    )
    case = _case_of_a_gap(county, villages, since=monday + timedelta(weeks=1))
    gap = case.found_on - timedelta(days=case.found_on.weekday(), weeks=1) if case else None
    _write_minutes(villages, members, monday, today, case.village_id if case else 0, gap)
    if case is not None and gap is not None:
        GapVerdict.objects.create(
            village=case.village,
            kind=GapKind.NO_DUTY,
            first_day=gap,
            last_day=gap + timedelta(days=6),
            case=case,
            by=officer,
            at=case.reported_at,
        )
    _write_training(county, officer, villages, members, now)
    own = next((one for one in villages if one.name == LOGIN_VILLAGE), None)
    neighbour = next((one for one in villages if one != own and own and one.parent_id == own.parent_id), None)
    if own is not None:
        _write_roster(own, members[own.pk], today)
        _write_decision(own, members[own.pk], MATTER, today, is_early=False)
    if neighbour is not None:
        _write_decision(neighbour, members[neighbour.pk], OTHER_MATTER, today, is_early=True)


def _members(villages: list[Unit]) -> dict[int, list[Person]]:
    """The committees, their heads first. One query."""
    found: dict[int, list[Person]] = defaultdict(list)
    terms = Term.objects.filter(post__unit__in=villages, post__role__in=COMMITTEE, valid_until=None)
    for term in terms.select_related("person", "post").order_by("post__role", "post__number", "id"):
        found[term.post.unit_id].append(term.person)
    return found


def _case_of_a_gap(county: Unit, villages: list[Unit], *, since: date) -> Case | None:
    """A missed duty day that the demo tells of already: not one of a functional zone, whose own office it is."""
    found = Case.objects.filter(
        county=county, village__in=villages, item__code="committee-duty-missed", found_on__gte=since
    )
    return found.exclude(stage=Stage.REFERRED).select_related("village").order_by("-found_on").first()


def _write_minutes(
    villages: list[Unit],
    members: dict[int, list[Person]],
    monday: date,
    today: date,
    gap_village: int,
    gap: date | None,
) -> None:
    rows = []
    for number, village in enumerate(villages):
        people = members[village.pk]
        for week in range(WEEKS):
            first = monday + timedelta(weeks=week)
            day = first + timedelta(days=(number + week) % 5)
            is_missed = (number % 9 == 4 and week in (6, 10)) or (village.pk == gap_village and first == gap)
            if not is_missed:
                words = TOLD[(number + week) % len(TOLD)]
                rows.append(_entry(village, MinutesKind.DUTY, day, words, people[week % len(people)]))
        months = _months(monday, today) if number % 11 != 7 else ()
        rows += [_entry(village, MinutesKind.MEETING, one + timedelta(days=11), MET, people[0]) for one in months]
    Minutes.objects.bulk_create(rows)
    MinutesAttendance.objects.bulk_create(
        MinutesAttendance(
            minutes=one, person=person, was_present=one.kind != MinutesKind.DUTY or person.pk == one.by_id
        )
        for one in rows
        for person in members[one.village_id]
    )


def _months(first: date, until: date) -> Iterator[date]:
    """The first days of the whole months in these days whose twelfth day has passed."""
    month = next_month(first)
    while month + timedelta(days=11) < until:
        yield month
        month = next_month(month)


def _entry(village: Unit, kind: MinutesKind, day: date, words: str, by: Person, subject: str = "") -> Minutes:
    at = midnight(day) + timedelta(hours=17)
    return Minutes(village=village, kind=kind, held_on=day, words=words, subject=subject, by=by, at=at)


def _write_roster(village: Unit, people: list[Person], today: date) -> None:
    month = today.replace(day=1)
    roster = Roster.objects.create(village=village, month=month, by=people[0], at=midnight(month))
    turns = propose_turns([one.pk for one in people], duty_days(month, "week"), after=None)
    DutyTurn.objects.bulk_create(DutyTurn(roster=roster, day=day, person_id=person) for day, person in turns)


def _write_training(
    county: Unit, officer: Person, villages: list[Unit], members: dict[int, list[Person]], now: datetime
) -> None:
    """Secretaries and heads of the county, everybody but one head; the secretaries hold their posts from this day on."""
    today = local_day(now)
    day = max(half_year_of(today).span.first, today - timedelta(days=40))
    begins = midnight(day) + timedelta(hours=9)
    secretaries = _write_secretaries(villages, since=date(today.year - 1, 1, 1), at=midnight(day))
    with stamped(step="hold_session", by=officer, at=midnight(day)):
        session = TrainingSession(
            unit=county,
            topic="村务监督业务培训：四议两公开与值班例会",
            programme="上午：四议两公开六步要点；值班和例会怎么记。下午：两个村现场看台账。",
            roles=[Role.VILLAGE_SECRETARY, Role.COMMITTEE_HEAD, Role.COMMITTEE_MEMBER],
            hours=6.0,
            place="栖梧区委党校二楼会议室",
            day=day,
            begins_at=begins,
            ends_at=begins + timedelta(hours=8),
            code="GQ7WKH",
            by=officer,
            at=midnight(day),
        )
        session.save()
    away = next((one for one in reversed(villages) if one.name != LOGIN_VILLAGE), None)
    there = [(secretaries[one.pk], one) for one in villages]
    there += [(person, one) for one in villages for person in members[one.pk]]
    absent = members[away.pk][0] if away else None
    Attendance.objects.bulk_create(
        Attendance(session=session, person=person, unit=village, how=HowAttended.IMPORT, by=officer, at=midnight(day))
        for person, village in there
        if person != absent
    )
    keep_material(
        unit=county,
        title="“村里的事怎么监督”明白纸",
        words="每户一张，随第三季度财务公开发放。",
        day=day,
        copies=12_000,
        by=officer,
        at=now,
    )


def _write_secretaries(villages: list[Unit], *, since: date, at: datetime) -> dict[int, Person]:
    """A Party secretary for each village; they have accounts that nobody signs in with."""
    people = [
        Person(
            username=f"secretary{village.code}",
            name=SURNAMES[number % len(SURNAMES)] + GIVEN[(number * 3 + number // len(SURNAMES)) % len(GIVEN)],
            password="!",
            is_demo=True,
        )
        for number, village in enumerate(villages)
    ]
    posts = [Post(unit=village, role=Role.VILLAGE_SECRETARY, number=1) for village in villages]
    with stamped(step="seed_desk", by=None, at=at):
        _write(people)
        _write(posts)
        terms = [Term(post=post, person=person, valid_from=since) for post, person in zip(posts, people, strict=True)]
        _write(terms)
    return {village.pk: person for village, person in zip(villages, people, strict=True)}


def _write(rows: Sequence[Model]) -> None:
    type(rows[0])._default_manager.bulk_create(rows)
    record_many(rows, change="+")


def _write_decision(village: Unit, people: list[Person], matter: str, today: date, *, is_early: bool) -> None:
    """Six steps in their order; or three, of which the party meeting was too small and after the vote."""
    begun, by = today - timedelta(days=60), people[0]
    decision = Decision.objects.create(village=village, matter=matter, by=by, at=midnight(begun))
    minutes = _entry(
        village, MinutesKind.MAJOR_MATTER, begun + timedelta(days=12), "表决通过，结果当场宣布。", by, matter
    )
    minutes.save()
    MinutesAttendance.objects.bulk_create(
        MinutesAttendance(minutes=minutes, person=person, was_present=not is_early or person != people[-1])
        for person in people
    )
    voted = {"form": MeetingForm.REPRESENTATIVES, "due": 36, "present": 30, "in_favour": 28, "minutes": minutes}
    party = {"due": 41, "present": 34, "in_favour": 33}
    told: dict[StepKind, tuple[int, dict[str, object]]] = {
        StepKind.PROPOSAL: (0, {"words": "支部会议提出，附承包期和底价。"}),
        StepKind.CONSULTATION: (4, {"words": "两委商议，形成初步方案。"}),
        StepKind.PARTY_MEETING: (8, {"words": "逐条审议。", **party}),
        StepKind.VILLAGE_MEETING: (12, voted),
        StepKind.DECISION_PUBLISHED: (13, {"place": "村室东侧公开栏"}),
        StepKind.RESULT_PUBLISHED: (40, {"place": "村室东侧公开栏"}),
    }
    if is_early:
        small = {"words": "党员外出较多。", "due": 41, "present": 24, "in_favour": 20}
        told = {
            StepKind.PROPOSAL: told[StepKind.PROPOSAL],
            StepKind.PARTY_MEETING: (14, small),
            StepKind.VILLAGE_MEETING: told[StepKind.VILLAGE_MEETING],
        }
    DecisionStep.objects.bulk_create(
        DecisionStep(
            decision=decision,
            kind=kind,
            held_on=begun + timedelta(days=days),
            by=by,
            at=midnight(begun + timedelta(days=days + 1)),
            **values,
        )
        for kind, (days, values) in told.items()
    )
