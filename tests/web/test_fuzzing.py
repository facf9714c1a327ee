"""Odd requests over every route and field: whatever is sent, the fault is never ours (promise 49).

3,000 with a fixed seed; with LONG=1 it is 100,000, with the seed of FUZZ_SEED. FUZZ_NUMBER sends one of them alone.
"""

import logging
import os
import time
from collections import Counter
from uuid import uuid4

import pytest
from django.urls import resolve, reverse

from casework.ladder import rungs
from casework.models import Case, CatalogueItem, SavedList
from casework.stages import OPEN as OPEN_STAGES
from casework.stages import Role, Stage
from casework.working_time import calendar
from tests.cast import Cast
from tests.conftest import ANNOUNCED, SHIPPED
from tests.factories import appoint
from tests.walk import case_at, closed, head_post, reported
from tests.web.fuzzing import Fuzzer, PageForm
from tests.web.route_arguments import own_routes
from tests.web.table_of_routes import EVERYBODY, TABLE
from tests.web.test_routes import arguments  # noqa: F401

LONG = os.environ.get("LONG") == "1"
COUNT = int(os.environ.get("FUZZ_COUNT") or (100_000 if LONG else 3_000))
SEED = int(os.environ.get("FUZZ_SEED") or 49)
FIRST = int(os.environ.get("FUZZ_FIRST") or 0)
SHOWN = 15
ALSO = {Stage.SCREENING: ["classification"], Stage.STRIKE_OFF: ["strike_off_return"]}
ACTORS = ("inspector", "willow_head", "town_reviewer", "county_supervisor", "city_supervisor")
LISTS = ("aspect", "catalogueitem", "alias", "consolidationrule", "unit", "person", "post", "responsibility")
ADMIN = (
    "",
    *(f"casework/{name}/" for name in LISTS),
    *(f"casework/{name}/add/" for name in LISTS if name not in ("unit", "responsibility")),
    "notifications/endpoint/",
    "notifications/endpoint/add/",
    "notifications/delivery/",
)
# Routes that take no form.
READ_ONLY = {
    "analysis", "burden", "candidates", "case", "case_history", "case_paper", "cases", "category_names", "channels", "classification_desk", "comment", "comment_file", "comment_photo",
    "comment_preview", "comment_wordings", "evidence", "evidence_photo", "evidence_preview", "photo_comparison",
    "health", "help", "home", "icon", "import", "import_progress", "import_refused", "import_template", "ladder", "ledger", "ledger_export",
    "ledger_file", "ledger_progress", "letter", "letter_docx", "letter_pdf", "letters", "look_backs", "me", "message", "message_count",
    "bulletin", "bulletin_docx", "bulletin_figure", "bulletin_figures", "bulletin_pdf", "document_file",
    "field_visit_file", "field_visits", "given_code", "village_sign_in", "figures", "figures_docx", "figures_map", "figures_of_unit", "figures_pdf", "figures_xlsx",
    "score_comparison", "score_period", "score_sheet", "scorecards", "mechanism_entry_file", "mechanisms", "members", "messages", "next_waiting",
    "opinion", "opinions", "paper_list", "people", "people_found", "people_template", "period", "periods", "posts",
    "phone", "phone_area", "phone_check", "phone_entry", "phone_file", "phone_manifest", "phone_state", "phone_visits", "phone_worker", "phones",
    "posts_of_unit", "readers", "report_hints", "requirement", "requirements", "search", "search_results",
    "election", "election_structure", "elections", "eligibility_lists", "nominees",
    "draw_record", "draw_sheet_docx", "draw_sheet_pdf", "planned_draw", "spot_check", "spot_check_plan", "spot_checks", "unit_report_figure", "unit_report_file", "unit_report_version", "unit_report_workbook", "units",
    "village", "villages", "places", "station", "pairing_visit_file", "practice_adoption_file", "practice_file", "wall_file", "wall_update_file", "walls",
    "paper_case", "paper_sheet_file", "paper_sheet_preview", "signing_sheets", "wall_list",
    "public_pages", "public_photo", "public_thanks", "public_unit", "received_suggestions", "releases",
    "villager_statement_photo", "villager_statements",
    "checklist", "checklist_picture", "checklists", "decision_step_file", "decisions", "duty", "election_silent",
    "found_per_visit", "gaps", "handover", "handover_comparison", "handover_docx", "handover_pdf", "handovers",
    "minutes_file", "publicity_file", "roster_sheet", "training_file", "training_missing", "training_wall",
    "trainings", "visits",
}  # fmt: skip


