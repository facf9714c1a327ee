"""Pages of cases by key: a page begins behind the last row of the one before it, and nothing is ever counted.

The deadline is missing until a case is assigned, and no index range reaches over its nulls: so a page sorted by
deadline takes the rows with one first, and only fills up with the rows without.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from casework.models import Case
from casework.numbers import whole_number

PAGE = 30


@dataclass(frozen=True)
class Page:
    """Some cases, and the key of the next page: empty on the last one."""

    cases: list[Case]
    next_key: str


def page_of(cases: QuerySet[Case], *, sort: str, after: str = "", size: int = PAGE) -> Page:
    """The next `size` cases after a key, sorted as in `filters.SORTS`. An unreadable key gives the first page."""
    if sort in ("due", "-due"):
        found = _by_deadline(cases, descending=sort == "-due", after=after, size=size + 1)
    else:
        found = _by_id(cases, descending=sort == "new", after=after, size=size + 1)
    if len(found) <= size:
        return Page(found, "")
    last = found[size - 1]
    return Page(found[:size], f"{last.due_on or ''}_{last.pk}")


def _by_deadline(cases: QuerySet[Case], *, descending: bool, after: str, size: int) -> list[Case]:
    due_on, pk = _key(after)
    sign = "-" if descending else ""
    found: list[Case] = []
    if pk is None or due_on is not None:
        dated = cases.filter(due_on__isnull=False).order_by(f"{sign}due_on", f"{sign}id")
        if due_on is not None:
            compared = "lte" if descending else "gte"
            # A range of the index, and within its first day only what comes later.
            dated = dated.filter(**{f"due_on__{compared}": due_on}).exclude(
                Q(due_on=due_on) & Q(**{f"id__{'gte' if descending else 'lte'}": pk})
            )
            pk = None
        found = list(dated[:size])
    if len(found) < size:
        undated = _by_id(cases.filter(due_on=None), descending=descending, after=f"_{pk or ''}", size=size - len(found))
        found += undated
    return found


def _by_id(cases: QuerySet[Case], *, descending: bool, after: str, size: int) -> list[Case]:
    pk = _key(after)[1]
    if pk is not None:
        cases = cases.filter(**{f"id__{'lt' if descending else 'gt'}": pk})
    return list(cases.order_by("-id" if descending else "id")[:size])


def _key(after: str) -> tuple[date | None, int | None]:
    day, _, number = after.partition("_")
    pk = whole_number(number)
    if pk is None:
        return None, None
    try:
        return (date.fromisoformat(day) if day else None), pk
    except ValueError:
        return None, None
