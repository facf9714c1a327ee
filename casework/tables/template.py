"""The empty table of findings that an office fills in: our columns, an example, the categories, and the office's villages."""

from collections.abc import Iterable, Sequence
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from casework.models import CatalogueItem, Unit
from casework.models.category import Severity, local_name
from casework.tables.columns import FINDINGS, name_of

# The columns that somebody fills in by hand; a ledger's own (progress, struck off) are read as well.
COLUMNS = (
    "finding_no", "county", "town", "village", "village_code", "found_on", "category", "severity", "description",
    "required_action", "object", "source", "inspector", "fact_on", "due_days", "photos",
)  # fmt: skip
WIDE = {"description": 46, "required_action": 30, "category": 22, "village_code": 16, "photos": 22}
USUAL = 12
# As far down as the lists of categories and severities can be chosen from.
LAST_ROW = 2000


def write_template(file: IO[bytes], *, items: Sequence[CatalogueItem], villages: Iterable[Unit]) -> None:
    """Write the workbook in the language of the moment. Every cell is text, so that a code stays a code."""
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        text = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        head = book.add_format({"bold": True, "bg_color": "#e2efed", "bottom": 1, "num_format": "@"})
        example = book.add_format({"italic": True, "font_color": "#7a7263", "num_format": "@", "text_wrap": True})
        sheet = book.add_worksheet(_("Findings"))
        columns = [column for column in COLUMNS if column in FINDINGS]
        for place, column in enumerate(columns):
            sheet.set_column(place, place, WIDE.get(column, USUAL), text)
            sheet.write_string(0, place, name_of(column, FINDINGS), head)
            said = local_name(items[0]) if column == "category" and items else example_of(column)
            sheet.write_string(1, place, said, example)
        sheet.freeze_panes(1, 0)
        categories = _("Categories")
        _offer(sheet, columns.index("category"), f"='{categories}'!$B$2:$B${len(items) + 1}")
        _offer(sheet, columns.index("severity"), [str(level.label) for level in Severity])
        rows = [[local_name(item.aspect), local_name(item), str(item.get_severity_display())] for item in items]
        _list(book, categories, [_("Aspect"), _("Category"), _("Severity")], rows, head, text)
        above = [name_of(column, FINDINGS) for column in ("county", "town", "village", "village_code")]
        _list(book, _("Villages"), above, (line_of(village) for village in villages), head, text)


def line_of(village: Unit) -> list[str]:
    """County, town, name and code; the units above have been read along."""
    town = village.parent
    county = town.parent if town else None
    return [county.name if county else "", town.name if town else "", village.name, village.code]


def example_of(column: str) -> str:
    """A row of the invented city. Its first cell says that it is an example: no import reads it (headers.is_no_row)."""
    return {
        "finding_no": _("Example"),
        "county": "栖梧区",
        "town": "青筠镇",
        "village": "筠溪村",
        "found_on": "2026-03-02",
        "severity": str(Severity.MODERATE.label),
        "description": _("The board west of the village office has been empty since January."),
        "required_action": _("Fill it, and keep it filled every month."),
        "object": _("western board"),
        "source": _("Spot check"),
        "photos": "IMG_0001.jpg",
    }.get(column, "")


def _offer(sheet: Any, place: int, source: Any) -> None:
    """A list to choose from; other words may be written all the same."""
    sheet.data_validation(
        1, place, LAST_ROW, place, {"validate": "list", "source": source, "error_type": "information"}
    )


def _list(book: Any, name: str, heads: Sequence[str], rows: Iterable[Sequence[str]], head: Any, text: Any) -> None:
    sheet = book.add_worksheet(name)
    sheet.set_column(0, len(heads) - 1, 24, text)
    sheet.freeze_panes(1, 0)
    for row, cells in enumerate([heads, *rows]):
        for place, cell in enumerate(cells):
            sheet.write_string(row, place, cell, text if row else head)
