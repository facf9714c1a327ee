"""The classification desk and the pages of an import in a browser: usable by everybody, and without scripts."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import Page

from casework.errors import Invalid
from casework.lifecycle.aliases import remember_alias
from casework.models import Case, CatalogueItem, FindingImport
from flows.finding_import import keep_file, keep_to_match, run_import
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_accessibility import flaws
from tests.cast import Cast
from tests.walk import reported

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HEADS = "编号,村代码,发现日期,问题类别,问题描述,天气\n"


def preview(city: Cast) -> FindingImport:
    rows = f"1,{city.willow.code},2026-02-27,签字盖章,只盖章没有签字,晴\n2,无此村,2月1日,签字盖章,账没有公开,晴\n"
    file = SimpleUploadedFile("台账.csv", (HEADS + rows).encode())
    run = keep_file(upload=file, by=city.county_supervisor, at=timezone.now(), is_dry_run=True)
    run_import(run.pk)
    return run


def unmatched(city: Cast) -> FindingImport:
    file = SimpleUploadedFile("怪.csv", f"序,哪个村,情况\n1,{city.willow.code},墙空着\n".encode())
    refusal = Invalid("columns_missing", "缺列")
    return keep_to_match(upload=file, refusal=refusal, by=city.county_supervisor, at=timezone.now())


def signed(city: Cast, words: str, count: int) -> list[Case]:
    cases = [reported(city, item=None, description="只盖章没有签字") for _ in range(count)]
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(category_words=words)
    return cases


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_pages_are_usable_by_everybody(size: tuple[int, int], city: Cast, open_page: Callable[..., Page]) -> None:
    signed(city, "签字盖章", 3)
    item = CatalogueItem.objects.get(code="openness-idle")
    remember_alias(words="墙面空着", item=item, city=city.city, by=city.county_supervisor, at=timezone.now())
    office = open_page(city.county_supervisor, size)
    found = []
    for address in (
        "/classification",
        "/classification/group?words=签字盖章&meant=",
        "/classification/names",
        "/classification/names?words=没有这个",
        f"/imports/{preview(city).pk}",
        f"/imports/{unmatched(city).pk}/columns",
    ):
        found += flaws(office, address)
    assert found == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_refused_rows_are_corrected_and_what_was_typed_outlasts_a_reload(
    scripts: bool, city: Cast, open_page: Callable[..., Page]
) -> None:
    run = preview(city)
    page = open_page(city.county_supervisor, scripts=scripts)
    page.goto(f"/imports/{run.pk}")
    page.fill("[name=row-3-found_on]", "2026-02-01")
    if scripts:
        page.reload()
        assert page.input_value("[name=row-3-found_on]") == "2026-02-01"
    page.click(".mend button.button")
    page.wait_for_load_state()
    run_import(run.pk)
    page.goto(f"/imports/{run.pk}")
    assert page.input_value("[name=row-3-found_on]") == "2026-02-01"  # the village is still unknown
    page.fill("[name=row-3-village_code]", city.willow.code)
    page.click(".mend button.button")
    page.wait_for_load_state()
    run_import(run.pk)
    run.refresh_from_db()
    assert (run.added, run.refused) == (2, 0)


def test_one_click_files_a_group_and_the_report_form_offers_its_item(
    city: Cast, open_page: Callable[..., Page]
) -> None:
    cases = signed(city, "签字盖章", 3)
    page = open_page(city.county_supervisor)
    page.goto("/classification")
    page.locator(".word-decision .button").first.click()
    page.wait_for_load_state()
    assert "所有问题都已归类" in page.inner_text("main")
    item = Case.objects.get(pk=cases[0].pk).item
    assert item is not None
    page.goto(f"/cases/new?village={city.willow.code}")
    page.fill("[name=description]", "这一份又是签字盖章不齐全")
    page.click("[data-choose-item]")
    assert page.input_value("[name=item]") == str(item.pk)
