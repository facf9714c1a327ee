"""Daily reports of an election: a row for each village that did not report yet; one that is entered is corrected."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.models import Unit
from casework.values.numbers import whole_number
from oversight.eligibility.elections import villages_of_election
from oversight.eligibility.queries import effective_reports
from oversight.eligibility.reports import MOST_AT_ONCE, Told, correct_report, report_day
from oversight.models import Election, ElectionReport, ElectionStep
from oversight.rights import villages_entered_for
from web.pages.elections import own_villages, seen_election
from web.pages.fields import SAVED, DayField, show_refusals
from web.pages.form_words import WordedForm
from web.pages.numbered_pages import numbered_page
from web.requests import Request

ROWS, ENTERED = 40, 50


class ReportForm(WordedForm):
    step = forms.ChoiceField(label=_("Which step?"))
    is_done = forms.BooleanField(label=_("This step is done"), required=False)
    happened = forms.CharField(
        label=_("What happened?"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=4000
    )
    trouble = forms.CharField(
        label=_("Trouble?"), required=False, widget=forms.Textarea(attrs={"rows": 1}), max_length=4000
    )

    def __init__(self, *args: Any, village: Unit, steps: list[ElectionStep], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.village = village
        step = self.fields["step"]
        assert isinstance(step, forms.ChoiceField)
        step.choices = [(str(one.pk), one.name) for one in steps]

    @property
    def is_filled(self) -> bool:
        """Whether anything but the step, which stands there already, was entered."""
        return any(self.data.get(self.add_prefix(name), "").strip() for name in ("happened", "trouble", "is_done"))

    def told(self) -> Told:
        said = self.cleaned_data
        return Told(
            village=self.village.pk,
            step=whole_number(said["step"]),
            happened=said["happened"],
            trouble=said["trouble"],
            is_done=said["is_done"],
        )


class CorrectionForm(ReportForm):
    reason = forms.CharField(label=_("Why is it corrected?"), max_length=500)


class DayForm(WordedForm):
    day = DayField(label=_("Date"))


def entered_villages(request: Request, election: Election) -> Any:
    entered = villages_entered_for(request.user, request.on).order_by().values("pk")
    return villages_of_election(election, request.on).filter(pk__in=entered).select_related("parent").order_by("path")


def reports(request: Request, pk: int) -> HttpResponse:
    """The reports of a day; who enters for villages has a row for each that is still missing."""
    found = seen_election(request, pk)
    steps = list(found.steps.all())
    is_post = request.method == "POST"
    said = request.POST if is_post else request.GET
    day_form = DayForm(said if "day" in said else {"day": str(min(request.on, found.ends_on))})
    day = day_form.cleaned_data["day"] if day_form.is_valid() else None
    if not is_post:
        return show(request, found, day_form, blank_rows(request, found, day, steps))
    keys = [whole_number(key) or 0 for key in request.POST.getlist("village")[:MOST_AT_ONCE]]
    villages = entered_villages(request, found).filter(pk__in=keys)
    rows = [ReportForm(request.POST, village=one, steps=steps, prefix=f"v{one.pk}") for one in villages]
    if not rows:
        report_day(election=found, day=day or request.on, told=[Told(0, None, "x")], by=request.user, at=request.at)
    filled = [row for row in rows if row.is_filled]
    refused = [row for row in filled if not row.is_valid()]
    if day is None or refused:
        return show(request, found, day_form, rows, status=422)
    try:
        report_day(election=found, day=day, told=[row.told() for row in filled], by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_in_rows(day_form, {row.village.pk: row for row in filled}, error)
        return show(request, found, day_form, rows, status=error.status)
    messages.success(request, gettext("The reports are entered."), extra_tags=SAVED)
    return redirect(f"{reverse('election_reports', args=[pk])}?day={day:%Y-%m-%d}")


def show_in_rows(day_form: DayForm, rows: dict[int, ReportForm], error: Refusal) -> None:
    """Each sentence in its village's row, or on top."""
    for refusal in error.each():
        name, _dash, key = refusal.field.rpartition("-")
        row = rows.get(whole_number(key) or 0)
        if row is not None and name in row.fields:
            row.add_error(name, str(refusal.sentence))
        else:
            show_refusals(day_form, refusal)


def blank_rows(request: Request, election: Election, day: date | None, steps: list[ElectionStep]) -> list[ReportForm]:
    """A row for each village without a report of this day, with the step at which it was last. Three queries."""
    if day is None or not election.begins_on <= day <= min(election.ends_on, request.on):
        return []
    told = effective_reports(election).filter(day=day).values("village")
    villages = list(entered_villages(request, election).exclude(pk__in=told)[:ROWS])
    last = effective_reports(election).filter(village__in=villages).order_by("day").values_list("village", "step")
    steps_now = dict(last)
    return [
        ReportForm(village=one, steps=steps, prefix=f"v{one.pk}", initial={"step": steps_now.get(one.pk)})
        for one in villages
    ]


def show(
    request: Request, election: Election, day_form: DayForm, rows: list[ReportForm], *, status: int = 200
) -> HttpResponse:
    day = day_form.cleaned_data.get("day") if day_form.is_bound and day_form.is_valid() else None
    entered = effective_reports(election).filter(village__in=own_villages(request, election).order_by().values("pk"))
    entered = (
        (entered.filter(day=day) if day else entered.none())
        .select_related("village__parent", "by")
        .order_by("village__path")
    )
    return render(
        request,
        "elections/reports.html",
        {
            "election": election,
            "day_form": day_form,
            "day": day,
            "rows": rows,
            "page": numbered_page(request, entered, size=ENTERED),
            "enters": bool(rows) or entered_villages(request, election).exists(),
            "is_ahead": day is not None and day > request.on,
        },
        status=status,
    )


def report(request: Request, pk: int) -> HttpResponse:
    """One report, with what it corrects; whoever enters for the village corrects it."""
    found = (
        ElectionReport.objects.filter(pk=whole_number(str(pk)) or 0)
        .select_related("election__unit", "village__parent", "by", "replaces")
        .first()
    )
    if found is None:
        raise Http404
    election = seen_election(request, found.election_id)
    if not own_villages(request, election).filter(pk=found.village_id).exists():
        raise Http404
    later = ElectionReport.objects.filter(replaces=found).first()
    may_correct = later is None and entered_villages(request, election).filter(pk=found.village_id).exists()
    steps = list(election.steps.all())
    initial = {name: getattr(found, name) for name in ("is_done", "happened", "trouble")} | {"step": found.step_id}
    form = CorrectionForm(request.POST or None, village=found.village, steps=steps, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            try:
                made = correct_report(report=found, told=form.told(), reason=reason, by=request.user, at=request.at)
            except Refusal as error:
                if isinstance(error, NotAllowed):
                    raise
                show_in_rows_of_one(form, error)
                status = error.status
            else:
                messages.success(request, gettext("The report is corrected."), extra_tags=SAVED)
                return redirect("election_report", pk=made.pk)
    return render(
        request,
        "elections/report.html",
        {"report": found, "later": later, "form": form if may_correct or form.errors else None},
        status=status,
    )


def show_in_rows_of_one(form: CorrectionForm, error: Refusal) -> None:
    for refusal in error.each():
        name = refusal.field.rpartition("-")[0] or refusal.field
        form.add_error(name if name in form.fields else None, str(refusal.sentence))


urlpatterns = [
    path("elections/<int:pk>/reports", reports, name="election_reports"),
    path("elections/reports/<int:pk>", report, name="election_report"),
]