def unshown(cast: Cast) -> dict[str, tuple[str, dict[str, str]]]:
    """Forms that stand on no page of these cases: who sends them, and what they say."""
    item = CatalogueItem.objects.order_by("pk").first()
    assert item is not None
    case = Case.objects.order_by("pk").first()
    assert case is not None
    ticked = {"row": case.number, "case": case.number, f"version-{case.pk}": "1", f"key-{case.pk}": str(uuid4())}
    return {
        "public_language": ("county_supervisor", {"language": "en"}),
        # Of villages, visits, handovers and elections: whoever may, with a word where words are asked for.
        **{
            name: (who, {"words": "x", "reason": "x", "side": "incoming", "name": "x", "code": "x", "day": "x"})
            for who, names in {
                "city_supervisor": "city_outline",
                "willow_head": "entry_correction decision duty_village minutes minutes_withdrawal roster village_decisions village_walls wall "
                "training_typed_code not_fixed public_suggestion",
                "town_reviewer": "station_report place places_import election_report election_reports gap handover_items handover_refusal villager_statement",
                "county_supervisor": "nominee practice stations station_volunteers pairings pairing",
                "poplar_head": "handover_signature",
                "inspector": "visit visit_answers visit_arrival visit_end",
            }.items()
            for name in names.split()
        },
        "undone": ("county_supervisor", {"event": str(case.events.order_by("-pk")[0].pk)}),
        "paper_sheet_case": ("willow_head", {"sheet-1-code": "x", "sheet-1-signed_by": "x"}),
        "paper_sheet_aside": ("willow_head", {"aside-1-reason": "x"}),
        "plan_from_paper": ("town_reviewer", {"rows": "1", "measures-0-what": "x", "measures-0-who": "x", "key": "x"}),
        "reassignments": ("county_supervisor", {**ticked, "post": str(head_post(case.village).pk), "reason": "x"}),
        "reminders": ("county_supervisor", {**ticked, "words": "x"}),
        "comment_resolution": ("willow_head", {}),
        "following": ("willow_head", {"is_on": "1"}),
        "missing": ("willow_head", {"key": "x"}),
        "requirement_passing": ("county_supervisor", {"units": str(cast.town.pk), "note": "x"}),
        "letter_receipt": ("willow_head", {"name": "x"}),
        "letter_answer": ("willow_head", {"words": "x"}),
        "letter_opinion": ("county_supervisor", {"is_enough": "1", "words": "x"}),
        "score_scheme": ("county_supervisor", {"name": "x", "grading": "stars", "items-TOTAL_FORMS": "1"}),
        "score_scheme_publication": ("county_supervisor", {}),
        "score_scoring": (
            "county_supervisor",
            {"level": "village", "first_day": "2026-01-01", "last_day": "2026-01-31"},
        ),
        "nominee_decision": ("county_supervisor", {"is_eligible": "yes", "reason": "x"}),
        "nominee_opinion": ("department_member", {"item-1": "yes", "words-1": "x"}),
        "nominee_elected": ("town_reviewer", {"elected_on": "2026-03-02"}),
        "nominee_withdrawal": ("town_reviewer", {"reason": "x"}),
        "new_eligibility_list": ("city_supervisor", {"valid_from": "2026-03-02", "items-TOTAL_FORMS": "1"}),
        "score_appeal": ("willow_head", {"words": "x"}),
        "score_decision": ("city_supervisor", {"points_back": "1", "words": "x"}),
        "bulletin_approval": ("city_supervisor", {}),
        "bulletin_return": ("city_supervisor", {"reason": "x"}),
        "bulletin_namings": ("city_supervisor", {"unit": cast.county.code}),
        "bulletin_opinions": ("city_supervisor", {"opinion": "1"}),
        "bulletin_receipts": ("county_supervisor", {"recipient": "1", "name": "x"}),
        "bulletin_correction": ("city_supervisor", {}),
        "bulletin_publication": (
            "city_supervisor",
            {"number": "x", "issue": "1", "total": "1", "issued_on": "2026-03-02", "reason": "x"},
        ),
        "draw_excuses": ("county_supervisor", {"village": cast.willow.code, "reason": "x"}),
        "classification_group": (
            "county_supervisor",
            {"words": "x", "meant": "1", "item": str(item.pk), "left_out": "1"},
        ),
        "category_name_end": ("county_supervisor", {}),
        "import_confirmation": ("county_supervisor", {}),
        "import_columns": ("county_supervisor", {"column-0": "category"}),
        "import_rows": ("county_supervisor", {"row-2-description": "x", "row-3-found_on": "x"}),
        "key_village": ("county_supervisor", {"is_key": "1", "reason": "x"}),
        "wider_check": ("county_supervisor", {"county": cast.county.code, "item": item.code, "reason": "x"}),
        "discipline_office_password": ("discipline", {}),
        "people_import_confirmation": ("administrator", {"rows": "x"}),
        "people_import_refused": ("administrator", {"rows": "x"}),
        "clues": ("county_supervisor", {"id": "x"}),
        "clue_platform": ("county_supervisor", {"act": "change"}),
        "phone_addition": ("inspector", {"decision": "keep"}),
        "phone_entries": ("inspector", {"key": "x"}),
        "phone_files": ("inspector", {"key": "x"}),
        "phone_visit": ("inspector", {"key": "x"}),
        "phone_queue": ("inspector", {"phone": "x", "unsent": "1"}),
        "phones_emergency": ("county_supervisor", {"file": "x"}),
        "channel_trial": ("administrator", {"address": "13800000000"}),
        "channel_ending": ("administrator", {}),
        "messages_reading": ("willow_head", {}),
        "lists": ("county_supervisor", {"name": "x", "state": "all", "words": "x"}),
        "list": ("county_supervisor", {"name": "x", "office": str(cast.county.pk)}),
        "list_start": ("county_supervisor", {}),
        "list_removal": ("county_supervisor", {}),
    }


