"""Where and why problems come back: shares with intervals, curves, villages at risk, spread problems."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import floor
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed
from casework.models import Aspect, CatalogueItem, Kind, Person, Unit, WiderCheck
from casework.models.unit import UnitLevel
from casework.queries import SPREAD_VILLAGES, spread_of
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from oversight.analysis import Line, Scope, curves, false_closures, lines, total, villages_at_risk
from oversight.models import Dimension
from oversight.rebound import Risk
from oversight.spot_checks.one_step import one_step_draws
from oversight.spot_checks.queries import plans_seen_by
from oversight.survival import HORIZON, Curve
from web.requests import Request
from web.templatetags.words import local_name

MOST_LINES, MOST_CURVES, MOST_VILLAGES, MOST_DRAWS = 60, 8, 12, 5
PERIODS = {"year": (365, _("Last year")), "half": (183, _("Last half year")), "all": (365 * 20, _("All"))}
MARKS = (30, 90, 180)
# The drawing of a curve, in its own units.
WIDTH, HEIGHT = 300, 110


@dataclass(frozen=True)
class Drawn:
    """A curve as a drawing: the line, the area of its interval, where the label stands, and figures for a table."""

    label: str
    line: str
    area: str
    end_y: float
    count: int
    back: int
    held: list[tuple[int, float]]


def analysis(request: Request) -> HttpResponse:
    on = request.on
    counties = counties_of(request.user, on)
    if not counties:
        raise NotAllowed("no_analysis_post", _("The analysis is for the offices of counties and the city."))
    chosen = [county for county in counties if county.code == request.GET.get("county")] or counties
    period = request.GET.get("period") if request.GET.get("period") in PERIODS else "year"
    days, _words = PERIODS[period or "year"]
    scope = Scope(tuple(county.pk for county in chosen), on - timedelta(days=days), on)
    offered = dimensions(len(chosen))
    by = request.GET.get("by", "")
    by = by if by in offered else offered[0]
    found = lines(scope, by)
    names = names_of(by, [line.key for line in found])
    shown = found[:MOST_LINES]
    most = [line.key for line in shown[:MOST_CURVES]]
    drawn = curves(scope, by, most, on=on)
    # All drawings have one scale, from a tenth that lies below every band.
    bottom = min(floor(min((min(one.low) for one in drawn.values()), default=1.0) * 10) / 10, 0.9)
    risky = [risk for risk in villages_at_risk(scope) if risk.standing.back]
    return render(
        request,
        "analysis/analysis.html",
        {
            "counties": counties if len(counties) > 1 else [],
            "county": request.GET.get("county", "") if len(chosen) == 1 and len(counties) > 1 else "",
            "periods": [(name, words) for name, (_days, words) in PERIODS.items()],
            "period": period,
            "dimensions": [(name, Dimension(name).label) for name in offered],
            "by": by,
            "by_label": Dimension(by).label,
            "total": total(lines(scope, Dimension.KIND)),
            "lines": [
                {"line": line, "name": name, "url": cases_url(by, line, word, scope)}
                for line in shown
                for name, word in [names.get(line.key, (line.key, ""))]
            ],
            "has_more": len(found) > MOST_LINES,
            "widest": max((line.back.high or 0 for line in shown), default=0),
            "curves": [drawing(names.get(key, (key, ""))[0], one, bottom=bottom) for key, one in drawn.items()],
            "bottom": bottom,
            "marks": MARKS,
            "villages": village_lines(risky[:MOST_VILLAGES]),
            "approvers": approver_lines(scope),
            "spreads": spread_lines(chosen, on),
            "draw_counties": chosen,
            "plans": list(plans_seen_by(request.user, on).filter(area__in=chosen)[:MOST_DRAWS]),
            "draws": list(
                one_step_draws(request.user, on).filter(county__in=chosen).select_related("county")[:MOST_DRAWS]
            ),
            "is_empty": not found and not risky,
        },
    )


def counties_of(person: Person, on: date) -> list[Unit]:
    """The counties that this person's offices look after."""
    held = posts_for(person, OfficeAction.ANALYSE, on)
    found: dict[int, Unit] = {}
    for one in held:
        if one.unit_level == UnitLevel.COUNTY:
            found |= {unit.pk: unit for unit in Unit.objects.filter(pk=one.unit_id)}
        else:
            below = Unit.objects.filter(path__startswith=one.unit_path, level=UnitLevel.COUNTY, is_active=True)
            found |= {unit.pk: unit for unit in below}
    return sorted(found.values(), key=lambda unit: unit.path)


