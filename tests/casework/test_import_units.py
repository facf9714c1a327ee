"""The code list comes in: the tree, what doesn't fit, what changed, and who answers for what."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from casework.models import Responsibility, Unit, UnitName
from casework.models.unit import UnitLevel
from casework.offices.units import import_units
from casework.tables.outcome import Outcome
from casework.tables.parsing import read_table

pytestmark = pytest.mark.django_db

LIST = """code,name,parent_code,level
98,东岚省,,province
9801,青川市,98,city
980101,北溪区,9801,area
980102,南溪县,9801,area
980101001,柳巷街道,980101,street
980102001,石桥镇,980102,street
980101001001,上柳社区,980101001,village
980102001001,石桥村,980102001,village
"""
MEMBERS = """order,name,group,division_prefixes,exclude_prefixes,note
0,青川市领导小组办公室,lead,9801,,
1,市纪委监委,department,,,
2,市财政局,department,,,
3,北溪区,county or district,980101,,
4,石桥新区,functional zone,980102001,,one town
"""


def read(text: str) -> Outcome:
    return import_units(read_table(text.encode()), by=None, at=timezone.now())


def run(command: str, path: Path, **options: object) -> str:
    out = StringIO()
    call_command(command, str(path), stdout=out, **options)
    return out.getvalue()


def test_the_list_becomes_a_tree_whose_subtree_is_a_range() -> None:
    assert read(LIST).summary() == "8 added, 0 changed, 0 unchanged, 0 refused"
    county = Unit.objects.get(code="980101")
    assert set(Unit.objects.filter(county.subtree()).values_list("code", flat=True)) == {
        "980101",
        "980101001",
        "980101001001",
    }
    village = Unit.objects.get(code="980102001001")
    assert (village.level, village.has_committee, len(village.path)) == (UnitLevel.VILLAGE, True, 35)
    assert village.history.get().history_step == "import_units"


def test_the_same_list_again_changes_nothing() -> None:
    read(LIST)
    histories = Unit.history.count()
    assert read(LIST).summary() == "0 added, 0 changed, 8 unchanged, 0 refused"
    assert Unit.history.count() == histories


def test_a_child_may_stand_above_its_parent_in_the_file() -> None:
    header, *lines = LIST.splitlines()
    assert read("\n".join([header, *reversed(lines)])).summary() == "8 added, 0 changed, 0 unchanged, 0 refused"


@pytest.mark.parametrize(
    "line",
    [
        "980199001,无源镇,980199,street",  # unknown parent
        "980101001,又一街道,980101,street",  # the code stands twice
        "980101009001,越级村,980101,village",  # a village right under a county
        "980103,孤县,,area",  # no parent
        "980101002,某街道,980101,hamlet",  # no such level
        ",无码街道,980101,street",
        "河南,汉字码,980101,street",
        "980101003,,980101,street",
        "980101004,逗号,多了,980101,street",
    ],
)
def test_a_row_that_does_not_fit_is_refused_and_the_others_stay(line: str) -> None:
    outcome = read(LIST + line + "\n")
    assert outcome.summary() == "8 added, 0 changed, 0 unchanged, 1 refused"
    assert outcome.refused[0][0].number == 10
    assert outcome.refused[0][1]


def test_a_rename_keeps_the_old_name_with_its_days() -> None:
    read(LIST)
    outcome = read(LIST.replace("石桥村", "石桥新村"))
    assert outcome.summary() == "0 added, 1 changed, 7 unchanged, 0 refused"
    village = Unit.objects.get(code="980102001001")
    assert village.name == "石桥新村"
    assert list(village.history.values_list("name", flat=True)) == ["石桥新村", "石桥村"]
    old = UnitName.objects.get(unit=village, name="石桥村")
    new = UnitName.objects.get(unit=village, name="石桥新村")
    assert old.valid_until is not None
    assert (new.valid_from - old.valid_until).days == 1
    assert new.valid_until is None


def test_a_moved_town_takes_its_villages_along() -> None:
    read(LIST)
    moved = LIST.replace("980102001,石桥镇,980102,", "980102001,石桥镇,980101,")
    outcome = read(moved + "980102001002,石桥二村,980102001,village\n")
    assert outcome.summary() == "1 added, 1 changed, 7 unchanged, 0 refused"
    county = Unit.objects.get(code="980101")
    below = set(Unit.objects.filter(county.subtree()).values_list("code", flat=True))
    assert {"980102001", "980102001001", "980102001002"} <= below
    assert Unit.objects.get(code="980102001001").history.count() == 2
    assert read(moved).summary() == "0 added, 0 changed, 8 unchanged, 0 refused"


def test_the_flag_of_a_committee_can_come_with_the_list() -> None:
    header, *lines = LIST.splitlines()
    with_flags = "\n".join([header + ",has_committee", *(line + ",否" for line in lines)])
    read(with_flags)
    assert not Unit.objects.get(code="980102001001").has_committee


def test_the_command_sums_up_and_writes_the_refused_rows_beside_the_file(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text(LIST + "980199001,无源镇,980199,street\n", encoding="gb18030")
    assert run("import_units", path).splitlines()[-1] == "8 added, 0 changed, 0 unchanged, 1 refused"
    refused = (tmp_path / "units.csv.refused.csv").read_text(encoding="utf-8-sig").splitlines()
    assert refused[0] == "code,name,parent_code,level,reason"
    assert refused[1].startswith("980199001,无源镇,980199,street,")
    report = json.loads(run("import_units", path, json=True))
    assert (report["unchanged"], [row["row"] for row in report["refused"]]) == (8, [10])
    path.write_text(LIST)
    run("import_units", path)
    assert not (tmp_path / "units.csv.refused.csv").exists()


@pytest.mark.parametrize("content", [None, "", "code,name\n1,x\n"])
def test_a_file_that_cannot_be_read_ends_with_a_sentence_and_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    path = tmp_path / "units.csv"
    if content is not None:
        path.write_text(content)
    with pytest.raises(SystemExit) as end:
        call_command("import_units", str(path))
    assert end.value.code == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_member_units_make_departments_zones_and_dated_responsibilities(tmp_path: Path) -> None:
    read(LIST)
    path = tmp_path / "members.csv"
    path.write_text(MEMBERS)
    assert run("import_responsibilities", path).splitlines()[-1] == "3 added, 0 changed, 2 unchanged, 0 refused"
    assert run("import_responsibilities", path).splitlines()[-1] == "0 added, 0 changed, 5 unchanged, 0 refused"
    assert Unit.objects.get(name="市纪委监委").is_discipline_office
    assert not Unit.objects.get(name="市财政局").is_discipline_office
    one = Responsibility.objects.get()
    assert (one.territory.code, one.responsible.name, one.valid_until) == ("980102001", "石桥新区", None)
    assert one.responsible.level == UnitLevel.COUNTY
    assert one.responsible.is_functional_zone
    assert one.valid_from is not None
