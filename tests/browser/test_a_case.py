"""A case through the browser, in every role: on the phone where villages work, on the desk where offices do."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from casework.models import Case
from casework.stages import Stage
from casework.working_time.deadlines import local_day
from tests.browser.conftest import DESK, PHONE
from tests.cast import Cast
from tests.walk import photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]


@pytest.fixture
def pictures(tmp_path: Path) -> list[str]:
    paths = []
    for number in range(4):
        path = tmp_path / f"photo{number}.jpg"
        path.write_bytes(photo(number * 31, size=(640, 480)).read())
        paths.append(str(path))
    return paths


def report_it(page: Page, picture: str, *, scripts: bool) -> None:
    page.goto("/cases/new")
    if scripts:
        page.locator("[name=village]").press_sequentially("上柳")
        page.locator("[role=option]").first.click()
        assert page.input_value("[name=village]") == "上柳村"
    else:
        page.fill("[name=village]", "上柳村")
    page.fill("[name=description]", "村委会西侧明白墙无遮雨设施,第三季度财务公开被雨水冲刷")
    page.select_option("[name=item]", index=12)
    page.set_input_files("[name=photos]", picture)
    page.click(".act .button")
    page.wait_for_selector(".case-number")


def plan_it(page: Page, number: str) -> None:
    page.goto(f"/cases/{number}")
    page.click("a.button[href$='/plan'] >> visible=true")
    page.fill("[name='measures-0-what']", "在西侧明白墙加装雨棚")
    page.fill("[name='measures-0-who']", "柳大山")
    page.fill("[name='measures-0-due_on']", local_day(timezone.now()).isoformat())
    page.click(".act button:not([name]).button >> visible=true")
    page.wait_for_selector(".case-number")


def rectify_it(page: Page, number: str, pictures: list[str], *, scripts: bool) -> None:
    page.goto(f"/cases/{number}/rectification")
    page.fill("textarea[name$='-words']", "雨棚已装好,三季度财务重新张贴")
    page.set_input_files("input[name$='-evidence']", pictures[1])
    if scripts:  # the file is sent as soon as it is chosen, and the words are still there
        page.click("[data-step-next]")
        page.wait_for_selector(".measure-form .photo img")
        assert page.input_value("textarea[name$='-words']") == "雨棚已装好,三季度财务重新张贴"
        page.click("[data-step-next]")
    page.fill("[name=signed_by]", "李小琴,王二")
    page.set_input_files("[name=signed_sheet]", pictures[2])
    if scripts:
        page.wait_for_selector("text=李小琴、王二")
    page.click(".act button:not([name=keep])")
    page.wait_for_selector(".case-number")


def pass_it(page: Page, number: str, step: str) -> None:
    page.goto(f"/cases/{number}/{step}")
    page.check("input[value=pass]")
    if page.locator("[name=signature_visible]").count():
        page.check("[name=signature_visible]")
    page.click(".act [value=stay]")
    page.wait_for_selector(".case-number")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_case_walks_through_the_browser(scripts: bool, city: Cast, open_page: OpenPage, pictures: list[str]) -> None:
    inspector = open_page(city.inspector, PHONE, scripts=scripts)
    report_it(inspector, pictures[0], scripts=scripts)
    case = Case.objects.get()
    assert case.evidence.count() == 1

    county = open_page(city.county_supervisor, DESK, scripts=scripts)
    county.goto(f"/cases/{case.number}/screening")
    county.check("input[value=accepted]")
    county.click(".act [value=stay]")
    county.wait_for_selector(".case-number")
    county.goto(f"/cases/{case.number}/assignment")
    county.fill("[name=due_on]", (local_day(timezone.now()) + timedelta(days=10)).isoformat())
    county.click(".act [value=stay]")
    county.wait_for_selector(".case-number")

    village = open_page(city.willow_head, PHONE, scripts=scripts)
    plan_it(village, case.number)
    town = open_page(city.town_reviewer, PHONE, scripts=scripts)
    if Case.objects.get().stage == Stage.PLAN_APPROVAL:
        pass_it(town, case.number, "plan-approval")
    rectify_it(village, case.number, pictures, scripts=scripts)
    pass_it(town, case.number, "first-review")
    pass_it(county, case.number, "second-review")
    county.goto(f"/cases/{case.number}/closure")
    for box in county.locator(".test input[type=checkbox]").all():
        box.check()
    county.click(".act [value=stay]")
    county.wait_for_selector(".seal")
    case.refresh_from_db()
    assert case.stage == Stage.CLOSED
    assert case.closing_number in county.inner_text(".seal")
