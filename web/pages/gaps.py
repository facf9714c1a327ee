"""Gaps: what villages' records do not show. A person opens each as a case, or dismisses it with a reason."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import NotAllowed, Refusal
from casework.lifecycle.reporting import Finding
from casework.models import CatalogueItem, Source
from casework.queries import visible
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from casework.rights.territories import villages_seen_by
from casework.values.days_in_words import exact_day
from flows import steps
from flows.submitted import Form
from oversight.decisions.judging import decision_gaps
from oversight.decisions.records import StepKind
from oversight.duty.gaps import Gap, duty_gaps, with_verdicts
from oversight.duty.records import GapKind
from oversight.duty.verdicts import dismiss_gap, may_decide, open_gap, require_decider
from oversight.mechanisms.corrections import EARLIEST
from oversight.mechanisms.queries import Span
from web.pages.fields import SAVED, show_refusals
from web.pages.form_words import WordedForm
from web.pages.numbered_pages import numbered_page
from web.pages.spans import chosen_span
from web.pages.village_pages import chosen_area, recent_spans, require_reader
from web.requests import Request

LISTED = 50
# What each kind is in the catalogue of problems.
ITEMS: dict[GapKind, str] = {
    GapKind.NO_DUTY: "committee-duty-missed",
    GapKind.NO_MEETING: "committee-duty-missed",
    GapKind.ABSENT: "committee-duty-missed",
    GapKind.STEP_MISSING: "decision-step-skipped",
    GapKind.STEP_EARLY: "decision-step-skipped",
    GapKind.NO_QUORUM: "decision-no-quorum",
    GapKind.NO_MAJORITY: "decision-no-quorum",
}
NOT_PUBLISHED = "decision-not-published"


class OpeningForm(WordedForm):
    description = forms.CharField(
        label=_("What did you find?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class DismissalForm(WordedForm):
    reason = forms.CharField(
        label=_("Why does nothing come of it?"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


def gaps(request: Request) -> HttpResponse:
    """The gaps of an area in some days: open ones, or those that somebody decided about."""
    require_reader(request)
    unit, villages = chosen_area(request)
    spans = recent_spans(request)
    span, form = chosen_span(request, spans)
    found = with_verdicts(_all_gaps(villages, span, request))
    kind = request.GET.get("kind", "")
    decided = request.GET.get("decided") == "1"
    of_state = [gap for gap in found if (gap.verdict is not None) == decided]
    counts = {one: sum(gap.kind == one for gap in of_state) for one in GapKind}
    shown = [gap for gap in of_state if not kind or gap.kind == kind]
    page = numbered_page(request, shown, size=LISTED)
    keys = [gap.verdict.case_id for gap in page.rows if gap.verdict is not None and gap.verdict.case_id]
    seen = visible(request.user, request.on).filter(pk__in=keys)
    return render(
        request,
        "duty/gaps.html",
        {
            "page": page,
            "unit": unit,
            "spans": spans,
            "span": span,
            "form": form,
            "kind": kind,
            "decided": decided,
            "counts": [(one, counts[one]) for one in GapKind if counts[one]],
            "open": sum(gap.verdict is None for gap in found),
            "done": sum(gap.verdict is not None for gap in found),
            "seen": set(seen.values_list("pk", flat=True)) if keys else set(),
            "may_decide": may_do(request.user, OfficeAction.DECIDE_GAP, request.on),
        },
    )


def _all_gaps(villages: Any, asked: Span, request: Request) -> list[Gap]:
    """Nothing is missing before records begin, nor of days to come."""
    span = Span(max(asked.first, EARLIEST), min(asked.last, request.on))
    if span.last < span.first:
        return []
    found = duty_gaps(villages, span, on=request.on) + decision_gaps(villages, span, on=request.on)
    return sorted(found, key=lambda gap: (gap.village.path, gap.first_day, gap.kind, gap.about))


def gap_of(request: Request, key: str) -> Gap:
    """The gap of a key, as the records say it today; one that has been closed meanwhile is there no more."""
    kind, _sign, rest = key.partition("~")
    code, _sign, rest = rest.partition("~")
    day, _sign, about = rest.partition("~")
    villages = villages_seen_by(request.user, on=request.on).filter(code=code)
    try:
        first = forms.DateField(input_formats=["%Y-%m-%d"]).clean(day)
    except forms.ValidationError as error:
        raise Http404 from error
    for gap in with_verdicts(_all_gaps(villages, Span(first, first), request)):
        if (gap.kind, gap.first_day, gap.about) == (kind, first, about):
            return gap
    raise Http404


def gap(request: Request, key: str) -> HttpResponse:
    return show(request, gap_of(request, key))


def show(request: Request, found: Gap, **given: Any) -> HttpResponse:
    status = given.pop("status", 200)
    decides = found.verdict is None and may_decide(request.user, found.village, request.on)
    case = found.verdict.case if found.verdict else None
    return render(
        request,
        "duty/gap.html",
        {
            "gap": found,
            "words": words_of(found),
            "case": case,
            "sees_case": case is not None and visible(request.user, request.on).filter(pk=case.pk).exists(),
            "opening": given.get("opening") or OpeningForm(initial={"description": words_of(found)}),
            "dismissal": given.get("dismissal") or DismissalForm(),
            "decides": decides,
        },
        status=status,
    )


def words_of(gap: Gap) -> str:
    """What the finding says: where, when, what."""
    values = {
        "village": gap.village.name,
        "first": exact_day(gap.first_day),
        "last": exact_day(gap.last_day),
        "who": gap.person or "",
        "matter": gap.matter,
        "step": gap.step,
    }
    return str(SENTENCES[gap.kind]) % values


SENTENCES: dict[GapKind, Any] = {
    GapKind.NO_DUTY: _("%(village)s has no entry of a duty day from %(first)s to %(last)s."),
    GapKind.NO_MEETING: _("%(village)s has no minutes of a committee meeting from %(first)s to %(last)s."),
    GapKind.ABSENT: _("%(who)s of %(village)s was absent on %(first)s, when “%(matter)s” was decided."),
    GapKind.STEP_MISSING: _("%(village)s, “%(matter)s”: the step “%(step)s” is missing (as of %(first)s)."),
    GapKind.STEP_EARLY: _("%(village)s, “%(matter)s”: the step “%(step)s” of %(first)s lies before an earlier step."),
    GapKind.NO_QUORUM: _("%(village)s, “%(matter)s”: too few were present at “%(step)s” on %(first)s."),
    GapKind.NO_MAJORITY: _("%(village)s, “%(matter)s”: “%(step)s” of %(first)s had no majority."),
}
OBJECTS: dict[GapKind, Any] = {
    GapKind.NO_DUTY: _("Duty days"),
    GapKind.NO_MEETING: _("Committee meetings"),
    GapKind.ABSENT: _("Attendance at major matters"),
}


def item_of(gap: Gap) -> CatalogueItem | None:
    is_publication = gap.kind == GapKind.STEP_MISSING and gap.step == StepKind.DECISION_PUBLISHED.label
    return CatalogueItem.objects.filter(code=NOT_PUBLISHED if is_publication else ITEMS[gap.kind]).first()


@require_POST
def case_of_gap(request: Request, key: str) -> HttpResponse:
    """Open it as a case. The same gap sent twice is the same case."""
    found = gap_of(request, key)
    form = OpeningForm(request.POST)
    if not form.is_valid():
        return show(request, found, opening=form, status=422)
    finding = Finding(
        village=found.village,
        description=form.cleaned_data["description"],
        found_on=request.on,
        fact_on=min(found.last_day, request.on),
        item=item_of(found),
        object_name=str(OBJECTS.get(found.kind, found.matter))[:100],
        source=Source.DUTY_GAP,
    )
    try:
        with steps.door():
            require_decider(found, by=request.user, at=request.at)
            case = steps.report(
                finding=finding, by=request.user, at=request.at, form=Form(key=uuid5(NAMESPACE_URL, key))
            )
            open_gap(gap=found, case=case, by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return show(request, gap_of(request, key), opening=form, status=error.status)
    messages.success(request, gettext("%(number)s is reported.") % {"number": case.number}, extra_tags=SAVED)
    return redirect("case", number=case.number)


@require_POST
def dismissal(request: Request, key: str) -> HttpResponse:
    found = gap_of(request, key)
    form = DismissalForm(request.POST)
    if form.is_valid():
        try:
            dismiss_gap(gap=found, reason=form.cleaned_data["reason"], by=request.user, at=request.at)
        except Refusal as error:
            if isinstance(error, NotAllowed):
                raise
            show_refusals(form, error)
            return show(request, gap_of(request, key), dismissal=form, status=error.status)
        messages.success(request, gettext("Nothing comes of it; the reason is kept."), extra_tags=SAVED)
        return redirect("gaps")
    return show(request, found, dismissal=form, status=422)


urlpatterns = [
    path("gaps", gaps, name="gaps"),
    path("gaps/<str:key>", gap, name="gap"),
    path("gaps/<str:key>/case", case_of_gap, name="gap_case"),
    path("gaps/<str:key>/dismissal", dismissal, name="gap_dismissal"),
]
