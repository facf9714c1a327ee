"""So that it does not come back: wider self-checks, key villages."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from casework.errors import Conflict, Invalid, NotAllowed
from casework.models import Case, Unit, WiderCheck
from casework.models.unit import UnitLevel
from casework.queries import spread_of, visible, wider_checks_for
from casework.stages import Role
from casework.watch.prevention import eased_severity, mark_key_village, start_wider_check
from casework.working_time.deadlines import midnight, working_day_from
from tests.cast import Cast, make_cast
from tests.factories import appoint, item, unit
from tests.walk import NOW, TODAY, reported


@pytest.fixture
def check(cast: Cast) -> WiderCheck:
    for _ in range(4):
        reported(cast, village=unit(UnitLevel.VILLAGE, cast.town), severity=3)
    return start_wider_check(county=cast.county, item=item(3), reason="多村同类问题", by=cast.county_supervisor, at=NOW)


def test_it_names_in_how_many_villages_the_problem_was_found(check: WiderCheck, cast: Cast) -> None:
    assert check.villages == 4
    assert spread_of([cast.county.pk], TODAY, least=5) == []
    assert spread_of([cast.county.pk], TODAY, least=4)[0].item == check.item_id


def test_what_a_village_reports_of_itself_counts_half(check: WiderCheck, cast: Cast) -> None:
    own = reported(cast, severity=3, source="self_check", by=cast.town_reviewer)
    assert own.severity == 2
    assert reported(cast, severity=3, by=cast.town_reviewer).severity == 3
    assert reported(cast, severity=3, item=item(2), source="self_check").severity == 3
    late = TODAY + timedelta(days=31)
    assert eased_severity(Case(severity=4, source="self_check", item=item(3), county=cast.county), on=late) == 4


@pytest.mark.parametrize(("severity", "eased"), [(1, 1), (2, 1), (3, 2), (4, 2), (None, None)])
def test_the_half_of_an_odd_severity_is_rounded_up(
    severity: int | None, eased: int | None, check: WiderCheck, cast: Cast
) -> None:
    own = Case(severity=severity, source="self_check", item=item(3), county=cast.county)
    assert eased_severity(own, on=TODAY) == eased
    assert eased_severity(Case(severity=severity, source="self_check", county=cast.county), on=TODAY) == severity


def test_one_at_a_time_with_a_reason_by_the_office(check: WiderCheck, cast: Cast) -> None:
    words = {"county": cast.county, "at": NOW}
    with pytest.raises(Conflict):
        start_wider_check(item=item(3), reason="再来", by=cast.city_supervisor, **words)
    with pytest.raises(Invalid):
        start_wider_check(item=item(2), reason=" ", by=cast.county_supervisor, **words)
    with pytest.raises(Invalid):
        start_wider_check(
            item=item(2), reason="久", by=cast.county_supervisor, until=TODAY + timedelta(days=400), **words
        )
    for person in (cast.outsider_county, cast.town_reviewer):
        with pytest.raises(NotAllowed):
            start_wider_check(item=item(2), reason="查", by=person, **words)


@pytest.mark.parametrize(("days", "is_taken"), [(-1, False), (0, True), (120, True), (121, False)])
def test_it_ends_today_at_the_earliest_and_in_120_days_at_the_latest(days: int, is_taken: bool, cast: Cast) -> None:
    words = {"county": cast.county, "item": item(2), "reason": "查", "by": cast.county_supervisor, "at": NOW}
    until = TODAY + timedelta(days=days)
    if is_taken:
        assert start_wider_check(until=until, **words).until == working_day_from(until)
        return
    with pytest.raises(Invalid) as refused:
        start_wider_check(until=until, **words)
    assert refused.value.field == "until"


def test_a_key_village_is_marked_with_its_reason_in_the_history(cast: Cast) -> None:
    marked = mark_key_village(village=cast.willow, is_key=True, reason="三次反弹", by=cast.county_supervisor, at=NOW)
    assert marked.is_key_village
    history = Unit.objects.get(pk=cast.willow.pk).history.first()
    assert (history.history_step, history.history_change_reason) == ("mark_key_village", "三次反弹")
    assert reported(cast, village=marked).needs_city_review
    with pytest.raises(Conflict):
        mark_key_village(village=cast.willow, is_key=True, reason="再来", by=cast.county_supervisor, at=NOW)
    for person in (cast.outsider_county, cast.town_reviewer):
        with pytest.raises(NotAllowed):
            mark_key_village(village=cast.poplar, is_key=True, reason="查", by=person, at=NOW)


def test_a_committee_reports_of_its_own_village_and_only_as_a_self_check(check: WiderCheck, cast: Cast) -> None:
    own = reported(cast, severity=3, source="self_check", by=cast.willow_head)
    assert (own.severity, own.stage) == (2, "screening")
    assert own in visible(cast.willow_head, TODAY)
    with pytest.raises(Invalid) as refused:
        reported(cast, source="spot_check", by=cast.willow_head)
    assert refused.value.field == "source"
    with pytest.raises(NotAllowed):
        reported(cast, source="self_check", village=cast.poplar, by=cast.willow_head)


def test_who_is_asked_to_look_for_it_is_told(check: WiderCheck, cast: Cast) -> None:
    for person in (cast.willow_head, cast.willow_member, cast.town_reviewer):
        assert wider_checks_for(person, TODAY) == [check]
        assert wider_checks_for(person, TODAY + timedelta(days=40)) == []
    for person in (cast.inspector, cast.county_supervisor, cast.outsider_town):
        assert wider_checks_for(person, TODAY) == []


class TestOneRunningWiderCheck:
    """One for a county and an item at a time: also for whoever writes past the verb."""

    def write(self, check: WiderCheck, days: int, **words: Any) -> WiderCheck:
        values = {"county": check.county, "item": check.item, "until": check.until + timedelta(days=60), "villages": 1}
        at = midnight(TODAY + timedelta(days=days))
        return WiderCheck.objects.create(**{**values, **words, "reason": "查", "by": check.by, "at": at})

    @pytest.mark.parametrize("days", [0, 30])
    def test_the_database_refuses_a_second_until_the_first_is_over(self, days: int, check: WiderCheck) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            self.write(check, days)
        assert WiderCheck.objects.get() == check

    def test_another_item_another_county_or_the_day_after_is_taken(self, check: WiderCheck, cast: Cast) -> None:
        self.write(check, 0, item=item(2))
        self.write(check, 0, county=cast.other_county)
        self.write(check, 31)
        assert WiderCheck.objects.count() == 4


@pytest.mark.parametrize(("role", "seat"), [(Role.COMMITTEE_HEAD, "willow"), (Role.TOWN_REVIEWER, "town")])
def test_whoever_sits_in_what_is_checked_neither_starts_it_nor_takes_the_mark_away(
    role: Role, seat: str, cast: Cast
) -> None:
    appoint(cast.city_supervisor, role, getattr(cast, seat))
    words = {"by": cast.city_supervisor, "at": NOW, "reason": "查"}
    with pytest.raises(NotAllowed) as refused:
        start_wider_check(county=cast.county, item=item(3), **words)
    assert refused.value.code == "own_villages"
    start_wider_check(county=cast.other_county, item=item(3), **words)
    if role == Role.COMMITTEE_HEAD:
        with pytest.raises(NotAllowed):
            mark_key_village(village=cast.willow, is_key=True, **words)
    assert mark_key_village(village=cast.elm, is_key=True, **words).is_key_village


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_written_at_once_the_database_keeps_one(clock: object) -> None:
    cast = make_cast()
    problem, both, outcomes = item(3), Barrier(2), []

    def write() -> None:
        values = {"county": cast.county, "item": problem, "until": TODAY, "villages": 1, "reason": "查"}
        try:
            with transaction.atomic():
                both.wait(20)
                WiderCheck.objects.create(**values, by=cast.county_supervisor, at=NOW)
            outcomes.append("written")
        except IntegrityError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["refused", "written"]
