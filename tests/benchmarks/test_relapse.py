"""A million struck-off cases: what came back is found, looked back at and counted; a photo is looked up among millions."""

import os
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from casework.models import Case, LookBack, PhotoPrint, RelapseCandidate, Unit
from casework.models.unit import UnitLevel
from casework.proofs.duplicates import near_prints
from casework.proofs.photo_prints import guesses, prepared, print_of, signed, windows
from casework.relapse.candidates import look_for_unmatched
from casework.relapse.matching import matches_of_words
from casework.relapse.traits import catalogue_by_code, traits_of
from casework.stages import Role
from casework.working_time.deadlines import local_day, midnight
from flows import look_back as flow
from oversight import tallies
from oversight.models import Tally
from tests.benchmarks.city import CASES, VILLAGES, fill_cases, units
from tests.benchmarks.conftest import bare, in_all, milliseconds, queries, tell
from tests.casework.shots import altered, scene
from tests.factories import holder

pytestmark = [pytest.mark.own_database, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PHOTOS = int(os.environ.get("BENCH_PHOTOS") or 5_000_000)
FINDINGS = min(10_000, CASES // 10)
DUE = min(20_000, CASES // 20)
# So many cases apart two are of the same village and the same item.
APART = VILLAGES * 53

FILL = (
    """UPDATE casework_case SET stage = 'closed', waits_at_id = NULL, process_id = NULL, due_on = NULL, light = 'none',
       closed_on = %(today)s::date - 730 + (id * 700 / %(cases)s)::int,
       found_on = %(today)s::date - 750 + (id * 700 / %(cases)s)::int, watch = 'archived',
       watched_until = %(today)s::date - 1""",
    """UPDATE casework_case SET relapse_of_id = id - %(apart)s WHERE id > %(apart)s AND id %% 33 = 0""",
    """INSERT INTO casework_casetraits (case_id, village_id, item_id, aspect_id, said_id, fact_on, is_duty, is_older, thing, also,
         side, "group", place, mark, person, size, meaning, matched_at)
       SELECT c.id, village_id, item_id, i.aspect_id, item_id, found_on, false, false,
         (ARRAY['asset/pond','asset/orchard','works/road','works/well','board/board','board/board','benefit/subsistence',
                'money/seal','works/ditch','duty/duty-roster','asset/shop-front','paper/voucher'])[1 + c.id %% 12],
         '', (ARRAY['e','w','s','n',''])[1 + c.id %% 5], CASE WHEN c.id %% 3 = 0 THEN 'g' || c.id %% 9 ELSE '' END, '', '', '',
         '', decode(repeat(md5((c.id %% 4999)::text), 32), 'hex'), now() FROM casework_case c JOIN casework_catalogueitem i ON i.id = c.item_id""",
    """INSERT INTO casework_closure (case_id, round, number, closed_on, words, measures_done, violations_dealt_with,
         result_meets_rule, similar_looked_for, cause_removed, by_id, at)
       SELECT c.id, c.round, 'B' || c.id, c.closed_on, '', true, true, true, true, true, p.id, now()
       FROM casework_case c JOIN (SELECT id, row_number() OVER () - 1 AS n FROM casework_person) p
         ON p.n = c.id %% (SELECT count(*) FROM casework_person)""",
    """INSERT INTO casework_lookback (case_id, closure_id, kind, number, state, opens_on, due_on, light, next_step_at, reminders_sent,
         drawn_from, seed, passed_by, outcome, is_paper_only, words, why_no_position)
       SELECT c.id, k.id, 'scheduled', 1, 'planned', %(today)s::date + 30, %(today)s::date + 40, 'none',
         now() + interval '30 days', 0, '[]', '', '[]', '', false, '', ''
       FROM casework_case c JOIN casework_closure k ON k.case_id = c.id""",
)


@pytest.fixture
def filled(django_db_blocker: object) -> dict[str, object]:
    from casework.offices.units import import_units

    begun = time.perf_counter()
    today = local_day(timezone.now())
    import_units(units(), by=None, at=timezone.now())
    counties = list(Unit.objects.filter(level=UnitLevel.COUNTY))
    people = [holder(Role.COUNTY_SUPERVISOR, county, f"county{n}") for n, county in enumerate(counties)]
    city = Unit.objects.get(level=UnitLevel.CITY)
    for n in range(12):
        holder(Role.INSPECTOR, city, f"inspector{n}")
    fill_cases()
    with connection.cursor() as cursor:
        for statement in FILL:
            cursor.execute(statement, {"today": today, "cases": CASES, "apart": APART})
        cursor.execute("VACUUM ANALYZE")
    print(f"\n{CASES:,} struck-off cases with traits, closures and look-backs: {time.perf_counter() - begun:.0f} s")
    return {"people": people, "city": holder(Role.CITY_SUPERVISOR, city, "city")}


def test_relapse(filled: dict[str, object]) -> None:
    one_finding()
    an_import()
    look_backs()
    figures(filled["city"])
    photos()


def one_finding() -> None:
    """The candidates of one finding that somebody is typing."""
    village, items = Unit.objects.filter(level=UnitLevel.VILLAGE).order_by("path")[700], catalogue_by_code()
    words = "村部东侧明白墙第三季度财务公开又被雨水冲刷"
    item = items["openness-not-weatherproof"]
    row = traits_of(
        village=village,
        item=item,
        description=words,
        object_name="",
        fact_on=local_day(timezone.now()),
        items=items,
    )
    given = row.__dict__
    taken = milliseconds(lambda: matches_of_words(given, description=words))
    statements = queries(lambda: matches_of_words(given, description=words))
    pairs = next(one for one in statements if "WITH fresh" in one)
    sql = bare(pairs.replace("%", "%%"), [])
    found = matches_of_words(given, description=words)
    tell("candidates for one finding", f"{taken:.1f} ms", len(statements), f"its SQL {sql:.1f} ms, {len(found)} shown")


def an_import() -> None:
    """The candidates of an import: traits of each row and the earlier cases of all."""
    today = local_day(timezone.now())
    with connection.cursor() as cursor:
        columns = [field.column for field in Case._meta.concrete_fields]
        said = {
            "id": f"id + {CASES * 2}",
            "number": "number || 'N'",
            "stage": "'assignment'",
            "waits_at_id": "county_id",
            "closed_on": "NULL",
            "found_on": "%(today)s::date",
            "relapse_of_id": "NULL",
            "watch": "''",
            "watched_until": "NULL",
        }
        names = ", ".join(f'"{column}"' for column in columns)
        values = ", ".join(said.get(column, f'"{column}"') for column in columns)
        cursor.execute(
            f"INSERT INTO casework_case ({names}) SELECT {values} "
            f"FROM casework_case WHERE id %% {CASES // FINDINGS} = 7 ORDER BY id LIMIT {FINDINGS}",
            {"today": today},
        )
        cursor.execute("ANALYZE casework_case")
    taken, count, inside = in_all(lambda: look_for_unmatched(at=timezone.now()))
    kept = RelapseCandidate.objects.count()
    beside = f"its SQL {inside:.1f} s; {kept:,} candidates kept"
    tell(f"candidates for {FINDINGS:,} findings", f"{taken:.1f} s", count, beside)


def look_backs() -> None:
    """The sweep of the look-backs, with nothing due and with much."""
    at = timezone.now()
    none_due = milliseconds(lambda: flow.sweep(at=at))
    tell(f"look-backs: none due of {CASES:,}", f"{none_due:.1f} ms", len(queries(lambda: flow.sweep(at=at))))
    LookBack.objects.filter(case__in=range(1, DUE + 1)).update(next_step_at=midnight(local_day(at)))
    taken, count, inside = in_all(lambda: flow.sweep(at=at))
    beside = f"its SQL {inside:.1f} s; {DUE / taken:,.0f} a second"
    tell(f"look-backs: {DUE:,} opened, drawn, with process and event", f"{taken:.1f} s", count, beside)
    assert LookBack.objects.filter(state="open", inspector__isnull=False).count() == DUE


def figures(person: object) -> None:
    """The tallies from scratch, kept up to date, and the page over them."""
    begun = time.perf_counter()
    tallies.rebuild()
    tell("tallies from scratch", f"{time.perf_counter() - begun:.1f} s", None, f"{Tally.objects.count():,} rows")
    tallies.refresh(at=timezone.now())
    Case.objects.filter(pk=CASES).update(closed_on=local_day(timezone.now()) - timedelta(days=3))
    day = [local_day(timezone.now()) - timedelta(days=3)]
    tell("one day counted anew", f"{milliseconds(lambda: tallies.count_days(day)):.0f} ms")
    client = Client()
    client.force_login(person)
    for query in ("?by=county", "?by=town", "?by=approver", "?by=aspect&period=all"):
        taken = milliseconds(lambda query=query: client.get(f"/analysis{query}"))
        asked = queries(lambda query=query: client.get(f"/analysis{query}"))
        tell(f"analysis page {query}", f"{taken:.0f} ms", len(asked))
    counted = bare("SELECT county_id, count(*) FROM casework_case WHERE stage = 'closed' GROUP BY 1", [])
    tell("  beside it: the bare count over the cases", f"{counted:.0f} ms")


def photos() -> None:
    """The near copies of one photo among millions of prints."""
    original = prepared(scene(1))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "INSERT INTO casework_photoprint (evidence_id, hash, w0, w1, w2, w3, camera, checked_at)"
            " SELECT n, h, h & 262143, (h >> 15) & 262143, (h >> 30) & 262143, (h >> 46) & 262143, '', now() FROM ("
            "   SELECT n, ('x' || substr(md5(n::text), 1, 16))::bit(64)::bigint AS h FROM generate_series(1, %s) n) s",
            [PHOTOS],
        )
        hash = print_of(original)
        PhotoPrint.objects.bulk_create(
            [
                PhotoPrint(
                    evidence_id=PHOTOS + 1,
                    hash=signed(hash),
                    checked_at=timezone.now(),
                    **{f"w{n}": window for n, window in enumerate(windows(hash))},
                )
            ]
        )
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE casework_photoprint")
    wanted = guesses(prepared(altered(scene(1), 5)))
    begun = time.perf_counter()
    guesses(prepared(altered(scene(1), 5)))
    guessing = (time.perf_counter() - begun) * 1000
    taken = milliseconds(lambda: near_prints(wanted))
    asked = queries(lambda: near_prints(wanted))
    sql = bare(asked[0].replace("%", "%%"), [])
    tell(
        f"a copy among {PHOTOS:,} photos",
        f"{taken:.0f} ms",
        len(asked),
        f"its SQL {sql:.0f} ms; {len(wanted)} guesses made in {guessing:.0f} ms",
    )
    assert near_prints(wanted)[0][0] == PHOTOS + 1
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE casework_photoprint")
