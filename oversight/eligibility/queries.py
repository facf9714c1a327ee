"""How far the villages of an election are, which of them did not report, and what its nominees wait for."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from casework.models import Unit
from casework.working_time.deadlines import ONE_DAY
from oversight.eligibility.election_records import Election, ElectionReport
from oversight.eligibility.records import DepartmentOpinion, EligibilityItem, Nominee


def effective_reports(election: Election) -> QuerySet[ElectionReport]:
    """The reports that count: not corrected by a later one."""
    return ElectionReport.objects.filter(election=election, replaced_by=None, is_withdrawn=False)


def last_reported_day(election: Election, on: date) -> date | None:
    """The day of which every report should be there this morning: yesterday, or the last day; none before the first."""
    day = min(on - ONE_DAY, election.ends_on)
    return day if day >= election.begins_on else None


def silent_villages(election: Election, villages: QuerySet[Unit], day: date) -> QuerySet[Unit]:
    """Those of these villages without a report of this day. Who had finished the last step before it owes none. One
    query.
    """
    last = election.steps.order_by("-order").values("pk")[:1]
    of_village = effective_reports(election).filter(village=OuterRef("pk"))
    finished = of_village.filter(step__in=last, is_done=True, day__lt=day)
    return villages.exclude(Exists(of_village.filter(day=day))).exclude(Exists(finished))


def step_days(election: Election, villages: Iterable[int]) -> dict[tuple[int, int], date]:
    """The first day on which a village reported a step as done, by village and step. One query."""
    done = effective_reports(election).filter(village__in=list(villages), is_done=True)
    rows = done.order_by().values_list("village", "step").annotate(first=Min("day"))
    return {(village, step): first for village, step, first in rows}


def finished_by_step(election: Election, villages: QuerySet[Unit]) -> dict[int, int]:
    """How many of these villages have done each step. One query."""
    done = effective_reports(election).filter(is_done=True, village__in=villages.order_by().values("pk"))
    return dict(done.order_by().values_list("step").annotate(n=Count("village", distinct=True)))


def waiting_for_department(nominees: QuerySet[Nominee], departments: Iterable[int]) -> QuerySet[Nominee]:
    """The nominees of which one of these departments has not signed yet."""
    departments = list(departments)
    signed = DepartmentOpinion.objects.filter(nominee=OuterRef(OuterRef("pk")), department=OuterRef("department"))
    asked = EligibilityItem.objects.filter(list=OuterRef("list"), department__in=departments)
    return nominees.filter(Q(withdrawn_at=None, decision=None), Exists(asked.exclude(Exists(signed))))


def with_missing(nominees: QuerySet[Nominee]) -> QuerySet[Nominee]:
    """Each with whether an opinion is missing (`lacks_opinion`)."""
    signed = DepartmentOpinion.objects.filter(nominee=OuterRef(OuterRef("pk")), department=OuterRef("department"))
    asked = EligibilityItem.objects.filter(list=OuterRef("list"))
    return nominees.annotate(lacks_opinion=Exists(asked.exclude(Exists(signed))))
