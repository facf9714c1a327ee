"""The period table and a report's checks: five years of monthly periods, 100,000 paragraphs stored."""

import os
import time
from datetime import date, datetime, timedelta
from random import Random

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from casework.database import bulk_sql
from casework.models import Unit
from casework.models.unit import UnitLevel
from casework.offices.units import add_unit
from casework.stages import Role
from casework.working_time.deadlines import LOCAL, local_day, midnight
from oversight.models import (
    ExpectedReport,
    Mechanism,
    MemberGroup,
    Membership,
    ParagraphPrint,
    Period,
    ReportParagraph,
    ReportVersion,
    Rhythm,
    UnitReport,
)
from oversight.reporting.paragraphs import prints
from oversight.reporting.queries import period_rows, rates_of, standings_of
from oversight.reporting.submitting import checked
from tests.benchmarks.city import City
from tests.benchmarks.conftest import bare, milliseconds, queries, tell
from tests.factories import holder
from tests.oversight.reports import answers

PARAGRAPHS = int(os.environ.get("BENCH_PARAGRAPHS") or 100_000)
PERIODS, MEMBERS = 60, 15
SHARED = "按照市里统一部署，对照七项清单逐村自查并建立台账，实行销号管理，做到底数清、责任明、措施实。"
SIGNS = "村务监督公开账目票据合同低保补贴工程项目会议记录签名审核例会群众代表意见整改措施完成时限镇县区部门资金林地鱼塘道路水渠"
PLACES = "柳杨榆槐桑河湾桥坡岭"


def paragraph(random: Random) -> str:
    """About a hundred characters that nobody else has."""
    return f"{random.randrange(1, 13)}月在{''.join(random.choices(PLACES, k=2))}村" + "".join(
        random.choices(SIGNS, k=90)
    )


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: object) -> tuple[Mechanism, list[Period]]:
    with django_db_blocker.unblock():
        begun = time.perf_counter()
        made = fill()
        print(
            f"\n{PARAGRAPHS:,} paragraphs in {PERIODS * MEMBERS} reports: filled in {time.perf_counter() - begun:.0f} s"
        )
        return made


def fill() -> tuple[Mechanism, list[Period]]:
    city = Unit.objects.get(level=UnitLevel.CITY)
    units = list(Unit.objects.filter(level=UnitLevel.COUNTY).order_by("path"))
    units += [
        add_unit(parent=city, code=f"{city.code}D{n:02d}", name=f"市第{n}局", level=UnitLevel.DEPARTMENT)
        for n in range(MEMBERS - len(units))
    ]
    officer = holder(Role.LEAD_OFFICE, city, "officer")
    mechanism = Mechanism.objects.create(lead=city, name="联动机制", office_name="阳光办")
    members = Membership.objects.bulk_create(
        Membership(mechanism=mechanism, unit=unit, group=MemberGroup.COUNTY, order=n, valid_from=date(2000, 1, 1))
        for n, unit in enumerate(units, start=1)
    )
    first = local_day(timezone.now()).replace(day=1)
    periods = []
    for _ in range(PERIODS):
        last = first - timedelta(days=1)
        first = last.replace(day=1)
        limit = datetime.combine(last + timedelta(days=3), datetime.min.time(), LOCAL)
        periods.append(
            Period(
                mechanism=mechanism,
                rhythm=Rhythm.MONTHLY,
                first_day=first,
                last_day=last,
                on_time_until=limit,
                closes_at=limit,
                opened_at=midnight(first),
            )
        )
    Period.objects.bulk_create(periods)
    expected = ExpectedReport.objects.bulk_create(
        ExpectedReport(
            period=period, membership=one, unit=one.unit, unit_name=one.unit.name, group=one.group, order=one.order
        )
        for period in periods
        for one in members
    )
    flags = {"is_on_time": True, "is_empty": False, "is_copied": False, "is_left_out": False}
    UnitReport.objects.bulk_create(UnitReport(expected=one, **flags) for one in expected)
    versions = ReportVersion.objects.bulk_create(
        ReportVersion(
            report_id=one.pk,
            number=1,
            key=f"{one.pk:032x}",
            by=officer,
            at=one.period.on_time_until,
            is_on_time=True,
            is_empty=False,
        )
        for one in expected
    )
    fill_paragraphs(expected, versions)
    return mechanism, periods


