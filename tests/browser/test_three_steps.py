"""A committee of sixty with an old phone: the notice's QR code, a code of six digits, and the report in three steps."""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from casework.lifecycle.evidence import add_evidence
from casework.models import Evidence, MeasureReport, Person
from casework.models.evidence import EvidenceKind
from casework.offices.sign_in_codes import digits_of, give_code
from casework.offices.sign_in_links import handle_of, make_paper_link
from casework.queries import measures_to_report
from casework.stages import Stage
from casework.values.short_codes import code_of
from flows import steps
from tests.browser.conftest import CHROMIUM, PHONE
from tests.browser.test_accessibility import RULES
from tests.browser.test_photo_hints import wall
from tests.cast import Cast
from tests.walk import case_at, photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NUMBER = "13900000012"


def entry(city: Cast, case: Any) -> tuple[str, str]:
    """Where the notice's QR code leads, and the code that the town gives."""
    at = timezone.now()
    link = make_paper_link(village=city.willow, by=city.town_reviewer, at=at)
    Person.objects.filter(pk=city.willow_head.pk).update(phone=NUMBER)
    given = give_code(person=city.willow_head, village=city.willow, by=city.town_reviewer, at=at)
    return f"/in/{handle_of(link)}/{code_of(case.pk)}", digits_of(given)


def get_in(page: Page, address: str, digits: str) -> None:
    page.goto(address)
    type_in(page, digits)


def type_in(page: Page, digits: str) -> None:
    page.fill("[name=number]", NUMBER)
    page.fill("[name=digits]", digits)
    page.click(".act .button")
    page.wait_for_selector(".case-number")


def is_usable(page: Page) -> None:
    found = Axe().run(page, options=RULES)["violations"]
    assert [(flaw["id"], flaw["nodes"][0]["html"][:120]) for flaw in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


@pytest.fixture
def camera(live_server: LiveServer, browser: Browser, tmp_path: Path) -> Iterator[Callable[[], Page]]:
    """A phone whose camera shows a moving test picture, with nothing stored."""
    contexts = []

    def started() -> Page:
        context = browser.browser_type.launch_persistent_context(
            tmp_path / "camera",
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
            ],
            viewport={"width": PHONE[0], "height": PHONE[1]},
            base_url=live_server.url,
            locale="zh-CN",
        )
        contexts.append(context)
        return context.new_page()

    yield started
    for context in contexts:
        context.close()


def test_from_the_paper_to_the_submitted_report(city: Cast, camera: Callable[[], Page], tmp_path: Path) -> None:
    case = case_at(Stage.RECTIFICATION, city)
    steps.take(
        add_evidence, case=case, upload=photo(7), kind=EvidenceKind.BEFORE, by=city.county_supervisor, at=timezone.now()
    )
    sheet = tmp_path / "sheet.jpg"
    wall(5).save(sheet, quality=90)
    page = camera()
    get_in(page, *entry(city, case))
    assert case.number in page.inner_text(".case-number")
    page.goto(f"/cases/{case.number}/rectification")
    shown = page.locator("[data-step]:visible")
    expect(shown).to_have_count(1)
    is_usable(page)
    for words in page.locator("textarea[name$='-words']").all():
        words.fill("雨棚已装好")
    page.click("[data-step-next]")
    expect(page.locator("#photos-after")).to_be_visible()
    is_usable(page)
    for n, measure in enumerate(measures_to_report(case), 1):
        page.click(f"[data-ghost][data-into=reports-{measure.pk}-evidence]")
        ghost = page.locator("#ghost")
        expect(ghost).to_be_visible()
        assert 0 < float(ghost.evaluate("(one) => getComputedStyle(one).opacity")) < 1
        assert ghost.evaluate("(one) => one.complete && one.naturalWidth > 0")
        page.fill("#ghost-strength", "60")
        assert ghost.evaluate("(one) => one.style.opacity") == "0.6"
        page.click("#shutter")
        expect(page.locator("#photos-after .draft-file")).to_have_count(n, timeout=60_000)
    page.click("[data-step-next]")
    is_usable(page)
    page.set_input_files("[name=signed_sheet]", str(sheet))
    expect(page.locator("#who-signed .draft-file")).to_have_count(1, timeout=60_000)
    page.check("[name=signers] >> nth=0")
    page.click(".act .primary")
    page.wait_for_selector(".message.saved")
    case.refresh_from_db()
    assert case.stage == Stage.FIRST_REVIEW
    assert {one.words for one in MeasureReport.objects.filter(submission__case=case)} == {"雨棚已装好"}
    assert Evidence.objects.get(case=case, kind=EvidenceKind.SIGNED_SHEET).signed_by == ["willow_head"]


def test_a_step_loses_no_words_and_a_wrong_one_is_shown(city: Cast, open_page: Callable[..., Page]) -> None:
    case = case_at(Stage.RECTIFICATION, city)
    page = open_page(city.willow_head, PHONE)
    page.goto(f"/cases/{case.number}/rectification")
    first = page.locator("textarea[name$='-words']").first
    first.fill("雨棚已装好")
    page.click("[data-to-step='2']")
    page.fill("[name=signed_by]", "王二")
    page.reload()
    expect(page.locator("#who-signed")).to_be_visible()
    assert page.input_value("[name=signed_by]") == "王二"
    page.click("[data-step-back]")
    page.click("[data-step-back]")
    assert first.input_value() == "雨棚已装好"
    page.click("[data-to-step='2']")
    page.click(".act .primary")
    wrong = page.locator("[data-step]:visible .wrong")
    expect(wrong.first).to_be_visible()
    assert first.input_value() == "雨棚已装好"
    assert page.input_value("[name=signed_by]") == "王二"


def test_without_scripts_it_is_one_long_form(city: Cast, open_page: Callable[..., Page]) -> None:
    case = case_at(Stage.RECTIFICATION, city)
    page = open_page(city.willow_head, PHONE, scripts=False)
    page.goto(f"/cases/{case.number}/rectification")
    expect(page.locator("[data-step]:visible")).to_have_count(3)
    expect(page.locator(".act .primary")).to_be_visible()
    expect(page.locator("[data-ghost]:visible, [data-step-next]:visible, .step-bar:visible")).to_have_count(0)


def test_the_first_visit_weighs_less_than_150_kb(city: Cast, camera: Callable[[], Page]) -> None:
    """From the paper's QR code to the report: all that comes over the wire with nothing kept, compressed, but photos."""
    case = case_at(Stage.RECTIFICATION, city)
    weights: dict[str, int] = {}
    seen: list[Request] = []

    def whole() -> int:
        """So far; asked before the page is left, while the bodies are still there."""
        page.wait_for_load_state("networkidle")
        for request in seen:
            answer = request.response()
            if answer is None or "/evidence/" in request.url:
                continue
            # The tests' server sends plain bytes; a web server sends scripts, styles and pages compressed.
            body = gzip.compress(answer.body(), 6) if answer.status == 200 else b""
            weights[request.url] = weights.get(request.url, 0) + len(body) + len(str(answer.all_headers()))
        seen.clear()
        return sum(weights.values())

    page = camera()
    page.on("requestfinished", lambda request: seen.append(request))
    address, digits = entry(city, case)
    page.goto(address)
    door = whole()
    type_in(page, digits)
    at_case = whole()
    page.goto(f"/cases/{case.number}/rectification")
    report = whole()
    print(
        f"\nsign-in {door / 1000:.1f} kB, with the case {at_case / 1000:.1f} kB, with the report {report / 1000:.1f} kB"
    )
    assert 20_000 < door < at_case < report < 150_000
