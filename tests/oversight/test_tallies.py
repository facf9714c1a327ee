"""The tallies kept up to date say what the cases say."""

from datetime import timedelta
from unittest import mock

import pytest

from casework.clocks.cursors import reach
from casework.escalation.sweeping import sweep
from casework.lifecycle.look_back import Seen
from casework.lifecycle.verdicts import appeal_verdict, give_verdict
from casework.models import Case, LookBack
from casework.models.look_back import LookBackState
from casework.stages import Role, Stage
from casework.working_time.deadlines import midnight
from flows import look_back as flow
from flows import steps
from oversight import tallies
from oversight.models import Dimension, RelapseAge, Tally
from tests.cast import Cast
from tests.factories import appoint
from tests.walk import NOW, TODAY, assigned, case_at, closed, photo, relapsed, reported


def counted() -> set[tuple[object, ...]]:
    columns = ("county", "dimension", "key", "day", "opened", "closed", "back", "paper_only")
    return set(Tally.objects.values_list(*columns))


def ages() -> set[tuple[object, ...]]:
    return set(RelapseAge.objects.values_list("county", "dimension", "key", "day", "age", "count"))


def back_of(dimension: str, key: object) -> tuple[int, int]:
    rows = Tally.objects.filter(dimension=dimension, key=str(key))
    return sum(row.back for row in rows), sum(row.closed for row in rows)


@pytest.fixture
def earlier(cast: Cast) -> Case:
    case = closed(cast, case_at(Stage.STRIKE_OFF, cast))
    closed(cast, case_at(Stage.STRIKE_OFF, cast))
    day = TODAY - timedelta(days=40)
    Case.objects.filter(pk=case.pk).update(closed_on=day)
    return Case.objects.get(pk=case.pk)


def test_what_happens_is_counted_by_the_next_sweep(earlier: Case, cast: Cast) -> None:
    sweep(at=NOW)
    assert back_of(Dimension.COUNTY, cast.county.pk) == (0, 2)
    assert back_of(Dimension.APPROVER, cast.county_supervisor.pk) == (0, 2)
    assert sum(Tally.objects.filter(dimension=Dimension.VILLAGE).values_list("opened", flat=True)) == 2
    relapsed(cast, earlier)
    sweep(at=NOW + timedelta(minutes=1))
    assert back_of(Dimension.VILLAGE, cast.willow.pk) == (1, 2)
    assert set(RelapseAge.objects.values_list("age", flat=True)) == {40}


def test_kept_up_to_date_is_the_same_as_made_from_scratch(earlier: Case, cast: Cast) -> None:
    sweep(at=NOW)
    again = relapsed(cast, earlier)
    sweep(at=NOW + timedelta(minutes=1))
    again = assigned(cast, again)
    said = {"candidate": again.candidates.get(), "at": NOW}
    again = steps.take(appeal_verdict, case=again, by=cast.willow_head, reason="不是同一面墙", **said)
    steps.take(give_verdict, case=again, by=cast.city_supervisor, verdict="new", reason="新建的墙", **said)
    appoint(cast.willow_member, Role.COMMITTEE_HEAD, cast.willow, valid_from=TODAY - timedelta(days=9))
    look_back = LookBack.objects.filter(state=LookBackState.PLANNED).order_by("opens_on")[0]
    at = midnight(look_back.opens_on) + timedelta(hours=8)
    sweep(at=at)
    look_back.refresh_from_db()
    seen = Seen(outcome="back", words="从未整改", is_paper_only=True, why_no_position="无信号")
    flow.take(look_back=look_back, seen=seen, photos=[photo(3)], by=cast.inspector, at=at)
    reported(cast, village=cast.elm)
    sweep(at=at + timedelta(minutes=2))
    kept, kept_ages = counted(), ages()
    assert any(row.paper_only for row in Tally.objects.all())
    assert Tally.objects.filter(dimension=Dimension.TERM, key="changed").exists()
    tallies.rebuild()
    assert counted() == kept
    assert ages() == kept_ages


def test_with_nothing_new_nothing_is_counted(earlier: Case) -> None:
    sweep(at=NOW)
    assert tallies.refresh(at=NOW + timedelta(minutes=1)) == 0


class TestWhatIsCountedAnew:
    """Each reason to count a day again by itself, on one day, so that no other hides its loss."""

    def test_a_verdict_that_was_taken_back(self, earlier: Case, cast: Cast) -> None:
        tallies.refresh(at=NOW)
        again = assigned(cast, relapsed(cast, earlier))
        tallies.refresh(at=NOW + timedelta(minutes=1))
        assert back_of(Dimension.COUNTY, cast.county.pk)[0] == 1
        said = {"candidate": again.candidates.get(), "at": NOW}
        again = steps.take(appeal_verdict, case=again, by=cast.willow_head, reason="不是同一面墙", **said)
        steps.take(give_verdict, case=again, by=cast.city_supervisor, verdict="new", reason="新建的墙", **said)
        # As if the events of before lay further back than the overlap.
        with mock.patch.object(tallies, "OVERLAP", 2):
            tallies.refresh(at=NOW + timedelta(minutes=2))
        assert back_of(Dimension.COUNTY, cast.county.pk)[0] == 0

    def test_once_a_day_whose_village_changed_hands(self, earlier: Case, cast: Cast) -> None:
        tallies.refresh(at=NOW)
        appoint(cast.willow_member, Role.COMMITTEE_HEAD, cast.willow, valid_from=TODAY - timedelta(days=9))
        assert tallies.refresh(at=NOW + timedelta(minutes=1)) == 0
        tallies.refresh(at=NOW + timedelta(days=1))
        assert back_of(Dimension.TERM, "changed") == (0, 1)

    def test_an_event_that_was_committed_after_a_later_one(self, cast: Cast) -> None:
        reported(cast)
        tallies.refresh(at=NOW)
        late = reported(cast, found_on=TODAY - timedelta(days=5))
        reach("tallies", late.events.get().pk, at=NOW)
        reported(cast, found_on=TODAY)
        tallies.refresh(at=NOW + timedelta(minutes=1))
        days = Tally.objects.filter(dimension=Dimension.COUNTY).values_list("day", "opened")
        assert (TODAY - timedelta(days=5), 1) in set(days)

    def test_of_two_relapses_the_first_says_how_long_it_held(self, earlier: Case, cast: Cast) -> None:
        for days in (7, 3):
            again = reported(cast, found_on=TODAY - timedelta(days=days))
            Case.objects.filter(pk=again.pk).update(relapse_of=earlier, fact_on=TODAY - timedelta(days=days))
        tallies.rebuild()
        assert set(RelapseAge.objects.values_list("age", flat=True)) == {33}
        assert back_of(Dimension.COUNTY, cast.county.pk) == (1, 2)
