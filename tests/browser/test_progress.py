"""How far a long job is, over a line that breaks: asked again until it answers, and then the page as it is."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from casework.models import LedgerExport
from casework.models.job import JobState
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
EVERY = 3000  # milliseconds after which a broken line is tried again


@pytest.fixture
def export(city: Cast) -> LedgerExport:
    at = timezone.now()
    return LedgerExport.objects.create(by=city.county_supervisor, at=at, heartbeat_at=at, state=JobState.RUNNING)


def test_it_asks_again_when_the_line_was_broken_and_shows_the_end(
    city: Cast, export: LedgerExport, open_page: OpenPage
) -> None:
    page = open_page(city.county_supervisor)
    page.clock.install()
    asked: list[str] = []

    def broken(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 2:
            route.fulfill(status=502, content_type="text/html", body="<h1>502</h1>")
        elif len(asked) == 3:  # an answer that ends in the middle
            route.fulfill(content_type="application/json", body='{"done": fal')
        else:
            route.abort("connectionreset")

    page.route("**/progress", broken)
    page.goto(f"/ledgers/{export.pk}")
    words = page.locator("[data-progress] [data-words]")
    before = words.inner_text()
    page.clock.run_for(600)
    for n in range(1, 5):
        for _ in range(50):
            if len(asked) >= n:
                break
            page.wait_for_timeout(50)
        assert len(asked) == n
        page.wait_for_timeout(100)  # until its script has heard of it
        page.clock.run_for(EVERY - 500)
        assert len(asked) == n  # not at once, over and over
        assert words.inner_text() == before
        if n == 4:
            page.unroute("**/progress")
            LedgerExport.objects.update(rows_written=120)
        page.clock.run_for(600)
    expect(words).to_contain_text("120")
    LedgerExport.objects.update(state=JobState.FAILED, finished_at=timezone.now())
    page.clock.run_for(800)
    expect(page.locator("[data-progress]")).to_have_count(0)
    assert page.url.endswith(f"/ledgers/{export.pk}")


def test_whoever_is_signed_out_meanwhile_is_led_to_the_sign_in_and_back(
    city: Cast, export: LedgerExport, open_page: OpenPage
) -> None:
    page = open_page(city.county_supervisor)
    page.goto(f"/ledgers/{export.pk}")
    expect(page.locator("[data-progress]")).to_have_count(1)
    page.context.clear_cookies()
    page.wait_for_url(f"**/sign-in?next=*ledgers*{export.pk}")
