"""The one graph of a case, read from top to bottom as the office's procedure.

A node of a person's step carries the name of its stage. Node names are stored data: once landed they stay. The graph
knows the order; what a step does and whether it passed is the verb's affair, which leaves its answer in `Case.stage`.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import Flow, nodes
from viewflow.workflow.lock import SelectForUpdateLock

from casework.stages import Stage
from flows.models import CaseProcess, CaseTask
from flows.nodes import End, Gateway, Step


def stands_at(stage: Stage) -> Callable[[Any], bool]:
    """Whether the verb has put the case at this stage."""

    def condition(activation: Any) -> bool:
        return bool(activation.process.case.stage == stage)

    return condition


class RectificationFlow(Flow):
    """From the report to the strike-off."""

    process_title = _("Rectification")
    process_class = CaseProcess
    task_class = CaseTask
    lock_impl = SelectForUpdateLock(nowait=False, attempts=1)

    reported = nodes.StartHandle().Annotation(title=_("Report")).Next(this.who_reported)
    who_reported = (
        Gateway()
        .Annotation(title=_("Reported by the office itself?"))
        .Case(this.screening, stands_at(Stage.SCREENING))
        .Case(this.assignment, stands_at(Stage.ASSIGNMENT))
    )

    screening = Step().Annotation(title=_("Screening")).Next(this.screened)
    screened = (
        Gateway()
        .Annotation(title=_("Screened"))
        .Case(this.assignment, stands_at(Stage.ASSIGNMENT))
        .Case(this.refused, stands_at(Stage.REFUSED))
        .Case(this.duplicate, stands_at(Stage.DUPLICATE))
    )

    assignment = Step().Annotation(title=_("Assignment")).Next(this.planning)

    planning = Step().Annotation(title=_("Plan")).Next(this.planned)
    planned = (
        Gateway()
        .Annotation(title=_("Severity 3 or more?"))
        .Case(this.plan_approval, stands_at(Stage.PLAN_APPROVAL))
        .Case(this.rectification, stands_at(Stage.RECTIFICATION))
    )
    plan_approval = Step().Annotation(title=_("Plan approval")).Next(this.plan_decided)
    plan_decided = (
        Gateway()
        .Annotation(title=_("Plan decided"))
        .Case(this.rectification, stands_at(Stage.RECTIFICATION))
        .Case(this.planning, stands_at(Stage.PLANNING))
    )

    rectification = Step().Annotation(title=_("Rectification")).Next(this.first_review)

    first_review = Step().Annotation(title=_("First review")).Next(this.first_reviewed)
    first_reviewed = (
        Gateway()
        .Annotation(title=_("First review decided"))
        .Case(this.second_review, stands_at(Stage.SECOND_REVIEW))
        .Case(this.rectification, stands_at(Stage.RECTIFICATION))
    )
    second_review = Step().Annotation(title=_("Second review")).Next(this.second_reviewed)
    second_reviewed = (
        Gateway()
        .Annotation(title=_("Second review decided"))
        .Case(this.city_review, stands_at(Stage.CITY_REVIEW))
        .Case(this.strike_off, stands_at(Stage.STRIKE_OFF))
        .Case(this.rectification, stands_at(Stage.RECTIFICATION))
    )
    city_review = Step().Annotation(title=_("City review")).Next(this.city_reviewed)
    city_reviewed = (
        Gateway()
        .Annotation(title=_("City review decided"))
        .Case(this.strike_off, stands_at(Stage.STRIKE_OFF))
        .Case(this.rectification, stands_at(Stage.RECTIFICATION))
    )

    strike_off = Step().Annotation(title=_("Strike-off")).Next(this.approved)
    approved = (
        Gateway()
        .Annotation(title=_("Five tests met?"))
        .Case(this.closed, stands_at(Stage.CLOSED))
        .Case(this.rectification, stands_at(Stage.RECTIFICATION))
    )

    closed = End().Annotation(title=_("Struck off"))
    refused = End().Annotation(title=_("Refused"))
    duplicate = End().Annotation(title=_("Duplicate"))
