"""The page of one case: what is wrong, how long is left, what I should do now, the measures with their proof, who did
what, the process, and what came before in this village.
"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from casework.changes import changes_of
from casework.events import TALK_KINDS, UNANNOUNCED
from casework.lifecycle.undoing import step_to_undo
from casework.models import Case, CaseEvent, Escalation, Evidence, Letter, StepKind
from casework.models.case_event import EventKind
from casework.models.evidence import EvidenceKind
from casework.queries import came_before
from casework.rights.letter_rights import letters_visible_to
from casework.rights.roles import may, post_for, sees_unannounced
from casework.rights.table import Action
from casework.stages import OPEN, Stage
from casework.talk.reading import CommentPage, comments_of
from web.diagram import diagram_of
from web.pages.assignments import ReassignmentForm, TransferForm
from web.pages.case_forms import BEING_CHECKED, CaseForm, readable_case
from web.pages.case_papers import papers_of
from web.pages.comments import talk_panel
from web.pages.evidence import PhotosForm
from web.pages.flags import flag_lines
from web.pages.from_paper import PlanFromPaperForm, RectificationFromPaperForm
from web.pages.interventions import (
    ExtensionDecisionForm,
    ExtensionForm,
    InterviewForm,
    PauseForm,
    ReferralForm,
    ReminderForm,
    ResumptionForm,
    WithdrawalForm,
)
from web.pages.look_backs import watch_panel
from web.pages.relapses import came_back_panel
from web.pages.rounds import after_photos, measures_in_rounds
from web.pages.rules import basis_of
from web.pages.screening import ClassificationForm
from web.phone_clocks import clock_off_of_report, phone_clock
from web.requests import Request

NEXT_STEP = {
    "screening": (_("Accept and assign"), _("A report waits: is it a problem for us, and is it new?")),
    "assignment": (_("Assign"), _("Choose who puts it right, and until when.")),
    "planning": (_("Write the plan"), _("Say what will be done, who does it and by when.")),
    "plan_approval": (_("Decide on the plan"), _("The plan waits for your approval.")),
    "rectification": (
        _("Report the rectification"),
        _("When the measures are done, report them with photos and the signed sheet."),
    ),
    "first_review": (_("Review"), _("Go and see whether each measure is done.")),
    "second_review": (_("Review"), _("The town has passed it. Look at the proof of each measure.")),
    "city_review": (_("Review"), _("County and town have passed it. The city decides.")),
    "strike_off": (_("Strike off"), _("All reviews have passed. Check the five tests and strike the case off.")),
}
# By which keys the next step is opened: what is decided there is accepted, passed or returned.
STEP_KEYS = {
    "screening": "a r",
    "plan_approval": "p r",
    "first_review": "p r",
    "second_review": "p r",
    "city_review": "p r",
    "strike_off": "p r",
}
INTERVENTIONS: list[tuple[str, type[CaseForm], Any]] = [
    ("plan_from_paper", PlanFromPaperForm, _("Enter the plan from paper")),
    ("rectification_from_paper", RectificationFromPaperForm, _("Enter the rectification from paper")),
    ("classification", ClassificationForm, _("Classify")),
    ("photos", PhotosForm, _("Add photos of the problem")),
    ("extension", ExtensionForm, _("Ask for an extension")),
    ("reassignment", ReassignmentForm, _("Reassign")),
    ("transfer", TransferForm, _("Transfer to another county")),
    ("pause", PauseForm, _("Pause the clock")),
    ("resumption", ResumptionForm, _("Let the clock run again")),
    ("reminder", ReminderForm, _("Send a reminder")),
    ("interview", InterviewForm, _("Enter an interview")),
    ("withdrawal", WithdrawalForm, _("Withdraw a mistaken case")),
    ("referral", ReferralForm, _("Refer to the discipline office")),
]


# What a running clock allows, and what a paused one.
OF_THE_CLOCK = ("pause", "resumption", "reminder")
SIDE_BY_SIDE = 2
TOLD = 40  # lines of the timeline before somebody asks for all


def is_of_no_measure(evidence: Evidence) -> bool:
    """Signed sheets, documents, and proof that names no measure: no file of a case is out of sight."""
    if evidence.kind == EvidenceKind.AFTER:
        return evidence.measure_id is None
    return evidence.kind in (EvidenceKind.SIGNED_SHEET, EvidenceKind.DOCUMENT)


def case_page(request: Request, number: str) -> HttpResponse:
    on = request.on
    case = readable_case(request, number)
    events = readable_events(request, case)
    lines = told(events)
    evidence = list(case.evidence.select_related("uploaded_by").order_by("number"))
    measures, earlier_plans = measures_in_rounds(case, evidence)
    return render(
        request,
        "cases/case.html",
        {
            "case": case,
            "on": on,
            "next_step": next_step(request, case),
            "beside": beside(request, case),
            "adds_in_talk": adds_in_talk(request, case),
            "undecided": undecided_extension(request, case, events),
            "proposals": proposals(request, case, events),
            "letters": letters_of(request, case, events),
            "measures": measures,
            "earlier_plans": earlier_plans,
            "before": [one for one in evidence if one.kind == EvidenceKind.BEFORE][:SIDE_BY_SIDE],
            "after": after_photos(measures)[:SIDE_BY_SIDE],
            "documents": [one for one in evidence if is_of_no_measure(one)],
            "closure": case.closures.select_related("by", "by_unit").order_by("-round").first()
            if case.closed_on and not case.is_imported_history
            else None,
            "undoable": step_to_undo(events, request.user, at=request.at),
            "events": lines if request.GET.get("timeline") == "all" else lines[:TOLD],
            "has_more_events": len(lines) > TOLD and request.GET.get("timeline") != "all",
            "diagram": diagram_of(case, events) if case.process_id else None,
            "flags": flag_lines(case, request.user, on) if case.has_flags and case.stage != Stage.CLOSED else [],
            "came_back": came_back_panel(case, request.user, on) if case.has_candidates else [],
            "look_backs": watch_panel(case, request.user, on),
            "talk": talk_panel(
                request,
                case,
                [each.measure for each in measures],
                comments_of(case) if case.has_comments else CommentPage([], None),
            ),
            **basis_of(request, case),
            "papers": papers_of(case),
            "came_before": list(came_before(case, request.user, on)[:5]),
        },
    )


def readable_events(request: Request, case: Case) -> list[CaseEvent]:
    """The timeline in its order; what is only said stands among the comments. A look-back comes unannounced, so the village does not read of it before it is done."""
    events = case.events.exclude(kind__in=TALK_KINDS).select_related("by", "by_unit", "undone").order_by("at", "id")
    events = events.annotate(clock_off=clock_off_of_report())
    if not sees_unannounced(request.user, case, request.on):
        events = events.exclude(kind__in=UNANNOUNCED)
    return list(events)


def told(events: list[CaseEvent]) -> list[dict[str, Any]]:
    """The timeline, the latest first; files that one person added one after the other are told as one event, and an
    undoing with what it undid.
    """
    undid: dict[int, list[str]] = {}
    for event in events:
        if is_undone(event):
            undid.setdefault(event.undone.undoing_id, []).append(event.get_kind_display())
    lines: list[dict[str, Any]] = []
    for event in events:
        last = lines[-1] if lines else None
        if last and event.kind == last["event"].kind == EventKind.EVIDENCE_ADDED and event.by_id == last["event"].by_id:
            lines[-1] = {**last, "event": event, "files": last["files"] + 1}
        else:
            more = {"undid": undid.get(event.pk, ()), "phone_clock": phone_clock(event)}
            lines.append({"event": event, "files": 1, "is_undone": is_undone(event), **more})
    return lines[::-1]


def is_undone(event: CaseEvent) -> bool:
    return hasattr(event, "undone")


def next_step(request: Request, case: Case) -> dict[str, Any] | None:
    """The one thing that this reader should do now; None when it is somebody else's turn."""
    on = request.on
    if case.stage not in OPEN or not may(request.user, Action(case.stage), case, on):
        return None
    button, sentence = NEXT_STEP[case.stage]
    if case.stage == "assignment" and case.is_unclassified:
        sentence = _("The case has no category or no severity yet. Choose them, and who puts it right.")
        if case.found_in_id:
            sentence = _("The words of the import matched no item or no severity. Choose them, and who puts it right.")
    return {
        "url": reverse(case.stage, args=[case.number]),
        "button": button,
        "sentence": sentence,
        "is_official_act": case.stage == "strike_off",
        "keys": STEP_KEYS.get(case.stage, "a"),
    }


