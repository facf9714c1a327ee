"""The table of rights without a case: what a post allows at its unit, and for what lies under it."""

from enum import StrEnum

from casework.stages import COMMITTEE, Role

# Roles that may open a new case, and where: for any village under their unit.
# Member units and the lead office report what they saw on a visit; a department for the villages of the unit above it.
FINDERS = (
    Role.INSPECTOR,
    Role.COUNTY_SUPERVISOR,
    Role.CITY_SUPERVISOR,
    Role.TOWN_REVIEWER,
    Role.VOLUNTEER,
    Role.LEAD_OFFICE,
    Role.MEMBER_REPORTER,
)
# A village's committee reports too, but only what it finds with itself.
REPORTERS = (*FINDERS, *COMMITTEE)


class OfficeAction(StrEnum):
    """What a post allows without a case: at its unit, and for what lies under it."""

    REPORT = "report"
    FIND = "find"
    IMPORT = "import"
    ANALYSE = "analyse"
    ASSIGN = "assign"
    CLASSIFY = "classify"
    DECIDE_RELAPSE = "decide_relapse"
    WATCH_LOOK_BACKS = "watch_look_backs"
    SEE_LOOK_BACKS = "see_look_backs"
    MARK_KEY_VILLAGE = "mark_key_village"
    START_WIDER_CHECK = "start_wider_check"
    DRAW_SPOT_CHECK = "draw_spot_check"
    SEE_SPOT_CHECKS = "see_spot_checks"
    SEE_VILLAGES = "see_villages"
    SEE_BURDEN = "see_burden"
    SEE_POSTS = "see_posts"
    SEE_PHONES = "see_phones"
    LET_IN = "let_in"
    KEEP_CLUE_PLATFORMS = "keep_clue_platforms"
    EXPORT_LEDGER = "export_ledger"
    SET_RULES = "set_rules"
    WATCH_CLOCKS = "watch_clocks"
    ADMINISTER = "administer"
    # The coordination mechanism (oversight/).
    SEE_MECHANISM = "see_mechanism"
    RUN_MECHANISM = "run_mechanism"
    REPORT_FOR_UNIT = "report_for_unit"
    LOG_MEETING = "log_meeting"
    LOG_FIELD_VISIT = "log_field_visit"
    KEEP_DOCUMENTS = "keep_documents"
    SEE_DOCUMENTS = "see_documents"
    WRITE_BULLETIN = "write_bulletin"
    PASS_ON = "pass_on"
    # Inspectors' visits to villages (oversight/visits/).
    PLAN_VISIT = "plan_visit"
    MAKE_VISIT = "make_visit"
    SEE_VISITS = "see_visits"
    PUBLISH_CHECKLIST = "publish_checklist"
    # Handovers at the end of a term (oversight/handover/).
    SEE_HANDOVERS = "see_handovers"
    WITNESS_HANDOVER = "witness_handover"
    # Between two bulletins (oversight/training, duty, decisions).
    SEE_TRAINING = "see_training"
    HOLD_TRAINING = "hold_training"
    ENTER_FOR_VILLAGE = "enter_for_village"
    DECIDE_GAP = "decide_gap"
    SET_DUTY_RULES = "set_duty_rules"
    # For those who lead (oversight/figures/).
    SEE_FIGURES = "see_figures"
    # Where units lie (oversight/places/).
    LOCATE_UNITS = "locate_units"
    DRAW_OUTLINE = "draw_outline"
    # Supervision stations (oversight/stations/).
    SEE_STATIONS = "see_stations"
    KEEP_STATIONS = "keep_stations"
    REPORT_FOR_STATION = "report_for_station"
    # Paired assistance (casework/rights/pairings.py, oversight/pairings/).
    SEE_PAIRINGS = "see_pairings"
    PAIR_UNITS = "pair_units"
    ENTER_HELP = "enter_help"
    # Scorecards (oversight/scorecards/).
    SCORE = "score"
    SEE_SCORES = "see_scores"
    APPEAL_SCORE = "appeal_score"
    DECIDE_SCORE_APPEAL = "decide_score_appeal"
    # Good practices (oversight/practices/).
    SEE_PRACTICES = "see_practices"
    DESCRIBE_PRACTICE = "describe_practice"
    ADOPT_PRACTICE = "adopt_practice"
    # The public page, and what is said about the system (oversight/public_page, suggestions).
    SWITCH_PUBLIC_PAGE = "switch_public_page"
    RELEASE_CASE = "release_case"
    DECIDE_STATEMENT = "decide_statement"
    ANSWER_SUGGESTION = "answer_suggestion"
    # Elections of committees, and who may stand (oversight/eligibility/).
    SEE_ELECTIONS = "see_elections"
    RUN_ELECTION = "run_election"
    NOMINATE = "nominate"
    SIGN_ELIGIBILITY = "sign_eligibility"
    PUBLISH_ELIGIBILITY_LIST = "publish_eligibility_list"


