"""The office follows a ladder with another: a new version from a day on, checked as a whole before it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.clocks.resting import each
from casework.errors import Invalid, NotAllowed, Refusal, refuse
from casework.ladder import rungs
from casework.ladder.rungs import BY_DEADLINE
from casework.ladder.templates import check_template
from casework.models import Case, EscalationPolicy, EscalationStep, Person, StepKind, Unit
from casework.models.category import Kind, Severity
from casework.models.escalation_policy import Recipient
from casework.models.resting_row import ClockName
from casework.rights.roles import may_set_rules
from casework.stages import OPEN, Light
from casework.values.days_in_words import exact_day
from casework.working_time.deadlines import LONGEST_DAYS, local_day, midnight
from casework.working_time.entered_days import too_far

BATCH = 5000


@dataclass(frozen=True)
class StepDraft:
    """A step as it was filled in."""

    kind: str
    moment: int | None
    light: str = Light.NONE
    severities: Sequence[int] = tuple(Severity.values)
    kinds: Sequence[str] = tuple(Kind.values)
    to: Sequence[str] = ()
    copies: Sequence[str] = field(default=())
    has_document: bool = False
    words: str = ""
    code: str = ""


def check_steps(steps: Sequence[StepDraft]) -> None:
    """Refuse a ladder, naming each field as `steps-<index>-<field>`: a step without a moment or a recipient, a template
    that can't be filled in, steps that run backwards, a severity or a kind of rectification without any step.
    """
    refusals: list[Refusal] = []
    for index, step in enumerate(steps):
        refusals.extend(_flaws(step, f"steps-{index}-"))
    refusals.extend(_backwards(steps))
    refusals.extend(_without_step(steps))
    refuse(refusals)


def _without_step(steps: Sequence[StepDraft]) -> list[Refusal]:
    return [
        Invalid(
            "severity_without_step",
            _("Cases of severity %(severity)s, %(kind)s, have no step by the deadline. Add one for them.")
            % {"severity": severity.label, "kind": kind.label},
            field="steps",
        )
        for severity in Severity
        for kind in Kind
        if not any(s.kind in BY_DEADLINE and severity in s.severities and kind in s.kinds for s in steps)
    ]


def _flaws(step: StepDraft, place: str) -> list[Refusal]:
    refusals: list[Refusal] = []
    if step.kind not in StepKind.values:
        refusals.append(Invalid("kind_unknown", _("Choose what the step does."), field=place + "kind"))
    if step.moment is None or abs(step.moment) > LONGEST_DAYS:
        refusals.append(
            Invalid("moment_missing", _("Give the moment in days, at most 250 away."), field=place + "moment")
        )
    elif step.moment < 0 and step.kind != StepKind.REMINDER:
        refusals.append(
            Invalid(
                "too_early",
                _("Only a reminder may come before the deadline. Count the days after it."),
                field=place + "moment",
            )
        )
    if not step.severities:
        refusals.append(Invalid("severities_missing", _("Choose at least one severity."), field=place + "severities"))
    if not step.kinds:
        refusals.append(
            Invalid("kinds_missing", _("Choose at least one kind of rectification."), field=place + "kinds")
        )
    if not step.to or not set(step.to) | set(step.copies) <= set(Recipient.values):
        refusals.append(Invalid("recipient_missing", _("Choose who hears of this step."), field=place + "to"))
    try:
        check_template(step.words, field=place + "words")
    except Refusal as refusal:
        refusals.append(refusal)
    if step.has_document and not step.words.strip():
        refusals.append(Invalid("words_missing", _("Write what the document requires."), field=place + "words"))
    return refusals


def _backwards(steps: Sequence[StepDraft]) -> list[Refusal]:
    """A higher rung never comes before a lower one of the same cases: letters after notices, talks after letters."""
    order = {kind: rank for rank, kind in enumerate(BY_DEADLINE)}
    known = [(index, step) for index, step in enumerate(steps) if step.kind in order and step.moment is not None]
    refusals: list[Refusal] = []
    for index, step in known:
        for _other_index, lower in known:
            shares = set(step.severities) & set(lower.severities) and set(step.kinds) & set(lower.kinds)
            if not shares or order[StepKind(lower.kind)] >= order[StepKind(step.kind)]:
                continue
            if (step.moment or 0) <= (lower.moment or 0):
                refusals.append(
                    Invalid(
                        "backwards",
                        _(
                            "“%(higher)s” comes on day %(first)d, not after “%(lower)s” on day %(second)d: steps run upwards."
                        )
                        % {
                            "higher": StepKind(step.kind).label,
                            "first": step.moment or 0,
                            "lower": StepKind(lower.kind).label,
                            "second": lower.moment or 0,
                        },
                        field=f"steps-{index}-moment",
                    )
                )
                break
    return refusals


@transaction.atomic
def publish_ladder(
    *,
    city: Unit,
    steps: Sequence[StepDraft],
    valid_from: date | None,
    reds_in_a_row: int = 3,
    relapses: int = 2,
    note: str = "",
    by: Person,
    at: datetime,
) -> EscalationPolicy:
    """The city's next version, from tomorrow at the earliest: what has happened is never judged by a later rule."""
    on = local_day(at)
    require_rule_maker(by, city, on)
    if valid_from is None or valid_from <= on:
        raise Invalid("policy_past", _("Choose a day after today from which the ladder holds."), field="valid_from")
    for refusal in too_far(valid_from, on=on, field="valid_from"):
        raise refusal
    check_steps(steps)
    Unit.objects.select_for_update().get(pk=city.pk)  # one version after the other
    versions = EscalationPolicy.objects.filter(city=city)
    later = versions.filter(valid_from__gte=valid_from).first()
    if later is not None:
        raise Invalid(
            "policy_overtaken",
            _("Version %(version)d already holds from %(day)s. Choose a later day.")
            % {"version": later.version, "day": exact_day(later.valid_from)},
            field="valid_from",
        )
    latest = EscalationPolicy.objects.filter(Q(city=city) | Q(city=None)).order_by("-version").first()
    policy = EscalationPolicy.objects.create(
        city=city,
        version=(latest.version if latest else 0) + 1,
        valid_from=valid_from,
        reds_in_a_row=reds_in_a_row,
        relapses=relapses,
        note=note.strip(),
        by=by,
        at=at,
    )
    EscalationStep.objects.bulk_create(
        EscalationStep(
            policy=policy,
            code=code,
            kind=step.kind,
            moment=step.moment or 0,
            light=step.light,
            severities=sorted(step.severities),
            kinds=list(step.kinds),
            to=list(step.to),
            copies=list(step.copies),
            has_document=step.has_document,
            words=step.words.strip(),
        )
        for step, code in zip(steps, _codes(steps), strict=True)
    )
    transaction.on_commit(rungs.cached_rules.forget)
    return policy


