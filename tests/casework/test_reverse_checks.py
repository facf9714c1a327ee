"""Each month some strike-offs of every approver are drawn and asked about on the spot."""

from datetime import date, timedelta

import pytest

from casework.errors import Invalid
from casework.escalation.sweeping import sweep
from casework.lifecycle.look_back import Seen
from casework.models import Case, LookBack, ReverseDraw
from casework.models.look_back import LookBackKind
from casework.stages import Stage, Watch
from casework.watch import reverse_checks
from casework.working_time.deadlines import midnight
from tests.casework.look_backs import look
from tests.cast import Cast
from tests.walk import case_at, closed, reviewed


class TestReverseChecks:
    @pytest.fixture
    def strike_offs(self, cast: Cast) -> list[Case]:
        return [case_at(Stage.CLOSED, cast) for _ in range(3)] + [closed(cast, reviewed_by_city(cast))]

    def test_every_stratum_is_drawn_from_once_a_month(self, strike_offs: list[Case], cast: Cast) -> None:
        at = midnight(date(2026, 4, 7))
        assert reverse_checks.draw_reverse_checks(at=midnight(date(2026, 4, 2))) == 0
        assert reverse_checks.draw_reverse_checks(at=at) == 2
        assert reverse_checks.draw_reverse_checks(at=at + timedelta(days=1)) == 0
        drawn_ones = LookBack.objects.filter(kind=LookBackKind.REVERSE)
        assert {one.closure.by for one in drawn_ones} == {cast.county_supervisor, cast.city_supervisor}
        assert ReverseDraw.objects.get().month == date(2026, 3, 1)

    def test_the_draw_is_held_from_the_fifth_on_and_numbers_what_it_adds(self, strike_offs: list[Case]) -> None:
        assert reverse_checks.draw_reverse_checks(at=midnight(date(2026, 4, 4))) == 0
        assert reverse_checks.draw_reverse_checks(at=midnight(date(2026, 4, 5))) == 2
        assert set(LookBack.objects.filter(kind=LookBackKind.REVERSE).values_list("number", flat=True)) == {1}
        assert len(ReverseDraw.objects.get().seed) == 32

    def test_serious_cases_are_drawn_from_apart_and_a_month_ends_with_its_last_day(
        self, strike_offs: list[Case], cast: Cast
    ) -> None:
        for case, severity in zip(strike_offs, (None, 2, 3, 4), strict=True):
            Case.objects.filter(pk=case.pk).update(severity=severity)
        march, serious = date(2026, 3, 1), dict[bool, int]()
        for (_approver, is_serious, _photos_alone), keys in reverse_checks.strata_of(cast.city.pk, march).items():
            serious[is_serious] = serious.get(is_serious, 0) + len(keys)
        assert serious == {False: 2, True: 2}
        assert reverse_checks.strata_of(cast.city.pk, date(2026, 2, 1)) == {}
        assert reverse_checks.strata_of(cast.city.pk, date(2026, 4, 1)) == {}

    def test_the_draw_can_be_repeated(self, strike_offs: list[Case], cast: Cast) -> None:
        strata = reverse_checks.strata_of(cast.city.pk, date(2026, 3, 1))
        closures = max(strata.values(), key=len)
        assert reverse_checks.by_lot(closures, "a") == reverse_checks.by_lot(closures[::-1], "a")
        assert sorted(reverse_checks.by_lot(closures, "a")) == sorted(closures)

    def test_those_affected_are_asked(self, strike_offs: list[Case], cast: Cast) -> None:
        sweep(at=midnight(date(2026, 4, 7)))
        look_back = LookBack.objects.filter(kind=LookBackKind.REVERSE).first()
        assert look_back is not None
        with pytest.raises(Invalid) as refusal:
            look(look_back, cast.inspector)
        assert refusal.value.code == "nobody_asked"
        look(look_back, cast.inspector, Seen(outcome="held", words="三户均确认", asked=3, why_no_position="室内"))
        # A reverse check that holds does not end the watching: the look-backs go on.
        assert Case.objects.get(pk=look_back.case_id).watch == Watch.WATCHED


def reviewed_by_city(cast: Cast) -> Case:
    return reviewed(case_at(Stage.CITY_REVIEW, cast), cast.city_supervisor)
