"""The stages of a case, and which verb may leave which: one page.

`Case.stage` holds one of these words, and so do the nodes of `flows/rectification.py`, the templates and the tests.
A stage is somebody's turn (`TURNS`) or an end. `MOVES` says where each verb may lead: `recording.move` holds every
verb to it, and a test walks the flow's graph and compares.
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a post is for."""

    INSPECTOR = "inspector", _("Inspector")
    COMMITTEE_MEMBER = "committee_member", _("Committee member")
    COMMITTEE_HEAD = "committee_head", _("Committee head")
    TOWN_REVIEWER = "town_reviewer", _("Town reviewer")
    COUNTY_SUPERVISOR = "county_supervisor", _("County supervisor")
    CITY_SUPERVISOR = "city_supervisor", _("City supervisor")
    DEPARTMENT_MEMBER = "department_member", _("Department member")
    VOLUNTEER = "volunteer", _("Supervision station volunteer")
    ADMINISTRATOR = "administrator", _("Administrator")
    # The coordination mechanism: who runs it, and who reports for one of its member units.
    LEAD_OFFICE = "lead_office", _("Lead office")
    MEMBER_REPORTER = "member_reporter", _("Reporter of a member unit")
    # Holds no right on a case: is trained, and counted in who is.
    VILLAGE_SECRETARY = "village_secretary", _("Village Party secretary")


COMMITTEE = (Role.COMMITTEE_MEMBER, Role.COMMITTEE_HEAD)


class Stage(TextChoices):
    SCREENING = "screening", _("Screening")
    ASSIGNMENT = "assignment", _("Assignment")
    PLANNING = "planning", _("Plan of measures")
    PLAN_APPROVAL = "plan_approval", _("Approval of the plan")
    RECTIFICATION = "rectification", _("Rectification")
    FIRST_REVIEW = "first_review", _("First review")
    SECOND_REVIEW = "second_review", _("Second review")
    CITY_REVIEW = "city_review", _("City review")
    STRIKE_OFF = "strike_off", _("Strike-off")
    CLOSED = "closed", _("Struck off")
    REFUSED = "refused", _("Refused")
    DUPLICATE = "duplicate", _("Duplicate")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REFERRED = "referred", _("Referred")


ENDS = (Stage.CLOSED, Stage.REFUSED, Stage.DUPLICATE, Stage.WITHDRAWN, Stage.REFERRED)
OPEN = tuple(stage for stage in Stage if stage not in ENDS)
REVIEWS = (Stage.PLAN_APPROVAL, Stage.FIRST_REVIEW, Stage.SECOND_REVIEW, Stage.CITY_REVIEW)
# The village first hears of a case when it is assigned: an unannounced visit stays unannounced while it is screened.
BEFORE_ASSIGNMENT = (Stage.SCREENING, Stage.ASSIGNMENT)


class Light(TextChoices):
    """The warning light of an open case, by its deadline."""

    NONE = "none", _("On time")
    BLUE = "blue", _("Due soon")
    YELLOW = "yellow", _("Needs a push")
    RED = "red", _("Overdue")


class Watch(TextChoices):
    """What becomes of a case after its strike-off: watched until its look-backs have passed, or failed one."""

    NONE = "", _("not struck off")
    WATCHED = "watched", _("Consolidation period")
    ARCHIVED = "archived", _("Archived")
    FAILED = "failed", _("Came back")


class Level(TextChoices):
    """At which unit of a case a role counts. `<level>_id` is the column of `Case` that holds the unit."""

    VILLAGE = "village", _("Village")
    TOWN = "town", _("Town")
    COUNTY = "county", _("County")
    CITY = "city", _("City")
    RESPONSIBLE = "responsible", _("Responsible unit")
    SUPPORT = "support", _("Supporting department")


@dataclass(frozen=True)
class Turn:
    """Whose turn a stage is: any of `roles` at the case's unit of `level`."""

    roles: tuple[Role, ...]
    level: Level


RESPONSIBLE_ROLES = (*COMMITTEE, Role.DEPARTMENT_MEMBER)
# The roles whose turn a case can be. Each stands at one level only, so `Case.waits_at` alone says who they are.
DESK_ROLES = (*RESPONSIBLE_ROLES, Role.TOWN_REVIEWER, Role.COUNTY_SUPERVISOR, Role.CITY_SUPERVISOR)

TURNS: dict[Stage, Turn] = {
    Stage.SCREENING: Turn((Role.COUNTY_SUPERVISOR,), Level.COUNTY),
    Stage.ASSIGNMENT: Turn((Role.COUNTY_SUPERVISOR,), Level.COUNTY),
    Stage.PLANNING: Turn(RESPONSIBLE_ROLES, Level.RESPONSIBLE),
    Stage.PLAN_APPROVAL: Turn((Role.TOWN_REVIEWER,), Level.TOWN),
    Stage.RECTIFICATION: Turn(RESPONSIBLE_ROLES, Level.RESPONSIBLE),
    Stage.FIRST_REVIEW: Turn((Role.TOWN_REVIEWER,), Level.TOWN),
    Stage.SECOND_REVIEW: Turn((Role.COUNTY_SUPERVISOR,), Level.COUNTY),
    Stage.CITY_REVIEW: Turn((Role.CITY_SUPERVISOR,), Level.CITY),
    Stage.STRIKE_OFF: Turn((Role.COUNTY_SUPERVISOR,), Level.COUNTY),
}
# A case that the city reviews is struck off by the city as well.
CITY_STRIKE_OFF = Turn((Role.CITY_SUPERVISOR,), Level.CITY)

# verb -> the stages it may lead to. The verb of a stage carries the stage's name in `flows/steps.py`.
MOVES: dict[Stage, tuple[Stage, ...]] = {
    Stage.SCREENING: (Stage.ASSIGNMENT, Stage.REFUSED, Stage.DUPLICATE),
    Stage.ASSIGNMENT: (Stage.PLANNING,),
    Stage.PLANNING: (Stage.PLAN_APPROVAL, Stage.RECTIFICATION),
    Stage.PLAN_APPROVAL: (Stage.RECTIFICATION, Stage.PLANNING),
    Stage.RECTIFICATION: (Stage.FIRST_REVIEW,),
    Stage.FIRST_REVIEW: (Stage.SECOND_REVIEW, Stage.RECTIFICATION),
    Stage.SECOND_REVIEW: (Stage.CITY_REVIEW, Stage.STRIKE_OFF, Stage.RECTIFICATION),
    Stage.CITY_REVIEW: (Stage.STRIKE_OFF, Stage.RECTIFICATION),
    Stage.STRIKE_OFF: (Stage.CLOSED, Stage.RECTIFICATION),
}
FIRST = (Stage.SCREENING, Stage.ASSIGNMENT)
# Beside the path: these leave any open stage and end the process at once.
ENDS_BY_INTERVENTION = (Stage.WITHDRAWN, Stage.REFERRED)


class ImpossibleMove(Exception):
    """A verb would put a case where no verb of its stage leads: a slip of ours, never of the person's."""


def require_move(before: str, after: Stage) -> None:
    """Refuse a change of stage that this page does not know. A case that is being opened has no stage yet."""
    if not before:
        leads_to: tuple[Stage, ...] = FIRST
    elif before in ENDS:
        leads_to = ()
    else:
        leads_to = MOVES[Stage(before)] + ENDS_BY_INTERVENTION
    if after not in leads_to:
        raise ImpossibleMove(f"{before or 'new'} → {after}")
