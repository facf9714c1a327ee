"""The pages of the visits to the field."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from casework.models import Case, Person, Source
from casework.models.unit import UnitLevel
from oversight.mechanisms.visits import Visited, enter_visit
from oversight.models import FieldVisit, VisitFinding, VisitKind
from tests.cast import Cast
from tests.factories import unit
from tests.oversight.desk import Desk, make_desk
from tests.walk import NOW, TODAY, photo
from tests.web.test_queries import EVERY_PAGE, queries_of

SignedIn = Callable[[Person], Client]
SPAN = f"first={TODAY}&last={TODAY}"


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


@pytest.fixture
def visit(cast: Cast, desk: Desk) -> FieldVisit:
    visited = Visited(VisitKind.TOUR, TODAY, [cast.willow, cast.town], "甲、乙", "明白墙更新及时")
    return enter_visit(mechanism=desk.mechanism, unit=cast.county, visited=visited, by=desk.county_reporter, at=NOW)


def words(cast: Cast, **changed: Any) -> dict[str, Any]:
    return {
        "unit": str(cast.county.pk),
        "kind": "guidance",
        "day": str(TODAY),
        "places": "上柳村、榆林镇榆钱村",
        "people": "分管领导、科室",
        "seen": "台账齐全,公开及时",
        **changed,
    }


def test_who_went_enters_it_and_the_lead_office_sees_who_did_not(cast: Cast, desk: Desk, signed_in: SignedIn) -> None:
    client = signed_in(desk.county_reporter)
    sent = client.post("/field-visits/new", words(cast, uploads=[photo(9)]))
    made = FieldVisit.objects.get()
    assert sent["Location"] == f"/field-visits/{made.pk}"
    assert [one.unit for one in made.places.all()] == [cast.willow, cast.elm]
    assert client.get(f"/field-visits/{made.pk}/files/1").status_code == 200
    assert client.get(f"/field-visits/{made.pk}/files/9").status_code == 404
    page = signed_in(desk.officer).get(f"/field-visits?{SPAN}").content.decode()
    assert "台账齐全,公开及时" in page
    idle = page[page.index("message info") : page.index("list-panel")]
    assert "云溪县" in idle and "市农业农村局" in idle and "青禾区" not in idle


@pytest.mark.parametrize(
    "odd",
    [
        {"places": ""},
        {"places": "月亮村"},
        {"places": "上柳村、月亮村"},
        {"places": "二名村"},
        {"day": "2026-03-03"},
        {"day": "x"},
        {"kind": "party"},
        {"people": " "},
        {"seen": ""},
        {"seen": "长" * 4001},
        {"unit": "0"},
        {"unit": "x"},
    ],
)
def test_what_is_refused_loses_neither_words_nor_files(
    odd: dict[str, Any], cast: Cast, desk: Desk, signed_in: SignedIn
) -> None:
    for town in (cast.town, cast.elm.parent):
        unit(UnitLevel.VILLAGE, town, name="二名村")
    given = words(cast, good_practice="评分上墙", **odd)
    sent = signed_in(desk.county_reporter).post("/field-visits/new", {**given, "uploads": [photo(9)]})
    page = sent.content.decode()
    assert sent.status_code == 422 and 'class="alert"' in page
    assert "评分上墙" in page and 'name="kept"' in page
    assert not FieldVisit.objects.exists()
    if odd.get("places") == "二名村":
        assert "榆林镇二名村" in page


def test_a_member_reads_its_own_visits_and_the_lead_office_all(
    cast: Cast, desk: Desk, visit: FieldVisit, signed_in: SignedIn
) -> None:
    address = f"/field-visits/{visit.pk}"
    for person in (desk.county_reporter, cast.county_supervisor, desk.officer, cast.city_supervisor):
        assert signed_in(person).get(address).status_code == 200
    for person in (desk.other_county_reporter, desk.department_reporter):
        assert signed_in(person).get(address).status_code == 404
        assert "明白墙更新及时" not in signed_in(person).get(f"/field-visits?{SPAN}").content.decode()
    for person in (cast.willow_head, cast.town_reviewer, cast.inspector):
        assert signed_in(person).get("/field-visits").status_code == 403


def test_it_is_corrected_and_taken_back(cast: Cast, desk: Desk, visit: FieldVisit, signed_in: SignedIn) -> None:
    client, address = signed_in(desk.county_reporter), f"/field-visits/{visit.pk}"
    assert client.post(address, words(cast)).status_code == 422
    sent = client.post(address, words(cast, reason="写错村"))
    later = FieldVisit.objects.get(replaces=visit)
    assert sent["Location"] == f"/field-visits/{later.pk}"
    assert client.post(address, words(cast, reason="再改")).status_code == 409
    assert client.post(f"/field-visits/{later.pk}/withdrawal", {"reason": " "}).status_code == 422
    assert client.post(f"/field-visits/{later.pk}/withdrawal", {"reason": "未成行"}).status_code == 302
    assert "未成行" in client.get(f"/field-visits/{later.pk}").content.decode()
    assert signed_in(desk.officer).post(f"{address}/withdrawal", {"reason": "x"}).status_code == 403


def test_a_problem_seen_there_becomes_a_case_that_stands_with_the_visit(
    cast: Cast, desk: Desk, visit: FieldVisit, signed_in: SignedIn
) -> None:
    client = signed_in(desk.county_reporter)
    link = f"/cases/new?visit={visit.pk}&amp;village={cast.willow.code}"
    assert link in client.get(f"/field-visits/{visit.pk}").content.decode()
    form = client.get(link.replace("&amp;", "&")).context["form"]
    given = {name: value for name, value in form.initial.items() if value is not None}
    assert given["source"] == Source.OBSERVATION_TOUR
    for _ in range(2):  # a double click
        sent = client.post("/cases/new", {**given, "description": "西墙明白墙仍空置,没有公开内容。"})
        assert sent.status_code == 302
    case = Case.objects.get()
    assert VisitFinding.objects.get().case == case and case.source == Source.OBSERVATION_TOUR
    assert case.number in client.get(f"/field-visits/{visit.pk}").content.decode()


def test_the_list_takes_as_many_queries_for_many_visits(
    cast: Cast, desk: Desk, visit: FieldVisit, signed_in: SignedIn
) -> None:
    client = signed_in(desk.officer)
    few = len(queries_of(client, f"/field-visits?{SPAN}"))
    for number in range(5):
        visited = Visited(VisitKind.GUIDANCE, TODAY, [cast.poplar], "丙", f"所见{number}")
        enter_visit(mechanism=desk.mechanism, unit=cast.county, visited=visited, by=desk.county_reporter, at=NOW)
    assert len(queries_of(client, f"/field-visits?{SPAN}")) == few <= EVERY_PAGE + 13
