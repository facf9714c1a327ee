"""Elections of village committees: which run, how far each village is, who did not report, who was elected."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.models import Unit
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from casework.rights.territories import villages_of
from casework.values.numbers import whole_number
from oversight.eligibility.elections import StepDraft, change_steps, open_election, villages_of_election
from oversight.eligibility.queries import (
    effective_reports,
    finished_by_step,
    last_reported_day,
    silent_villages,
    step_days,
    waiting_for_department,
)
from oversight.eligibility.rights import (
    election_units,
    elections_seen_by,
    may_run,
    nominees_asked_of,
    require_runner,
    signing_departments,
)
from oversight.eligibility.structure import structure_of
from oversight.models import Election
from web.pages.fields import SAVED, DayField, show_refusals
from web.pages.form_words import WordedForm
from web.pages.numbered_pages import numbered_page
from web.requests import Request

LISTED, VILLAGES, NAMED, TROUBLES, BLANK_STEPS = 30, 50, 12, 20, 3
USUAL_STEPS = (
    _("Preparation"),
    _("Eligibility review"),
    _("Candidates named"),
    _("Vote"),
    _("Result published and filed"),
)


class ElectionForm(WordedForm):
    unit = forms.ChoiceField(label=_("County or city"))
    name = forms.CharField(label=_("Name of the election"), max_length=100)
    begins_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), help_text=_("Until then every village reports every day."))

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(one.pk): one for one in units}
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ChoiceField)
        unit.choices = [(key, one.name) for key, one in self.units.items()]
        if len(units) == 1:
            unit.initial, unit.widget = str(units[0].pk), forms.HiddenInput()


class StepForm(WordedForm):
    name = forms.CharField(label=_("Step"), max_length=60, required=False)
    due_on = DayField(label=_("To be done by"), required=False)

    def draft(self) -> StepDraft:
        return StepDraft(self.cleaned_data.get("name", ""), self.cleaned_data.get("due_on"))

    @property
    def is_filled(self) -> bool:
        return bool(self.cleaned_data.get("name") or self.cleaned_data.get("due_on"))


StepForms = forms.formset_factory(StepForm, extra=BLANK_STEPS, max_num=20, absolute_max=40)


def drafts_of(forms_of_steps: Any) -> list[StepDraft]:
    """The steps as they are entered; an empty line behind the last one is none."""
    filled = [one.is_filled for one in forms_of_steps]
    last = max((number for number, is_filled in enumerate(filled, start=1) if is_filled), default=0)
    return [one.draft() for one in list(forms_of_steps)[:last]]


def elections(request: Request) -> HttpResponse:
    """The elections of the reader's area; for a department the nominees that wait for it."""
    person, on = request.user, request.on
    departments = signing_departments(person, on)
    if not departments and not may_do(person, OfficeAction.SEE_ELECTIONS, on):
        raise NotAllowed(
            "no_election_post", _("This is read by village committees, towns, offices, and departments that are asked.")
        )
    asked = waiting_for_department(nominees_asked_of(person, on), departments) if departments else None
    page = numbered_page(request, elections_seen_by(person, on), size=LISTED)
    return render(
        request,
        "elections/list.html",
        {
            "page": page,
            "waiting": list(asked.select_related("village__parent")[:LISTED]) if asked is not None else [],
            "signs": bool(departments),
            "runs": may_do(person, OfficeAction.RUN_ELECTION, on),
            "on": on,
        },
    )


def new_election(request: Request) -> HttpResponse:
    units = list(election_units(request.user, request.on))
    if not units:
        raise NotAllowed("no_election_office", _("Elections are opened by the offices of the counties and the city."))
    usual = [{"name": str(name)} for name in USUAL_STEPS]
    form = ElectionForm(request.POST or None, units=units, initial={"begins_on": request.on})
    steps = StepForms(request.POST or None, prefix="steps", initial=usual)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and steps.is_valid():
            said = form.cleaned_data
            try:
                made = open_election(
                    unit=form.units[said["unit"]],
                    name=said["name"],
                    begins_on=said["begins_on"],
                    ends_on=said["ends_on"],
                    steps=drafts_of(steps),
                    by=request.user,
                    at=request.at,
                )
            except Refusal as error:
                show_refusals(form, error)
                status = error.status
            else:
                messages.success(request, gettext("The election is open."), extra_tags=SAVED)
                return redirect("election", pk=made.pk)
    return render(request, "elections/form.html", {"form": form, "steps": steps}, status=status)


