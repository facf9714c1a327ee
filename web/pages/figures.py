"""The page for those who lead: one unit in a sentence, what waits for a decision, figures, months, the units below."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed
from casework.models import Unit
from casework.models.unit import UnitLevel
from casework.rights.held_posts import holds
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from casework.stages import DESK_ROLES
from oversight.figures.counting import LEVELS, Months, chosen_months
from oversight.figures.decisions import decisions_of
from oversight.figures.figure import Figure
from oversight.figures.map import map_below, map_of_villages
from oversight.figures.papers import write_docx, write_pdf, write_workbook
from oversight.figures.rights import knows_unassigned, own_unit, sees_figures
from oversight.figures.sheet import Sheet, sheet_of
from oversight.figures.standings import month_of, months_until
from web.pages.bulletins import DOCX
from web.requests import Request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MONTHS_OFFERED = 12
# Where a page says the outline of the city to the script that draws it.
RINGS = "map-rings"
PAPERS = {"docx": (write_docx, DOCX), "pdf": (write_pdf, "application/pdf"), "xlsx": (write_workbook, XLSX)}


def figures(request: Request) -> HttpResponse:
    """The figures of one's own unit."""
    unit = own_unit(request.user, request.on)
    if unit is None:
        raise NotAllowed(
            "no_figures_post", _("The figures are for the offices of the city, counties and towns and for committees.")
        )
    return show(request, unit)


def figures_of_unit(request: Request, code: str) -> HttpResponse:
    return show(request, readable_unit(request, code))


def paper(request: Request, code: str, ending: str) -> HttpResponse:
    """The same as a document or a workbook."""
    sheet = sheet_here(request, readable_unit(request, code))
    write, kind = PAPERS[ending]
    response = HttpResponse(write(sheet), content_type=kind)
    shown = "inline" if ending == "pdf" else "attachment"
    name = f"figures-{sheet.unit.code}-{sheet.months.last:%Y-%m}.{ending}"
    response.headers["Content-Disposition"] = f'{shown}; filename="{name}"'
    return response


def readable_unit(request: Request, code: str) -> Unit:
    """A unit whose figures the reader may see; it isn't said to others whether there is one."""
    unit = Unit.objects.filter(code=code, level__in=LEVELS).first()
    if unit is None or not sees_figures(request.user, unit, request.on):
        raise Http404
    return unit


def sheet_here(request: Request, unit: Unit) -> Sheet:
    months = chosen_months(request.GET.get("month", ""), request.GET.get("length", ""), on=request.on)
    return sheet_of(unit, months, at=request.at, knows_unassigned=knows_unassigned(request.user, unit, request.on))


def show(request: Request, unit: Unit) -> HttpResponse:
    sheet = sheet_here(request, unit)
    opens = openable(request)
    return render(
        request,
        "figures/figures.html",
        {
            "unit": unit,
            "sheet": sheet,
            "on": request.on,
            "above": readable_above(request, unit),
            "figures": [
                (one, address_of(one) if one.has_records and one.page in opens else "") for one in sheet.figures
            ],
            "decisions": [
                (one, f"{reverse(one.page)}?{urlencode(one.query)}" if one.query else reverse(one.page))
                for one in decisions_of(request.user, request.on)
            ],
            "months": choices(sheet.months, request.on),
            "months_query": f"?month={sheet.months.last:%Y-%m}&length={sheet.months.length}",
            "small": [small(row) for row in sheet.below],
            "scale": max((one.open for row in sheet.below for one in row.months), default=0),
            "is_empty": not any(row.standing.open or row.flow.closed for row in sheet.rows),
            "map": map_below(unit, sheet.below) if sheet.below else None,
            "map_has_villages": unit.level in (UnitLevel.CITY, UnitLevel.COUNTY),
            "rings_id": RINGS,
            "may_locate": may_do(request.user, OfficeAction.LOCATE_UNITS, request.on),
            "taken_over_query": urlencode(
                {"taken_over": "1", **({} if unit.level == UnitLevel.CITY else {unit.level: unit.code})}
            ),
        },
    )


def on_map(request: Request, code: str) -> HttpResponse:
    """All villages of a unit where they lie."""
    unit = readable_unit(request, code)
    months = chosen_months(request.GET.get("month", ""), request.GET.get("length", ""), on=request.on)
    knows = knows_unassigned(request.user, unit, request.on)
    return render(
        request,
        "figures/map.html",
        {
            "unit": unit,
            "months": months,
            "months_query": f"?month={months.last:%Y-%m}&length={months.length}",
            "map": map_of_villages(unit, months.last, knows_unassigned=knows),
            "rings_id": RINGS,
            "may_locate": may_do(request.user, OfficeAction.LOCATE_UNITS, request.on),
        },
    )


def openable(request: Request) -> set[str]:
    """The pages with records that this reader can open."""
    pages = {"cases", "letters"} if holds(request.user, DESK_ROLES, request.on) else set()
    if may_do(request.user, OfficeAction.SEE_MECHANISM, request.on):
        pages.add("periods")
    if may_do(request.user, OfficeAction.SEE_TRAINING, request.on):
        pages.add("training_missing")
    if may_do(request.user, OfficeAction.SEE_VISITS, request.on):
        pages |= {"visits", "found_per_visit"}
    return pages


def address_of(figure: Figure) -> str:
    query = urlencode(figure.query)
    return f"{reverse(figure.page)}?{query}" if query else reverse(figure.page)


def readable_above(request: Request, unit: Unit) -> list[Unit]:
    """The way back up, as far as the reader may go."""
    units = Unit.objects.filter(path__in=unit.ancestor_paths()[:-1], level__in=LEVELS).order_by("path")
    return [one for one in units if sees_figures(request.user, one, request.on)]


def choices(chosen: Months, on: date) -> list[date]:
    return list(reversed(months_until(month_of(on), MONTHS_OFFERED)))


def small(row: Any) -> dict[str, Any]:
    """A unit below with the numbers of its small drawing."""
    return {
        "row": row,
        "open": " ".join(str(one.open) for one in row.months),
        "overdue": " ".join(str(one.overdue) for one in row.months),
    }


urlpatterns = [
    path("figures", figures, name="figures"),
    *(path(f"figures/<str:code>.{ending}", paper, {"ending": ending}, name=f"figures_{ending}") for ending in PAPERS),
    path("figures/<str:code>/map", on_map, name="figures_map"),
    path("figures/<str:code>", figures_of_unit, name="figures_of_unit"),
]
