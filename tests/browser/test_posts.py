"""Who holds which post, in a browser: the pages for everybody, the next holder by typing, the slip on paper."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from axe_core_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from casework.models import Person, Term
from casework.stages import Role
from casework.working_time.deadlines import local_day
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_accessibility import RULES, flaws
from tests.cast import Cast
from tests.factories import PersonFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_pages_are_usable_by_everybody(size: tuple[int, int], city: Cast, open_page: Callable[..., Page]) -> None:
    on = local_day(timezone.now())
    Term.objects.filter(person=city.poplar_head).update(valid_until=on - timedelta(days=3))
    Term.objects.filter(person=city.willow_head).update(valid_until=on + timedelta(days=3))
    head = f"/posts/{city.willow.code}/{Role.COMMITTEE_HEAD}/1"
    page = open_page(city.administrator, size)
    found = []
    for address in (
        "/",
        f"/posts/{city.city.code}",
        f"/posts/{city.town.code}",
        f"/posts/{city.city.code}?show=vacant",
        f"/posts/{city.city.code}?show=ending",
        f"/posts/{city.city.code}?words=没有这个",
        f"/posts/{city.discipline_unit.code}",
        head,
        f"/posts/{city.elm.code}/{Role.COMMITTEE_HEAD}/0",
        f"{head}/new-person",
        "/people",
        "/people?words=willow",
        "/people/import",
        f"/people/{city.willow_head.pk}",
    ):
        found += flaws(page, address)
    office = open_page(city.county_supervisor, size)
    for address in (f"/posts/{city.county.code}", f"/posts/{city.town.code}", head):
        found += flaws(office, address)
    assert found == []


def test_the_next_holder_is_chosen_by_keys_and_a_second_click_does_nothing(
    city: Cast, open_page: Callable[..., Page]
) -> None:
    PersonFactory(name="柳小川", phone="13900000001")
    second = PersonFactory(name="柳小川", phone="13900000002")
    page = open_page(city.administrator)
    page.goto(f"/posts/{city.willow.code}/{Role.COMMITTEE_HEAD}/1")
    page.locator(".holder-form [name=words]").press_sequentially("柳小", delay=20)
    expect(page.locator("[role=option]")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".holder-form [name=words]")).to_have_value("柳小川")
    page.dblclick(".holder-form .button")
    page.wait_for_url(f"**/posts/{city.willow.code}")
    expect(page.locator(".message.success")).to_be_visible()
    assert Term.objects.filter(person=second).count() == 1


def test_without_scripts_the_form_asks_which_one(city: Cast, open_page: Callable[..., Page]) -> None:
    first = PersonFactory(name="柳小川", phone="13900000001")
    PersonFactory(name="柳小川", phone="13900000002")
    page = open_page(city.administrator, PHONE, scripts=False)
    page.goto(f"/posts/{city.willow.code}/{Role.COMMITTEE_HEAD}/1")
    page.fill(".holder-form [name=words]", "柳小川")
    page.click(".holder-form .button")
    page.check(f"[name=person][value='{first.pk}']")
    page.click(".holder-form .button")
    page.wait_for_url(f"**/posts/{city.willow.code}")
    assert Term.objects.filter(person=first).count() == 1


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_slip_is_usable_and_goes_on_paper_alone(
    size: tuple[int, int], city: Cast, open_page: Callable[..., Page]
) -> None:
    page = open_page(city.administrator, size)
    page.goto(f"/posts/{city.willow.code}/{Role.COMMITTEE_HEAD}/1/new-person")
    page.fill("[name=name]", "柳小川")
    page.fill("[name=phone]", "13900000001")
    page.click(".holder-form .button")
    expect(page.locator(".slip-password")).to_be_visible()
    assert Axe().run(page, options=RULES)["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    password = page.inner_text(".slip-password")
    page.emulate_media(media="print")
    for gone in (".rail", ".message", ".page-actions", ".foot"):
        expect(page.locator(gone).first).to_be_hidden()
    assert page.locator(".slip").is_visible()
    assert Person.objects.get(phone="13900000001").check_password(password)