def _codes(steps: Sequence[StepDraft]) -> list[str]:
    """A step keeps its code through the versions, so that no case is told it twice; a new one gets the next free."""
    taken = {step.code for step in steps if step.code}
    codes = []
    for step in steps:
        code, number = step.code or step.kind, 1
        while not step.code and code in taken:
            number += 1
            code = f"{step.kind}-{number}"
        taken.add(code)
        codes.append(code)
    return codes


def require_rule_maker(by: Person, city: Unit, on: date) -> None:
    """Refuse whoever does not sit in this city's office."""
    if not may_set_rules(by, city, on):
        raise NotAllowed("not_your_rules", _("Only the office of %(city)s sets its rules.") % {"city": city})


def apply_policies(*, at: datetime) -> int:
    """Let the open cases look at their next step on the first day of a new version; gives how many will."""
    told: list[int] = []

    def apply(policy: EscalationPolicy) -> None:
        told.append(reschedule_cases(policy.city, on=policy.valid_from))
        EscalationPolicy.objects.filter(pk=policy.pk).update(applied_at=at)

    waiting = list(EscalationPolicy.objects.filter(applied_at=None).order_by("valid_from"))
    each(ClockName.LADDERS, waiting, apply, at=at, key=lambda policy: policy.pk)
    return sum(told)


def reschedule_cases(city: Unit | None, *, on: date) -> int:
    """Set the clocks of a city's open cases to the beginning of a day, if they would have looked later or never."""
    moment, told, after = midnight(on), 0, 0
    cases = Case.objects.filter(stage__in=OPEN, paused_on=None)
    if city is not None:
        cases = cases.filter(city=city)
    while pks := list(cases.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        after = pks[-1]
        told += (
            Case.objects.filter(Q(next_step_at=None) | Q(next_step_at__gt=moment), pk__in=pks, stage__in=OPEN)
            .filter(paused_on=None)
            .update(next_step_at=moment)
        )
    return told
