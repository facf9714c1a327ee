"""What another ladder would have done: the steps of a span of days, counted over today's cases without touching one.

Counted by the deadlines as they are now; silences, letters without a signature and vacancies can't be told
beforehand and are left out.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Q, QuerySet

from casework.ladder.rungs import FOREVER, Ladder, Policies, Standing, Start
from casework.models import Case, EscalationPolicy, EscalationStep
from casework.stages import BEFORE_ASSIGNMENT
from casework.working_time import calendar


def as_policies(steps: Sequence[EscalationStep]) -> Policies:
    """A ladder that isn't in force, as if it had always been."""
    policy = EscalationPolicy(pk=0, version=0, valid_from=date(2000, 1, 1))
    for step in steps:
        step.policy_id = 0
    return Policies([policy], steps)


def count_steps(policies: Policies, cases: QuerySet[Case], *, first: date, last: date) -> Counter[str]:
    """How many cases would have met each kind of step on the days from `first` to `last`, both included.

    One query: cases that share severity, kind, deadline, start and day of closure are counted together.
    """
    ladder = Ladder(policies, calendar.current())
    groups = (
        cases.filter(due_on__isnull=False, ladder_since__isnull=False)
        .exclude(stage__in=BEFORE_ASSIGNMENT)
        .filter(Q(closed_on=None) | Q(closed_on__gte=first))
        .order_by()
        .values_list(
            "severity", "kind", "due_on", "ladder_since", "ladder_raised", "ladder_refers", "ladder_held", "closed_on"
        )
        .annotate(count=Count("id"))
    )
    found: Counter[str] = Counter()
    for severity, kind, due_on, since, raised, refers, held, closed_on, count in groups:
        standing = Standing(None, severity, kind, due_on, since, FOREVER, Start(raised, refers), held)
        for day, step in ladder.by_deadline(standing):
            if first <= day <= last and (closed_on is None or day < closed_on):
                found[step.kind] += count
    return found
