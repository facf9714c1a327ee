"""What makes a finding possible: the one set of rules for the report form and for rows of a file."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, Refusal
from casework.working_time.entered_days import of_the_past

# What a fact goes back to (a contract, a building) may be older than any supervision of it.
FIRST_FACT = date(1950, 1, 1)


def finding_refusals(
    *, description: str, found_on: date, fact_on: date | None, closed_on: date | None = None, on: date
) -> list[Refusal]:
    """Why a finding can't be a case on this day, each with the field to mend; none for a good one."""
    refusals: list[Refusal] = []
    if not description.strip():
        refusals.append(Invalid("description_missing", _("Describe what you found."), field="description"))
    ahead = _("The day of finding lies in the future.")
    refusals += of_the_past(found_on, on=on, field="found_on", code="found_in_future", sentence=ahead)
    if fact_on:
        after = _("The problem can't have occurred after it was found.")
        refusals += of_the_past(
            fact_on, on=found_on, field="fact_on", code="fact_after_finding", sentence=after, earliest=FIRST_FACT
        )
    if closed_on:
        ahead = _("The day of the strike-off lies in the future.")
        refusals += of_the_past(closed_on, on=on, field="closed_on", code="closed_in_future", sentence=ahead)
        if closed_on < found_on:
            refusals.append(
                Invalid("closed_before_found", _("The strike-off lies before the day of finding."), field="closed_on")
            )
    return refusals
