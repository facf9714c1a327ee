"""The sheet of a draw as PDF."""

from django.template.loader import render_to_string

from casework.official_paper.pdf import set_as_pdf
from oversight.spot_checks.sheet import COLUMNS, Sheet


def write_pdf(sheet: Sheet) -> bytes:
    """The document. Refuses where the server lacks the library that sets the type."""
    return set_as_pdf(html_of(sheet))


def html_of(sheet: Sheet) -> str:
    return render_to_string("documents/draw_sheet.html", {"sheet": sheet, "columns": COLUMNS, "blank": range(4)})
