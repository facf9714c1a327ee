"""The office makes a post responsible until a deadline; later it may pass the case to another post or county."""

from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.events import UNDO_FOR
from casework.ladder import rungs
from casework.ladder.rungs import Start
from casework.lifecycle.recording import (
    move,
    record,
    require,
    require_stage,
    require_words,
    settle,
    start_round_if_running,
    verb,
    wake,
)
from casework.models import Assignment, Case, Escalation, Person, Post, Transfer, Unit
from casework.models.case_event import EventKind
from casework.models.unit import UnitLevel
from casework.rights.roles import post_for
from casework.rights.table import Action
from casework.stages import RESPONSIBLE_ROLES, Light, Stage
from casework.working_time.deadlines import due_date, local_day, working_day_from
from casework.working_time.entered_days import of_a_deadline

REASSIGNABLE = (Stage.PLANNING, Stage.PLAN_APPROVAL, Stage.RECTIFICATION)
TRANSFERABLE = (Stage.SCREENING, Stage.ASSIGNMENT, *REASSIGNABLE)


def default_due_on(case: Case, *, on: date) -> date | None:
    """The deadline that a case gets when nobody says otherwise: its working days, counted from the assignment."""
    days = case.days or (case.item.days if case.item else None)
    return due_date(on, days) if days else None


@verb
def assign_case(
    *,
    case: Case,
    post: Post,
    due_on: date | None = None,
    support: Unit | None = None,
    helper: Unit | None = None,
    lead: str = "",
    note: str = "",
    by: Person,
    at: datetime,
) -> Assignment:
    """Make a post responsible. Without `due_on` the deadline follows from the working days of the case; a day off that
    was chosen means the next working day.
    """
    require(by, Action.ASSIGNMENT, case, at)
    require_stage(case, Stage.ASSIGNMENT)
    if case.is_unclassified:
        raise Invalid(
            "unclassified", _("Choose the catalogue item and the severity first; the case is still to be classified.")
        )
    _require_responsible_post(case, post)
    on = local_day(at)
    default = default_due_on(case, on=on)
    due_on = require_deadline(due_on or default, on=on)
    is_counted = due_on == default
    assignment = Assignment.objects.create(
        case=case,
        post=post,
        support=support,
        helper=helper,
        lead=lead.strip(),
        due_on=due_on,
        days=(case.days or case.item.days) if is_counted and case.item else None,
        counted_from=on if is_counted else None,
        note=note.strip(),
        assigned_by=by,
        assigned_at=at,
    )
    case.responsible, case.support, case.lead = post.unit, support, lead.strip()
    case.due_on, case.assigned_at = due_on, at
    case.ladder_since = on
    case.ladder_raised, case.ladder_refers = start_of(case, on=on)
    wake(case, at=at, after=UNDO_FOR)  # nobody is reminded of what may still be undone
    move(case, Stage.PLANNING, at=at)
    record(
        case,
        EventKind.ASSIGNED,
        by=by,
        at=at,
        action=Action.ASSIGNMENT,
        before=Stage.ASSIGNMENT,
        words=f"{post.unit.name} · {due_on.isoformat()}",
    )
    return assignment


def start_of(case: Case, *, on: date) -> Start:
    """Where the ladder begins: one rung higher when the unit's last cases all went red or the problem relapsed for the
    second time; then a referral is proposed at once (practice.md, ladder).
    """
    policy = rungs.current().policy_on(case.city_id, on)
    if policy is None:
        return Start()
    relapses, earlier = 0, case.relapse_of
    while earlier is not None and relapses < policy.relapses:
        relapses, earlier = relapses + 1, earlier.relapse_of
    refers = bool(policy.relapses) and relapses >= policy.relapses
    return Start(int(refers or _all_went_red(case, policy.reds_in_a_row)), refers)


def _all_went_red(case: Case, count: int) -> bool:
    """Whether the last cases of the responsible unit, so many of them, all went red."""
    if not count:
        return False
    reds = Escalation.objects.filter(case=OuterRef("pk"), light=Light.RED)
    last = Case.objects.filter(responsible_id=case.responsible_id, assigned_at__isnull=False).exclude(pk=case.pk)
    went_red = list(last.order_by("-assigned_at").values_list(Exists(reds), flat=True)[:count])
    return len(went_red) == count and all(went_red)


def _require_responsible_post(case: Case, post: Post) -> None:
    if post.role not in RESPONSIBLE_ROLES:
        raise Invalid(
            "post_cannot_rectify", _("Choose a post of the village's committee or of a department."), field="post"
        )
    if post.unit.level == UnitLevel.VILLAGE and post.unit_id != case.village_id:
        raise Invalid("post_of_other_village", _("This post belongs to another village."), field="post")


def require_deadline(due_on: date | None, *, on: date) -> date:
    """The working day on which a deadline that was entered falls; refuse one that can't be given on this day."""
    for refusal in of_a_deadline(due_on, on=on):
        raise refusal
    assert due_on is not None
    return working_day_from(due_on)


@verb
def reassign_case(*, case: Case, post: Post, reason: str, by: Person, at: datetime) -> Assignment:
    """Pass the case to another responsible post; the deadline and the round stay as they are. Whoever gets it is
    reminded anew, unless the case is late: then the ladder goes on where it stood.
    """
    require(by, Action.REASSIGN, case, at)
    require_stage(case, *REASSIGNABLE)
    reason = require_words(reason, field="reason", sentence=_("Say why the case is reassigned."))
    _require_responsible_post(case, post)
    before = case.assignments.select_for_update().get(ended_at=None)
    if before.post_id == post.pk:
        raise Invalid("same_post", _("This post is responsible already."), field="post")
    before.ended_at = at
    before.save(update_fields=["ended_at"])
    assignment = Assignment.objects.create(
        case=case,
        post=post,
        support=before.support,
        helper=before.helper,
        lead=before.lead,
        due_on=case.due_on or before.due_on,
        days=before.days,
        counted_from=before.counted_from,
        note=reason,
        assigned_by=by,
        assigned_at=at,
    )
    case.responsible = post.unit
    start_round_if_running(case, at=at)
    settle(case, at=at)
    record(
        case,
        EventKind.REASSIGNED,
        by=by,
        at=at,
        action=Action.REASSIGN,
        before=case.stage,
        words=f"{post.unit.name} · {reason}",
    )
    return assignment


@verb
def transfer_case(*, case: Case, county: Unit, reason: str, by: Person, at: datetime) -> Transfer:
    """Hand the case to another county's office, which then assigns or reviews it. The step stays the same."""
    require(by, Action.TRANSFER, case, at)
    require_stage(case, *TRANSFERABLE)
    reason = require_words(reason, field="reason", sentence=_("Say why the case is transferred."))
    if county.level != UnitLevel.COUNTY or case.city is None or not county.path.startswith(case.city.path):
        raise Invalid("not_a_county", _("Choose a county, district or functional zone of this city."), field="county")
    if case.county is None or county.pk == case.county_id:
        raise Invalid("same_county", _("The case lies with this county already."), field="county")
    transfer = Transfer.objects.create(
        case=case, from_county=case.county, to_county=county, reason=reason, by=by, at=at
    )
    words = f"{case.county} → {county} · {reason}"
    held = post_for(by, Action.TRANSFER, case, local_day(at))
    case.county = county
    settle(case, at=at)
    record(case, EventKind.TRANSFERRED, by=by, at=at, held=held, before=case.stage, words=words)
    return transfer
