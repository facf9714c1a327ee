"""What a village prints: its problem list for the clarity wall, and a sheet to sign for each problem. Each case stands on
it with its short code and a QR code; names of people, and words that somebody typed, stand on neither.
"""

from typing import NamedTuple

import segno
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from casework.models import Case
from casework.official_paper.pdf import set_as_pdf
from casework.queries import visible
from casework.values.short_codes import case_of, code_of
from oversight.paper.queries import on_the_wall
from web.pages.village_pages import readable_village
from web.requests import Request

PRINTED = 60


class Printed(NamedTuple):
    """A case as it stands on paper."""

    case: Case
    code: str
    square: SafeString


def printed(case: Case) -> Printed:
    code = code_of(case.pk)
    address = settings.SITE_URL + reverse("paper_case", args=[code])
    return Printed(case, code, square_of(address))


def square_of(address: str) -> SafeString:
    """A QR code: its smallest parts are still half a millimetre wide; a fold or a stain over a quarter of them does no harm."""
    square = segno.make(address, error="q", micro=False).svg_inline(omitsize=True, border=4, dark="#000", light="#fff")
    return mark_safe(square)


def wall_list(request: Request, code: str) -> HttpResponse:
    return _paper(request, code, "wall-list")


def signing_sheets(request: Request, code: str) -> HttpResponse:
    return _paper(request, code, "signing-sheets")


def _paper(request: Request, code: str, kind: str) -> HttpResponse:
    village = readable_village(request, code)
    cases = list(on_the_wall(village, by=request.user, on=request.on)[: PRINTED + 1])
    content = {
        "village": village,
        "rows": [printed(case) for case in cases[:PRINTED]],
        "has_more": len(cases) > PRINTED,
        "on": request.on,
    }
    with override("zh-hans"):
        html = render_to_string(f"documents/village/{kind}.html", content)
    response = HttpResponse(set_as_pdf(html), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{kind}-{village.code}.pdf"'
    return response


def paper_case(request: Request, code: str) -> HttpResponse:
    """Where a QR code leads: to the case, for whoever may see it."""
    case = get_object_or_404(visible(request.user, request.on), pk=case_of(code))
    return redirect("case", number=case.number)


urlpatterns = [
    path("villages/<str:code>/problem-list.pdf", wall_list, name="wall_list"),
    path("villages/<str:code>/signing-sheets.pdf", signing_sheets, name="signing_sheets"),
    path("paper/<str:code>", paper_case, name="paper_case"),
]
