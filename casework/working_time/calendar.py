"""The working-day calendar that holds today, from its table."""

from typing import Any

from django.db.models import Max

from casework.caching.rules import RefreshingCache
from casework.models import CalendarDay, CalendarYear
from casework.working_time.workdays import Workdays


def _stamp() -> Any:
    return CalendarYear.objects.aggregate(Max("changed_at"), Max("year"))


def _load() -> Workdays:
    return Workdays(dict(CalendarDay.objects.values_list("day", "is_working")))


cached_rules = RefreshingCache(stamp=_stamp, load=_load)


def current() -> Workdays:
    """The calendar as the table has it; a change in another process is seen within seconds."""
    return cached_rules.get()
