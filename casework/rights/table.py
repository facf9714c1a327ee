"""The table of rights on a case: which role may do what, and at which unit of the case a post of that role counts."""

from enum import StrEnum

from casework.stages import COMMITTEE, Level, Role


class Action(StrEnum):
    VIEW = "view"
    SCREENING = "screening"
    CLASSIFY = "classify"
    ASSIGNMENT = "assignment"
    REASSIGN = "reassign"
    TRANSFER = "transfer"
    PLANNING = "planning"
    PLAN_APPROVAL = "plan_approval"
    RECTIFICATION = "rectification"
    ADD_EVIDENCE = "add_evidence"
    ADD_PHOTO_BEFORE = "add_photo_before"
    FIRST_REVIEW = "first_review"
    SECOND_REVIEW = "second_review"
    CITY_REVIEW = "city_review"
    STRIKE_OFF = "strike_off"
    CITY_STRIKE_OFF = "city_strike_off"
    ASK_EXTENSION = "ask_extension"
    DECIDE_EXTENSION = "decide_extension"
    PAUSE = "pause"
    WITHDRAW = "withdraw"
    REFER = "refer"
    REMIND = "remind"
    INTERVIEW = "interview"
    LOOK_BACK = "look_back"
    VERDICT = "verdict"
    APPEAL = "appeal"
    DECIDE_APPEAL = "decide_appeal"
    ENTER_FROM_PAPER = "enter_from_paper"
    COMMENT = "comment"
    ASK_WHAT_IS_MISSING = "ask_what_is_missing"
    SEE_EARLIER_WORDS = "see_earlier_words"


OFFICES = ((Role.COUNTY_SUPERVISOR, Level.COUNTY), (Role.CITY_SUPERVISOR, Level.CITY))
RECTIFIERS = (
    *((role, Level.RESPONSIBLE) for role in COMMITTEE),
    (Role.DEPARTMENT_MEMBER, Level.RESPONSIBLE),
)

SIGHT = (
    *((role, Level.VILLAGE) for role in COMMITTEE),
    (Role.TOWN_REVIEWER, Level.TOWN),
    (Role.INSPECTOR, Level.COUNTY),
    (Role.INSPECTOR, Level.CITY),
    (Role.DEPARTMENT_MEMBER, Level.RESPONSIBLE),
    (Role.DEPARTMENT_MEMBER, Level.SUPPORT),
    *OFFICES,
)

RIGHTS: dict[Action, tuple[tuple[Role, Level], ...]] = {
    Action.VIEW: SIGHT,
    Action.SCREENING: OFFICES,
    Action.CLASSIFY: OFFICES,
    Action.ASSIGNMENT: OFFICES,
    Action.REASSIGN: OFFICES,
    Action.TRANSFER: OFFICES,
    Action.PLANNING: RECTIFIERS,
    Action.PLAN_APPROVAL: ((Role.TOWN_REVIEWER, Level.TOWN),),
    Action.RECTIFICATION: RECTIFIERS,
    Action.ADD_EVIDENCE: RECTIFIERS,
    Action.ADD_PHOTO_BEFORE: (*RECTIFIERS, *OFFICES),
    Action.FIRST_REVIEW: ((Role.TOWN_REVIEWER, Level.TOWN),),
    Action.SECOND_REVIEW: ((Role.COUNTY_SUPERVISOR, Level.COUNTY),),
    Action.CITY_REVIEW: ((Role.CITY_SUPERVISOR, Level.CITY),),
    Action.STRIKE_OFF: ((Role.COUNTY_SUPERVISOR, Level.COUNTY),),
    Action.CITY_STRIKE_OFF: ((Role.CITY_SUPERVISOR, Level.CITY),),
    Action.ASK_EXTENSION: RECTIFIERS,
    Action.DECIDE_EXTENSION: (
        (Role.TOWN_REVIEWER, Level.TOWN),
        (Role.COUNTY_SUPERVISOR, Level.COUNTY),
        (Role.CITY_SUPERVISOR, Level.CITY),
    ),
    Action.PAUSE: OFFICES,
    Action.WITHDRAW: OFFICES,
    Action.REFER: OFFICES,
    Action.REMIND: OFFICES,
    Action.INTERVIEW: OFFICES,
    Action.LOOK_BACK: ((Role.INSPECTOR, Level.COUNTY), (Role.INSPECTOR, Level.CITY)),
    Action.VERDICT: OFFICES,
    Action.APPEAL: (
        *((role, Level.VILLAGE) for role in COMMITTEE),
        (Role.TOWN_REVIEWER, Level.TOWN),
        (Role.COUNTY_SUPERVISOR, Level.COUNTY),
    ),
    Action.DECIDE_APPEAL: ((Role.CITY_SUPERVISOR, Level.CITY),),
    # What the village's committee brings on paper (roles.refusal): whoever enters it has had a hand in it.
    Action.ENTER_FROM_PAPER: ((Role.TOWN_REVIEWER, Level.TOWN),),
    # Whoever sees a case may say something in it; whoever only reported it too (roles.refusal).
    Action.COMMENT: SIGHT,
    Action.ASK_WHAT_IS_MISSING: RECTIFIERS,
    Action.SEE_EARLIER_WORDS: OFFICES,
}

# Roles that see a case only once it is assigned: an unannounced visit is not announced to the village by a list.
FROM_ASSIGNMENT_ON = (*COMMITTEE, Role.DEPARTMENT_MEMBER)
