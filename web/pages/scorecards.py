"""Scorecards: the schemes and scores that a reader sees, and what waits for their appraisal or decision."""

from django.db.models import QuerySet
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
from oversight.models import ScoreSheet
from oversight.scorecards.appealing import appeals_to_decide
from oversight.scorecards.appraising import items_appraised_by
from oversight.scorecards.queries import periods_scored, read_sheets, schemes_seen_by, sheets_seen_by
from web.pages.spans import SpanForm
from web.requests import Request

MOST_SHOWN = 60


def scorecards(request: Request) -> HttpResponse:
    """What is known of one's own area: an office sees periods, a village its own scores."""
    person, on = request.user, request.on
    appraises = items_appraised_by(person).exists()
    if not may_do(person, OfficeAction.SEE_SCORES, on) and not appraises:
        raise NotAllowed("no_scores", _("Scores are read by villages, towns, counties and the city."))
    sheets = sheets_seen_by(person, on)
    own = [held.unit_id for held in posts_for(person, OfficeAction.APPEAL_SCORE, on)]
    mine = sheets.filter(unit__in=own).select_related("scheme", "unit")[:MOST_SHOWN]
    is_office = may_do(person, OfficeAction.SCORE, on) or may_do(person, OfficeAction.DECIDE_SCORE_APPEAL, on)
    return render(
        request,
        "scorecards/list.html",
        {
            "schemes": list(schemes_seen_by(person, on)[:MOST_SHOWN]),
            "periods": periods_scored(sheets) if is_office else [],
            "mine": read_sheets(list(mine)),
            "appeals": list(appeals_to_decide(person, on)[:MOST_SHOWN]),
            "county": own_county(request),
            "appraises": appraises,
            "is_office": is_office,
        },
    )


def own_county(request: Request) -> Unit | None:
    """The county whose scores this reader keeps."""
    held = posts_for(request.user, OfficeAction.SCORE, request.on)
    return Unit.objects.filter(pk__in=[one.unit_id for one in held], level=UnitLevel.COUNTY).first()


def period_scores(request: Request) -> HttpResponse:
    """The published scores of a county, level and period, in the order of the tree."""
    scheme = whole_number(request.GET.get("scheme", ""))
    form = SpanForm(request.GET)
    if scheme is None or not form.is_valid():
        raise Http404
    level, days = request.GET.get("level", ""), form.cleaned_data
    sheets = sheets_here(request).filter(
        scheme=scheme, unit__level=level, first_day=days["first"], last_day=days["last"]
    )
    found = read_sheets(list(sheets.select_related("unit__parent", "scheme__county").order_by("unit__path")))
    if not found:
        raise Http404
    return render(
        request, "scorecards/period.html", {"rows": found, "first": found[0].sheet, "scheme": found[0].sheet.scheme}
    )


def sheets_here(request: Request) -> QuerySet[ScoreSheet]:
    if not may_do(request.user, OfficeAction.SEE_SCORES, request.on):
        raise NotAllowed("no_scores", _("Scores are read by villages, towns, counties and the city."))
    return sheets_seen_by(request.user, request.on)


urlpatterns = [
    path("scorecards", scorecards, name="scorecards"),
    path("scorecards/period", period_scores, name="score_period"),
]
