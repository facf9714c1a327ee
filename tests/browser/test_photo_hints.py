"""Hints on chosen photos: dark, blurred, the same again. They never refuse anything."""

import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import Page, expect

from casework.lifecycle.evidence import add_evidence
from casework.models import Evidence
from casework.models.evidence import EvidenceKind
from casework.queries import measures_to_report
from casework.stages import Stage
from flows import steps
from tests.browser.conftest import PHONE
from tests.cast import Cast
from tests.walk import case_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]


def wall(seed: int) -> Image.Image:
    """A sharp picture with many edges."""
    dice = random.Random(seed)
    picture = Image.new("RGB", (800, 600), (200, 200, 190))
    pen = ImageDraw.Draw(picture)
    for _each in range(60):
        x, y = dice.randrange(760), dice.randrange(560)
        pen.rectangle((x, y, x + dice.randrange(20, 120), y + dice.randrange(10, 60)), fill=(dice.randrange(256),) * 3)
    return picture


def test_dark_blurred_and_the_same_again_are_said_and_all_of_them_are_taken(
    city: Cast, open_page: OpenPage, tmp_path: Path
) -> None:
    case = case_at(Stage.RECTIFICATION, city)
    pictures = {
        "good.jpg": wall(1),
        "dark.jpg": wall(2).point(lambda value: value // 9),
        "soft.jpg": wall(3).filter(ImageFilter.GaussianBlur(30)),
        "again.jpg": wall(1).resize((640, 480)),
    }
    for name, picture in pictures.items():
        picture.save(tmp_path / name, quality=90)
    page = open_page(city.willow_head, PHONE)
    page.goto(f"/cases/{case.number}/rectification")
    place = f"[name=reports-{measures_to_report(case)[0].pk}-evidence]"
    said = page.locator(".photo-hints li")
    page.set_input_files(place, [str(tmp_path / name) for name in pictures])
    expect(said).to_have_count(3)
    assert [words.split("：")[0] for words in said.all_inner_texts()] == ["dark.jpg", "soft.jpg", "again.jpg"]
    expect(page.locator(".draft-file")).to_have_count(4, timeout=60_000)
    assert Evidence.objects.filter(case=case).count() == 4


def test_the_photo_from_before_is_known_again(city: Cast, open_page: OpenPage, tmp_path: Path) -> None:
    case = case_at(Stage.RECTIFICATION, city)
    before = io.BytesIO()
    wall(9).save(before, "JPEG", quality=92)
    steps.take(
        add_evidence,
        case=case,
        upload=SimpleUploadedFile("before.jpg", before.getvalue(), "image/jpeg"),
        kind=EvidenceKind.BEFORE,
        by=city.county_supervisor,
        at=timezone.now(),
    )
    wall(9).resize((640, 480)).save(tmp_path / "same.jpg", quality=90)
    wall(4).save(tmp_path / "mended.jpg", quality=90)
    page = open_page(city.willow_head, PHONE)
    page.goto(f"/cases/{case.number}/rectification")
    place = f"[name=reports-{measures_to_report(case)[0].pk}-evidence]"
    page.set_input_files(place, [str(tmp_path / name) for name in ("same.jpg", "mended.jpg")])
    expect(page.locator(".draft-file")).to_have_count(2, timeout=60_000)
    said = page.locator(".photo-hints li")
    expect(said).to_have_count(1)
    assert said.inner_text().startswith("same.jpg：")
