"""The cast everybody knows: who is who in every test."""

import pickle
from dataclasses import dataclass
from functools import cache

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from casework.models import Person, Unit
from casework.models.unit import UnitLevel
from casework.stages import Role
from tests.factories import holder, unit


@dataclass
class Cast:
    """Two counties of one city. Willow and Poplar are villages of one town; Elm lies in another town of the same
    county; Reed belongs to the other county, where the outsiders are.
    """

    city: Unit
    county: Unit
    other_county: Unit
    town: Unit
    willow: Unit
    poplar: Unit
    elm: Unit
    reed: Unit
    department: Unit
    discipline_unit: Unit
    inspector: Person
    willow_head: Person
    willow_member: Person
    poplar_head: Person
    town_reviewer: Person
    county_supervisor: Person
    city_supervisor: Person
    department_member: Person
    discipline: Person
    volunteer: Person
    administrator: Person
    outsider_county: Person
    outsider_town: Person
    outsider_head: Person


def make_cast() -> Cast:
    province = unit(UnitLevel.PROVINCE, name="东岚省")
    city = unit(UnitLevel.CITY, province, name="澄川市", office_code="CC")
    county = unit(UnitLevel.COUNTY, city, name="青禾区", office_code="QH")
    other_county = unit(UnitLevel.COUNTY, city, name="云溪县", office_code="YX")
    town = unit(UnitLevel.TOWN, county, name="柳河镇")
    elm_town = unit(UnitLevel.TOWN, county, name="榆林镇")
    reed_town = unit(UnitLevel.TOWN, other_county, name="苇塘镇")
    willow = unit(UnitLevel.VILLAGE, town, name="上柳村", has_committee=True)
    poplar = unit(UnitLevel.VILLAGE, town, name="杨树村", has_committee=True)
    elm = unit(UnitLevel.VILLAGE, elm_town, name="榆钱村", has_committee=True)
    reed = unit(UnitLevel.VILLAGE, reed_town, name="芦苇村", has_committee=True)
    department = unit(UnitLevel.DEPARTMENT, city, name="市农业农村局")
    discipline_unit = unit(UnitLevel.DEPARTMENT, city, name="市纪委监委", is_discipline_office=True)
    return Cast(
        city=city,
        county=county,
        other_county=other_county,
        town=town,
        willow=willow,
        poplar=poplar,
        elm=elm,
        reed=reed,
        department=department,
        discipline_unit=discipline_unit,
        inspector=holder(Role.INSPECTOR, city, "inspector"),
        willow_head=holder(Role.COMMITTEE_HEAD, willow, "willow_head"),
        willow_member=holder(Role.COMMITTEE_MEMBER, willow, "willow_member"),
        poplar_head=holder(Role.COMMITTEE_HEAD, poplar, "poplar_head"),
        town_reviewer=holder(Role.TOWN_REVIEWER, town, "town_reviewer"),
        county_supervisor=holder(Role.COUNTY_SUPERVISOR, county, "county_supervisor"),
        city_supervisor=holder(Role.CITY_SUPERVISOR, city, "city_supervisor"),
        department_member=holder(Role.DEPARTMENT_MEMBER, department, "department_member"),
        discipline=holder(Role.DEPARTMENT_MEMBER, discipline_unit, "discipline"),
        volunteer=holder(Role.VOLUNTEER, town, "volunteer"),
        administrator=holder(Role.ADMINISTRATOR, city, "administrator"),
        outsider_county=holder(Role.COUNTY_SUPERVISOR, other_county, "outsider_county"),
        outsider_town=holder(Role.TOWN_REVIEWER, reed_town, "outsider_town"),
        outsider_head=holder(Role.COMMITTEE_HEAD, reed, "outsider_head"),
    )


@dataclass(frozen=True)
class Copied:
    """A cast as it was written once: its rows by table, and its objects."""

    rows: dict[str, list[tuple[object, ...]]]
    objects: bytes


def copied_cast() -> Cast:
    """The same cast with the same keys for each test of a process, by one statement a table: a quarter of the suite's
    time went into making it by its verbs.
    """
    if not _copies:
        _copies.append(_copy_of_a_new_cast())
    else:
        with transaction.atomic(), connection.cursor() as cursor:  # one table's rows refer to the next one's
            for table, rows in _copies[0].rows.items():
                places = ", ".join([f"({', '.join(['%s'] * len(rows[0]))})"] * len(rows))
                cursor.execute(f"INSERT INTO {table} VALUES {places}", [value for row in rows for value in row])
    return pickle.loads(_copies[0].objects)


_copies: list[Copied] = []


def _copy_of_a_new_cast() -> Copied:
    before = rows_by_table()
    cast = make_cast()
    after = rows_by_table()
    written = {table: rows for table, rows in after.items() if rows != before[table]}
    assert not any(before[table] for table in written), "the cast changed rows that stood there before"
    return Copied(written, pickle.dumps(cast))


def rows_by_table() -> dict[str, list[tuple[object, ...]]]:
    with connection.cursor() as cursor:
        return {table: _rows_of(cursor, table) for table in _tables()}


def _rows_of(cursor: CursorWrapper, table: str) -> list[tuple[object, ...]]:
    cursor.execute(f"SELECT * FROM {table}")
    return list(cursor.fetchall())


@cache
def _tables() -> list[str]:
    return connection.introspection.django_table_names(only_existing=True)
