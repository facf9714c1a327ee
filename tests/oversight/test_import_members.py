"""The table of member units, by one command: repeatable, with reasons, and without a second unit for an old name."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from casework.models import Responsibility, Unit, UnitName
from casework.offices.units import rename
from oversight.members.queries import members_on
from oversight.models import Mechanism, MemberGroup, Membership, ReportingScheme
from tests.cast import Cast

HEAD = "order,name,group,division_prefixes,exclude_prefixes,note\n"
SINCE = date(2021, 1, 1)


def run(tmp_path: Path, rows: str, *more: str) -> Path:
    file = tmp_path / "members.csv"
    file.write_text(HEAD + rows)
    call_command("import_members", str(file), "--from", SINCE.isoformat(), "--json", *more)
    return file


def test_the_whole_table_comes_in_once(cast: Cast, tmp_path: Path) -> None:
    town = cast.reed.parent
    rows = (
        f"0,澄川市阳光办,lead,{cast.city.code},,\n"
        "1,市纪委监委,co-signing department,,,\n"
        "2,市委组织部,联签部门,,,\n"
        "3,市农业农村局,rural-affairs department,,,\n"
        f"4,青禾区,county or district,{cast.county.code},,\n"
        "5,云溪县,县区,,,\n"
        f"6,苇塘示范区,functional zone,{town.code},,代管\n"
    )
    run(tmp_path, rows)
    mechanism = Mechanism.objects.get()
    members = members_on(mechanism, SINCE)
    assert [one.name for one in members] == [
        "市纪委监委",
        "市委组织部",
        "市农业农村局",
        "青禾区",
        "云溪县",
        "苇塘示范区",
    ]
    assert [one.membership.group for one in members][-1] == MemberGroup.ZONE
    assert members_on(mechanism, date(2020, 12, 31)) == []
    assert Responsibility.objects.get().territory == town
    assert ReportingScheme.objects.count() == 6
    run(tmp_path, rows.replace("2,市委组织部,联签部门", "9,市委组织部,涉农部门"))
    assert Membership.objects.count() == 6
    changed = Membership.objects.get(unit__name="市委组织部")
    assert (changed.group, changed.order, changed.valid_from) == (MemberGroup.RURAL, 9, SINCE)


def test_an_old_name_is_the_unit_that_was_called_so(cast: Cast, tmp_path: Path) -> None:
    UnitName.objects.get_or_create(unit=cast.department, valid_until=None, defaults={"name": cast.department.name})
    rename(cast.department, "市乡村振兴局", on=date(2026, 2, 1))
    cast.department.save()
    departments = Unit.objects.filter(level="department").count()
    run(tmp_path, f"0,x,lead,{cast.city.code},,\n1,市农业农村局,rural-affairs department,,,\n")
    assert Membership.objects.get().unit == cast.department
    assert Unit.objects.filter(level="department").count() == departments


@pytest.mark.parametrize(
    "row",
    [
        "1,,co-signing department,,,",
        "1,市某局,nothing,,,",
        "1,某某县,county or district,,,",
        "1,某县,county or district,4.1112E+11,,",
        "1,某县,county or district,123456,,",
        "1,市某局,co-signing department,,,,,多出来的",
    ],
)
def test_a_row_that_names_nothing_comes_back_with_its_reason(cast: Cast, tmp_path: Path, row: str) -> None:
    file = run(tmp_path, f"0,x,lead,{cast.city.code},,\n{row}\n2,青禾区,county or district,{cast.county.code},,\n")
    refused = file.with_name("members.csv.refused.csv").read_text()
    assert len(refused.strip().splitlines()) == 2
    assert list(Membership.objects.values_list("unit__name", flat=True)) == ["青禾区"]


def test_a_file_that_knows_no_city_is_refused(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        run(tmp_path, "1,市某局,co-signing department,,,\n")
    assert ended.value.code == 2
    assert not Mechanism.objects.exists()
