"""Which days a person may enter: one rule for every verb and form. Each question gives the refusals that it finds."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, Refusal
from casework.values.days_in_words import exact_day
from casework.working_time.deadlines import LONGEST_DAYS, add_working_days

# No record of this work is older; an earlier day is a slip of the finger.
EARLIEST = date(2000, 1, 1)


def of_the_past(
    day: date, *, on: date, field: str, code: str, sentence: Any, earliest: date = EARLIEST
) -> list[Refusal]:
    """Why something can't have happened on this day. `code` and `sentence` refuse a day after `on`."""
    if day > on:
        return [Invalid(code, sentence, field=field)]
    if day < earliest:
        return [
            Invalid(
                "day_too_early",
                _("%(day)s lies before the year %(year)d. Check the year.")
                % {"day": exact_day(day), "year": earliest.year},
                field=field,
            )
        ]
    return []


def of_a_deadline(day: date | None, *, on: date, field: str = "due_on") -> list[Refusal]:
    """Why a day can't be a deadline that is given on `on`: none, past, or more than `LONGEST_DAYS` working days away."""
    if day is None:
        return [Invalid("deadline_missing", _("Give a deadline."), field=field)]
    if day < on:
        return [Invalid("deadline_past", _("The deadline lies in the past."), field=field)]
    return too_far(day, on=on, field=field)


def too_far(day: date, *, on: date, field: str) -> list[Refusal]:
    """Why nothing can be planned for this day: it is more than `LONGEST_DAYS` working days after `on`."""
    if day <= add_working_days(on, LONGEST_DAYS):
        return []
    return [
        Invalid(
            "deadline_too_far",
            _("This day is more than %(days)d working days away. Check the year.") % {"days": LONGEST_DAYS},
            field=field,
        )
    ]
