"""Who holds which post: from the city down, unit by unit; administrators change it, offices look at their own area."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed
from casework.models import Post, Term, Unit
from casework.models.post import LEVELS_OF_ROLE
from casework.offices import posts as reading
from casework.offices.posts import Area, area_of, lines_of, some_units, territories_of
from casework.rights.office_table import OfficeAction
from casework.rights.roles import administers, posts_for
from casework.stages import Role
from web.requests import Request

SHOWS = ("vacant", "ending")
LONGEST_WORDS = 40
MOST_NUMBER = 32767  # of a post's column


def require_area(request: Request) -> Area:
    area = area_of(request.user, OfficeAction.SEE_POSTS, on=request.on)
    if not area.paths:
        raise NotAllowed(
            "no_overview_of_posts",
            _("Who holds which post is read by administrators and by the offices of counties and the city."),
        )
    return area


def posts(request: Request) -> HttpResponse:
    """To the first unit of the reader's own."""
    require_area(request)
    held = posts_for(request.user, OfficeAction.SEE_POSTS, request.on)
    address = reverse("posts_of_unit", args=[Unit.objects.get(pk=held[0].unit_id).code])
    show = request.GET.get("show", "")
    return redirect(f"{address}?show={show}" if show in SHOWS else address)


def unit_or_404(request: Request, code: str) -> Unit:
    """A unit of the reader's area; what lies outside of it isn't there."""
    area = require_area(request)
    unit = Unit.objects.select_related("parent").filter(code=code).first()
    if unit is None or not area.covers(unit):
        raise Http404
    return unit


def posts_of_unit(request: Request, code: str) -> HttpResponse:
    """A unit with its posts and the units below it; or, among all that lies below, what is looked for."""
    unit, on = unit_or_404(request, code), request.on
    words = request.GET.get("words", "").replace("\0", "").strip()[:LONGEST_WORDS]
    show = request.GET.get("show", "")
    show = show if show in SHOWS else ""
    after = request.GET.get("after", "")
    if words or show:
        condition = reading.is_vacant(on) if show == "vacant" else reading.ends_soon(on) if show else None
        if words:
            called = reading.is_called(words, on)
            condition = called if condition is None else condition & called
        found, next_key = some_units(units_below(unit, request), condition, after=after)
        own = []
    else:
        found, next_key = some_units(Unit.objects.filter(parent=unit), after=after)
        if unit.is_functional_zone and not after:
            found = [*territories_of([unit.pk], on=on).order_by("path")[: reading.PAGE], *found]
        own = [unit]
    lines = lines_of([*own, *found], on=on)
    may_change = administers(request.user, unit, on)
    return render(
        request,
        "posts/unit.html",
        {
            "unit": unit,
            "above": units_above(unit, request),
            "own_lines": lines.get(unit.pk, []) if own else [],
            "rows": [(one, lines[one.pk]) for one in found],
            "next_key": next_key,
            "words": words,
            "show": show,
            "is_searching": bool(words or show),
            "is_further": bool(after),
            "may_change": may_change,
            "roles": roles_of(unit) if may_change and not unit.is_discipline_office and unit.is_active else [],
            "on": on,
        },
    )


def units_below(unit: Unit, request: Request) -> Any:
    """This unit and all below it; of a county that answers for others' villages these as well."""
    paths = [unit.path]
    if unit.is_functional_zone:
        paths += territories_of([unit.pk], on=request.on).values_list("path", flat=True)
    return Unit.objects.filter(Area(tuple(paths)).within())


def units_above(unit: Unit, request: Request) -> list[tuple[Unit, bool]]:
    """From the top down to the unit's parent, each with whether the reader may open it. The country's top is no news."""
    area = require_area(request)
    above = Unit.objects.filter(path__in=unit.ancestor_paths()[:-1]).order_by("path")
    return [(one, area.covers(one)) for one in above]


def roles_of(unit: Unit) -> list[Role]:
    """The roles of which a unit may get one more post: of a committee's head there is one."""
    fitting = [role for role in Role if unit.level in LEVELS_OF_ROLE[role]]
    if Role.COMMITTEE_HEAD in fitting and Post.objects.filter(unit=unit, role=Role.COMMITTEE_HEAD).exists():
        fitting.remove(Role.COMMITTEE_HEAD)
    return fitting


def post_or_404(unit: Unit, role: str, number: int) -> Post:
    """A post by its unit, role and number; the number 0 is one more of its role, not in the database yet."""
    if role not in Role.values or unit.level not in LEVELS_OF_ROLE[role]:
        raise Http404
    if number == 0:
        return Post(unit=unit, role=role, number=0)
    post = Post.objects.filter(unit=unit, role=role, number=min(number, MOST_NUMBER)).first()
    if post is None:
        raise Http404
    post.unit = unit
    return post


def terms_of(post: Post) -> list[Term]:
    """All who hold, held and will hold a post, the latest first."""
    if post.pk is None:
        return []
    return list(Term.objects.filter(post=post).select_related("person").order_by("-valid_from", "-id")[:60])


urlpatterns = [
    path("posts", posts, name="posts"),
    path("posts/<str:code>", posts_of_unit, name="posts_of_unit"),
]
