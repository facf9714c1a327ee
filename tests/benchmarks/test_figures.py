"""The page for those who lead, over a million cases: from kept aggregates, within a second, equal to a recount."""

import time

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from casework.models import Person, Unit
from casework.models.unit import UnitLevel
from casework.offices.units import import_units
from casework.stages import Role
from casework.working_time.deadlines import local_day
from oversight import tallies
from oversight.figures.standings import count_today, month_of, months_back
from oversight.models import ClosingTime, MonthStanding
from tests.benchmarks.city import CASES, fill_cases, units
from tests.benchmarks.conftest import bare, milliseconds, queries, tell
from tests.factories import holder

pytestmark = [pytest.mark.own_database, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

LETTERS = CASES // 50
# Strike-offs over two years, a third of which needed more than one round; one letter for every fiftieth case.
FILL = (
    """UPDATE casework_case SET closed_on = %(today)s::date - (id %% 700)::int,
       found_on = %(today)s::date - (id %% 700)::int - (5 + id %% 83)::int, round = 1 + (id %% 3 = 0)::int
       WHERE stage = 'closed'""",
    # Struck off 150 days earlier, found again some weeks before its own strike-off.
    """UPDATE casework_case SET relapse_of_id = id + 150
       WHERE id %% 33 = 0 AND id %% 700 < 540 AND stage = 'closed' AND id + 150 <= %(cases)s""",
    """INSERT INTO casework_escalation (case_id, step, kind, round, policy_version, due_on, at, light, deadline, "to", copies)
       SELECT id, 'letter', 'letter', 1, 1, %(today)s::date - (id %% 400)::int, now(), 'red', %(today)s, '[]', '[]'
       FROM casework_case WHERE id <= %(letters)s""",
    """INSERT INTO casework_letter (case_id, escalation_id, kind, number, issuer_id, addressee_id, issued_on, matter, basis,
         responsible, requirement, deadline, days_overdue)
       SELECT c.id, e.id, 'letter', 'D' || c.id, c.county_id, c.village_id, e.due_on, '', '', '', '', %(today)s, 1
       FROM casework_escalation e JOIN casework_case c ON c.id = e.case_id""",
)


def test_figures() -> None:
    today = local_day(timezone.now())
    import_units(units(), by=None, at=timezone.now())
    begun = time.perf_counter()
    fill_cases()
    with connection.cursor() as cursor:
        for statement in FILL:
            cursor.execute(statement, {"today": today, "letters": LETTERS, "cases": CASES})
        cursor.execute("ANALYZE")
    print(f"\n{CASES:,} cases and {LETTERS:,} letters: filled in {time.perf_counter() - begun:.0f} s")
    begun = time.perf_counter()
    tallies.rebuild()
    tell("tallies and closing times from scratch", f"{time.perf_counter() - begun:.1f} s")
    tell("where the open cases stand, counted anew", f"{milliseconds(lambda: count_today(today)):.0f} ms")
    fill_past_months()
    tell("rows of standings / of closing times", f"{MonthStanding.objects.count():,} / {ClosingTime.objects.count():,}")
    city = Unit.objects.get(level=UnitLevel.CITY)
    village = Unit.objects.filter(level=UnitLevel.VILLAGE).order_by("path")[700]
    people: dict[str, Person] = {
        "city": holder(Role.CITY_SUPERVISOR, city, "city"),
        "county": holder(Role.COUNTY_SUPERVISOR, village.parent.parent, "county"),
        "town": holder(Role.TOWN_REVIEWER, village.parent, "town"),
        "village": holder(Role.COMMITTEE_HEAD, village, "village"),
    }
    counted = bare("SELECT light, count(*) FROM casework_case WHERE stage <> 'closed' GROUP BY 1", [])
    for name, person in people.items():
        client = Client()
        client.force_login(person)
        taken = milliseconds(lambda client=client: client.get("/figures"))
        asked = queries(lambda client=client: client.get("/figures"))
        tell(
            f"figures of a {name}", f"{taken:.0f} ms", len(asked), f"the bare count of the open cases {counted:.0f} ms"
        )
        assert taken < 1000, (name, taken)
        if name != "village":
            taken = milliseconds(lambda client=client: client.get("/scorecards/comparison"))
            tell(f"comparison of a {name}", f"{taken:.0f} ms")


def fill_past_months() -> None:
    """As many rows as a year of counting leaves: a million cases here have no history to count them from."""
    running = month_of(local_day(timezone.now()))
    rows = list(MonthStanding.objects.filter(month=running))
    for before in range(1, 13):
        for row in rows:
            row.pk, row.month = None, months_back(running, before)
        MonthStanding.objects.bulk_create(rows, batch_size=2000)
