"""A slip is undone from the page it led to, with a click or a key, and rows are ticked in the list; with scripts and
without.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from casework.models import Case, CaseEvent
from casework.stages import Stage
from tests.cast import Cast
from tests.walk import case_at, reported

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
BOTH = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


def accepted(page: Page, case: Case) -> None:
    page.wait_for_selector("[data-person]")
    page.goto(f"/cases/{case.number}/screening")
    page.click(".act .primary")
    page.wait_for_selector(".message.saved")


@BOTH
def test_undo_stands_on_the_next_page(scripts: bool, city: Cast, open_page: OpenPage) -> None:
    first, second = reported(city), reported(city)
    page = open_page(city.county_supervisor, scripts=scripts)
    accepted(page, first)
    assert second.number in page.url
    page.click(".message button.undo")
    page.wait_for_url(f"**/cases/{first.number}/screening")
    assert first.number in page.inner_text(".message.success")
    assert Case.objects.get(pk=first.pk).stage == Stage.SCREENING


def test_one_key_leads_back_and_one_undoes(city: Cast, open_page: OpenPage) -> None:
    first, second = reported(city), reported(city)
    page = open_page(city.county_supervisor)
    accepted(page, first)
    page.keyboard.press("b")
    page.wait_for_url(f"**/cases/{first.number}")
    page.click(".timeline button.undo")
    page.wait_for_url(f"**/cases/{first.number}/screening")
    accepted(page, second)
    page.keyboard.press("u")
    page.wait_for_url(f"**/cases/{second.number}/screening")
    assert set(Case.objects.values_list("stage", flat=True)) == {Stage.SCREENING}


@BOTH
def test_rows_are_ticked_in_the_list(scripts: bool, city: Cast, open_page: OpenPage) -> None:
    first, left, third = (case_at(Stage.PLANNING, city) for _ in range(3))
    page = open_page(city.county_supervisor, scripts=scripts)
    page.wait_for_selector("[data-person]")
    page.goto("/cases")
    for case in (first, third):
        page.check(f"[form=ticked][value='{case.number}']")
    assert "/cases" in page.url  # a tick opens nothing
    if scripts:
        assert page.inner_text("[data-ticked]") == "2"
    page.click("[formaction='/reminders']")
    page.locator("textarea[name=words]").fill("请周五前报方案")
    page.click(".act .button")
    page.wait_for_selector(".message.success")
    reminded = CaseEvent.objects.filter(kind="urged", words="请周五前报方案").values_list("case", flat=True)
    assert set(reminded) == {first.pk, third.pk} and left.pk not in reminded


def test_one_box_ticks_them_all_and_x_ticks_the_row(city: Cast, open_page: OpenPage) -> None:
    cases = [case_at(Stage.PLANNING, city) for _ in range(3)]
    page = open_page(city.county_supervisor)
    page.wait_for_selector("[data-person]")
    page.goto("/cases")
    page.check("[data-tick-all]")
    assert page.locator("[form=ticked]:checked").count() == len(cases)
    page.uncheck("[data-tick-all]")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("[form=ticked]:checked").count() == 1
    assert page.inner_text("[data-ticked]") == "1"
