"""One draw: its hash, its seed, who was drawn; the seed is typed in here, and villages are excused."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from casework.errors import NotAllowed, Refusal
from oversight.models import DrawnVillage, PlannedDraw
from oversight.spot_checks.excusing import excuse_village
from oversight.spot_checks.planning import may_draw
from oversight.spot_checks.queries import draws_seen_by
from oversight.spot_checks.reading import DrawToRead, draw_to_read
from oversight.spot_checks.seeding import enter_beacon, enter_dice, is_frozen_anew
from oversight.spot_checks.weights import reasons_of
from web.pages.fields import SAVED, show_refusals
from web.pages.spot_check_forms import BeaconForm, DiceForm, ExcuseForm
from web.requests import Request

# Of a longer list the page shows the first; the sheet and the text have all of it.
MOST_LISTED = 300


def readable_draw(request: Request, pk: int) -> PlannedDraw:
    """A draw that the reader may see; what isn't for them isn't there."""
    draws = draws_seen_by(request.user, request.on)
    return get_object_or_404(draws.select_related("plan__basis", "area__parent", "by", "earlier"), pk=pk)


def planned_draw(request: Request, pk: int) -> HttpResponse:
    return show(request, readable_draw(request, pk))


def show(
    request: Request,
    draw: PlannedDraw,
    *,
    seed_form: DiceForm | BeaconForm | None = None,
    excuse: tuple[int, ExcuseForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    found = draw_to_read(draw)
    may_act = may_draw(request.user, draw.area, request.at) and request.user.pk not in found.people
    is_anew, is_over = is_frozen_anew(draw), found.listed.last_day < request.on
    is_open = found.seed is None and not is_anew and not is_over
    if may_act and is_open and seed_form is None:
        seed_form = BeaconForm() if draw.beacon else DiceForm()
    return render(
        request,
        "spot_checks/draw.html",
        {
            "draw": draw,
            "found": found,
            "rows": rows_of(found, excuse=excuse, may_excuse=may_act and not is_over),
            "listed": [(one, reasons_of(one.listed)) for one in found.villages[:MOST_LISTED]],
            "more_listed": max(len(found.villages) - MOST_LISTED, 0),
            "repeated_by": list(draw.repeated_by.defer("text").order_by("id")),
            "seed_form": seed_form if may_act and is_open else None,
            "is_dice": isinstance(seed_form, DiceForm),
            "is_anew": is_anew,
            "is_over": is_over,
        },
        status=status,
    )


def rows_of(found: DrawToRead, *, excuse: tuple[int, ExcuseForm] | None, may_excuse: bool) -> list[dict[str, Any]]:
    """Each village that was drawn, why with what weight, and the form that excuses it where the reader may."""
    weights = {one.listed.code: one.listed for one in found.villages}
    return [
        {
            "drawn": one,
            "why": reasons_of(weights[one.village.code]) if one.village.code in weights else "",
            "excuse": getattr(one, "excuse", None),
            "form": (excuse[1] if excuse and excuse[0] == one.pk else ExcuseForm())
            if may_excuse and getattr(one, "excuse", None) is None
            else None,
        }
        for one in found.drawn
    ]


@require_POST
def seed(request: Request, pk: int) -> HttpResponse:
    """The dice of several people, or what the named round said."""
    draw = readable_draw(request, pk)
    form: DiceForm | BeaconForm = BeaconForm(request.POST) if draw.beacon else DiceForm(request.POST)
    if not form.is_valid():
        return show(request, draw, seed_form=form, status=422)
    said = form.cleaned_data
    try:
        if isinstance(form, DiceForm):
            enter_dice(draw=draw, dice=form.rolled, by=request.user, at=request.at)
        else:
            enter_beacon(draw=draw, round=said["round"], value=said["value"], by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        if error.status == 409:
            messages.error(request, str(error))
        return show(request, draw, seed_form=form, status=error.status)
    messages.success(
        request, gettext("Drawn. Those who go there find it among what they have to do."), extra_tags=SAVED
    )
    return redirect("planned_draw", pk=pk)


@require_POST
def excuses(request: Request, pk: int) -> HttpResponse:
    """Excuse a village: the next ticket takes its place."""
    draw = readable_draw(request, pk)
    drawn = get_object_or_404(DrawnVillage, draw=draw, village__code=request.POST.get("village", ""))
    form = ExcuseForm(request.POST)
    if not form.is_valid():
        return show(request, draw, excuse=(drawn.pk, form), status=422)
    try:
        excuse_village(drawn=drawn, reason=form.cleaned_data["reason"], by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        if error.status == 409:
            messages.error(request, str(error))
        return show(request, draw, excuse=(drawn.pk, form), status=error.status)
    messages.success(request, gettext("Excused. The next ticket takes its place."), extra_tags=SAVED)
    return redirect(f"{reverse('planned_draw', args=[pk])}#village-{drawn.village_id}")


urlpatterns = [
    path("spot-checks/draws/<int:pk>", planned_draw, name="planned_draw"),
    path("spot-checks/draws/<int:pk>/seed", seed, name="draw_seed"),
    path("spot-checks/draws/<int:pk>/excuses", excuses, name="draw_excuses"),
]
