"""Whether enough were there and enough in favour, and what of six steps is missing or too early.

The party meeting: at least two thirds present, more than half of them in favour. The villagers' representatives and the
households: two thirds; all villagers of age: more than half (村民委员会组织法). The other steps have no number to reach.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from casework.models import Unit
from oversight.decisions.deciding import COUNTED, effective_steps
from oversight.decisions.records import Decision, DecisionStep, MeetingForm, StepKind
from oversight.duty.gaps import Gap
from oversight.duty.records import GapKind
from oversight.mechanisms.queries import Span

# Own proposal: “at once”, with time to write it and hang it up.
PUBLISH_WITHIN = timedelta(days=10)


def needed_present(step: DecisionStep) -> int | None:
    """How many must be there; None where no rule says so."""
    if step.kind not in COUNTED or not step.due:
        return None
    if step.form == MeetingForm.VILLAGERS:
        return step.due // 2 + 1
    return -(-2 * step.due // 3)


def needed_in_favour(step: DecisionStep) -> int | None:
    """More than half of those who were there."""
    return step.present // 2 + 1 if step.kind in COUNTED and step.present is not None else None


def has_quorum(step: DecisionStep) -> bool | None:
    needed = needed_present(step)
    return None if needed is None or step.present is None else step.present >= needed


def has_majority(step: DecisionStep) -> bool | None:
    needed = needed_in_favour(step)
    return None if needed is None or step.in_favour is None else step.in_favour >= needed


@dataclass(frozen=True)
class Fault:
    """What is wrong with a step: found on the step itself, or on the next one that was taken without it."""

    kind: GapKind
    step: StepKind
    day: date
    entered_by: int


def faults_of(steps: Sequence[DecisionStep], *, on: date) -> Iterator[Fault]:
    """Of a decision's steps that count. Nothing is missing behind the last one that was taken, until the decision
    should long have been published.
    """
    taken = {step.kind: step for step in steps}
    for kind in StepKind:
        later = [taken[one] for one in sorted(taken) if one > kind]
        step = taken.get(kind)
        if step is None:
            if later:
                yield Fault(GapKind.STEP_MISSING, kind, later[0].held_on, later[0].by_id)
            continue
        earlier = [taken[one] for one in sorted(taken) if one < kind]
        if any(step.held_on < one.held_on for one in earlier):
            yield Fault(GapKind.STEP_EARLY, kind, step.held_on, step.by_id)
        if has_quorum(step) is False:
            yield Fault(GapKind.NO_QUORUM, kind, step.held_on, step.by_id)
        if has_majority(step) is False:
            yield Fault(GapKind.NO_MAJORITY, kind, step.held_on, step.by_id)
    vote = taken.get(StepKind.VILLAGE_MEETING)
    published = StepKind.DECISION_PUBLISHED, StepKind.RESULT_PUBLISHED
    if vote is not None and not set(published) & set(taken) and vote.held_on + PUBLISH_WITHIN < on:
        yield Fault(GapKind.STEP_MISSING, StepKind.DECISION_PUBLISHED, vote.held_on + PUBLISH_WITHIN, vote.by_id)


def decision_gaps(villages: QuerySet[Unit], span: Span, *, on: date) -> list[Gap]:
    """Faults of the decisions of these villages whose day lies in a span, by village and day. Two queries."""
    inside = effective_steps().filter(
        held_on__range=(span.first - PUBLISH_WITHIN, span.last), decision__village__in=villages.order_by().values("pk")
    )
    decisions = Decision.objects.filter(pk__in=inside.order_by().values("decision")).select_related("village__parent")
    by_decision = {one.pk: one for one in decisions}
    steps: dict[int, list[DecisionStep]] = {}
    for step in effective_steps().filter(decision__in=by_decision).order_by("kind"):
        steps.setdefault(step.decision_id, []).append(step)
    found = [
        _as_gap(by_decision[pk], fault)
        for pk, its_steps in steps.items()
        for fault in faults_of(its_steps, on=on)
        if fault.day in span
    ]
    return sorted(found, key=lambda gap: (gap.village.path, gap.first_day, gap.kind, gap.about))


def _as_gap(decision: Decision, fault: Fault) -> Gap:
    return Gap(
        decision.village,
        fault.kind,
        fault.day,
        fault.day,
        about=f"d{decision.pk}s{fault.step.value}",
        matter=decision.matter,
        step=str(fault.step.label),
        decision=decision.pk,
        entered_by=frozenset({fault.entered_by}),
    )
