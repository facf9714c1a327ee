"""Elections: steps, the daily report of each village, and who did not report."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from casework.errors import Refusal
from casework.models import OfficeEvent, Unit
from casework.models.office_event import OfficeEventKind
from casework.models.unit import UnitLevel
from casework.stages import Role
from notifications.announcing import announce_office
from notifications.models import Message
from oversight.eligibility.elections import StepDraft, change_steps, villages_of_election
from oversight.eligibility.queries import finished_by_step, last_reported_day, silent_villages, step_days
from oversight.eligibility.reminding import tell_silent
from oversight.eligibility.reports import Told, correct_report, report_day
from oversight.models import Election, ElectionReport, ElectionStep
from tests.cast import Cast
from tests.factories import holder
from tests.oversight.electing import FIRST, LAST, YESTERDAY, elected_in, reported
from tests.walk import NOW, TODAY


def code_of(verb: Callable[..., Any], *args: Any, **given: Any) -> str:
    with pytest.raises(Refusal) as refused:
        verb(*args, **given)
    return refused.value.code


def silent(election: Election, day: Any = YESTERDAY) -> set[str]:
    return {one.name for one in silent_villages(election, villages_of_election(election, TODAY), day)}


class TestOpening:
    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"ends_on": FIRST - timedelta(days=1)}, "ends_before"),
            ({"steps": []}, "no_steps"),
            ({"steps": [StepDraft("投票"), StepDraft(" 投票 ")]}, "step_twice"),
            ({"name": " "}, "words_missing"),
        ],
    )
    def test_what_is_refused(self, changed: dict[str, Any], code: str, cast: Cast) -> None:
        assert code_of(elected_in, cast, **changed) == code
        assert not Election.objects.exists()

    def test_a_village_has_one_election_at_a_time(self, cast: Cast) -> None:
        elected_in(cast)
        assert code_of(elected_in, cast, unit=cast.city, by=cast.city_supervisor) == "election_already"
        assert code_of(elected_in, cast, begins_on=LAST) == "election_already"
        elected_in(cast, begins_on=LAST + timedelta(days=1), ends_on=LAST + timedelta(days=9))
        elected_in(cast, unit=cast.other_county, by=cast.city_supervisor)

    def test_only_its_own_office_opens_it(self, cast: Cast) -> None:
        for person in (cast.outsider_county, cast.town_reviewer):
            assert code_of(elected_in, cast, by=person) == "not_your_election"

    def test_a_renamed_step_leaves_what_was_reported(self, cast: Cast) -> None:
        election = elected_in(cast)
        before = reported(cast, election)
        by = {"election": election, "by": cast.county_supervisor, "at": NOW}
        change_steps(steps=[StepDraft("宣传发动"), StepDraft("资格联审"), StepDraft("投票"), StepDraft("公示")], **by)
        assert [one.name for one in election.steps.all()] == ["宣传发动", "资格联审", "投票", "公示"]
        assert ElectionReport.objects.get(pk=before.pk).step_name == "推选准备"
        assert ElectionStep.history.filter(name="推选准备").exists()
        assert code_of(change_steps, steps=[StepDraft("投票")], **by) == "step_taken_out"


class TestReports:
    def test_who_did_not_report_of_yesterday_is_listed(self, cast: Cast) -> None:
        election = elected_in(cast)
        assert silent(election) == {"上柳村", "杨树村", "榆钱村"}
        reported(cast, election)
        reported(cast, election, cast.poplar, day=TODAY)
        assert silent(election) == {"杨树村", "榆钱村"}

    def test_who_has_finished_owes_none_from_the_next_day(self, cast: Cast) -> None:
        election = elected_in(cast)
        reported(cast, election, step=3, day=YESTERDAY - timedelta(days=1), is_done=True)
        reported(cast, election, cast.poplar, step=3, day=YESTERDAY - timedelta(days=1))
        assert silent(election) == {"杨树村", "榆钱村"}
        assert "上柳村" in silent(election, YESTERDAY - timedelta(days=2))

    def test_the_day_that_is_asked_for(self, cast: Cast) -> None:
        election = elected_in(cast)
        assert last_reported_day(election, TODAY) == YESTERDAY
        assert last_reported_day(election, FIRST) is None
        assert last_reported_day(election, LAST + timedelta(days=5)) == LAST

    @pytest.mark.parametrize(
        ("day", "changed", "code"),
        [
            (TODAY + timedelta(days=1), {}, "day_ahead"),
            (FIRST - timedelta(days=1), {}, "outside_election"),
            (TODAY, {"happened": " "}, "words_missing"),
            (TODAY, {"step": 0}, "no_step"),
        ],
    )
    def test_what_is_refused(self, day: Any, changed: dict[str, Any], code: str, cast: Cast) -> None:
        election = elected_in(cast)
        said = {"village": cast.willow.pk, "step": election.steps.get(order=1).pk, "happened": "无", **changed}
        given = {"election": election, "day": day, "told": [Told(**said)], "by": cast.willow_head, "at": NOW}
        assert code_of(report_day, **given) == code
        assert not ElectionReport.objects.exists()

    def test_a_town_reports_for_all_its_villages_or_for_none(self, cast: Cast) -> None:
        election = elected_in(cast)
        step = election.steps.get(order=1).pk
        told = [Told(one.pk, step, "已开会") for one in (cast.willow, cast.poplar)]
        by = {"election": election, "day": YESTERDAY, "by": cast.town_reviewer, "at": NOW}
        assert code_of(report_day, told=[*told, Told(cast.elm.pk, step, "x")], **by) == "not_your_village"
        assert silent(election) == {"上柳村", "杨树村", "榆钱村"}
        assert [one.from_paper for one in report_day(told=told, **by)] == [True, True]
        assert code_of(report_day, told=told[:1], **by) == "reported_already"

    def test_a_correction_takes_the_place_of_a_report(self, cast: Cast) -> None:
        election = elected_in(cast)
        first = reported(cast, election, is_done=True)
        told = Told(cast.willow.pk, first.step_id, "会议改期", is_done=False)
        given = {"report": first, "told": told, "by": cast.willow_head, "at": NOW}
        assert code_of(correct_report, reason=" ", **given) == "words_missing"
        correct_report(reason="写错", **given)
        assert "上柳村" not in silent(election)
        assert step_days(election, [cast.willow.pk]) == {}
        assert code_of(correct_report, reason="再改", **given) == "corrected_already"


def test_the_day_of_a_step_is_the_first_on_which_it_was_done(cast: Cast) -> None:
    election = elected_in(cast)
    step = election.steps.get(order=1)
    reported(cast, election, day=YESTERDAY, is_done=True)
    reported(cast, election, day=TODAY, is_done=True)
    reported(cast, election, cast.poplar, is_done=False)
    villages = Unit.objects.filter(cast.county.subtree(), level="village")
    assert step_days(election, [cast.willow.pk, cast.poplar.pk]) == {(cast.willow.pk, step.pk): YESTERDAY}
    assert finished_by_step(election, villages) == {step.pk: 1}


def test_of_1334_villages_the_silent_ones_are_found_in_one_query(cast: Cast, django_assert_num_queries: Any) -> None:
    election = elected_in(cast)
    made = [
        Unit(
            code=f"V{number}",
            name=f"第{number}村",
            level=UnitLevel.VILLAGE,
            parent=cast.town,
            path=f"{cast.town.path}{900000 + number:0{Unit.PATH_STEP}d}",
        )
        for number in range(1331)
    ]
    Unit.objects.bulk_create(made)
    step = election.steps.get(order=1)
    ElectionReport.objects.bulk_create(
        ElectionReport(
            election=election,
            village=village,
            day=YESTERDAY,
            step=step,
            step_name=step.name,
            happened="已开会",
            by=cast.town_reviewer,
            at=NOW,
        )
        for village in made[1:]
    )
    found = silent_villages(election, villages_of_election(election, TODAY), YESTERDAY)
    with django_assert_num_queries(1):
        names = [one.name for one in found]
    assert len(names) == 4 and "第0村" in names


class TestTheMorningAfter:
    MORNING = NOW.replace(hour=8, minute=30)

    def told(self) -> dict[Unit, str]:
        rows = OfficeEvent.objects.filter(kind=OfficeEventKind.ELECTION_SILENT).select_related("unit")
        return {row.unit: row.about for row in rows}

    def test_the_village_its_town_and_the_office_are_told_once(self, cast: Cast) -> None:
        election = elected_in(cast)
        reported(cast, election, cast.willow)
        assert tell_silent(at=self.MORNING) == 1 and tell_silent(at=NOW) == 0
        told = self.told()
        assert told.keys() == {cast.poplar, cast.elm, cast.town, cast.elm.parent, cast.county}
        assert "杨树村" in told[cast.town] and "上柳村" not in told[cast.town]
        assert "杨树村、榆钱村" in told[cast.county] and str(YESTERDAY) in told[cast.county]
        assert set(OfficeEvent.objects.values_list("subject", flat=True)) == {election.pk}
        announce_office(at=NOW)
        heard = set(Message.objects.values_list("person__username", flat=True))
        assert heard == {"poplar_head", "town_reviewer", "county_supervisor"}

    def test_nobody_is_told_before_breakfast_and_the_next_day_anew(self, cast: Cast) -> None:
        elected_in(cast)
        assert tell_silent(at=self.MORNING - timedelta(hours=1)) == 0 and not self.told()
        tell_silent(at=self.MORNING)
        count = OfficeEvent.objects.count()
        tell_silent(at=self.MORNING + timedelta(days=1))
        assert OfficeEvent.objects.count() == 2 * count

    @pytest.mark.parametrize(
        ("first", "last", "is_told"), [(0, 3, False), (-1, 3, True), (-5, -1, True), (-5, -2, False)]
    )
    def test_of_the_first_day_and_the_last_and_no_other(self, first: int, last: int, is_told: bool, cast: Cast) -> None:
        day = timedelta(days=1)
        elected_in(cast, begins_on=TODAY + first * day, ends_on=TODAY + last * day)
        tell_silent(at=self.MORNING)
        assert bool(self.told()) is is_told

    def test_where_all_have_reported_nobody_hears_anything(self, cast: Cast) -> None:
        election = elected_in(cast)
        for village in (cast.willow, cast.poplar):
            reported(cast, election, village)
        told = Told(village=cast.elm.pk, step=election.steps.get(order=1).pk, happened="已开会")
        by = holder(Role.COMMITTEE_HEAD, cast.elm, "elm_head")
        report_day(election=election, day=YESTERDAY, told=[told], by=by, at=NOW)
        tell_silent(at=self.MORNING)
        assert not self.told()
