"""A visit made on the phone page without a network: each item one tap, a finding from it, the signature, done, sent once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from casework.lifecycle.evidence import add_evidence
from casework.models import Case, Evidence, Person
from casework.models.evidence import EvidenceKind
from casework.working_time.deadlines import local_day
from flows import steps
from oversight.models import FoundCase, HeadSignature, VillageVisit
from oversight.visits.queries import lines_of
from tests.browser.phone import big_picture, hashes
from tests.browser.test_phone_page import flaws_here
from tests.cast import Cast
from tests.oversight.visiting import planned_visit
from tests.walk import photo, reported

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def visit(city: Cast) -> VillageVisit:
    now = timezone.now()
    return planned_visit(city, due_by=local_day(now), at=now)


def answer_all(page: Page, visit: VillageVisit, answer: str = "in_order") -> None:
    for n in range(len(lines_of(visit))):
        page.click(f"#visit li >> nth={n} >> button[value={answer}]")


def sign(page: Page) -> None:
    pad = page.locator("#visit canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 120, steps=8)
    page.mouse.up()


def test_a_visit_is_made_without_a_line_and_sent_once(
    city: Cast, visit: VillageVisit, open_phone: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_phone(city.inspector)
    page.context.set_offline(True)
    page.click("#visits button")
    answer_all(page, visit)
    line = lines_of(visit)[2]
    page.click("#visit li >> nth=2 >> button[value=finding]")
    expect(page.locator("#visit")).to_be_hidden()
    assert page.input_value("[data-village-name]") == visit.village.name
    photo = big_picture(tmp_path, 1)
    page.set_input_files("#choose", str(photo))
    expect(page.locator("#photos li")).to_have_count(1)
    page.fill("[data-value=description]", "公开栏空着。")
    page.click("#entering .act .button")
    expect(page.locator("#visit")).to_be_visible()  # back at the checklist
    page.fill("#signer", "柳大山")
    sign(page)
    page.click("#visit-end button:not([type=button])")
    expect(page.locator("#queue li[data-state=waits]")).to_have_count(2)
    expect(page.locator("#visits")).to_be_hidden()
    page.context.set_offline(False)
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(2, timeout=30_000)
    visit.refresh_from_db()
    assert (visit.state, visit.wrong, visit.found) == ("done", 1, 1)
    assert FoundCase.objects.get().answer.line == line
    assert (Case.objects.count(), Evidence.objects.get().sha256) == (1, hashes([photo])[0])
    signature = HeadSignature.objects.get()
    assert (signature.outcome, signature.name) == ("signed", "柳大山") and signature.strokes


def test_a_finding_that_was_sent_and_wiped_still_stands_with_its_visit(
    city: Cast, visit: VillageVisit, open_phone: Callable[..., Page]
) -> None:
    page = open_phone(city.inspector)
    page.click("#visits button")
    answer_all(page, visit)
    page.click("#visit li >> nth=0 >> button[value=finding]")
    expect(page.locator("#visit")).to_be_hidden()
    page.fill("[data-value=description]", "公开栏空着。")
    page.click("#entering .act .button")
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(1, timeout=20_000)
    page.click("#wipe")
    expect(page.locator("#queue li")).to_have_count(0)
    page.fill("#signer", "柳大山")
    page.click("#visit-end [name=is_ticked]")
    page.click("#visit-end button:not([type=button])")
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(1, timeout=20_000)
    visit.refresh_from_db()
    assert (visit.state, visit.found) == ("done", 1)


def test_what_was_tapped_is_kept_and_a_refusal_is_recorded(
    city: Cast, visit: VillageVisit, open_phone: Callable[..., Page]
) -> None:
    page = open_phone(city.inspector)
    page.wait_for_selector("body[data-worker='1']")
    page.context.set_offline(True)
    page.click("#visits button")
    answer_all(page, visit, "not_applicable")
    page.reload()  # an old phone ended the page
    page.wait_for_selector("body[data-ready]")
    page.click("#visits button")
    expect(page.locator("#visit [aria-pressed=true]")).to_have_count(len(lines_of(visit)))
    page.select_option("#outcome", "refused")
    page.click("#visit-end button:not([type=button])")
    expect(page.locator("#visit-said.error")).to_be_visible()
    page.fill("#reason", "不认可。")
    page.click("#visit-end button:not([type=button])")
    page.context.set_offline(False)
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(1, timeout=30_000)
    assert HeadSignature.objects.get().reason == "不认可。"


def test_last_photos_that_arrive_while_the_checklist_is_open_are_shown(
    city: Cast, visit: VillageVisit, open_phone: Callable[..., Page]
) -> None:
    case = reported(city)
    steps.take(add_evidence, case=case, upload=photo(3), kind=EvidenceKind.BEFORE, by=city.inspector, at=timezone.now())
    page = open_phone(city.inspector)
    page.wait_for_selector("body[data-worker='1']")
    page.context.set_offline(True)
    page.evaluate("""new Promise((done) => {
        const asked = indexedDB.open("phone");
        asked.onsuccess = () => {
          const area = asked.result.transaction("areas", "readwrite").objectStore("areas");
          area.openCursor().onsuccess = ({ target }) => {
            const row = target.result.value;
            for (const one of row.visits) for (const photo of one.photos) photo.bytes = null;
            target.result.update(row).onsuccess = () => { asked.result.close(); done(); };
          };
        };
    })""")
    page.reload()
    page.wait_for_selector("body[data-ready]")
    page.click("#visits button")
    expect(page.locator("#visit")).to_be_visible()
    expect(page.locator("#visit-photos")).to_be_hidden()
    page.context.set_offline(False)
    expect(page.locator("#visit-photos li")).to_have_count(1, timeout=20_000)
    expect(page.locator("#visit-photos")).to_be_visible()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_checklist_is_usable_by_everybody_in_both_languages(
    language: str, city: Cast, visit: VillageVisit, open_phone: Callable[..., Page]
) -> None:
    Person.objects.update(language=language)
    page = open_phone(city.inspector)
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.click("#visits button")
    expect(page.locator("#visit")).to_be_visible()
    assert flaws_here(page) == []
