"""After how many days a strike-off is looked at again: the administrator's page of the rules."""

from datetime import timedelta

import pytest
from django.test import Client

from casework.models import ConsolidationRule
from casework.working_time.deadlines import local_day
from tests.cast import Cast
from tests.walk import NOW

PAGE = "/admin/casework/consolidationrule"
TODAY = local_day(NOW)


@pytest.fixture
def administrator(cast: Cast, client: Client) -> Client:
    client.force_login(cast.administrator)
    return client


def said(**values: str) -> dict[str, str]:
    return {"item": "", "severity": "3", "days": "30, 90", "valid_from": TODAY.isoformat(), **values}


def test_a_rule_is_typed_as_days(administrator: Client) -> None:
    assert administrator.post(f"{PAGE}/add/", said(days="20，60、180")).status_code == 302
    rule = ConsolidationRule.objects.get()
    assert (rule.days, rule.severity) == ([20, 60, 180], 3)
    assert rule.history.get().history_step == "administration"
    assert "20, 60, 180" in administrator.get(f"{PAGE}/{rule.pk}/change/").content.decode()


@pytest.mark.parametrize("days", ["", "soon", "90, 30", "30, 30", "0, 30", "30, 900", "1,2,3,4,5,6,7"])
def test_what_makes_no_sense_is_refused_and_nothing_written(days: str, administrator: Client) -> None:
    assert administrator.post(f"{PAGE}/add/", said(days=days)).status_code == 200
    assert not ConsolidationRule.objects.exists()


def test_what_holds_already_stays_as_it_was(administrator: Client) -> None:
    yesterday = TODAY - timedelta(days=1)
    assert administrator.post(f"{PAGE}/add/", said(valid_from=yesterday.isoformat())).status_code == 200
    rule = ConsolidationRule.objects.create(severity=2, days=[30], valid_from=yesterday)
    assert administrator.post(f"{PAGE}/{rule.pk}/change/", said(days="5")).status_code == 403
    rule.refresh_from_db()
    assert rule.days == [30]
