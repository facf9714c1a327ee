"""Supervision stations: those of one's area, opened by the office."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.models import Unit
from casework.rights.office_table import OfficeAction
from casework.rights.roles import any_of, may_do, posts_for
from casework.stages import Stage
from oversight.stations.keeping import LEVELS, LONGEST_NAME, open_station
from oversight.stations.rights import stations_seen_by
from web.pages.fields import SAVED, DayField, show_refusals
from web.pages.form_words import WordedForm
from web.pages.numbered_pages import numbered_page
from web.pages.units import found_villages
from web.requests import Request

LISTED, OFFERED = 40, 10


class StationForm(WordedForm):
    unit = forms.CharField(
        label=_("Village or town"),
        max_length=60,
        help_text=_("Its name, with the town where two are called so, or its code."),
    )
    name = forms.CharField(label=_("Name of the station"), max_length=LONGEST_NAME)
    day = DayField(label=_("Opened on"))

    def __init__(self, *args: Any, request: Request, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_unit(self) -> Unit:
        words = self.cleaned_data["unit"].strip()
        held = posts_for(self.request.user, OfficeAction.KEEP_STATIONS, self.request.on)
        below = any_of(Unit(path=one.unit_path).subtree() for one in held)
        units = Unit.objects.filter(below, level__in=LEVELS, is_active=True)
        found = list(found_villages(units, words)[:OFFERED])
        exact = [one for one in found if words in (one.name, one.code)]
        if len(exact) == 1 or len(found) == 1:
            return (exact or found)[0]
        if found:
            names = "、".join(f"{one.parent.name if one.parent else ''}{one.name}（{one.code}）" for one in found)
            raise forms.ValidationError(gettext("Several are called so: %(names)s. Give the code.") % {"names": names})
        raise forms.ValidationError(gettext("No village or town of yours has this name or code."))


def stations(request: Request) -> HttpResponse:
    """The stations of one's area; who has one alone goes straight to it."""
    if not may_do(request.user, OfficeAction.SEE_STATIONS, request.on):
        raise NotAllowed("no_station_post", _("Stations are read by their volunteers, towns and offices."))
    may_keep = may_do(request.user, OfficeAction.KEEP_STATIONS, request.on)
    seen = stations_seen_by(request.user, request.on)
    form: StationForm | None = None
    status = 200
    if request.method == "POST":
        form, status = StationForm(request.POST, request=request), 422
        if form.is_valid():
            try:
                made = open_station(by=request.user, at=request.at, **form.cleaned_data)
            except NotAllowed:
                raise
            except Refusal as error:
                show_refusals(form, error)
                status = error.status
            else:
                messages.success(request, gettext("The station is open. Enter its volunteers."), extra_tags=SAVED)
                return redirect("station_volunteers", pk=made.pk)
    elif may_keep:
        form = StationForm(request=request, initial={"day": request.on})
    elif len(only := list(seen[:2])) == 1:
        return redirect("station", pk=only[0].pk)
    counted = seen.annotate(
        count=Count("volunteers", filter=Q(volunteers__until=None), distinct=True),
        reports_count=Count("reports", distinct=True),
        waiting_count=Count("reports", filter=Q(reports__case__stage=Stage.SCREENING), distinct=True),
    ).order_by("closed_on", "unit__path", "id")
    return render(
        request,
        "stations/list.html",
        {"page": numbered_page(request, counted, size=LISTED), "form": form if may_keep else None},
        status=status,
    )


urlpatterns = [path("stations", stations, name="stations")]
