"""The State Council's calendars as chinesecalendar knows them: the seed of the editable table."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import chinese_calendar
from chinese_calendar import constants

YEARS = range(min(constants.holidays).year, max(constants.holidays).year + 1)
SOURCE = "国务院办公厅节假日安排（系统预置）"


def days_of(year: int) -> Iterator[tuple[date, bool, str]]:
    """(day, is it worked, why if it isn't what the weekday says) for each day of an announced year."""
    day = date(year, 1, 1)
    while day.year == year:
        holiday = constants.holidays.get(day) or constants.workdays.get(day)
        name = constants.Holiday(holiday).chinese if holiday else ""
        yield day, chinese_calendar.is_workday(day), name
        day += timedelta(days=1)


def install(apps: Any, *_editor: Any) -> None:
    """Fill the table with every year that is announced; years that stand there already are left alone."""
    year_model = apps.get_model("casework", "CalendarYear")
    day_model = apps.get_model("casework", "CalendarDay")
    known = set(year_model.objects.values_list("year", flat=True))
    at = datetime.now(UTC)
    missing = [year for year in YEARS if year not in known]
    year_model.objects.bulk_create(
        [year_model(year=year, source=SOURCE, changed_at=at, applied_at=at) for year in missing]
    )
    day_model.objects.bulk_create(
        [
            day_model(day=day, year_id=year, is_working=is_working, name=name)
            for year in missing
            for day, is_working, name in days_of(year)
        ],
        batch_size=2000,
    )