@pytest.fixture
def fuzzer(cast: Cast, arguments: dict[str, list[object]]) -> Fuzzer:  # noqa: F811
    """With a case at each step and one that ended, and every page that the cast can open."""
    # Who sees the county's report writes it as well, so that its form is sent.
    appoint(cast.county_supervisor, Role.MEMBER_REPORTER, cast.county)
    saved = SavedList.objects.create(person=cast.county_supervisor, name="x", query={"state": "all"})
    arguments |= {str(one.name): [saved.pk] for one in own_routes() if str(one.pattern).startswith("lists/<")}
    pages = {reverse(name, args=arguments.get(name, [])): sorted(TABLE[name])[:2] for name in sorted(TABLE)}
    pages[reverse("look_back", args=arguments["look_back"])] = ["inspector"]
    for stage in OPEN_STAGES:
        case = case_at(stage, cast)
        pages[reverse("case", args=[case.number])] = ACTORS[-1:]
        for name in (stage, *ALSO.get(stage, ())):
            pages[reverse(name, args=[case.number])] = ACTORS
    pages[reverse("case", args=[closed(cast, case_at(Stage.STRIKE_OFF, cast)).number])] = ACTORS[-1:]
    Case.objects.filter(pk=reported(cast, item=None).pk).update(category_words="x")
    pages[reverse("unit_report_import", args=arguments["unit_report"])] = ["county_supervisor"]
    pages["/sign-in"] = pages["/forgotten"] = ["nobody"]
    for name in ("sign_in_by_code", "sign_in_by_link", "sign_in_to_case"):
        pages[reverse(name, args=arguments.get(name, []))] = ["nobody"]
    for name in ADMIN:
        pages[f"/admin/{name}"] = ["administrator"]
    pages[f"/admin/casework/person/{cast.inspector.pk}/change/"] = ["administrator"]
    return Fuzzer(
        seed=SEED,
        patterns=[str(route.pattern) for route in own_routes()] + ["admin/casework/<str:model>/<str:pk>/change/"],
        pages=pages,
        forms=[
            PageForm(who, reverse(name, args=arguments.get(name, [])), "POST", tuple(said.items()), ())
            for name, (who, said) in unshown(cast).items()
        ],
        people={who: getattr(cast, who) for who in sorted(EVERYBODY)},
    )


@pytest.mark.once
def test_no_odd_request_is_a_fault_of_ours(fuzzer: Fuzzer, request: pytest.FixtureRequest) -> None:
    sent_to = {resolve(forms[0].action).url_name for forms in fuzzer.forms.values() if forms[0].method == "POST"}
    assert sorted(set(TABLE) - READ_ONLY - sent_to) == []
    logging.disable(logging.CRITICAL)
    request.addfinalizer(lambda: logging.disable(logging.NOTSET))
    began, seen = time.process_time(), Counter[int]()
    broken: dict[str, str] = {}
    only = os.environ.get("FUZZ_NUMBER")
    for number in [int(only)] if only else range(FIRST, FIRST + COUNT):
        calendar.cached_rules.set(ANNOUNCED)
        rungs.cached_rules.set(SHIPPED)
        made = fuzzer.request(number)
        status, trace = fuzzer.send(made)
        seen[status // 100] += 1
        if status >= 500:
            broken.setdefault(
                trace[-400:] or made.address[:60], f"seed {SEED} number {number}: {status} {made}\n{trace}"
            )
    print(dict(seen), f"{time.process_time() - began:.0f} s of CPU")
    assert not broken, "\n\n".join([f"{len(broken)} kinds of {sum(seen.values())}", *list(broken.values())[:SHOWN]])
