"""What an office does where problems come back: wider self-checks, and key villages."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from casework.errors import NotAllowed, Refusal
from casework.models import CatalogueItem, Unit
from casework.models.unit import UnitLevel
from casework.values.days_in_words import exact_day
from casework.watch.prevention import mark_key_village, start_wider_check
from web.requests import Request


@require_POST
def wider_check(request: Request) -> HttpResponse:
    """Ask the villages of a county to look for one problem by themselves."""
    county = get_object_or_404(Unit, code=request.POST.get("county", ""))
    item = get_object_or_404(CatalogueItem, code=request.POST.get("item", ""))
    at = request.at
    try:
        check = start_wider_check(
            county=county, item=item, reason=request.POST.get("reason", ""), by=request.user, at=at
        )
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            gettext("The villages of %(county)s look for it by themselves until %(day)s.")
            % {"county": county.name, "day": exact_day(check.until)},
        )
    return redirect(f"{reverse('analysis')}#spreads")


@require_POST
def key_village(request: Request, code: str) -> HttpResponse:
    """Make a village a key village, or let it be one no longer."""
    village = Unit.objects.filter(code=code, level=UnitLevel.VILLAGE).first()
    if village is None:
        raise Http404
    is_key = request.POST.get("is_key") == "1"
    try:
        mark_key_village(
            village=village, is_key=is_key, reason=request.POST.get("reason", ""), by=request.user, at=request.at
        )
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        messages.error(request, str(error))
    else:
        said = (
            gettext("%(village)s is a key village now.")
            if is_key
            else gettext("%(village)s is no longer a key village.")
        )
        messages.success(request, said % {"village": village.name})
    return redirect(f"{reverse('analysis')}#villages")


urlpatterns = [
    path("analysis/wider-checks", wider_check, name="wider_check"),
    path("villages/<str:code>/key", key_village, name="key_village"),
]
