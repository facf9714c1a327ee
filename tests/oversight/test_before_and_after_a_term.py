"""Relapses and missed deadlines before and after a change of term: same villages, same days, with intervals."""

from datetime import date, timedelta

from casework.models import Case
from casework.stages import Stage
from oversight.handover.comparison import Comparison, before_and_after
from oversight.handover.records import HandoverPack
from oversight.rates import rate
from tests.cast import Cast
from tests.oversight.handovers import handed_over
from tests.walk import TODAY, reported

DAY = timedelta(days=1)
LATER = TODAY + 200 * DAY


def case(cast: Cast, *, due_on: date, closed_on: date | None, relapse_of: Case | None = None) -> Case:
    made = reported(cast)
    stage = Stage.CLOSED if closed_on else Stage.RECTIFICATION
    values = {"stage": stage, "waits_at": None if closed_on else cast.willow, "due_on": due_on, "closed_on": closed_on}
    Case.objects.filter(pk=made.pk).update(**values, relapse_of=relapse_of)
    return Case.objects.get(pk=made.pk)


def found(on: date = LATER) -> tuple[tuple[int, int], ...]:
    both = before_and_after(HandoverPack.objects.all(), on=on)
    return tuple((one.part, one.whole) for pair in (both.stalls, both.relapses) for one in (pair.before, pair.after))


def test_a_deadline_counts_on_the_side_of_its_day(cast: Cast) -> None:
    handed_over(cast)
    for due_on, closed_on in (
        (TODAY, TODAY - DAY),  # before, kept
        (TODAY - DAY, TODAY),  # before, missed
        (TODAY + DAY, None),  # after, missed
        (TODAY + 2 * DAY, TODAY + 2 * DAY),  # after, kept
        (TODAY - 180 * DAY, None),  # too long ago
    ):
        case(cast, due_on=due_on, closed_on=closed_on)
    assert found()[:2] == ((1, 2), (1, 2))


def test_a_deadline_of_today_is_not_missed_yet(cast: Cast) -> None:
    handed_over(cast)
    case(cast, due_on=TODAY + 5 * DAY, closed_on=None)
    assert found(TODAY + 5 * DAY)[1] == (0, 0)
    assert found(TODAY + 6 * DAY)[1] == (1, 1)


def test_a_relapse_counts_where_it_came_back_within_ninety_days_and_these_have_passed(cast: Cast) -> None:
    handed_over(cast)
    back = case(cast, due_on=TODAY, closed_on=TODAY - DAY)
    case(cast, due_on=TODAY, closed_on=TODAY - DAY)
    again = case(cast, due_on=LATER, closed_on=None, relapse_of=back)
    Case.objects.filter(pk=again.pk).update(found_on=TODAY + 88 * DAY)
    assert found(TODAY + 88 * DAY)[2] == (0, 0)
    assert found(TODAY + 89 * DAY)[2] == (1, 2)
    Case.objects.filter(pk=again.pk).update(found_on=TODAY + 90 * DAY)
    assert found(TODAY + 100 * DAY)[2] == (0, 2)


def test_nothing_is_said_where_the_intervals_overlap() -> None:
    assert not Comparison(rate(1, 3), rate(2, 3)).can_say
    assert Comparison(rate(1, 100), rate(60, 100)).can_say
    assert not Comparison(rate(0, 0), rate(60, 100)).can_say


def test_its_queries_do_not_grow_with_the_villages(cast: Cast, django_assert_max_num_queries: object) -> None:
    handed_over(cast)
    with django_assert_max_num_queries(4):
        found()
