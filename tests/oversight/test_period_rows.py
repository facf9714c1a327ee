"""A period as one table: one query, eight states, rows over rows; and the words that were accepted."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from oversight.models import (
    ExpectedReport,
    Period,
    ReportState,
    ReportVersion,
    UnitReport,
)
from oversight.reporting.answers import Said
from oversight.reporting.deciding import accept_report
from oversight.reporting.drafting import save_draft
from oversight.reporting.queries import accepted_words, period_rows, rates_of, standings_of
from tests.cast import Cast
from tests.oversight.desk import Desk, make_desk
from tests.oversight.reports import (
    IN_TIME,
    MINUTE_LATE,
    ON_TIME,
    answers,
    expected_of,
    opened,
    submitted,
)


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


@pytest.fixture
def period(desk: Desk) -> Period:
    return opened(desk)


def report_of(version: ReportVersion) -> UnitReport:
    return UnitReport.objects.get(pk=version.report_id)


def test_eight_states_hold_every_row_once(desk: Desk, period: Period) -> None:
    submitted(period, desk.department.unit_id, desk.department_reporter)
    save_draft(
        expected=expected_of(period, desk.county.unit_id), answers=answers(), by=desk.county_reporter, at=IN_TIME
    )
    for at, is_open in ((ON_TIME, True), (MINUTE_LATE, False)):
        standings = standings_of(period_rows([period]), at=at)
        assert len(standings) == 8
        assert {tuple(key): len(rows) for key, rows in standings.items() if rows} == {
            (True, True, False): 1,
            (False, is_open, False): 1,
            (False, is_open, True): 1,
        }
    rates = rates_of(period_rows([period]))
    assert (rates.expected, rates.present, rates.on_time, rates.full, rates.accepted) == (3, 1, 1, 1, 0)


def test_the_table_is_one_query(desk: Desk, period: Period) -> None:
    submitted(period, desk.department.unit_id, desk.department_reporter)
    with CaptureQueriesContext(connection) as captured:
        rows = period_rows([period, period])
        assert all(row.expected.unit.name and row.expected.period.rhythm for row in rows)
    assert len(captured) == 1
    assert len(rows) == 3


def test_accepted_words_are_those_of_the_newest_version(desk: Desk, period: Period) -> None:
    submitted(period, desk.county.unit_id, desk.county_reporter)
    version = submitted(
        period, desk.county.unit_id, desk.county_reporter, said=answers(publicity=Said("", "", "本期没有"))
    )
    assert accepted_words([period]) == {}
    accept_report(report=report_of(version), version=2, by=desk.officer, at=IN_TIME)
    words = accepted_words([period])
    assert list(words) == [desk.county.unit_id]
    assert len(words[desk.county.unit_id]) == 4
    assert report_of(version).state == ReportState.ACCEPTED


def test_one_row_a_unit_and_period(desk: Desk, period: Period) -> None:
    first = expected_of(period, desk.county.unit_id)
    with pytest.raises(DatabaseError), transaction.atomic():
        ExpectedReport.objects.create(
            period=period, membership=desk.county, unit=first.unit, unit_name="再来一次", group="county"
        )
