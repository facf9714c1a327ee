"""Reporting periods: their list, a new one, and a period as one table."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from flows import steps
from oversight.members.rights import mechanism_run_by, reports_seen_by, runs
from oversight.models import Period, Rhythm
from oversight.reporting.next_period import propose_first, propose_next
from oversight.reporting.opening import open_period
from oversight.reporting.queries import period_rows, rates_of, standings_of
from web.pages.fields import SAVED, DayField, MomentField, show_refusals
from web.pages.form_words import WordedForm
from web.requests import Request

PAGE = 24


class PeriodForm(WordedForm):
    rhythm = forms.ChoiceField(label=_("Rhythm"), choices=Rhythm.choices)
    campaign = forms.CharField(label=_("Campaign"), required=False, help_text=_("Only for a daily report."))
    first_day = DayField(label=_("First day"))
    last_day = DayField(label=_("Last day"))
    on_time_until = MomentField(label=_("On time until"), help_text=_("To the second: one minute later is late."))
    closes_at = MomentField(
        label=_("Form closes at"), help_text=_("After this nothing can be handed in without an exception.")
    )


def periods(request: Request) -> HttpResponse:
    """The periods in which the reader runs, reads or writes something, the newest first."""
    if not (
        may_do(request.user, OfficeAction.SEE_MECHANISM, request.on)
        or may_do(request.user, OfficeAction.REPORT_FOR_UNIT, request.on)
    ):
        raise NotAllowed(
            "no_mechanism_post",
            _("The periods are for the lead office, the county offices and who reports for a member unit."),
        )
    mechanism = mechanism_run_by(request.user, request.on)
    seen = reports_seen_by(request.user, request.on).order_by().values("period")
    found = list(Period.objects.filter(pk__in=seen).order_by("-first_day", "-pk")[: PAGE + 1])
    mine = reports_seen_by(request.user, request.on).filter(period__in=found[:PAGE])
    by_period: dict[int, list[Any]] = {}
    visible = set(mine.values_list("pk", flat=True))
    for row in period_rows(found[:PAGE]):
        if row.expected.pk in visible:
            by_period.setdefault(row.expected.period_id, []).append(row)
    return render(
        request,
        "periods/list.html",
        {
            "lines": [
                {"period": period, "rows": rows, "rates": rates_of(rows)}
                for period in found[:PAGE]
                for rows in [by_period.get(period.pk, [])]
            ],
            "has_more": len(found) > PAGE,
            "mechanism": mechanism,
            "at": request.at,
        },
    )


def new_period(request: Request) -> HttpResponse:
    mechanism = mechanism_run_by(request.user, request.on)
    if mechanism is None:
        raise NotAllowed("not_the_lead_office", _("Only the lead office of this mechanism does that."))
    proposed = propose_next(mechanism, Rhythm.BIMONTHLY, "") or propose_first(request.on)
    form = PeriodForm(request.POST or None, initial=proposed._asdict())
    if request.method == "POST" and form.is_valid():
        try:
            with steps.door():
                period = open_period(mechanism=mechanism, by=request.user, at=request.at, **form.cleaned_data)
        except Refusal as refusal:
            show_refusals(form, refusal)
        else:
            messages.success(
                request, _("The period is open; its expected reports stand in the table."), extra_tags=SAVED
            )
            return redirect("period", pk=period.pk)
    return render(request, "periods/new.html", {"form": form}, status=422 if form.errors else 200)


def period(request: Request, pk: int) -> HttpResponse:
    """The table: each expected report with what came of it."""
    found = Period.objects.select_related("mechanism__lead", "opened_by").filter(pk=pk).first()
    visible = set(reports_seen_by(request.user, request.on).filter(period=pk).values_list("pk", flat=True))
    if found is None or not visible:
        raise Http404
    rows = [row for row in period_rows([found]) if row.expected.pk in visible]
    return render(
        request,
        "periods/period.html",
        {
            "period": found,
            "rows": rows,
            "rates": rates_of(rows),
            "standings": [(one, rows) for one, rows in standings_of(rows, at=request.at).items() if rows],
            "is_past": request.at > found.on_time_until,
            "is_closed": request.at > found.closes_at,
            "runs_it": runs(request.user, found.mechanism, request.on),
        },
    )


urlpatterns = [
    path("periods", periods, name="periods"),
    path("periods/new", new_period, name="period_new"),
    path("periods/<int:pk>", period, name="period"),
]
