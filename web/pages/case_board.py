"""The cases of a list by stage, side by side: the most urgent of each, and how many there are."""

from collections import defaultdict
from typing import Any

from django.db.models import QuerySet

from casework.lists.filters import CaseFilters
from casework.models import Case
from casework.queries import count_of_each, first_of_each
from casework.stages import ENDS, OPEN, Stage
from web.requests import Request

SHOWN = 8
# Beyond this a column says "more than".
MOST_IN_COLUMN = 500
NEEDS = ("village", "town")


def board(request: Request, filters: CaseFilters, found: list[QuerySet[Case]]) -> dict[str, Any]:
    """A column for each stage that the filters leave; two queries, whatever there is.

    Open cases stand by their deadlines, ended ones the newest first, each part in the order of its index.
    """
    stages = [stage for stage in Stage if filters.state == "all" or (stage in OPEN) == (filters.state == "open")]
    if filters.stage:
        stages = [stage for stage in stages if stage == filters.stage]
    cases: dict[str, list[Case]] = defaultdict(list)
    counts: dict[str, int] = {}
    for kinds, order in ((OPEN, ("due_on", "id")), (ENDS, ("-id",))):
        groups = [[part.filter(stage=stage) for part in found] for stage in stages if stage in kinds]
        if not groups:
            continue
        for case in first_of_each(groups, order, SHOWN).select_related(*NEEDS).order_by(*order):
            cases[case.stage].append(case)
        parts = [part for group in groups for part in group]
        counts |= count_of_each(parts, order, MOST_IN_COLUMN + 1, by="stage")
    # A database sorts what has no deadline first or last; on the board it stands last.
    columns = [
        {
            "stage": stage,
            "cases": sorted(cases[stage], key=lambda case: stage in OPEN and case.due_on is None)[:SHOWN],
            "count": min(counts.get(stage, 0), MOST_IN_COLUMN),
            "is_more": counts.get(stage, 0) > MOST_IN_COLUMN,
        }
        for stage in stages
    ]
    return {"columns": columns, "is_empty": not cases}
