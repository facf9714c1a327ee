"""Every route, and for which members of the cast it opens."""

EVERYBODY = frozenset(
    {
        "inspector",
        "willow_head",
        "willow_member",
        "poplar_head",
        "town_reviewer",
        "county_supervisor",
        "city_supervisor",
        "department_member",
        "discipline",
        "volunteer",
        "administrator",
        "outsider_county",
        "outsider_town",
        "outsider_head",
    }
)
REPORTERS = frozenset(
    {
        "inspector",
        "willow_head",
        "willow_member",
        "poplar_head",
        "outsider_head",
        "town_reviewer",
        "county_supervisor",
        "city_supervisor",
        "volunteer",
        "outsider_county",
        "outsider_town",
    }
)
IMPORTERS = frozenset({"county_supervisor", "city_supervisor", "outsider_county"})
READERS = frozenset(
    {"inspector", "willow_head", "willow_member", "town_reviewer", "county_supervisor", "city_supervisor"}
)
OFFICES = frozenset({"county_supervisor", "city_supervisor"})
DRAW_READERS = OFFICES | {"inspector"}
RECTIFIERS = frozenset({"willow_head", "willow_member"})
LEDGER_READERS = frozenset(
    {"town_reviewer", "county_supervisor", "city_supervisor", "outsider_county", "outsider_town"}
)
LETTER_READERS = frozenset({"willow_head", "willow_member", "town_reviewer", "county_supervisor", "city_supervisor"})
# Whoever signs for requirements at a village, a town or a county.
SIGNERS = frozenset(
    {
        "willow_head",
        "willow_member",
        "poplar_head",
        "outsider_head",
        "town_reviewer",
        "outsider_town",
        "county_supervisor",
        "outsider_county",
    }
)
HANDOVER_READERS = SIGNERS | {"city_supervisor", "department_member", "discipline"}
# Poplar's, whose head has ended.
HANDED_OVER = frozenset({"poplar_head", "town_reviewer", "county_supervisor", "city_supervisor"})
ADMINISTRATORS = frozenset({"administrator"})
LEADING = frozenset({"city_supervisor"})
POSTS_READERS = OFFICES | ADMINISTRATORS
LEADING = frozenset({"city_supervisor"})
DOCUMENT_READERS = EVERYBODY - {"volunteer", "administrator"}
FIGURE_READERS = EVERYBODY - {"inspector", "department_member", "discipline", "volunteer", "administrator"}
SCORE_READERS = FIGURE_READERS
NOBODY: frozenset[str] = frozenset()
# Between two bulletins: who reads the trainings, and who enters for a village.
TRAINING_READERS = EVERYBODY - {"department_member", "discipline", "volunteer", "administrator"}
TRAINING_HOLDERS = LEDGER_READERS
VILLAGE_READERS = TRAINING_READERS
PAPER_SORTERS = frozenset({"willow_head", "willow_member", "town_reviewer"})

