"""A bulletin over two months of a city: a year holds 200,000 cases, as in a million over five years."""

from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from casework.models import Unit
from casework.models.unit import UnitLevel
from casework.stages import Role
from casework.working_time.deadlines import local_day
from oversight.bulletins.content import content_of
from oversight.bulletins.docx import write_docx
from oversight.bulletins.drafting import draft_bulletin
from oversight.bulletins.figures import frozen
from oversight.models import Mechanism, MemberGroup, Membership
from tests.benchmarks.city import CASES, City
from tests.benchmarks.conftest import in_all, milliseconds, tell
from tests.factories import holder

A_YEAR = 200_000


def over_the_years(last: date) -> None:
    """Each day as many cases as the next, the last one on this day; nine of ten struck off after twenty days."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE casework_case SET found_on = %s - (id %% %s)::int, closed_on = CASE WHEN stage = 'closed'"
            " THEN %s - (id %% %s)::int + 20 END",
            [last, days := max(1, CASES * 365 // A_YEAR), last, days],
        )
        cursor.execute("ANALYZE casework_case")


def test_a_bulletin_is_drafted_and_written(city: City) -> None:
    today = local_day(timezone.now())
    last = date(today.year, 10, 31) if today > date(today.year, 10, 31) else date(today.year - 1, 10, 31)
    over_the_years(today - timedelta(1))
    lead = city.county.parent
    mechanism = Mechanism.objects.create(
        lead=lead, name="村务监督协调联动机制", office_name="澄川市阳光澄川建设工作领导小组办公室"
    )
    for order, unit in enumerate(Unit.objects.filter(lead.subtree(), level=UnitLevel.COUNTY), start=1):
        Membership.objects.create(
            mechanism=mechanism, unit=unit, group=MemberGroup.COUNTY, order=order, valid_from=date(2020, 1, 1)
        )
    officer = holder(Role.LEAD_OFFICE, lead, "officer")
    made = []

    def draft() -> None:
        made.append(
            draft_bulletin(
                mechanism=mechanism,
                area=lead,
                first_day=date(last.year, 9, 1),
                last_day=last,
                by=officer,
                at=timezone.now(),
            )
        )

    seconds, count, inside = in_all(draft)
    figures = frozen(made[0])
    found, year = figures["findings"].value, figures["findings_this_year"].value
    tell("bulletin drafted", f"{seconds:.2f} s", count, f"{found:,} cases of {year:,}; SQL {inside:.2f} s")
    written = milliseconds(lambda: write_docx(content_of(made[0])))
    tell("bulletin as DOCX", f"{written:.0f} ms")
    assert found > A_YEAR / 8
    assert seconds < 3 and written < 2000
