"""The names that offices gave to items of the catalogue: looked up, and ended where they hold no longer."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from casework.errors import NotAllowed, Refusal
from casework.lifecycle.aliases import end_alias, may_end
from casework.models import Alias, Unit
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from web.pages.classification import require_office
from web.pages.fields import SAVED
from web.requests import Request

PAGE = 100
MOST_LETTERS = 60


def names(request: Request) -> HttpResponse:
    """Without words what offices of this city decided, the latest first; with words whatever holds them."""
    require_office(request)
    words = request.GET.get("words", "").strip()[:MOST_LETTERS]
    found = names_of(request)
    found = (
        found.filter(Q(words__icontains=words) | Q(item__name__icontains=words)) if words else found.exclude(by=None)
    )
    rows = list(found.order_by("-id")[: PAGE + 1])
    context = {
        "words": words,
        "rows": [(alias, may_end(alias, request.user, request.at)) for alias in rows[:PAGE]],
        "has_more": len(rows) > PAGE,
    }
    return render(request, "classification/names.html", context)


def names_of(request: Request) -> QuerySet[Alias]:
    """The names that are, or were, found below this office's city."""
    posts = posts_for(request.user, OfficeAction.CLASSIFY, request.on)
    above = {above for held in posts for above in Unit.paths_down_to(held.unit_path)}
    here = Alias.objects.filter(Q(city=None) | Q(city__path__in=above), item__isnull=False)
    return here.select_related("item", "city", "by", "ended_by")


@require_POST
def end(request: Request, pk: int) -> HttpResponse:
    """End a name; a second click finds it ended."""
    require_office(request)
    alias = get_object_or_404(names_of(request), pk=pk)
    try:
        end_alias(alias=alias, by=request.user, at=request.at)
    except Refusal as refusal:
        if isinstance(refusal, NotAllowed):
            raise
        messages.info(request, str(refusal))
    else:
        said = gettext("“%(words)s” is ended: the next import asks for its category again. What was filed stays.")
        messages.success(request, said % {"words": alias.words}, extra_tags=SAVED)
    return redirect("category_names")


urlpatterns = [
    path("classification/names", names, name="category_names"),
    path("classification/names/<int:pk>/end", end, name="category_name_end"),
]
