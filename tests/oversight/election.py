"""A city in which every village elects: heads with open cases, and the table of those who follow them."""

from datetime import date, datetime, timedelta

from django.db import connection

from casework.models import Assignment, Case, Person, Post, Term, Unit
from casework.models.unit import UnitLevel
from casework.offices.units import import_units
from casework.stages import Role, Stage
from casework.tables.parsing import Row, Table
from casework.working_time.deadlines import local_day
from tests.benchmarks.city import units
from tests.factories import holder

OPEN_EACH = 3
COLUMNS = ["name", "phone", "unit_code", "role", "from", "until"]


def a_city_before_its_election(*, at: datetime, villages: int) -> list[Unit]:
    """So many villages with a head each, `OPEN_EACH` open cases and one under consolidation; written as rows, since no
    verb is looked at.
    """
    table = units()
    rows = [row for row in table.rows if row.cells["level"] != "village"]
    rows += [row for row in table.rows if row.cells["level"] == "village"][:villages]
    import_units(Table(table.columns, rows), by=None, at=at)
    found = list(Unit.objects.filter(level=UnitLevel.VILLAGE).select_related("parent__parent__parent").order_by("path"))
    Unit.objects.filter(level=UnitLevel.VILLAGE).update(has_committee=True)
    people = Person.objects.bulk_create(
        [Person(username=f"old{n}", name=f"旧{n}", phone=f"138{n:08d}") for n in range(len(found))], batch_size=500
    )
    posts = Post.objects.bulk_create([Post(unit=one, role=Role.COMMITTEE_HEAD) for one in found], batch_size=500)
    Term.objects.bulk_create(
        [Term(post=post, person=person) for post, person in zip(posts, people, strict=True)], batch_size=500
    )
    office = holder(Role.CITY_SUPERVISOR, found[0].parent.parent.parent, "city")
    cases, on = [], local_day(at)
    for number, village in enumerate(found):
        for each in range(OPEN_EACH + 1):
            is_open = each < OPEN_EACH
            cases.append(
                Case(
                    number=f"EL-2026-{number * 10 + each:06d}",
                    village=village,
                    town=village.parent,
                    county=village.parent.parent,
                    city=village.parent.parent.parent,
                    description=f"{village.name}财务公开栏未更新，第{each}处。",
                    found_on=on - timedelta(days=40),
                    reported_at=at - timedelta(days=40),
                    touched_at=at,
                    assigned_at=at - timedelta(days=30),
                    responsible=village,
                    stage=Stage.RECTIFICATION if is_open else Stage.CLOSED,
                    waits_at=village if is_open else None,
                    due_on=on + timedelta(days=each * 5 - 3),
                    closed_on=None if is_open else on,
                    watch="" if is_open else "watched",
                    watched_until=None if is_open else on + timedelta(days=90),
                )
            )
    cases = Case.objects.bulk_create(cases, batch_size=500)
    post_of = {post.unit_id: post for post in posts}
    Assignment.objects.bulk_create(
        [
            Assignment(
                case=case,
                post=post_of[case.village_id],
                due_on=case.due_on,
                assigned_by=office,
                assigned_at=at - timedelta(days=30),
            )
            for case in cases
        ],
        batch_size=500,
    )
    if connection.vendor == "postgresql":
        # A city has its statistics; of tables that were filled a moment ago the database believes they are empty.
        tables = ", ".join(model._meta.db_table for model in (Assignment, Case, Person, Post, Term, Unit))
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")
    return found


def elected(villages: list[Unit], first: date) -> Table:
    """One row for each village: who heads its committee from this day on."""
    rows = [
        (f"新{n}", f"139{n:08d}", village.code, "committee_head", first.isoformat(), "")
        for n, village in enumerate(villages)
    ]
    return Table(COLUMNS, [Row(n, dict(zip(COLUMNS, row, strict=True))) for n, row in enumerate(rows, start=2)])
