"""What makes a finding possible: the one set of rules for the report form and for rows of a file."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, Refusal

# Supervision by committees is younger; what a fact goes back to (a contract, a building) may be older.
FIRST_FOUND, FIRST_FACT = date(2000, 1, 1), date(1950, 1, 1)


def finding_refusals(
    *, description: str, found_on: date, fact_on: date | None, closed_on: date | None = None, on: date
) -> list[Refusal]:
    """Why a finding can't be a case on this day, each with the field to mend; none for a good one."""
    refusals: list[Refusal] = []

    def refuse(field: str, code: str, sentence: object) -> None:
        refusals.append(Invalid(code, sentence, field=field))

    if not description.strip():
        refuse("description", "description_missing", _("Describe what you found."))
    if found_on > on:
        refuse("found_on", "found_in_future", _("The day of finding lies in the future."))
    if found_on < FIRST_FOUND:
        refuse("found_on", "found_long_ago", _("The day of finding lies before the year 2000. Check it."))
    if fact_on and fact_on > found_on:
        refuse("fact_on", "fact_after_finding", _("The problem can't have occurred after it was found."))
    if fact_on and fact_on < FIRST_FACT:
        refuse("fact_on", "fact_long_ago", _("The day of the fact lies before the year 1950. Check it."))
    if closed_on and closed_on > on:
        refuse("closed_on", "closed_in_future", _("The day of the strike-off lies in the future."))
    if closed_on and closed_on < found_on:
        refuse("closed_on", "closed_before_found", _("The strike-off lies before the day of finding."))
    return refusals
