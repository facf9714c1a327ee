"""The pages of the checklist and of what is found per visit."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casework.models import CatalogueItem, Person
from oversight.models import Checklist, ChecklistItem
from tests.cast import Cast
from tests.oversight.visiting import done_visit, planned_visit
from tests.walk import TODAY, photo
from tests.web.test_queries import queries_of

SignedIn = Callable[[Person], Client]


def words(**changed: Any) -> dict[str, Any]:
    late = CatalogueItem.objects.get(code="openness-late").pk
    said = {"seen": "0", "reason": "增加样图", f"on-{late}": "on", f"standard-{late}": "看最近一期的日期"}
    return {**said, f"picture-{late}": photo(5, name="样图.jpg"), **changed}


def test_the_citys_office_publishes_with_a_picture_that_inspectors_see(cast: Cast, signed_in: SignedIn) -> None:
    office = signed_in(cast.city_supervisor)
    assert "看公开栏上最近一期的日期" in office.get("/checklists").content.decode()
    assert office.post("/checklists/new", words()).status_code == 302
    line = ChecklistItem.objects.get()
    assert line.standard == "看最近一期的日期"
    visit = planned_visit(cast)
    inspector = signed_in(cast.inspector)
    assert f"/checklist-items/{line.pk}/picture" in inspector.get(f"/visits/{visit.pk}").content.decode()
    assert inspector.get(f"/checklist-items/{line.pk}/picture").status_code == 200
    assert signed_in(cast.volunteer).get(f"/checklist-items/{line.pk}/picture").status_code == 404
    # The next version begins with the picture of this one.
    page = office.get("/checklists/new").content.decode()
    token = page.split(f'name="kept-{line.item_id}" value="')[1].split('"')[0]
    without_upload = {f"picture-{line.item_id}": "", f"kept-{line.item_id}": token, "seen": "1"}
    assert office.post("/checklists/new", words(**without_upload)).status_code == 302
    assert ChecklistItem.objects.latest("pk").picture == line.picture
    assert office.get("/checklists/1").status_code == 200 and office.get("/checklists/9").status_code == 404


@pytest.mark.parametrize(
    "odd",
    [
        {"reason": ""},
        {"reason": "长" * 201},
        {"seen": "x"},
        {"seen": "99999999999999"},
        {"standard": ""},
        {"standard": "长" * 601},
        {"on": ""},
    ],
)
def test_what_is_refused_keeps_words_and_picture(odd: dict[str, str], cast: Cast, signed_in: SignedIn) -> None:
    late = CatalogueItem.objects.get(code="openness-late").pk
    said = words(**{f"{name}-{late}" if name in ("standard", "on") else name: value for name, value in odd.items()})
    sent = signed_in(cast.city_supervisor).post("/checklists/new", said)
    page = sent.content.decode()
    assert sent.status_code == 422 and ("errorlist" in page or 'class="alert"' in page)
    assert f'name="kept-{late}"' in page
    assert "增加样图" in page or "reason" in odd
    assert not Checklist.objects.exists()


def test_what_is_no_picture_is_named(cast: Cast, signed_in: SignedIn) -> None:
    late = CatalogueItem.objects.get(code="openness-late").pk
    broken = {f"picture-{late}": SimpleUploadedFile("样图.jpg", b"<html>", "image/jpeg")}
    sent = signed_in(cast.city_supervisor).post("/checklists/new", words(**broken))
    assert sent.status_code == 422 and not Checklist.objects.exists()


def test_a_version_that_came_meanwhile_is_a_conflict(cast: Cast, signed_in: SignedIn) -> None:
    office = signed_in(cast.city_supervisor)
    office.post("/checklists/new", words())
    again = office.post("/checklists/new", words())
    assert again.status_code == 409 and "看最近一期的日期" in again.content.decode()


class TestFoundPerVisit:
    def test_each_figure_opens_its_visits(self, cast: Cast, signed_in: SignedIn) -> None:
        visit = done_visit(cast)
        client = signed_in(cast.county_supervisor)
        page = client.get("/visits/found").content.decode()
        assert "上柳村" in page
        address = f"/visits?show=done&first={TODAY.replace(year=2025)}&last={TODAY}&village={cast.willow.code}"
        assert address.replace("&", "&amp;") in page
        assert f"/visits/{visit.pk}" in client.get(address).content.decode()
        assert f"/visits/{visit.pk}" not in client.get(address + "&wrong=1").content.decode()
        assert f"/visits/{visit.pk}" not in client.get(address + "&item=openness-late").content.decode()

    @pytest.mark.parametrize("odd", ["period=x", "kind=party", "county=0", "kind=petition"])
    def test_odd_choices_are_the_usual_ones(self, odd: str, cast: Cast, signed_in: SignedIn) -> None:
        done_visit(cast)
        assert signed_in(cast.city_supervisor).get(f"/visits/found?{odd}").status_code == 200

    def test_takes_as_many_queries_for_many_visits(self, cast: Cast, signed_in: SignedIn) -> None:
        done_visit(cast)
        client = signed_in(cast.county_supervisor)
        few = len(queries_of(client, "/visits/found"))
        for village in (cast.elm, cast.poplar):
            done_visit(cast, village=village)
        assert len(queries_of(client, "/visits/found")) == few
