"""A row of a findings file and what becomes of it, with the sentences of those that are refused beside another."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from casework.errors import Invalid
from casework.lifecycle.finding_rows import ImportedFinding
from casework.models import Case, Unit
from casework.tables.columns import FINDINGS, listed, name_of
from casework.tables.parsing import Row


@dataclass
class Sorted:
    """A row and what becomes of it: a refusal, a case that is there already, or a new case, perhaps a duplicate.

    A refusal is said when it is asked for, in the language of that moment: the page is read in more than one.
    """

    row: Row
    cells: Mapping[str, Any]
    refusal: Callable[[], str] | None = None
    is_known: bool = False
    finding: ImportedFinding | None = None
    village: Unit | None = None
    case: Case | None = None

    def refuse(self, refusal: Callable[[], str]) -> "Sorted":
        self.refusal, self.finding = refusal, None
        return self


def refusal_of(understand_row: Callable[[], ImportedFinding]) -> str:
    try:
        understand_row()
    except Invalid as refusal:
        return str(refusal)
    return ""


def taken_by_row(row: int, news: list[str], finding: ImportedFinding) -> str:
    said = {"row": row, "columns": names_of(news)}
    if finding.finding_no:
        return _("Row %(row)d has this number already, but says something else: %(columns)s.") % said
    return _("Row %(row)d says the same, but something else here: %(columns)s.") % said


def taken(case: Case, news: list[str], finding: ImportedFinding) -> str:
    """Why a row with the number, or the words, of a case is neither that case nor a new one."""
    said = {"number": case.number, "columns": names_of(news), "finding_no": finding.finding_no}
    if news == ["closed_on"] and case.is_open:
        return (
            _("The case %(number)s is still open here, and this row says that it was struck off. Strike it off there.")
            % said
        )
    if not finding.finding_no:
        return _("The case %(number)s says the same, but something else here: %(columns)s.") % said
    return (
        _(
            "The case %(number)s has the number %(finding_no)s of this year already, but says something else: %(columns)s. "
            "Mend the row, or give another problem a number of its own."
        )
        % said
    )


def names_of(columns: list[str]) -> str:
    return listed([name_of(column, FINDINGS) for column in columns])
