"""The demo city's desk: fifteen members and a period that has passed, each flag where it is told to be."""

from datetime import date, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.working_time.deadlines import LOCAL
from flows.demo.seeding import seed
from oversight.demo.desk import is_seeded, seed_desk
from oversight.demo.reports import COPIED, EMPTY, LATE, LEFT_OUT, MISSING, last_two_months
from oversight.models import Period, ReportVersion
from oversight.reporting.checks import CheckKind, findings_of
from oversight.reporting.queries import period_rows

NOW = datetime(2026, 3, 20, 10, tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("on", "first", "last"),
    [
        (date(2026, 3, 20), date(2026, 1, 1), date(2026, 2, 28)),
        (date(2026, 3, 3), date(2025, 11, 1), date(2025, 12, 31)),
        (date(2026, 1, 2), date(2025, 9, 1), date(2025, 10, 31)),
        (date(2026, 12, 31), date(2026, 9, 1), date(2026, 10, 31)),
    ],
)
def test_the_two_months_are_over_and_closed(on: date, first: date, last: date) -> None:
    assert last_two_months(on) == (first, last)


def test_without_the_demo_city_nothing_is_loaded(db: None) -> None:
    with pytest.raises(CommandError):
        call_command("seed_desk", verbosity=0)


@pytest.mark.once
def test_fifteen_members_live_through_a_period(db: None) -> None:
    seed(now=NOW, cases=120)
    with CaptureQueriesContext(connection) as captured:
        seed_desk(now=NOW)
    assert len(captured) < 3000
    assert is_seeded()
    period, running = Period.objects.order_by("first_day")
    rows = {row.expected.unit_name: row for row in period_rows([period])}
    assert len(rows) == 15
    assert [name for name, row in rows.items() if not row.is_present] == [MISSING]
    assert [name for name, row in rows.items() if row.is_present and not row.is_on_time] == [LATE]
    assert [name for name, row in rows.items() if row.is_empty] == [EMPTY]
    assert [name for name, row in rows.items() if row.is_copied] == [COPIED]
    assert [name for name, row in rows.items() if row.is_left_out] == [LEFT_OUT]
    late = findings_of(ReportVersion.objects.get(report=rows[LATE].report_id).findings)
    assert [(one.kind, one.values) for one in late] == [(CheckKind.LATE, {"minutes": 1})]
    assert (running.expected.count(), running.opened_by) == (15, None)
    call_command("seed_desk", verbosity=0)
    assert Period.objects.count() == 2
