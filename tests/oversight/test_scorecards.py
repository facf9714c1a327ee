"""A scheme, a published score, an appeal: what is refused, and what stays equal to what was published."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from casework.errors import Conflict, Invalid, NotAllowed, Refusal
from casework.models import Case, Term
from casework.models.case import Source
from casework.models.history import stamped
from casework.stages import Role, Stage
from casework.working_time.deadlines import add_working_days, local_day, midnight
from oversight.models import Appraisal, LostPoint, ScoreItem, ScoreScheme, ScoreSheet
from oversight.scorecards.appealing import appeal_score, appeals_until, decide_appeal
from oversight.scorecards.appraising import appraise
from oversight.scorecards.comparison import compared
from oversight.scorecards.computed import COMPUTED, Fault, Measured
from oversight.scorecards.publishing import score_again
from oversight.scorecards.queries import read_sheets
from oversight.scorecards.schemes import publish_scheme
from oversight.scorecards.scoring import grade, score
from tests.cast import Cast
from tests.factories import appoint, holder
from tests.oversight.score_desk import AFTER, FIRST, ITEMS, LAST, drafted, published, scored
from tests.walk import NOW, TODAY, assigned, case_at, closed, reported, screened

DUE = TODAY + timedelta(days=14)


@pytest.fixture
def late(cast: Cast) -> Case:
    """Assigned in March, due in March, and still open in April."""
    return case_at(Stage.RECTIFICATION, cast)


def code_of(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [one.code for one in refused.value.each()]


class TestSchemes:
    def test_ninety_nine_points_are_refused_and_the_sum_is_said(self, cast: Cast) -> None:
        scheme = drafted(cast, (ITEMS[0], ITEMS[1], replace(ITEMS[2], weight="19")))
        with pytest.raises(Invalid) as refused:
            publish_scheme(scheme=scheme, by=cast.county_supervisor, at=NOW)
        assert refused.value.code == "wrong_sum" and "99" in str(refused.value)
        assert not ScoreItem.objects.exists()

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"weight": "-5"}, "weight_not_positive"),
            ({"weight": "0"}, "weight_not_positive"),
            ({"per_fault": "-1"}, "cost_not_positive"),
            ({"code": "log_ins"}, "item_unknown"),
            ({"code": "", "appraiser": "nobody"}, "appraiser_unknown"),
            ({"code": "", "appraiser": ""}, "computed_or_appraised"),
            ({"code": "overdue"}, "computed_twice"),
            ({"name": " "}, "item_nameless"),
        ],
    )
    def test_what_can_be_in_no_scheme_is_named_beside_its_field(
        self, changed: dict[str, str], code: str, cast: Cast
    ) -> None:
        with pytest.raises(Refusal) as refused:
            drafted(cast, (ITEMS[0], replace(ITEMS[1], **changed)))
        assert code in code_of(refused)
        assert all(one.field.startswith("items-1-") for one in refused.value.each())

    def test_a_published_scheme_changes_no_more(self, cast: Cast) -> None:
        scheme = published(cast)
        with pytest.raises(DatabaseError), transaction.atomic():
            ScoreScheme.objects.filter(pk=scheme.pk).update(name="别的")
        with pytest.raises(DatabaseError), transaction.atomic():
            ScoreItem.objects.filter(scheme=scheme).update(weight=1)
        assert drafted(cast).version == 2

    def test_another_county_keeps_its_own(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            drafted(cast, by=cast.outsider_county)

    def test_nothing_counts_log_ins_photos_or_time_online(self) -> None:
        assert set(COMPUTED) == {"overdue", "returned", "relapsed", "never", "letters", "requirements", "reports"}


class TestScores:
    def test_each_point_lost_has_its_record(self, late: Case, cast: Cast) -> None:
        closed(cast, case_at(Stage.STRIKE_OFF, cast))
        sheet = scored(cast, published(cast))["上柳村"]
        lost = LostPoint.objects.get(line__sheet=sheet)
        assert (lost.kind, lost.row, lost.words) == ("case", late.pk, late.number)
        # One of the two that were due was late: half of 60. Nobody appraised, so of 80.
        assert lost.cost == Decimal(30)
        assert (sheet.points, sheet.weight, sheet.total) == (Decimal(50), Decimal(80), Decimal("62.5"))
        # Nor is a village scored of which there is no record at all.
        assert not ScoreSheet.objects.filter(unit=cast.poplar).exists()
        assert sheet.lines.get(item__name="群众评议").points is None

    def test_a_score_counts_again_as_it_was_published_whatever_happens_since(self, late: Case, cast: Cast) -> None:
        sheet = scored(cast, published(cast))["上柳村"]
        before = score_again(sheet)
        assert (before.points, before.weight, before.total) == (sheet.points, sheet.weight, sheet.total)
        case = Case.objects.get(pk=late.pk)
        case.due_on = case.due_on + timedelta(days=90)
        case.source = Source.SELF_CHECK
        with stamped(step="test", by=None, at=AFTER + timedelta(days=1)):
            case.save()
        Term.objects.filter(person=cast.willow_head).update(valid_from=TODAY + timedelta(days=20))
        again = score_again(ScoreSheet.objects.get(pk=sheet.pk))
        assert again == before
        kept = sorted((one.row, one.cost) for one in LostPoint.objects.filter(line__sheet=sheet))
        assert sorted((one.fault.row, one.cost) for line in again.lines for one in line.lost) == kept

    def test_what_a_village_reported_itself_costs_half(self, cast: Cast) -> None:
        case = assigned(cast, screened(cast, reported(cast, source=Source.SELF_CHECK)), due_on=DUE)
        sheet = scored(cast, published(cast))["上柳村"]
        lost = LostPoint.objects.get(line__sheet=sheet)
        assert (lost.row, lost.is_half, lost.cost) == (case.pk, True, Decimal(30))

    def test_an_inherited_case_costs_nothing_once_something_is_done_about_it(self, late: Case, cast: Cast) -> None:
        Term.objects.filter(person=cast.willow_head).update(valid_from=TODAY)
        assert scored(cast, published(cast))["上柳村"].total == Decimal(100)

    def test_an_inherited_case_that_lies_still_costs_its_points(self, cast: Cast) -> None:
        assigned(cast, screened(cast, reported(cast)), due_on=DUE)
        Term.objects.filter(person=cast.willow_head).update(valid_from=TODAY)
        assert scored(cast, published(cast))["上柳村"].lines.get(item__code="overdue").points == 0

    def test_a_veto_gives_the_lowest_grade_whatever_the_points(self, late: Case, cast: Cast) -> None:
        closed(cast, case_at(Stage.STRIKE_OFF, cast))
        scheme = published(cast, (replace(ITEMS[0], weight="10", is_veto=True), replace(ITEMS[1], weight="90")))
        read = read_sheets(list(scored(cast, scheme).values()))[0]
        assert read.total == Decimal(95)
        assert read.grade == grade(Decimal(0), "grades")

    @pytest.mark.parametrize(
        ("values", "code"),
        [
            ({"last": LAST, "at": NOW}, "period_open"),
            ({"first": LAST, "last": FIRST}, "ends_before"),
            ({"level": "county"}, "level_unknown"),
        ],
    )
    def test_a_period_that_is_still_open_or_none_is_refused(
        self, values: dict[str, object], code: str, late: Case, cast: Cast
    ) -> None:
        with pytest.raises(Refusal) as refused:
            scored(cast, published(cast), **values)
        assert code in code_of(refused)

    def test_the_same_days_are_scored_once_and_stay(self, late: Case, cast: Cast) -> None:
        scheme = published(cast)
        sheet = scored(cast, scheme)["上柳村"]
        with pytest.raises(Conflict):
            scored(cast, scheme, first=LAST, last=LAST, at=AFTER + timedelta(days=1))
        for table, values in ((ScoreSheet, {"total": 100}), (LostPoint, {"cost": 0})):
            with pytest.raises(DatabaseError), transaction.atomic():
                table.objects.update(**values)
        assert ScoreSheet.objects.get(pk=sheet.pk).total == sheet.total

    def test_more_faults_than_points_cost_no_more_than_there_are(self) -> None:
        item = ScoreItem(pk=1, kind="computed", code="letters", weight=Decimal(10), per_fault=Decimal(4))
        found = Measured(5, [Fault("letter", key, "") for key in range(5)])
        line = score([item], {"letters": found}, {}).lines[0]
        assert line.points == 0
        assert sum(one.cost for one in line.lost) == Decimal(10)


class TestAppraisals:
    def give(self, cast: Cast, **values: object) -> Appraisal:
        item = ScoreItem.objects.get(name="群众评议")
        said = {"unit": cast.willow, "first": FIRST, "last": LAST, "points": Decimal(15), "words": "公示不及时"}
        return appraise(item=item, by=cast.city_supervisor, at=AFTER, **{**said, **values})

    def test_the_named_person_gives_points_and_the_last_ones_count(self, late: Case, cast: Cast) -> None:
        scheme = published(cast)
        self.give(cast, points=Decimal(3))
        given = self.give(cast)
        sheet = scored(cast, scheme)["上柳村"]
        line = sheet.lines.get(item__name="群众评议")
        assert (line.points, sheet.weight) == (Decimal(15), Decimal(80))
        assert list(line.lost.values_list("kind", "row", "cost")) == [("appraisal", given.pk, Decimal(5))]

    def test_nobody_appraises_the_unit_in_which_they_held_a_post(self, cast: Cast) -> None:
        published(cast)
        appoint(cast.city_supervisor, Role.COMMITTEE_MEMBER, cast.willow, until=FIRST)
        with pytest.raises(NotAllowed) as refused:
            self.give(cast)
        assert refused.value.code == "own_unit"
        assert self.give(cast, unit=cast.poplar)

    @pytest.mark.parametrize(
        ("values", "code"),
        [
            ({"points": Decimal(21)}, "points_out_of_range"),
            ({"points": Decimal(-1)}, "points_out_of_range"),
            ({"words": " "}, "words_missing"),
            ({"last": local_day(AFTER)}, "period_open"),
        ],
    )
    def test_what_can_not_be_given(self, values: dict[str, object], code: str, cast: Cast) -> None:
        published(cast)
        with pytest.raises(Invalid) as refused:
            self.give(cast, **values)
        assert code in code_of(refused)

    def test_a_unit_outside_the_county_is_refused(self, cast: Cast) -> None:
        published(cast)
        with pytest.raises(Invalid) as refused:
            self.give(cast, unit=cast.reed)
        assert refused.value.code == "outside_the_area"

    def test_somebody_else_is_not_the_person_whom_the_scheme_names(self, cast: Cast) -> None:
        published(cast)
        with pytest.raises(NotAllowed):
            appraise(
                item=ScoreItem.objects.get(name="群众评议"),
                unit=cast.willow,
                first=FIRST,
                last=LAST,
                points=Decimal(20),
                words="",
                by=cast.county_supervisor,
                at=AFTER,
            )


class TestAppeals:
    @pytest.fixture
    def sheet(self, late: Case, cast: Cast) -> ScoreSheet:
        return scored(cast, published(cast))["上柳村"]

    def test_the_city_gives_points_back_and_the_published_score_stays(self, sheet: ScoreSheet, cast: Cast) -> None:
        line = sheet.lines.get(item__code="overdue")
        appeal = appeal_score(line=line, words="雨季延期已获口头同意", by=cast.willow_head, at=AFTER)
        decide_appeal(appeal=appeal, points_back=Decimal(40), words="属实", by=cast.city_supervisor, at=AFTER)
        read = read_sheets([ScoreSheet.objects.get(pk=sheet.pk)])[0]
        assert (read.sheet.points, read.sheet.total) == (sheet.points, sheet.total)
        assert read.total == Decimal("66.7")
        with pytest.raises(Conflict):
            decide_appeal(appeal=appeal, points_back=Decimal(0), words="再议", by=cast.city_supervisor, at=AFTER)

    def test_after_five_working_days_it_is_too_late(self, sheet: ScoreSheet, cast: Cast) -> None:
        until = appeals_until(sheet)
        assert until == add_working_days(local_day(AFTER), 5)
        line = sheet.lines.get(item__code="overdue")
        with pytest.raises(Conflict) as refused:
            appeal_score(line=line, words="x", by=cast.willow_head, at=midnight(until + timedelta(days=1)))
        assert refused.value.code == "appeal_too_late"
        assert appeal_score(line=line, words="x", by=cast.willow_head, at=midnight(until) + timedelta(hours=23))

    def test_only_the_unit_itself_appeals(self, sheet: ScoreSheet, cast: Cast) -> None:
        line = sheet.lines.get(item__code="overdue")
        for person in (cast.poplar_head, cast.town_reviewer, cast.county_supervisor):
            with pytest.raises(NotAllowed):
                appeal_score(line=line, words="x", by=person, at=AFTER)

    def test_what_lost_nothing_has_nothing_to_give_back(self, sheet: ScoreSheet, cast: Cast) -> None:
        with pytest.raises(Invalid):
            appeal_score(line=sheet.lines.get(item__code="returned"), words="x", by=cast.willow_head, at=AFTER)

    def test_who_scored_never_decides_also_from_a_new_post(self, sheet: ScoreSheet, cast: Cast) -> None:
        line = sheet.lines.get(item__code="overdue")
        appeal = appeal_score(line=line, words="x", by=cast.willow_head, at=AFTER)
        appoint(cast.county_supervisor, Role.CITY_SUPERVISOR, cast.city)
        for person, code in ((cast.outsider_county, "not_the_level_above"), (cast.county_supervisor, "own_score")):
            person.__dict__.pop("_posts_held", None)
            with pytest.raises(NotAllowed) as refused:
                decide_appeal(appeal=appeal, points_back=Decimal(1), words="x", by=person, at=AFTER)
            assert refused.value.code == code

    def test_no_more_is_given_back_than_was_lost(self, sheet: ScoreSheet, cast: Cast) -> None:
        line = sheet.lines.get(item__code="overdue")
        appeal = appeal_score(line=line, words="x", by=cast.willow_head, at=AFTER)
        with pytest.raises(Invalid):
            decide_appeal(appeal=appeal, points_back=Decimal(61), words="x", by=cast.city_supervisor, at=AFTER)


def test_a_funnel_says_what_chance_does_to_few_cases(cast: Cast) -> None:
    units = [cast.willow, cast.poplar, cast.elm]
    found = compared({cast.willow.pk: (2, 4), cast.poplar.pk: (100, 200), cast.elm.pk: (40, 400)}, units)
    assert [one.unit for one in found] == units
    assert [one.stands_out for one in found] == [False, True, True]
    assert [one.is_worse for one in found] == [False, True, False]


def test_the_queries_do_not_grow_with_the_villages(
    cast: Cast, late: Case, django_assert_max_num_queries: object
) -> None:
    scheme = published(cast)
    holder(Role.COMMITTEE_MEMBER, cast.elm, "more")
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        scored(cast, scheme)
