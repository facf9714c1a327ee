"""One supervision station: its reports and what became of them, a report handed in, and its volunteers for the office."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.lifecycle.reporting import Finding
from casework.models import Screening, Source
from casework.queries import visible
from casework.stages import Stage
from flows import steps
from flows.steps import Form
from oversight.registers.correcting import earlier_words
from oversight.registers.kinds import REGISTERS
from oversight.stations.keeping import add_volunteer, close_station, end_volunteer, who_it_is
from oversight.stations.records import Station
from oversight.stations.reporting import (
    STATES,
    link_report,
    reports_of,
    require_reporter,
    state_of,
    villages_of,
    volunteers_of,
)
from oversight.stations.rights import keeps, reports_for, require_keeper, stations_seen_by
from web.pages.evidence import keep_photos
from web.pages.fields import PHOTOS, SAVED, DayField, FilesField, show_refusals
from web.pages.form_words import WordedForm
from web.pages.numbered_pages import numbered_page
from web.requests import Request

LISTED = 20


class StationReportForm(WordedForm):
    """What a volunteer saw. No word asks who that is: a number of the station says it."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    volunteer = forms.ChoiceField(label=_("Number of the volunteer"))
    village = forms.ChoiceField(label=_("Village"))
    description = forms.CharField(
        label=_("What was seen?"),
        help_text=_("What, where, since when. Leave out who said it."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    place = forms.CharField(label=_("Place"), required=False, max_length=200)
    found_on = DayField(label=_("Found on"))
    photos = FilesField(
        label=_("Photos of the problem"), accept=PHOTOS, can_turn=True, help_text=_("Up to 20, each up to 20 MB.")
    )

    def __init__(self, *args: Any, station: Station, request: Request, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid4(), "found_on": request.on}
        super().__init__(*args, **kwargs)
        self.volunteers = {str(one.number): one for one in volunteers_of(station, request.on)}
        self.villages = {one.code: one for one in villages_of(station)}
        self._offer(
            "volunteer", [(number, gettext("No. %(number)s") % {"number": number}) for number in self.volunteers]
        )
        self._offer("village", [(code, one.name) for code, one in self.villages.items()])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        if len(choices) == 1:
            field.initial = choices[0][0]

    def finding(self) -> Finding:
        said = self.cleaned_data
        return Finding(
            village=self.villages[said["village"]],
            description=said["description"],
            found_on=said["found_on"],
            place=said["place"],
            source=Source.STATION,
        )


class VolunteerForm(WordedForm):
    name = forms.CharField(label=_("Name"), max_length=40, help_text=_("Read on this page alone, by your office."))
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    day = DayField(label=_("Since"))


class EndForm(WordedForm):
    day = DayField(label=_("Last day"))


def readable_station(request: Request, pk: int) -> Station:
    found = stations_seen_by(request.user, request.on).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def station(request: Request, pk: int) -> HttpResponse:
    found = readable_station(request, pk)
    page = numbered_page(request, reports_of(found), size=LISTED)
    cases = [one.case_id for one in page.rows]
    seen = set(visible(request.user, request.on).filter(pk__in=cases).values_list("pk", flat=True))
    refused = Screening.objects.filter(case__in=[one.case_id for one in page.rows if one.case.stage == Stage.REFUSED])
    reasons = dict(refused.order_by("id").values_list("case", "reason"))
    return render(
        request,
        "stations/station.html",
        {
            "station": found,
            "earlier": earlier_words(Station, REGISTERS["station"].columns, [found.pk]).get(found.pk),
            "page": page,
            "reports": [
                (one, STATES[state_of(one.case)], reasons.get(one.case_id, ""), one.case_id in seen)
                for one in page.rows
            ],
            "volunteers": list(found.volunteers.order_by("number").defer("name", "phone")),
            "may_report": reports_for(request.user, found, request.on),
            "may_keep": keeps(request.user, found.unit, request.on),
        },
    )


def station_report(request: Request, pk: int) -> HttpResponse:
    """A report of the station's, which the office then screens."""
    found = readable_station(request, pk)
    if not reports_for(request.user, found, request.on):
        raise NotAllowed(
            "not_your_station", _("Reports of a station are handed in by its volunteers, or by its town for them.")
        )
    if request.method != "POST":
        form = StationReportForm(station=found, request=request)
        return render(request, "stations/report.html", {"station": found, "form": form})
    form, status = StationReportForm(request.POST, request.FILES, station=found, request=request), 422
    if form.is_valid():
        volunteer = form.volunteers[form.cleaned_data["volunteer"]]
        given: dict[str, Any] = {"station": found, "volunteer": volunteer, "by": request.user, "at": request.at}
        try:
            require_reporter(**given)
            key = form.cleaned_data["key"] or uuid4()
            case = steps.report(finding=form.finding(), by=request.user, at=request.at, form=Form(key=key))
            link_report(case=case, **given)
        except Refusal as error:
            show_refusals(form, error)
            status = error.status
        else:
            for sentence in keep_photos(form.cleaned_data["photos"], case, by=request.user, at=request.at):
                messages.error(request, sentence)
            said = gettext("%(number)s is reported. The office screens it; what becomes of it stands here.")
            messages.success(request, said % {"number": case.number}, extra_tags=SAVED)
            return redirect("station", pk=found.pk)
    return render(request, "stations/report.html", {"station": found, "form": form}, status=status)


# What the office does on the page of the volunteers: the form, and what is said afterwards.
ACTS: dict[str, tuple[type[forms.Form], Any]] = {
    "add": (VolunteerForm, _("The volunteer is entered under the next number.")),
    "end": (EndForm, _("The volunteer has left; name and phone are removed.")),
    "close": (EndForm, _("The station is closed; its reports stay.")),
}


def station_volunteers(request: Request, pk: int) -> HttpResponse:
    """Who the volunteers are, for the office that keeps the station."""
    found = readable_station(request, pk)
    require_keeper(request.user, found.unit, request.at)
    act, number = request.POST.get("act", ""), request.POST.get("number", "")
    bound: dict[str, forms.Form] = {}
    status = 200
    if request.method == "POST" and act in ACTS:
        kind, said = ACTS[act]
        form, status = kind(request.POST), 422
        bound[act + number] = form
        if form.is_valid():
            try:
                _verb(found, act, number)(by=request.user, at=request.at, **form.cleaned_data)
            except NotAllowed:
                raise
            except Refusal as error:
                show_refusals(form, error)
                status = error.status
            else:
                messages.success(request, said, extra_tags=SAVED)
                return redirect("station_volunteers", pk=found.pk)
    known = [] if found.closed_on else who_it_is(station=found, by=request.user, at=request.at)
    today = {"day": request.on}
    return render(
        request,
        "stations/volunteers.html",
        {
            "station": found,
            "people": [(one, bound.get(f"end{one.number}") or EndForm(initial=today)) for one in known],
            "add": bound.get("add") or VolunteerForm(initial=today),
            "close": bound.get("close") or EndForm(initial=today),
        },
        status=status,
    )


def _verb(station: Station, act: str, number: str) -> Callable[..., object]:
    if act == "add":
        return lambda **given: add_volunteer(station=station, **given)
    if act == "close":
        return lambda **given: close_station(station=station, **given)
    volunteer = (
        station.volunteers.filter(number=int(number)).first() if number.isdecimal() and len(number) < 5 else None
    )
    if volunteer is None:
        raise Http404
    return lambda **given: end_volunteer(volunteer=volunteer, **given)


urlpatterns = [
    path("stations/<int:pk>", station, name="station"),
    path("stations/<int:pk>/report", station_report, name="station_report"),
    path("stations/<int:pk>/volunteers", station_volunteers, name="station_volunteers"),
]
