"""Pages of cases by key: a page begins behind the last row of the one before it, and nothing is ever counted.

The deadline is missing until a case is assigned, and no index range reaches over its nulls: so a page sorted by
deadline takes the rows with one first, and only fills up with the rows without.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case as ByCondition
from django.db.models import F, Q, QuerySet, When

from casework.lists.orders import MOST_SORTED, SORTED_WHEN_FEW
from casework.models import Case
from casework.queries import first_of
from casework.stages import Stage
from casework.values.numbers import whole_number

PAGE = 30


@dataclass(frozen=True)
class Page:
    """Some cases, and the key of the next page: empty on the last one."""

    cases: list[Case]
    next_key: str


def page_of(
    parts: Sequence[QuerySet[Case]], *, sort: str, after: str = "", size: int = PAGE, needs: Sequence[str] = ()
) -> Page:
    """The next `size` cases of these querysets together after a key, sorted as in `list_orders.SORTS`, with what their rows
    need of other tables. An unreadable key gives the first page.
    """
    descending = sort in ("-due", "new")
    if sort in ("due", "-due"):
        found = _by_deadline(parts, descending=descending, after=after, size=size + 1, needs=needs)
    else:
        found = _by_id(parts, descending=descending, after=after, size=size + 1, needs=needs)
    if len(found) <= size:
        return Page(found, "")
    last = found[size - 1]
    return Page(found[:size], f"{last.due_on or ''}_{last.pk}")


def sorted_page(
    parts: Sequence[QuerySet[Case]],
    *,
    sort: str,
    order: Sequence[str],
    after: str = "",
    size: int = PAGE,
    needs: Sequence[str] = (),
) -> Page:
    """The next `size` cases in an order that no index holds (`list_orders.SORTED_WHEN_FEW`), of at most MOST_SORTED cases: that
    many first ones in `order`, which an index holds, are read and sorted. The key of a page is how many came before it.
    """
    come_before = min(whole_number(after.removeprefix("n")) or 0, MOST_SORTED)
    columns = SORTED_WHEN_FEW[sort.removeprefix("-")]
    keys = [F(name).desc(nulls_last=True) if sort.startswith("-") else F(name).asc(nulls_last=True) for name in columns]
    stage_order = ByCondition(*(When(stage=stage, then=n) for n, stage in enumerate(Stage)), default=len(Stage))
    few = first_of(parts, order, MOST_SORTED).values("pk")
    rows = Case.objects.filter(pk__in=few).annotate(stage_order=stage_order).order_by(*keys, "id")
    found: list[Case] = list(rows.select_related(*needs)[come_before : come_before + size + 1])
    return Page(found[:size], f"n{come_before + size}" if len(found) > size else "")


def _by_deadline(
    parts: Sequence[QuerySet[Case]], *, descending: bool, after: str, size: int, needs: Sequence[str]
) -> list[Case]:
    due_on, pk = _key(after)
    sign = "-" if descending else ""
    found: list[Case] = []
    if pk is None or due_on is not None:
        dated = Q(due_on__isnull=False)
        if due_on is not None:
            compared = "lte" if descending else "gte"
            # A range of the index, and within its first day only what comes later.
            dated &= Q(**{f"due_on__{compared}": due_on})
            dated &= ~(Q(due_on=due_on) & Q(**{f"id__{'gte' if descending else 'lte'}": pk}))
            pk = None
        rows = first_of([part.filter(dated) for part in parts], (f"{sign}due_on", f"{sign}id"), size)
        found = list(rows.select_related(*needs))
    if len(found) < size:
        undated = [part.filter(due_on=None) for part in parts]
        found += _by_id(undated, descending=descending, after=f"_{pk or ''}", size=size - len(found), needs=needs)
    return found


def _by_id(
    parts: Sequence[QuerySet[Case]], *, descending: bool, after: str, size: int, needs: Sequence[str]
) -> list[Case]:
    pk = _key(after)[1]
    if pk is not None:
        parts = [part.filter(**{f"id__{'lt' if descending else 'gt'}": pk}) for part in parts]
    return list(first_of(parts, ["-id" if descending else "id"], size).select_related(*needs))


def _key(after: str) -> tuple[date | None, int | None]:
    day, _, number = after.partition("_")
    pk = whole_number(number)
    if pk is None:
        return None, None
    try:
        return (date.fromisoformat(day) if day else None), pk
    except ValueError:
        return None, None
