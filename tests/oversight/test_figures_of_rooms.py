"""What other rooms tell on the page for those who lead: training of today's holders, and visits."""

from datetime import timedelta

import pytest
from django.utils import translation

from oversight.figures.counting import Months
from oversight.figures.figure import Figure, percent
from oversight.training.for_leaders import training_figures
from oversight.visits.for_leaders import visit_figures
from tests.cast import Cast
from tests.factories import holder
from tests.oversight.test_training import held, tick
from tests.oversight.visiting import done_visit, planned_visit
from tests.walk import NOW, TODAY

MONTH = TODAY.replace(day=1)
MONTHS = Months(MONTH, MONTH)


def by_key(figures: list[Figure]) -> dict[str, tuple[int | None, int | None]]:
    return {one.key: (one.part, one.whole) for one in figures}


def test_training_is_of_whoever_holds_the_post_today_and_leads_to_who_is_missing(cast: Cast) -> None:
    tick(cast, held(cast), cast.willow_head)
    found = training_figures(cast.county, MONTHS, NOW)
    assert by_key(found)["trained_heads"] == (1, 2)
    heads = next(one for one in found if one.key == "trained_heads")
    assert (heads.page, heads.query["who"], heads.query["under"]) == ("training_missing", "heads", cast.county.code)
    holder("committee_head", cast.elm, "new_head")
    assert by_key(training_figures(cast.county, MONTHS, NOW))["trained_heads"] == (1, 3)
    assert by_key(training_figures(cast.other_county, MONTHS, NOW))["trained_heads"] == (0, 1)


def test_people_are_counted_as_people_and_visits_as_visits(cast: Cast) -> None:
    done_visit(cast, due_by=TODAY)
    with translation.override("zh-hans"):
        heads = next(one for one in training_figures(cast.county, MONTHS, NOW) if one.key == "trained_heads")
        assert (heads.label, heads.denominator) == ("培训覆盖：村监委会主任（半年）", "2 人中 0 人")
        assert visit_figures(cast.county, MONTHS, NOW)[0].denominator == "1 次中 1 次"


def test_visits_are_counted_by_the_day_on_which_they_were_due(cast: Cast) -> None:
    assert visit_figures(cast.county, MONTHS, NOW) == []
    done_visit(cast, due_by=TODAY)
    planned_visit(cast, village=cast.poplar, due_by=TODAY)
    planned_visit(cast, village=cast.elm, due_by=TODAY + timedelta(days=3))  # has not come yet
    assert by_key(visit_figures(cast.county, MONTHS, NOW)) == {"visits_made": (1, 2), "visits_with_findings": (0, 1)}
    assert visit_figures(cast.other_county, MONTHS, NOW) == []


@pytest.mark.parametrize(
    ("share", "shown"), [(299 / 300, "99.6 %"), (1, "100 %"), (0.985, "98 %"), (0.004, "0.4 %"), (0, "0 %")]
)
def test_what_is_missing_is_never_rounded_away(share: float, shown: str) -> None:
    assert percent(share) == shown
