"""What the routes of the table are asked with: one record of each kind, made by the verbs."""

from datetime import timedelta
from uuid import uuid4

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from casework.escalation.sweeping import sweep
from casework.models import (
    Case,
    Evidence,
    FindingImport,
    LedgerExport,
    Letter,
    LookBack,
    RelapseCandidate,
    Term,
    Unit,
)
from casework.offices.clue_platforms import give_key
from casework.offices.pairings import pair_unit
from casework.offices.sign_in_codes import give_code
from casework.offices.sign_in_links import handle_of, make_paper_link
from casework.stages import Role, Stage
from casework.talk.attachments import attach
from casework.talk.commenting import edit_comment, write_comment
from casework.values.short_codes import code_of
from casework.working_time.deadlines import add_working_days, midnight
from notifications.announcing import announce
from notifications.models import Message
from oversight.decisions.deciding import Taken, open_decision, take_step
from oversight.documents.register import add_base_document
from oversight.duty import minutes as village_minutes
from oversight.duty.gaps import duty_gaps
from oversight.duty.rosters import save_roster
from oversight.duty.rules import Asked, set_rule
from oversight.handover.clock import make_packs
from oversight.mechanisms.meetings import Held, log_meeting
from oversight.mechanisms.queries import Span
from oversight.mechanisms.visits import Visited, enter_visit
from oversight.models import HandoverPack, MeetingKind, MinutesKind, VisitKind
from oversight.objects.walls import Described, register_wall, renew_wall
from oversight.opinions.issuing import Issued, issue_opinion
from oversight.pairings.helping import enter_help
from oversight.paper.sorting import receive_sheets
from oversight.practices.spreading import adopt_practice, describe_practice
from oversight.stations.keeping import add_volunteer, open_station
from oversight.training.attending import tick_attendance
from oversight.training.holding import Planned, hold_session, keep_material
from oversight.visits.queries import lines_of
from tests.cast import Cast
from tests.factories import PersonFactory, holder
from tests.factories import unit as make_unit
from tests.oversight.bulletin_desk import draft
from tests.oversight.desk import Desk, make_desk
from tests.oversight.draws import frozen, one_step, plan_of
from tests.oversight.electing import elected_in, listed, nominee_of
from tests.oversight.electing import reported as election_report
from tests.oversight.public_page import public_rows
from tests.oversight.reports import answers_with, opened, submitted
from tests.oversight.score_desk import published, scored
from tests.oversight.visiting import planned_visit
from tests.walk import NOW, TODAY, case_at, head_post, photo, proved
from tests.web.table_of_routes import TABLE


def plain_values(case: Case) -> dict[str, object]:
    """Another case of the same village, struck off."""
    names = ("village", "town", "county", "city", "item", "severity", "description", "found_on", "reported_at")
    kept = {name: getattr(case, name) for name in names}
    return {**kept, "assigned_at": NOW, "closed_on": TODAY, "touched_at": NOW}


def own_routes() -> list[URLPattern]:
    """The routes of the project itself; the admin's are asked below, as one door."""
    routes: list[URLPattern] = []
    for entry in get_resolver().url_patterns:
        if isinstance(entry, URLResolver) and entry.app_name != "admin":
            routes.extend(one for one in entry.url_patterns if isinstance(one, URLPattern))
    return routes


