"""The figures of a bulletin: what each counts, the records behind it, and what came in after it was printed."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from casework.models import Aspect, Case
from casework.models.category import local_name
from casework.queries import visible
from casework.rights.office_table import OfficeAction
from casework.values.numbers import whole_number
from oversight.bulletins.facts import Facts
from oversight.bulletins.figures import counted, frozen, name_of
from oversight.bulletins.queries import cases_counted, span_of, units_counted, units_of
from oversight.bulletins.records import Bulletin, Figure
from oversight.rights import leads
from web.pages.bulletin import readable_bulletin
from web.pages.bulletin_editing import label_of
from web.requests import Request

PAGE = 50
MOST_PAGE = 100_000


def figures(request: Request, pk: int) -> HttpResponse:
    """Every figure as it was printed, beside what the records say today. For who writes it: the whole is counted anew."""
    bulletin = readable_bulletin(request, pk)
    writes = leads(request.user, bulletin.mechanism, OfficeAction.WRITE_BULLETIN, request.on)
    span, printed = span_of(bulletin), frozen(bulletin)
    units, aspects = units_of(span), list(Aspect.objects.all())
    now = counted(Facts(span, request.at), units, aspects) if writes else {}
    names = {f"@{unit.code}": unit.name for unit in units} | {f"#{one.code}": local_name(one) for one in aspects}
    rows = [row_of(figure, names, now.get(key)) for key, figure in printed.items() if figure.value or key in now]
    return render(
        request,
        "bulletins/figures.html",
        {
            "bulletin": bulletin,
            "rows": [row for row in rows if not row["of"] or row["figure"].value or row["differs"]],
            "counts_now": bool(now),
            "differ": sum(row["differs"] for row in rows),
        },
    )


def row_of(figure: Figure, names: dict[str, str], now: Figure | None) -> dict[str, Any]:
    narrowed = figure.key.removeprefix(name_of(figure.key))
    return {
        "figure": figure,
        "label": label_of(figure),
        "of": names.get(narrowed, narrowed),
        "now": now,
        "differs": now is not None and now.sha256 != figure.sha256,
    }


def figure(request: Request, pk: int, figure: int) -> HttpResponse:
    """What one figure counts, record by record. Who doesn't write the bulletin sees what they may see anyway."""
    bulletin = readable_bulletin(request, pk)
    found = get_object_or_404(
        Figure.objects.select_related("bulletin__mechanism", "bulletin__area"), bulletin=bulletin, pk=figure
    )
    writes = leads(request.user, bulletin.mechanism, OfficeAction.WRITE_BULLETIN, request.on)
    number = whole_number(request.GET.get("page", ""), most=MOST_PAGE) or 1
    cases = cases_counted(found)
    shown: list[Case] = []
    seen: set[int] = set()
    has_more = False
    if cases is not None:
        if not writes:
            cases = cases.filter(pk__in=visible(request.user, request.on).order_by().values("pk"))
        page = list(cases.select_related("village", "town", "item")[(number - 1) * PAGE : number * PAGE + 1])
        shown, has_more = page[:PAGE], len(page) > PAGE
        seen = set(
            visible(request.user, request.on).filter(pk__in=[one.pk for one in shown]).values_list("pk", flat=True)
        )
    return render(
        request,
        "bulletins/figure.html",
        {
            "bulletin": bulletin,
            "figure": found,
            "label": label_of(found),
            "of": narrowed_to(bulletin, found),
            "is_of_cases": cases is not None,
            "cases": [(one, one.pk in seen) for one in shown],
            "units": units_counted(found) if cases is None else [],
            "writes": writes,
            "page": number,
            "next_page": number + 1 if has_more else 0,
        },
    )


def narrowed_to(bulletin: Bulletin, figure: Figure) -> str:
    """The unit or aspect of a figure, by its name."""
    narrowed = figure.key.removeprefix(name_of(figure.key))
    if narrowed.startswith("@"):
        return next((unit.name for unit in units_of(span_of(bulletin)) if unit.code == narrowed[1:]), narrowed[1:])
    if narrowed:
        return local_name(Aspect.objects.filter(code=narrowed[1:]).first())
    return ""


urlpatterns = [
    path("bulletins/<int:pk>/figures", figures, name="bulletin_figures"),
    path("bulletins/<int:pk>/figures/<int:figure>", figure, name="bulletin_figure"),
]
