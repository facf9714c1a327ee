"""An invented province's worth of work: a million cases in 1,334 villages, written by the database itself in minutes."""

import os
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from casework.models import Case, Person, Unit
from casework.models.unit import UnitLevel
from casework.offices.units import import_units
from casework.stages import Role
from casework.tables.parsing import Row, Table
from casework.working_time.deadlines import local_day
from tests.factories import holder

CASES = int(os.environ.get("BENCH_CASES") or 1_000_000)
COUNTIES, TOWNS, VILLAGES = 6, 58, 1334
OPEN_SHARE = 20  # one case in twenty is open
FLOW = "flows/rectification.RectificationFlow"

# Where the open cases stand, as shares of a hundred.
STAGES = {
    "screening": 4,
    "assignment": 4,
    "planning": 12,
    "plan_approval": 6,
    "rectification": 40,
    "first_review": 14,
    "second_review": 12,
    "city_review": 2,
    "strike_off": 6,
}


@dataclass(frozen=True)
class City:
    people: dict[str, Person]
    village: Unit
    town: Unit
    county: Unit


def build() -> City:
    """Fill an empty database."""
    import_units(units(), by=None, at=timezone.now())
    fill_cases()
    village = Unit.objects.filter(level=UnitLevel.VILLAGE).order_by("path")[700]
    town, county = village.parent, village.parent.parent
    people = {
        "committee": holder(Role.COMMITTEE_HEAD, village, "committee"),
        "town": holder(Role.TOWN_REVIEWER, town, "town"),
        "county": holder(Role.COUNTY_SUPERVISOR, county, "county"),
        "city": holder(Role.CITY_SUPERVISOR, county.parent, "city"),
        "inspector": holder(Role.INSPECTOR, county.parent, "inspector"),
    }
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return City(people, village, town, county)


def units() -> Table:
    rows = [("99", "岚江省", "", "province"), ("9901", "澄川市", "99", "city")]
    rows += [(f"9901{n:02d}", f"第{n}县", "9901", "area") for n in range(COUNTIES)]
    rows += [(f"9901{n % COUNTIES:02d}{n:03d}", f"第{n}镇", f"9901{n % COUNTIES:02d}", "street") for n in range(TOWNS)]
    for n in range(VILLAGES):
        town = n % TOWNS
        code = f"9901{town % COUNTIES:02d}{town:03d}"
        rows.append((f"{code}{n:04d}", f"{'柳杨榆槐桑'[n % 5]}{'河湾桥坡岭'[n // 5 % 5]}{n}村", code, "village"))
    columns = ["code", "name", "parent_code", "level"]
    return Table(columns, [Row(n, dict(zip(columns, row, strict=True))) for n, row in enumerate(rows, start=2)])