def arguments_of_routes(cast: Cast) -> dict[str, list[object]]:
    case = proved(cast, case_at(Stage.RECTIFICATION, cast))
    evidence = Evidence.objects.filter(case=case).first()
    assert evidence is not None
    run = FindingImport.objects.create(
        name="findings.csv", sha256="0" * 64, is_dry_run=True, by=cast.county_supervisor, at=NOW, state="done"
    )
    export = LedgerExport.objects.create(by=cast.county_supervisor, at=NOW)
    sweep(at=midnight(add_working_days(case.due_on, 1)))
    announce(at=NOW)
    letter, told = Letter.objects.get(), Message.objects.filter(person=cast.willow_head).last()
    assert told is not None
    earlier = Case.objects.create(**{**plain_values(case), "number": "QH-2026-000900", "stage": Stage.CLOSED})
    candidate = RelapseCandidate.objects.create(case=case, earlier=earlier, score=0.9, found="sweep", found_at=NOW)
    look_back = LookBack.objects.create(
        case=case, kind="scheduled", number=1, state="open", inspector=cast.inspector, opens_on=TODAY, due_on=TODAY
    )
    asked = write_comment(case=case, words="x", kind="question", files=[attach(photo(9))], by=cast.willow_head, at=NOW)
    edit_comment(comment=asked, words="y", by=cast.willow_head, at=NOW)
    desk = make_desk(cast)
    written = draft(desk)
    figure = written.figures.all()[0]
    basis = add_base_document(mechanism=desk.mechanism, title="规则", by=desk.officer, at=NOW)
    found: dict[str, list[object]] = {
        "evidence": [evidence.pk],
        "evidence_preview": [evidence.pk, 320],
        "evidence_photo": [evidence.pk],
        "evidence_turn": [evidence.pk],
    }
    for route in own_routes():
        path = str(route.pattern)
        if "<int:candidate>" in path:
            found[str(route.name)] = [case.number, candidate.pk]
        elif "<str:earlier>" in path:
            found[str(route.name)] = [case.number, earlier.number]
        elif path.startswith("look-backs/<"):
            found[str(route.name)] = [look_back.pk]
        elif "<str:number>" in path:
            found[str(route.name)] = [case.number]
        elif path.startswith("comments/<"):
            more = [1] * ("<int:number>" in path) + [320] * ("<int:width>" in path)
            found[str(route.name)] = [asked.pk, *more]
        elif path.startswith("imports/<"):
            found[str(route.name)] = [run.pk]
        elif path.startswith("ledgers/<"):
            found[str(route.name)] = [export.pk]
        elif path.startswith("letters/<"):
            found[str(route.name)] = [letter.pk]
        elif path.startswith("messages/<"):
            found[str(route.name)] = [told.pk]
        elif path.startswith("bulletins/<"):
            more = [1] * ("<int:order>" in path) + [figure.pk] * ("<int:figure>" in path)
            found[str(route.name)] = [written.pk, *more]
        elif path.startswith("documents/<"):
            found[str(route.name)] = [basis.pk]
        elif path.startswith("lists/<"):
            found[str(route.name)] = [1]
    head = [cast.willow.code, Role.COMMITTEE_HEAD, 1]
    found |= {"posts_of_unit": head[:1], "unit_post": head, "new_person": head, "term_end": [*head, 1]}
    found |= {name: [cast.willow_head.pk] for name in ("person", "person_password", "person_switching")}
    found |= {name: [cast.county.code, "sms"] for name in ("channel", "channel_trial", "channel_ending")}
    found["calendar_year"] = [2026]
    found["case_paper"] = [case.number, "file"]
    found["paper_case"] = [code_of(case.pk)]
    found["category_name_end"] = [1]
    found["discipline_office_term"] = [1]
    found["discipline_office_password"] = [1]
    found["spot_check"] = [one_step(cast).pk]
    found["spot_check_plan"] = found["spot_check_plan_change"] = found["planned_draws"] = [plan_of(cast).pk]
    waiting = frozen(cast)
    for name in ("planned_draw", "draw_seed", "draw_excuses", "draw_sheet_docx", "draw_sheet_pdf", "draw_record"):
        found[name] = [waiting.pk]
    desk_rows(cast, desk, found)
    training_rows(cast, found)
    village_rows(cast, found)
    found |= public_rows(cast, case)
    election_rows(cast, found)
    period = opened(desk)
    said = answers_with(attach(photo(8)))
    report = submitted(period, desk.county.unit_id, desk.county_reporter, said=said).report_id
    found |= {"member": [desk.county.pk], "period": [period.pk]}
    reports = [name for name in TABLE if name.startswith("unit_report")]
    found |= {name: [report] for name in reports}
    found |= {"unit_report_figure": [report, "closures"], "unit_report_version": [report, 1]}
    found["unit_report_file"] = [report, 1, 1]
    found["phone_entry"] = found["phone_file"] = found["phone_addition"] = [uuid4()]
    platform, _key = give_key(unit=cast.county, name="x", by=cast.county_supervisor, at=NOW)
    found["clue_platform"] = [platform.pk]
    found["village"] = found["key_village"] = [cast.willow.code]
    handle = handle_of(make_paper_link(village=cast.willow, by=cast.town_reviewer, at=timezone.now()))
    found |= {"sign_in_by_link": [handle], "sign_in_to_case": [handle, code_of(case.pk)]}
    found["village_sign_in"] = found["village_letting_in"] = [cast.willow.code]
    found["given_code"] = [give_code(person=cast.willow_head, village=cast.willow, by=cast.town_reviewer, at=NOW).pk]
    return found


