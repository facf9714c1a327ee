"""An election in every village of a city: the import, the packs, the table; beside bare SQL. Needs a database of its own."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from casework.models import Person
from casework.offices.people import import_people
from casework.working_time.deadlines import local_day
from oversight.handover.clock import climb, make_packs
from oversight.handover.comparison import before_and_after
from oversight.models import HandoverPack
from tests.benchmarks.city import VILLAGES
from tests.benchmarks.conftest import bare, in_all, milliseconds, queries, tell
from tests.oversight.election import a_city_before_its_election, elected

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.own_database]
# What a pack's lines are read from.
LINES = (
    "SELECT a.post_id, c.id, c.number, c.description, c.stage, c.light, c.due_on FROM casework_assignment a"
    " JOIN casework_case c ON c.id = a.case_id WHERE a.ended_at IS NULL AND (c.stage <> 'closed' OR c.watch = 'watched')"
)
ROWS = (
    "SELECT p.*, u.name, w.name FROM oversight_handoverpack p JOIN casework_unit u ON u.id = p.unit_id"
    " JOIN casework_unit w ON w.id = p.witness_unit_id ORDER BY p.id DESC LIMIT 31"
)


def test_an_election() -> None:
    at = timezone.now()
    villages = a_city_before_its_election(at=at, villages=VILLAGES)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    morning = at + timedelta(days=1)
    table = elected(villages, local_day(morning))
    taken, count, inside = in_all(lambda: import_people(table, by=None, at=at, is_election=True))
    tell(f"import of {VILLAGES:,} elected", f"{taken:.1f} s", count, f"in the database {inside:.1f} s")
    made, packs, inside = in_all(lambda: make_packs(at=morning))
    assert HandoverPack.objects.count() == VILLAGES
    beside = f"in the database {inside:.2f} s, reading bare {bare(LINES, []):.0f} ms"
    tell(f"{VILLAGES:,} packs", f"{made:.2f} s", packs, beside)
    idle, asked, _inside = in_all(lambda: make_packs(at=morning))
    tell("the clock afterwards", f"{idle * 1000:.1f} ms", asked)
    late, steps, _inside = in_all(lambda: climb(at=at + timedelta(days=30)))
    tell(f"{VILLAGES:,} climb a step", f"{late * 1000:.0f} ms", steps)
    client = Client()
    client.force_login(Person.objects.get(username="city"))
    page = milliseconds(lambda: client.get("/handovers"))
    tell(
        "the city's table", f"{page:.1f} ms", len(queries(lambda: client.get("/handovers"))), f"{bare(ROWS, []):.1f} ms"
    )
    on = local_day(at) + timedelta(days=200)
    compared = milliseconds(lambda: before_and_after(HandoverPack.objects.all(), on=on))
    tell("before and after", f"{compared:.1f} ms", None)
    assert made < 20 and packs < 150 and idle < 1