def fill_paragraphs(expected: list[ExpectedReport], versions: list[ReportVersion]) -> None:
    random, each = Random("paragraphs"), PARAGRAPHS // len(expected)
    for one, version in zip(expected, versions, strict=True):
        texts = [SHARED, *(paragraph(random) for _ in range(each - 1))]
        rows = [
            ReportParagraph(
                version=version,
                report_id=one.pk,
                period_id=one.period_id,
                unit_id=one.unit_id,
                section="work",
                position=position,
                words=words,
            )
            for position, words in enumerate(texts)
        ]
        bulk_sql.insert(rows)
        bulk_sql.insert(
            [
                ParagraphPrint(number=number, unit_id=row.unit_id, paragraph_id=row.pk)
                for row in rows
                for number in prints(row.words)
            ]
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE oversight_paragraphprint")
        cursor.execute("ANALYZE")


def test_period_table(built: tuple[Mechanism, list[Period]], city: City) -> None:
    mechanism, periods = built
    client = Client()
    client.force_login(holder(Role.LEAD_OFFICE, mechanism.lead, "reader"))
    address = f"/periods/{periods[0].pk}"
    page, asked = milliseconds(lambda: client.get(address)), queries(lambda: client.get(address))
    alone = bare(
        "SELECT * FROM oversight_expectedreport e LEFT JOIN oversight_unitreport r ON r.expected_id = e.id"
        " WHERE e.period_id = %s",
        [periods[0].pk],
    )
    assert len(client.get(address).context["rows"]) == MEMBERS
    tell("period table of 15 members", f"{page:.1f} ms", len(asked), f"bare SQL {alone:.1f} ms")
    assert page < 100
    assert len(asked) <= 12, asked


def test_five_years_of_periods(built: tuple[Mechanism, list[Period]], city: City) -> None:
    _mechanism, periods = built
    at = timezone.now()

    def count() -> object:
        rows = period_rows(periods)
        return rates_of(rows), standings_of(rows, at=at)

    tell("rates of five years, 900 reports", f"{milliseconds(count):.1f} ms", len(queries(count)))


@pytest.mark.parametrize("member", [0, MEMBERS - 1], ids=["a county", "a department"])
def test_a_reports_checks(member: int, built: tuple[Mechanism, list[Period]], city: City) -> None:
    _mechanism, periods = built
    expected = ExpectedReport.objects.select_related("period", "unit", "membership").filter(period=periods[0])[member]
    stolen = ReportParagraph.objects.exclude(unit=expected.unit).exclude(words=SHARED).order_by("pk")[PARAGRAPHS // 2]
    random = Random("a report")
    said = answers(work="\n".join([SHARED, stolen.words, *(paragraph(random) for _ in range(8))]))

    def check() -> object:
        return checked(expected, said, at=timezone.now())

    found = [one for one in checked(expected, said, at=timezone.now()) if one.kind == "copied"]
    assert [one.values["paragraph"] for one in found] == [stolen.pk]
    taken, asked = milliseconds(check), queries(check)
    numbers = [number for line in said.words.split("\n") for number in prints(line)]
    alone = bare("SELECT number, unit_id, paragraph_id FROM oversight_paragraphprint WHERE number = ANY(%s)", [numbers])
    tell(
        f"checks of a report, {['a department', 'a county'][member == 0]}",
        f"{taken:.1f} ms",
        len(asked),
        f"bare SQL {alone:.1f} ms",
    )
    assert taken < 300
    assert len(asked) <= 11, asked
