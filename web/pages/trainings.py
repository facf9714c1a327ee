"""Training: how many of those who hold a post today were trained, who is missing, and the sessions."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed
from casework.models import Unit
from casework.models.unit import UnitLevel
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do, posts_for
from casework.values.numbers import whole_number
from oversight.training.queries import (
    RULES,
    HalfYear,
    Required,
    coverage,
    coverage_below,
    half_year_of,
    missing,
    sessions_seen_by,
    villages_trained_by,
)
from web.pages.numbered_pages import numbered_page
from web.requests import Request

SESSIONS, PEOPLE = 20, 60
FIRST_YEAR = 2015


def require_reader(request: Request) -> None:
    if not may_do(request.user, OfficeAction.SEE_TRAINING, request.on):
        raise NotAllowed(
            "no_training_post", _("Trainings are read by committees, secretaries, towns, inspectors and offices.")
        )


def trainings(request: Request) -> HttpResponse:
    require_reader(request)
    half, unit = chosen_half(request), chosen_unit(request)
    villages = villages_trained_by(request.user, on=request.on)
    if unit is not None:
        villages = villages.filter(unit.subtree())
    top = unit or own_unit(request)
    return render(
        request,
        "training/trainings.html",
        {
            "halves": halves(request),
            "half": half,
            "unit": unit,
            "coverage": coverage(villages, half, on=request.on),
            "rows": coverage_below(top, villages, half, on=request.on) if top else [],
            "page": numbered_page(request, sessions_seen_by(request.user, on=request.on), size=SESSIONS),
            "may_hold": may_do(request.user, OfficeAction.HOLD_TRAINING, request.on),
            "on": request.on,
        },
    )


def own_unit(request: Request) -> Unit | None:
    """The unit whose parts the table shows: that of the reader's widest post, unless it is a village."""
    posts = sorted(posts_for(request.user, OfficeAction.SEE_TRAINING, request.on), key=lambda held: held.unit_path)
    if not posts or posts[0].unit_level == UnitLevel.VILLAGE:
        return None
    return Unit.objects.get(pk=posts[0].unit_id)


def chosen_unit(request: Request) -> Unit | None:
    """The county, town or village that the address narrows to; one outside the reader's area has no villages here."""
    code = request.GET.get("under", "")[:20]
    if not code:
        return None
    unit = Unit.objects.filter(code=code, is_active=True).first()
    if unit is None or not villages_trained_by(request.user, on=request.on).filter(unit.subtree()).exists():
        raise Http404
    return unit


def chosen_half(request: Request) -> HalfYear:
    year, _dash, half = request.GET.get("half", "").partition("-")
    number = whole_number(year, most=request.on.year)
    if number is None or number < FIRST_YEAR or half not in ("1", "2"):
        return half_year_of(request.on)
    asked = HalfYear(number, int(half))
    return asked if asked.span.first <= request.on else half_year_of(request.on)


def halves(request: Request) -> list[HalfYear]:
    now = half_year_of(request.on)
    return [now, now.before, now.before.before]


def missing_people(request: Request) -> HttpResponse:
    """Who holds the post today and was at no session, with their village."""
    require_reader(request)
    asked: Any = request.GET.get("who", Required.HEADS)
    if asked not in list(Required):
        raise Http404
    required, half, unit = Required(asked), chosen_half(request), chosen_unit(request)
    villages = villages_trained_by(request.user, on=request.on)
    if unit is not None:
        villages = villages.filter(unit.subtree())
    return render(
        request,
        "training/missing.html",
        {
            "rule": RULES[required],
            "required": required,
            "rules": RULES,
            "half": half,
            "span": half.span_of(RULES[required]),
            "unit": unit,
            "page": numbered_page(request, missing(villages, required, half, on=request.on), size=PEOPLE),
        },
    )


urlpatterns = [
    path("trainings", trainings, name="trainings"),
    path("trainings/missing", missing_people, name="training_missing"),
]