def desk_rows(cast: Cast, desk: Desk, found: dict[str, list[object]]) -> None:
    """What stands on the offices' desk: an entry of the county's log and a visit, each with a file, and an opinion."""
    held = Held(kind=MeetingKind.CONSULTATION, held_on=TODAY, files=[attach(photo(9))])
    entry = log_meeting(unit=cast.county, held=held, by=cast.county_supervisor, at=NOW)
    found["mechanism"] = [cast.county.code]
    scheme = published(cast)
    appealed = scored(cast, scheme)["上柳村"].lines.get(item__code="overdue")
    found["score_scheme"] = found["score_scheme_publication"] = found["score_scoring"] = [scheme.pk]
    found["score_sheet"], found["score_appeal"], found["score_decision"] = [appealed.sheet_id], [appealed.pk], [1]
    for name in ("figures_of_unit", "figures_docx", "figures_pdf", "figures_xlsx", "figures_map"):
        found[name] = [cast.county.code]
    found["mechanism_entry"] = found["mechanism_entry_withdrawal"] = [entry.pk]
    found["mechanism_entry_file"] = [entry.pk, 1]
    went = Visited(VisitKind.TOUR, TODAY, [cast.willow], "x", "y", files=[attach(photo(9))])
    visit = enter_visit(mechanism=desk.mechanism, unit=cast.county, visited=went, by=cast.county_supervisor, at=NOW)
    found["field_visit"] = found["field_visit_withdrawal"] = [visit.pk]
    found["field_visit_file"] = [visit.pk, 1]
    walked = planned_visit(cast)
    for name in ("visit", "visit_end", "visit_arrival", "visit_answers", "visit_cancellation"):
        found[name] = [walked.pk]
    found["checklist"] = [walked.checklist.number]
    found["checklist_picture"] = [lines_of(walked)[0].pk]
    issued = Issued("x", "y", TODAY, "village", [cast.county])
    opinion = issue_opinion(mechanism=desk.mechanism, issued=issued, by=desk.officer, at=NOW)
    found["opinion"] = found["opinion_cases"] = [opinion.pk]
    for name in ("requirement", "requirement_receipt", "requirement_passing"):
        found[name] = [opinion.requirements.get().pk]
    former = {"person": PersonFactory(name="former"), "valid_until": TODAY - timedelta(days=1)}
    Term.objects.create(post=head_post(cast.poplar), **former)
    make_packs(at=NOW)
    pack = HandoverPack.objects.get(unit=cast.poplar).pk
    found |= {name: [pack] for name in TABLE if name in ("handover", "handover_docx", "handover_pdf")}
    found |= {name: [pack] for name in ("handover_items", "handover_signature", "handover_refusal")}


def election_rows(cast: Cast, found: dict[str, list[object]]) -> None:
    """An election of the county with a report of Willow and a nominee there."""
    listed(cast)
    election = elected_in(cast)
    nominee = nominee_of(cast, election)
    for name in (
        "election",
        "election_steps",
        "election_silent",
        "election_structure",
        "election_reports",
        "nomination",
    ):
        found[name] = [election.pk]
    found["election_report"] = [election_report(cast, election).pk]
    for name in ("nominee", "nominee_decision", "nominee_elected", "nominee_withdrawal"):
        found[name] = [nominee.pk]
    found["nominee_opinion"] = [nominee.pk, cast.department.code]


def training_rows(cast: Cast, found: dict[str, list[object]]) -> None:
    """A training of the county with a file, one who was there, and a leaflet."""
    begins = NOW - timedelta(hours=1)
    planned = Planned("x", ["committee_head"], 1, "y", begins, NOW + timedelta(hours=1), files=[attach(photo(9))])
    session = hold_session(unit=cast.county, planned=planned, by=cast.county_supervisor, at=NOW)
    there = tick_attendance(session=session, people=[cast.willow_head.pk], by=cast.county_supervisor, at=NOW)
    leaflet = keep_material(
        unit=cast.county, title="x", day=TODAY, files=[attach(photo(9))], by=cast.county_supervisor, at=NOW
    )
    for name in ("session", "ticks", "import", "wall", "calling_off"):
        found[f"training_{name}"] = [session.pk]
    found |= {"training_file": [session.pk, 1], "training_code": [session.code], "publicity_file": [leaflet.pk, 1]}
    found["attendance_taking_back"] = [there[0].pk]


