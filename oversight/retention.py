"""What the database itself keeps of the offices' desk (the rules and triggers: casework/retention.py)."""

from casework.retention import Keeping

# Written once.
APPEND_ONLY: tuple[str, ...] = (
    "oversight_dutysheet",
    "oversight_reportversion",
    "oversight_reportsection",
    "oversight_reportfigure",
    "oversight_ownfigure",
    "oversight_reportdecision",
    "oversight_closeexception",
    "oversight_reportreminder",
    "oversight_reportparagraph",
    "oversight_meeting",
    "oversight_fieldvisit",
    "oversight_visitedplace",
    "oversight_visitfinding",
    "oversight_opinioncase",
    "oversight_requirementreceipt",
    "oversight_requirementmove",
    "oversight_issueddocument",
    "oversight_figure",
    "oversight_naming",
    "oversight_publication",
    "oversight_bulletinreceipt",
    "oversight_planneddraw",
    "oversight_drawseed",
    "oversight_drawnvillage",
    "oversight_excusedvillage",
    "oversight_checklist",
    "oversight_checklistitem",
    "oversight_foundcase",
    "oversight_headsignature",
    "oversight_visitentry",
    "oversight_handoverline",
    "oversight_handoversignature",
    "oversight_publicitymaterial",
    "oversight_dutyrule",
    "oversight_roster",
    "oversight_dutyturn",
    "oversight_minutes",
    "oversight_minutesattendance",
    "oversight_gapverdict",
    "oversight_decision",
    "oversight_decisionstep",
    "oversight_scoreitem",
    "oversight_appraisal",
    "oversight_scoresheet",
    "oversight_scoreline",
    "oversight_lostpoint",
    "oversight_scoreappeal",
    "oversight_appealdecision",
    "oversight_publicpageswitch",
    "oversight_release",
    "oversight_releasedphoto",
    "oversight_villagerstatement",
    "oversight_statementverdict",
    "oversight_suggestionanswer",
)
# May change through the verbs, with a history, and is never removed.
KEPT: tuple[str, ...] = (
    "oversight_mechanism",
    "oversight_membership",
    "oversight_membercontact",
    "oversight_reportingscheme",
    "oversight_period",
    "oversight_unitreport",
    "oversight_basedocument",
    "oversight_bulletin",
    "oversight_bulletinsection",
    "oversight_spotcheckplan",
    "oversight_itemanswer",
    "oversight_handoveritem",
    "oversight_trainingsession",
    "oversight_scorescheme",
)
# Kept, and these columns stay as they are: a rate is counted over the rows of the day on which the period opened.
FROZEN: dict[str, tuple[str, ...]] = {
    "oversight_expectedreport": ("period_id", "membership_id", "unit_id", "unit_name", "group", "order"),
    # Its place in a bulletin is given later, once.
    "oversight_opinion": ("mechanism_id", "words", "requirement", "deadline", "reaches", "by_id", "at"),
    # Only when it is reminded of may change.
    "oversight_requirement": ("opinion_id", "unit_id", "parent_id", "note", "by_id", "at"),
    # Of a bulletin's recipient only when it is reminded may change.
    # Who takes over and witnesses may change with the units; what ended, when and whose it was may not.
    "oversight_handoverpack": (
        "term_id",
        "unit_id",
        "unit_name",
        "role",
        "outgoing_id",
        "outgoing_name",
        "began_on",
        "ended_on",
        "made_at",
        "sign_by",
    ),
    "oversight_recipient": ("publication_id", "membership_id", "unit_id", "unit_name", "order"),
    # What was planned stays; how far the visit is may change until it is done.
    "oversight_villagevisit": (
        "village_id",
        "county_id",
        "office_id",
        "kind",
        "inspector_id",
        "due_by",
        "checklist_id",
        "draw_key",
        "planned_by_id",
        "planned_at",
    ),
    # A word leaves the list once.
    "oversight_maskedword": ("city_id", "words", "by_id", "at"),
    # Only the contact may be removed.
    "oversight_suggestion": ("city_id", "kind", "words", "by_id", "at"),
    # An attendance is taken back once, and nothing else of it changes.
    "oversight_attendance": ("session_id", "person_id", "unit_id", "how", "by_id", "at"),
}
# Kept, and append-only from the moment at which this holds of the row.
DONE: dict[str, str] = {
    "oversight_opinion": "OLD.bulletin_key IS NOT NULL",
    "oversight_bulletin": "OLD.state = 'published'",
    "oversight_bulletinsection": "OLD.frozen_at IS NOT NULL",
    "oversight_spotcheckplan": "OLD.frozen_at IS NOT NULL",
    "oversight_villagevisit": "OLD.state IN ('done', 'called_off')",
    "oversight_itemanswer": "OLD.frozen_at IS NOT NULL",
    "oversight_handoveritem": "OLD.frozen_at IS NOT NULL",
    "oversight_attendance": "OLD.taken_back_at IS NOT NULL",
    "oversight_trainingsession": "OLD.called_off_at IS NOT NULL",
    "oversight_scorescheme": "OLD.published_at IS NOT NULL",
    "oversight_maskedword": "OLD.ended_at IS NOT NULL",
}

OVERSIGHT = Keeping("oversight", APPEND_ONLY, KEPT, FROZEN, DONE)
