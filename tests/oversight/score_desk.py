"""A county's scheme and a month of the cast's village, for the tests of scorecards."""

from datetime import date, datetime
from typing import Any

from casework.models.unit import UnitLevel
from oversight.models import ScoreScheme, ScoreSheet
from oversight.scorecards.publishing import publish_scores
from oversight.scorecards.schemes import ItemDraft, draft_scheme, publish_scheme
from tests.cast import Cast
from tests.walk import NOW

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
AFTER = NOW.replace(month=4, day=1)
ITEMS = (
    ItemDraft("按期销号", "overdue", weight="60"),
    ItemDraft("一次通过", "returned", weight="20", per_fault="5"),
    ItemDraft("群众评议", appraiser="city_supervisor", weight="20"),
)


def drafted(cast: Cast, items: tuple[ItemDraft, ...] = ITEMS, **values: Any) -> ScoreScheme:
    said = {"county": cast.county, "name": "百分制考核", "grading": "grades", "by": cast.county_supervisor, "at": NOW}
    return draft_scheme(items=items, **{**said, **values})


def published(cast: Cast, items: tuple[ItemDraft, ...] = ITEMS) -> ScoreScheme:
    return publish_scheme(scheme=drafted(cast, items), by=cast.county_supervisor, at=NOW)


def scored(cast: Cast, scheme: ScoreScheme, *, at: datetime = AFTER, **values: Any) -> dict[str, ScoreSheet]:
    said = {"level": UnitLevel.VILLAGE, "first": FIRST, "last": LAST, "by": cast.county_supervisor, **values}
    return {one.unit_name: one for one in publish_scores(scheme=scheme, at=at, **said)}
