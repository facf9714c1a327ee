"""Home of the lead office and of a member's reporter: what waits for them in the coordination mechanism."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from casework.models import Person
from oversight.bulletins.approving import submit_bulletin
from oversight.models import ExpectedReport
from tests.cast import Cast
from tests.oversight.bulletin_desk import FIRST, LAST, add_cases, draft, published
from tests.oversight.desk import Desk, make_desk, make_period
from tests.oversight.reports import answers_with, opened, submitted
from tests.walk import NOW

SignedIn = Callable[[Person], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


def test_the_lead_office_sees_the_running_period_and_what_was_handed_in(
    desk: Desk, signed_in: SignedIn, django_assert_max_num_queries: Callable
) -> None:
    period = opened(desk)
    submitted(period, desk.county.unit_id, desk.county_reporter, said=answers_with())
    client = signed_in(desk.officer)
    with django_assert_max_num_queries(15):
        page = client.get("/")
    assert [one.expected.unit for one in page.context["reports_to_decide"]] == [desk.county.unit]
    [(shown, rates)] = page.context["running_periods"]
    assert shown == period and (rates.expected, rates.present) == (ExpectedReport.objects.count(), 1)
    other = signed_in(desk.county_reporter).get("/")
    assert "reports_to_decide" not in other.context and "running_periods" not in other.context


def test_a_bulletin_waits_for_a_colleague_and_not_for_who_wrote_it(cast: Cast, desk: Desk, signed_in: SignedIn) -> None:
    make_period(desk, FIRST, LAST)
    add_cases(cast, cast.willow, closed=1, in_progress=2)
    bulletin = submit_bulletin(bulletin=draft(desk), by=desk.officer, at=NOW)
    assert signed_in(desk.colleague).get("/").context["bulletins_to_approve"] == [bulletin]
    assert signed_in(desk.officer).get("/").context["bulletins_to_approve"] == []


def test_a_member_sees_what_it_has_not_signed_for(cast: Cast, desk: Desk, signed_in: SignedIn) -> None:
    make_period(desk, FIRST, LAST)
    add_cases(cast, cast.willow, closed=1, in_progress=2)
    publication = published(desk, draft(desk), at=NOW + timedelta(hours=1))
    page = signed_in(desk.county_reporter).get("/")
    assert [one.publication for one in page.context["bulletins_to_sign"]] == [publication]
    assert f"/bulletins/{publication.bulletin_id}" in page.content.decode()