def village_rows(cast: Cast, found: dict[str, list[object]]) -> None:
    """Willow's log: minutes of a matter with a file and somebody absent, a roster, and a decision with one step."""
    village, by = cast.willow, {"by": cast.willow_head, "at": NOW}
    asked = Asked(TODAY, "week", True, True)
    set_rule(county=cast.county, asked=asked, by=cast.county_supervisor, at=NOW)
    matter = village_minutes.Held(MinutesKind.MAJOR_MATTER, TODAY, [cast.willow_head.pk], "x", files=[attach(photo(9))])
    entry = village_minutes.enter_minutes(village=village, held=matter, **by)
    month = TODAY.replace(day=1)
    save_roster(village=village, month=month, turns=[(TODAY, cast.willow_head.pk)], **by)
    decision = open_decision(village=village, matter="x", **by)
    step = take_step(decision=decision, taken=Taken(kind=1, held_on=TODAY, files=[attach(photo(9))]), **by)
    gap = duty_gaps(Unit.objects.filter(pk=village.pk), Span(TODAY, TODAY), on=TODAY)[0]
    photos = [attach(photo(9))]
    practice = describe_practice(
        unit=cast.city, title="x", words="x", day=TODAY, files=photos, by=cast.city_supervisor, at=NOW
    )
    given = {"county": cast.county, "day": TODAY, "words": "x", "files": photos}
    adoption = adopt_practice(practice=practice, by=cast.county_supervisor, at=NOW, **given)
    found |= {"practice": [practice.pk], "practice_file": [practice.pk, 1], "practice_adoption_file": [adoption.pk, 1]}
    wall = register_wall(village=village, described=Described("一组明白墙", "村口", files=photos), **by)
    update = renew_wall(wall=wall, day=TODAY, files=photos, **by)
    found |= {"village_walls": [village.code], "wall": [wall.pk], "wall_entry": [wall.pk], "wall_file": [wall.pk, 1]}
    found["wall_update_file"] = [update.pk, 1]
    found["place"] = [village.code]
    office = {"by": cast.county_supervisor, "at": NOW}
    station = open_station(unit=cast.town, name="x", day=TODAY, **office)
    add_volunteer(station=station, name="x", phone="", day=TODAY, **office)
    for name in ("station", "station_report", "station_volunteers"):
        found[name] = [station.pk]
    # A department of its own: who helps Willow sees its cases.
    bureau = make_unit("department", cast.city, name="市水利局")
    helper = holder(Role.DEPARTMENT_MEMBER, bureau, "helper")
    pairing = pair_unit(helper=bureau, village=village, day=TODAY, **office)
    given = {"day": TODAY, "people": "x", "words": "x", "files": photos, "by": helper, "at": NOW}
    help_visit = enter_help(pairing=pairing, **given)
    found["entry_correction"] = ["wall-update", update.pk]
    found |= {"pairing": [pairing.pk], "pairing_visit_file": [help_visit.pk, 1]}
    found["wall_list"] = found["signing_sheets"] = found["paper_sheets"] = [village.code]
    sheet = receive_sheets(village=village, upload=photo(9), **by)[0]
    for name in ("case", "aside", "file", "preview"):
        found[f"paper_sheet_{name}"] = [sheet.pk]
    found["minutes"] = found["minutes_withdrawal"] = [entry.pk]
    found["minutes_file"] = [entry.pk, 1]
    found["duty_village"] = found["village_decisions"] = [village.code]
    found["roster"] = found["roster_sheet"] = [village.code, f"{month:%Y-%m}"]
    found |= {"decision": [decision.pk], "decision_step_file": [step.pk, 1]}
    found["decision_step"] = found["decision_step_withdrawal"] = [decision.pk, 1]
    found["gap"] = found["gap_case"] = found["gap_dismissal"] = [gap.key]
