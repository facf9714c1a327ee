"""WCAG 2.2 AA as far as a program can tell, at both sizes; and nothing wider than the phone."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page

from casework.escalation.sweeping import sweep
from casework.lifecycle.extension import ask_extension
from casework.models import Letter, SavedList
from casework.stages import Stage
from casework.working_time.deadlines import add_working_days, midnight
from flows import steps
from notifications.announcing import announce
from tests.browser.conftest import DESK, PHONE
from tests.cast import Cast
from tests.walk import NOW, case_at, closed, proved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def flaws(page: Page, address: str) -> list[Any]:
    page.goto(address)
    found = [
        (address, flaw["id"], flaw["nodes"][0]["html"][:120]) for flaw in Axe().run(page, options=RULES)["violations"]
    ]
    width = page.evaluate("document.documentElement.scrollWidth")
    size = page.viewport_size
    assert size is not None
    return found + ([(address, "wider than the screen", width)] if width > size["width"] else [])


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_is_usable_by_everybody(size: tuple[int, int], city: Cast, open_page: Callable[..., Page]) -> None:
    closed_case = closed(city, case_at(Stage.STRIKE_OFF, city))
    returned = case_at(Stage.RECTIFICATION, city)
    proved(city, returned)
    stages = {stage: case_at(stage, city) for stage in (Stage.SCREENING, Stage.ASSIGNMENT, Stage.PLANNING)}
    review, strike_off = case_at(Stage.FIRST_REVIEW, city), case_at(Stage.STRIKE_OFF, city)
    steps.take(
        ask_extension,
        case=returned,
        by=city.willow_head,
        at=NOW,
        due_on=returned.due_on.replace(month=12),
        reason="连阴雨",
        progress="材料已购",
    )
    SavedList.objects.create(person=city.county_supervisor, name="超期", query={"overdue": "1"}, office=city.county)
    found = []
    office = open_page(city.county_supervisor, size)
    for address in (
        "/",
        "/cases",
        "/cases?words=没有这个",
        "/cases?severity=2&columns=1",
        "/cases?view=board",
        "/cases?view=calendar",
        "/lists",
        "/cases/new",
        f"/cases/{closed_case.number}",
        f"/cases/{returned.number}",
        f"/cases/{returned.number}/history",
        f"/cases/{stages[Stage.SCREENING].number}/screening",
        f"/cases/{stages[Stage.ASSIGNMENT].number}/assignment",
        f"/cases/{stages[Stage.ASSIGNMENT].number}/classification",
        f"/cases/{strike_off.number}/closure",
        f"/cases/{returned.number}/withdrawal",
        f"/cases/{review.number}/first-review",
        "/assignments",
        f"/reassignments?case={review.number}&case={returned.number}",
        f"/reminders?case={review.number}",
        f"/paper-list?case={review.number}",
        f"/cases/{review.number}/reminder",
        "/villages",
        f"/villages/{city.willow.code}",
        "/imports",
        "/me",
        "/password",
        "/nowhere",
    ):
        found += flaws(office, address)
    village = open_page(city.willow_head, size)
    for address in (
        "/",
        f"/cases/{stages[Stage.PLANNING].number}/plan",
        f"/cases/{returned.number}/rectification",
        f"/cases/{returned.number}/extension",
    ):
        found += flaws(village, address)
    town = open_page(city.town_reviewer, size)
    found += flaws(town, f"/cases/{review.number}/first-review")
    found += flaws(town, f"/cases/{returned.number}/extension/decision")
    assert found == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_what_the_ladder_brought_is_usable_by_everybody(
    size: tuple[int, int], city: Cast, open_page: Callable[..., Page]
) -> None:
    case = case_at(Stage.RECTIFICATION, city, severity=2)
    late = midnight(add_working_days(case.due_on, 15))
    sweep(at=midnight(add_working_days(case.due_on, 1)))
    sweep(at=late)
    announce(at=late)
    letter = Letter.objects.latest("id")
    found = []
    office = open_page(city.city_supervisor, size)
    for address in (
        "/messages",
        "/letters",
        f"/letters/{letter.pk}",
        f"/cases/{case.number}",
        f"/cases/{case.number}/interview",
        "/ladder",
        "/ladder/new",
        "/calendar",
        "/calendar/2026",
        "/burden?month=2026-03",
    ):
        found += flaws(office, address)
    village = open_page(city.willow_head, size)
    for address in ("/messages", "/me/roads", "/me", "/calendar/2026", f"/letters/{letter.pk}"):
        found += flaws(village, address)
    assert found == []