def adds_in_talk(request: Request, case: Case) -> bool:
    """Whether this reader has handed in what is being checked now, and adds to it in words."""
    return case.stage in BEING_CHECKED and post_for(request.user, Action.RECTIFICATION, case, request.on) is not None


def beside(request: Request, case: Case) -> list[tuple[str, Any]]:
    """What this reader may do beside the path, as (url, words)."""
    on = request.on
    found = []
    for name, form, words in INTERVENTIONS:
        is_clock_right = (case.paused_on is not None) == (name == "resumption") if name in OF_THE_CLOCK else True
        if is_clock_right and case.stage in form.stages and may(request.user, form.action, case, on):
            found.append((reverse(name, args=[case.number]), words))
    return found


def undecided_extension(request: Request, case: Case, events: list[Any]) -> dict[str, Any] | None:
    """An extension that waits for its decision, and whether this reader decides it."""
    asked = [event for event in events if event.kind.startswith("extension_")]
    if not case.is_open or not asked or asked[-1].kind != "extension_asked":
        return None
    on = request.on
    return {
        "event": asked[-1],
        "url": reverse("extension_decision", args=[case.number])
        if may(request.user, ExtensionDecisionForm.action, case, on)
        else "",
    }


def proposals(request: Request, case: Case, events: list[CaseEvent]) -> list[dict[str, Any]]:
    """What the ladder asks an office to decide and nobody has decided yet: interviews to hold, referrals to weigh."""
    on = request.on
    asked = any(event.kind in (EventKind.INTERVIEW_DUE, EventKind.REFERRAL_PROPOSED) for event in events)
    if not asked or case.stage not in OPEN or not may(request.user, Action.INTERVIEW, case, on):
        return []
    kinds = (StepKind.INTERVIEW, StepKind.REFERRAL)
    waiting = Escalation.objects.filter(case=case, kind__in=kinds, interview=None, declined=None).order_by("id")
    return [
        {
            "step": step,
            "url": reverse("interview" if step.kind == StepKind.INTERVIEW else "referral", args=[case.number]),
            "refusal_url": reverse("referral_refusal", args=[case.number]) if step.kind == StepKind.REFERRAL else "",
        }
        for step in waiting
    ]


def letters_of(request: Request, case: Case, events: list[CaseEvent]) -> list[Letter]:
    """The notices and letters of this case that the reader may read, the newest first."""
    if not any(event.kind in (EventKind.NOTICE_ISSUED, EventKind.LETTER_ISSUED) for event in events):
        return []
    on = request.on
    found = Letter.objects.filter(letters_visible_to(request.user, on), case=case)
    return list(found.select_related("addressee", "issuer", "receipt", "case__village").order_by("-id"))


def history(request: Request, number: str) -> HttpResponse:
    """What changed at which step."""
    case = readable_case(request, number)
    return render(request, "cases/history.html", {"case": case, "steps": changes_of(case)})


urlpatterns = [
    path("cases/<str:number>", case_page, name="case"),
    path("cases/<str:number>/history", history, name="case_history"),
]
