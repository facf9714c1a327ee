"""A draw on paper: the sheet with lines for signatures, and the record as text for whoever replays it."""

from urllib.parse import quote

from django.http import HttpResponse
from django.urls import path

from oversight.spot_checks.reading import draw_to_read, record_of
from oversight.spot_checks.sheet import sheet_of
from oversight.spot_checks.sheet_docx import write_docx
from oversight.spot_checks.sheet_pdf import write_pdf
from web.pages.planned_draw import readable_draw
from web.requests import Request

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def sheet_docx(request: Request, pk: int) -> HttpResponse:
    sheet = sheet_of(draw_to_read(readable_draw(request, pk)))
    return _file(write_docx(sheet), f"{sheet.file_name}.docx", DOCX)


def sheet_pdf(request: Request, pk: int) -> HttpResponse:
    sheet = sheet_of(draw_to_read(readable_draw(request, pk)))
    return _file(write_pdf(sheet), f"{sheet.file_name}.pdf", "application/pdf")


def record(request: Request, pk: int) -> HttpResponse:
    """The frozen list with hash, seed and what was drawn: what the replay takes."""
    draw = readable_draw(request, pk)
    text = record_of(draw_to_read(draw)).as_text()
    return _file(text.encode(), f"draw-{draw.sha256[:12]}.txt", "text/plain; charset=utf-8")


def _file(content: bytes, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


urlpatterns = [
    path("spot-checks/draws/<int:pk>/sheet.docx", sheet_docx, name="draw_sheet_docx"),
    path("spot-checks/draws/<int:pk>/sheet.pdf", sheet_pdf, name="draw_sheet_pdf"),
    path("spot-checks/draws/<int:pk>/record.txt", record, name="draw_record"),
]