TABLE: dict[str, frozenset[str]] = {
    "home": EVERYBODY,
    "cases": EVERYBODY,
    "search": EVERYBODY,
    "search_results": EVERYBODY,
    "lists": EVERYBODY,
    "next_waiting": EVERYBODY,
    "me": EVERYBODY,
    "choose_password": EVERYBODY,
    "messages": EVERYBODY,
    "message_count": EVERYBODY,
    "roads": EVERYBODY,
    "ladder": EVERYBODY,
    "calendar": EVERYBODY,
    "calendar_year": EVERYBODY,
    "letters": EVERYBODY,
    "ladder_new": frozenset({"city_supervisor"}),
    "burden": LEDGER_READERS,
    # A notice to Willow, and the message of it to its head.
    "letter": LETTER_READERS,
    "letter_docx": LETTER_READERS,
    "letter_pdf": LETTER_READERS,
    "message": frozenset({"willow_head"}),
    "units": EVERYBODY,
    "villages": EVERYBODY,
    "report": REPORTERS,
    "imports": IMPORTERS,
    "import_template": IMPORTERS,
    "candidates": IMPORTERS,
    "assignments": IMPORTERS,
    "classification_desk": IMPORTERS,
    "classification_group": IMPORTERS,
    "category_names": IMPORTERS,
    "category_name_end": NOBODY,
    "analysis": IMPORTERS,
    "report_hints": REPORTERS,
    "look_backs": EVERYBODY,
    "ledger": LEDGER_READERS,
    # A village is read by whoever holds a post over it.
    "village": READERS,
    # A case in rectification, of Willow.
    "case": READERS,
    "case_history": READERS,
    "case_paper": READERS,
    "comments": READERS,
    "readers": READERS,
    # A question of Willow's head with a photo, a minute old, its words changed once.
    "comment": READERS,
    "comment_file": READERS,
    "comment_preview": READERS,
    "comment_photo": READERS,
    "comment_wording": frozenset({"willow_head"}),
    "comment_wordings": OFFICES | {"willow_head"},
    "evidence": READERS,
    "evidence_preview": READERS,
    "evidence_photo": READERS,
    "rectification": RECTIFIERS,
    "photos": RECTIFIERS | OFFICES | {"inspector"},
    "extension": RECTIFIERS,
    "reassignment": OFFICES,
    "transfer": OFFICES,
    "pause": OFFICES,
    "reminder": OFFICES,
    "resumption": OFFICES,
    "withdrawal": OFFICES,
    "referral": OFFICES,
    "referral_refusal": OFFICES,
    "interview": OFFICES,
    "extension_decision": frozenset({"town_reviewer"}),
    # A candidate on this case, whose verdict was appealed: the first verdict is given, so its form is for the offices alone.
    "verdict": OFFICES,
    "verdict_appeal": frozenset({"willow_head", "willow_member", "town_reviewer", "county_supervisor"}),
    "verdict_appeal_decision": frozenset({"city_supervisor"}),
    # An open look-back of this case: those who are looked at don't know of it.
    "look_back": frozenset({"inspector", "county_supervisor", "city_supervisor"}),
    "look_back_passing": frozenset({"inspector"}),
    # Who is let into the referred cases.
    "discipline_office": frozenset({"discipline"}),
    "discipline_office_term": NOBODY,
    "discipline_office_password": NOBODY,
    # Willow's posts: read by the offices above it and the administrator, who alone changes them.
    "posts": POSTS_READERS | {"outsider_county"},
    "posts_of_unit": POSTS_READERS,
    "unit_post": POSTS_READERS,
    "new_person": ADMINISTRATORS,
    "people": ADMINISTRATORS,
    "people_found": ADMINISTRATORS,
    "people_import": ADMINISTRATORS,
    "people_template": ADMINISTRATORS,
    "people_import_confirmation": NOBODY,
    "people_import_refused": NOBODY,
    "person": ADMINISTRATORS,
    "term_end": NOBODY,
    "person_password": NOBODY,
    "person_switching": NOBODY,
    # A mechanism with a period, in which the cast's county has handed in. Its city office runs it, too.
    "members": LEADING,
    "member": LEADING,
    "member_new": LEADING,
    "members_import": LEADING,
    "periods": IMPORTERS,
    "period": IMPORTERS,
    "period_new": LEADING,
    "unit_report": OFFICES,
    "unit_report_figure": OFFICES,
    "unit_report_version": OFFICES,
    "unit_report_file": OFFICES,
    "unit_report_workbook": OFFICES,
    "unit_report_import": NOBODY,  # its reporter's alone
    "unit_report_return": NOBODY,
    "unit_report_acceptance": NOBODY,
    "unit_report_exception": NOBODY,
    # A plan of the county, a draw that waits for its dice, and one of before there were plans.
    "spot_checks": DRAW_READERS | {"outsider_county"},
    "new_spot_check_plan": IMPORTERS,
    "spot_check_plan": DRAW_READERS,
    "spot_check_plan_change": OFFICES,
    "planned_draws": NOBODY,
    "planned_draw": DRAW_READERS,
    "draw_seed": NOBODY,
    "draw_excuses": NOBODY,
    "draw_sheet_docx": DRAW_READERS,
    "draw_sheet_pdf": DRAW_READERS,
    "draw_record": DRAW_READERS,
    "draw_replay": EVERYBODY,  # anybody may repeat a draw from its sheet
    "spot_check": DRAW_READERS,
    # The log of the county's mechanism, and an entry of it with a file; the counties' own and the city's.
    "mechanisms": IMPORTERS,
    "mechanism": OFFICES,
    "mechanism_entry": OFFICES,
    "mechanism_entry_file": OFFICES,
    "mechanism_entry_withdrawal": NOBODY,
    # A visit of the county's with a file; an opinion that came to the county.
    "field_visits": IMPORTERS,
    "new_field_visit": IMPORTERS,
    "field_visit": OFFICES,
    "field_visit_file": OFFICES,
    "field_visit_withdrawal": NOBODY,
    "opinions": frozenset({"city_supervisor"}),
    "new_opinion": frozenset({"city_supervisor"}),
    "opinion": frozenset({"city_supervisor"}),
    "opinion_cases": NOBODY,
    "requirements": SIGNERS,
    "handovers": HANDOVER_READERS,
    "handover_comparison": LEDGER_READERS,
    "handover": HANDED_OVER,
    "handover_docx": HANDED_OVER,
    "handover_pdf": HANDED_OVER,
    "handover_items": NOBODY,
    "handover_signature": NOBODY,
    "handover_refusal": NOBODY,
    "requirement": OFFICES,
    "requirement_receipt": NOBODY,
    "requirement_passing": NOBODY,
    # A draft of the lead office, and a basis document without a file.
    "bulletins": OFFICES | {"outsider_county"},
    "bulletin": LEADING,
    "bulletin_docx": LEADING,
    "bulletin_pdf": LEADING,
    "bulletin_section": LEADING,
    "bulletin_head": LEADING,
    "bulletin_figures": LEADING,
    "bulletin_figure": LEADING,
    "bulletin_publication": NOBODY,  # nobody has approved it yet
    "trainings": TRAINING_READERS,
    "training_missing": TRAINING_READERS,
    "new_training": TRAINING_HOLDERS,
    "publicity": TRAINING_READERS,
    # A training of the county, with a file and one attendance of Willow's head.
    "training_session": TRAINING_READERS - {"outsider_county", "outsider_town", "outsider_head"},
    "training_file": TRAINING_READERS - {"outsider_county", "outsider_town", "outsider_head"},
    "training_ticks": frozenset({"county_supervisor"}),
    "training_import": frozenset({"county_supervisor"}),
    "training_wall": frozenset({"county_supervisor"}),
    "attendance_taking_back": frozenset({"county_supervisor"}),
    "training_typed_code": EVERYBODY,
    "training_code": EVERYBODY,
    "publicity_file": TRAINING_READERS - {"outsider_county", "outsider_town", "outsider_head"},
    "training_calling_off": NOBODY,
    # One of the city with a file, taken over by the county.
    "practices": VILLAGE_READERS,
    "practice": VILLAGE_READERS,
    "practice_file": VILLAGE_READERS,
    "practice_adoption_file": VILLAGE_READERS,
    "walls": VILLAGE_READERS,
    # Of Willow: a wall with a photo, and an update with one.
    "village_walls": READERS,
    "wall": READERS,
    "wall_entry": frozenset({"willow_head", "willow_member", "town_reviewer"}),
    "wall_file": READERS,
    "wall_update_file": READERS,
    "duty": VILLAGE_READERS,
    # Willow's list for the wall, its sheets to sign, where a QR code leads, and a sheet that waits.
    "wall_list": READERS,
    "signing_sheets": READERS,
    "paper_case": READERS,
    "paper_sheets": PAPER_SORTERS,
    "plan_from_paper": NOBODY,  # a case that waits for its plan
    "rectification_from_paper": frozenset({"town_reviewer"}),
    "paper_sheet_case": NOBODY,
    "paper_sheet_aside": NOBODY,
    "paper_sheet_file": PAPER_SORTERS,
    "paper_sheet_preview": PAPER_SORTERS,
    "decisions": VILLAGE_READERS,
    "gaps": VILLAGE_READERS,
    "duty_rules": IMPORTERS,
    # Of Willow: its log, minutes with a file, the roster of this month, and a decision with one step.
    "duty_village": READERS,
    "minutes": READERS,
    "minutes_file": READERS,
    "roster": READERS,
    "roster_sheet": READERS,
    "village_decisions": READERS,
    "decision": READERS,
    "decision_step": frozenset({"willow_head", "willow_member", "town_reviewer"}),
    "decision_step_file": READERS,
    "gap": READERS,
    "minutes_withdrawal": NOBODY,
    "decision_step_withdrawal": NOBODY,
    "gap_case": NOBODY,
    "gap_dismissal": NOBODY,
    "documents": DOCUMENT_READERS,
    "document": DOCUMENT_READERS,
    "document_clauses": DOCUMENT_READERS,
    "document_file": NOBODY,
    # Another step's turn: refused to everybody, and to those who may as a conflict.
    "screening": NOBODY,
    "classification": NOBODY,
    "assignment": NOBODY,
    "planning": NOBODY,
    "plan_approval": NOBODY,
    "first_review": NOBODY,
    "second_review": NOBODY,
    "city_review": NOBODY,
    "strike_off": NOBODY,
    "strike_off_return": NOBODY,
    # Somebody's own: the county supervisor's import and ledger.
    "import": frozenset({"county_supervisor"}),
    "import_progress": frozenset({"county_supervisor"}),
    "ledger_export": frozenset({"county_supervisor"}),
    "ledger_progress": frozenset({"county_supervisor"}),
    "import_columns": NOBODY,  # the file of this import is gone
    "import_refused": NOBODY,  # nothing was refused in this import
    "ledger_file": NOBODY,  # this ledger isn't written yet
    # Only by POST.
    "bulletin_submission": NOBODY,
    "bulletin_approval": NOBODY,
    "bulletin_return": NOBODY,
    "bulletin_count": NOBODY,
    "bulletin_namings": NOBODY,
    "bulletin_opinions": NOBODY,
    "bulletin_receipts": NOBODY,
    "bulletin_correction": NOBODY,
    "comment_resolution": NOBODY,
    "following": NOBODY,
    "missing": NOBODY,
    "undone": NOBODY,
    "reassignments": OFFICES | {"outsider_county"},
    "reminders": OFFICES | {"outsider_county"},
    "paper_list": LEDGER_READERS,
    "import_confirmation": NOBODY,
    "import_rows": NOBODY,
    "wider_check": NOBODY,
    "key_village": NOBODY,
    "visits": OFFICES | {"inspector", "outsider_county"},
    "new_visit": IMPORTERS,
    "found_per_visit": IMPORTERS,
    "checklists": IMPORTERS | {"inspector"},
    "checklist": IMPORTERS | {"inspector"},
    "new_checklist": frozenset({"city_supervisor"}),
    "visit": OFFICES | {"inspector"},
    "visit_end": frozenset({"inspector"}),
    "visit_arrival": NOBODY,
    "visit_answers": NOBODY,
    "visit_cancellation": NOBODY,
    "checklist_picture": NOBODY,
    # The figures of the cast's county, and of what lies below it.
    "figures": FIGURE_READERS,
    "figures_of_unit": OFFICES,
    "figures_docx": OFFICES,
    "figures_pdf": OFFICES,
    "figures_xlsx": OFFICES,
    # A scheme of the cast's county with a score of its village that nobody has appealed.
    "scorecards": SCORE_READERS,
    "score_period": NOBODY,  # only with the words of its address
    "score_scheme": OFFICES | {"willow_head", "willow_member", "poplar_head", "town_reviewer"},
    "score_scheme_new": frozenset({"county_supervisor", "outsider_county"}),
    "score_scheme_publication": NOBODY,
    "score_scoring": frozenset({"county_supervisor"}),
    "score_sheet": OFFICES | {"willow_head", "willow_member", "town_reviewer"},
    "score_appeal": NOBODY,
    "score_decision": NOBODY,
    "score_appraisals": LEADING,
    "score_comparison": LEDGER_READERS,
    "letter_receipt": NOBODY,
    "letter_answer": NOBODY,
    "letter_opinion": NOBODY,
    "messages_reading": NOBODY,
    "list": NOBODY,
    "list_start": NOBODY,
    "list_removal": NOBODY,
    "list_columns": NOBODY,
    "language": NOBODY,
    "sign_out": NOBODY,
    # Open to everybody, signed in or not.
    "phones": OFFICES | {"outsider_county"},
    "phones_emergency": NOBODY,
    "phone": EVERYBODY,
    "phone_check": EVERYBODY,
    "phone_worker": EVERYBODY,
    "phone_manifest": EVERYBODY,
    "phone_state": EVERYBODY,
    "phone_area": REPORTERS,
    "phone_entries": NOBODY,
    "phone_entry": NOBODY,
    "phone_files": NOBODY,
    "phone_file": NOBODY,
    "phone_queue": NOBODY,
    "health": EVERYBODY,
    "help": EVERYBODY,
    "sign_in": EVERYBODY,
    "icon": EVERYBODY,
}
OPEN = {"health", "sign_in", "language", "icon", "help", "phone", "phone_check", "phone_worker", "phone_manifest"}
# Asked by scripts, which are told 401 instead of being led to the sign-in.
IN_JSON = {"phone_state", "phone_area", "phone_entries", "phone_entry", "phone_files", "phone_file", "phone_queue"}
