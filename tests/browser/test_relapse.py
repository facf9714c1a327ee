"""What comes back, in the browser: usable by everybody, and hinted at while somebody types."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from casework.escalation.sweeping import sweep
from casework.models import Case, Flag, LookBack
from casework.stages import Stage
from casework.working_time.deadlines import local_day
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_accessibility import flaws
from tests.cast import Cast
from tests.walk import NOW, TODAY, case_at, reported

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WALL = "村部东侧明白墙内容空白"


def story(city: Cast) -> tuple[Case, LookBack]:
    """Twelve strike-offs, of which one came back; an open look-back; a photo that was used before."""
    for _ in range(12):
        case = case_at(Stage.CLOSED, city)
        Case.objects.filter(pk=case.pk).update(
            found_on=TODAY - timedelta(days=60), closed_on=TODAY - timedelta(days=40)
        )
    sweep(at=NOW)
    sweep(at=timezone.now())
    again = reported(city, description="村委会西侧的公示栏又被雨水冲刷", found_on=TODAY)
    second = reported(city, description="村委会西侧公示栏仍无雨棚", found_on=TODAY)
    Case.objects.filter(pk=second.pk).update(relapse_of=again.candidates.get().earlier)
    look_back = LookBack.objects.filter(state="open", inspector=city.inspector).first()
    assert look_back is not None
    review = case_at(Stage.FIRST_REVIEW, city)
    Flag.objects.create(
        case=review, evidence=review.evidence.filter(kind="after").first(), kind="same_photo", about="x", at=NOW
    )
    sweep(at=timezone.now() + timedelta(minutes=1))
    return again, look_back


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_pages_are_usable_by_everybody(size: tuple[int, int], city: Cast, open_page: Callable[..., Page]) -> None:
    again, look_back = story(city)
    candidate = again.candidates.first()
    assert candidate is not None
    review = Case.objects.get(stage=Stage.FIRST_REVIEW)
    found = []
    office = open_page(city.county_supervisor, size)
    for address in (
        "/",
        "/candidates",
        f"/cases/{again.number}",
        f"/cases/{again.number}/candidates/{candidate.pk}/verdict",
        f"/cases/{look_back.case.number}",
        f"/cases/{review.number}",
        "/look-backs",
        "/analysis",
        "/analysis?by=approver",
    ):
        found += flaws(office, address)
    inspector = open_page(city.inspector, size)
    for address in ("/", "/look-backs", f"/look-backs/{look_back.pk}", f"/look-backs/{look_back.pk}/passing"):
        found += flaws(inspector, address)
    assert found == []


def test_while_a_report_is_typed_it_says_what_it_sounds_like(city: Cast, open_page: Callable[..., Page]) -> None:
    earlier = reported(city, description=WALL)
    closed_on = local_day(timezone.now()) - timedelta(days=40)
    Case.objects.filter(pk=earlier.pk).update(stage=Stage.CLOSED, waits_at=None, closed_on=closed_on)
    page = open_page(city.inspector)
    page.goto("/cases/new")
    page.type("[name=village]", "上柳")
    page.locator("[role=option]").first.click()
    page.fill("[name=description]", "村部东侧的公示栏又空了,没有任何公开内容")
    page.select_option("[name=item]", str(earlier.item_id))
    page.wait_for_selector(".hint-box")
    assert earlier.number in page.inner_text(".hint-box")
