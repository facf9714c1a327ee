"""The public page as a villager's old phone sees it: without scripts, without cookies, and little to load."""

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from casework.stages import Stage
from oversight.public_page.records import VillagerStatement
from tests.browser.conftest import PHONE
from tests.cast import Cast
from tests.oversight.public_page import released, switched
from tests.walk import case_at, closed

pytestmark = pytest.mark.browser
MOST = 150 * 1024


def test_a_villager_says_without_scripts_that_it_is_not_put_right(
    city: Cast, live_server: LiveServer, browser: Browser
) -> None:
    switched(city)
    case = closed(city, case_at(Stage.STRIKE_OFF, city))
    released(city, case)
    released(city, case_at(Stage.RECTIFICATION, city))
    width, height = PHONE
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": width, "height": height}, locale="zh-CN"
    )
    page, loaded = context.new_page(), list[int]()
    page.on("response", lambda answer: loaded.append(len(answer.body()) if answer.status == 200 else 0))
    page.goto(f"{live_server.url}/public/{city.willow.code}")
    assert sum(loaded) < MOST, loaded
    assert page.locator("article").count() == 2
    # One of the two is still being put right: nobody has said yet that it is done.
    page.locator("article a.say").click()
    assert page.locator("input[name=code]").input_value() == case.number
    page.locator("textarea[name=words]").fill("雨棚又塌了")
    page.locator("main button").click()
    page.wait_for_url("**/thanks")
    assert VillagerStatement.objects.get().words == "雨棚又塌了"
    assert context.cookies() == []
    context.close()
