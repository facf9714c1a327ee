"""Clarity walls: how many of an area were not updated for a quarter, and the walls of one village."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import Refusal
from casework.models import Unit
from casework.models.unit import UnitLevel
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from oversight.objects.queries import is_out_of_date, not_updated, quarter_before, walls_below, walls_in
from oversight.objects.records import Wall, WallState
from oversight.objects.walls import Described, register_wall
from oversight.rights import enters_from_paper, may_enter_for, require_enterer
from web.pages.fields import SAVED, DayField, show_refusals
from web.pages.kept_files import FormWithFiles
from web.pages.numbered_pages import NumberedPage, numbered_page
from web.pages.training_session import is_whole
from web.pages.units import found_villages
from web.pages.village_pages import chosen_area, own_village, readable_village, require_reader
from web.requests import Request

LISTED = 40


class WallForm(FormWithFiles):
    """What is said of a wall."""

    name = forms.CharField(
        label=_("Name of the wall"), max_length=100, help_text=_("As findings call it, such as that of its group.")
    )
    group = forms.CharField(label=_("Village group"), max_length=40, required=False)
    place = forms.CharField(label=_("Place"), max_length=120)
    has_roof = forms.BooleanField(label=_("It has a roof"), required=False)
    state = forms.ChoiceField(label=_("State"), choices=WallState.choices, initial=WallState.IN_USE)
    updated_on = DayField(
        label=_("Last updated on"), required=False, help_text=_("Leave it empty if nobody knows; then it is listed.")
    )
    field_order = ("name", "group", "place", "has_roof", "state", "updated_on", "uploads")

    def described(self) -> Described:
        said = {name: self.cleaned_data[name] for name in ("name", "group", "place", "has_roof", "state")}
        return Described(**said, files=self.kept)


def salt(request: Request, village: Unit) -> str:
    return f"wall {village.pk} {request.user.pk}"


def with_lateness(request: Request, page: NumberedPage) -> list[tuple[Any, bool]]:
    return [(one, is_out_of_date(one, one.updated_on, on=request.on)) for one in page.rows]


def walls(request: Request) -> HttpResponse:
    """The walls of an area, those that wait for an update first asked for; a committee goes straight to its own."""
    require_reader(request)
    if (own := own_village(request)) is not None:
        return redirect("village_walls", code=own.code)
    unit, villages = chosen_area(request)
    top = unit or widest_unit(request)
    shows_all, words = request.GET.get("show") == "all", request.GET.get("words", "").strip()[:40]
    narrowed = found_villages(villages, words).order_by() if words else villages
    found = walls_in(narrowed) if shows_all else not_updated(walls_in(narrowed), on=request.on)
    page = numbered_page(request, found, size=LISTED)
    return render(
        request,
        "walls/area.html",
        {
            "unit": unit,
            "rows": walls_below(top, villages, on=request.on) if top and top.level != UnitLevel.VILLAGE else [],
            "page": page,
            "walls": with_lateness(request, page),
            "shows_all": shows_all,
            "words": words,
            "since": quarter_before(request.on),
        },
    )


def widest_unit(request: Request) -> Unit | None:
    """The unit whose parts the table shows: that of the reader's widest post."""
    held = min(posts_for(request.user, OfficeAction.SEE_VILLAGES, request.on), key=lambda one: one.unit_path)
    return Unit.objects.filter(pk=held.unit_id).first()


def village_walls(request: Request, code: str) -> HttpResponse:
    """A village's walls; the village, or its town for it, registers one here."""
    village = readable_village(request, code)
    if request.method != "POST":
        return show_village(request, village)
    require_enterer(request.user, village, request.at)
    form = WallForm(request.POST, request.FILES, salt=salt(request, village))
    if not is_whole(form):
        return show_village(request, village, form=form, status=422)
    given = {"updated_on": form.cleaned_data["updated_on"], "by": request.user, "at": request.at}
    try:
        wall = register_wall(village=village, described=form.described(), **given)
    except Refusal as error:
        show_refusals(form, error)
        return show_village(request, village, form=form, status=error.status)
    messages.success(request, gettext("The wall is registered."), extra_tags=SAVED)
    return redirect("wall", pk=wall.pk)


def show_village(request: Request, village: Unit, *, form: WallForm | None = None, status: int = 200) -> HttpResponse:
    may_enter = may_enter_for(request.user, village, request.on)
    if form is None and may_enter:
        form = WallForm(salt=salt(request, village))
    page = numbered_page(request, village_wall_rows(village), size=LISTED)
    return render(
        request,
        "walls/village.html",
        {
            "village": village,
            "page": page,
            "walls": with_lateness(request, page),
            "form": form if may_enter else None,
            "from_paper": may_enter and enters_from_paper(request.user, village, request.on),
        },
        status=status,
    )


def village_wall_rows(village: Unit) -> Any:
    return walls_in(Unit.objects.filter(pk=village.pk))


def walls_shown_on_village(request: Request, village: Unit, most: int) -> list[tuple[Wall, bool]]:
    """The first walls of a village for its own page, each with whether it waits for an update."""
    found = village_wall_rows(village)[:most]
    return [(one, is_out_of_date(one, one.updated_on, on=request.on)) for one in found]


urlpatterns = [
    path("walls", walls, name="walls"),
    path("walls/villages/<str:code>", village_walls, name="village_walls"),
]
