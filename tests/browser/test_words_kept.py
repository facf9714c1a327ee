"""What a person has given to a form is not lost: words, choices and photos (promise 52)."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from casework.models import Case, Evidence, TakenBack
from casework.stages import Stage
from tests.browser.conftest import PHONE
from tests.cast import Cast
from tests.walk import case_at, photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
LONG = "村委会西侧明白墙没有雨棚，第三季度的财务公开已被雨水冲刷，看不清字。" * 18
WORDS = "[name=description]"
ASKED_BESIDE = re.compile(r"/(search/results|units)\?|/cases/new/hints$")


@pytest.fixture
def pictures(tmp_path: Path) -> list[str]:
    paths = []
    for number in range(3):
        path = tmp_path / f"现场{number}.jpg"
        path.write_bytes(photo(number * 77, size=(320, 240)).read())
        paths.append(str(path))
    return paths


def end_session(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")


def sign_in(page: Page, name: str) -> None:
    page.fill("[name=username]", name)
    page.fill("[name=password]", "correct horse")
    page.click(".act .button")


def write_report(page: Page) -> None:
    page.goto("/cases/new")
    page.fill("[name=village]", "上柳村")
    page.fill(WORDS, LONG)


def stored(context: BrowserContext, page: Page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draft:'))")


class TestWords:
    def test_a_form_is_filled_again_after_the_sign_in_had_ended(self, city: Cast, open_page: OpenPage) -> None:
        page = open_page(city.inspector, PHONE)
        write_report(page)
        end_session(page)
        page.click(".act .button")
        sign_in(page, "inspector")
        page.wait_for_url("**/cases/new")
        assert page.input_value(WORDS) == LONG
        expect(page.locator("[data-draft]")).to_be_visible()
        page.click(".act .button")
        page.wait_for_selector(".case-number")
        assert Case.objects.get().description == LONG
        assert stored(page.context, page) == []
        page.goto("/cases/new")
        assert page.input_value(WORDS) == ""

    def test_a_closed_tab_loses_nothing_and_a_reload_neither(self, city: Cast, open_page: OpenPage) -> None:
        page = open_page(city.inspector, PHONE)
        write_report(page)
        page.reload()
        assert page.input_value(WORDS) == LONG
        other = page.context.new_page()
        page.close()
        other.goto("/cases/new")
        assert other.input_value(WORDS) == LONG
        other.click("[data-discard]")
        assert other.input_value(WORDS) == ""

    def test_a_line_that_breaks_loses_nothing(self, city: Cast, open_page: OpenPage) -> None:
        page = open_page(city.inspector, PHONE)
        write_report(page)
        page.context.set_offline(True)
        page.click(".act .button")
        page.wait_for_timeout(300)
        page.context.set_offline(False)
        page.goto("/cases/new")
        assert page.input_value(WORDS) == LONG

    def test_what_a_page_asks_beside_it_may_meet_no_line(self, city: Cast, open_page: OpenPage) -> None:
        """No error of the page (`open_page` fails on one), and what is typed next is answered again."""
        page = open_page(city.inspector)
        page.goto("/cases/new")
        broken: list[str] = []

        def break_off(route: Route) -> None:
            broken.append(route.request.url.split("?")[0].rsplit("/", 1)[-1])
            route.abort("connectionreset")

        page.route(ASKED_BESIDE, break_off)
        page.fill("#quick-search", "合同")
        page.fill("[name=village]", "上柳")
        page.evaluate("code => document.querySelector('[name=village_code]').value = code", city.willow.code)
        page.fill(WORDS, "村委会西侧明白墙没有雨棚。")
        for _ in range(50):
            if len(broken) >= 3:
                break
            page.wait_for_timeout(100)
        assert set(broken) == {"results", "units", "hints"}
        page.unroute(ASKED_BESIDE)
        with page.expect_response(ASKED_BESIDE):
            page.dispatch_event(WORDS, "change")  # the same words once more
        page.fill("[name=village]", "上柳村")
        expect(page.locator(".picker-list [role=option]")).not_to_have_count(0)

    def test_nobody_else_sees_them_and_the_sign_out_wipes_them(self, city: Cast, open_page: OpenPage) -> None:
        page = open_page(city.inspector)
        write_report(page)
        end_session(page)
        page.goto("/cases/new")
        sign_in(page, "county_supervisor")
        page.wait_for_url("**/cases/new")
        assert page.input_value(WORDS) == ""
        end_session(page)
        page.goto("/cases/new")
        sign_in(page, "inspector")
        page.wait_for_url("**/cases/new")
        assert page.input_value(WORDS) == LONG
        page.click("form[data-sign-out] button >> visible=true")
        page.wait_for_selector("[name=password]")
        assert stored(page.context, page) == []

    def test_decisions_survive_a_reload(self, city: Cast, open_page: OpenPage) -> None:
        case = case_at(Stage.FIRST_REVIEW, city)
        page = open_page(city.town_reviewer)
        page.goto(f"/cases/{case.number}/first-review")
        page.check("input[value=pass] >> nth=0")
        page.check("input[value=return] >> nth=1")
        page.check("[name=on_site]")
        page.fill("[name=words_of_reviewer]", "现场看过")
        page.reload()
        assert page.is_checked("input[value=pass] >> nth=0")
        assert page.is_checked("input[value=return] >> nth=1")
        assert page.is_checked("[name=on_site]")
        assert page.input_value("[name=words_of_reviewer]") == "现场看过"

    def test_one_more_measure_neither_reloads_nor_is_lost(self, city: Cast, open_page: OpenPage) -> None:
        case = case_at(Stage.PLANNING, city)
        page = open_page(city.willow_head, PHONE)
        page.goto(f"/cases/{case.number}/plan")
        page.fill("[name='measures-1-who']", "李小琴")
        page.click("[data-more]")
        page.fill("[name='measures-2-what']", "给明白墙加锁")
        assert page.input_value("[name='measures-1-who']") == "李小琴"
        assert page.input_value("[name='measures-2-who']") == ""
        page.reload()
        assert page.input_value("[name='measures-2-what']") == "给明白墙加锁"

    def test_skipping_to_the_content_keeps_the_page(self, city: Cast, open_page: OpenPage, pictures: list[str]) -> None:
        page = open_page(city.inspector)
        page.goto("/cases/new")
        page.set_input_files("[name=photos]", pictures[0])
        page.focus(".skip")
        page.keyboard.press("Enter")
        page.wait_for_timeout(300)
        assert page.locator(".chosen li").count() == 1


class TestPhotos:
    def test_a_second_photo_adds_up_and_one_can_be_removed(
        self, city: Cast, open_page: OpenPage, pictures: list[str]
    ) -> None:
        page = open_page(city.inspector, PHONE)
        write_report(page)
        for picture in pictures:
            page.set_input_files("[name=photos]", picture)
        expect(page.locator(".chosen img")).to_have_count(3)
        page.click(".chosen li >> nth=1 >> .away")
        expect(page.locator(".chosen li")).to_have_count(2)
        page.click(".act .button")
        page.wait_for_selector(".case-number")
        assert sorted(one.name for one in Case.objects.get().evidence.all()) == ["现场0.jpg", "现场2.jpg"]

    def test_photos_outlast_an_ended_sign_in_and_a_refused_form(
        self, city: Cast, open_page: OpenPage, pictures: list[str]
    ) -> None:
        page = open_page(city.inspector, PHONE)
        page.goto("/cases/new")
        page.fill(WORDS, LONG)
        page.set_input_files("[name=photos]", pictures[0])
        end_session(page)
        page.click(".act .button")
        expect(page.locator(".upload.failed a")).to_be_visible()
        with page.context.expect_page() as opened:
            page.click(".upload.failed a")
        sign_in(opened.value, "inspector")
        opened.value.wait_for_selector(".sentence")
        page.click(".act .button")  # the village is still missing: refused, and all is still there
        page.wait_for_selector("[data-focus]")
        expect(page.locator(".chosen img")).to_have_count(1)
        page.fill("[name=village]", "上柳村")
        page.click(".act .button")
        page.wait_for_selector(".case-number")
        assert Case.objects.get().evidence.count() == 1

    def test_a_wrong_photo_is_taken_back_until_the_step_is_submitted(
        self, city: Cast, open_page: OpenPage, pictures: list[str]
    ) -> None:
        case = case_at(Stage.RECTIFICATION, city)
        page = open_page(city.willow_head, PHONE)
        page.goto(f"/cases/{case.number}/rectification")
        words = page.locator("textarea[name$='-words']").first
        words.fill("雨棚已装好")
        page.set_input_files("input[name$='-evidence'] >> nth=0", pictures[0])
        expect(page.locator(".draft-file")).to_have_count(1)
        words.press_sequentially("，")
        page.click("[data-step-next]")
        page.click(".draft-file .away")
        expect(page.locator(".draft-file")).to_have_count(0)
        assert words.input_value() == "雨棚已装好，"
        assert TakenBack.objects.get().evidence_id == Evidence.everything.get(case=case, kind="after").pk
        assert not case.evidence.filter(kind="after").exists()

    def test_a_sheet_chosen_before_its_names_is_kept(
        self, city: Cast, open_page: OpenPage, pictures: list[str]
    ) -> None:
        case = case_at(Stage.RECTIFICATION, city)
        page = open_page(city.willow_head, PHONE)
        page.goto(f"/cases/{case.number}/rectification")
        page.set_input_files("[name=signed_sheet]", pictures[1])
        expect(page.locator("[data-part=sheet] .draft-file")).to_have_count(1)
        page.set_input_files("input[name$='-evidence'] >> nth=0", pictures[0])
        expect(page.locator(".draft-file")).to_have_count(2)
        page.click("[data-step-next]")
        page.click("[data-step-next]")
        page.check("[name=signers] >> nth=0")
        page.click(".act button[name=keep]")
        page.wait_for_selector("text=签名：")
        assert case.evidence.get(kind="signed_sheet").signed_by == ["willow_head"]
