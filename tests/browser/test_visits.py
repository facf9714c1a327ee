"""A visit in a browser: how many taps a finding takes, the signature when the phone is turned, and all of it without
scripts.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from casework.models import Case, Evidence
from casework.working_time.deadlines import local_day
from oversight.models import FoundCase, HeadSignature, ItemAnswer, VillageVisit
from oversight.visits.making import answer_items, arrive
from oversight.visits.queries import lines_of
from tests.browser.conftest import PHONE
from tests.browser.phone import until
from tests.cast import Cast
from tests.oversight.visiting import planned_visit
from tests.walk import photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
INK = """() => { const pad = document.querySelector("canvas");
  return pad.getContext("2d").getImageData(0, 0, pad.width, pad.height).data.some((value) => value > 0); }"""


def planned(city: Cast) -> VillageVisit:
    now = timezone.now()
    return planned_visit(city, due_by=local_day(now), at=now)


def all_answered(city: Cast) -> VillageVisit:
    visit, now = planned(city), timezone.now()
    arrive(visit=visit, by=city.inspector, at=now)
    answers = {line.pk: "in_order" for line in lines_of(visit)}
    return answer_items(visit=visit, answers=answers, by=city.inspector, at=now)


class Taps:
    """Counts them; typing is none, choosing a picture is one."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def on(self, place: str) -> None:
        self.count += 1
        self.page.click(place)

    def choose(self, picture: Path) -> None:
        self.count += 1
        self.page.set_input_files("[name=photos]", str(picture))


def report(taps: Taps, line: int, picture: Path, words: str) -> None:
    taps.on(f"[name=finding][value='{line}']")
    taps.choose(picture)
    taps.on("[name=description]")
    taps.page.keyboard.type(words)
    taps.on(".act .button")
    taps.page.wait_for_url("**/visits/*")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_finding_with_its_photo_takes_five_taps_from_home_and_the_next_one_four(
    scripts: bool, city: Cast, open_page: OpenPage, tmp_path: Path
) -> None:
    visit = planned(city)
    line = lines_of(visit)[6].pk
    pictures = [tmp_path / f"{number}.jpg" for number in range(2)]
    for number, picture in enumerate(pictures):
        picture.write_bytes(photo(number * 77, size=(320, 240)).read())
    first = Taps(open_page(city.inspector, PHONE, scripts=scripts))
    first.on(f"form[action='/visits/{visit.pk}/arrival'] button")
    report(first, line, pictures[0], "公开栏第三季度财务未更新。")
    second = Taps(first.page)
    report(second, line, pictures[1], "公开栏遮雨棚破损，字迹看不清。")
    assert (first.count, second.count) == (5, 4)
    assert set(FoundCase.objects.values_list("answer__line", flat=True)) == {line}
    assert Case.objects.count() == Evidence.objects.count() == FoundCase.objects.count() == 2
    if scripts:  # one stands at the item again, and not at the top of the list
        assert first.page.locator(f"#line-{line}").bounding_box()["y"] < PHONE[1]  # type: ignore[index]


def test_the_signature_is_drawn_again_when_the_phone_is_turned(city: Cast, open_page: OpenPage) -> None:
    visit = all_answered(city)
    page = open_page(city.inspector, PHONE)
    page.goto(f"/visits/{visit.pk}/end")
    pad = page.locator("canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 120, steps=8)
    page.mouse.up()
    strokes = page.input_value("[name=strokes]")
    page.set_viewport_size({"width": PHONE[1], "height": PHONE[0]})
    until(page, f"document.querySelector('canvas').getBoundingClientRect().width !== {box['width']}")
    until(page, INK)
    assert page.input_value("[name=strokes]") == strokes != ""
    page.click("[data-clear]")
    assert page.input_value("[name=strokes]") == "" and not page.evaluate(INK)
    page.click("[name=is_ticked]")
    page.click(".signing .button")
    page.wait_for_url(f"**/visits/{visit.pk}")
    assert HeadSignature.objects.get().strokes == []


def test_without_scripts_it_is_signed_by_name_and_tick(city: Cast, open_page: OpenPage) -> None:
    visit = all_answered(city)
    page = open_page(city.inspector, PHONE, scripts=False)
    page.goto(f"/visits/{visit.pk}/end")
    assert not page.locator("canvas").is_visible()
    page.click("[name=is_ticked]")
    page.click(".signing .button")
    assert HeadSignature.objects.get().name == "willow_head"
    assert not ItemAnswer.objects.filter(frozen_at=None).exists()
