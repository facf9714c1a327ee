"""A village is meant by its code, or by its name and town where only one fits; a name alone names nobody."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from casework.models import Case, FindingImport, UnitName
from casework.models.unit import UnitLevel
from flows.finding_import import run_import, start_import
from tests.casework.books import book
from tests.cast import Cast
from tests.factories import unit

NAMES = ["村代码", "县区", "乡镇", "村", "发现日期", "问题描述", "检查人"]


def imported(cast: Cast, *villages: tuple[str, str, str, str], inspector: str = "") -> FindingImport:
    rows = [[*each, "2026-02-01", f"第{n}件", inspector] for n, each in enumerate(villages)]
    upload = SimpleUploadedFile("a.xlsx", book([NAMES, *rows]))
    run = start_import(upload=upload, by=cast.county_supervisor, at=timezone.now(), is_dry_run=False)
    run_import(run.pk)
    run.refresh_from_db()
    return run


@pytest.mark.parametrize(
    "named",
    [
        ("青禾区", "柳河镇", "上柳村"),
        ("", "柳河镇", "上柳村"),
        ("", "柳河", "上柳"),
        ("青禾", "柳 河 镇", "上柳 村"),
        ("", "柳河镇", "上柳村村民委员会"),
        ("", "柳河镇", "上柳村委会"),
        ("", "柳河镇", "上柳社区"),
        ("", "", "柳河镇上柳村"),
        ("", "", "青禾区柳河镇上柳村"),
        ("青禾区", "", "柳河镇/上柳村"),
    ],
)
def test_a_village_is_found_by_its_name_and_town(cast: Cast, named: tuple[str, str, str]) -> None:
    run = imported(cast, ("", *named))
    assert (run.added, run.refused) == (1, 0)
    assert Case.objects.get().village == cast.willow


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (("", "", "上柳村"), "上柳村（青禾区，柳河镇）"),
        (("", "榆林镇", "上柳村"), "上柳村（青禾区，柳河镇）"),
        (("", "柳河乡", "上柳村"), "上柳村（青禾区，柳河镇）"),
        (("云溪县", "柳河镇", "上柳村"), "上柳村（青禾区，柳河镇）"),
        (("", "柳河镇", "下柳村"), "下柳村"),
        (("", "柳河镇", ""), ""),
        (("", "苇塘镇", "芦苇村"), ""),  # another county's
        (("", "", "芦苇村"), ""),
    ],
)
def test_what_could_mean_another_village_is_refused_with_those_that_there_are(
    cast: Cast, named: tuple[str, str, str], said: str
) -> None:
    run = imported(cast, ("", *named))
    assert (run.added, run.refused) == (0, 1)
    reason = run.preview[0]["reasons"]["zh-hans"]
    assert said in reason
    assert "芦苇村（" not in reason


def test_a_name_that_stands_twice_is_told_apart_by_town_and_by_its_kind(cast: Cast) -> None:
    twin = unit(UnitLevel.VILLAGE, cast.elm.parent, name="上柳村")
    quarter = unit(UnitLevel.VILLAGE, cast.town, name="上柳社区")
    run = imported(cast, ("", "", "柳河镇", "上柳村"), ("", "", "榆林镇", "上柳村"), ("", "", "柳河镇", "上柳社区"))
    assert run.added == 3
    assert [case.village for case in Case.objects.order_by("id")] == [cast.willow, twin, quarter]
    run = imported(cast, ("", "", "柳河镇", "上柳"), ("", "", "", "上柳村"))
    assert (run.added, run.refused) == (0, 2)
    assert "上柳社区" in run.preview[0]["reasons"]["zh-hans"]
    assert "榆林镇" in run.preview[1]["reasons"]["zh-hans"]


def test_a_former_name_is_known_and_the_code_goes_before_the_name(cast: Cast) -> None:
    UnitName.objects.create(unit=cast.willow, name="老柳村")
    run = imported(cast, ("", "", "柳河镇", "老柳村"), (cast.poplar.code, "", "", "上柳村"))
    assert run.added == 2
    assert [case.village for case in Case.objects.order_by("id")] == [cast.willow, cast.poplar]


def test_the_inspector_is_kept_as_the_file_names_them(cast: Cast) -> None:
    imported(cast, (cast.willow.code, "", "", ""), inspector="张三、李四")
    case = Case.objects.get()
    assert (case.inspector_name, case.reported_by) == ("张三、李四", cast.county_supervisor)
    assert case.history.get().inspector_name == "张三、李四"
