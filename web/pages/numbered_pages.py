"""Long lists of the desk in numbered pages; a page too many is read, and nothing is counted."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from casework.values.numbers import whole_number
from web.requests import Request

MOST_PAGES = 10_000


@dataclass(frozen=True)
class NumberedPage:
    rows: list[Any]
    number: int
    has_more: bool

    @property
    def earlier(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def later(self) -> int | None:
        return self.number + 1 if self.has_more else None


def numbered_page(request: Request, rows: QuerySet[Any] | list[Any], *, size: int) -> NumberedPage:
    """The page that the address asks for; the first where it asks for none that can be."""
    number = whole_number(request.GET.get("page", ""), most=MOST_PAGES) or 1
    found = list(rows[(number - 1) * size : number * size + 1])
    return NumberedPage(found[:size], number, len(found) > size)
