"""Many findings get their category by one decision: as many single ones would, and a reason for each that can't."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.errors import Invalid
from casework.lifecycle.classification import MOST_AT_ONCE, Classified
from casework.lifecycle.reporting import classify_case
from casework.models import Case, CaseTraits, CatalogueItem, Person
from casework.models.history import is_sealed
from casework.stages import Stage
from flows import steps
from flows.classification import classify_together
from tests.cast import Cast
from tests.factories import item
from tests.walk import NOW, TODAY, case_at, reported, screened

LATER = NOW + timedelta(hours=3)
TOLD = ("item_id", "severity", "kind", "days", "clause", "light", "next_step_at", "touched_at", "version", "stage")


def idle() -> CatalogueItem:
    return CatalogueItem.objects.get(code="openness-idle")


def together(by: Person, *cases: Case, under: CatalogueItem | None = None, severity: int | None = None) -> Classified:
    keys = [case.pk for case in cases]
    return classify_together(cases=keys, item=under or idle(), severity=severity, by=by, at=LATER)


def codes(outcome: Classified) -> dict[str, str]:
    return {case.number: refusal.code for case, refusal in outcome.refused}


def unclassified(cast: Cast, **values: object) -> Case:
    """As an import leaves it: neither an item nor a severity."""
    case = reported(cast, item=None, **values)  # type: ignore[arg-type]
    case.severity = None
    case.save()
    return case


def struck_off(cast: Cast) -> Case:
    """A case that was struck off three weeks ago."""
    case = reported(cast, item=item(3), severity=3, description="鱼塘承包合同到期", found_on=TODAY - timedelta(days=40))
    case.stage, case.closed_on, case.waits_at = Stage.CLOSED, TODAY - timedelta(days=21), None
    case.save()
    return case


def test_a_set_is_classified_as_each_of_it_would_be_alone(cast: Cast) -> None:
    earlier = struck_off(cast)
    alone, in_a_set = (unclassified(cast, found_on=TODAY, description="鱼塘的合同") for _ in range(2))
    other = unclassified(cast, village=cast.poplar, days=9, clause="办法第三条")
    steps.take(
        classify_case,
        case=alone,
        item=earlier.item,
        severity=earlier.item.severity,
        by=cast.county_supervisor,
        at=LATER,
    )
    outcome = together(cast.county_supervisor, in_a_set, other, under=earlier.item)
    assert [case.pk for case in outcome.done] == [in_a_set.pk, other.pk] and not outcome.refused
    for case in (alone, in_a_set, other):
        case.refresh_from_db()
    assert [getattr(alone, name) for name in TOLD] == [getattr(in_a_set, name) for name in TOLD]
    assert (other.days, other.clause, other.item) == (9, "办法第三条", earlier.item)
    said = [
        (event.kind, event.words, event.by, event.by_unit, event.by_role, event.version, event.at, event.stage_before)
        for event in (one.events.order_by("-id").first() for one in (alone, in_a_set))
        if event is not None
    ]
    assert said[0] == said[1]
    traits = CaseTraits.objects.in_bulk([alone.pk, in_a_set.pk])
    assert traits[alone.pk].item == traits[in_a_set.pk].item == earlier.item
    assert traits[in_a_set.pk].matched_at == LATER
    # Of two reports of one week the first may be the return.
    assert list(alone.candidates.values_list("earlier", flat=True)) == [earlier.pk]


def test_what_may_have_come_back_is_looked_for_by_its_new_category(cast: Cast) -> None:
    earlier = struck_off(cast)
    back = unclassified(cast, found_on=TODAY, description="有人反映鱼塘的事")
    guessed = back.candidates.get(earlier=earlier)
    together(cast.county_supervisor, back, under=earlier.item)
    weighed = back.candidates.get()
    assert weighed.earlier == earlier and weighed.features != guessed.features


def test_each_change_has_its_sealed_history_with_the_step_and_the_hand(cast: Cast) -> None:
    case, other = unclassified(cast), unclassified(cast, village=cast.poplar)
    together(cast.county_supervisor, case, other)
    for one in (case, other):
        row = one.history.latest("history_id")
        assert (row.history_step, row.history_user, row.history_date) == (
            "classify_cases",
            cast.county_supervisor,
            LATER,
        )
        assert (row.item_id, row.history_type, is_sealed(row)) == (idle().pk, "~", True)


def test_a_severity_that_came_in_stays_and_one_for_all_counts_for_all(cast: Cast) -> None:
    grave = reported(cast, item=None, severity=4)
    without = unclassified(cast, village=cast.poplar)
    together(cast.county_supervisor, grave, without)
    assert [Case.objects.get(pk=one.pk).severity for one in (grave, without)] == [4, idle().severity]
    third = reported(cast, item=None, severity=4, village=cast.elm)
    together(cast.county_supervisor, third, severity=1)
    assert Case.objects.get(pk=third.pk).severity == 1


def test_nobody_classifies_the_own_self_check_and_the_rest_is_done(cast: Cast) -> None:
    own = unclassified(cast, by=cast.county_supervisor, source="self_check")
    good = unclassified(cast, village=cast.poplar)
    outcome = together(cast.county_supervisor, own, good)
    assert codes(outcome) == {own.number: "own_report"}
    assert [case.pk for case in outcome.done] == [good.pk]
    assert Case.objects.get(pk=own.pk).item is None
    assert together(cast.city_supervisor, own).done


def test_what_moved_on_or_was_classified_meanwhile_says_so(cast: Cast) -> None:
    moved = case_at(Stage.RECTIFICATION, cast)
    known = screened(cast, reported(cast, village=cast.poplar))
    good = unclassified(cast, village=cast.elm)
    outcome = together(cast.county_supervisor, moved, known, good)
    assert codes(outcome) == {moved.number: "wrong_stage", known.number: "classified_already"}
    assert [case.pk for case in outcome.done] == [good.pk]


@pytest.mark.parametrize("who", ["outsider_county", "inspector", "town_reviewer", "willow_head", "administrator"])
def test_who_has_no_right_for_a_case_is_refused_for_it(who: str, cast: Cast) -> None:
    case = unclassified(cast)
    assert codes(together(getattr(cast, who), case)) == {case.number: "not_your_case"}
    assert Case.objects.get(pk=case.pk).version == case.version


def test_twice_the_second_is_told_that_somebody_was_faster(cast: Cast) -> None:
    case = unclassified(cast)
    assert together(cast.county_supervisor, case).done
    assert codes(together(cast.city_supervisor, case)) == {case.number: "classified_already"}
    assert case.events.filter(kind="classified").count() == 1


@pytest.mark.parametrize("severity", [0, 5])
def test_no_severity_beyond_the_four_is_taken(severity: int, cast: Cast) -> None:
    with pytest.raises(Invalid):
        together(cast.county_supervisor, unclassified(cast), severity=severity)


def test_an_item_out_of_use_is_not_filed_under(cast: Cast) -> None:
    CatalogueItem.objects.filter(pk=idle().pk).update(is_active=False)
    with pytest.raises(Invalid):
        together(cast.county_supervisor, unclassified(cast))


def test_one_decision_takes_a_thousand_and_no_more(cast: Cast) -> None:
    with pytest.raises(Invalid):
        classify_together(
            cases=list(range(MOST_AT_ONCE + 1)), item=idle(), severity=None, by=cast.county_supervisor, at=LATER
        )


def test_twenty_take_as_many_queries_as_three(cast: Cast) -> None:
    def queries(*cases: Case) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(together(cast.county_supervisor, *cases).done) == len(cases)
        return len(captured)

    villages = (cast.willow, cast.poplar, cast.elm)
    few = queries(*[unclassified(cast, village=village) for village in villages])
    many = queries(*[unclassified(cast, village=villages[n % 3]) for n in range(20)])
    assert many <= few