def dimensions(counties: int) -> list[str]:
    """By what the strike-offs may be split; one county is not split by counties."""
    return [
        name for name in Dimension.values if name != Dimension.VILLAGE and (counties > 1 or name != Dimension.COUNTY)
    ]


def names_of(dimension: str, keys: list[str]) -> dict[str, tuple[str, str]]:
    """The keys in words, and as a filter of the case list takes them: one query."""
    if dimension == Dimension.KIND:
        return {value: (str(label), value) for value, label in Kind.choices}
    if dimension == Dimension.TERM:
        return {"same": (gettext("the same head"), ""), "changed": (gettext("a new head within half a year"), "")}
    pks = [int(key) for key in keys]
    if dimension == Dimension.ASPECT:
        return {str(aspect.pk): (local_name(aspect), aspect.code) for aspect in Aspect.objects.filter(pk__in=pks)}
    if dimension == Dimension.APPROVER:
        return {str(person.pk): (str(person), str(person.pk)) for person in Person.objects.filter(pk__in=pks)}
    return {str(unit.pk): (unit.name, unit.code) for unit in Unit.objects.filter(pk__in=pks)}


def cases_url(dimension: str, line: Line, word: str, scope: Scope) -> str:
    """The cases behind a figure: those that came back, among the strike-offs of the period."""
    if not line.back.part or not word:
        return ""
    query = {
        "state": "all",
        "relapsed": "1",
        "closed_from": scope.first.isoformat(),
        "closed_until": scope.last.isoformat(),
        dimension: word,
    }
    return f"{reverse('cases')}?{urlencode(query)}"


def drawing(label: str, one: Curve, *, bottom: float) -> Drawn:
    """Days from left to right, the share that still holds from `bottom` up to all."""

    def x(day: int) -> float:
        return round(min(day, HORIZON) / HORIZON * WIDTH, 1)

    def y(share: float) -> float:
        return round((1 - share) / (1 - bottom) * HEIGHT, 1)

    def steps(shares: tuple[float, ...]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for place, (day, share) in enumerate(zip(one.days, shares, strict=True)):
            if place:
                points.append((x(day), y(shares[place - 1])))
            points.append((x(day), y(share)))
        return [*points, (float(WIDTH), y(shares[-1]))]

    line = steps(one.held)
    area = [*steps(one.high), *reversed(steps(one.low))]
    return Drawn(
        label=label,
        line=" ".join(f"{left},{top}" for left, top in line),
        area=" ".join(f"{left},{top}" for left, top in area),
        end_y=line[-1][1],
        count=one.count,
        back=one.back,
        held=[(days, one.held_after(days)) for days in MARKS],
    )


def village_lines(risky: list[Risk]) -> list[dict[str, Any]]:
    units = Unit.objects.in_bulk([risk.standing.village for risk in risky])
    towns = Unit.objects.in_bulk([unit.parent_id for unit in units.values() if unit.parent_id])
    return [
        {
            "risk": risk,
            "village": units[risk.standing.village],
            "town": towns.get(units[risk.standing.village].parent_id or 0),
        }
        for risk in risky
        if risk.standing.village in units
    ]


def approver_lines(scope: Scope) -> list[dict[str, Any]]:
    found = false_closures(scope)
    people = Person.objects.in_bulk([one.person for one in found])
    return [{"name": people[one.person], "false": one.false} for one in found]


def spread_lines(counties: list[Unit], on: date) -> list[dict[str, Any]]:
    """What was found in many villages of a county lately, and whether they look for it by themselves already."""
    by_key = {county.pk: county for county in counties}
    found = spread_of(by_key, on, least=SPREAD_VILLAGES)[:MOST_VILLAGES]
    items = CatalogueItem.objects.in_bulk([one.item for one in found])
    checks = WiderCheck.objects.filter(county__in=by_key, until__gte=on).order_by("until")
    running = {(check.county_id, check.item_id): check for check in checks}
    return [
        {
            "county": by_key[one.county],
            "item": items[one.item],
            "spread": one,
            "running": running.get((one.county, one.item)),
        }
        for one in found
    ]


urlpatterns = [path("analysis", analysis, name="analysis")]