def fill_places() -> None:
    """The villages with their lines and the catalogue, numbered, for the statements that fill."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE place AS SELECT row_number() OVER (ORDER BY v.path) - 1 AS n, v.id AS village, t.id AS town,"
            " c.id AS county, s.id AS city FROM casework_unit v JOIN casework_unit t ON t.id = v.parent_id"
            " JOIN casework_unit c ON c.id = t.parent_id JOIN casework_unit s ON s.id = c.parent_id"
            " WHERE v.level = 'village'"
        )
        cursor.execute(
            "CREATE TEMP TABLE thing AS SELECT row_number() OVER () - 1 AS n, id FROM casework_catalogueitem"
        )


def fill_cases() -> None:
    """Cases by the set; the open ones with their process and the task that waits, each with an event."""
    fill_places()
    today = local_day(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE number_of AS {numbered()}", {"cases": CASES, "today": today})
        cursor.execute(
            "INSERT INTO viewflow_process (id, flow_class, status, created, data)"
            f" SELECT n, '{FLOW}', 'NEW', now(), '{{}}' FROM number_of WHERE stage <> 'closed'"
        )
        cursor.execute(*insert_cases(today))
        cursor.execute(
            "INSERT INTO viewflow_task (flow_task, flow_task_type, status, created, process_id, token, data)"
            f" SELECT '{FLOW}.' || stage, 'HUMAN', 'NEW', now(), n, 'start', '{{}}' FROM number_of WHERE stage <> 'closed'"
        )
        cursor.execute(
            "INSERT INTO casework_caseevent"
            " (case_id, kind, at, by_role, round, version, stage_before, stage_after, words, announced_at)"
            " SELECT n, 'reported', now() - interval '1 day', '', 1, 1, '', 'screening', '', now() FROM number_of"
        )
        for table in ("casework_case", "viewflow_process"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), %s)", [CASES + 1])


def numbered() -> str:
    """Each number from 1 to the count with its stage and its deadline."""
    limits, total = [], 0
    for stage, share in STAGES.items():
        total += share
        limits.append(f"WHEN (n / {OPEN_SHARE}) % 100 < {total} THEN '{stage}'")
    stage = f"CASE WHEN n % {OPEN_SHARE} <> 0 THEN 'closed' {' '.join(limits)} END"
    return (
        (
            f"SELECT n, {stage} AS stage, %(today)s::date + ((n::bigint * 7919) %% 75 - 15)::int AS due_on"
            " FROM generate_series(1, %(cases)s) AS n"
        )
        .replace(f"n % {OPEN_SHARE}", f"n %% {OPEN_SHARE}")
        .replace(") % 100", ") %% 100")
    )


def insert_cases(today: object) -> tuple[str, dict[str, object]]:
    """The INSERT of every column: what a case of this kind says, and otherwise its empty value."""
    said = {
        "id": "n.n",
        "number": "'QH-2026-' || CASE WHEN n.n < 1000000 THEN lpad(n.n::text, 6, '0') ELSE n.n::text END",
        "process_id": "CASE WHEN n.stage <> 'closed' THEN n.n END",
        "version": "3",
        "village_id": "place.village",
        "town_id": "place.town",
        "county_id": "place.county",
        "city_id": "place.city",
        "item_id": "thing.id",
        "severity": "1 + n.n % 4",
        "source": "'spot_check'",
        "description": "(ARRAY['明白墙第三季度财务公开被雨水冲刷','鱼塘承包合同未登记','低保名单未张贴','监委会例会无记录',"
        "'路段垃圾清运不及时'])[1 + n.n % 5] || ',编号' || n.n",
        "kind": "'time_limited'",
        "days": "10",
        "found_on": "%(today)s::date - 40",
        "reported_at": "now()",
        "touched_at": "now()",
        "assigned_at": "CASE WHEN n.stage NOT IN ('screening', 'assignment') THEN now() END",
        "responsible_id": "CASE WHEN n.stage NOT IN ('screening', 'assignment') THEN place.village END",
        "stage": "n.stage",
        "round": "1 + (n.n % 7 = 0)::int",
        "waits_at_id": "CASE WHEN n.stage = 'closed' THEN NULL WHEN n.stage IN ('planning', 'rectification') THEN"
        " place.village WHEN n.stage IN ('plan_approval', 'first_review') THEN place.town WHEN n.stage = 'city_review'"
        " THEN place.city ELSE place.county END",
        "due_on": "CASE WHEN n.stage NOT IN ('screening', 'assignment') THEN n.due_on END",
        "light": "CASE WHEN n.stage IN ('closed', 'screening', 'assignment') THEN 'none' WHEN n.due_on < %(today)s - 7 THEN"
        " 'red' WHEN n.due_on < %(today)s THEN 'yellow' WHEN n.due_on < %(today)s + 4 THEN 'blue' ELSE 'none' END",
        "closed_on": "CASE WHEN n.stage = 'closed' THEN %(today)s::date - 10 END",
        "light_floor": "'none'",
        "evidence_count": "0",
        "is_key_village": "false",
        "is_imported_history": "false",
        "is_item_guessed": "false",
        "ladder_round": "1",
        "ladder_since": "CASE WHEN n.stage NOT IN ('screening', 'assignment') THEN %(today)s::date - 40 END",
        "ladder_raised": "0",
        "ladder_refers": "false",
        "ladder_held": "0",
    }
    for field in Case._meta.concrete_fields:
        if field.column not in said:
            said[field.column] = "NULL" if field.null else "''"
    columns = ", ".join(f'"{column}"' for column in said)
    values = ", ".join(
        value.replace("% 4", "%% 4").replace("% 5", "%% 5").replace("% 7", "%% 7") for value in said.values()
    )
    return (
        f"INSERT INTO casework_case ({columns}) SELECT {values} FROM number_of n"
        f" JOIN place ON place.n = n.n %% {VILLAGES}"
        " JOIN thing ON thing.n = n.n %% (SELECT count(*) FROM thing) ORDER BY n.n",
        {"today": today},
    )
