"""A problem is reported and screened."""

from datetime import date, timedelta
from typing import Any

import pytest

from casework.errors import Invalid, NotAllowed, Refusal
from casework.lifecycle.reporting import classify_case, screen_case
from casework.models import Case, CatalogueItem
from casework.models.case_event import EventKind
from casework.stages import Stage
from flows import steps
from tests.cast import Cast
from tests.walk import (
    NOW,
    TODAY,
    assigned,
    case_at,
    closed,
    reported,
    screened,
)


class TestReporting:
    def test_an_offices_own_report_waits_for_assignment(self, cast: Cast) -> None:
        assert reported(cast, by=cast.county_supervisor).stage == Stage.ASSIGNMENT
        assert reported(cast, by=cast.town_reviewer).stage == Stage.SCREENING

    def test_numbers_run_without_gaps_for_each_office(self, cast: Cast) -> None:
        numbers = [reported(cast, village=village).number for village in (cast.willow, cast.reed, cast.willow)]
        assert numbers == ["QH-2026-000001", "YX-2026-000001", "QH-2026-000002"]

    def test_a_refused_report_takes_no_number(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            reported(cast, by=cast.outsider_town)
        assert reported(cast).number == "QH-2026-000001"

    @pytest.mark.parametrize(
        ("words", "code", "field"),
        [
            ({"description": "  "}, "description_missing", "description"),
            ({"found_on": TODAY + timedelta(days=1)}, "found_in_future", "found_on"),
            ({"fact_on": TODAY}, "fact_after_finding", "fact_on"),
            ({"latitude": 33.5}, "half_a_position", "latitude"),
        ],
    )
    def test_bad_words_are_named_by_their_field(self, words: dict[str, Any], code: str, field: str, cast: Cast) -> None:
        with pytest.raises(Invalid) as refusal:
            reported(cast, **words)
        assert (refusal.value.code, refusal.value.field) == (code, field)

    def test_a_relapse_names_a_struck_off_case_of_the_same_village(self, cast: Cast) -> None:
        earlier = closed(cast, case_at(Stage.STRIKE_OFF, cast))
        with pytest.raises(Invalid) as too_early:
            reported(cast, relapse_of=earlier)  # found the day before it was struck off
        assert too_early.value.code == "fact_before_closure"
        with pytest.raises(Invalid) as elsewhere:
            reported(cast, relapse_of=earlier, village=cast.poplar, found_on=TODAY)
        assert elsewhere.value.code == "relapse_elsewhere"
        claimed = reported(cast, relapse_of=earlier, found_on=TODAY)
        assert claimed.relapse_of is None
        assert claimed.candidates.get().features["claimed"] == 1
        relapse = reported(cast, relapse_of=earlier, found_on=TODAY, by=cast.county_supervisor)
        assert relapse.relapse_of == earlier
        assert relapse.needs_city_review

    def test_the_village_hears_of_it_when_it_is_assigned(self, cast: Cast) -> None:
        from casework.queries import visible

        case = screened(cast, reported(cast))
        assert not visible(cast.willow_head, TODAY).filter(pk=case.pk).exists()
        assigned(cast, case)
        assert visible(cast.willow_head, TODAY).filter(pk=case.pk).exists()


class TestScreening:
    def test_a_refusal_needs_its_reason(self, cast: Cast) -> None:
        case = reported(cast)
        with pytest.raises(Invalid):
            steps.take(screen_case, case=case, by=cast.county_supervisor, at=NOW, outcome="refused", reason=" ")
        ended = steps.take(
            screen_case, case=case, by=cast.county_supervisor, at=NOW, outcome="refused", reason="不属村务"
        )
        assert (ended.stage, ended.waits_at) == (Stage.REFUSED, None)

    def test_a_duplicate_names_an_open_case_of_the_same_village(self, cast: Cast) -> None:
        case, elsewhere, original = reported(cast), reported(cast, village=cast.poplar), reported(cast)
        for wrong in (None, case, elsewhere, closed(cast, case_at(Stage.STRIKE_OFF, cast))):
            with pytest.raises(Invalid):
                steps.take(
                    screen_case,
                    case=case,
                    by=cast.county_supervisor,
                    at=NOW,
                    outcome="duplicate",
                    duplicate_of=wrong,
                )
        ended = steps.take(
            screen_case, case=case, by=cast.county_supervisor, at=NOW, outcome="duplicate", duplicate_of=original
        )
        assert ended.stage == Stage.DUPLICATE

    def test_an_accepted_report_says_nothing_of_the_case_it_only_resembles(self, cast: Cast) -> None:
        case, original = reported(cast), reported(cast)
        by = cast.county_supervisor
        steps.take(screen_case, case=case, by=by, at=NOW, outcome="accepted", duplicate_of=original)
        assert case.events.get(kind=EventKind.ACCEPTED).words == ""


@pytest.mark.parametrize("field", ["found_on", "fact_on"])
def test_a_day_of_no_plausible_year_is_refused(cast: Cast, field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        reported(cast, **{field: date(1, 1, 1)})
    assert refusal.value.code == "day_too_early"
    assert refusal.value.field == field


class TestClassification:
    def two_items(self) -> tuple[CatalogueItem, CatalogueItem]:
        first = CatalogueItem.objects.order_by("id")[0]
        other = CatalogueItem.objects.exclude(days=first.days).exclude(standard=first.standard).order_by("id")[0]
        return first, other

    def test_what_the_item_before_had_filled_in_goes_with_it(self, cast: Cast) -> None:
        wrong, right = self.two_items()
        case = reported(cast, item=wrong)
        case = classified(cast, case, right)
        assert (case.days, case.clause) == (right.days, right.standard[:200])

    def test_what_the_finder_said_stays(self, cast: Cast) -> None:
        wrong, right = self.two_items()
        case = classified(cast, reported(cast, item=wrong, days=77, clause="第七条"), right)
        assert (case.days, case.clause) == (77, "第七条")

    def test_without_an_item_before_the_item_fills_in(self, cast: Cast) -> None:
        right = self.two_items()[1]
        case = classified(cast, reported(cast, item=None), right)
        assert (case.days, case.clause) == (right.days, right.standard[:200])


def classified(cast: Cast, case: Case, item: CatalogueItem) -> Case:
    return steps.take(classify_case, case=case, by=cast.county_supervisor, at=NOW, item=item, severity=item.severity)
