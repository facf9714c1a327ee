"""Coordinates of units: which villages lack them, entered one by one or from a table, and the outline of the city."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.models import Unit
from casework.models.unit import UnitLevel
from casework.rights.office_table import OfficeAction
from casework.rights.roles import any_of, may_do, posts_for
from casework.tables.columns import name_of
from casework.tables.reading import read_small
from oversight.places.locating import LEVELS, PLACE_COLUMNS, PLACES, draw_outline, import_places, locate_unit
from oversight.places.queries import outline_of, with_places
from oversight.places.records import UnitPlace
from web.pages.fields import SAVED, PositionField, show_refusals
from web.pages.form_words import WordedForm
from web.pages.numbered_pages import numbered_page
from web.pages.units import found_villages
from web.requests import Request

LISTED, EARLIER = 40, 20
MOST_ROWS = 5_000


class PlaceForm(WordedForm):
    latitude = PositionField(label=_("Latitude"), most=90, help_text=_("North, in degrees with decimals: 33.5812."))
    longitude = PositionField(label=_("Longitude"), most=180, help_text=_("East, such as 114.0168."))
    needed = ("latitude", "longitude")


class PlacesTableForm(WordedForm):
    file = forms.FileField(
        label=_("Table with coordinates"),
        help_text=_("CSV or XLSX. What is refused comes back with its reason; the same file can be sent again."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )


class OutlineForm(WordedForm):
    file = forms.FileField(
        label=_("Outline of the city (GeoJSON)"),
        help_text=_("Polygons in WGS 84, up to 10 MB. It stays on this server; no map service is asked."),
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,application/geo+json,application/json"}),
    )


def units_located_by(request: Request) -> QuerySet[Unit]:
    """The units whose coordinates this reader enters."""
    held = posts_for(request.user, OfficeAction.LOCATE_UNITS, request.on)
    if not held:
        raise NotAllowed("no_place_post", _("Coordinates are entered by the offices of towns, counties and the city."))
    below = any_of(Unit(path=one.unit_path).subtree() for one in held)
    return Unit.objects.filter(below, level__in=LEVELS, is_active=True)


def places(request: Request) -> HttpResponse:
    """Villages without coordinates first asked for; all units on request."""
    units = units_located_by(request)
    shows_all, words = request.GET.get("show") == "all", request.GET.get("words", "").strip()[:40]
    villages = units.filter(level=UnitLevel.VILLAGE)
    without = with_places(villages.filter(places=None))
    listed = with_places(units) if shows_all else without
    if words:
        listed = found_villages(listed, words)
    return render(
        request,
        "places/list.html",
        {
            "page": numbered_page(request, listed.select_related("parent__parent").order_by("path"), size=LISTED),
            "count": villages.count(),
            "missing": without.count(),
            "shows_all": shows_all,
            "words": words,
            "may_draw": may_do(request.user, OfficeAction.DRAW_OUTLINE, request.on),
        },
    )


def place(request: Request, code: str) -> HttpResponse:
    """One unit's coordinates, and what was said of them before."""
    unit = units_located_by(request).select_related("parent__parent").filter(code=code).first()
    if unit is None:
        raise Http404
    said = list(UnitPlace.objects.filter(unit=unit).select_related("by")[:EARLIER])
    initial = {"latitude": said[0].latitude, "longitude": said[0].longitude} if said else {}
    form, status = PlaceForm(request.POST or None, initial=initial), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                locate_unit(unit=unit, by=request.user, at=request.at, **form.cleaned_data)
            except Refusal as error:
                show_refusals(form, error)
                status = error.status
            else:
                messages.success(request, gettext("The coordinates are entered."), extra_tags=SAVED)
                return redirect("places")
    return render(request, "places/place.html", {"unit": unit, "form": form, "said": said}, status=status)


def places_import(request: Request) -> HttpResponse:
    units_located_by(request)
    form: Any = PlacesTableForm(request.POST or None, request.FILES or None)
    outcome = None
    if request.method == "POST" and form.is_valid():
        try:
            table = read_small(form.cleaned_data["file"], PLACE_COLUMNS, most_rows=MOST_ROWS)
            outcome = import_places(table, by=request.user, at=request.at)
        except Refusal as refusal:
            form.add_error("file", str(refusal.sentence))
    context = {"form": form, "outcome": outcome, "names": [name_of(ours, PLACES) for ours in PLACES]}
    return render(request, "places/import.html", context, status=422 if form.errors else 200)


def city_outline(request: Request) -> HttpResponse:
    """The outline of the reader's city, drawn and replaced by a file."""
    held = posts_for(request.user, OfficeAction.DRAW_OUTLINE, request.on)
    if not held:
        raise NotAllowed("not_the_city_office", _("The city's office uploads the outline."))
    city = Unit.objects.get(pk=held[0].unit_id)
    form, status = OutlineForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                draw_outline(city=city, file=form.cleaned_data["file"], by=request.user, at=request.at)
            except Refusal as error:
                show_refusals(form, error)
                status = error.status
            else:
                messages.success(request, gettext("The outline is taken."), extra_tags=SAVED)
                return redirect("figures_map", code=city.code)
    return render(
        request, "places/outline.html", {"city": city, "form": form, "outline": outline_of(city)}, status=status
    )


urlpatterns = [
    path("places", places, name="places"),
    path("places/import", places_import, name="places_import"),
    path("places/outline", city_outline, name="city_outline"),
    path("places/<str:code>", place, name="place"),
]
