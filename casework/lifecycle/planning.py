"""The committee says what it will do: measures with what, who and by when."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, Refusal, refuse
from casework.lifecycle.recording import move, record, require, require_stage, verb
from casework.models import Case, Evidence, Measure, Person, Plan
from casework.models.case_event import EventKind
from casework.models.evidence import EvidenceKind
from casework.models.measure import MeasureKind
from casework.rights.table import Action
from casework.stages import Stage
from casework.values.days_in_words import exact_day
from casework.working_time.deadlines import local_day
from casework.working_time.entered_days import too_far

# Words that any plan can hold and that say nothing by themselves (practice.md: "加强管理" is not a measure). What is
# left of a measure without them must name something.
EMPTY_WORDS = re.compile(
    "进一步|切实|认真|全面|积极|及时|严格|不断|持续|大力|扎实|深入|高度|加大|加强|强化|提高|提升|完善|规范|落实|健全|重视|抓好|做好|"
    "管理|领导|认识|思想|监督|监管|学习|教育|制度|机制|责任|力度|意识|工作|整改|要求|执行|措施|宣传|到位|水平|政治站位|"
    "组织|有关|相关|各项|继续|确保|按照|问题|予以|进行|[的和与及并对把将地、,，。.;；!！\\s]"
)
EMPTY_ENGLISH = re.compile(
    r"\b(strengthen|improve|enhance|reinforce|raise|further|management|leadership|awareness|supervision|education|work|"
    r"better|the|and|of|more|seriously|carefully)\b|[\s.,;!]",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Draft:
    """A measure as it was filled in."""

    what: str
    who: str
    due_on: date | None
    kind: str = MeasureKind.CORRECTIVE


def is_empty_phrase(what: str) -> bool:
    """Whether a measure names no object: 加强管理 does not, 在东侧明白墙加装雨棚 does."""
    return len(EMPTY_WORDS.sub("", EMPTY_ENGLISH.sub("", what))) < 2


def check_measures(drafts: Sequence[Draft], *, case: Case, on: date) -> None:
    """Refuse a plan, naming each field as `measures-<index>-<field>`."""
    refusals: list[Refusal] = []
    if not any(draft.kind == MeasureKind.CORRECTIVE for draft in drafts):
        refusals.append(Invalid("no_corrective_measure", _("Enter at least one corrective measure."), field="measures"))
    for index, draft in enumerate(drafts):
        place = f"measures-{index}-"
        if not draft.what.strip():
            refusals.append(Invalid("what_missing", _("Say what will be done."), field=place + "what"))
        elif is_empty_phrase(draft.what):
            refusals.append(
                Invalid(
                    "empty_measure",
                    _(
                        "“%(what)s” is not a measure yet. Say what will be done to which board, contract, ledger or duty."
                    )
                    % {"what": draft.what.strip()},
                    field=place + "what",
                )
            )
        if not draft.who.strip():
            refusals.append(Invalid("who_missing", _("Say who does it."), field=place + "who"))
        if draft.due_on is None:
            refusals.append(Invalid("by_when_missing", _("Say by when it is done."), field=place + "due_on"))
        elif draft.due_on < on:
            refusals.append(Invalid("by_when_past", _("This day has passed."), field=place + "due_on"))
        elif case.due_on and draft.kind == MeasureKind.CORRECTIVE and draft.due_on > max(case.due_on, on):
            refusals.append(
                Invalid(
                    "by_when_after_deadline",
                    _("The deadline of the case is %(day)s. Choose an earlier day or ask for an extension.")
                    % {"day": exact_day(case.due_on)},
                    field=place + "due_on",
                )
            )
        else:
            refusals += too_far(draft.due_on, on=on, field=place + "due_on")
    refuse(refusals)


@verb
def submit_plan(*, case: Case, measures: Sequence[Draft], from_paper: bool = False, by: Person, at: datetime) -> Plan:
    """Hand in the plan. From severity 3 on the town approves it first, otherwise rectification begins at once.

    What the village brings on paper the town enters `from_paper`, with the signed paper as a document of the case.
    """
    action = Action.ENTER_FROM_PAPER if from_paper else Action.PLANNING
    require(by, action, case, at)
    require_stage(case, Stage.PLANNING)
    if from_paper and not papers_of_plan(case).exists():
        raise Invalid(
            "paper_missing", _("Add a photo or scan of the signed plan; each plan needs its own."), field="paper"
        )
    check_measures(measures, case=case, on=local_day(at))
    plan = Plan.objects.create(case=case, number=case.plans.count() + 1, by=by, at=at)
    Measure.objects.bulk_create(
        Measure(
            plan=plan,
            number=number,
            kind=draft.kind,
            what=draft.what.strip(),
            who=draft.who.strip(),
            due_on=cast(date, draft.due_on),
        )
        for number, draft in enumerate(measures, start=1)
    )
    move(case, Stage.PLAN_APPROVAL if case.needs_plan_approval else Stage.RECTIFICATION, at=at)
    record(case, EventKind.PLANNED, by=by, at=at, action=action, before=Stage.PLANNING)
    return plan


def papers_of_plan(case: Case) -> QuerySet[Evidence]:
    """The documents that came since the last plan was handed in: the paper of the next one."""
    last = case.plans.order_by("-number").first()
    documents = Evidence.objects.filter(case=case, kind=EvidenceKind.DOCUMENT)
    return documents.filter(uploaded_at__gt=last.at) if last is not None else documents