def seen_election(request: Request, pk: int) -> Election:
    return get_object_or_404(elections_seen_by(request.user, request.on), pk=whole_number(str(pk)) or 0)


def own_villages(request: Request, election: Election) -> QuerySet[Unit]:
    """The villages of the election that this reader may look at."""
    seen = villages_of(request.user, OfficeAction.SEE_ELECTIONS, on=request.on)
    return villages_of_election(election, request.on).filter(pk__in=seen.order_by().values("pk"))


def election(request: Request, pk: int) -> HttpResponse:
    """How far the villages are, and which of them did not report of yesterday."""
    found = seen_election(request, pk)
    villages = own_villages(request, found)
    steps = list(found.steps.all())
    page = numbered_page(request, villages.select_related("parent").order_by("path"), size=VILLAGES)
    days = step_days(found, [one.pk for one in page.rows])
    done = finished_by_step(found, villages)
    day = last_reported_day(found, request.on)
    silent = silent_villages(found, villages, day) if day else Unit.objects.none()
    troubles = (
        effective_reports(found).filter(village__in=villages.order_by().values("pk"), day=day).exclude(trouble="")
    )
    return render(
        request,
        "elections/election.html",
        {
            "election": found,
            "on": request.on,
            "day": day,
            "count": villages.count(),
            "silent_count": silent.count() if day else 0,
            "silent": list(silent.select_related("parent").order_by("path")[:NAMED]),
            "troubles": list(troubles.select_related("village__parent").order_by("village__path")[:TROUBLES]),
            "steps": [(one, done.get(one.pk, 0)) for one in steps],
            "page": page,
            "rows": [(one, [days.get((one.pk, step.pk)) for step in steps]) for one in page.rows],
            "runs": may_run(request.user, found.unit, request.on),
            "nominates": may_do(request.user, OfficeAction.NOMINATE, request.on),
            "reports": may_do(request.user, OfficeAction.ENTER_FOR_VILLAGE, request.on),
        },
    )


def silent(request: Request, pk: int) -> HttpResponse:
    """All villages that did not report of a day, yesterday's unless the address names another that has passed."""
    found = seen_election(request, pk)
    day = last_reported_day(found, request.on)
    if said := request.GET.get("day", ""):
        try:
            chosen = DayField().clean(said)
        except forms.ValidationError:
            chosen = None
        if chosen and found.begins_on <= chosen <= found.ends_on and chosen < request.on:
            day = chosen
    villages = own_villages(request, found).select_related("parent__parent").order_by("path")
    rows = silent_villages(found, villages, day) if day else Unit.objects.none()
    return render(
        request,
        "elections/silent.html",
        {
            "election": found,
            "day": day,
            "page": numbered_page(request, rows, size=VILLAGES * 2),
            "count": rows.count(),
        },
    )


def steps(request: Request, pk: int) -> HttpResponse:
    """Mend the names and days of the steps, and add some."""
    found = seen_election(request, pk)
    require_runner(request.user, found.unit, request.at)
    initial = [{"name": one.name, "due_on": one.due_on} for one in found.steps.all()]
    rows = StepForms(request.POST or None, prefix="steps", initial=initial)
    form = WordedForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if rows.is_valid() and form.is_valid():
            try:
                change_steps(election=found, steps=drafts_of(rows), by=request.user, at=request.at)
            except Refusal as error:
                show_refusals(form, error)
                status = error.status
            else:
                messages.success(request, gettext("The steps are kept."), extra_tags=SAVED)
                return redirect("election", pk=pk)
    return render(request, "elections/form.html", {"form": form, "steps": rows, "election": found}, status=status)


def structure(request: Request, pk: int) -> HttpResponse:
    """Who was elected, by age, education, Party membership and terms: counts, and no name."""
    found = seen_election(request, pk)
    require_runner(request.user, found.unit, request.at)
    tables = structure_of(found, own_villages(request, found))
    return render(
        request,
        "elections/structure.html",
        {"election": found, "tables": tables, "total": tables[0].total},
    )


urlpatterns = [
    path("elections", elections, name="elections"),
    path("elections/new", new_election, name="new_election"),
    path("elections/<int:pk>", election, name="election"),
    path("elections/<int:pk>/steps", steps, name="election_steps"),
    path("elections/<int:pk>/silent", silent, name="election_silent"),
    path("elections/<int:pk>/structure", structure, name="election_structure"),
]