_OFFICES = (Role.COUNTY_SUPERVISOR, Role.CITY_SUPERVISOR)
_LEDGERS = (Role.TOWN_REVIEWER, *_OFFICES)
_LEADING = (Role.LEAD_OFFICE, Role.CITY_SUPERVISOR)
OFFICE_RIGHTS: dict[OfficeAction, tuple[Role, ...]] = {
    OfficeAction.REPORT: REPORTERS,
    # What was found with others, not with oneself.
    OfficeAction.FIND: FINDERS,
    OfficeAction.IMPORT: _OFFICES,
    OfficeAction.ANALYSE: _OFFICES,
    # Several reports in a row; each case then asks for its own right.
    OfficeAction.ASSIGN: _OFFICES,
    # What an office's own words mean; each case then asks for its own right.
    OfficeAction.CLASSIFY: _OFFICES,
    OfficeAction.DECIDE_RELAPSE: _OFFICES,
    OfficeAction.WATCH_LOOK_BACKS: _OFFICES,
    OfficeAction.SEE_LOOK_BACKS: (Role.INSPECTOR, *_OFFICES),
    OfficeAction.MARK_KEY_VILLAGE: _OFFICES,
    OfficeAction.START_WIDER_CHECK: _OFFICES,
    OfficeAction.DRAW_SPOT_CHECK: _OFFICES,
    # Villages and towns are visited unannounced.
    OfficeAction.SEE_SPOT_CHECKS: (Role.INSPECTOR, *_OFFICES),
    OfficeAction.SEE_VILLAGES: (Role.INSPECTOR, *COMMITTEE, *_LEDGERS),
    OfficeAction.SEE_BURDEN: _LEDGERS,
    # Who holds which post in one's own area, to look. Whoever changes it asks for ADMINISTER.
    OfficeAction.SEE_POSTS: (Role.ADMINISTRATOR, *_OFFICES),
    # What inspectors' phones hold that was not sent yet, and taking in an emergency file.
    OfficeAction.SEE_PHONES: _OFFICES,
    # Links and one-time codes for the committees of the own villages; whoever gave a code has had a hand in what was
    # then handed in (`hands.py`).
    OfficeAction.LET_IN: _LEDGERS,
    # Keys by which other platforms send clues to the own office.
    OfficeAction.KEEP_CLUE_PLATFORMS: _OFFICES,
    OfficeAction.EXPORT_LEDGER: _LEDGERS,
    # The city's rules: the ladder and the working-day calendar.
    OfficeAction.SET_RULES: (Role.CITY_SUPERVISOR,),
    # Who sees to it that the clocks run.
    OfficeAction.WATCH_CLOCKS: (Role.ADMINISTRATOR, Role.CITY_SUPERVISOR),
    OfficeAction.ADMINISTER: (Role.ADMINISTRATOR,),
    # All periods and reports of the own mechanism, and of the own county's.
    OfficeAction.SEE_MECHANISM: (Role.COUNTY_SUPERVISOR, *_LEADING),
    # Member units, periods, what becomes of a report.
    OfficeAction.RUN_MECHANISM: _LEADING,
    OfficeAction.REPORT_FOR_UNIT: (Role.MEMBER_REPORTER,),
    # Consultations, summaries, inspections and bulletins of a county's own mechanism.
    OfficeAction.LOG_MEETING: (Role.COUNTY_SUPERVISOR, Role.MEMBER_REPORTER),
    OfficeAction.LOG_FIELD_VISIT: (Role.MEMBER_REPORTER, Role.COUNTY_SUPERVISOR, *_LEADING),
    OfficeAction.KEEP_DOCUMENTS: _LEADING,
    OfficeAction.SEE_DOCUMENTS: (
        Role.INSPECTOR,
        *COMMITTEE,
        Role.TOWN_REVIEWER,
        Role.DEPARTMENT_MEMBER,
        Role.MEMBER_REPORTER,
        Role.COUNTY_SUPERVISOR,
        *_LEADING,
    ),
    # Draft and approve; a draft is never approved by whoever wrote it.
    OfficeAction.WRITE_BULLETIN: _LEADING,
    # Sign for a requirement and hand it down one level.
    OfficeAction.PASS_ON: (*COMMITTEE, Role.TOWN_REVIEWER, Role.COUNTY_SUPERVISOR, Role.MEMBER_REPORTER),
    OfficeAction.PLAN_VISIT: _OFFICES,
    # The one who was sent, and not in their own village or town (oversight/visits/rights.py).
    OfficeAction.MAKE_VISIT: (Role.INSPECTOR,),
    # An inspector's own, an office's in its area; villages read theirs once they are done.
    OfficeAction.SEE_VISITS: (Role.INSPECTOR, *_OFFICES),
    OfficeAction.PUBLISH_CHECKLIST: (Role.CITY_SUPERVISOR,),
    # Those of the own unit, and of what lies below it.
    OfficeAction.SEE_HANDOVERS: (*COMMITTEE, Role.DEPARTMENT_MEMBER, *_LEDGERS),
    # For the office that stands above the post.
    OfficeAction.WITNESS_HANDOVER: _LEDGERS,
    # Sessions above and below the own unit; coverage of the own area.
    OfficeAction.SEE_TRAINING: (
        Role.INSPECTOR,
        *COMMITTEE,
        Role.VILLAGE_SECRETARY,
        *_LEDGERS,
        Role.LEAD_OFFICE,
    ),
    # Hold a session for the own area, and say who was there.
    OfficeAction.HOLD_TRAINING: (*_LEDGERS, Role.LEAD_OFFICE),
    # Duty days, meetings, rosters and decisions: by the committee itself, or from its paper by the town.
    OfficeAction.ENTER_FOR_VILLAGE: (*COMMITTEE, Role.TOWN_REVIEWER),
    # Open a gap as a case or dismiss it.
    OfficeAction.DECIDE_GAP: _LEDGERS,
    OfficeAction.SET_DUTY_RULES: _OFFICES,
    # Of the own unit and of what lies below it.
    OfficeAction.SEE_FIGURES: (*COMMITTEE, Role.TOWN_REVIEWER, Role.COUNTY_SUPERVISOR, *_LEADING),
    # Coordinates of the own unit and of what lies below it.
    OfficeAction.LOCATE_UNITS: _LEDGERS,
    OfficeAction.DRAW_OUTLINE: (Role.CITY_SUPERVISOR,),
    # Stations at the own unit and below, with their reports; volunteers are numbers there.
    OfficeAction.SEE_STATIONS: (Role.VOLUNTEER, *_LEDGERS),
    # Open and close them, and know who the volunteers are.
    OfficeAction.KEEP_STATIONS: _OFFICES,
    # What an office reports itself is not screened, so it hands in nothing for a station.
    OfficeAction.REPORT_FOR_STATION: (Role.VOLUNTEER, Role.TOWN_REVIEWER),
    # Of the own villages, and a helper unit's own.
    OfficeAction.SEE_PAIRINGS: (Role.DEPARTMENT_MEMBER, *COMMITTEE, *_LEDGERS),
    OfficeAction.PAIR_UNITS: _OFFICES,
    # A helper unit's visits.
    OfficeAction.ENTER_HELP: (Role.DEPARTMENT_MEMBER,),
    # The schemes and scores of the own county.
    OfficeAction.SCORE: (Role.COUNTY_SUPERVISOR,),
    OfficeAction.SEE_SCORES: (*COMMITTEE, *_LEDGERS),
    # For the own unit, and against what the level below scored.
    OfficeAction.APPEAL_SCORE: (*COMMITTEE, Role.TOWN_REVIEWER),
    OfficeAction.DECIDE_SCORE_APPEAL: (Role.CITY_SUPERVISOR,),
    # Those of the own city: they are there to be taken over.
    OfficeAction.SEE_PRACTICES: (Role.INSPECTOR, *COMMITTEE, *_LEDGERS, Role.LEAD_OFFICE),
    OfficeAction.DESCRIBE_PRACTICE: (Role.COUNTY_SUPERVISOR, *_LEADING),
    # For the own county, with evidence.
    OfficeAction.ADOPT_PRACTICE: (Role.COUNTY_SUPERVISOR,),
    OfficeAction.SWITCH_PUBLIC_PAGE: (Role.CITY_SUPERVISOR,),
    # One by one, of the own county or city; and the list of masked words.
    OfficeAction.RELEASE_CASE: _OFFICES,
    # What villagers say is not put right: a look-back, or nothing, with the reason.
    OfficeAction.DECIDE_STATEMENT: _LEDGERS,
    OfficeAction.ANSWER_SUGGESTION: (Role.CITY_SUPERVISOR,),
    # How far the villages are, and who did not report.
    OfficeAction.SEE_ELECTIONS: (*COMMITTEE, *_LEDGERS),
    # Open it, name its steps, decide who may stand, read the structure of committees.
    OfficeAction.RUN_ELECTION: _OFFICES,
    # Enter who is to stand and who was elected.
    OfficeAction.NOMINATE: _LEDGERS,
    # For the own department, and never about oneself (oversight/eligibility/rights.py).
    OfficeAction.SIGN_ELIGIBILITY: (Role.DEPARTMENT_MEMBER,),
    OfficeAction.PUBLISH_ELIGIBILITY_LIST: (Role.CITY_SUPERVISOR,),
}
