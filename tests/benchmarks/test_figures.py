"""The page for those who lead, over a million cases: from kept aggregates, within a second, equal to a recount."""

import time

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from casework.models import Case, Person, Unit
from casework.models.unit import UnitLevel
from casework.offices.units import import_units
from casework.stages import Role
from casework.working_time.deadlines import local_day
from oversight import tallies
from oversight.figures.standings import count_past, count_today
from oversight.models import ClosingTime, MonthStanding, UnitPlace
from tests.benchmarks.city import CASES, fill_cases, units
from tests.benchmarks.conftest import bare, milliseconds, queries, tell
from tests.factories import holder

pytestmark = [pytest.mark.own_database, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

LETTERS = CASES // 50
SLICES = 20
# Strike-offs over two years, a third of which needed more than one round; one letter for every fiftieth case.
FILL = (
    """UPDATE casework_case SET closed_on = %(today)s::date - (id %% 700)::int,
       found_on = %(today)s::date - (id %% 700)::int - (5 + id %% 83)::int, round = 1 + (id %% 3 = 0)::int,
       reported_at = %(today)s::date - (id %% 700)::int - (5 + id %% 83)::int,
       touched_at = %(today)s::date - (id %% 700)::int WHERE stage = 'closed'""",
    "UPDATE casework_case SET reported_at = found_on WHERE stage <> 'closed'",
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
    fill_history()
    print(f"{Case.history.count():,} rows of history: filled in {time.perf_counter() - begun:.0f} s")
    begun = time.perf_counter()
    tallies.rebuild()
    tell("tallies and closing times from scratch", f"{time.perf_counter() - begun:.1f} s")
    tell("where the open cases stand, counted anew", f"{milliseconds(lambda: count_today(today)):.0f} ms")
    begun = time.perf_counter()
    count_past(today)
    tell("twelve past months counted from history", f"{time.perf_counter() - begun:.1f} s")
    tell("rows of standings / of closing times", f"{MonthStanding.objects.count():,} / {ClosingTime.objects.count():,}")
    city = Unit.objects.get(level=UnitLevel.CITY)
    village = Unit.objects.filter(level=UnitLevel.VILLAGE).order_by("path")[700]
    people: dict[str, Person] = {
        "city": holder(Role.CITY_SUPERVISOR, city, "city"),
        "county": holder(Role.COUNTY_SUPERVISOR, village.parent.parent, "county"),
        "town": holder(Role.TOWN_REVIEWER, village.parent, "town"),
        "village": holder(Role.COMMITTEE_HEAD, village, "village"),
    }
    units_of = {"city": city.code, "county": village.parent.parent.code}
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
        if name in ("city", "county"):
            taken = milliseconds(lambda client=client, code=units_of[name]: client.get(f"/figures/{code}/map"))
            tell(f"all villages of a {name} on the map", f"{taken:.0f} ms")
            assert taken < 1000, (name, taken)
        if name != "village":
            taken = milliseconds(lambda client=client: client.get("/scorecards/comparison"))
            tell(f"comparison of a {name}", f"{taken:.0f} ms")


def fill_history() -> None:
    """Two rows a case, as many as fit a disk: how it stood on the day after the finding, and how it stands. The database
    copies them by itself, twenty slices of a table one after the other, so that no statement outgrows the memory.
    """
    columns = [field.column for field in Case.history.model.tracked_fields]
    later = {
        "stage": "c.stage",
        "touched": "CASE WHEN c.stage = 'closed' THEN c.closed_on ELSE %(today)s::date END",
    }
    first = {
        "stage": "CASE WHEN c.stage IN ('screening', 'assignment') THEN c.stage ELSE 'rectification' END",
        "touched": "c.found_on + 1",
    }
    with connection.cursor() as cursor:
        for kind, row in (("+", first), ("~", later)):
            copied = ", ".join(row["stage"] if name == "stage" else f'c."{name}"' for name in columns)
            if kind == "+":
                copied = copied.replace('c."closed_on"', "NULL")
            named = ", ".join(f'"{name}"' for name in columns)
            statement = (
                f"INSERT INTO casework_historicalcase ({named}, history_date, history_type, history_change_reason, "
                f"history_step, history_seal) SELECT {copied}, ({row['touched']})::timestamptz, '{kind}', '', '', '' "
                "FROM casework_case c WHERE c.id > %(after)s AND c.id <= %(last)s"
            )
            for part in range(SLICES):
                after = CASES * part // SLICES
                cursor.execute(
                    statement,
                    {"today": local_day(timezone.now()), "after": after, "last": CASES * (part + 1) // SLICES},
                )
        cursor.execute("ANALYZE casework_historicalcase, casework_case")
    places = Unit.objects.filter(level=UnitLevel.VILLAGE).order_by("id")
    by = holder(Role.CITY_SUPERVISOR, Unit.objects.get(level=UnitLevel.CITY), "surveyor")
    UnitPlace.objects.bulk_create(
        UnitPlace(
            unit=one, latitude=33 + number % 40 / 100, longitude=113 + number // 40 / 100, by=by, at=timezone.now()
        )
        for number, one in enumerate(places)
    )
