"""A requirement on its way to 1,334 villages: the tree, its page, and the writes of a level. Needs a database of its own."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from casework.models import Person, Unit
from casework.models.unit import UnitLevel
from casework.offices.units import import_units
from casework.stages import Role
from casework.working_time.deadlines import local_day
from oversight.models import Mechanism, MemberGroup, Membership, Opinion, Requirement, RequirementReceipt
from oversight.opinions.issuing import Issued, issue_opinion
from oversight.opinions.passing import pass_on
from oversight.opinions.reminding import remind_of_requirements
from oversight.opinions.tree import tree_of
from tests.benchmarks.city import units
from tests.benchmarks.conftest import bare, milliseconds, queries, tell
from tests.factories import PersonFactory, appoint, holder

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.own_database]
ROWS = (
    "SELECT r.id, r.parent_id, r.at, r.reminded_at, u.id, u.name, u.level, u.is_active, p.name, p.at"
    " FROM oversight_requirement r JOIN casework_unit u ON u.id = r.unit_id"
    " LEFT JOIN oversight_requirementreceipt p ON p.requirement_id = r.id WHERE r.opinion_id = %s ORDER BY u.path"
)


def test_requirements() -> None:
    at = timezone.now()
    import_units(units(), by=None, at=at)
    mechanism, officer = a_mechanism()
    opinion = handed_down(mechanism, officer)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    on, there = local_day(at), Requirement.objects.count()

    def read() -> int:
        return sum(branch.expected + len(branch.stopped) for branch in tree_of(opinion, on=on))

    count = len(queries(read))
    tree = milliseconds(read)
    tell(f"tree of {there:,} requirements", f"{tree:.1f} ms", count, f"bare SQL {bare(ROWS, [opinion.pk]):.1f} ms")
    client = Client()
    client.force_login(officer)
    page = milliseconds(lambda: client.get(f"/opinions/{opinion.pk}"))
    asked = queries(lambda: client.get(f"/opinions/{opinion.pk}"))
    size = len(client.get(f"/opinions/{opinion.pk}").content)
    tell("its page", f"{page:.1f} ms", len(asked), f"{size / 1000:.0f} kB")
    begun = time.perf_counter()
    reminded = remind_of_requirements(at=at + timedelta(days=30))
    tell(f"reminded of {reminded:,}", f"{(time.perf_counter() - begun) * 1000:.0f} ms")
    assert count <= 5 and tree < 300


def a_mechanism() -> tuple[Mechanism, Person]:
    city = Unit.objects.get(level=UnitLevel.CITY)
    mechanism = Mechanism.objects.create(lead=city, name="联动机制", office_name="办公室")
    for number, county in enumerate(Unit.objects.filter(level=UnitLevel.COUNTY)):
        group = MemberGroup.COUNTY
        day = local_day(timezone.now())
        Membership.objects.create(mechanism=mechanism, unit=county, group=group, order=number, valid_from=day)
    return mechanism, holder(Role.LEAD_OFFICE, city, "officer")


def handed_down(mechanism: Mechanism, officer: Person) -> Opinion:
    """To every county, town and village; two villages of three signed."""
    at = timezone.now()
    counties = [one.unit for one in mechanism.memberships.select_related("unit")]
    issued = Issued("明白墙", "排查", local_day(at) + timedelta(days=20), "village", counties)
    opinion = issue_opinion(mechanism=mechanism, issued=issued, by=officer, at=at)
    signer = PersonFactory(name="signer", username="signer")
    for level, role in ((UnitLevel.COUNTY, Role.COUNTY_SUPERVISOR), (UnitLevel.TOWN, Role.TOWN_REVIEWER)):
        rows = list(opinion.requirements.filter(unit__level=level).select_related("unit"))
        sign(rows, signer)
        for row in rows:
            appoint(signer, role, row.unit)
        signer = Person.objects.get(pk=signer.pk)  # without what it remembers of its posts
        taken = 0.0
        for row in rows:
            below = list(Unit.objects.filter(parent=row.unit))
            begun = time.perf_counter()
            made = pass_on(requirement=row, units=below, by=signer, at=at)
            taken += time.perf_counter() - begun
        per_unit = taken / len(rows) * 1000
        tell(
            f"passed on by {len(rows)} of level {level}",
            f"{per_unit:.1f} ms each",
            None,
            f"to {len(made)} units at once",
        )
    villages = list(opinion.requirements.filter(unit__level=UnitLevel.VILLAGE).order_by("id"))
    sign([row for number, row in enumerate(villages) if number % 3], signer)
    return opinion


def sign(rows: list[Requirement], signer: Person) -> None:
    at = timezone.now()
    RequirementReceipt.objects.bulk_create(
        [RequirementReceipt(requirement=row, name="x", by=signer, at=at) for row in rows]
    )
