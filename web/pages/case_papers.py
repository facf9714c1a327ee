"""What of a case is needed on paper, each as a PDF of A4 with its lines to sign: the notice of rectification for the
responsible unit, the strike-off sheet, and the file of the case. They are set in Chinese, as letters are.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from casework.events import TALK_KINDS, UNANNOUNCED
from casework.models import Case, CaseEvent, Closure
from casework.models.case_event import EventKind
from casework.models.unit import UnitLevel
from casework.offices.sign_in_links import handle_of, paper_link
from casework.official_paper.pdf import set_as_pdf
from casework.stages import Stage
from casework.values.short_codes import code_of
from notifications.letters.content import office_name
from web.pages.case_forms import readable_case
from web.pages.rounds import measures_in_rounds
from web.pages.sign_in_links import address_of_link
from web.pages.village_paper import square_of
from web.requests import Request

ASSIGNING = (EventKind.ASSIGNED, EventKind.REASSIGNED)


class Paper(NamedTuple):
    """A form: its name in addresses, what it is called, and whether a case has come far enough for it."""

    kind: str
    label: Any
    is_ready: Callable[[Case], bool]


PAPERS = (
    Paper("notice", _("Notice of rectification"), lambda case: case.responsible_id is not None and case.is_open),
    Paper("strike-off", _("Strike-off sheet"), lambda case: case.stage in (Stage.STRIKE_OFF, Stage.CLOSED)),
    Paper("file", _("File of the case"), lambda case: True),
)


def papers_of(case: Case) -> list[tuple[str, Any]]:
    """(address, name) of each form for which the case has come far enough."""
    return [
        (reverse("case_paper", args=[case.number, paper.kind]), paper.label)
        for paper in PAPERS
        if paper.is_ready(case) and not case.is_imported_history
    ]


def case_paper(request: Request, number: str, kind: str) -> HttpResponse:
    case = readable_case(request, number)
    if kind not in [paper.kind for paper in PAPERS if paper.is_ready(case)]:
        raise Http404
    with override("zh-hans"):
        html = render_to_string(f"documents/case/{kind}.html", content_of(request, case))
    response = HttpResponse(set_as_pdf(html), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{kind}-{case.pk}.pdf"'
    return response


def content_of(request: Request, case: Case) -> dict[str, Any]:
    evidence = list(case.evidence.select_related("uploaded_by").order_by("number"))
    measures, _earlier = measures_in_rounds(case, evidence)
    events = list(
        case.events.select_related("by", "by_unit").exclude(kind=EventKind.EVIDENCE_ADDED).order_by("at", "id")
    )
    assigned = next((one for one in reversed(events) if one.kind in ASSIGNING), None)
    issuing = assigned.by_unit if assigned and assigned.by_unit else case.county
    closure = case.closures.select_related("by", "by_unit").order_by("-round").first()
    return {
        "case": case,
        "on": request.on,
        "evidence": evidence,
        "measures": measures,
        "events": told_on_paper(events),
        "assigned": assigned,
        "issuer": office_name(issuing.name) if issuing else "",
        "sign_in": sign_in_square(case, at=request.at),
        "reviews": list(case.reviews.select_related("by", "by_unit").order_by("at", "pk")),
        "closure": closure,
        "ticks": (closure or Closure()).ticks,
    }


def sign_in_square(case: Case, *, at: datetime) -> Any:
    """The QR code by which the responsible village's committee signs in and comes to this case, where its office made one."""
    if case.responsible is None or case.responsible.level != UnitLevel.VILLAGE:
        return None
    link = paper_link(case.responsible, at=at)
    return square_of(address_of_link(handle_of(link), code_of(case.pk))) if link is not None else None


def told_on_paper(events: list[CaseEvent]) -> list[CaseEvent]:
    """What was decided and told; a look-back comes unannounced and talk is no part of the file."""
    return [one for one in events if one.kind not in TALK_KINDS and one.kind not in UNANNOUNCED]


urlpatterns = [path("cases/<str:number>/papers/<slug:kind>", case_paper, name="case_paper")]
